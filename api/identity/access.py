"""Who may call what: every route stands in one table, and every id is looked at before it is used.

A route that is missing here is closed to all.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Literal, NamedTuple, cast

import sqlalchemy as sa
from fastapi import Request

from api.hiring.reviewing import check_open
from api.hiring.shut import shut_cookie
from api.hiring.tables import api_keys, invites, links, screens, users
from api.identity.caller import NOBODY, TEAM, Caller, Role
from api.tables import interviews
from knowledge.database import Database
from knowledge.errors import NotFound, VivaError

Part = Literal["candidate", "team"]
"""As what a caller has to do with an interview."""


class NotSignedIn(VivaError):
    """Nobody is known to ask, and the thing is not for everybody."""

    exit_status = 2


class Forbidden(VivaError):
    """Whoever asks may not do this."""

    exit_status = 2


class Rule(NamedTuple):
    """Who may call a route; `part` is what they must have to do with the interview in it."""

    roles: frozenset[Role]
    part: Part | None = None
    unmarked: bool = False
    """The team may call it even while a person is to mark the interview first."""
    marks: bool = False
    """It may tell marks, for whomever it is written: a candidate's report does once opened."""


ANYBODY = Rule(frozenset({"admin", "recruiter", "evaluator", "viewer", "candidate", "nobody"}))
ADMIN = Rule(frozenset({"admin"}))
RECRUITER = Rule(frozenset({"admin", "recruiter"}))
OF_TEAM = Rule(TEAM)
READS = Rule(TEAM | {"viewer"})
"""The team and a hiring manager with a link."""
RECRUITER_ON = Rule(RECRUITER.roles, "team")
TEAM_MARKS = Rule(TEAM, "team", unmarked=True)
READS_CARD = Rule(READS.roles, "team", unmarked=True)
"""What shows nothing of the machine's by itself, while it is to be marked by a person."""
TEAM_ON = Rule(TEAM, "team")
READS_ON = Rule(READS.roles, "team")
INVITED = Rule(frozenset({"candidate"}))
"""Whoever holds an invite; which one, their cookie says."""
INTERVIEWED = Rule(TEAM | {"candidate"}, "candidate")
"""Whose interview it is: a candidate's by invite, or one's own practice."""
EITHER = Rule(TEAM | {"viewer", "candidate"})
"""The candidate, or the team; what they see differs."""
EITHER_MARKS = Rule(EITHER.roles, marks=True)

