"""How the interviewer speaks: every sentence past the leak guard, every message an event."""

from typing import Any, NamedTuple

from langgraph.runtime import Runtime

from agent import words
from agent.deps import Deps
from agent.draft import Draft, authored
from agent.events import AnyEvent, FellBack, Purpose, Said, Speaking
from agent.examiner import Brief
from agent.state import Interview, Open, OpenKind


def emit(runtime: Runtime[Deps], event: AnyEvent) -> None:
    """Put an event on the turn's stream, at the interview's own time."""
    at = runtime.context.clock()
    runtime.stream_writer(event.model_copy(update={"at": at}).model_dump(mode="json"))


def say(
    runtime: Runtime[Deps],
    state: Interview,
    text: str,
    purpose: Purpose,
    *,
    question: int | None = None,
    atom: str | None = None,
) -> None:
    """Say authored words."""
    emit(
        runtime,
        Said(text=text, stage=state["stage"], purpose=purpose, question=question, atom=atom),
    )


async def put(
    runtime: Runtime[Deps],
    state: Interview,
    kind: OpenKind,
    text: str,
    *,
    purpose: Purpose = "question",
    atom: str | None = None,
    heard: str = "",
    bridge: str = "",
    own_words: bool = False,
) -> dict[str, Any]:
    """Put a question and make it the open one; its number is one higher than the last.

    A word on the time goes before it where one is due.

    Returns:
        The update of the state.
    """
    brief = Brief(
        purpose=purpose,
        mode=state["mode"],
        ask=text,
        heard=heard,
        acknowledged=tuple(state["acknowledged"]),
        bridge=bridge,
        own_words=own_words,
    )
    announced = _tell_time(runtime, state)
    phrase = await _phrase(runtime, brief)
    number = state["number"] + 1
    say(runtime, state, phrase.text, purpose, question=number, atom=atom)
    return {
        "number": number,
        "open": Open(number=number, kind=kind, text=phrase.asked, atom=atom),
        "acknowledged": _acknowledged(state, phrase),
        "announced": announced,
    }


async def clarify(runtime: Runtime[Deps], state: Interview, heard: str) -> dict[str, Any]:
    """Put the open question in other words, under its own number.

    Returns:
        The update of the state.
    """
    asked = state["open"]
    assert asked
    brief = Brief(
        purpose="clarification",
        mode=state["mode"],
        ask=asked["text"],
        heard=heard,
        acknowledged=tuple(state["acknowledged"]),
        bridge=words.CLARIFY,
        own_words=True,
    )
    phrase = await _phrase(runtime, brief)
    number, atom = asked["number"], asked["atom"]
    say(runtime, state, phrase.text, "clarification", question=number, atom=atom)
    return {"acknowledged": _acknowledged(state, phrase)}


class Phrase(NamedTuple):
    """A message as it is said, the question in it, and what was added before that."""

    text: str
    asked: str
    lead: str = ""


async def _phrase(runtime: Runtime[Deps], brief: Brief) -> Phrase:
    """The message in the examiner's words, or in authored words where those may not be said.

    A sentence is shown as soon as it has passed; when the whole does not stand, that is void.
    """
    room = runtime.context.room
    draft, shown, fell_back = Draft(brief, room.guard), False, False
    async for spoken in room.examiner.phrase(brief):
        if isinstance(spoken, str):
            for sentence in draft.add(spoken):
                shown = _show(runtime, Speaking(text=sentence)) or shown
        else:
            emit(runtime, spoken)
            fell_back = fell_back or isinstance(spoken, FellBack)
    if draft.stands and not fell_back:
        return Phrase(draft.text, draft.asked, draft.lead)
    if shown:
        _show(runtime, Speaking(text="", again=True))
    return Phrase(authored(brief), brief.ask)


def _show(runtime: Runtime[Deps], speaking: Speaking) -> bool:
    """Show a sentence ahead where there is something to wait for: a model's words come slowly."""
    slow = runtime.context.room.examiner.source == "model"
    if slow:
        runtime.stream_writer(speaking.model_dump(mode="json"))
    return slow


def _acknowledged(state: Interview, phrase: Phrase) -> list[str]:
    return [*state["acknowledged"], *([phrase.lead] if phrase.lead else [])]


def _tell_time(runtime: Runtime[Deps], state: Interview) -> list[int]:
    """A word at ten and at two minutes, once each, where the whole is longer than that."""
    left = (state["seconds"] - state["used"]) / 60
    due = [m for m in (10, 2) if left <= m < state["seconds"] / 60 and m not in state["announced"]]
    if due and left > 0.5:
        say(runtime, state, words.time_left(left), "time")
    return [*state["announced"], *due]


def restate(runtime: Runtime[Deps], state: Interview) -> None:
    """Say the open question again, under its own number."""
    asked = state["open"]
    if asked:
        text = words.RESTATE.format(asked["text"])
        say(runtime, state, text, "clarification", question=asked["number"], atom=asked["atom"])
