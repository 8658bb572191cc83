"""Contests over HTTP: the candidate's, a person's decision, and whom a withdrawal touched."""

from collections.abc import Collection
from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Path, Query, Request, Response, status
from fastapi.responses import JSONResponse
from pydantic import Field

from agent.contesting import LONGEST, Complaint
from agent.report.argument import Contest
from agent.ruling import LONGEST_NAME, Found, Ruling
from api.contests import Contests
from api.hiring.reviewing import blind_of, check_person
from api.identity.access import DECIDES, caller_of, parts_in
from api.tables import interviews
from api.web import problems
from api.web.asking import service_of, workspace_of
from api.web.interviews import Audience, InterviewId
from api.web.wire import NO_NUL, WHOLE, Answered, Body, TurnId
from api.withdrawals import touched as touched_by

MOST_POINTS = 40

router = APIRouter(prefix="/api", tags=["contests"])

Said = Annotated[str, Field(min_length=1, max_length=LONGEST, pattern=NO_NUL)]
AtomId = Annotated[str, Field(min_length=1, max_length=500, pattern=NO_NUL)]
Place = Annotated[
    int,
    Field(ge=1, le=1_000, description="The question's place in the report.", examples=[1]),
    WHOLE,
]
Number = Annotated[int, Path(ge=1, le=1_000, description="The contest's number.")]


class NewContest(Body):
    """What the candidate sees otherwise, and why."""

    contest_id: TurnId
    question: Place
    atom: AtomId | None = Field(
        default=None,
        description="The point, indicator or flag; without it the question as a whole.",
    )
    reason: Said = Field(examples=["I did say that the old rows stay."])
    words: Said | None = Field(
        default=None, description="Words of an answer to that question, as they stand there."
    )


class FoundPoint(Body):
    """A point of a question contested as a whole, and the words that make it."""

    atom: AtomId
    words: Said | None = None


class NewDecision(Body):
    """What a person decides; a refusal changes nothing, and takes neither words nor points."""

    upheld: bool
    reason: Said = Field(examples=["The answer says it in other words."])
    by: str = Field(min_length=1, max_length=LONGEST_NAME, pattern=NO_NUL, examples=["Ada"])
    words: Said | None = Field(
        default=None, description="Words that make the point; else the candidate's are taken."
    )
    points: list[FoundPoint] = Field(
        default=[],
        max_length=MOST_POINTS,
        description="Of a question as a whole: what is met, or wrong. None: it is set aside.",
    )
    withdraw: bool = Field(
        default=False, description="The kit was wrong: it leaves its next version."
    )


class ContestLine(Answered):
    """A contest and whose it is."""

    interview: str
    kit: str
    contest: Contest


class TouchedInterview(Answered):
    """An interview with marks by something withdrawn; `viva regrade` counts it anew."""

    id: str
    kit: str
    kit_version: str
    mode: str
    status: str
    recounted: bool


def contests_of(request: Request) -> Contests:
    """The contests of this service."""
    service = service_of(request)
    return Contests(service.store, service.conductor.clock)


def decider(request: Request, named: str) -> str:
    """Who decides: who is signed in, or, where nobody has an account, whom they name.

    Raises:
        BadInput: a key asks, and only a person decides.
    """
    caller = caller_of(request)
    if caller.is_local:
        return named
    check_person(caller)
    return caller.name


@router.post(
    "/interviews/{id}/contests",
    status_code=status.HTTP_201_CREATED,
    response_model=Contest,
    responses={
        200: {"model": Contest, "description": "Sent before: the contest as it stands."},
        **problems.documented(400, 404, 409, 413, 422, 503),
    },
)
async def contest(request: Request, id: InterviewId, sent: NewContest) -> Response:
    """Contest a mark, or a question as a whole, once the interview is over."""
    complaint = Complaint(
        contest_id=sent.contest_id,
        question=sent.question,
        reason=sent.reason,
        atom=sent.atom,
        words=sent.words,
    )
    made, repeated = await contests_of(request).contest(id, complaint, by=caller_of(request))
    return JSONResponse(made.model_dump(mode="json"), 200 if repeated else 201)


@router.get("/interviews/{id}/contests", responses=problems.documented(404, 422, 503))
async def look(
    request: Request, id: InterviewId, audience: Audience = "candidate"
) -> list[Contest]:
    """The contests of an interview and where they stand."""
    return list(await contests_of(request).of(id, audience))


@router.post(
    "/interviews/{id}/contests/{number}/decision",
    responses=problems.documented(400, 404, 409, 413, 422, 503),
)
async def decide(request: Request, id: InterviewId, number: Number, sent: NewDecision) -> Contest:
    """Uphold or refuse a contest; its interview is counted anew at once."""
    ruling = Ruling(
        upholds=sent.upheld,
        reason=sent.reason,
        by=decider(request, sent.by),
        words=sent.words,
        points=tuple(Found(point.atom, point.words) for point in sent.points),
        withdraws=sent.withdraw,
    )
    return await contests_of(request).decide(id, number, ruling, by=caller_of(request))


@router.get("/contests", responses=problems.documented(503))
async def everywhere(request: Request) -> list[ContestLine]:
    """The contests of all interviews for the team: open ones first, then the newest.

    Those of others' practice, and of interviews that a person is to mark first, are left out.
    """
    lines = await contests_of(request).everywhere(workspace_of(request))
    shown = await _shown(request, {line.interview for line in lines})
    return [
        ContestLine.model_validate(line, from_attributes=True)
        for line in lines
        if line.interview in shown
    ]


@router.get("/withdrawn", responses=problems.documented(404, 422, 503))
async def touched(
    request: Request, atom: Annotated[AtomId, Query(description="What was withdrawn, by its id.")]
) -> list[TouchedInterview]:
    """The interviews that something withdrawn has marked, those to be counted anew first.

    Others' practice, and what a person is to mark first, are left out.
    """
    found = await touched_by(service_of(request).store, atom, workspace_of(request))
    shown = await _shown(request, {each.id for each in found})
    return [
        TouchedInterview.model_validate(each, from_attributes=True)
        for each in found
        if each.id in shown
    ]


async def _shown(request: Request, ids: Collection[str]) -> set[str]:
    """Those of which the caller may see what the team sees."""
    caller, mine = caller_of(request), interviews.c.workspace_id == workspace_of(request)
    columns = (interviews.c[name] for name in ("id", *DECIDES))
    async with service_of(request).store.database.read() as connection:
        rows = (await connection.execute(sa.select(*columns).where(mine))).mappings()
        theirs = {row["id"] for row in rows if "team" in parts_in(caller, dict(row))}
        return theirs.intersection(ids) - await blind_of(connection, mine)
