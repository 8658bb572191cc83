"""The people of a workspace: who is there, as what, and links to set their passwords."""

from collections.abc import Mapping

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.hiring.tables import audit
from api.identity.access import caller_of
from api.identity.accounts import TEAM_ROLES, Accounts, TeamRole, User
from api.identity.keys import PASSWORD_DAYS, Links
from api.pages.addresses import secret_address
from api.pages.errors import Page
from api.pages.team import team_page
from api.web.asking import service_of, workspace_of
from knowledge.database import Database
from knowledge.errors import BadInput

router = APIRouter(route_class=Page, include_in_schema=False)

ROLES: Mapping[TeamRole, str] = {
    "admin": "runs the workspace: people, keys, settings, records, and all that recruiters do",
    "recruiter": "makes kits and screens, invites, reads, overrides and decides",
    "evaluator": "reads scorecards, marks, reviews and takes notes",
}
AT_THE_DOOR = ("signed in", "signed out", "failed to sign in")


@router.get("/people")
async def people(request: Request) -> Response:
    """Who is there."""
    return await _page(request)


@router.post("/people")
async def add(request: Request) -> Response:
    """Add somebody. Fields: `name`, `email`, `role`. The link for their password is shown once."""
    _check_served(request)
    async with request.form(max_files=0, max_fields=4) as form:
        typed = {each: str(form.get(each, "")) for each in ("name", "email", "role")}
    caller, database = caller_of(request), service_of(request).store.database
    accounts, workspace = Accounts(database), workspace_of(request)
    try:
        id_ = await accounts.add(
            typed["email"],
            name=typed["name"],
            role=_role(typed["role"]),
            workspace=workspace,
            by=caller,
        )
    except BadInput as error:
        return await _page(request, 422, error=error, typed=typed)
    return await _with_link(request, await accounts.get(workspace, id_), 201)


@router.post("/people/{user}/link")
async def new_link(request: Request, user: str) -> Response:
    """A new link for somebody who has no password yet, or forgot it; older ones end."""
    _check_served(request)
    accounts = Accounts(service_of(request).store.database)
    return await _with_link(request, await accounts.get(workspace_of(request), user), 201)


@router.post("/people/{user}/role")
async def change_role(request: Request, user: str) -> Response:
    """Give another role; it holds from their next click on."""
    async with request.form(max_files=0, max_fields=2) as form:
        role = str(form.get("role", ""))
    return await _changed(request, user, role=_role(role))


@router.post("/people/{user}/disable")
async def disable(request: Request, user: str) -> Response:
    """They are signed out everywhere, and cannot sign in."""
    return await _changed(request, user, disabled=True)


@router.post("/people/{user}/enable")
async def enable(request: Request, user: str) -> Response:
    """They can sign in again."""
    return await _changed(request, user, disabled=False)


async def _changed(
    request: Request, user: str, *, role: TeamRole | None = None, disabled: bool | None = None
) -> Response:
    _check_served(request)
    caller, accounts = caller_of(request), Accounts(service_of(request).store.database)
    try:
        await accounts.change(workspace_of(request), user, role=role, disabled=disabled, by=caller)
    except BadInput as error:
        return await _page(request, 422, refused=error)
    return RedirectResponse(f"/people#user-{user}", 303)


async def _with_link(request: Request, user: User, status: int) -> Response:
    if user.disabled is not None:
        raise BadInput("This account is disabled.", "Enable it first.")
    links = Links(service_of(request).store.database)
    token = await links.to_set_password(caller_of(request), user)
    address = secret_address(request, "/password", token)
    return await _page(request, status, made=user, address=address)


async def _page(
    request: Request,
    status: int = 200,
    *,
    error: BadInput | None = None,
    refused: BadInput | None = None,
    typed: Mapping[str, str] | None = None,
    made: User | None = None,
    address: str = "",
) -> HTMLResponse:
    database, workspace = service_of(request).store.database, workspace_of(request)
    changed, signed_in = await last_changes(database, workspace)
    return team_page(
        request,
        "people.html",
        status,
        served=service_of(request).settings.secret is not None,
        people=await Accounts(database).of(workspace),
        changed=changed,
        signed_in=signed_in,
        roles=ROLES,
        days=int(PASSWORD_DAYS),
        error=error,
        refused=refused,
        typed=typed or {"name": "", "email": "", "role": "recruiter"},
        made=made,
        address=address,
    )


async def last_changes(
    database: Database, workspace: str
) -> tuple[dict[str, tuple[str, float]], dict[str, float]]:
    """By person: what was changed last and when, and when they signed in last."""
    newest = (
        sa.select(audit.c.object, audit.c.action, sa.func.max(audit.c.at).label("at"))
        .where((audit.c.workspace_id == workspace) & audit.c.object.like("user:%"))
        .group_by(audit.c.object, audit.c.action)
        .order_by(sa.text("at"))
    )
    changed, signed_in = dict[str, tuple[str, float]](), dict[str, float]()
    async with database.read() as connection:
        for about, action, at in await connection.execute(newest):
            user = about.removeprefix("user:")
            if action not in AT_THE_DOOR:
                changed[user] = (action, at)
            elif action == "signed in":
                signed_in[user] = at
    return changed, signed_in


def _role(text: str) -> TeamRole:
    if text not in TEAM_ROLES:
        raise BadInput(f"{text[:40]!r} is no role.", f"Choose {', '.join(TEAM_ROLES)}.")
    return text


def _check_served(request: Request) -> None:
    if service_of(request).settings.secret is None:
        raise BadInput(
            "Viva runs for this machine alone, so there is one user.",
            "To serve a team, set VIVA_SECRET and add an account: viva account add.",
        )
