"""How often somebody may come, and who is told to wait."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st
from limits import parse_many
from room import PASSWORD, SECRET, Room, furnished
from starlette.datastructures import Headers

from api.conduct import Wish
from api.hiring.invites import Invites, NewInvite
from api.hiring.limits import LIMITS, Limits, TooFast
from api.settings import Settings
from api.web.address import client_address, networks
from api.web.app import make_app
from knowledge.errors import BadInput

one_loop = pytest.mark.asyncio(loop_scope="module")

PROXY = networks("172.16.0.0/12")


def most(kind: str) -> int:
    return int(parse_many(LIMITS[kind])[0].amount)  # type: ignore[index]


def is_too_fast(answer: httpx2.Response) -> bool:
    return answer.status_code == 429 and 1 <= int(answer.headers["retry-after"]) <= 3600


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Room]:
    """One room for all of these; each test comes from an address of its own."""
    async with furnished(tmp_path_factory.mktemp("limits") / "viva") as made:
        yield made


def browser(room: Room, address: str) -> httpx2.AsyncClient:
    """Nobody's, somewhere on the internet."""
    transport = httpx2.ASGITransport(app=room.app, client=(address, 1))
    return httpx2.AsyncClient(transport=transport, base_url="http://viva.test")


@one_loop
async def test_wrong_invites_shut_an_address_out_for_a_while_and_others_are_let_in(
    shared: Room,
) -> None:
    async with browser(shared, "192.0.2.1") as http:
        for number in range(most("entry")):
            wrong = await http.post("/invite", data={"link": f"guess-{number}"})
            assert wrong.status_code == 403, wrong.text
        refused = await http.post("/invite", data={"link": "one more"})
        page = await http.post("/invite", data={"link": "x"}, headers={"accept": "text/html"})
    assert is_too_fast(refused)
    assert refused.json()["error"]["code"] == "too_fast"
    assert is_too_fast(page)
    assert "A little too fast" in page.text
    _, token = await shared.invite(await shared.screen())
    async with browser(shared, "192.0.2.2") as http:
        entered = await http.post("/invite", data={"link": token})
    assert entered.status_code == 303, entered.text


@one_loop
async def test_a_hundred_invites_of_one_office_are_opened_at_once(shared: Room) -> None:
    screen = await shared.screen()
    wishes = [NewInvite(name=f"Person {n}") for n in range(100)]
    made = await Invites(shared.database).make(shared.callers["recruiter"], screen, wishes)

    async def arrive(token: str) -> tuple[int, int]:
        async with browser(shared, "192.0.2.3") as http:
            asked = await http.get("/invite")
            entered = await http.post("/invite", data={"link": token})
            return asked.status_code, entered.status_code

    assert set(await asyncio.gather(*(arrive(token) for _, token in made))) == {(200, 303)}


@one_loop
async def test_wrong_keys_count_and_a_right_one_from_there_is_told_to_wait(shared: Room) -> None:
    wrong, right = ({"Authorization": f"Bearer {key}"} for key in ("viva_key_wrong", SECRET))
    async with browser(shared, "192.0.2.4") as http:
        for _ in range(most("entry")):
            assert (await http.get("/api/kits", headers=wrong)).status_code == 401
        assert is_too_fast(await http.get("/api/kits", headers=right))
    async with browser(shared, "192.0.2.5") as http:
        assert (await http.get("/api/kits", headers=right)).status_code == 200


@one_loop
async def test_wrong_passwords_for_one_account_count_from_wherever(shared: Room) -> None:
    async def signed_in(address: str, password: str) -> httpx2.Response:
        form = {"email": "Evaluator@example.org", "password": password}
        async with browser(shared, address) as http:
            return await http.post("/sign-in", data=form)

    assert (await signed_in("192.0.2.9", PASSWORD)).status_code == 303
    for number in range(most("account")):
        wrong = await signed_in(f"192.0.2.{10 + number}", "wrong, and long enough")
        assert wrong.status_code == 401
    assert is_too_fast(await signed_in("192.0.2.9", PASSWORD))
    assert (await shared.clients["evaluator"].get("/api/kits")).status_code == 200


