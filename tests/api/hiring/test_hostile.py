"""Attacks that were tried; what happened stands in docs/security.md."""

import re
from collections.abc import AsyncIterator, Iterator

import httpx2
import pytest
import pytest_asyncio
import sqlalchemy as sa
from fastapi.routing import APIRoute
from room import PASSWORD, Room, furnished

from api.conduct import Wish
from api.hiring.invites import Invites, NewInvite
from api.hiring.tables import devices
from api.identity.gate import INVITE, SESSION
from api.pages.returning import own_path
from api.store import Conflict
from api.web.guard import MOST_JSON
from knowledge.errors import BadInput

one_loop = pytest.mark.asyncio(loop_scope="module")

ORIGIN = "https://viva.test"
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>"
NAMES = [
    SCRIPT,
    '"><svg/onload=alert(1)>',
    '=HYPERLINK("http://evil.example","Click")',
    "\u202egpj.exe\u202c",
    "Zero\u200bwidth\u200d\ufeff",
    "{{7*7}}${7*7}#{7*7}",
    "Robert'); DROP TABLE invites;--",
]
ANSWER = "Each row has a key of its own, so a second run writes the same row."


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Room]:
    """A room that browsers reach over HTTPS."""
    async with furnished(tmp_path_factory.mktemp("hostile") / "viva", origin=ORIGIN) as room:
        for name, client in room.clients.items():
            if token := client.cookies.get(SESSION):
                client.cookies.clear()
                room.clients[name] = browser(room, f"__Host-{SESSION}", token)
            room.clients[name].headers["accept"] = "text/html"
        yield room


def browser(room: Room, cookie: str = "", value: str = "") -> httpx2.AsyncClient:
    client = room.client(cookie or None, value)
    client.base_url = httpx2.URL(ORIGIN)
    return client


async def begun(room: Room, **wish: str) -> tuple[str, str, str]:
    """An interview of a new screen, its invite, and the invite's token."""
    screen = await room.screen()
    invite, token = await room.invite(screen, **wish)
    id_ = await room.service.start(
        Wish(kit="small", mode="screen", workspace=room.ours, screen=screen, invite=invite)
    )
    await room.settle(id_)
    return id_, invite, token


def routes(room: Room) -> Iterator[tuple[str, str]]:
    stack = list(room.app.routes)
    while stack:
        route = stack.pop()
        if not hasattr(route, "path"):
            stack += route.original_router.routes
        elif isinstance(route, APIRoute):
            yield from ((method, route.path) for method in route.methods)


# ---- Coming in


@one_loop
async def test_a_session_is_never_the_one_that_was_there_before(house: Room) -> None:
    planted = "planted-by-somebody-else"
    async with browser(house, f"__Host-{SESSION}", planted) as victim:
        form = {"email": "recruiter@example.org", "password": PASSWORD}
        entered = await victim.post("/sign-in", data=form)
        assert entered.status_code == 303
        cookie = entered.headers["set-cookie"]
        assert planted not in cookie
        assert {"HttpOnly", "Secure", "Path=/"} <= set(cookie.split("; "))
        assert "samesite=lax" in cookie.casefold()
        assert "domain" not in cookie.casefold()
    async with browser(house, f"__Host-{SESSION}", planted) as attacker:
        assert (await attacker.get("/api/kits")).status_code == 401


@one_loop
async def test_a_cookie_that_another_host_of_the_domain_set_counts_for_nothing(house: Room) -> None:
    token = house.clients["recruiter"].cookies.get(f"__Host-{SESSION}")
    assert token
    async with browser(house, SESSION, token) as tossed:  # the name without its prefix
        assert (await tossed.get("/api/kits")).status_code == 401


@one_loop
async def test_an_invite_opened_twice_is_seen_and_one_sent_anew_replaces_it(house: Room) -> None:
    id_, invite, token = await begun(house)
    cookies = []
    for _ in range(2):
        async with browser(house) as each:
            entered = await each.post("/invite", data={"link": f"{ORIGIN}/invite#{token}"})
            assert entered.status_code == 303, entered.text
            assert token not in entered.headers["location"]
            cookies.append(each.cookies[f"__Host-{INVITE}"])
    assert len(set(cookies)) == 2
    async with house.database.read() as connection:
        mine = sa.select(sa.func.count()).where(devices.c.invite_id == invite)
        assert await connection.scalar(mine) == 2
    await Invites(house.database).resend(house.callers["recruiter"], invite)
    async with browser(house) as late:
        assert (await late.post("/invite", data={"link": token})).status_code == 403
    async with browser(house, f"__Host-{INVITE}", cookies[0]) as first:
        assert (await first.get(f"/api/interviews/{id_}")).status_code in {401, 403}


