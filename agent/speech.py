"""How the interviewer speaks: every sentence past the leak guard, every message an event."""

from typing import Any

from langgraph.runtime import Runtime

from agent import words
from agent.deps import Deps, Room
from agent.events import AnyEvent, Purpose, Said
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
) -> dict[str, Any]:
    """Put a question and make it the open one; its number is one higher than the last.

    A word on the time goes before it where one is due.

    Returns:
        The update of the state.
    """
    room = runtime.context.room
    brief = Brief(
        purpose=purpose,
        mode=state["mode"],
        ask=text,
        heard=heard,
        acknowledged=tuple(state["acknowledged"]),
        bridge=bridge,
    )
    announced = _tell_time(runtime, state)
    sentences = await _released(room, brief)
    number = state["number"] + 1
    say(runtime, state, " ".join(sentences), purpose, question=number, atom=atom)
    added = [s for s in sentences[:1] if len(sentences) > 1 and s not in {text, bridge}]
    return {
        "number": number,
        "open": Open(number=number, kind=kind, text=text, atom=atom),
        "acknowledged": [*state["acknowledged"], *added],
        "announced": announced,
    }


def _tell_time(runtime: Runtime[Deps], state: Interview) -> list[int]:
    """A word at ten and at two minutes, once each, where the whole is longer than that."""
    left = (state["seconds"] - state["used"]) / 60
    due = [m for m in (10, 2) if left <= m < state["seconds"] / 60 and m not in state["announced"]]
    if due and left > 0.5:
        say(runtime, state, words.time_left(left), "time")
    return [*state["announced"], *due]


async def _released(room: Room, brief: Brief) -> list[str]:
    """The sentences the guard lets through; the authored words alone when what is said leaks.

    Nothing hidden gets out in pieces either, and the authored question is always among them.
    """
    sentences: list[str] = []
    async for sentence in room.examiner.phrase(brief):
        if not isinstance(sentence, str):
            continue
        sentences.append(sentence)
        if sentence != brief.ask and room.guard.leaks(" ".join(sentences)):
            return [brief.ask]
    return sentences if brief.ask in " ".join(sentences) else [brief.ask]


def restate(runtime: Runtime[Deps], state: Interview) -> None:
    """Say the open question again, under its own number."""
    asked = state["open"]
    if asked:
        text = words.RESTATE.format(asked["text"])
        say(runtime, state, text, "clarification", question=asked["number"], atom=asked["atom"])
