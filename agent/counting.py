"""Counting an answer for its testlet, and what is noted when a testlet is over."""

from typing import Literal, cast

from langgraph.runtime import Runtime

from agent import choosing, testlets, words
from agent.deps import Deps, Room
from agent.events import (
    Closed,
    Communicated,
    Estimated,
    Flagged,
    Mark,
    Marked,
    MarkSource,
    Observed,
    ShownElsewhere,
)
from agent.examiner import Examination
from agent.grading import anchor, gate
from agent.nodes import Turn
from agent.speech import emit, say
from agent.state import Interview, Testlet, Told


def count(state: Turn, runtime: Runtime[Deps], examination: Examination, number: int) -> Testlet:
    """The testlet once this message counts for it; marks, flags and the rest are noted.

    An addition's `state` has the testlet as `previous`.
    """
    room, text = runtime.context.room, state["message"]["text"]
    amends = examination.intents[0] == "amend"
    before, road = state["testlets"][number], examination.other_road
    question = testlets.asked_text(state, amends=amends)
    marks = [gate(mark, text, question) for mark in examination.marks]
    rubric = testlets.rubric_of(room, before["question"])
    if amends:
        after = testlets.with_second_thought(before, marks, rubric, room.policy, other_road=road)
    else:
        floor = room.policy.found_a_way if _found_a_way(state, examination, runtime) else 0.0
        after = testlets.with_marks(
            before, marks, rubric, room.policy, floor=floor, other_road=road
        )
    _note_marks(runtime, number, after, marks, examination.source or room.examiner.source)
    after["flagged"] = [*after["flagged"], *_flagged(runtime, examination, text)]
    _note_the_rest(room, runtime, number, examination, text)
    if not examination.readable:
        say(runtime, state, words.OTHER_LANGUAGE, "reply")
    return after


def _found_a_way(state: Turn, examination: Examination, runtime: Runtime[Deps]) -> bool:
    if not (asks_how(state) and examination.way_to_find_out):
        return False
    emit(runtime, Observed(kind="way_to_find_out", quote=examination.way_to_find_out))
    return True


def asks_how(state: Interview) -> bool:
    """Whether the open question is how they would find out what they do not know."""
    return state["open"] is not None and state["open"]["kind"] == "find_out"


def _note_marks(
    runtime: Runtime[Deps], number: int, testlet: Testlet, marks: list[Mark], source: MarkSource
) -> None:
    room = runtime.context.room
    emit(
        runtime,
        Marked(
            testlet=number,
            question=testlet["question"],
            aid=testlets.aid(testlet),
            marks=tuple(marks),
            score=testlet["score"],
            anchor=anchor(testlet["score"], room.policy),
            source=source,
            review=testlet["review"],
        ),
    )


def _flagged(runtime: Runtime[Deps], examination: Examination, text: str) -> list[Told]:
    """The flags that stand on a quote; each is noted."""
    kit, found = runtime.context.room.syllabus.kit, []
    for mark in examination.flags:
        gated = gate(mark, text)
        if gated.verdict == "met" and gated.quote:
            emit(runtime, Flagged(mark=gated, critical=kit.by_id[mark.atom].critical))
            found.append(Told(atom=mark.atom, words=gated.quote.text))
    return found


def _note_the_rest(
    room: Room, runtime: Runtime[Deps], number: int, examination: Examination, text: str
) -> None:
    """Other competencies and communication, by the same quote rule."""
    kit = room.syllabus.kit
    if examination.communicated:
        emit(runtime, Communicated(testlet=number, shown=examination.communicated))
    for mark in examination.elsewhere:
        if (gated := gate(mark, text)).verdict == "met":
            subject = room.syllabus.subject_of(kit.by_id[mark.atom])
            emit(runtime, ShownElsewhere(subject=subject, mark=gated))


def note_closed(state: Turn, runtime: Runtime[Deps], number: int, closed: Testlet) -> list[Testlet]:
    emit(runtime, Closed(testlet=number, question=closed["question"], outcome=closed["outcome"]))
    all_testlets = testlets.replaced(state, number, closed)
    after = cast("Interview", {**state, "testlets": all_testlets})
    for subject in (closed["subject"], None):
        _note_estimate(runtime, after, subject)
    return all_testlets


def outcome_of(testlet: Testlet) -> Literal["answered", "not_answered", "ungraded"]:
    if not testlet["answers"]:
        return "not_answered"
    return "answered" if testlet["score"] is not None else "ungraded"


def _note_estimate(runtime: Runtime[Deps], state: Interview, subject: str | None) -> None:
    room = runtime.context.room
    belief = choosing.belief(state, room.policy, subject)
    low, high = belief.interval(room.policy.interval)
    emit(
        runtime,
        Estimated(
            subject=subject,
            mean=round(belief.mean, 3),
            low=round(low, 3),
            high=round(high, 3),
            testlets=belief.testlets,
        ),
    )
