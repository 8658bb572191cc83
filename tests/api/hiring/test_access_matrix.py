"""Every route, every role: made from the application, so that no route can be left out."""

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest
import pytest_asyncio
import sqlalchemy as sa
from fastapi.routing import APIRoute
from room import Room, furnished

from api.conduct import Wish
from api.identity.access import OBJECTS
from api.identity.accounts import Accounts
from api.identity.gate import VIEW
from api.identity.keys import Keys, Links
from api.identity.rules import ACCESS, Rule
from api.identity.tokens import new_id
from api.marking.tables import marking_sets
from api.settings import Settings
from api.web.app import make_app

one_loop = pytest.mark.asyncio(loop_scope="module")

ROLES: dict[str, frozenset[str]] = {
    "admin": frozenset({"admin"}),
    "recruiter": frozenset({"recruiter"}),
    "evaluator": frozenset({"evaluator"}),
    "viewer": frozenset({"viewer"}),
    "candidate": frozenset({"candidate"}),
    "nobody": frozenset({"nobody"}),
    "reader": frozenset({"recruiter"}),
    "other": frozenset({"admin"}),
}
"""The clients by name, and what they are; `reader` is a key that may only read, `other` an admin
elsewhere."""

OPEN = Rule(ACCESS["GET /health"].roles)
STREAM = "/api/interviews/{id}/events"
LAST = ("/sign-out", "/password/change", "/erase", "/return", "/decline")
"""What ends whatever the others of these requests need."""


@dataclass
class House:
    """A room with everything in it that a path can name, in both workspaces."""

    room: Room
    ids: dict[str, dict[str, str]] = field(default_factory=dict)
    """By `ours` and `theirs`, then by a path's parameter."""

    async def ask(self, who: str, method: str, path: str, ids: dict[str, str]) -> httpx2.Response:
        """A request with nothing in it to a route, with these ids in its path."""
        headers = {"accept": "application/json"}
        url = re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: ids.get(found[1], "nothing"), path)
        return await self.room.clients[who].request(method, url, headers=headers)


def routes_of(routes: Any) -> Iterator[tuple[str, str]]:
    """Method and path of each, through routers that are included; HEAD goes with GET."""
    for route in routes:
        if not hasattr(route, "path"):
            yield from routes_of(route.original_router.routes)
            continue
        methods = route.methods - ({"HEAD"} if "GET" in route.methods else set())
        yield from ((method, route.path) for method in sorted(methods))


def all_routes() -> list[tuple[str, str]]:
    return sorted(set(routes_of(make_app(Settings(embedder="light")).routes)))


def rule_of(method: str, path: str) -> Rule:
    return ACCESS.get(f"{method} {path}") or ACCESS[f"* {path}"]


