"""Interviews over HTTP: start, answer, add, watch, read."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request, Response, status
from fastapi.responses import JSONResponse

from agent.report import Report
from api.conduct import Wish
from api.records import Accepted
from api.web import problems, streams
from api.web.asking import owned, service_of
from api.web.wire import (
    EventPage,
    InterviewView,
    NewAmendment,
    NewInterview,
    NewTurn,
    SeenEvent,
    Started,
    TurnView,
)

router = APIRouter(prefix="/api/interviews", tags=["interviews"])

InterviewId = Annotated[
    str, Path(description="The interview's id.", examples=["k3m9x2p4qa"], max_length=16)
]
Audience = Annotated[
    Literal["candidate", "team"],
    Query(alias="for", description="A candidate sees what was said and heard; a team everything."),
]
After = Annotated[
    int | None,
    Query(ge=0, le=2**31 - 1, description="Events that follow this number; 0 is all of them."),
]


SENT = {
    "type": "object",
    "description": "One server-sent event; `id` stands with `event` alone.",
    "required": ["event", "data"],
    "properties": {
        "event": {"type": "string", "enum": ["token", "reset", "event", "done"]},
        "id": {"type": "string", "description": "The event's `seq`."},
        "data": {
            "type": "string",
            "contentMediaType": "application/json",
            "description": (
                "`token`: turn, attempt, text. `reset`: turn, attempt. `event`: a SeenEvent. "
                "`done`: turn, status, stage, question, seconds_left."
            ),
        },
    },
}


TAKEN: dict[int | str, dict[str, Any]] = {
    200: {"model": TurnView, "description": "Sent before: the turn as it is stored."},
    **problems.documented(400, 404, 409, 413, 422, 503),
}


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    responses=problems.documented(400, 404, 409, 413, 422, 503),
)
async def start(request: Request, wish: NewInterview) -> Started:
    """Start an interview; its opening is on its way, as events."""
    service = service_of(request)
    interview_id = await service.start(Wish(**wish.model_dump(), **owned(request)))
    view = await service.view(interview_id)
    return Started.model_validate(view.model_dump())


@router.get("/{id}", responses=problems.documented(404, 422, 503))
async def look(request: Request, id: InterviewId) -> InterviewView:
    """Where the interview stands, as its candidate may see it."""
    return await service_of(request).view(id)


@router.post(
    "/{id}/turns",
    status_code=status.HTTP_202_ACCEPTED,
    response_model=TurnView,
    responses=TAKEN,
)
async def answer(request: Request, id: InterviewId, turn: NewTurn) -> Response:
    """Send a message, or press a button, on the question that is open."""
    accepted = await service_of(request).send(
        id,
        turn_id=turn.turn_id,
        question=turn.question,
        kind=turn.action or "answer",
        text=turn.message or "",
    )
    return _told(accepted)


@router.post(
    "/{id}/amend",
    status_code=status.HTTP_202_ACCEPTED,
    response_model=TurnView,
    responses=TAKEN,
)
async def amend(request: Request, id: InterviewId, addition: NewAmendment) -> Response:
    """Add to the last answer, until the next is given; or think again, once per question."""
    accepted = await service_of(request).send(
        id,
        turn_id=addition.turn_id,
        question=None,
        kind="amend",
        text=addition.message,
        about=addition.turn,
    )
    return _told(accepted)


def _told(accepted: Accepted) -> JSONResponse:
    turn = accepted.turn
    view = TurnView(
        turn_id=turn.turn_id,
        turn=turn.number,
        status=turn.status,
        question=turn.question,
        result=turn.result,
    )
    return JSONResponse(view.model_dump(mode="json"), 200 if accepted.repeated else 202)


@router.get(
    "/{id}/events",
    response_model=EventPage,
    responses={
        200: {
            "description": (
                "Server-sent events `token`, `reset`, `event` and `done`; with "
                "`Accept: application/json` one page of what is committed."
            ),
            "content": {"text/event-stream": {"schema": SENT}},
        },
        204: {"description": "A stream that is asked for again though the interview is over."},
        **problems.documented(404, 409, 422, 503),
    },
)
async def events(request: Request, id: InterviewId, after: After = None) -> Response:
    """Watch the interview. `Last-Event-ID` counts as `after`; a comment keeps the line open."""
    service = service_of(request)
    if streams.wants_json(request):
        page = await service.page(id, after or 0)
        return JSONResponse(page.model_dump(mode="json"))
    return await streams.stream(service, id, streams.resumed_from(request, after))


@router.get("/{id}/transcript", responses=problems.documented(404, 422, 503))
async def transcript(
    request: Request, id: InterviewId, audience: Audience = "candidate"
) -> list[SeenEvent] | list[dict[str, Any]]:
    """The events: what a candidate may see of them, or all with every field for the team."""
    service = service_of(request)
    if audience == "candidate":
        return await service.seen(id)
    return [event.as_json() for event in await service.store.events(id)]


@router.get("/{id}/report", responses=problems.documented(404, 409, 422, 503))
async def report(request: Request, id: InterviewId, audience: Audience = "candidate") -> Report:
    """The report; a candidate's is there once the interview is over."""
    return await service_of(request).report(id, audience)