@one_loop
async def test_an_invite_revoked_in_mid_answer_keeps_what_was_accepted(house: Room) -> None:
    id_, invite, token = await begun(house)
    async with browser(house) as candidate:
        assert (await candidate.post("/invite", data={"link": token})).status_code == 303
        turn = {"turn_id": "before-0001", "question": 1, "message": ANSWER}
        taken = await candidate.post(f"/api/interviews/{id_}/turns", json=turn)
        assert taken.status_code == 202, taken.text
        await Invites(house.database).revoke(house.callers["recruiter"], invite)
        turn = {"turn_id": "after-00001", "question": 2, "message": "After."}
        refused = await candidate.post(f"/api/interviews/{id_}/turns", json=turn)
        assert refused.status_code in {401, 403}
        assert refused.json()["error"]["remedy"]
        assert (await candidate.get("/mine")).status_code in {303, 401, 403}
    await house.settle(id_)
    events = await house.service.store.events(id_)
    heard = [e.body["text"] for e in events if e.type == "heard"]
    assert heard == [ANSWER]
    report = await house.clients["recruiter"].get(f"/api/interviews/{id_}/report?for=team")
    assert report.status_code == 200, report.text


@pytest.mark.parametrize(
    "given",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "javascript:alert(1)",
        "http:evil.example",
        " //evil.example",
        "/%0d%0aLocation:https://evil.example\r\n",
        "/sign-out",
        "///evil.example",
        "/" * 5_000,
        "http://[",
    ],
)
def test_signing_in_leads_to_no_other_site(given: str) -> None:
    path = own_path(given)
    assert path.startswith("/")
    assert not path.startswith(("//", "/\\", "/sign"))
    assert path.isprintable()


# ---- Other sites


@one_loop
async def test_no_other_site_can_have_anything_done(house: Room) -> None:
    admin = house.clients["admin"]
    for method, path in routes(house):
        if method in {"GET", "HEAD"}:
            continue
        for headers in (
            {"origin": "https://evil.example"},
            {"origin": "null"},
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "same-site", "origin": "https://evil.viva.test"},
        ):
            answer = await admin.request(method, path, headers=headers)
            assert answer.status_code == 403, (method, path, headers)


@one_loop
async def test_json_that_comes_as_text_is_not_taken(house: Room) -> None:
    body = '{"kit": "data-engineer"}'
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        headers = {"content-type": kind} if kind else {}
        answer = await house.clients["recruiter"].post(
            "/api/interviews", content=body, headers=headers
        )
        assert answer.status_code in {400, 415, 422}, (kind, answer.text)


@one_loop
async def test_no_page_can_be_framed_and_each_carries_the_headers(house: Room) -> None:
    for path in (
        "/",
        "/sign-in",
        "/invite",
        "/nothing",
        "/screens",
        "/library",
        "/static/viva.css",
    ):
        headers = (await house.clients["admin"].get(path)).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"], path
        assert headers["x-frame-options"] == "DENY"
        assert headers["strict-transport-security"] == "max-age=31536000"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert "camera=()" in headers["permissions-policy"]


@one_loop
async def test_a_wrong_host_name_gets_into_no_link(house: Room) -> None:
    screen = await house.screen()
    path = f"/api/screens/{screen}/invites"
    answer = await house.clients["recruiter"].post(
        path, json={"invites": [{"name": "Cleo"}]}, headers={"host": "evil.example"}
    )
    assert answer.status_code == 201, answer.text
    assert "evil.example" not in answer.text
    assert f"{ORIGIN}/invite#" in answer.text


# ---- What is sent