ROUTES = all_routes()
WITH_IDS = [
    (method, path)
    for method, path in ROUTES
    if any(f"{{{name}}}" in path for name in (*OBJECTS, "kit"))
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """Built once; requests without content leave it as it is, or may."""
    async with furnished(tmp_path_factory.mktemp("matrix") / "viva") as room:
        made = House(room)
        made.ids["ours"] = await _furnish(room, "recruiter", room.ours)
        made.ids["theirs"] = await _furnish(room, "other", room.theirs)
        await _let_in(room, made.ids["ours"]["screen"])
        for number, client in enumerate(room.clients.values(), 1):
            client._transport.client = (f"192.0.2.{number}", 1)  # type: ignore[attr-defined]
        yield made


async def _furnish(room: Room, by: str, workspace: str) -> dict[str, str]:
    """A screen, an invite with its interview, a person, a key and a link of a workspace."""
    screen = await room.screen(by)
    invite, token = await room.invite(screen, by)
    interview = await room.service.start(
        Wish(
            kit="small", mode="screen", workspace=workspace, screen=screen, invite=invite, attempt=1
        )
    )
    await room.settle(interview)
    if by == "recruiter":
        room.clients["candidate"] = await room.candidate(token)
    invite, _ = await room.invite(screen, by, name="Dora", email="dora@example.org")
    person = await Accounts(room.database).add(
        f"zoe-{by}@example.org", name="Zoe", role="evaluator", workspace=workspace
    )
    admin = room.callers["admin" if by == "recruiter" else by]
    key, _ = await Keys(room.database).make(admin, "machine", "recruiter")
    await Links(room.database).to_view(admin, screen, "Manager")
    [link] = await Links(room.database).of(workspace)
    marked = await _marking_set(room, workspace)
    ids = {"id": interview, "screen": screen, "invite": invite, "user": person, "set": marked}
    return {**ids, "key": key, "link": link.id, "kit": "small", "number": "1"}


async def _marking_set(room: Room, workspace: str) -> str:
    id_ = new_id()
    row = {"id": id_, "workspace_id": workspace, "title": "First", "needed": 2, "markers": []}
    async with room.database.write() as connection:
        await connection.execute(sa.insert(marking_sets).values(**row, made_by="Eve", created=1.0))
    return id_


async def _let_in(room: Room, screen: str) -> None:
    """A hiring manager by link, and a machine that may only read."""
    admin = room.callers["admin"]
    token = await Links(room.database).to_view(admin, screen, "Manager")
    room.clients["viewer"] = room.client(VIEW, token)
    _, secret = await Keys(room.database).make(admin, "reader", "recruiter", writes=False)
    room.clients["reader"] = room.client()
    room.clients["reader"].headers["Authorization"] = f"Bearer {secret}"


def test_every_route_stands_in_the_table_and_the_table_names_no_other() -> None:
    named = {f"{method} {path}" for method, path in ROUTES}
    anything = {path for path in ACCESS if path.startswith("* ")}
    covered = {f"{method} {path}" for method, path in ROUTES if f"* {path}" in anything}
    known = set(ACCESS) - anything - covered
    assert named - covered - known == set(), "routes that the table does not name"
    assert known - named == set(), "rows of the table that are no route"


def test_every_route_of_the_document_is_looked_at() -> None:
    document = make_app(Settings(embedder="light")).openapi()
    told = {
        f"{method.upper()} {path}"
        for path, methods in document["paths"].items()
        for method in methods
    }
    seen = {f"{method} {path.replace(':path', '')}" for method, path in ROUTES}
    assert told <= seen


def test_every_id_in_a_path_is_one_that_is_looked_up() -> None:
    """A parameter by another name would not be checked against the caller's workspace."""
    harmless = {"kit", "number", "file", "rest", "model", "atom", "version"}
    in_their_module = {"upload"}  # kept by workspace and id
    for _, path in ROUTES:
        names = set(re.findall(r"\{(\w+)", path))
        assert names <= set(OBJECTS) | harmless | in_their_module, path


@one_loop
@pytest.mark.parametrize("who", ROLES)
async def test_each_role_is_let_in_where_the_table_says_so_and_nowhere_else(
    house: House, who: str
) -> None:
    wrong = []
    for method, path in ROUTES:
        rule = rule_of(method, path)
        lasts = path == STREAM or (method == "POST" and path.endswith(LAST))
        if path.startswith("/v1/") or (lasts and ROLES[who] & rule.roles):
            continue
        ids = house.ids["theirs" if who == "other" else "ours"]
        answer = await house.ask(who, method, path, ids)
        if answer.status_code >= 500 or not is_right(who, method, rule, answer):
            wrong.append((method, path, answer.status_code))
    assert not wrong


def is_right(who: str, method: str, rule: Rule, answer: httpx2.Response) -> bool:
    """Whether the table was followed; what becomes of a request with nothing in it is open."""
    status = answer.status_code
    if not ROLES[who] & rule.roles:
        return status in ({401, 303} if who == "nobody" else {403})
    if rule.roles == OPEN.roles:
        return True
    if who == "reader" and method not in {"GET", "HEAD"}:
        return status == 403
    return status != 401 and "That is not open to you." not in answer.text


@one_loop
@pytest.mark.parametrize(
    "who", ["admin", "recruiter", "evaluator", "viewer", "candidate", "reader"]
)
async def test_what_belongs_to_another_workspace_is_not_there(house: House, who: str) -> None:
    """Each id in a path in turn is theirs; all others are ours."""
    ours, theirs = house.ids["ours"], house.ids["theirs"]
    wrong = []
    for method, path in WITH_IDS:
        rule = rule_of(method, path)
        if not ROLES[who] & rule.roles or (who == "reader" and method != "GET"):
            continue
        for name in re.findall(r"\{(\w+)", path):
            if name not in OBJECTS:
                continue
            answer = await house.ask(who, method, path, {**ours, name: theirs[name]})
            if answer.status_code != 404 or theirs[name] in _without(answer.text, theirs[name]):
                wrong.append((who, method, path, name, answer.status_code))
    assert not wrong


def _without(text: str, id_: str) -> str:
    """The text without the id as whoever asked has typed it."""
    return text.replace(f"'{id_}'", "").replace(f"&#39;{id_}&#39;", "")


@one_loop
async def test_ids_in_queries_are_looked_at_too(house: House) -> None:
    ours, theirs = house.ids["ours"]["id"], house.ids["theirs"]["id"]
    for path in ("/api/compare", "/compare"):
        for pair in ([theirs, theirs], [ours, theirs], [theirs, ours]):
            query = {"interview": pair}
            answer = await house.room.clients["recruiter"].get(path, params=query)
            assert answer.status_code == 404, (path, answer.text)


@one_loop
async def test_a_link_a_key_and_an_invite_that_are_revoked_open_nothing(house: House) -> None:
    room = house.room
    admin, screen = room.callers["admin"], house.ids["ours"]["screen"]
    key, secret = await Keys(room.database).make(admin, "gone", "recruiter")
    token = await Links(room.database).to_view(admin, screen, "Gone")
    newest = (await Links(room.database).of(room.ours))[0]
    async with room.client(VIEW, token) as manager, room.client() as machine:
        machine.headers["Authorization"] = f"Bearer {secret}"
        path = f"/api/screens/{screen}/candidates"
        assert (await manager.get(path)).status_code == 200
        assert (await machine.get(path)).status_code == 200
        await Keys(room.database).revoke(admin, key)
        await Links(room.database).revoke(admin, newest.screen_id or "", newest.id)
        assert (await manager.get(path)).status_code == 401
        assert (await machine.get(path)).status_code == 401


def test_no_route_is_hidden_from_the_dependency() -> None:
    """Only FastAPI's own document is served without it, and that is for everybody."""
    app = make_app(Settings(embedder="light"))
    plain = [r.path for r in app.routes if hasattr(r, "path") and not isinstance(r, APIRoute)]
    assert plain == ["/openapi.json"]
