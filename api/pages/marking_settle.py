"""Settling what people differ on in one interview of a set."""

from typing import NamedTuple

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api.hiring.reviewing import ToMark, TooEarly
from api.hiring.scorecards import card_of
from api.identity.access import caller_of
from api.marking.model import Mark, Sheet, marker_of
from api.marking.settling import Decided, Settling
from api.pages.errors import Page
from api.pages.marking import points_of
from api.pages.marking_sheet import Number, Stands, interview_in, shown
from api.pages.reviews import marks_in
from api.pages.scorecards import fields_of
from api.pages.team import team_page
from api.web.asking import service_of
from api.web.problems import known
from knowledge.errors import BadInput

router = APIRouter(route_class=Page, include_in_schema=False)


class Given(NamedTuple):
    """What somebody found of a point on which people differ."""

    sheet: Sheet
    mark: Mark


class Point(NamedTuple):
    """A point on which people differ, with what each found, and what stands in the form."""

    asked: ToMark
    given: list[Given]
    key: str


@router.get("/marking/{set}/{number}/settle")
async def differences(request: Request, set: str, number: Number) -> Response:
    """The points on which people differ, side by side."""
    return await _settle(request, set, number)


@router.post("/marking/{set}/{number}/settle")
async def settle(request: Request, set: str, number: Number) -> Response:
    """Fields: `mark-`, `words-` and `reason-QUESTION-ATOM` for each point that is decided,
    `alone`, and `by` as above."""
    form = await fields_of(request)
    caller, interview = caller_of(request), await interview_in(request, set, number)
    card = await card_of(service_of(request), interview, unmarked=True)
    decided = [
        Decided(*mark, form.get(f"reason-{mark[0]}-{mark[1]}", ""))
        for each in marks_in(card, form)
        for mark in [(each.question, each.atom, each.verdict, each.words)]
    ]
    try:
        marker = marker_of(caller, form.get("by", ""))
        alone = bool(form.get("alone"))
        points = points_of(card)
        await _settling(request).rule(caller, set, interview, marker, points, decided, alone=alone)
    except (BadInput, TooEarly) as error:
        return await _settle(request, set, number, Stands("review", form, error))
    return RedirectResponse(f"/marking/{set}/{number}/settle", 303)


async def _settle(
    request: Request, set_id: str, number: int, kept: Stands | None = None
) -> Response:
    interview = await interview_in(request, set_id, number)
    caller = caller_of(request)
    _, entry = await _settling(request).open(caller, set_id, interview)
    card = await card_of(service_of(request), interview, unmarked=True)
    by_point = entry.by_point
    points = [
        Point(each, [Given(*given) for given in by_point[place]], f"{place[0]}-{place[1]}")
        for each in card.to_mark
        if (place := (each.question, each.atom)) in set(entry.differing)
    ]
    rulings = {ruling.place: ruling for ruling in entry.rulings}
    names = {s.marker: f"Marker {n}" for n, s in enumerate(_in_lot(entry.kept), 1)}
    told = await shown(request, set_id, number, card, kept)
    told |= {"points": points, "rulings": rulings, "names": names, "entry": entry}
    status = known(kept.error)[0] if kept and kept.error else 200
    own = any(sheet.marker == caller.id for sheet in entry.kept)
    return team_page(request, "marking_settle.html", status, **told, own=own)


def _in_lot(sheets: tuple[Sheet, ...]) -> list[Sheet]:
    """In an order that tells nothing of who they are or who was first."""
    return sorted(sheets, key=lambda sheet: hash((sheet.touched, sheet.marker)))


def _settling(request: Request) -> Settling:
    return Settling(service_of(request).store.database)
