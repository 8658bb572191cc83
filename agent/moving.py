"""From one question to the next, through the stages to the end."""

from typing import Any, Literal, cast

from langgraph.runtime import Runtime
from langgraph.types import Command

from agent import choosing, testlets, words
from agent.choosing import Choice
from agent.counting import note_closed, outcome_of
from agent.deps import Deps, Room
from agent.events import Asked, Chose, Ended, EndReason, Opened
from agent.nodes import Turn
from agent.probing import did_not_know
from agent.speech import emit, put, say

MOST_NAMED = 3
"""Technologies named back after the warm-up."""


async def move(state: Turn, runtime: Runtime[Deps]) -> Command[Literal["close", "__end__"]]:
    """Ask the next thing: another question, the money round, the wrap-up."""
    room = runtime.context.room
    update: dict[str, Any] = {}
    stage = "probes" if state["stage"] == "opening" else state["stage"]
    here = cast("Turn", {**state, "stage": stage})
    asked: dict[str, Any] | None = None
    if here["stage"] == "probes":
        asked = await _probe(here, runtime)
        if asked is None:
            here["stage"] = "money"
    if here["stage"] == "money" and not here["drill"]:
        asked = await _money(here, runtime)
        if asked is None:
            here["stage"] = "wrap_up"
    if asked is None and here["drill"]:
        return Command(update=update | {"stage": "wrap_up"}, goto="close")
    if asked is None:
        asked = await _wrap_up(here, runtime)
    update |= {"stage": here["stage"], "said_at": room.clock()}
    return Command(update=update | asked, goto="__end__")


async def _probe(state: Turn, runtime: Runtime[Deps]) -> dict[str, Any] | None:
    """Put the next rung or core question; None when the probes are over."""
    room = runtime.context.room
    if choosing.time_is_up(state):
        emit(runtime, Chose(move="leave_probes", reason="What time is left is for the wrap-up."))
        return None
    settled = choosing.newly_settled(state, room.syllabus, room.policy)
    for reason in settled.values():
        emit(runtime, Chose(move="leave_topic", reason=reason))
    known = cast("Turn", {**state, "settled": [*state["settled"], *settled]})
    rung = choosing.next_rung(known, room.syllabus, room.policy) if state["testlets"] else None
    choice = rung or _next_core(known, room)
    if choice is None:
        over = choosing.cores_left(state) <= 0
        why = "All planned questions were put." if over else "Nothing is left that would tell more."
        emit(runtime, Chose(move="leave_probes", reason=why))
        return None
    emit(
        runtime,
        Chose(
            move="rung" if rung else "question", atom=choice.item.question.id, reason=choice.reason
        ),
    )
    update = await _put_choice(known, runtime, choice, is_rung=rung is not None)
    return update | {"settled": known["settled"]}


def _next_core(state: Turn, room: Room) -> Choice | None:
    if choosing.cores_left(state) <= 0:
        return None
    return choosing.next_core(state, room.syllabus, room.policy, room.examiner.source)


async def _put_choice(
    state: Turn, runtime: Runtime[Deps], choice: Choice, *, is_rung: bool
) -> dict[str, Any]:
    """Open a testlet and put its question; a ladder's scene is told once."""
    room = runtime.context.room
    subject = room.syllabus.subject_of(choice.item.question)
    text = choice.item.question.text
    if choice.ladder and not is_rung:
        text = f"{room.syllabus.kit.by_id[choice.ladder].text} {text}"
    testlet = testlets.opened(choice, subject, counts=not is_rung)
    emit(
        runtime,
        Opened(
            testlet=len(state["testlets"]),
            question=testlet["question"],
            subject=subject,
            level=choice.level,
        ),
    )
    update = await put(
        runtime,
        state,
        "core",
        text,
        atom=choice.item.question.id,
        heard=_heard(state),
        bridge=_bridge(state, subject, is_rung),
    )
    return update | {"testlets": [*state["testlets"], testlet]}


def _heard(state: Turn) -> str:
    """What they just said, where it says something that the bridge does not say back."""
    said_back = not state["testlets"] and state["claims"]
    return "" if did_not_know(state) or said_back else state["message"]["text"]


