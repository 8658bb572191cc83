"""Scorecards over HTTP: what was shown, what people said of it, and what waits for them."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, status
from pydantic import Field

from agent.measuring import Phrase
from agent.report import Report
from api.hiring.judging import Judging, Outcome, Subject
from api.hiring.review_queue import Why, queue
from api.hiring.reviewing import (
    LONGEST,
    LONGEST_WORDS,
    Found,
    PersonMark,
    Reviews,
    TooEarly,
)
from api.hiring.scorecards import Card, card_of
from api.identity.access import caller_of
from api.identity.rules import RECRUITER
from api.marking.looks import show
from api.web import problems
from api.web.asking import service_of, workspace_of
from api.web.contests import AtomId, Place
from api.web.interviews import InterviewId
from api.web.wire import NO_NUL, Answered, Body
from knowledge.errors import BadInput

MOST_MARKS = 2_000

router = APIRouter(prefix="/api", tags=["scorecards"])

Reason = Annotated[str, Field(min_length=1, max_length=LONGEST, pattern=NO_NUL)]
MAY_FAIL = problems.documented(400, 404, 409, 413, 422, 503)


class DecisionLine(Answered):
    """What somebody decided; the last of them counts."""

    outcome: Outcome
    reason: str
    by: str
    at: float = Field(description="Unix seconds.")


class OverrideLine(Answered):
    """A person's word beside the machine's; no number changes by it."""

    subject: str
    question: int | None
    machine: str
    value: str
    reason: str
    by: str
    at: float = Field(description="Unix seconds.")


class NoteLine(Answered):
    """A note for the team."""

    text: str
    by: str
    at: float = Field(description="Unix seconds.")


class MarkLine(Answered):
    """What a person found of one point."""

    question: int
    atom: str
    verdict: Found
    words: str


class ReviewLine(Answered):
    """One person's marks; `blind`: made before anybody saw the machine's."""

    reviewer: str
    blind: bool
    is_author: bool
    marks: list[MarkLine]
    text: str
    at: float = Field(description="Unix seconds.")


class Scorecard(Answered):
    """All that is known of an interview; no report while a person is to mark it first."""

    interview: str
    screen: str | None
    blind: bool
    report: Report | None
    decisions: list[DecisionLine]
    overrides: list[OverrideLine]
    notes: list[NoteLine]
    reviews: list[ReviewLine]


class PointToMark(Answered):
    """A point or indicator; `against`: a sign against, met where the answer shows it."""

    question: int
    atom: str
    text: str
    against: bool


class MarkingForm(Answered):
    """What a person marks from: nothing of the machine's; `first`: nobody has seen it yet."""

    interview: str
    first: bool
    report: Report
    points: list[PointToMark]


class WaitingLine(Answered):
    """What waits for a person, and how often for what."""

    interview: str | None = Field(description="Null where theirs is not over, or not begun.")
    invite: str | None = Field(description="Of who asked for a person or another way.")
    screen: str
    title: str
    candidate: str
    since: float = Field(description="Unix seconds of its end, or of what was asked for.")
    why: dict[Why, int]


class WaitingPage(Answered):
    """A page of what waits, people who wait first, then the oldest; counts are of all of it."""

    lines: list[WaitingLine]
    counts: dict[Why, int]
    waiting: int
    matching: int


class NewDecision(Body):
    """What a person decides; it needs a person's own session."""

    outcome: Outcome
    reason: Reason


class NewOverride(Body):
    """Of a mark (with `question`), of `competency:NAME`, or of the `verdict`."""

    subject: AtomId
    question: Place | None = None
    value: Found | Phrase
    reason: Reason


class NewNote(Body):
    """A note for the team."""

    text: Reason


class NewMark(Body):
    """What a person found of one point."""

    question: Place
    atom: AtomId
    verdict: Found
    words: str = Field(default="", max_length=LONGEST_WORDS, pattern=NO_NUL)


class NewReview(Body):
    """A person's marks of every point that is asked for."""

    marks: list[NewMark] = Field(max_length=MOST_MARKS)
    is_author: bool = False
    text: str = Field(default="", max_length=LONGEST, pattern=NO_NUL)


@router.get("/scorecards/{id}", responses=problems.documented(404, 422, 503))
async def look(request: Request, id: InterviewId) -> Scorecard:
    """The scorecard; read here it is not marked as read."""
    return _told(await card_of(service_of(request), id))


