"""Keys for machines and links for hiring managers: what they open, and that they can be ended."""

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
import pytest_asyncio
import sqlalchemy as sa
from offices import browser, is_in, secret_in, told_of
from room import SECRET, Room, furnished

from api.hiring.tables import api_keys, links
from api.identity.gate import VIEW
from api.identity.keys import KEY, Keys, Links

pytestmark = pytest.mark.asyncio(loop_scope="module")
MAILBOX = {"name": "The applicant system", "role": "recruiter", "may": "write"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Room]:
    """One room for all of them."""
    async with furnished(tmp_path_factory.mktemp("office")) as room:
        yield room


async def by_key(room: Room, key: str, method: str, path: str, **sent: Any) -> httpx2.Response:
    headers = {"authorization": f"Bearer {key}", "accept": "application/json"}
    return await browser(room).request(method, path, headers=headers, **sent)


async def test_a_key_is_shown_once_and_kept_as_a_hash(office: Room) -> None:
    admin = office.clients["admin"]
    made = await admin.post("/keys", data=MAILBOX)
    assert made.status_code == 201
    secret = secret_in(made)
    assert secret.startswith(KEY)
    listed = (await admin.get("/keys")).text
    assert MAILBOX["name"] in listed
    assert secret not in listed
    async with office.database.read() as connection:
        kept = str((await connection.execute(sa.text("select * from api_keys"))).all())
    assert secret not in kept
    me = (await by_key(office, secret, "GET", "/api/me")).json()
    assert me == {
        "name": f"key {MAILBOX['name']}",
        "roles": ["recruiter"],
        "workspace": office.ours,
        "screen": None,
        "writes": True,
    }


async def test_a_key_may_what_its_role_may_in_its_own_workspace(office: Room) -> None:
    keys, admin = Keys(office.database), office.callers["admin"]
    _, writes = await keys.make(admin, "writes", "evaluator")
    _, reads = await keys.make(admin, "reads", "recruiter", writes=False)
    wish = {"kit": "small", "seed": 0}
    assert (await by_key(office, writes, "POST", "/api/interviews", json=wish)).status_code == 201
    assert (await by_key(office, reads, "POST", "/api/interviews", json=wish)).status_code == 403
    assert (await by_key(office, reads, "GET", "/api/kits")).status_code == 200
    for path in ("/people", "/keys", "/metrics"):
        assert (await by_key(office, writes, "GET", path)).status_code == 403
    other = await office.screen("other")
    for key in (writes, reads):
        made = await by_key(office, key, "POST", f"/screens/{other}/links", data={"name": "x"})
        assert made.status_code in (403, 404)


async def test_a_revoked_key_opens_nothing(office: Room) -> None:
    id_, secret = await Keys(office.database).make(office.callers["admin"], "old", "recruiter")
    assert (await by_key(office, secret, "GET", "/api/me")).status_code == 200
    [key] = [each for each in await Keys(office.database).of(office.ours) if each.id == id_]
    assert key.used
    assert (await office.clients["other"].post(f"/keys/{id_}/revoke")).status_code == 404
    assert (await office.clients["recruiter"].post(f"/keys/{id_}/revoke")).status_code == 403
    assert (await office.clients["admin"].post(f"/keys/{id_}/revoke")).status_code == 303
    assert (await by_key(office, secret, "GET", "/api/me")).status_code == 401
    assert (await office.clients["admin"].post(f"/keys/{id_}/revoke")).status_code == 404
    told = [(who, what) for who, what, _ in await told_of(office, f"key:{id_}")]
    assert [what for _, what in told] == ["made", "revoked"]
    assert {who for who, _ in told} == {office.callers["admin"].id}


@pytest.mark.parametrize(
    ("given", "told"),
    [({"name": ""}, "needs a name"), ({"role": "admin"}, "no role of a key")],
)
async def test_a_key_that_cannot_be_is_refused(
    office: Room, given: dict[str, str], told: str
) -> None:
    async with office.database.read() as connection:
        before = await connection.scalar(sa.select(sa.func.count()).select_from(api_keys))
    answer = await office.clients["admin"].post("/keys", data={**MAILBOX, **given})
    assert answer.status_code == 422
    assert told in answer.text
    async with office.database.read() as connection:
        assert before == await connection.scalar(sa.select(sa.func.count()).select_from(api_keys))


