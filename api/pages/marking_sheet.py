"""Marking one interview of a set: the next is taken, its form is drafted and kept."""

from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple
from urllib.parse import quote

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import RedirectResponse

from api.hiring.reviewing import TooEarly
from api.hiring.scorecards import Card, card_of
from api.identity.access import caller_of
from api.marking.model import Marker, marker_of
from api.marking.sets import Sets
from api.marking.sheets import Sheets, interview_of
from api.pages.errors import Page
from api.pages.marking import By, points_of
from api.pages.reviews import marks_in
from api.pages.scorecard_view import FOUND_WORDS
from api.pages.scorecards import fields_of, marking
from api.pages.team import team_page
from api.web.asking import service_of, workspace_of
from api.web.problems import known
from knowledge.errors import BadInput, VivaError

router = APIRouter(route_class=Page, include_in_schema=False)

Number = Annotated[int, Path(ge=1, le=100_000)]
DRAFTED = ("mark-", "words-", "text", "is_author")
"""How the fields of the form begin."""


class Stands(NamedTuple):
    """What stands in a form, and what is wrong with it; the pieces of scorecards read it."""

    form: str
    fields: Mapping[str, str]
    error: VivaError | None = None


@router.post("/marking/{set}/next")
async def take(request: Request, set: str) -> Response:
    """Go to the interview that one marks next. Field: `by` where nobody has an account."""
    form = await fields_of(request)
    marker = marker_of(caller_of(request), form.get("by", ""))
    number = await _sheets(request).take(caller_of(request), set, marker)
    if number is None:
        return RedirectResponse(f"/marking/{set}{_as(marker, none=1)}", 303)
    return RedirectResponse(f"/marking/{set}/{number}{_as(marker)}", 303)


@router.get("/marking/{set}/{number}")
async def sheet(request: Request, set: str, number: Number, by: By = "") -> Response:
    """The form, with what was drafted or kept; nothing of the machine's or of anybody else's."""
    return await _form(request, set, number, marker_of(caller_of(request), by))


@router.post("/marking/{set}/{number}")
async def keep(request: Request, set: str, number: Number) -> Response:
    """Fields: `mark-QUESTION-ATOM` and `words-QUESTION-ATOM` for each point, `text`,
    `is_author`, and `by` as above."""
    form = await fields_of(request)
    caller = caller_of(request)
    marker = marker_of(caller, form.get("by", ""))
    interview = await interview_in(request, set, number)
    await _sheets(request).of(set, interview, marker)
    card = await card_of(service_of(request), interview, unmarked=True)
    try:
        await _sheets(request).keep(
            caller,
            set,
            interview,
            marker,
            points_of(card),
            marks_in(card, form),
            is_author=bool(form.get("is_author")),
            text=form.get("text", ""),
        )
    except (BadInput, TooEarly) as error:
        await _sheets(request).draft(set, interview, marker, _drafted(form))
        return await _form(request, set, number, marker, Stands("review", form, error))
    return RedirectResponse(f"/marking/{set}{_as(marker, kept=number)}", 303)


@router.post("/marking/{set}/{number}/draft")
async def draft(request: Request, set: str, number: Number) -> Response:
    """Keep what stands in the form, as it is."""
    form = await fields_of(request)
    marker = marker_of(caller_of(request), form.get("by", ""))
    interview = await interview_in(request, set, number)
    await _sheets(request).draft(set, interview, marker, _drafted(form))
    return RedirectResponse(f"/marking/{set}{_as(marker)}", 303)


@router.post("/marking/{set}/{number}/back")
async def give_back(request: Request, set: str, number: Number) -> Response:
    """Let others have the interview."""
    form = await fields_of(request)
    marker = marker_of(caller_of(request), form.get("by", ""))
    await _sheets(request).give_back(set, await interview_in(request, set, number), marker)
    return RedirectResponse(f"/marking/{set}{_as(marker)}", 303)


async def _form(
    request: Request, set_id: str, number: int, marker: Marker, kept: Stands | None = None
) -> Response:
    interview = await interview_in(request, set_id, number)
    row = await _sheets(request).of(set_id, interview, marker)
    card = await card_of(service_of(request), interview, unmarked=True)
    stands = kept or Stands("review", _fields(row))
    status = known(stands.error)[0] if stands.error else 200
    told = await shown(request, set_id, number, card, stands)
    return team_page(request, "marking_sheet.html", status, **told, row=row, marker=marker)


async def shown(
    request: Request, set_id: str, number: int, card: Card, kept: Stands | None
) -> dict[str, Any]:
    """What a page about one interview of a set is told."""
    return {
        "set_": await Sets(_database(request)).get(workspace_of(request), set_id),
        "number": number,
        "card": card,
        "kept": kept,
        "asks_name": caller_of(request).is_local,
        "found_words": FOUND_WORDS,
        **marking(card),
    }


def _fields(row: Mapping[str, Any]) -> dict[str, str]:
    """What stands in the form: what was drafted, or else what is kept."""
    if row["draft"] is not None:
        return dict(row["draft"])
    fields = {"text": row["text"], "is_author": "yes" if row["is_author"] else ""}
    for mark in row["marks"] or ():
        key = f"{mark['question']}-{mark['atom']}"
        fields |= {f"mark-{key}": mark["verdict"], f"words-{key}": mark["words"]}
    return fields


def _drafted(form: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in form.items() if name.startswith(DRAFTED)}


def _as(marker: Marker, **more: int) -> str:
    """The query that says who marks, where nobody has an account."""
    told = {name: str(value) for name, value in more.items()}
    if marker.id.startswith("local:"):
        told["by"] = marker.name
    return "?" + "&".join(f"{name}={quote(value)}" for name, value in told.items()) if told else ""


async def interview_in(request: Request, set_id: str, number: int) -> str:
    """The interview that has this number in the set."""
    return await interview_of(_database(request), set_id, number)


def _database(request: Request) -> Any:
    return service_of(request).store.database


def _sheets(request: Request) -> Sheets:
    return Sheets(_database(request))
