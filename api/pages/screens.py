"""The recruiter's screens: the list, making and changing one, trying it, opening and closing it."""

import time
from dataclasses import replace
from typing import Any, Literal

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from agent.rehearsal import Rehearsal
from api.hiring.errors import Unfit
from api.hiring.messages import FIELDS, TEMPLATES
from api.hiring.on_screen import others_on
from api.hiring.outlook import outlook, room_for
from api.hiring.screen import MOST_ATTEMPTS, NewScreen, Screen, renamed
from api.hiring.screens import Counts, Screens, first_texts
from api.identity.access import caller_of
from api.identity.keys import Links
from api.identity.rules import RECRUITER
from api.pages.errors import Page
from api.pages.mine import about
from api.pages.screen_form import LABELS, Typed, read, typed_of, wish_of
from api.pages.team import team_page
from api.settings import language_model
from api.web.asking import service_of, workspace_of
from knowledge.atoms import LEVELS
from knowledge.errors import BadInput, NotFound, VivaError

router = APIRouter(route_class=Page, include_in_schema=False)


@router.get("/screens")
async def screens(request: Request) -> Response:
    """The screens there are, newest first; a hiring manager's link shows its own alone."""
    kept, workspace = _screens(request), workspace_of(request)
    found = await kept.of(workspace)
    if not caller_of(request).is_team:
        found = [each for each in found if each.id == caller_of(request).screen]
    counts = await kept.counts(workspace)
    rows = [(each, counts.get(each.id, Counts()), _stands(each)) for each in found]
    return _page(request, "screens.html", rows=rows, titles=await _titles(request))


@router.get("/screens/new")
async def new(request: Request, kit: str = "", like: str = "") -> Response:
    """Choose a kit, then say what the screen is to be."""
    kit, like = kit.replace("\0", ""), like.replace("\0", "")
    if like:
        old = await _screens(request).get(workspace_of(request), like)
        return await _form(request, typed_of(renamed(old, f"{old.title} (copy)"[:200])))
    if not kit:
        kits = await service_of(request).kits(workspace_of(request))
        return _page(request, "screen_kits.html", kits=[each for each in kits if each.subjects])
    outline = await service_of(request).outline(kit, workspace=workspace_of(request))
    texts = await first_texts(service_of(request).store.database, workspace_of(request))
    texts = replace(texts, company=texts.company or outline.company or "")
    wish = NewScreen(title=outline.title[:200], kit=kit, texts=texts)
    return await _form(request, typed_of(wish))


@router.post("/screens/new")
async def make(request: Request) -> Response:
    """Make a draft of what was typed; with `look`, only tell what fits."""
    async with request.form(max_files=0, max_fields=200) as form:
        typed, looks = read(form), "look" in form
    if looks:
        return await _form(request, typed)
    try:
        wish = wish_of(typed)
        await outlook(service_of(request).conductor, workspace_of(request), wish)
        screen = await _screens(request).make(caller_of(request), wish)
    except (BadInput, NotFound) as error:
        return await _form(request, typed, error)
    return RedirectResponse(f"/screens/{screen}", 303)


@router.get("/screens/{screen}")
async def one(request: Request, screen: str) -> Response:
    """A screen: what is asked and told, how far it has come, and what can be done next."""
    kept, workspace = _screens(request), workspace_of(request)
    found = await kept.get(workspace, screen)
    counts = (await kept.counts(workspace)).get(screen, Counts())
    links = await Links(service_of(request).store.database).of(workspace, screen)
    return _page(
        request,
        "screen.html",
        screen=found,
        counts=counts,
        stands=_stands(found),
        links=links,
        now=time.time(),
        titles=await _titles(request),
    )


@router.get("/screens/{screen}/edit")
async def edit(request: Request, screen: str) -> Response:
    """The form, with what the screen says now."""
    found = await _screens(request).get(workspace_of(request), screen)
    return await _form(request, typed_of(found), screen=found)


@router.post("/screens/{screen}/edit")
async def change(request: Request, screen: str) -> Response:
    """Change it; once it is open, only what changes nothing of what is asked."""
    async with request.form(max_files=0, max_fields=200) as form:
        typed, looks = read(form), "look" in form
    found = await _screens(request).get(workspace_of(request), screen)
    if looks:
        return await _form(request, typed, screen=found)
    try:
        wish = wish_of(typed, None if found.status == "draft" else found)
        if found.status == "draft":
            await outlook(service_of(request).conductor, workspace_of(request), wish)
        await _screens(request).change(caller_of(request), screen, wish)
    except (BadInput, NotFound) as error:
        return await _form(request, typed, error, screen=found)
    return RedirectResponse(f"/screens/{screen}", 303)


@router.get("/screens/{screen}/preview")
async def preview(request: Request, screen: str) -> Response:
    """What a candidate reads and is told first; nothing of it is recorded."""
    service = service_of(request)
    found = await _screens(request).get(workspace_of(request), screen)
    foreseen = await outlook(service.conductor, workspace_of(request), found)
    told = await about(service, found)
    minutes = found.minutes
    return _page(request, "screen_preview.html", foreseen=foreseen, minutes=minutes, **told)


