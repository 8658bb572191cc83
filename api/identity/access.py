"""Nobody gets in but by the table of rules, and every id is looked at before it is used."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import cast

import sqlalchemy as sa
from fastapi import Request

from api.hiring.reviewing import check_shown
from api.hiring.shut import shut_cookie
from api.hiring.tables import api_keys, invites, links, screens, users
from api.identity.caller import NOBODY, Caller
from api.identity.gate import INVITE, cookie_name
from api.identity.rules import ACCESS, ANYBODY, Part, Rule
from api.marking.looks import show
from api.marking.tables import marking_sets
from api.tables import interviews
from knowledge.database import Database
from knowledge.errors import NotFound, VivaError


class NotSignedIn(VivaError):
    """Nobody is known to ask, and the thing is not for everybody."""

    exit_status = 2


class Forbidden(VivaError):
    """Whoever asks may not do this."""

    exit_status = 2


def caller_of(request: Request) -> Caller:
    """Who asks."""
    return cast("Caller", request.scope.get("viva.caller", NOBODY))


def parts_of(request: Request) -> frozenset[Part]:
    """What the caller has to do with the interview in the path."""
    return cast("frozenset[Part]", getattr(request.state, "parts", frozenset()))


async def admitted(request: Request) -> None:
    """Let nobody in who has no business here; a dependency of every route.

    Raises:
        NotSignedIn: nobody is known to ask.
        Forbidden: they may not do this.
        NotFound: what is asked about is not theirs, or is not there: one looks like the other.
        TooEarly: a person is to mark the interview first, or whoever asks is marking it.
    """
    caller = caller_of(request)
    path = request.scope["route"].path
    method = "GET" if request.method == "HEAD" and path != "/health" else request.method
    rule = ACCESS.get(f"{method} {path}") or ACCESS.get(f"* {path}")
    if rule is None:
        raise Forbidden("This is closed.", "Tell whoever runs this copy of Viva.")
    if not caller.is_any(rule.roles):
        if caller is NOBODY:
            await _check_invite(request)
            raise NotSignedIn(
                "It is not known who asks.", "Sign in, or use the link you were sent."
            )
        raise Forbidden("That is not open to you.", "Ask an admin of your workspace.")
    if not caller.writes and rule is not ANYBODY and request.method not in {"GET", "HEAD"}:
        raise Forbidden("This key or link may only read.", "Use one that may write.")
    database: Database = request.app.state.service.store.database
    for name, value in request.path_params.items():
        if name in OBJECTS:
            request.state.parts = await OBJECTS[name](database, caller, str(value))
            wanted = _check_part(request, rule)
            if rule.marks and "candidate" not in parts_of(request):
                wanted = "team"
            if name == "id" and wanted == "team" and not rule.unmarked:
                await _check_marked(database, [str(value)])
            if name == "id" and (rule.marks or (wanted == "team" and not rule.bare)):
                await show(database, caller, [str(value)])


async def _check_invite(request: Request) -> None:
    """Tell whoever held an invite what has become of it."""
    service = request.app.state.service
    cookie = request.cookies.get(cookie_name(service.settings, INVITE))
    shut = await shut_cookie(service.store.database, cookie) if cookie else None
    if shut is not None:
        raise shut


async def check_all(request: Request, interview_ids: Iterable[str], part: Part) -> None:
    """The same for interviews that a query names.

    Raises:
        NotFound: one is not there, or the caller has not this to do with it.
        TooEarly: a person is to mark one of them first.
    """
    database: Database = request.app.state.service.store.database
    for id_ in interview_ids:
        if part not in await _interview(database, caller_of(request), id_):
            raise NotFound(f"There is no interview {id_!r}.", "Look at its id again.")
    if part == "team":
        await _check_marked(database, interview_ids)
        await show(database, caller_of(request), set(interview_ids))


async def _check_marked(database: Database, interview_ids: Iterable[str]) -> None:
    """The machine's marks are shut while a person is to mark first."""
    async with database.read() as connection:
        for id_ in interview_ids:
            await check_shown(connection, id_)


def _check_part(request: Request, rule: Rule) -> Part | None:
    parts = parts_of(request)
    wanted = rule.part
    if wanted is None and request.query_params.get("for") == "team":
        wanted = "team"
    if wanted is not None and wanted not in parts:
        raise Forbidden("That is not for you to see or do.", "Ask the team that invited you.")
    return wanted


DECIDES = ("workspace_id", "mode", "screen_id", "invite_id", "user_id")
"""Columns of an interview that decide what somebody has to do with it."""


async def _interview(database: Database, caller: Caller, id_: str) -> frozenset[Part]:
    query = sa.select(*(interviews.c[name] for name in DECIDES)).where(interviews.c.id == id_)
    async with database.read() as connection:
        row = (await connection.execute(query)).one_or_none()
    parts = frozenset[Part]() if row is None else parts_in(caller, dict(row._mapping))
    if not parts:
        raise NotFound(f"There is no interview {id_!r}.", "Look at its id again.")
    return parts


def parts_in(caller: Caller, interview: Mapping[str, str | None]) -> frozenset[Part]:
    """What a caller has to do with an interview, given by its row; nothing: it is not theirs."""
    parts = set[Part]()
    if interview["invite_id"] is not None:
        own = interview["invite_id"] == caller.invite
    else:
        mine = interview["workspace_id"] == caller.workspace and caller.is_team
        own = mine and interview["user_id"] == caller.owner
    if own:
        parts.add("candidate")
    if interview["workspace_id"] == caller.workspace:
        shared = interview["mode"] == "screen"
        if caller.is_team and (shared or (own and interview["invite_id"] is None)):
            parts.add("team")
        if "viewer" in caller.roles and shared and interview["screen_id"] == caller.screen:
            parts.add("team")
    return frozenset(parts)


def _in_workspace(table: sa.Table, what: str) -> "Check":
    async def check(database: Database, caller: Caller, id_: str) -> frozenset[Part]:
        mine = (table.c.workspace_id == caller.workspace) & (table.c.id == id_)
        if "viewer" in caller.roles and not caller.is_team:
            mine &= table.c.id == caller.screen  # its link opens one screen and nothing else
        async with database.read() as connection:
            found = await connection.scalar(sa.select(sa.exists().where(mine)))
        if not found:
            raise NotFound(f"There is no such {what}.", "Look at its address again.")
        return frozenset({"team"} if caller.is_team or "viewer" in caller.roles else ())

    return check


Check = Callable[[Database, Caller, str], Awaitable[frozenset[Part]]]

OBJECTS: dict[str, Check] = {
    "id": _interview,
    "screen": _in_workspace(screens, "screen"),
    "invite": _in_workspace(invites, "invite"),
    "user": _in_workspace(users, "person"),
    "key": _in_workspace(api_keys, "key"),
    "link": _in_workspace(links, "link"),
    "set": _in_workspace(marking_sets, "marking set"),
}
"""What ids in a path are looked up in, by the parameter's name; kits are looked up by name in the
caller's own workspace."""
