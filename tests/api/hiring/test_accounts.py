"""People of a team: how they come in, what ends that, and what an admin can do about them."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
import sqlalchemy as sa
from offices import browser, is_in, person, secret_in, signed_in, told_of
from room import PASSWORD, Room, furnished

from api.hiring.audit import first_broken
from api.hiring.tables import links, sessions
from api.identity.accounts import Accounts
from api.identity.caller import Caller
from api.identity.gate import SESSION
from api.identity.keys import Keys, Links
from api.identity.sessions import Sessions
from api.pages.people import last_changes
from api.pages.returning import own_path
from api.settings import Settings, open_database
from api.web.app import make_app
from knowledge.database import Database
from knowledge.errors import BadInput

pytestmark = pytest.mark.asyncio(loop_scope="module")
NEW = "a sentence of my own"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Room]:
    """One room for all of them."""
    async with furnished(tmp_path_factory.mktemp("office")) as room:
        yield room


async def test_a_session_is_a_new_secret_that_no_script_and_no_other_site_gets(
    office: Room,
) -> None:
    user = await person(office)
    planted = browser(office, **{SESSION: "planted-by-somebody-else"})
    given = {"email": f"  {user.email.upper()} ", "password": PASSWORD}
    answer = await planted.post("/sign-in", data=given)
    cookie = answer.headers["set-cookie"]
    assert {"HttpOnly", "Path=/", "SameSite=lax", "Max-Age=43200"} <= set(cookie.split("; "))
    assert "planted" not in cookie
    assert "Secure" not in cookie
    assert await is_in(planted)
    assert not await is_in(browser(office, **{SESSION: "planted-by-somebody-else"}))
    [(who, what, said)] = (await told_of(office, f"user:{user.id}"))[-1:]
    assert (who, what, said) == (f"user:{user.id}", "signed in", {})


async def test_over_https_only_a_cookie_of_this_very_host_counts(office: Room) -> None:
    user, settings = await person(office), office.service.settings
    app = make_app(settings.model_copy(update={"origin": "https://viva.test"}))
    async with app.router.lifespan_context(app):
        room = Room(app, app.state.service)
        client = browser(room)
        client.base_url = "https://viva.test"
        given = {"email": user.email, "password": PASSWORD}
        cookie = (await client.post("/sign-in", data=given)).headers["set-cookie"]
        assert cookie.startswith(f"__Host-{SESSION}=")
        assert {"Secure", "Path=/", "HttpOnly"} <= set(cookie.split("; "))
        assert await is_in(client)
        token = cookie.partition("=")[2].partition(";")[0]
        assert not await is_in(browser(room, **{SESSION: token}))


async def test_signing_in_again_ends_the_session_there_was(office: Room) -> None:
    user = await person(office)
    client = await signed_in(office, user)
    before = client.cookies[SESSION]
    await client.post("/sign-in", data={"email": user.email, "password": PASSWORD})
    assert client.cookies[SESSION] != before
    assert not await is_in(browser(office, **{SESSION: before}))


async def test_what_is_wrong_with_a_sign_in_cannot_be_told(office: Room) -> None:
    user, gone, new = (
        await person(office),
        await person(office),
        await person(office, password=None),
    )
    await Accounts(office.database).change(office.ours, gone.id, disabled=True)
    tried = [(user.email, "wrong password"), (gone.email, PASSWORD), (new.email, PASSWORD)]
    tried += [("nobody@example.org", PASSWORD), ("nobody\0@example.org", "x" * 5_000), ("", "")]
    pages = set()
    for email, password in tried:
        answer = await browser(office).post("/sign-in", data={"email": email, "password": password})
        assert answer.status_code == 401
        assert "set-cookie" not in answer.headers
        pages.add(answer.text.replace(f'value="{email}"', 'value=""'))
    assert len(pages) == 1
    assert ("nobody", "failed to sign in", {}) in await told_of(office, f"user:{user.id}")


async def test_an_address_that_nobody_has_takes_as_long_as_any(office: Room) -> None:
    user, door = await person(office), Sessions(office.database)

    async def quickest(email: str) -> float:
        took = []
        for _ in range(2):
            began = time.perf_counter()
            assert await door.sign_in(email, "wrong password", "pytest") is None
            took.append(time.perf_counter() - began)
        return min(took)

    known, unknown = await quickest(user.email), await quickest("nobody@example.org")
    assert known / 4 < unknown < known * 4


@pytest.mark.long
async def test_too_many_tries_at_one_account_have_to_wait(office: Room) -> None:
    user = await person(office)
    answers = []
    for _ in range(12):  # each from another address
        given = {"email": user.email, "password": "wrong password"}
        answers.append((await browser(office).post("/sign-in", data=given)).status_code)
    assert answers == [401] * 10 + [429] * 2


async def test_a_session_ends_after_a_working_day(office: Room) -> None:
    user = await person(office)
    client = await signed_in(office, user)
    async with office.database.write() as connection:
        mine = sessions.c.user_id == user.id
        new = {"until": sessions.c.until - 12 * 3600}
        await connection.execute(sa.update(sessions).where(mine).values(**new))
    assert not await is_in(client)
    answer = await client.get("/people?x=1")
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/sign-in?next=/people%3Fx%3D1",
    )


async def test_signing_out_ends_the_session_on_the_server(office: Room) -> None:
    user = await person(office)
    client = await signed_in(office, user)
    token = client.cookies[SESSION]
    answer = await client.post("/sign-out")
    assert answer.headers["location"] == "/sign-in?done=out"
    assert SESSION not in client.cookies
    assert not await is_in(browser(office, **{SESSION: token}))
    assert "signed out" in (await client.get("/sign-in?done=out")).text
    crossed = await browser(office).post("/sign-out", headers={"sec-fetch-site": "cross-site"})
    assert crossed.status_code == 403


async def test_a_sign_in_leads_on_to_the_page_that_was_asked_for(office: Room) -> None:
    user = await person(office)
    client = browser(office)
    asked = await client.get("/people?kit=small&level=mid")
    assert asked.headers["location"].startswith("/sign-in?next=")
    page = await client.get(asked.headers["location"])
    assert 'value="/people?kit=small&amp;level=mid"' in page.text
    given = {"email": user.email, "password": PASSWORD, "next": "/screens/new?kit=small"}
    answer = await client.post("/sign-in", data=given)
    assert answer.headers["location"] == "/screens/new?kit=small"
    assert (await client.get("/sign-in?next=/library")).headers["location"] == "/library"
    assert "signed in as" in (await client.get("/sign-in")).text


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "\t//evil.example",
        "/\n/evil.example",
        " //evil.example",
        "javascript:alert(1)",
        "evil.example",
        "http:/evil.example",
        "//[",
        "/sign-out",
        "/sign-in?next=/x",
        "/" + "x" * 3_000,
        "",
    ],
)
async def test_a_sign_in_leads_to_no_other_site(elsewhere: str) -> None:
    assert own_path(elsewhere) == "/"


async def test_another_role_holds_from_the_next_click_on(office: Room) -> None:
    user, admin = await person(office, "evaluator"), office.clients["admin"]
    client = await signed_in(office, user)
    assert (await client.get("/people")).status_code == 403
    await admin.post(f"/people/{user.id}/role", data={"role": "admin"})
    assert (await client.get("/people")).status_code == 200
    await admin.post(f"/people/{user.id}/role", data={"role": "recruiter"})
    assert (await client.get("/people")).status_code == 403
    told = [(what, said) for _, what, said in await told_of(office, f"user:{user.id}")]
    assert told[-2:] == [("changed", {"role": "admin"}), ("changed", {"role": "recruiter"})]


async def test_a_disabled_account_is_out_at_once_and_can_come_back(office: Room) -> None:
    user, admin = await person(office), office.clients["admin"]
    client = await signed_in(office, user)
    token = await Links(office.database).to_set_password(office.callers["admin"], user)
    await admin.post(f"/people/{user.id}/disable")
    assert not await is_in(client)
    assert not await Links(office.database).set_password(token, NEW)
    refused = await admin.post(f"/people/{user.id}/link")
    assert refused.status_code == 422
    await admin.post(f"/people/{user.id}/enable")
    assert not await is_in(client)
    assert await is_in(await signed_in(office, user))


async def test_nobody_changes_their_own_account_and_an_admin_is_always_left(
    office: Room,
) -> None:
    accounts, admin = Accounts(office.database), office.callers["other"]
    assert admin.user
    with pytest.raises(BadInput, match="your own"):
        await accounts.change(office.theirs, admin.user, disabled=True, by=admin)
    await person(office, "admin", office.theirs, password=None)  # could not sign in yet
    for new in ({"role": "recruiter"}, {"disabled": True}):
        with pytest.raises(BadInput, match="No admin"):
            await accounts.change(office.theirs, admin.user, **new)  # type: ignore[arg-type]
    assert (await accounts.get(office.theirs, admin.user)).role == "admin"


async def test_of_two_admins_who_demote_each_other_at_once_one_stays(office: Room) -> None:
    accounts = Accounts(office.database)
    place = await accounts.add_workspace("Two")
    pair = [await person(office, "admin", place) for _ in range(2)]
    done = await asyncio.gather(
        *(accounts.change(place, each.id, role="evaluator") for each in pair),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in done) == ["BadInput", "NoneType"]
    assert [each.role for each in await accounts.of(place)].count("admin") == 1


async def test_on_postgres_too_two_at_once_do_not_both_succeed(
    tmp_path: Path, postgres_url: str
) -> None:
    name = f"t{uuid.uuid4().hex}"
    server = Database(postgres_url.format("postgres"))
    async with server.engine.connect() as connection:
        alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await alone.execute(sa.text(f"create database {name}"))
    await server.close()
    database = await open_database(
        Settings(home=tmp_path, database_url=postgres_url.format(name), embedder="light")
    )
    accounts, made = Accounts(database), Links(database)
    place = await accounts.add_workspace("Two")
    pair = [
        await accounts.add(f"{n}@example.org", name="", role="admin", workspace=place, password=NEW)
        for n in range(2)
    ]
    done = await asyncio.gather(
        *(accounts.change(place, each, disabled=True) for each in pair), return_exceptions=True
    )
    assert sorted(type(each).__name__ for each in done) == ["BadInput", "NoneType"]
    [user] = [each for each in await accounts.of(place) if each.disabled is None]
    admin = Caller(roles=frozenset({"admin"}), workspace=place, name="Ann", id="user:ann")
    token = await made.to_set_password(admin, user)
    both = await asyncio.gather(made.set_password(token, NEW), made.set_password(token, NEW))
    assert sorted(both) == [False, True]
    session = await Sessions(database).sign_in(user.email, NEW, "a\0b")
    assert session
    assert await Sessions(database).by_session(session)
    assert await Sessions(database).sign_in("a\0b", NEW, "pytest") is None
    changed, signed = await last_changes(database, place)
    assert changed[user.id][0] == "set the password"
    assert user.id in signed
    id_, key = await Keys(database).make(admin, "A system", "evaluator")
    assert await Keys(database).caller(key)
    await Keys(database).revoke(admin, id_)
    assert await first_broken(database) is None
    await database.close()


async def test_an_admin_adds_somebody_who_sets_their_own_password(office: Room) -> None:
    admin, given = office.clients["admin"], {"role": "evaluator", "email": "Zoë@Example.org"}
    page = await admin.post("/people", data={"name": "Zoë", **given})
    assert page.status_code == 201
    token = secret_in(page)
    assert f"http://viva.test/password#{token}" in page.text
    assert token not in (await admin.get("/people")).text
    taken = await admin.post("/people", data={"name": "Zoë", **given})
    assert taken.status_code == 422
    assert "already" in taken.text
    user = await Accounts(office.database).find("zoë@example.org")
    assert user
    client = browser(office)
    short = {"token": token, "new": "too short", "again": "too short"}
    assert (await client.post("/password", data=short)).status_code == 422
    unlike = {"token": token, "new": NEW, "again": "another sentence"}
    assert (await client.post("/password", data=unlike)).status_code == 422
    fitting = {"token": f"http://viva.test/password#{token}", "new": NEW, "again": NEW}
    answer = await client.post("/password", data=fitting)
    assert answer.status_code == 200
    assert "Zoë" in answer.text
    assert "zoë@example.org" in answer.text
    assert token not in answer.text
    assert (await client.post("/password", data=fitting)).status_code == 401
    assert await is_in(await signed_in(office, user, NEW))


async def test_a_password_link_works_once_even_if_two_come_at_once(office: Room) -> None:
    user, made = await person(office), Links(office.database)
    client, caller = await signed_in(office, user), office.callers["admin"]
    old, new = [await made.to_set_password(caller, user) for _ in range(2)]
    assert not await made.set_password(old, NEW), "a newer one was made"
    both = await asyncio.gather(made.set_password(new, NEW), made.set_password(new, NEW))
    assert sorted(both) == [False, True]
    assert not await is_in(client), "what was open by the old password is over"
    late = await made.to_set_password(caller, user)
    async with office.database.write() as connection:
        mine = (links.c.user_id == user.id) & links.c.used.is_(None)
        await connection.execute(sa.update(links).where(mine).values(until=links.c.until - 4e5))
    assert not await made.set_password(late, NEW)


async def test_changing_ones_password_ends_every_other_session(office: Room) -> None:
    user = await person(office)
    here, there = [await signed_in(office, user) for _ in range(2)]
    before = here.cookies[SESSION]
    wrong = {"old": "not my password", "new": NEW, "again": NEW}
    assert (await here.post("/password/change", data=wrong)).status_code == 422
    right = {"old": PASSWORD, "new": NEW, "again": NEW}
    answer = await here.post("/password/change", data=right)
    assert answer.headers["location"] == "/password?done=yes"
    assert here.cookies[SESSION] != before
    assert await is_in(here)
    assert not await is_in(there)
    assert not await is_in(browser(office, **{SESSION: before}))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"email": "no address"}, "no e-mail address"),
        ({"email": "a@b\0c"}, "no e-mail address"),
        ({"email": "x" * 320 + "@example.org"}, "no e-mail address"),
        ({"name": "x" * 201}, "needs a name"),
        ({"name": "two\nlines"}, "needs a name"),
        ({"role": "owner"}, "is no role"),
        ({"role": "viewer"}, "is no role"),
    ],
)
async def test_somebody_who_cannot_be_added_is_refused_with_a_reason(
    office: Room, given: dict[str, str], told: str
) -> None:
    before = len(await Accounts(office.database).of(office.ours))
    whole = {"name": "Ann", "email": "ann@example.org", "role": "recruiter", **given}
    answer = await office.clients["admin"].post("/people", data=whole)
    assert answer.status_code == 422
    assert told in answer.text
    assert len(await Accounts(office.database).of(office.ours)) == before


async def test_hostile_names_stay_words(office: Room) -> None:
    admin, name = office.clients["admin"], '"><script>alert(1)</script>{{ 7*7 }}'
    given = {"name": name, "email": "mallory@example.org", "role": "recruiter"}
    for page in (await admin.post("/people", data=given), await admin.get("/people")):
        assert "<script>alert" not in page.text
        assert "{{ 7*7 }}" in page.text


async def test_people_of_another_workspace_are_not_there(office: Room) -> None:
    user = office.callers["other"].user
    admin = office.clients["admin"]
    assert "other@example.org" not in (await admin.get("/people")).text
    for what in ("link", "role", "disable", "enable"):
        answer = await admin.post(f"/people/{user}/{what}", data={"role": "recruiter"})
        assert answer.status_code == 404
    for role in ("recruiter", "evaluator"):
        answer = await office.clients[role].post(f"/people/{user}/disable")
        assert answer.status_code == 403


async def test_the_log_of_all_this_holds_no_name_and_no_address(office: Room) -> None:
    async with office.database.read() as connection:
        text = str((await connection.execute(sa.text("select * from audit"))).all())
    assert "signed in" in text
    assert "@" not in text
    assert "Pat" not in text
    assert "pytest" not in text