@router.get("/screens/{screen}/open")
async def before_opening(request: Request, screen: str) -> Response:
    """The rehearsal, what is fixed from here on, and the button."""
    found = await _screens(request).get(workspace_of(request), screen)
    if found.status != "draft":
        return RedirectResponse(f"/screens/{screen}", 303)
    return await _opening(request, screen)


@router.post("/screens/{screen}/open")
async def open_(request: Request, screen: str) -> Response:
    """Open it."""
    found = await _screens(request).get(workspace_of(request), screen)
    try:
        await outlook(service_of(request).conductor, workspace_of(request), found)
        await _screens(request).open(caller_of(request), screen)
    except BadInput as error:
        return await _opening(request, screen, error)
    return RedirectResponse(f"/screens/{screen}/invites", 303)


@router.get("/screens/{screen}/close")
async def before_closing(request: Request, screen: str) -> Response:
    """What closing does, who is still in an interview, and the button."""
    found = await _screens(request).get(workspace_of(request), screen)
    counts = (await _screens(request).counts(workspace_of(request))).get(screen, Counts())
    service = service_of(request)
    return _page(
        request,
        "screen_close.html",
        screen=found,
        counts=counts,
        others=await others_on(service.store.database, found),
        days=service.settings.expire_days,
    )


@router.post("/screens/{screen}/close")
async def close(request: Request, screen: str) -> Response:
    """Close it."""
    await _screens(request).close(caller_of(request), screen)
    return RedirectResponse(f"/screens/{screen}", 303)


async def _form(
    request: Request, typed: Typed, error: VivaError | None = None, *, screen: Screen | None = None
) -> HTMLResponse:
    """The form as it was typed; `screen` where one is changed."""
    service = service_of(request)
    kits = [each for each in await service.kits(workspace_of(request)) if each.subjects]
    try:
        outline = await service.outline(typed["kit"], workspace=workspace_of(request))
    except NotFound:
        outline = None
    return _page(
        request,
        "screen_edit.html",
        422 if error else 200,
        typed=typed,
        screen=screen,
        fixed=screen is not None and screen.status != "draft",
        kits=kits,
        topics=outline.topics if outline else [],
        room=await _room(request, typed),
        levels=LEVELS,
        model=language_model(service.settings),
        most_attempts=MOST_ATTEMPTS,
        default_message=TEMPLATES["practice" if typed["mode"] == "practice" else "screen"],
        names=FIELDS,
        error=error,
        field=_field(error),
        labels=LABELS,
    )


def _field(error: VivaError | None) -> str:
    if isinstance(error, Unfit):
        return error.field
    return "kit" if isinstance(error, NotFound) else ""


async def _room(request: Request, typed: Typed) -> tuple[int, bool] | None:
    """How many competencies the typed minutes hold; None where they are no number."""
    try:
        wish = wish_of(typed)
        if not 5 <= wish.minutes <= 240:
            return None
        return await room_for(service_of(request).conductor, workspace_of(request), wish)
    except (BadInput, NotFound):
        return None


async def _opening(request: Request, screen: str, error: BadInput | None = None) -> HTMLResponse:
    found = await _screens(request).get(workspace_of(request), screen)
    rehearsal, refused = await _rehearsal(request, found)
    return _page(
        request,
        "screen_open.html",
        422 if error else 200,
        screen=found,
        others=await others_on(service_of(request).store.database, found),
        served=service_of(request).settings.secret is not None,
        rehearsal=rehearsal,
        error=error or refused,
    )


async def _rehearsal(request: Request, screen: Screen) -> tuple[Rehearsal | None, BadInput | None]:
    by: Literal["local", "model"] = "local" if screen.examiner == "local" else "model"
    try:
        return await service_of(request).rehearse(
            screen.kit,
            screen.level,
            screen.minutes,
            screen.subjects,
            by,
            workspace=workspace_of(request),
        ), None
    except NotFound as error:  # the kit has changed since the draft was made
        return None, Unfit("subjects", error.message, error.remedy)
    except BadInput as error:
        return None, error


def _stands(screen: Screen) -> str:
    """Its status, with what its dates add."""
    now = time.time()
    if screen.status == "open" and screen.opens is not None and now < screen.opens:
        return "opens later"
    if screen.status == "open" and screen.closes is not None and screen.closes <= now:
        return "past its time"
    return screen.status


async def _titles(request: Request) -> dict[str, str]:
    """What the kits are called, by name."""
    return {each.name: each.title for each in await service_of(request).kits(workspace_of(request))}


def _screens(request: Request) -> Screens:
    return Screens(service_of(request).store.database)


def _page(request: Request, template: str, status: int = 200, **context: Any) -> HTMLResponse:
    """A page of the team that knows whether its reader may change anything."""
    caller = caller_of(request)
    recruits = caller.is_any(RECRUITER.roles) and caller.writes
    return team_page(request, template, status, recruits=recruits, **context)