@one_loop
async def test_an_answer_that_comes_too_fast_is_told_to_come_again_and_is_taken_then(
    shared: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [time.time()]
    monkeypatch.setattr("limits.storage.memory.time.time", lambda: now[0])
    screen = await shared.screen()
    invite, token = await shared.invite(screen)
    candidate = await shared.candidate(token)
    id_ = await shared.service.start(
        Wish(kit="small", mode="screen", workspace=shared.ours, screen=screen, invite=invite)
    )
    await shared.settle(id_)
    turn = {"turn_id": "turn-0001", "question": 1, "message": "I have used Python."}
    path = f"/api/interviews/{id_}/turns"
    answers = [await candidate.post(path, json=turn) for _ in range(most("answer") + 1)]
    assert [a.status_code for a in answers[:2]] == [202, 200]
    assert is_too_fast(answers[-1])
    next_ = {"turn_id": "turn-0002", "question": 2, "message": "By a key of each row."}
    assert is_too_fast(await candidate.post(path, json=next_))
    await shared.settle(id_)
    now[0] += 61
    taken = await candidate.post(path, json=next_)
    assert taken.status_code == 202, taken.text
    await candidate.aclose()


@pytest_asyncio.fixture(loop_scope="module")
async def alone(tmp_path: Path) -> AsyncIterator[httpx2.AsyncClient]:
    """Whoever has the machine, with no account."""
    app = make_app(Settings(home=tmp_path / "alone", embedder="light"))
    async with app.router.lifespan_context(app):
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
            yield http


@one_loop
async def test_whoever_has_the_machine_is_never_held_up(alone: httpx2.AsyncClient) -> None:
    asked = [await alone.get("/api/compare") for _ in range(2 * most("costly"))]
    assert {answer.status_code for answer in asked} == {422}


def test_a_window_moves_and_says_how_long_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_000_000.0]
    monkeypatch.setattr("api.hiring.limits.time.time", lambda: now[0])
    monkeypatch.setattr("limits.storage.memory.time.time", lambda: now[0])
    limits = Limits()
    for _ in range(most("costly")):
        limits.take("costly", "somebody")
        now[0] += 1.0
    with pytest.raises(TooFast) as error:
        limits.take("costly", "somebody")
    limits.take("costly", "somebody else")
    assert error.value.wait == 60 - most("costly")
    now[0] += error.value.wait + 0.1
    limits.take("costly", "somebody")


def test_what_is_over_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_000_000.0]
    monkeypatch.setattr("api.hiring.limits.time.time", lambda: now[0])
    monkeypatch.setattr("limits.storage.memory.time.time", lambda: now[0])
    limits = Limits()
    for number in range(1_000):
        limits.take("address", f"2001:db8:{number:x}::/64")
    now[0] += 3_700
    limits.take("address", "192.0.2.1")
    assert len(limits._limiter.storage.events) == 1  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("peer", "told", "found"),
    [
        ("192.0.2.9", "10.0.0.1", "192.0.2.9"),
        ("127.0.0.1", "192.0.2.9", "192.0.2.9"),
        ("127.0.0.1", "1.1.1.1, 192.0.2.9", "192.0.2.9"),
        ("172.18.0.3", "1.1.1.1, 192.0.2.9, 172.18.0.4", "192.0.2.9"),
        ("172.18.0.3", "172.18.0.9", "172.18.0.9"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "<script>", "unknown"),
        ("2001:db8::1", "", "2001:db8::/64"),
        ("::ffff:192.0.2.9", "", "192.0.2.9"),
    ],
)
def test_only_a_proxy_we_know_says_who_asks(peer: str, told: str, found: str) -> None:
    headers = Headers({"x-forwarded-for": told} if told else {})
    assert client_address({"client": (peer, 1)}, headers, PROXY) == found


@given(st.text(max_size=60))
def test_whatever_the_header_holds_an_address_comes_out(told: str) -> None:
    raw = [(b"x-forwarded-for", told.encode("utf-8", "replace"))]
    found = client_address({"client": ("127.0.0.1", 1)}, Headers(raw=raw), PROXY)
    assert len(found) <= 49


@pytest.mark.parametrize("wrong", ["everybody", "10.0.0.0/99", "10.0.0.1/8"])
def test_a_proxy_that_is_no_network_is_refused(wrong: str) -> None:
    with pytest.raises(BadInput, match="VIVA_PROXIES"):
        Settings(proxies=wrong)
