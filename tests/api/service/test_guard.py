"""Who may come in: this machine, or whoever is known, and never another site."""

from collections.abc import AsyncIterator

import httpx2
import pytest
import pytest_asyncio
from httpx2 import Response
from replicas import Replica, serving

from api.hiring.tables import LOCAL
from api.identity.accounts import Accounts
from api.settings import Settings
from api.web.guard import check_open
from knowledge.errors import BadInput

SECRET = "sixteen-characters-or-more"
PASSWORD = "correct horse battery"
SESSION = "__Host-viva_session"
WISH = {"kit": "small"}
EVERYWHERE = ("/", "/health", "/ready", "/metrics", "/openapi.json", "/api/kits", "/api/nothing")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def secret(sqlite: Settings) -> AsyncIterator[Replica]:
    """A replica that wants a secret."""
    given = Settings(**{**sqlite.model_dump(), "secret": SECRET, "origin": "https://viva.example"})
    async with serving(given) as replica:
        yield replica


def refused(answer: Response, status: int) -> bool:
    code = {401: "unauthorized", 403: "forbidden"}[status]
    return answer.status_code == status and answer.json()["error"]["code"] == code


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "10.0.0.1", "[", "", "a b"],
)
async def test_without_a_secret_no_other_name_leads_here(alone: Replica, host: str) -> None:
    assert refused(await alone.http.get("/api/kits", headers={"host": host}), 403)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:1", "localhost:8000", "[::1]:8000"])
async def test_this_machines_own_names_do(alone: Replica, host: str) -> None:
    assert (await alone.http.get("/health", headers={"host": host})).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://["},
        {"origin": "http://127.0.0.1:1"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
async def test_another_site_changes_nothing(alone: Replica, headers: dict[str, str]) -> None:
    assert refused(await alone.http.post("/api/interviews", json=WISH, headers=headers), 403)


async def test_our_own_pages_may(alone: Replica) -> None:
    for headers in ({"origin": alone.url, "sec-fetch-site": "same-origin"}, {}):
        answer = await alone.http.post("/api/interviews", json=WISH, headers=headers)
        assert answer.status_code == 201


async def test_reading_is_left_to_the_browsers_own_walls(alone: Replica) -> None:
    answer = await alone.http.get("/api/kits", headers={"origin": "https://evil.example"})
    assert answer.status_code == 200
    assert "access-control-allow-origin" not in answer.headers


async def test_every_answer_carries_the_headers(alone: Replica, secret: Replica) -> None:
    answers = [await http.get(path) for http in (alone.http, secret.http) for path in EVERYWHERE]
    answers.append(await alone.http.get("/", headers={"host": "evil.example"}))
    answers.append(await alone.http.post("/api/interviews", content=b"{"))
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] in {"no-referrer", "same-origin"}
        assert "server" not in answer.headers or "viva" not in answer.headers["server"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": ""},
        {"authorization": "Bearer"},
        {"authorization": "Bearer wrong"},
        {"authorization": f"Bearer {SECRET}x"},
        {"authorization": f"Basic {SECRET}"},
        {"authorization": "Bearer \u00e9\u00e9".encode("latin-1").decode("latin-1")},
        {"cookie": f"{SESSION}={SECRET}"},
        {"cookie": f"{SESSION}=; other=1"},
        {"cookie": "\x22;;;=;"},
    ],
)
async def test_without_the_secret_nothing_is_open(secret: Replica, headers: dict[str, str]) -> None:
    headers = {**headers, "x-forwarded-for": "192.0.2.1"}  # wrong keys count by address
    for path in ("/api/kits", "/metrics"):
        raw = [(name, value.encode("latin-1")) for name, value in headers.items()]
        answer = await secret.http.get(path, headers=raw)
        assert refused(answer, 401), answer.text
        assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": f"Bearer {SECRET}"},
        {"authorization": f"bearer  {SECRET}"},
    ],
)
async def test_with_the_secret_everything_is(secret: Replica, headers: dict[str, str]) -> None:
    answer = await secret.http.post("/api/interviews", json=WISH, headers=headers)
    assert answer.status_code == 201
    elsewhere = {**headers, "host": "viva.example", "origin": "https://viva.example"}
    answer = await secret.http.post("/api/interviews", json=WISH, headers=elsewhere)
    assert answer.status_code == 201


async def test_health_is_open_and_a_browser_is_shown_where_to_sign_in(secret: Replica) -> None:
    assert (await secret.http.get("/health")).json()["status"] == "ok"
    assert (await secret.http.get("/ready")).status_code in (200, 503)
    answer = await secret.http.get("/", headers={"accept": "text/html"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")


async def test_signing_in_gives_a_cookie_for_this_host_alone(secret: Replica) -> None:
    accounts = Accounts(secret.service.store.database)
    given = {"email": "ann@viva.example", "password": PASSWORD}
    await accounts.add(
        "ann@viva.example", name="Ann", role="admin", workspace=LOCAL, password=PASSWORD
    )
    async with httpx2.AsyncClient(base_url=secret.url) as browser:
        assert (await browser.get("/sign-in")).status_code == 200
        wrong = await browser.post("/sign-in", data={**given, "password": SECRET})
        assert wrong.status_code == 401
        assert "set-cookie" not in wrong.headers
        right = await browser.post("/sign-in", data=given)
        assert (right.status_code, right.headers["location"]) == (303, "/screens")
        cookie = right.headers["set-cookie"]
        assert {"HttpOnly", "SameSite=lax", "Secure"} <= set(cookie.split("; "))
    theirs = {"cookie": cookie.partition(";")[0]}
    assert (await secret.http.get("/api/kits", headers=theirs)).status_code == 200
    crossed = {**theirs, "origin": "https://evil.example"}
    assert refused(await secret.http.post("/api/interviews", json=WISH, headers=crossed), 403)


async def test_this_machine_alone_needs_no_accounts_and_is_told_how_to_get_them(
    alone: Replica,
) -> None:
    html = {"accept": "text/html"}
    for path in ("/people", "/keys"):
        page = await alone.http.get(path, headers=html)
        assert page.status_code == 200
        assert "viva account add" in page.text
        assert "<form" not in page.text
        added = await alone.http.post(
            path, data={"email": "a@b.c", "name": "A", "role": "recruiter"}
        )
        assert added.status_code == 422
    answer = await alone.http.get("/sign-in?next=/keys", headers=html)
    assert (answer.status_code, answer.headers["location"]) == (303, "/keys")
    assert (await alone.http.post("/sign-out", headers=html)).status_code == 303
    assert (await alone.http.get("/api/me")).json()["name"] == "this machine"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "viva.example"])
def test_strangers_are_not_served_without_a_secret(host: str) -> None:
    with pytest.raises(BadInput, match="strangers"):
        check_open(Settings(), host)
    check_open(Settings(secret=SECRET), host)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_this_machine_is(host: str) -> None:
    check_open(Settings(), host)
    with pytest.raises(BadInput, match="strangers"):
        check_open(Settings(origin="https://viva.example"), host)
