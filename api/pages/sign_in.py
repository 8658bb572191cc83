"""Signing in with an account: a session on the server, and a cookie that says nothing else."""

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel
from starlette.background import BackgroundTask

from api.hiring.limits import limits_of
from api.identity.access import caller_of
from api.identity.accounts import LONGEST_ADDRESS, Accounts, User
from api.identity.caller import Role
from api.identity.sessions import Sessions, folded
from api.pages.cookies import forget, let_in
from api.pages.errors import Page
from api.pages.rendering import render
from api.pages.returning import SIGN_IN, own_path
from api.web.asking import service_of

router = APIRouter(route_class=Page, include_in_schema=False)
told = APIRouter(prefix="/api", tags=["accounts"])


class Me(BaseModel):
    """Who asks, as Viva knows them."""

    name: str
    roles: list[Role]
    workspace: str
    screen: str | None
    """The one screen that a link opens."""
    writes: bool


@told.get("/me")
async def me(request: Request) -> Me:
    """Whose key, link or session this is, and what it may do."""
    caller = caller_of(request)
    return Me(
        name=caller.name,
        roles=sorted(caller.roles),
        workspace=caller.workspace or "",
        screen=caller.screen,
        writes=caller.writes,
    )


@router.get(SIGN_IN)
async def ask(request: Request, next: str = "", done: str = "") -> Response:
    """The form; whoever has signed in already goes on."""
    caller, service = caller_of(request), service_of(request)
    if caller.is_local or (caller.user and next):
        return RedirectResponse(own_path(next), 303)
    anybody = await Accounts(service.store.database).any()
    return _form(
        200, next=next, done=done, name=caller.name if caller.user else "", new=not anybody
    )


@router.post(SIGN_IN)
async def take(request: Request) -> Response:
    """Let in whoever has an account and knows its password; the session is always a new one."""
    async with request.form(max_files=0, max_fields=4) as form:
        email, password, next_ = (str(form.get(each, "")) for each in ("email", "password", "next"))
    limits_of(request).take("account", folded(email)[:LONGEST_ADDRESS])
    sessions = Sessions(service_of(request).store.database)
    agent, before = request.headers.get("user-agent", ""), caller_of(request).session
    token = await sessions.sign_in(email, password, agent, before)
    if token is None:
        wrong = _form(401, next=next_, email=email[:LONGEST_ADDRESS], wrong=True)
        # Afterwards, so that it takes as long for an address that nobody has.
        wrong.background = BackgroundTask(sessions.note_failure, email)
        return wrong
    limits_of(request).forget("account", folded(email)[:LONGEST_ADDRESS])
    response = RedirectResponse(own_path(next_) if next_ else "/screens", 303)
    let_in(request, response, token)
    return response


@router.post("/sign-out")
async def leave(request: Request) -> Response:
    """End the session on the server, and forget its cookie; a link's cookie too."""
    await Sessions(service_of(request).store.database).sign_out(caller_of(request))
    response = RedirectResponse(f"{SIGN_IN}?{urlencode({'done': 'out'})}", 303)
    forget(request, response)
    return response


def set_for(user: User | None) -> Response:
    """The form after somebody set a password by link, which says whose account it is."""
    email = user.email if user else ""
    return _form(200, next="", done="password", email=email, whose=user)


def _form(
    status: int,
    *,
    next: str,
    done: str = "",
    email: str = "",
    name: str = "",
    wrong: bool = False,
    new: bool = False,
    whose: User | None = None,
) -> Response:
    path = own_path(next)
    context: dict[str, Any] = {
        "done": done,
        "email": email,
        "name": name,
        "wrong": wrong,
        "new": new,
    }
    context["whose"] = whose
    return render("sign_in.html", status, next="" if path == "/" else path, **context)
