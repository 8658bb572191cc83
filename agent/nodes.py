"""What an interviewer does in a turn, one verb a node; destinations stand in the return type.

`listen` hears a message and sends it where it belongs; `probing`, `moving` and `rounds` hold the
nodes that grade, choose and close.
"""

from typing import Any, Literal, cast

from langgraph.runtime import Runtime
from langgraph.types import Command

from agent import replies, testlets, words
from agent.choosing import next_hint
from agent.deps import Deps, Room
from agent.events import (
    Action,
    Claimed,
    Header,
    Heard,
    Hit,
    Intent,
    Observed,
    Paused,
    Quote,
    Resumed,
    Retrieved,
    Understood,
)
from agent.examiner import Examination, Sheet
from agent.hearing import Utterance, sentences
from agent.quoting import locate
from agent.speech import emit, put, restate, say
from agent.state import Claim, Interview, Message


class Turn(Interview):
    """An interview in the middle of a turn."""

    message: Message
    header: dict[str, Any] | None
    """The transcript's first event; only the opening has one."""
    examination: dict[str, Any] | None
    """The examiner's reading and proposed marks, once there are any."""


async def open_interview(state: Turn, runtime: Runtime[Deps]) -> Command[Literal["__end__"]]:
    """Say who asks and who decides, what will happen, and warm up."""
    room = runtime.context.room
    if state["header"]:
        emit(runtime, Header.model_validate(state["header"]))
    opening = words.opening(
        role=room.syllabus.role or room.syllabus.kit.title or "this role",
        minutes=state["seconds"] / 60,
        subjects=state["subjects"],
        mode=state["mode"],
        core=state["core"],
    )
    say(runtime, state, opening, "notice")
    say(runtime, state, words.HELP, "notice")
    update = await put(runtime, state, "warm_up", words.WARM_UP)
    return Command(update={**update, "said_at": room.clock()}, goto="__end__")


Listened = Literal["assist", "welcome", "grade", "adapt", "tally", "reply", "close"]


async def listen(state: Turn, runtime: Runtime[Deps]) -> Command[Listened]:
    """Hear the message out: what it wants, what it claims, what it may show."""
    room, message = runtime.context.room, state["message"]
    _note_heard(state, runtime)
    update = _clock(state, room) | {"confirming": False}
    if state["paused"] and message["action"] not in {"pause", "end", "end_of_input"}:
        emit(runtime, Resumed())
        update["paused"] = False
        if not message["action"] and replies.is_back(message["text"]):
            update["message"] = Message(text="", action="resume")
            return Command(update=update, goto="assist")
    if message["action"] in {"end", "end_of_input"}:
        return Command(update=update, goto="close")
    if message["action"] and message["action"] != "amend":
        return Command(update=update, goto="assist")
    if state["confirming"]:
        if replies.agrees(message["text"]):
            return Command(update=update, goto="close")
        if replies.declines(message["text"]):
            update["message"] = Message(text="", action="resume")
            return Command(update=update, goto="assist")
    examination = await _examine(state, runtime)
    update["examination"] = examination.model_dump(mode="json")
    update["claims"] = _claims(state, examination, runtime)
    if "candidate_question" in examination.intents[1:]:
        update["waiting"] = [*state["waiting"], *_asked_beside(state["message"]["text"])]
    if state["confirming"] and examination.intents[0] == "stop":
        return Command(update=update, goto="close")
    return Command(update=update, goto=_route(state, examination.intents[0]))


def _asked_beside(text: str) -> list[str]:
    """The questions in a message that also answers."""
    return [span.text for span in sentences(text) if span.text.endswith("?")]


def _note_heard(state: Turn, runtime: Runtime[Deps]) -> None:
    message = state["message"]
    if message["action"] == "end_of_input":
        return
    number = state["open"]["number"] if state["open"] else state["number"]
    action = cast("Action | None", message["action"])
    emit(
        runtime,
        Heard(text=message["text"], stage=state["stage"], question=number, action=action),
    )


def _clock(state: Turn, room: Room) -> dict[str, Any]:
    """Charge the candidate's own time; the machine's and pauses are free."""
    said = state["said_at"]
    spent = 0.0 if said is None or state["paused"] else max(room.clock() - said, 0.0)
    return {"used": state["used"] + spent, "said_at": None}


async def _examine(state: Turn, runtime: Runtime[Deps]) -> Examination:
    room = runtime.context.room
    utterance = await testlets.hear(room, state["message"]["text"])
    sheet, hits = _sheet(state, room, utterance, amends=state["message"]["action"] == "amend")
    examination = await room.examiner.examine(sheet)
    if examination.intents[0] == "amend" and not sheet.amends:
        sheet, hits = _sheet(state, room, utterance, amends=True)
        read = examination.calls
        examination = await room.examiner.examine(sheet)
        examination = examination.model_copy(update={"calls": (*read, *examination.calls)})
    if sheet.amends and examination.intents[0] != "amend":
        examination = examination.model_copy(update={"intents": ("amend", *examination.intents)})
    if hits:
        emit(runtime, Retrieved(hits=tuple(Hit(atom=a, score=s) for a, s in hits)))
    examination = _with_own_words(examination, state["message"]["text"])
    emit(runtime, Understood(intents=examination.intents, mentions=examination.mentions))
    for call in examination.calls:
        emit(runtime, call)
    if examination.fell_back:
        emit(runtime, examination.fell_back)
    if "steering" in examination.intents:
        steering = examination.steering or whole(state["message"]["text"])
        emit(runtime, Observed(kind="steering", quote=steering))
    return examination