@one_loop
async def test_hostile_names_stay_text_on_every_page_and_in_every_file(house: Room) -> None:
    screen = await house.screen(title=f"Talk {SCRIPT}"[:200])
    wishes = [NewInvite(name=name, reference=name[:200]) for name in NAMES]
    made = await Invites(house.database).make(house.callers["recruiter"], screen, wishes)
    recruiter, base = house.clients["recruiter"], f"/screens/{screen}"
    pages = ["/screens", base, f"{base}/candidates", f"{base}/invites", f"{base}/edit"]
    pages += [f"{base}/invites/{invite}" for invite, _ in made]
    for path in pages:
        answer = await recruiter.get(path)
        assert answer.status_code == 200, (path, answer.text[:500])
        for live in ("<script>alert", "<img src=x", "<svg/onload", "{49}", "$49", "#49"):
            assert live not in answer.text, (path, live)
    table = (await recruiter.get(f"{base}/candidates.csv")).text
    assert "HYPERLINK" in table
    assert not re.search(r'(^|[,;\n])"?[=+@-]', table.replace('""', ""))
    assert await recruiter.get(f"{base}/candidates.json")


@one_loop
async def test_a_name_of_ten_thousand_characters_is_refused(house: Room) -> None:
    screen = await house.screen()
    with pytest.raises(BadInput, match="200 characters"):
        await house.invite(screen, name="x" * 10_000)
    path = f"/api/screens/{screen}/invites"
    answer = await house.clients["recruiter"].post(path, json={"invites": [{"name": "x" * 10_000}]})
    assert answer.status_code == 422, answer.text


@one_loop
async def test_fields_that_are_not_ones_own_to_set_are_not_taken(house: Room) -> None:
    more = {"workspace": house.theirs, "user": "somebody", "score": 1, "state": {}, "invite": "x"}
    recruiter = house.clients["recruiter"]
    wish = {"kit": "data-engineer", **more}
    answer = await recruiter.post("/api/interviews", json=wish)
    if answer.status_code == 201:
        stored = await house.service.store.load(answer.json()["id"])
        assert (stored.workspace_id, stored.invite_id) == (house.ours, None)
        assert stored.user_id == house.callers["recruiter"].user
        await house.settle(stored.id)
    else:
        assert answer.status_code == 422
    screen = await house.screen()
    sent = {"title": "Mine now", "kit": "small", "workspace_id": house.theirs, "status": "closed"}
    await recruiter.put(f"/api/screens/{screen}", json=sent)
    kept = (await recruiter.get(f"/api/screens/{screen}")).json()
    assert kept["status"] == "open"
    other = house.clients["other"]
    assert (await other.get(f"/api/screens/{screen}")).status_code == 404


@one_loop
@pytest.mark.parametrize("path", ["/api/interviews", "/sign-in", "/invite", "/screens/new"])
async def test_a_body_that_is_too_large_is_refused_before_it_is_read(
    house: Room, path: str
) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"x" * (MOST_JSON // 2)

    client, form = house.clients["admin"], {"content-type": "application/x-www-form-urlencoded"}
    headers = {} if path.startswith("/api") else form
    told = await client.post(path, content=b"x" * (MOST_JSON + 1), headers=headers)
    untold = await client.post(path, content=endless(), headers=headers)
    assert told.status_code == 413
    assert untold.status_code in {400, 413}


@one_loop
@pytest.mark.parametrize(
    "path",
    [
        "/static/../api/settings.py",
        "/static/..%2f..%2fapi%2fsettings.py",
        "/static/%2e%2e/settings.py",
        "/static/....//settings.py",
        "/kits/..%2f..%2fetc%2fpasswd",
        "/static/viva.css%00.js",
    ],
)
async def test_no_path_leads_out_of_its_folder(house: Room, path: str) -> None:
    answer = await house.clients["admin"].get(path)
    assert answer.status_code in {404, 422}
    assert "VIVA_" not in answer.text


@one_loop
async def test_an_ended_interview_takes_nothing_more(house: Room) -> None:
    id_, _, _ = await begun(house)
    await house.say(id_, "end")
    stored = await house.service.store.load(id_)
    if stored.status != "ended":
        await house.say(id_, "end")
    with pytest.raises(Conflict, match="ended"):
        await house.say(id_, "answer", ANSWER)
