"""Signing in with an account: a session on the server, and a cookie that says nothing else."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.identity.accounts import SESSION_LASTS, Accounts
from api.identity.gate import SESSION, cookie_name, is_https
from api.pages.errors import SIGN_IN
from api.pages.rendering import render
from api.web.interviews import service_of

router = APIRouter(include_in_schema=False)


@router.get(SIGN_IN)
async def ask() -> Response:
    """The form."""
    return render("sign_in.html", wrong=False)


@router.post(SIGN_IN)
async def take(request: Request) -> Response:
    """Let in whoever has an account and knows its password; the session is always a new one."""
    service = service_of(request)
    async with request.form(max_files=0, max_fields=4) as form:
        email, password = str(form.get("email", "")), str(form.get("password", ""))
    agent = request.headers.get("user-agent", "")
    token = await Accounts(service.store.database).sign_in(email, password, agent)
    if token is None:
        return render("sign_in.html", 401, wrong=True)
    response = RedirectResponse("/", 303)
    response.set_cookie(
        cookie_name(service.settings, SESSION),
        token,
        max_age=int(SESSION_LASTS),
        httponly=True,
        samesite="lax",
        secure=is_https(service.settings),
    )
    return response
