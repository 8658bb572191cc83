"""Helping, waiting, clearing up, drawing a line: what is done beside asking and grading."""

from typing import Any, Literal

from langgraph.runtime import Runtime
from langgraph.types import Command

from agent import feedback, replies, testlets, wishes, words
from agent.choosing import next_hint
from agent.deps import Deps, Room
from agent.events import Asked, Observed, Paused
from agent.nodes import Turn, is_upset, whole
from agent.people import asks_for_people
from agent.speech import clarify, emit, restate, say
from agent.state import Interview, Message

Assisted = Literal["__end__", "adapt", "tally", "welcome", "close"]


async def assist(state: Turn, runtime: Runtime[Deps]) -> Command[Assisted]:
    """Help, wait, clear up or draw a line; asking never costs, and no mark comes of it."""
    wish = _first_wish(state)
    if wish == "hint":
        update = _give_hint(state, runtime)
    elif wish == "skip":
        return Command(update=_skipped(state), goto=_after_skip(state))
    elif wish == "stop":
        say(runtime, state, words.CONFIRM_END, "reply")
        update = {"confirming": True}
    elif wish == "pause":
        emit(runtime, Paused())
        say(runtime, state, words.PAUSED, "reply")
        return Command(update={"paused": True, "said_at": None}, goto="__end__")
    elif wish == "abuse" and state["warned"]:
        return Command(goto="close")
    else:
        update = await _answer_kindly(wish, state, runtime)
    return Command(update={**update, "said_at": runtime.context.clock()}, goto="__end__")


def _first_wish(state: Turn) -> str:
    """The button, or what the words want first; care comes before both."""
    if not state["examination"]:
        return state["message"]["action"] or "resume"
    intents = state["examination"]["intents"]
    return "distress" if is_upset(intents) else str(intents[0])


def _give_hint(state: Turn, runtime: Runtime[Deps]) -> dict[str, Any]:
    room, asked = runtime.context.room, state["open"]
    kind = asked["kind"] if asked else "warm_up"
    if kind == "money":
        return _hint_on_bite(state, runtime)
    if kind not in {"core", "follow_up", "find_out"}:
        say(runtime, state, words.NO_HINT_HERE, "reply")
        return {}
    testlet = state["testlets"][-1]
    item = room.syllabus.rubric(testlet["question"])
    texts = {hint.id: hint.text for hint in item.hints} or {"general": words.GENERAL_HINT}
    hint = next_hint(testlet["hints"], list(texts)[: room.policy.hints])
    if hint is None:
        say(runtime, state, words.NO_HINT_LEFT, "reply")
        return {}
    say(runtime, state, words.HINT.format(texts[hint]), "hint", atom=hint)
    hinted = testlet.copy()
    hinted["hints"] = [*testlet["hints"], hint]
    return {"testlets": testlets.replaced(state, -1, hinted)}


def _hint_on_bite(state: Turn, runtime: Runtime[Deps]) -> dict[str, Any]:
    tally = state["money"][-1]
    hints = runtime.context.room.syllabus.bites[tally["atom"]].hints
    if tally["hinted"] or not hints:
        say(runtime, state, words.NO_HINT_LEFT, "reply")
        return {}
    say(runtime, state, words.HINT.format(hints[0].text), "hint", atom=hints[0].id)
    return {"money": [*state["money"][:-1], {**tally, "hinted": True}]}


def _skipped(state: Turn) -> dict[str, Any]:
    """A skipped question is over, whatever part of it was answered."""
    kind = state["open"]["kind"] if state["open"] else None
    if kind not in {"core", "follow_up", "find_out"}:
        return {"message": Message(text="", action="skip")}
    testlet = state["testlets"][-1].copy()
    testlet["outcome"] = "answered" if testlet["graded"] else "skipped"
    return {
        "testlets": testlets.replaced(state, -1, testlet),
        "message": Message(text="", action="skip"),
    }


def _after_skip(state: Turn) -> Literal["adapt", "tally", "welcome", "close"]:
    kind = state["open"]["kind"] if state["open"] else None
    if kind == "candidate_questions":
        return "close"
    if kind == "money":
        return "tally"
    return "adapt" if kind in {"core", "follow_up", "find_out"} else "welcome"