ACCESS: dict[str, Rule] = {
    "GET /health": ANYBODY,
    "HEAD /health": ANYBODY,
    "GET /ready": ANYBODY,
    "GET /metrics": ADMIN,
    "GET /openapi.json": ANYBODY,
    "GET /static/{file}": ANYBODY,
    "GET /favicon.ico": ANYBODY,
    "GET /favicon.svg": ANYBODY,
    # The practice door asks for keys of its own.
    "POST /v1/chat/completions": ANYBODY,
    "GET /v1/models": ANYBODY,
    "GET /v1/models/{model:path}": ANYBODY,
    "* /v1/{rest:path}": ANYBODY,
    # Signing in.
    "GET /sign-in": ANYBODY,
    "POST /sign-in": ANYBODY,
    "POST /sign-out": ANYBODY,
    "GET /password": ANYBODY,
    "POST /password": ANYBODY,
    "POST /password/change": OF_TEAM,
    "GET /view": ANYBODY,
    "POST /view": ANYBODY,
    "GET /api/me": READS,
    # People, keys, and links for hiring managers.
    "GET /people": ADMIN,
    "POST /people": ADMIN,
    "POST /people/{user}/link": ADMIN,
    "POST /people/{user}/role": ADMIN,
    "POST /people/{user}/disable": ADMIN,
    "POST /people/{user}/enable": ADMIN,
    "GET /keys": ADMIN,
    "POST /keys": ADMIN,
    "POST /keys/{key}/revoke": ADMIN,
    "POST /screens/{screen}/links": RECRUITER,
    "POST /screens/{screen}/links/{link}/revoke": RECRUITER,
    # The candidate's own page.
    "GET /invite": ANYBODY,
    "POST /invite": ANYBODY,
    "GET /mine": INVITED,
    "POST /mine/begin": INVITED,
    "POST /mine/decline": INVITED,
    "POST /mine/return": INVITED,
    "POST /mine/ask": INVITED,
    # One's own data, records and settings.
    "GET /mine/export": INVITED,
    "GET /mine/erase": INVITED,
    "POST /mine/erase": INVITED,
    "GET /interviews/{id}/export": INTERVIEWED,
    "GET /interviews/{id}/erase": INTERVIEWED,
    "POST /interviews/{id}/erase": INTERVIEWED,
    "GET /invites/{invite}/data": RECRUITER,
    "GET /invites/{invite}/export": RECRUITER,
    "POST /invites/{invite}/erase": RECRUITER,
    "POST /invites/{invite}/hold": ADMIN,
    "POST /screens/{screen}/hold": ADMIN,
    "GET /records": ADMIN,
    "GET /records.csv": ADMIN,
    "GET /records.json": ADMIN,
    "POST /records/check": ADMIN,
    "GET /settings": ADMIN,
    "POST /settings": ADMIN,
    "POST /settings/retention": ADMIN,
    "POST /settings/hold": ADMIN,
    "POST /settings/caps": ADMIN,
    # Practice, and what one sees of kits.
    "GET /": Rule(TEAM | {"candidate"}),  # who leads the latter to their own page
    "GET /kits/{kit}": OF_TEAM,
    "GET /kits/{kit}/notice": OF_TEAM,
    "POST /kits": RECRUITER,
    "POST /interviews": OF_TEAM,
    "GET /api/kits": OF_TEAM,
    "GET /api/kits/{kit}": OF_TEAM,
    "GET /api/kits/{kit}/rehearsal": OF_TEAM,
    "POST /api/kits/{kit}/documents": RECRUITER,
    # The team's kits.
    "GET /library": OF_TEAM,
    "POST /library": RECRUITER,
    "GET /library/{kit}": OF_TEAM,
    "GET /library/{kit}/kit.yaml": OF_TEAM,
    "GET /library/{kit}/versions": OF_TEAM,
    "GET /library/{kit}/atoms": OF_TEAM,
    "POST /library/{kit}/atoms": RECRUITER,
    "GET /library/{kit}/add": RECRUITER,
    "POST /library/{kit}/add": RECRUITER,
    "POST /api/library": RECRUITER,
    "GET /api/uploads/{upload}": RECRUITER,
    "GET /api/library/{kit}": OF_TEAM,
    "PUT /api/library/{kit}/atoms": RECRUITER,
    "POST /api/library/{kit}/atoms": RECRUITER,
    "POST /api/library/{kit}/withdrawals": RECRUITER,
    # Interviews.
    "GET /interviews/{id}": INTERVIEWED,
    "GET /interviews/{id}/now": INTERVIEWED,
    "GET /interviews/{id}/report": EITHER_MARKS,
    "POST /interviews/{id}/contests": INTERVIEWED,
    "POST /interviews/{id}/contests/{number}/decision": RECRUITER_ON,
    "GET /compare": READS,
    "POST /api/interviews": OF_TEAM,
    "GET /api/interviews/{id}": EITHER,
    "POST /api/interviews/{id}/turns": INTERVIEWED,
    "POST /api/interviews/{id}/amend": INTERVIEWED,
    "GET /api/interviews/{id}/events": INTERVIEWED,
    "GET /api/interviews/{id}/transcript": EITHER,
    "GET /api/interviews/{id}/report": EITHER_MARKS,
    "POST /api/interviews/{id}/contests": INTERVIEWED,
    "GET /api/interviews/{id}/contests": EITHER_MARKS,
    "POST /api/interviews/{id}/contests/{number}/decision": RECRUITER_ON,
    "GET /api/contests": TEAM_ON,
    "GET /api/withdrawn": OF_TEAM,
    "GET /api/compare": READS,
    # Scorecards, and what waits for a person.
    "GET /scorecards/{id}": READS_CARD,
    "POST /scorecards/{id}/decisions": RECRUITER_ON,
    "POST /scorecards/{id}/overrides": RECRUITER_ON,
    "POST /scorecards/{id}/notes": TEAM_MARKS,
    "POST /scorecards/{id}/unread": TEAM_MARKS,
    "GET /reviews": OF_TEAM,
    "GET /reviews/{id}": TEAM_MARKS,
    "POST /reviews/{id}": TEAM_MARKS,
    "GET /api/scorecards/{id}": READS_CARD,
    "POST /api/scorecards/{id}/decisions": RECRUITER_ON,
    "POST /api/scorecards/{id}/overrides": RECRUITER_ON,
    "POST /api/scorecards/{id}/notes": TEAM_MARKS,
    "GET /api/reviews": OF_TEAM,
    "GET /api/reviews/{id}": TEAM_MARKS,
    "POST /api/reviews/{id}": TEAM_MARKS,
    # The table of a screen's candidates, and the webhook.
    "GET /settings/webhook": ADMIN,
    "POST /settings/webhook": ADMIN,
    "POST /settings/webhook/test": ADMIN,
    "GET /screens/{screen}/candidates": READS,
    "GET /screens/{screen}/candidates.csv": OF_TEAM,
    "GET /screens/{screen}/candidates.json": OF_TEAM,
    "GET /api/screens/{screen}/candidates": READS,
    # Screens and invites.
    "GET /screens": READS,
    "GET /screens/new": RECRUITER,
    "POST /screens/new": RECRUITER,
    "GET /screens/{screen}": READS,
    "GET /screens/{screen}/edit": RECRUITER,
    "POST /screens/{screen}/edit": RECRUITER,
    "GET /screens/{screen}/preview": OF_TEAM,
    "GET /screens/{screen}/open": RECRUITER,
    "POST /screens/{screen}/open": RECRUITER,
    "GET /screens/{screen}/close": RECRUITER,
    "POST /screens/{screen}/close": RECRUITER,
    "GET /screens/{screen}/invites": RECRUITER,
    "POST /screens/{screen}/invites": RECRUITER,
    "POST /screens/{screen}/invites/list": RECRUITER,
    "POST /screens/{screen}/invites/all": RECRUITER,
    "POST /screens/{screen}/invites/again": RECRUITER,
    "POST /screens/{screen}/invites/messages.csv": RECRUITER,
    "GET /screens/{screen}/invites/{invite}": RECRUITER,
    "POST /screens/{screen}/invites/{invite}/resend": RECRUITER,
    "POST /screens/{screen}/invites/{invite}/revoke": RECRUITER,
    "POST /screens/{screen}/invites/{invite}/time": RECRUITER,
    "GET /api/screens": READS,
    "POST /api/screens": RECRUITER,
    "GET /api/screens/{screen}": READS,
    "PUT /api/screens/{screen}": RECRUITER,
    "POST /api/screens/{screen}/open": RECRUITER,
    "POST /api/screens/{screen}/close": RECRUITER,
    "POST /api/screens/{screen}/invites": RECRUITER,
    "GET /api/screens/{screen}/invites": RECRUITER,
    "GET /api/invites/{invite}": RECRUITER,
    "POST /api/invites/{invite}/resend": RECRUITER,
    "POST /api/invites/{invite}/revoke": RECRUITER,
}
"""By method (* is any) and path, as the route has it."""


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
        TooEarly: a person is to mark the interview first.
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


async def _check_invite(request: Request) -> None:
    """Tell whoever held an invite what has become of it."""
    from api.identity.gate import INVITE, cookie_name

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


async def _check_marked(database: Database, interview_ids: Iterable[str]) -> None:
    """The machine's marks are shut while a person is to mark first."""
    async with database.read() as connection:
        for id_ in interview_ids:
            await check_open(connection, id_)


def _check_part(request: Request, rule: Rule) -> Part | None:
    parts = parts_of(request)
    wanted = rule.part
    if wanted is None and request.query_params.get("for") == "team":
        wanted = "team"
    if wanted is not None and wanted not in parts:
        raise Forbidden("That is not for you to see or do.", "Ask the team that invited you.")
    return wanted


async def _interview(database: Database, caller: Caller, id_: str) -> frozenset[Part]:
    columns = ("workspace_id", "mode", "screen_id", "invite_id", "user_id")
    query = sa.select(*(interviews.c[name] for name in columns)).where(interviews.c.id == id_)
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
}
"""What ids in a path are looked up in, by the parameter's name; kits are looked up by name in the
caller's own workspace."""
