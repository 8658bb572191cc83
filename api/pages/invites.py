"""Inviting people to a screen: one or many, again, or not any more. Viva sends nothing."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.hiring.csv_people import MOST_CSV, People, canonical, factor, read_people
from api.hiring.invite import LASTS, Invite, NewInvite
from api.hiring.invites import AT_A_TIME, Invites
from api.hiring.messages import as_csv, message
from api.hiring.screens import Screen, Screens
from api.identity.access import caller_of
from api.pages.addresses import secret_address
from api.pages.errors import Page
from api.pages.forms import text_in
from api.pages.invite_form import FORM, days_of, list_in, wish_of
from api.pages.team import team_page
from api.web.asking import service_of, workspace_of
from knowledge.errors import BadInput, NotFound

SHOWN = 20
"""Messages, people or wrong lines on one page; the rest is in the download, or comes after."""

STANDS = {
    "sent": "not opened",
    "opened": "opened",
    "declined": "declined",
    "expired": "ran out",
    "revoked": "revoked",
    "erased": "erased",
}

router = APIRouter(route_class=Page, include_in_schema=False)


@router.get("/screens/{screen}/invites")
async def invites(request: Request, screen: str, q: str = "", page: int = 1) -> Response:
    """Who is invited, and the forms to invite more."""
    return await _list(request, screen, q=q[:200].replace("\0", ""), page=page)


@router.post("/screens/{screen}/invites")
async def invite_one(request: Request, screen: str) -> Response:
    """Invite one person, and show their link this once."""
    async with request.form(max_files=0, max_fields=10) as form:
        typed = {name: text_in(form, name) for name in FORM}
    try:
        return await _invited(request, screen, [wish_of(typed)])
    except BadInput as error:
        return await _list(request, screen, error=error, typed=typed)


@router.post("/screens/{screen}/invites/list")
async def understand(request: Request, screen: str) -> Response:
    """Show what is understood of a list of people; nobody is invited yet."""
    async with request.form(max_files=1, max_fields=5, max_part_size=MOST_CSV) as form:
        file, days = await list_in(form), text_in(form, "days")
    try:
        people = await asyncio.to_thread(read_people, file)
        return await _checked(request, screen, people, days_of(days))
    except BadInput as error:
        return await _list(request, screen, list_error=error, typed={"days": days})


@router.post("/screens/{screen}/invites/all")
async def invite_all(request: Request, screen: str) -> Response:
    """Invite everybody of a list that was looked at: all of them, or nobody."""
    async with request.form(max_files=0, max_fields=5, max_part_size=2 * MOST_CSV) as form:
        file = str(form.get("people", "")).encode()
        days, skips = days_of(text_in(form, "days")), "skip" in form
    people = await asyncio.to_thread(read_people, file)
    known = await _invites(request).known(workspace_of(request), screen) if skips else set()
    wishes = [wish for wish in people.wishes if wish.key not in known]
    try:
        if people.wrong:
            raise BadInput("Some lines cannot be used, so nobody was invited.", "Mend the list.")
        if not wishes:
            raise BadInput("Everybody on the list is invited already.", "There is nothing to do.")
        return await _invited(request, screen, [replace(wish, days=days) for wish in wishes])
    except BadInput as error:
        return await _checked(request, screen, people, days, error)


@router.post("/screens/{screen}/invites/again")
async def invite_again(request: Request, screen: str) -> Response:
    """Make new links for all who have not opened theirs, and show them this once."""
    async with request.form(max_files=0, max_fields=2) as form:
        days = text_in(form, "days")
    found = await _screens(request).get(workspace_of(request), screen)
    made = await _invites(request).resend_unopened(caller_of(request), screen, days_of(days))
    if not made:
        raise BadInput("Everybody has opened their link.", "Look for one person, if one is lost.")
    return await _sent(request, found, made, again=True)


@router.post("/screens/{screen}/invites/messages.csv")
async def messages_csv(request: Request, screen: str) -> Response:
    """The messages as a table, for a mail merge; whoever asks brings the links' secrets."""
    async with request.form(max_files=0, max_fields=2, max_part_size=MOST_CSV) as form:
        tokens = str(form.get("tokens", "")).split()
    found = await _screens(request).get(workspace_of(request), screen)
    held = await _invites(request).holding(workspace_of(request), screen, tokens)
    if not held:
        raise NotFound("None of these links is good any more.", "Make new ones.")
    links = [(invite, secret_address(request, "/invite", token)) for invite, token in held]
    table = await asyncio.to_thread(_table, found, links)
    headers = {"Content-Disposition": f'attachment; filename="messages-{found.id}.csv"'}
    return Response(table, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/screens/{screen}/invites/{invite}")
async def one(request: Request, screen: str, invite: str) -> Response:
    """An invite: where it stands, where it was opened, what was asked for."""
    return await _one(request, screen, invite)


@router.post("/screens/{screen}/invites/{invite}/resend")
async def resend(request: Request, screen: str, invite: str) -> Response:
    """Make a new link in the old one's place, and show it this once."""
    async with request.form(max_files=0, max_fields=2) as form:
        days = text_in(form, "days")
    kept, found = _invites(request), await _of(request, screen, invite)
    try:
        token = await kept.resend(caller_of(request), invite, days_of(days))
    except BadInput as error:
        return await _one(request, screen, invite, error)
    return await _sent(request, found, [(invite, token)], again=True)


@router.post("/screens/{screen}/invites/{invite}/revoke")
async def revoke(request: Request, screen: str, invite: str) -> Response:
    """Let nobody in by it any more."""
    await _of(request, screen, invite)
    try:
        await _invites(request).revoke(caller_of(request), invite)
    except BadInput as error:
        return await _one(request, screen, invite, error)
    return RedirectResponse(f"/screens/{screen}/invites/{invite}", 303)


@router.post("/screens/{screen}/invites/{invite}/time")
async def give_time(request: Request, screen: str, invite: str) -> Response:
    """Give extra time; it counts from the next beginning."""
    async with request.form(max_files=0, max_fields=2) as form:
        said = text_in(form, "time")
    await _of(request, screen, invite)
    try:
        await _invites(request).extend(caller_of(request), invite, factor(said))
    except BadInput as error:
        return await _one(request, screen, invite, error, time_said=said)
    return RedirectResponse(f"/screens/{screen}/invites/{invite}", 303)


@router.post("/screens/{screen}/invites/{invite}/answered")
async def answered(request: Request, screen: str, invite: str) -> Response:
    """Somebody of the team has answered what was asked for."""
    await _of(request, screen, invite)
    try:
        await _invites(request).answered(caller_of(request), invite)
    except BadInput as error:
        return await _one(request, screen, invite, error)
    return RedirectResponse(f"/screens/{screen}/invites/{invite}", 303)


async def _list(
    request: Request,
    screen: str,
    *,
    q: str = "",
    page: int = 1,
    typed: Mapping[str, str] = MappingProxyType({}),
    **shown: BadInput,
) -> HTMLResponse:
    """The page of all invites; `shown` has one form's `error`, or the `list_error`."""
    workspace = workspace_of(request)
    found = await _screens(request).get(workspace, screen)
    page = min(max(page, 1), 100_000)
    looked = await _invites(request).look(workspace, screen, q, skip=(page - 1) * AT_A_TIME)
    wrong = shown.get("error") or shown.get("list_error")
    return team_page(
        request,
        "invites.html",
        422 if wrong else 200,
        screen=found,
        found=looked,
        q=q,
        page=page,
        pages=max(1, -(-looked.many // AT_A_TIME)),
        now=time.time(),
        stands=STANDS,
        lasts=f"{LASTS:g}",
        typed=dict.fromkeys(FORM, "") | dict(typed),
        **{"error": None, "list_error": None} | shown,
    )


async def _invited(request: Request, screen: str, wishes: Sequence[NewInvite]) -> HTMLResponse:
    found = await _screens(request).get(workspace_of(request), screen)
    made = await _invites(request).make(caller_of(request), screen, wishes, once=True)
    return await _sent(request, found, made)


async def _sent(
    request: Request, screen: Screen, made: Sequence[tuple[str, str]], *, again: bool = False
) -> HTMLResponse:
    """The links and messages, shown this once."""
    tokens = [token for _, token in made]
    held = await _invites(request).holding(workspace_of(request), screen.id, tokens[:SHOWN])
    messages = [
        message(screen, invite, secret_address(request, "/invite", token)) for invite, token in held
    ]
    return team_page(
        request,
        "invites_sent.html",
        200 if again else 201,
        screen=screen,
        messages=messages,
        tokens=tokens,
        again=again,
    )


async def _checked(
    request: Request, screen: str, people: People, days: float, error: BadInput | None = None
) -> HTMLResponse:
    """What was understood of a list, with a button only where all of it can be used."""
    workspace = workspace_of(request)
    found = await _screens(request).get(workspace, screen)
    known = await _invites(request).known(workspace, screen)
    again = [line for line in people.lines if not line.wrong and line.wish.key in known]
    return team_page(
        request,
        "invites_check.html",
        422 if error or people.wrong else 200,
        screen=found,
        people=people,
        again=again,
        list=canonical(people.wishes),
        days=days,
        shown=SHOWN,
        error=error,
    )


async def _one(
    request: Request,
    screen: str,
    invite: str,
    error: BadInput | None = None,
    time_said: str = "",
) -> HTMLResponse:
    found = await _of(request, screen, invite)
    kept = _invites(request)
    held = await kept.get(workspace_of(request), invite)
    return team_page(
        request,
        "invite_one.html",
        422 if error else 200,
        screen=found,
        invite=held,
        standing=held.status(time.time()),
        devices=await kept.devices(invite),
        stands=STANDS,
        lasts=f"{LASTS:g}",
        error=error,
        time_said=time_said,
    )


def _table(screen: Screen, links: Sequence[tuple[Invite, str]]) -> str:
    return as_csv(message(screen, invite, link) for invite, link in links)


async def _of(request: Request, screen: str, invite: str) -> Screen:
    """The screen, if the invite is of it."""
    workspace = workspace_of(request)
    held = await _invites(request).get(workspace, invite)
    if held.screen_id != screen:
        raise NotFound("There is no such invite.", "Look at the screen's invites.")
    return await _screens(request).get(workspace, screen)


def _invites(request: Request) -> Invites:
    return Invites(service_of(request).store.database)


def _screens(request: Request) -> Screens:
    return Screens(service_of(request).store.database)
