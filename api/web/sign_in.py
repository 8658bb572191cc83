"""The secret in a browser: typed once, kept as a cookie that says nothing else."""

import hmac

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.pages.rendering import render
from api.web.guard import COOKIE, SIGN_IN, cookie_for
from api.web.interviews import service_of

router = APIRouter(include_in_schema=False)

WEEK = 7 * 86_400


@router.get(SIGN_IN)
async def ask() -> Response:
    """The form."""
    return render("sign_in.html", wrong=False)


@router.post(SIGN_IN)
async def take(request: Request) -> Response:
    """Let in whoever knows the secret."""
    settings = service_of(request).settings
    async with request.form(max_files=0, max_fields=2) as form:
        given = str(form.get("secret", ""))
    secret = settings.secret.get_secret_value() if settings.secret else ""
    if not secret or not hmac.compare_digest(given.encode(), secret.encode()):
        return render("sign_in.html", 401, wrong=True)
    response = RedirectResponse("/", 303)
    secure = request.url.scheme == "https" or (settings.origin or "").startswith("https:")
    response.set_cookie(
        COOKIE, cookie_for(secret), max_age=WEEK, httponly=True, samesite="lax", secure=secure
    )
    return response
