"""The candidates of a screen over HTTP, for the team and a hiring manager's link."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field

from agent.measuring import Phrase
from api.hiring.candidates import Candidate, Candidates, without_asked
from api.hiring.choosing import (
    LONGEST_SEARCH,
    MOST_PER_PAGE,
    PER_PAGE,
    Choice,
    Decided,
    Flag,
    Needs,
    SortKey,
)
from api.hiring.screens import Screen, Screens
from api.hiring.standing_rows import Status
from api.identity.access import caller_of
from api.identity.caller import Caller
from api.identity.rules import RECRUITER
from api.web import problems
from api.web.asking import service_of, workspace_of
from api.web.wire import NO_NUL, WHOLE

router = APIRouter(prefix="/api/screens", tags=["screens"])

Any_ = Literal[""]


def choice(
    q: Annotated[str, Query(max_length=LONGEST_SEARCH, pattern=NO_NUL)] = "",
    status: Annotated[Status | Any_, Query()] = "",
    verdict: Annotated[Phrase | Any_, Query()] = "",
    flag: Annotated[Flag | Any_, Query()] = "",
    needs: Annotated[Needs | Any_, Query()] = "",
    decision: Annotated[Decided | Any_, Query()] = "",
    unread: Annotated[Literal["", "1"], Query()] = "",
    sort: Annotated[SortKey, Query()] = "when",
    order: Annotated[Literal["", "up", "down"], Query()] = "",
) -> Choice:
    """What is wanted of the table; an empty value is any."""
    return Choice(
        q=q.strip(),
        status=status or None,
        verdict=verdict or None,
        flag=flag or None,
        needs=needs or None,
        decision=decision or None,
        unread=unread == "1",
        sort=sort,
        descending=order == "down" or (not order and sort in FALLING),
    )


FALLING = frozenset[SortKey]({"when", "verdict", "flags", "needs"})
"""What is sorted from the highest on, unless asked otherwise."""

Chosen = Annotated[Choice, Depends(choice)]


class CandidateLine(BaseModel):
    """A candidate as they stand; what is said of the interview is of the last attempt."""

    invite: str
    name: str
    reference: str
    email: str | None = Field(description="For the team only.")
    status: Status
    when: float = Field(description="Unix seconds of what happened last.")
    extra_time: float | None = Field(description="For recruiters and admins only.")
    asked: bool | None = Field(description="For recruiters and admins only.")
    devices: int | None = Field(description="For the team only.")
    attempts: int
    interview: str | None
    ended: str | None
    verdict: str | None = Field(description="The machine's.")
    overridden: str | None = Field(description="A person's verdict, beside it.")
    provisional: bool
    probability: float | None
    level: float | None
    low: float | None
    high: float | None
    red: int
    green: int
    critical: int
    ungraded: int
    needs_person: int
    contests: int
    wishes: int = Field(description="1: asked for a person or another way, not answered yet.")
    decision: str | None
    unread: bool
    blind: bool = Field(description="Nothing of the machine's is told until a person has marked.")


class CandidatePage(BaseModel):
    """A page of the table; `counts` are of all candidates."""

    page: int
    pages: int
    found: int
    total: int
    counts: dict[str, int]
    candidates: list[CandidateLine]


async def table_of(request: Request, screen: str) -> tuple[Screen, Candidates]:
    """A screen of the caller's workspace, and who reads its candidates."""
    service = service_of(request)
    found = await Screens(service.store.database).get(workspace_of(request), screen)
    recruits = caller_of(request).is_any(RECRUITER.roles)
    return found, Candidates(service.store.database, service.results, recruits=recruits)


@router.get("/{screen}/candidates", responses=problems.documented(404, 422, 503))
async def candidates(
    request: Request,
    screen: str,
    chosen: Chosen,
    page_number: Annotated[int, Query(alias="page", ge=1, le=100_000), WHOLE] = 1,
    per_page: Annotated[int, Query(ge=1, le=MOST_PER_PAGE), WHOLE] = PER_PAGE,
) -> CandidatePage:
    """Candidates with their status, verdict, flags and what waits for a person."""
    found, table = await table_of(request, screen)
    caller = caller_of(request)
    made, rows = await table.page(found, caller.id, chosen, page_number, per_page)
    return CandidatePage(
        page=made.number,
        pages=made.pages,
        found=made.found,
        total=made.total,
        counts=made.counts,
        candidates=[line(row, caller) for row in rows],
    )


def shown(row: Candidate, caller: Caller) -> Candidate:
    """As this reader may see it: who was given other time is told to those who gave it."""
    recruits = caller.is_any(RECRUITER.roles)
    return row if recruits else without_asked(row, is_team=caller.is_team)


def line(row: Candidate, caller: Caller) -> CandidateLine:
    """A row as it goes over the wire; a hiring manager's link is not told addresses."""
    fields = shown(row, caller)._asdict() | {"email": row.email if caller.is_team else None}
    return CandidateLine.model_validate(fields)