def _bridge(state: Turn, subject: str, is_rung: bool) -> str:
    last = state["testlets"][-1]["subject"] if state["testlets"] else None
    if is_rung:
        return words.ANOTHER_LEVEL
    before = subject in {testlet["subject"] for testlet in state["testlets"]}
    way = words.EARLIER_SUBJECT if before else words.NEXT_SUBJECT
    way = words.SAME_SUBJECT if last == subject else way
    return " ".join([*_before_moving_on(state), way.format(words.spoken(subject))])


def _before_moving_on(state: Turn) -> list[str]:
    """A word on what the candidate just did: skipped, did not know, or told what they use."""
    if state["message"]["action"] == "skip":
        return [words.SKIPPED]
    if did_not_know(state):
        return [words.KNOWN_LIMITS]
    if not state["testlets"] and state["claims"]:
        named = [claim["technology"] for claim in state["claims"][:MOST_NAMED]]
        more = len(state["claims"]) > MOST_NAMED
        listed = words.AMONG_OTHERS.format(", ".join(named)) if more else words.listed(named)
        return [words.BACKGROUND.format(listed)]
    return []


async def _money(state: Turn, runtime: Runtime[Deps]) -> dict[str, Any] | None:
    """Put the next bite-size question; None when the round is over or nothing was claimed."""
    room = runtime.context.room
    bite = None
    if not choosing.time_is_up(state):
        bite = choosing.next_bite(state, room.syllabus, room.policy)
    if bite is None:
        if state["money"]:
            hits = sum(bool(tally["hit"]) for tally in state["money"])
            text = words.tally(hits, len(state["money"]), state["mode"])
            say(runtime, state, text, "tally")
        return None
    name = bite.technology.text
    words_of = next(c["words"] for c in state["claims"] if c["atom"] == bite.technology.id)
    emit(
        runtime,
        Chose(
            move="money",
            atom=bite.question.id,
            reason=f'The candidate named {name} ("{words_of}").',
        ),
    )
    first = f"{words.MONEY_BRIDGE[state['mode']]} {words.MONEY_FIRST.format(name)}"
    bridge = words.MONEY_NEXT.format(name) if state["money"] else first
    update = await put(
        runtime,
        state,
        "money",
        bite.question.text,
        atom=bite.question.id,
        bridge=bridge,
    )
    tally = {"atom": bite.question.id, "technology": name, "hinted": False, "hit": None}
    return update | {"money": [*state["money"], tally]}


async def _wrap_up(state: Turn, runtime: Runtime[Deps]) -> dict[str, Any]:
    """A screen asks what was not asked; then the candidate's own questions."""
    asked = state["open"]
    if state["mode"] == "screen" and not (asked and asked["kind"] == "unasked"):
        return await put(runtime, state, "unasked", words.UNASKED)
    text = words.CANDIDATE_QUESTIONS
    return await put(runtime, state, "candidate_questions", text)


async def close(state: Turn, runtime: Runtime[Deps]) -> Command[Literal["__end__"]]:
    """Say goodbye; nothing is decided here."""
    update: dict[str, Any] = {"stage": "done", "open": None, "said_at": None, "paused": False}
    if state["testlets"] and state["testlets"][-1]["outcome"] == "open":
        testlet = state["testlets"][-1].copy()
        answered = testlet["answers"] or testlet["find_out"]
        testlet["outcome"] = outcome_of(testlet) if answered else "cut_short"
        last = len(state["testlets"]) - 1
        update["testlets"] = note_closed(state, runtime, last, testlet)
    reason = _why_ended(state, runtime.context.room)
    for question in state["waiting"]:
        emit(runtime, Asked(text=question, answered=False))
    say(runtime, state, words.goodbye(reason, state["mode"]), "closing")
    emit(runtime, Ended(reason=reason))
    return Command(update=update, goto="__end__")


def _why_ended(state: Turn, room: Room) -> EndReason:
    action = state["message"]["action"]
    if state["examination"] and "abuse" in state["examination"]["intents"]:
        return "conduct"
    if action == "expire":
        return "too_long" if state["messages"] >= room.policy.most_messages else "expired"
    if state["open"] and state["open"]["kind"] == "candidate_questions":
        return "complete"
    if state["drill"] and state["stage"] == "wrap_up":
        return "complete"
    if action == "end_of_input":
        return action
    too_long = action != "end" and state["messages"] >= room.policy.most_messages
    return "too_long" if too_long else "candidate"