async def test_the_operators_secret_is_no_cookie_and_no_password(office: Room) -> None:
    assert (await by_key(office, SECRET, "GET", "/api/me")).json()["name"] == "the operator"
    assert not await is_in(browser(office, viva_session=SECRET))
    assert not await is_in(browser(office, viva_view=SECRET))


async def viewing(room: Room, screen: str) -> tuple[httpx2.AsyncClient, str]:
    """A hiring manager's browser, and the secret of their link."""
    given = {"name": "Hana", "days": "7"}
    made = await room.clients["recruiter"].post(f"/screens/{screen}/links", data=given)
    assert made.status_code == 201, made.text
    token = secret_in(made)
    client = browser(room)
    answer = await client.post("/view", data={"token": token})
    assert answer.headers["location"] == f"/screens/{screen}/candidates"
    assert token not in answer.headers["location"]
    return client, token


async def test_a_link_reads_one_screen_and_nothing_else(office: Room) -> None:
    screen, beside = await office.screen(), await office.screen()
    client, _ = await viewing(office, screen)
    me = (await client.get("/api/me")).json()
    assert (me["roles"], me["screen"], me["writes"]) == (["viewer"], screen, False)
    table = await client.get(f"/screens/{screen}/candidates")
    assert table.status_code == 200
    assert "/links" not in table.text
    assert (await client.get("/")).headers["location"] == f"/screens/{screen}/candidates"
    for path in ("/people", "/keys", "/api/kits"):
        assert (await client.get(path)).status_code == 403
    for other in (beside, await office.screen("other")):
        answer = await client.get(f"/screens/{other}/candidates", headers={"accept": "text/html"})
        assert answer.status_code == 404
    assert (await client.post(f"/screens/{screen}/links", data={"name": "x"})).status_code == 403


async def test_who_holds_a_link_can_still_sign_in_and_out(office: Room) -> None:
    client, _ = await viewing(office, await office.screen())
    given = {"email": "recruiter@example.org", "password": "correct horse battery"}
    assert (await client.post("/sign-in", data=given)).status_code == 303
    assert (await client.get("/api/me")).json()["roles"] == ["recruiter"]
    await client.post("/sign-out")
    assert VIEW not in client.cookies
    assert not await is_in(client)


async def test_a_revoked_link_closes_at_once_also_where_it_was_opened(office: Room) -> None:
    screen, others = await office.screen(), await office.screen("other")
    client, token = await viewing(office, screen)
    [link] = await Links(office.database).of(office.ours, screen)
    assert link.used
    where = f"/links/{link.id}/revoke"
    assert (await office.clients["other"].post(f"/screens/{others}{where}")).status_code == 404
    answer = await office.clients["recruiter"].post(f"/screens/{screen}{where}")
    assert answer.headers["location"] == f"/screens/{screen}#links"
    assert not await is_in(client)
    assert (await browser(office).post("/view", data={"token": token})).status_code == 401
    told = [what for _, what, _ in await told_of(office, f"link:{link.id}")]
    assert told == ["made", "entered", "revoked"]


async def test_a_link_ends_on_its_day_and_no_other_secret_is_one(office: Room) -> None:
    screen = await office.screen()
    client, token = await viewing(office, screen)
    async with office.database.write() as connection:
        mine = links.c.screen_id == screen
        await connection.execute(sa.update(links).where(mine).values(until=links.c.until - 7e5))
    assert not await is_in(client)
    [user] = [each for each in office.callers.values() if each.name == "Evaluator"]
    assert user.session
    for given in (token, "", "#", user.session, SECRET):
        assert (await browser(office).post("/view", data={"token": given})).status_code == 401


async def test_somebody_of_another_team_is_told_and_not_led_astray(office: Room) -> None:
    _, token = await viewing(office, await office.screen())
    answer = await office.clients["other"].post("/view", data={"token": token})
    assert answer.status_code == 403
    assert "signed in as" in answer.text


async def test_no_page_has_a_secret_in_an_address_it_leads_to(office: Room) -> None:
    screen = await office.screen()
    given = {"name": "Hana", "days": "7"}
    page = await office.clients["recruiter"].post(f"/screens/{screen}/links", data=given)
    token = secret_in(page)
    assert page.text.count(token) == 1
    assert f'value="http://viva.test/view#{token}"' in page.text
    wrong = await office.clients["recruiter"].post(
        f"/screens/{screen}/links", data={"name": "Hana", "days": "9999"}
    )
    assert wrong.status_code == 422
