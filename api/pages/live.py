"""The interview page: what was said and heard so far, and where it stands."""

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel

from api.identity.access import caller_of
from api.pages.errors import Page
from api.pages.rendering import render
from api.web.asking import service_of
from api.web.wire import LONGEST_MESSAGE, InterviewView, SeenEvent

if TYPE_CHECKING:
    from api.service import Service

router = APIRouter(route_class=Page, include_in_schema=False)

STAGES = {
    "opening": "Opening",
    "probes": "Questions",
    "money": "Quick round",
    "wrap_up": "Your questions",
    "done": "Done",
}
STAGES_OF_A_DRILL = {stage: STAGES[stage] for stage in ("probes", "done")}
LABELS: dict[str, str | None] = {
    "said.question": "Question {}",
    "said.follow_up": "Follow-up, question {}",
    "said.hint": "Hint",
    "said.clarification": "The question again",
    "said.feedback": "Looking back",
    "said.tally": "The bank",
    "heard.amend": "Added to an earlier answer",
    "heard.hint": "You asked for a hint.",
    "heard.skip": "You skipped this question.",
    "heard.clarify": "You asked what is meant.",
    "heard.pause": None,
    "heard.resume": None,
    "heard.end": None,
    "paused": "Paused. The clock stands still.",
    "resumed": "Going on.",
    "ended": "The interview is over.",
}
"""What stands above a message, by what it is; None where another event says the same.

The page's module reads these too.
"""


class QuickRound(BaseModel):
    """The quick round so far; `banked` is told in practice only."""

    technology: str
    asked: int
    banked: int | None


class Now(BaseModel):
    """Where the interview stands, as its page shows it."""

    view: InterviewView
    round: QuickRound | None


class Line(BaseModel):
    """An event as it stands on the page."""

    kind: str
    label: str
    event: SeenEvent


@router.get("/interviews/{id}", response_class=HTMLResponse)
async def interview(request: Request, id: str) -> HTMLResponse:
    """The page itself; its module goes on from the last event in it."""
    service = service_of(request)
    now = await _now(service, id)
    seen = await service.seen(id)
    is_drill = (await service.store.load(id)).options.get("drill", False)
    return render(
        "interview.html",
        now=now.model_dump(mode="json"),
        view=now.view,
        invited="candidate" in caller_of(request).roles,
        lines=[line for event in seen if (line := _line(event))],
        last=max((event.seq for event in seen), default=0),
        stages=STAGES_OF_A_DRILL if is_drill else STAGES,
        labels=LABELS,
        longest=LONGEST_MESSAGE,
    )


@router.get("/interviews/{id}/now")
async def now(request: Request, id: str) -> Now:
    """Where the interview stands now."""
    return await _now(service_of(request), id)


async def _now(service: "Service", interview_id: str) -> Now:
    view = await service.view(interview_id)
    if view.stage != "money":
        return Now(view=view, round=None)
    state = (await service.store.load(interview_id)).state or {"money": []}
    return Now(view=view, round=_round(state["money"], told=view.mode == "practice"))


def _round(tallies: list[dict[str, Any]], *, told: bool) -> QuickRound | None:
    if not tallies:
        return None
    banked = sum(bool(tally["hit"]) for tally in tallies)
    return QuickRound(
        technology=tallies[-1]["technology"],
        asked=len(tallies),
        banked=banked if told else None,
    )


def _line(event: SeenEvent) -> Line | None:
    """The line that shows an event; None where another event says the same."""
    what = {"said": f"said.{event.purpose}", "heard": f"heard.{event.action or 'answer'}"}
    name = what.get(event.type, event.type)
    label = LABELS.get(name, "")
    if label is None:
        return None
    spoken = event.type == "said" or name in {"heard.answer", "heard.amend"}
    kind = event.type if spoken else "note"
    return Line(kind=kind, label=label.format(event.question or ""), event=event)
