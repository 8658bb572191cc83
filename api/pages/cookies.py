"""The cookies that let somebody of the team, or a hiring manager with a link, in."""

from fastapi import Request, Response

from api.identity.gate import SESSION, VIEW, cookie_name, is_https
from api.identity.sessions import SESSION_LASTS
from api.web.asking import service_of


def let_in(request: Request, response: Response, token: str) -> None:
    """Give the browser a session's cookie; it says nothing but that it is this session's."""
    keep(request, response, SESSION, token, SESSION_LASTS)


def keep(request: Request, response: Response, name: str, token: str, seconds: float) -> None:
    """Give the browser a cookie that no script reads and no other site sends along."""
    settings = service_of(request).settings
    response.set_cookie(
        cookie_name(settings, name),
        token,
        max_age=int(seconds),
        httponly=True,
        samesite="lax",
        secure=is_https(settings),
    )


def forget(request: Request, response: Response) -> None:
    """Take both cookies back; a candidate's own stays."""
    settings = service_of(request).settings
    for name in (SESSION, VIEW):
        response.delete_cookie(
            cookie_name(settings, name), httponly=True, samesite="lax", secure=is_https(settings)
        )
