"""Grading an answer, deciding what follows from it, and moving through the stages."""

from typing import Any, Literal, cast

from langgraph.runtime import Runtime
from langgraph.types import Command

from agent import choosing, feedback, testlets, words
from agent.deps import Deps, Room
from agent.events import (
    Chose,
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
from agent.speech import emit, put, restate, say
from agent.state import Interview, Testlet, Told


async def grade(state: Turn, runtime: Runtime[Deps]) -> Command[Literal["adapt", "__end__"]]:
    """Let each mark through the quote gate, and count what is left for its testlet."""
    room = runtime.context.room
    examination = Examination.model_validate(state["examination"])
    amends = examination.intents[0] == "amend"
    number = state["previous"] if amends else len(state["testlets"]) - 1
    assert number is not None
    before = state["testlets"][number]
    text = state["message"]["text"]
    if amends and (refusal := _no_second_thought(state, before)):
        say(runtime, state, refusal, "reply")
        restate(runtime, state)
        return Command(update={"said_at": room.clock()}, goto="__end__")
    question = testlets.asked_text(state, amends=amends)
    marks = [gate(mark, text, question) for mark in examination.marks]
    rubric = testlets.rubric_of(room, before["question"])
    finds = _found_a_way(state, examination, runtime)
    floor = room.policy.found_a_way if finds else 0.0
    if amends:
        testlet = testlets.with_second_thought(
            before, marks, rubric, room.policy, other_road=examination.other_road
        )
    else:
        testlet = testlets.with_marks(
            before, marks, rubric, room.policy, floor=floor, other_road=examination.other_road
        )
    _note_marks(runtime, number, testlet, marks, examination.source or room.examiner.source)
    testlet["flagged"] = [*testlet["flagged"], *_flagged(runtime, examination, text)]
    _note_the_rest(room, runtime, number, examination, text)
    update = {"testlets": testlets.replaced(state, number, testlet), "previous": number}
    if not examination.readable:
        say(runtime, state, words.OTHER_LANGUAGE, "reply")
    if not amends:
        known = state["dont_knows"] + 1 if _asks_how(state) else 0
        return Command(update=update | {"dont_knows": known}, goto="adapt")
    if testlet["outcome"] != "open":
        note_closed(state, runtime, number, testlet)
    say(runtime, state, words.AMENDED, "reply")
    restate(runtime, state)
    return Command(update={**update, "said_at": room.clock()}, goto="__end__")


def _no_second_thought(state: Interview, testlet: Testlet) -> str | None:
    """Why an addition does not count: one a question, before the wrap-up and before feedback."""
    if testlet["told"]:
        return words.AMENDED_TOLD
    if testlet["amended"] or state["stage"] not in {"probes", "money"}:
        return words.AMENDED_LATE
    return None


def _found_a_way(state: Turn, examination: Examination, runtime: Runtime[Deps]) -> bool:
    if not (_asks_how(state) and examination.way_to_find_out):
        return False
    emit(runtime, Observed(kind="way_to_find_out", quote=examination.way_to_find_out))
    return True


def _asks_how(state: Interview) -> bool:
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


async def adapt(state: Turn, runtime: Runtime[Deps]) -> Command[Literal["move", "__end__"]]:
    """Follow up on what was left out, ask how they would find out, or close the question."""
    room = runtime.context.room
    testlet = state["testlets"][-1]
    if state["message"]["action"] == "skip":
        return _close_testlet(state, runtime, testlet, {"dont_knows": 0})
    if did_not_know(state):
        return await _not_known(state, runtime, testlet)
    follow_up = _follow_up(state, room, testlet)
    if follow_up is None or choosing.time_is_up(state):
        return _close_testlet(state, runtime, testlet, {})
    after, text, atom = follow_up
    emit(
        runtime,
        Chose(move="follow_up", atom=atom, reason="Part of what the question is after is open."),
    )
    update = await put(
        runtime,
        state,
        "follow_up",
        text,
        purpose="follow_up",
        atom=atom,
        heard=state["message"]["text"],
        bridge=words.FOLLOW_UP,
        own_words=atom is None,
    )
    update |= {"testlets": testlets.replaced(state, -1, after), "said_at": room.clock()}
    return Command(update=update, goto="__end__")


def did_not_know(state: Turn) -> bool:
    examination = state["examination"]
    return examination is not None and examination["intents"][0] == "dont_know"


async def _not_known(
    state: Turn, runtime: Runtime[Deps], testlet: Testlet
) -> Command[Literal["move", "__end__"]]:
    """Not knowing is fine: ask once how they would find out, then move on."""
    room = runtime.context.room
    dont_knows = state["dont_knows"] + 1
    if testlet["find_out"] or testlet["answers"] or choosing.time_is_up(state):
        return _close_testlet(state, runtime, testlet, {"dont_knows": dont_knows})
    asked = testlet | {"find_out": True}
    emit(runtime, Chose(move="find_out", reason="Not knowing: asked once for a way to find out."))
    update = await put(runtime, state, "find_out", words.FIND_OUT, purpose="follow_up")
    update |= {
        "testlets": testlets.replaced(state, -1, asked),
        "said_at": room.clock(),
    }
    return Command(update=update, goto="__end__")


def _follow_up(state: Turn, room: Room, testlet: Testlet) -> tuple[Testlet, str, str | None] | None:
    """The testlet after one more follow-up, its words and its atom; None where none is due."""
    policy = room.policy
    cap = policy.follow_ups if state["mode"] == "practice" else policy.follow_ups_in_screen
    put_so_far = len(testlet["follow_ups"]) + testlet["general"]
    kind = state["open"]["kind"] if state["open"] else None
    score = testlet["score"] or 0.0
    fruitless = score == 0.0 and put_so_far >= 1
    if score >= policy.enough or fruitless or put_so_far >= cap or kind == "find_out":
        return None
    item = room.syllabus.rubric(testlet["question"])
    after = testlet.copy()
    authored = choosing.next_follow_up(testlet, item)
    if authored:
        after["follow_ups"] = [*testlet["follow_ups"], authored]
        return after, room.syllabus.kit.by_id[authored].text, authored
    if testlet["general"] or not item.scored:
        return None
    after["general"] = 1
    story = item.question.question_kind in testlets.STORIES
    forms = words.STORY_FOLLOW_UPS if story else words.GENERAL_FOLLOW_UPS
    put_before = sum(earlier["general"] for earlier in state["testlets"])
    return after, words.in_turn(forms, put_before), None


def _close_testlet(
    state: Turn, runtime: Runtime[Deps], testlet: Testlet, update: dict[str, Any]
) -> Command[Literal["move", "__end__"]]:
    """The question is over: its outcome, the estimate, and in practice what was missing."""
    room = runtime.context.room
    closed = testlet.copy()
    if closed["outcome"] == "open":
        closed["outcome"] = outcome_of(closed)
    if closed["outcome"] == "not_answered":
        closed["graded"], closed["score"] = True, 0.0
    closed["told"] = state["mode"] == "practice" and feedback.tells(room, closed)
    all_testlets = note_closed(state, runtime, len(state["testlets"]) - 1, closed)
    if state["mode"] == "practice":
        _tell(state, runtime, closed)
    return Command(update={**update, "testlets": all_testlets}, goto="move")


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


def _tell(state: Turn, runtime: Runtime[Deps], testlet: Testlet) -> None:
    text = feedback.on_question(runtime.context.room, testlet)
    if text:
        say(runtime, state, text, "feedback", atom=testlet["question"])
    by_atom = {told["atom"]: told for told in reversed(testlet["flagged"])}
    for atom, told in by_atom.items():
        text = feedback.on_flag(runtime.context.room.syllabus.kit.by_id[atom], told["words"])
        say(runtime, state, text, "feedback", atom=atom)
