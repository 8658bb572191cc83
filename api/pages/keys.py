"""API keys of a workspace: made, shown once, revoked."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.identity.access import caller_of
from api.identity.keys import KEY_ROLES, KeyRole, Keys
from api.pages.addresses import origin_of
from api.pages.errors import Page
from api.pages.team import team_page
from api.web.asking import service_of, workspace_of
from knowledge.errors import BadInput

router = APIRouter(route_class=Page, include_in_schema=False)


@router.get("/keys")
async def keys(request: Request) -> Response:
    """The keys there are."""
    return await _page(request)


@router.post("/keys")
async def make(request: Request) -> Response:
    """Make one. Fields: `name`, `role`, `may` (read or write). Its secret is shown once."""
    async with request.form(max_files=0, max_fields=4) as form:
        typed = {each: str(form.get(each, "")) for each in ("name", "role", "may")}
    service = service_of(request)
    try:
        if service.settings.secret is None:
            raise BadInput("No key is needed on this machine alone.", "Serve a team first.")
        _, secret = await Keys(service.store.database).make(
            caller_of(request), typed["name"], _role(typed["role"]), writes=typed["may"] == "write"
        )
    except BadInput as error:
        return await _page(request, 422, error=error, typed=typed)
    return await _page(request, 201, secret=secret)


@router.post("/keys/{key}/revoke")
async def revoke(request: Request, key: str) -> Response:
    """From now on it opens nothing."""
    await Keys(service_of(request).store.database).revoke(caller_of(request), key)
    return RedirectResponse("/keys#there", 303)


async def _page(
    request: Request,
    status: int = 200,
    *,
    error: BadInput | None = None,
    typed: dict[str, str] | None = None,
    secret: str = "",
) -> HTMLResponse:
    service = service_of(request)
    return team_page(
        request,
        "keys.html",
        status,
        served=service.settings.secret is not None,
        keys=await Keys(service.store.database).of(workspace_of(request)),
        origin=origin_of(request),
        error=error,
        typed=typed or {"name": "", "role": "evaluator", "may": "read"},
        secret=secret,
    )


def _role(text: str) -> KeyRole:
    if text not in KEY_ROLES:
        raise BadInput(f"{text[:40]!r} is no role of a key.", f"Choose {' or '.join(KEY_ROLES)}.")
    return text
