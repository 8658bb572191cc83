"""The table of a screen's candidates as a page, and what of it can be taken along."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, NamedTuple, cast
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from agent.report.argument import Compared
from agent.report.telling import chance_in_words, standing_in_words
from api.hiring import audit, export
from api.hiring.candidates import Candidate
from api.hiring.choosing import (
    MOST_PER_PAGE,
    PER_PAGE,
    PHRASES,
    STATUSES,
    Choice,
    Page,
    SortKey,
)
from api.hiring.screens import Screen
from api.hiring.standing_rows import Standing
from api.identity.access import caller_of
from api.identity.rules import RECRUITER
from api.pages.errors import Page as PageRoute
from api.pages.figures import Interval, bands, interval
from api.pages.team import team_page
from api.web.asking import service_of
from api.web.candidates import FALLING, Chosen, shown, table_of

router = APIRouter(route_class=PageRoute, include_in_schema=False)

COLUMNS: tuple[tuple[SortKey, str], ...] = (
    ("name", "Candidate"),
    ("status", "Status"),
    ("verdict", "Level shown"),
    ("flags", "Flags"),
    ("needs", "For a person"),
    ("decision", "Decision"),
    ("when", "Last"),
)
ENDS = {
    "candidate": "ended early by the candidate",
    "conduct": "ended for conduct",
    "too_long": "ended at its longest",
    "expired": "nobody went on",
}
NEEDS = {
    "wishes": "wish to answer",
    "ungraded": "ungraded",
    "needs_person": "to look at",
    "contests": "contested",
}


class Shown(NamedTuple):
    """A row with what is drawn and said of it."""

    row: Candidate
    figure: Interval | None
    level: str
    chance: str
    ended: str | None
    needs: list[str]
    at: str
    told: str


@dataclass(frozen=True)
class Address:
    """Addresses of the same table, otherwise chosen."""

    path: str
    choice: Choice
    per_page: int

    def query(self, **other: Any) -> str:
        """What is chosen, as a query string; `other` in its place, None to leave out."""
        c = self.choice
        order = None if c.descending == (c.sort in FALLING) else "down" if c.descending else "up"
        said: dict[str, Any] = {
            name: getattr(c, name) or None
            for name in ("q", "status", "verdict", "flag", "needs", "decision")
        }
        said |= {"unread": "1" if c.unread else None, "sort": c.sort, "order": order}
        said |= {"per_page": self.per_page if self.per_page != PER_PAGE else None, **other}
        if said["sort"] == "when":
            said["sort"] = None
        text = urlencode({name: value for name, value in said.items() if value is not None})
        return f"?{text}" if text else ""

    def sorted(self, key: SortKey) -> str:
        """By this column, the other way round where it is so already."""
        turned = self.choice.sort == key and self.choice.descending == (key in FALLING)
        falls = (key in FALLING) != turned
        order = None if falls == (key in FALLING) else "down" if falls else "up"
        return self.path + self.query(sort=key, order=order)

    def page(self, number: int) -> str:
        """Another page."""
        return self.path + self.query(page=number if number > 1 else None)

    def status(self, status: str | None) -> str:
        """Only those of one status."""
        return self.path + self.query(status=status)


@router.get("/screens/{screen}/candidates")
async def candidates(
    request: Request,
    screen: str,
    wanted: Chosen,
    page_number: Annotated[int, Query(alias="page", ge=1, le=100_000)] = 1,
    per_page: Annotated[int, Query(ge=10, le=MOST_PER_PAGE)] = PER_PAGE,
) -> Response:
    """The table; all that is chosen stands in its address."""
    found, table = await table_of(request, screen)
    caller = caller_of(request)
    made, rows = await table.page(found, caller.id, wanted, page_number, per_page)
    return team_page(
        request,
        "candidates.html",
        screen=found,
        made=made,
        shown=[_shown(shown(row, caller), found) for row in rows],
        bands=bands(found.level),
        columns=COLUMNS,
        choice=wanted,
        address=Address(request.url.path, wanted, per_page),
        per_page=per_page,
        statuses=STATUSES,
        phrases=[(phrase, phrase.capitalize()) for phrase in PHRASES],
        needs=NEEDS,
        near=_near(made),
        is_team=caller.is_team,
        invites=caller.is_any(RECRUITER.roles),
    )


@router.get("/screens/{screen}/candidates.csv")
async def as_csv(request: Request, screen: str, wanted: Chosen) -> Response:
    """The candidates chosen, as a table for spreadsheets."""
    found, rows = await _taken(request, screen, wanted, "csv")
    lines = export.as_csv(
        service_of(request).store.database, found, rows, recruits=_recruits(request)
    )
    return _file(lines, "text/csv; charset=utf-8", f"candidates-{found.id}.csv")


@router.get("/screens/{screen}/candidates.json")
async def as_json(request: Request, screen: str, wanted: Chosen) -> Response:
    """The same as JSON, with the competencies, decisions and overrides."""
    found, rows = await _taken(request, screen, wanted, "json")
    lines = export.as_json(
        service_of(request).store.database, found, rows, recruits=_recruits(request)
    )
    return _file(lines, "application/json", f"candidates-{found.id}.json")


def _recruits(request: Request) -> bool:
    return caller_of(request).is_any(RECRUITER.roles)


async def _taken(
    request: Request, screen: str, wanted: Choice, form: str
) -> tuple[Screen, list[Standing]]:
    found, table = await table_of(request, screen)
    taken = await table.chosen(found, caller_of(request).id, wanted)
    async with service_of(request).store.database.write() as connection:
        what = {"form": form, "candidates": len(taken)}
        await audit.record(connection, caller_of(request), "exported", f"screen:{screen}", **what)
    return found, taken


def _file(lines: AsyncIterator[str], kind: str, name: str) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    return StreamingResponse(lines, media_type=kind, headers=headers)


def _shown(row: Candidate, screen: Screen) -> Shown:
    when = datetime.fromtimestamp(row.when, UTC)
    known = _known(row)
    return Shown(
        row=row,
        figure=interval(known, screen.level) if known else None,
        level=standing_in_words(known) if known else "",
        chance=chance_in_words(row.probability) if row.probability is not None else "",
        ended=ENDS.get(row.ended or ""),
        needs=[f"{n} {word}" for name, word in NEEDS.items() if (n := getattr(row, name))],
        at=when.isoformat(timespec="seconds"),
        told=f"{when.day} {when:%b %Y, %H:%M}",
    )


def _known(row: Candidate) -> Compared | None:
    if row.interview is None or row.level is None:
        return None
    return Compared(
        interview=row.interview,
        level=row.level,
        low=row.low,
        high=row.high,
        verdict=row.verdict or "",
        testlets=0,
        provisional=row.provisional,
    )


def _near(made: Page) -> list[int | None]:
    """Numbers of pages to go to: the ends and those about this one; None stands for a gap."""
    told = {1, made.pages, *range(made.number - 2, made.number + 3)}
    numbers = sorted(number for number in told if 1 <= number <= made.pages)
    spaced: list[int | None] = []
    for number in numbers:
        if spaced and number - cast("int", spaced[-1]) > 1:
            spaced.append(None)
        spaced.append(number)
    return spaced
