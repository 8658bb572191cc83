"""The workspace's settings: its name, how long things are kept, legal holds, limits."""

import math
from collections.abc import Mapping

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api.hiring.caps import Budget, Caps
from api.hiring.holds import Held, holds_in, set_hold
from api.hiring.invites import Invites
from api.hiring.retention import KEY, MOST_DAYS, PROFILES
from api.hiring.screen import LONGEST_NAME
from api.hiring.screens import DEFAULTS, Screens, first_texts
from api.hiring.workspace_settings import change_settings, read_settings
from api.identity.access import caller_of
from api.pages.errors import Page
from api.pages.forms import text_in
from api.pages.team import team_page
from api.web.asking import service_of, workspace_of
from knowledge.database import Database
from knowledge.errors import BadInput, NotFound

AMOUNTS: Mapping[str, str] = {
    "turns": "Messages",
    "characters": "Characters",
    "tokens": "Tokens of the language model",
    "cost": "Money for the language model",
}
SCOPES: Mapping[str, str] = {"interview": "One interview", "day": "All interviews of a day (UTC)"}

router = APIRouter(route_class=Page, include_in_schema=False)


@router.get("/settings")
async def settings(request: Request) -> Response:
    """What is set."""
    return await _page(request)


@router.post("/settings")
async def rename(request: Request) -> Response:
    """Its name, and what new screens begin with. Fields: `name`, `company`, `contact`."""
    async with request.form(max_files=0, max_fields=6) as form:
        typed = {each: text_in(form, each) for each in ("name", "company", "contact")}
    try:
        if any(len(text) > LONGEST_NAME for text in typed.values()):
            raise BadInput(f"A text is longer than {LONGEST_NAME:,} characters.", "Shorten it.")
        new = {DEFAULTS: {"company": typed["company"], "contact": typed["contact"]}}
        await change_settings(_database(request), caller_of(request), new, name=typed["name"])
    except BadInput as error:
        return await _page(request, error)
    return _done("saved")


@router.post("/settings/retention")
async def keep_for(request: Request) -> Response:
    """How many `days` people are kept; none: until somebody erases them."""
    async with request.form(max_files=0, max_fields=6) as form:
        typed = text_in(form, "days")
    try:
        days = _days(typed)
        await change_settings(_database(request), caller_of(request), {KEY: days})
    except BadInput as error:
        return await _page(request, error)
    return _done("retention")


@router.post("/settings/hold")
async def hold_all(request: Request) -> Response:
    """Put the whole workspace on legal hold (`on` is `yes`), or end that."""
    return await _hold(request, "workspace", workspace_of(request))


@router.post("/screens/{screen}/hold")
async def hold_screen(screen: str, request: Request) -> Response:
    """Put a screen on legal hold (`on` is `yes`), or end that."""
    return await _hold(request, "screen", screen)


@router.post("/settings/caps")
async def cap(request: Request) -> Response:
    """What may be used up; a field is `interview.turns` and so on, and empty is without end."""
    async with request.form(max_files=0, max_fields=20) as form:
        typed = {
            scope: {name: _number(text_in(form, f"{scope}.{name}")) for name in AMOUNTS}
            for scope in SCOPES
        }
    try:
        await Budget(_database(request)).set(caller_of(request), typed)
    except BadInput as error:
        return await _page(request, error)
    return _done("caps")


async def _hold(request: Request, kind: Held, id_: str) -> Response:
    async with request.form(max_files=0, max_fields=4) as form:
        on = form.get("on") == "yes"
    await set_hold(_database(request), caller_of(request), kind, id_, on)
    if not on:
        service_of(request).retention.soon()  # somebody may have waited for it to end
    return _done("hold")


async def _page(request: Request, error: BadInput | None = None) -> Response:
    database, workspace = _database(request), workspace_of(request)
    name, kept = await read_settings(database, workspace)
    holds = holds_in(kept)
    return team_page(
        request,
        "settings.html",
        422 if error else 200,
        name=name,
        defaults=await first_texts(database, workspace),
        days=kept.get(KEY),
        profiles=PROFILES,
        most_days=MOST_DAYS,
        holds=holds,
        held_people=await _people(request, holds.invites),
        screens=await Screens(database).of(workspace),
        amounts=AMOUNTS,
        scopes=SCOPES,
        caps=Caps.model_validate(kept.get("caps") or {}),
        error=error,
    )


async def _people(request: Request, ids: frozenset[str]) -> dict[str, str]:
    """Those on hold by themselves, by how they are called."""
    invites, found = Invites(_database(request)), dict[str, str]()
    for id_ in sorted(ids):
        try:
            one = await invites.get(workspace_of(request), id_)
        except NotFound:
            continue
        found[id_] = one.called or id_
    return found


def _days(typed: str) -> int | None:
    if not typed:
        return None
    if not (typed.isdecimal() and typed.isascii() and 1 <= int(typed[:9]) <= MOST_DAYS):
        raise BadInput(
            "That is no number of days to keep people for.",
            f"Give a whole number from 1 to {MOST_DAYS:,}, or leave the field empty.",
        )
    return int(typed[:9])


def _number(typed: str) -> float | str | None:
    """A number where it is one; anything else is for `Caps` to refuse."""
    try:
        number = float(typed)
    except ValueError:
        return typed or None
    return int(number) if math.isfinite(number) and number.is_integer() else number


def _done(what: str) -> Response:
    return RedirectResponse(f"/settings#{what}", 303)


def _database(request: Request) -> Database:
    return service_of(request).store.database
