"""Links with which a hiring manager reads one screen: made and revoked, and opened."""

import time

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api.hiring.screens import Screens
from api.identity.access import caller_of
from api.identity.gate import VIEW
from api.identity.keys import Links
from api.pages.addresses import secret_address
from api.pages.cookies import keep
from api.pages.errors import Page
from api.pages.rendering import render
from api.pages.team import team_page
from api.web.asking import service_of, workspace_of

router = APIRouter(route_class=Page, include_in_schema=False)


@router.get("/view")
async def ask() -> Response:
    """Takes the secret from the fragment and sends it on; without scripts it can be pasted."""
    return render("view.html", wrong="")


@router.post("/view")
async def enter(request: Request) -> Response:
    """Swap a link for a cookie that ends with it, and lead to its screen."""
    async with request.form(max_files=0, max_fields=2) as form:
        token = str(form.get("token", "")).strip().rpartition("#")[2]
    caller = caller_of(request)
    link = await Links(service_of(request).store.database).enter(token)
    if link is None:
        return render("view.html", 401, wrong="This link opens nothing any more.")
    if caller.is_team and caller.workspace != link.workspace_id:
        return render("view.html", 403, wrong=f"You are signed in as {caller.name}, elsewhere.")
    response = RedirectResponse(f"/screens/{link.screen_id}/candidates", 303)
    keep(request, response, VIEW, token, link.until - time.time())
    return response


@router.post("/screens/{screen}/links")
async def make(request: Request, screen: str) -> Response:
    """Make a link. Fields: `name` (for whom) and `days`. It is shown once."""
    async with request.form(max_files=0, max_fields=4) as form:
        name, days = str(form.get("name", "")), str(form.get("days", ""))
    service, caller = service_of(request), caller_of(request)
    found = await Screens(service.store.database).get(workspace_of(request), screen)
    lasts = float(days) if days.isascii() and days.isdigit() and len(days) < 4 else 0.0
    token = await Links(service.store.database).to_view(caller, screen, name, lasts)
    address = secret_address(request, "/view", token)
    return team_page(
        request, "screen_link.html", 201, screen=found, name=name.strip(), address=address
    )


@router.post("/screens/{screen}/links/{link}/revoke")
async def revoke(request: Request, screen: str, link: str) -> Response:
    """From now on it opens nothing, nor does a cookie it was swapped for."""
    await Links(service_of(request).store.database).revoke(caller_of(request), screen, link)
    return RedirectResponse(f"/screens/{screen}#links", 303)