@router.post("/scorecards/{id}/decisions", status_code=status.HTTP_201_CREATED, responses=MAY_FAIL)
async def decide(request: Request, id: InterviewId, sent: NewDecision) -> Scorecard:
    """Decide; whoever does must be signed in and have opened the scorecard's page."""
    by = _person(request)
    await _judging(request).decide(caller_of(request), id, sent.outcome, sent.reason, by)
    return _told(await card_of(service_of(request), id))


@router.post("/scorecards/{id}/overrides", status_code=status.HTTP_201_CREATED, responses=MAY_FAIL)
async def override(request: Request, id: InterviewId, sent: NewOverride) -> Scorecard:
    """Put a person's word beside the machine's."""
    by = _person(request)
    report = await service_of(request).report(id, "team")
    subject = Subject(sent.subject, sent.question)
    await _judging(request).override(
        caller_of(request), report, subject, sent.value, sent.reason, by
    )
    return _told(await card_of(service_of(request), id))


@router.post("/scorecards/{id}/notes", status_code=status.HTTP_201_CREATED, responses=MAY_FAIL)
async def note(request: Request, id: InterviewId, sent: NewNote) -> Scorecard:
    """Keep a note; a key's stands under the key's name."""
    caller = caller_of(request)
    await _judging(request).note(caller, id, sent.text, caller.name)
    return _told(await card_of(service_of(request), id))


@router.get("/reviews", responses=problems.documented(422, 503))
async def waiting(
    request: Request,
    why: Annotated[Why | None, Query(description="Only what waits for this.")] = None,
    screen: Annotated[str, Query(max_length=16, pattern=NO_NUL)] = "",
    page: Annotated[int, Query(ge=1, le=1_000)] = 1,
) -> WaitingPage:
    """What waits for a person, 50 at a time."""
    service = service_of(request)
    await service.results.catch_up()
    kinds = (why,) if why else ()
    found = await queue(
        service.store.database,
        workspace_of(request),
        why=kinds,
        screen=screen,
        page=page,
        recruits=caller_of(request).is_any(RECRUITER.roles),
    )
    return WaitingPage.model_validate(found, from_attributes=True)


@router.get("/reviews/{id}", responses=problems.documented(404, 422, 503))
async def form(request: Request, id: InterviewId) -> MarkingForm:
    """What there is to mark."""
    card = await card_of(service_of(request), id, unmarked=True)
    return MarkingForm(
        interview=id,
        first=card.blind,
        report=card.report,
        points=[PointToMark.model_validate(each, from_attributes=True) for each in card.to_mark],
    )


@router.post("/reviews/{id}", status_code=status.HTTP_201_CREATED, responses=MAY_FAIL)
async def mark(request: Request, id: InterviewId, sent: NewReview) -> Scorecard:
    """Keep a person's marks; the first of an interview that is blind opens it to the team."""
    service = service_of(request)
    card = await card_of(service, id)
    await Reviews(service.store.database).add(
        caller_of(request),
        id,
        card.to_mark,
        [PersonMark(m.question, m.atom, m.verdict, m.words) for m in sent.marks],
        by=_person(request),
        is_author=sent.is_author,
        text=sent.text,
    )
    return _told(await card_of(service, id), is_shut=await _is_held(request, id))


async def _is_held(request: Request, interview: str) -> bool:
    """Whether the caller marks it in a set, and is to see no marks; what they see is kept."""
    try:
        await show(service_of(request).store.database, caller_of(request), [interview])
    except TooEarly:
        return True
    return False


def _person(request: Request) -> str:
    """The name of who is signed in; on a page, a person at this machine names themselves."""
    caller = caller_of(request)
    if caller.user is None:
        raise BadInput("Only a person can do this, not a program.", "Do it on the scorecard.")
    return caller.name


def _judging(request: Request) -> Judging:
    return Judging(service_of(request).store.database)


def _told(card: Card, *, is_shut: bool = False) -> Scorecard:
    said = card.judgement
    overrides = () if is_shut else said.overrides
    reviews = () if is_shut else card.reviews
    return Scorecard(
        interview=card.stored.id,
        screen=card.stored.screen_id,
        blind=card.blind,
        report=None if card.blind or is_shut else card.report,
        decisions=[DecisionLine.model_validate(e, from_attributes=True) for e in said.decisions],
        overrides=[OverrideLine.model_validate(e, from_attributes=True) for e in overrides],
        notes=[NoteLine.model_validate(e, from_attributes=True) for e in said.notes],
        reviews=[ReviewLine.model_validate(e, from_attributes=True) for e in reviews],
    )
