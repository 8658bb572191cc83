"""Grading an answer, deciding what follows from it, and moving through the stages."""

from typing import Any, Literal

from langgraph.runtime import Runtime
from langgraph.types import Command

from agent import choosing, feedback, testlets, words
from agent.adding import add
from agent.conditions import called_for
from agent.counting import asks_how, count, note_closed, outcome_of
from agent.deps import Deps, Room
from agent.events import Chose
from agent.examiner import Examination
from agent.nodes import Turn
from agent.speech import emit, put, say
from agent.state import Testlet
from agent.syllabus import Item
from knowledge.atoms import Atom


async def grade(state: Turn, runtime: Runtime[Deps]) -> Command[Literal["adapt", "__end__"]]:
    """Let each mark through the quote gate, and count what is left for its testlet."""
    examination = Examination.model_validate(state["examination"])
    if examination.intents[0] == "amend":
        update = add(state, runtime, examination)
        return Command(update={**update, "said_at": runtime.context.clock()}, goto="__end__")
    number = len(state["testlets"]) - 1
    testlet = count(state, runtime, examination, number)
    update = {
        "testlets": testlets.replaced(state, number, testlet),
        "previous": number,
        "dont_knows": state["dont_knows"] + 1 if asks_how(state) else 0,
    }
    return Command(update=update, goto="adapt")


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
    reason = _why_follow_up(room, testlet, atom)
    emit(runtime, Chose(move="follow_up", atom=atom, reason=reason))
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


def _why_follow_up(room: Room, testlet: Testlet, atom: str | None) -> str:
    if atom in {asked.id for _, asked in room.syllabus.rubric(testlet["question"]).conditional}:
        return "A follow-up, for the answer mentions what the kit then asks about."
    wanted = testlets.wanted(room, testlet["question"])
    shown = sum(any(atom in testlet["credits"] for atom in slot) for slot in wanted)
    if wanted and shown == len(wanted):
        return "A follow-up, for the examiner is not sure enough of what was shown."
    so_far = (
        f"{shown} of {len(wanted)} points were shown so far" if wanted else "nothing is settled"
    )
    return f"A follow-up, for part of what the question is after is open: {so_far}."


def did_not_know(state: Turn) -> bool:
    examination = state["examination"]
    return examination is not None and examination["intents"][0] == "dont_know"


async def _not_known(
    state: Turn, runtime: Runtime[Deps], testlet: Testlet
) -> Command[Literal["move", "__end__"]]:
    """Not knowing is fine: ask once how they would find out, then move on."""
    room = runtime.context.room
    number = len(state["testlets"]) - 1
    if testlet["find_out"] or testlet["answers"] or choosing.time_is_up(state):
        known = {"dont_knows": state["dont_knows"] + 1, "previous": number}
        return _close_testlet(state, runtime, testlet, known)
    asked = testlet | {"find_out": True}
    emit(runtime, Chose(move="find_out", reason="Not knowing: asked once for a way to find out."))
    text = words.in_turn(words.FIND_OUT, sum(each["find_out"] for each in state["testlets"]))
    update = await put(runtime, state, "find_out", text, purpose="follow_up")
    update |= {
        "testlets": testlets.replaced(state, -1, asked),
        "previous": number,
        "said_at": room.clock(),
    }
    return Command(update=update, goto="__end__")


def _follow_up(state: Turn, room: Room, testlet: Testlet) -> tuple[Testlet, str, str | None] | None:
    """The testlet after one more follow-up, its words and its atom; None where none is due."""
    policy = room.policy
    cap = policy.follow_ups if state["mode"] == "practice" else policy.follow_ups_in_screen
    put_so_far = len(testlet["follow_ups"]) + testlet["general"]
    item = room.syllabus.rubric(testlet["question"])
    if put_so_far < cap and (due := _called_for(state, testlet, item)):
        return _with_follow_up(testlet, due), due.text, due.id
    kind = state["open"]["kind"] if state["open"] else None
    score = testlet["score"] or 0.0
    fruitless = score == 0.0 and put_so_far >= 1
    if score >= policy.enough or fruitless or put_so_far >= cap or kind == "find_out":
        return None
    if authored := choosing.next_follow_up(testlet, item):
        return _with_follow_up(testlet, authored), authored.text, authored.id
    if testlet["general"] or not item.scored:
        return None
    after = testlet.copy()
    after["general"] = 1
    story = _is_story(room, testlet)
    forms = words.STORY_FOLLOW_UPS if story else words.GENERAL_FOLLOW_UPS
    alike = (each for each in state["testlets"] if _is_story(room, each) == story)
    put_before = sum(earlier["general"] for earlier in alike)
    return after, words.in_turn(forms, put_before), None


def _called_for(state: Turn, testlet: Testlet, item: Item) -> Atom | None:
    """What the kit asks where an answer mentions what this one does."""
    heard = state["message"]["text"]
    return next(
        (
            asked
            for rule, asked in item.conditional
            if asked.id not in testlet["follow_ups"] and called_for(rule.text, heard)
        ),
        None,
    )


def _with_follow_up(testlet: Testlet, asked: Atom) -> Testlet:
    after = testlet.copy()
    after["follow_ups"] = [*testlet["follow_ups"], asked.id]
    return after


def _is_story(room: Room, testlet: Testlet) -> bool:
    return room.syllabus.rubric(testlet["question"]).question.question_kind in testlets.STORIES


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


def _tell(state: Turn, runtime: Runtime[Deps], testlet: Testlet) -> None:
    before = state["seen"].get(testlet["question"])
    number = len(state["testlets"]) - 1
    text = feedback.on_question(runtime.context.room, testlet, before, number)
    if text:
        say(runtime, state, text, "feedback", atom=testlet["question"])
    by_atom = {told["atom"]: told for told in reversed(testlet["flagged"])}
    for atom, told in by_atom.items():
        text = feedback.on_flag(runtime.context.room.syllabus.kit.by_id[atom], told["words"])
        say(runtime, state, text, "feedback", atom=atom)