async def _answer_kindly(wish: str, state: Turn, runtime: Runtime[Deps]) -> dict[str, Any]:
    """A word on what the candidate brought up, and the question again where it helps."""
    text = state["message"]["text"]
    if wish == "candidate_question" and asks_for_people(text):
        say(runtime, state, words.PEOPLE[state["mode"]], "reply")
        emit(runtime, Asked(text=text, answered=False))
        restate(runtime, state)
        return {}
    if wish in _may_ask and wishes.asks_for_the_answer(text):
        return give_answer(state, runtime)
    if wish == "clarify" and state["open"]:
        return await clarify(runtime, state, text)
    reply, again = _replies[wish]
    if wish == "distress" and state["messages"] - 1 in state["offers"]:
        reply, again = words.DISTRESS_STILL, True
    if wish == "amend" and state["message"].get("about") is not None:
        reply = words.AMENDED_UNSCORED
    at_once = _known_at_once(text, state) if wish in _may_ask else None
    say(runtime, state, at_once or reply, "reply")
    update: dict[str, Any] = {}
    if wish in {"distress", "abuse", "technical_problem"}:
        emit(runtime, Observed(kind=wish, quote=whole(text)))
    if wish == "distress":
        update["offers"] = [*state["offers"], state["messages"]]
    if wish == "abuse":
        update["warned"] = True
    if wish == "candidate_question" and at_once is None:
        update["waiting"] = [*state["waiting"], text]
    if again:
        restate(runtime, state)
    return update


def give_answer(state: Turn, runtime: Runtime[Deps]) -> dict[str, Any]:
    """In practice the model answer to the last question that is over; otherwise a friendly no.

    Once it is shown, nothing more can be earned there.
    """
    asked = state["message"]["text"]
    text, number = model_answer(state, runtime.context.room, asked)
    if number is None and (more := what_is_told(asked, state)):
        text = f"{text} {more}"
    say(runtime, state, text, "reply" if number is None else "feedback")
    restate(runtime, state)
    if number is None:
        return {}
    told = state["testlets"][number].copy()
    told["told"] = True
    return {"testlets": testlets.replaced(state, number, told)}


def model_answer(state: Interview, room: Room, wish: str) -> tuple[str, int | None]:
    """What to say to somebody who wishes for the answer, and the testlet it tells, if any."""
    if state["mode"] == "screen":
        return words.NO_ANSWERS, None
    closed = [n for n, t in enumerate(state["testlets"]) if t["outcome"] != "open"]
    probed = state["open"] is not None and state["open"]["kind"] in testlets.PROBING
    if not closed or (probed and wishes.means_the_open_question(wish)):
        return words.NOT_YET, None
    text = feedback.model_answer(room, state["testlets"][closed[-1]]["question"])
    return (text, closed[-1]) if text else (words.NO_MODEL_ANSWER, None)


_may_ask = {"candidate_question", "steering", "clarify", "off_topic"}


def what_is_told(question: str, state: Interview) -> str | None:
    """A plain word on the score, on what lies behind the questions, and on who asks."""
    score = words.NO_SCORE if state["mode"] == "screen" else words.SCORE_LATER
    told = [
        *([score] if wishes.asks_for_the_score(question) else []),
        *([words.BEHIND] if wishes.asks_what_is_behind(question) else []),
        *([words.WHAT_FOR[state["mode"]]] if wishes.asks_what_it_is_for(question) else []),
        *([words.MACHINE] if replies.asks_about_the_machine(question) else []),
    ]
    return " ".join(told[:2]) or None


def _known_at_once(question: str, state: Interview) -> str | None:
    """What never waits for the end: the above, and where we are."""
    if told := what_is_told(question, state):
        return told
    if replies.asks_where_we_are(question):
        left = max(state["seconds"] - state["used"], 0.0) / 60
        put_so_far = sum(testlet["counts"] for testlet in state["testlets"])
        return words.place(left, max(state["core"] - put_so_far, 0))
    return None


_replies: dict[str, tuple[str, bool]] = {
    "resume": (words.GO_ON, True),
    "steering": (words.STEERED, True),
    "off_topic": (words.OFF_TOPIC, True),
    "candidate_question": (words.LATER, True),
    "distress": (words.DISTRESS, False),
    "technical_problem": (words.TECHNICAL, True),
    "abuse": (words.BOUNDARY, True),
    "amend": (words.NOTHING_TO_AMEND, True),
    "clarify": (words.GO_ON, True),
}