def _sheet(
    state: Turn, room: Room, utterance: Utterance, *, amends: bool
) -> tuple[Sheet, list[tuple[str, float]]]:
    """What the examiner gets to see, and what retrieval brought for it."""
    rubric = testlets.rubric(room, state, amends=amends)
    flags, elsewhere, hits = testlets.bring_up(room, state, utterance, rubric)
    sheet = Sheet(
        stage=state["stage"],
        kind=state["open"]["kind"] if state["open"] else "core",
        question=testlets.asked_text(state, amends=amends),
        message=utterance,
        rubric=rubric,
        flags=flags,
        elsewhere=elsewhere,
        technologies=room.syllabus.technologies,
        story=testlets.asks_for_a_story(room, state, amends=amends),
        amends=amends,
    )
    return sheet, hits


def _with_own_words(examination: Examination, text: str) -> Examination:
    """Mentions and ways to find out stand on the candidate's words, like marks."""
    way, road, steering = (
        examination.way_to_find_out,
        examination.other_road,
        examination.steering,
    )
    return examination.model_copy(
        update={
            "mentions": tuple(m for m in examination.mentions if locate(m.quote.text, text)),
            "way_to_find_out": locate(way.text, text) if way else None,
            "other_road": locate(road.text, text) if road else None,
            "steering": locate(steering.text, text) if steering else None,
        }
    )


def whole(text: str) -> Quote | None:
    """All of a message as its quote."""
    return Quote(text=text, start=0, end=len(text)) if text else None


def _claims(state: Turn, examination: Examination, runtime: Runtime[Deps]) -> list[Claim]:
    claims = list(state["claims"])
    for mention in examination.mentions:
        if mention.claimed and mention.atom and all(c["atom"] != mention.atom for c in claims):
            emit(runtime, Claimed(mention=mention))
            claims.append(
                Claim(technology=mention.technology, atom=mention.atom, words=mention.quote.text)
            )
    return claims


def _route(state: Turn, primary: Intent) -> Listened:
    """Where a message goes, by what it wants and what was asked."""
    kind = state["open"]["kind"] if state["open"] else None
    if primary == "amend":
        return "grade" if state["previous"] is not None else "assist"
    if kind == "candidate_questions" and primary in {"answer", "candidate_question", "dont_know"}:
        return "reply"
    if kind == "money" and primary in {"answer", "dont_know"}:
        return "tally"
    if kind in {"core", "follow_up", "find_out"}:
        return {"answer": "grade", "dont_know": "adapt"}.get(primary, "assist")  # type: ignore[return-value]
    return "welcome" if primary in {"answer", "dont_know"} else "assist"


Assisted = Literal["__end__", "adapt", "tally", "welcome", "close"]


async def assist(state: Turn, runtime: Runtime[Deps]) -> Command[Assisted]:
    """Help, wait, clear up or draw a line; asking never costs, and no mark comes of it."""
    wish = state["message"]["action"] or _first_wish(state)
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
        update = _answer_kindly(wish, state, runtime)
    return Command(update={**update, "said_at": runtime.context.clock()}, goto="__end__")


def _first_wish(state: Turn) -> str:
    return state["examination"]["intents"][0] if state["examination"] else "resume"


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


def _answer_kindly(wish: str, state: Turn, runtime: Runtime[Deps]) -> dict[str, Any]:
    """A word on what the candidate brought up, and the question again where it helps."""
    asked = state["open"]
    if wish == "clarify" and asked:
        say(runtime, state, words.CLARIFY.format(asked["text"]), "clarification")
        return {}
    reply, again = _replies[wish]
    text = state["message"]["text"]
    at_once = _known_at_once(text, state) if wish == "candidate_question" else None
    say(runtime, state, at_once or reply, "reply")
    update: dict[str, Any] = {}
    if wish in {"distress", "abuse", "technical_problem"}:
        emit(runtime, Observed(kind=wish, quote=whole(text)))
    if wish == "abuse":
        update["warned"] = True
    if wish == "candidate_question" and at_once is None:
        update["waiting"] = [*state["waiting"], text]
    if again:
        restate(runtime, state)
    return update


def _known_at_once(question: str, state: Interview) -> str | None:
    """Who is asking, and where we are: the two things that never wait for the end."""
    if replies.asks_about_the_machine(question):
        return words.MACHINE
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


async def welcome(state: Turn, runtime: Runtime[Deps]) -> Command[Literal["move"]]:
    """Take what was said about the candidate's background as context; it is never scored."""
    return Command(goto="move")
