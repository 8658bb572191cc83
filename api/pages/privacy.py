"""A person's own data: a copy of all of it, and having it erased; by them, or by the team."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api.hiring.erasing import Erased, Erasing
from api.hiring.exporting import as_zip, of_interview, of_invite
from api.hiring.holds import OnHold, holds_of, set_hold
from api.hiring.invites import Invites
from api.hiring.screens import Screens
from api.hiring.sittings import Sittings
from api.identity.access import caller_of
from api.identity.gate import INVITE, cookie_name, is_https
from api.pages.errors import Page
from api.pages.rendering import render
from api.pages.team import team_page
from api.records import Json
from api.web.asking import service_of, workspace_of
from knowledge.errors import BadInput, VivaError

NOT_TICKED = BadInput(
    "Nothing was erased: the box is not ticked.", "Tick it if you want all of it to be erased."
)

router = APIRouter(route_class=Page, include_in_schema=False)


@router.get("/mine/export")
async def export_mine(request: Request) -> Response:
    """All that is kept of the candidate, as a ZIP."""
    return _file(await of_invite(service_of(request), _invite(request)), "viva-my-data")


@router.get("/mine/erase")
async def before_erasing(request: Request) -> Response:
    """What erasing means."""
    return await _mine_page(request)


@router.post("/mine/erase")
async def erase_mine(request: Request) -> Response:
    """Erase the candidate, if the box is ticked (`sure`)."""
    if not await _is_sure(request):
        return await _mine_page(request, NOT_TICKED)
    try:
        gone = await _erasing(request).invite(caller_of(request), _invite(request))
    except OnHold as held:
        return await _mine_page(request, held)
    response = _gone(request, gone)
    settings = service_of(request).settings
    name = cookie_name(settings, INVITE)
    response.delete_cookie(name, httponly=True, samesite="lax", secure=is_https(settings))
    response.headers["Clear-Site-Data"] = '"storage"'  # drafts and codes that the browser keeps
    return response


@router.get("/interviews/{id}/export")
async def export_own(id: str, request: Request) -> Response:
    """All that is kept of an interview of one's own; whoever was invited gets all of theirs."""
    service = service_of(request)
    if (await service.store.load(id)).invite_id is not None:
        return RedirectResponse("/mine/export", 303)
    return _file(await of_interview(service, id), f"viva-{id}")


@router.get("/interviews/{id}/erase")
async def before_erasing_own(id: str, request: Request) -> Response:
    """What erasing an interview of one's own means."""
    if (await service_of(request).store.load(id)).invite_id is not None:
        return RedirectResponse("/mine/erase", 303)
    return _own_page(id)


@router.post("/interviews/{id}/erase")
async def erase_own(id: str, request: Request) -> Response:
    """Erase an interview of one's own, if the box is ticked (`sure`)."""
    if not await _is_sure(request):
        return _own_page(id, NOT_TICKED)
    try:
        return _gone(request, await _erasing(request).interview(caller_of(request), id))
    except OnHold as held:
        return _own_page(id, held)


@router.get("/invites/{invite}/data")
async def personal_data(invite: str, request: Request) -> Response:
    """What the team can do for somebody: give them a copy, erase them, or keep them from it."""
    return await _team_page(request, invite)


@router.get("/invites/{invite}/export")
async def export_for_them(invite: str, request: Request) -> Response:
    """All that is kept of somebody, for the team to hand on."""
    told = await of_invite(service_of(request), invite, for_team=True)
    return _file(told, f"viva-{invite}")


@router.post("/invites/{invite}/erase")
async def erase_them(invite: str, request: Request) -> Response:
    """Erase somebody, if the box is ticked (`sure`)."""
    if not await _is_sure(request):
        return await _team_page(request, invite, NOT_TICKED)
    screen = (await _invites(request).get(workspace_of(request), invite)).screen_id
    try:
        await _erasing(request).invite(caller_of(request), invite)
    except OnHold as held:
        return await _team_page(request, invite, held)
    service_of(request).retention.soon()
    return RedirectResponse(f"/screens/{screen}/candidates", 303)


@router.post("/invites/{invite}/hold")
async def hold_them(invite: str, request: Request) -> Response:
    """Put somebody on legal hold (`on` is `yes`), or end it."""
    async with request.form(max_files=0, max_fields=4) as form:
        on = form.get("on") == "yes"
    database = service_of(request).store.database
    await set_hold(database, caller_of(request), "invite", invite, on)
    service_of(request).retention.soon()
    return RedirectResponse(f"/invites/{invite}/data", 303)


async def _mine_page(request: Request, error: VivaError | None = None) -> Response:
    service = service_of(request)
    screen = (await Sittings(service).place(_invite(request))).screen
    status = 422 if error else 200
    return render("erase.html", status, screen=screen, action="/mine/erase", error=error)


def _own_page(interview: str, error: VivaError | None = None) -> Response:
    action = f"/interviews/{interview}/erase"
    return render("erase.html", 422 if error else 200, screen=None, action=action, error=error)


async def _team_page(request: Request, invite: str, error: VivaError | None = None) -> Response:
    database, workspace = service_of(request).store.database, workspace_of(request)
    found = await _invites(request).get(workspace, invite)
    holds = await holds_of(database, workspace)
    return team_page(
        request,
        "personal_data.html",
        422 if error else 200,
        invite=found,
        screen=await Screens(database).get(workspace, found.screen_id),
        held=holds.on(found.screen_id, invite),
        error=error,
    )


def _gone(request: Request, gone: Erased) -> Response:
    """The last page of somebody erased: their receipt."""
    service_of(request).retention.soon()
    return render("erased.html", gone=gone)


def _file(told: Json, name: str) -> Response:
    disposition = f'attachment; filename="{name}.zip"'
    headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
    return Response(as_zip(told), media_type="application/zip", headers=headers)


async def _is_sure(request: Request) -> bool:
    async with request.form(max_files=0, max_fields=4) as form:
        return form.get("sure") == "yes"


def _erasing(request: Request) -> Erasing:
    return Erasing(service_of(request).store.database)


def _invites(request: Request) -> Invites:
    return Invites(service_of(request).store.database)


def _invite(request: Request) -> str:
    invite = caller_of(request).invite
    assert invite is not None  # the table of access says so
    return invite
