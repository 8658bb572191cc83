"""Additions to an answer: to the last one at will, to an earlier one as its one second thought."""

from typing import Any

from langgraph.runtime import Runtime

from agent import testlets, words
from agent.counting import count, note_closed
from agent.deps import Deps
from agent.events import Added
from agent.examiner import Examination
from agent.nodes import Turn, in_mind
from agent.speech import emit, restate, say
from agent.state import Interview, Testlet

ADDED_IN = {"probes", "money"}
"""Stages in which an addition counts: before the wrap-up."""


def add(state: Turn, runtime: Runtime[Deps], examination: Examination) -> dict[str, Any]:
    """Keep an addition with its answer, count it where it can, and say which answer it was.

    Returns:
        The update of the state.
    """
    meant = in_mind(state)
    number = meant["previous"]
    assert number is not None
    before = state["testlets"][number]
    later = _comes_later(state, number)
    refusal = _no_second_thought(state, before, later)
    emit(
        runtime,
        Added(testlet=number, question=before["question"], counts=not refusal, later=later),
    )
    update = {} if refusal else _counted(meant, runtime, examination, number, later)
    if update and (state["previous"] is None or before["outcome"] == "open"):
        update["previous"] = number
    taken = words.AMENDED if before["answers"] else words.AMENDED_FIRST
    say(runtime, state, (refusal or taken).format(words.named(before["text"])), "reply")
    restate(runtime, state)
    return update


def _counted(
    meant: Turn, runtime: Runtime[Deps], examination: Examination, number: int, later: bool
) -> dict[str, Any]:
    testlet = count(meant, runtime, examination, number)
    testlet["amended"] = testlet["amended"] or later
    if testlet["outcome"] != "open":
        note_closed(meant, runtime, number, testlet)
    return {"testlets": testlets.replaced(meant, number, testlet)}


def _comes_later(state: Interview, number: int) -> bool:
    """Whether another answer has been given since, in the money round too."""
    if state["testlets"][number]["outcome"] == "open":
        return False
    return number != state["previous"] or any(bite["hit"] is not None for bite in state["money"])


def _no_second_thought(state: Interview, testlet: Testlet, later: bool) -> str | None:
    """Why an addition does not count, in words."""
    if testlet["told"]:
        return words.AMENDED_TOLD
    if state["stage"] not in ADDED_IN:
        return words.AMENDED_LATE
    return words.AMENDED_TWICE if later and testlet["amended"] else None
