"""What a candidate may see of an interview: what was said and heard, where it stands, no more."""

from typing import Any

from agent.budget import seconds_left
from agent.policy import Policy
from agent.state import Interview, completed
from api.records import Event, Look
from api.records import Interview as Stored
from api.web.wire import Done, InterviewView, OpenQuestion, SeenEvent

SEEN = {"said", "heard", "paused", "resumed", "ended"}
FIELDS = ("text", "stage", "purpose", "question", "action", "amends", "reason")


def seen(event: Event) -> SeenEvent | None:
    """The event without what is for the team; None where all of it is."""
    if event.type not in SEEN:
        return None
    fields: dict[str, Any] = {name: event.body.get(name) for name in FIELDS}
    return SeenEvent.model_validate(
        {"seq": event.seq, "turn": event.turn, "at": event.at, "type": event.type, **fields}
    )


def open_question(stored: Stored) -> OpenQuestion | None:
    """The question that waits for an answer."""
    asked = stored.state and stored.state["open"]
    return OpenQuestion(number=asked["number"], text=asked["text"]) if asked else None


def view(look: Look, title: str, now: float, trouble: str | None = None) -> InterviewView:
    """The interview as it stands; `now` is the interview's clock."""
    stored = look.interview
    state = completed(stored.state) if stored.state else None
    return InterviewView(
        id=stored.id,
        kit=stored.kit,
        kit_version=stored.kit_version,
        title=title,
        level=stored.level,
        mode=stored.mode,
        examiner=stored.examiner,
        status=stored.status,
        stage=state["stage"] if state else "opening",
        question=open_question(stored),
        pending=look.pending.number if look.pending else None,
        turns=look.turns,
        minutes=stored.options["minutes"],
        seconds_left=left(look, state, now),
        core=stored.options["core"],
        core_asked=sum(testlet["counts"] for testlet in state["testlets"]) if state else 0,
        last_event=look.last_event,
        trouble=trouble,
    )


def done(look: Look, turn: int, now: float) -> Done:
    """What a watcher is told once a turn is committed."""
    stored = look.interview
    state = completed(stored.state) if stored.state else None
    return Done(
        turn=turn,
        status=stored.status,
        stage=state["stage"] if state else "opening",
        question=open_question(stored),
        seconds_left=left(look, state, now),
    )


def left(look: Look, state: Interview | None, now: float) -> float:
    """Seconds left; the clock stands still while the interviewer works and nobody is there."""
    if state is None:
        return float(look.interview.options["minutes"] * 60)
    if look.pending is not None:
        now = look.pending.accepted
    policy = Policy.model_validate(look.interview.options["policy"])
    return round(seconds_left(state, now - look.interview.away, policy), 1)
