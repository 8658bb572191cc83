"""The password page: set it by the link one was given, or change one's own."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api.hiring.limits import limits_of
from api.identity.access import caller_of
from api.identity.keys import Links
from api.identity.passwords import SHORTEST_PASSWORD
from api.identity.sessions import Sessions
from api.pages.cookies import let_in
from api.pages.errors import Page
from api.pages.rendering import render
from api.pages.sign_in import set_for
from api.web.asking import service_of
from knowledge.errors import BadInput

router = APIRouter(route_class=Page, include_in_schema=False)

OVER = BadInput(
    "This link opens nothing any more: it was used, it is too old, or a newer one was made.",
    "Ask an admin of your team for a new one.",
)
OTHERWISE = BadInput("The two passwords are not the same.", "Type the new one twice.")
WRONG = BadInput("That is not your password now.", "Type the one you sign in with.")


@router.get("/password")
async def ask(request: Request, done: str = "") -> Response:
    """Both forms; a link's secret comes in the fragment, which no server sees."""
    return _page(request, 200, done=bool(done))


@router.post("/password")
async def set_by_link(request: Request) -> Response:
    """Set the password that the link is for; then they sign in with it."""
    async with request.form(max_files=0, max_fields=4) as form:
        token, new, again = (str(form.get(each, "")) for each in ("token", "new", "again"))
    links = Links(service_of(request).store.database)
    try:
        if new != again:
            raise OTHERWISE
        secret = token.strip().rpartition("#")[2]
        if not await links.set_password(secret, new):
            raise OVER
    except BadInput as error:
        return _page(request, 401 if error is OVER else 422, error=error, token=token)
    return set_for(await links.whose(secret))


@router.post("/password/change")
async def change(request: Request) -> Response:
    """Change one's own; every other session ends, this one is a new one."""
    caller = caller_of(request)
    if caller.user is None:
        raise BadInput("You have no account here.", "Sign in with one.")
    async with request.form(max_files=0, max_fields=4) as form:
        old, new, again = (str(form.get(each, "")) for each in ("old", "new", "again"))
    limits_of(request).take("account", caller.user)
    sessions = Sessions(service_of(request).store.database)
    try:
        if new != again:
            raise OTHERWISE
        agent = request.headers.get("user-agent", "")
        token = await sessions.change_own_password(caller, old, new, agent)
        if token is None:
            raise WRONG
    except BadInput as error:
        return _page(request, 422, own_error=error)
    response = RedirectResponse("/password?done=yes", 303)
    let_in(request, response, token)
    return response


def _page(
    request: Request,
    status: int,
    *,
    error: BadInput | None = None,
    own_error: BadInput | None = None,
    token: str = "",
    done: bool = False,
) -> Response:
    caller = caller_of(request)
    return render(
        "password.html",
        status,
        name=caller.name if caller.user else "",
        error=error,
        own_error=own_error,
        token=token,
        done=done,
        shortest=SHORTEST_PASSWORD,
    )
