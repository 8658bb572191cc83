"""What an interviewer does in a turn, one verb a node; destinations stand in the return type.

`listen` hears a message and sends it where it belongs; `assisting`, `probing`, `moving` and
`rounds` hold the nodes that help, grade, choose and close.
"""

from collections.abc import Sequence
from typing import Any, Literal, cast

from langgraph.runtime import Runtime
from langgraph.types import Command

from agent import replies, testlets, wishes, words
from agent.budget import charged
from agent.deps import Deps, Room
from agent.events import (
    Action,
    Claimed,
    Header,
    Heard,
    Hit,
    Intent,
    Observed,
    Quote,
    Resumed,
    Retrieved,
    Understood,
)
from agent.examiner import Examination
from agent.hearing import sentences
from agent.people import asks_for_people
from agent.quoting import locate
from agent.speech import emit, put, say
from agent.state import SILENT, Claim, Interview, Message


class Turn(Interview):
    """An interview in the middle of a turn."""

    message: Message
    header: dict[str, Any] | None
    """The transcript's first event; only the opening has one."""
    examination: dict[str, Any] | None
    """The examiner's reading and proposed marks, once there are any."""


async def open_interview(
    state: Turn, runtime: Runtime[Deps]
) -> Command[Literal["move", "__end__"]]:
    """Say who asks and who decides, what will happen, and warm up."""
    room = runtime.context.room
    if state["header"]:
        emit(runtime, Header.model_validate(state["header"]))
    if state["drill"]:
        again = any(question in state["seen"] for question in state["form"])
        opening = words.drill(
            state["subjects"][0], state["core"], state["seconds"] / 60, again=again
        )
        say(runtime, state, opening, "notice")
        say(runtime, state, words.DRILL_HELP, "notice")
        return Command(goto="move")
    opening = words.opening(
        role=room.syllabus.role or room.syllabus.kit.title or "this role",
        minutes=state["seconds"] / 60,
        subjects=state["subjects"],
        mode=state["mode"],
        core=state["core"],
        quick=bool(room.syllabus.bites),
    )
    say(runtime, state, opening, "notice")
    adapts = words.ADAPTS[state["mode"]].format(state["level"])
    say(runtime, state, f"{adapts} {words.HELP}", "notice")
    update = await put(runtime, state, "warm_up", words.WARM_UP)
    return Command(update={**update, "said_at": room.clock()}, goto="__end__")


LEAVING = {"end", *SILENT}

RESUMES = Message(text="", action="resume")

Listened = Literal["assist", "welcome", "grade", "adapt", "tally", "reply", "close"]


async def listen(state: Turn, runtime: Runtime[Deps]) -> Command[Listened]:
    """Hear the message out: what it wants, what it claims, what it may show."""
    room, message = runtime.context.room, state["message"]
    _note_heard(state, runtime)
    update = _clock(state, room) | {"confirming": False, "messages": state["messages"] + 1}
    if update["messages"] >= room.policy.most_messages:
        return Command(update=update, goto="close")
    if state["paused"] and message["action"] not in LEAVING | {"pause"}:
        emit(runtime, Resumed())
        update["paused"] = False
    if plain := _plainly(state):
        return Command(update=update | plain[1], goto=plain[0])
    examination = await _examine(state, runtime)
    update["examination"] = examination.model_dump(mode="json")
    update["claims"] = _claims(state, examination, runtime)
    if "candidate_question" in examination.intents[1:]:
        update["waiting"] = [*state["waiting"], *_asked_beside(state["message"]["text"])]
    if examination.intents[0] == "stop":
        if replies.wishes_to_go_on(message["text"]):  # read as its opposite, by either examiner
            update |= {"message": RESUMES, "examination": None}
            return Command(update=update, goto="assist")
        if state["confirming"]:
            return Command(update=update, goto="close")
    return Command(update=update, goto=_route(in_mind(state), examination.intents))


def _plainly(state: Turn) -> tuple[Listened, dict[str, Any]] | None:
    """Where a button leads, or plain words that need no reading, and with what update."""
    action, text = state["message"]["action"], state["message"]["text"]
    if action in LEAVING:
        return "close", {}
    if action:
        return None if action == "amend" else ("assist", {})
    if (state["paused"] and replies.is_back(text)) or _goes_on(state):
        return "assist", {"message": RESUMES}
    if state["confirming"] and replies.agrees(text):
        return "close", {}
    if state["confirming"] and (replies.declines(text) or replies.wishes_to_go_on(text)):
        return "assist", {"message": RESUMES}
    return None


def _goes_on(state: Turn) -> bool:
    """Fine again after a break or the offer of one: a few words that only say so."""
    text, offered = state["message"]["text"], state["messages"] in state["offers"]
    return (offered and replies.is_back(text)) or (
        (offered or state["paused"]) and replies.is_fine(text)
    )


def _asked_beside(text: str) -> list[str]:
    """The questions in a message that also answers."""
    return [span.text for span in sentences(text) if span.text.endswith("?")]


def _note_heard(state: Turn, runtime: Runtime[Deps]) -> None:
    message = state["message"]
    if message["action"] in SILENT:
        return
    emit(
        runtime,
        Heard(
            text=message["text"],
            stage=state["stage"],
            question=state["open"]["number"] if state["open"] else state["number"],
            action=cast("Action | None", message["action"]),
            amends=message.get("about"),
        ),
    )


def _clock(state: Turn, room: Room) -> dict[str, Any]:
    """Charge the candidate's own time; the machine's and pauses are free."""
    over = state["stage"] == "done" or state["message"]["action"] in SILENT
    free = state["paused"] or over
    said_at = None if free else state["said_at"]
    spent = charged(said_at, room.clock(), room.policy.longest_silence)
    return {"used": state["used"] + spent, "said_at": None}


def in_mind(state: Turn) -> Turn:
    """The state with `previous` at the answer that an addition to it means."""
    message = state["message"]
    named = message.get("testlet")
    if named is None and message.get("about") is None:
        return state
    return cast("Turn", {**state, "previous": named})


async def _examine(state: Turn, runtime: Runtime[Deps]) -> Examination:
    room, state = runtime.context.room, in_mind(state)
    utterance = await testlets.hear(room, state["message"]["text"])
    amends = state["message"]["action"] == "amend"
    sheet, hits = testlets.sheet(room, state, utterance, amends=amends)
    examination = await room.examiner.examine(sheet)
    reads_as_addition = examination.intents[0] == "amend" and not is_upset(examination.intents)
    if reads_as_addition and not sheet.amends:
        sheet, hits = testlets.sheet(room, state, utterance, amends=True)
        read = examination.calls
        examination = await room.examiner.examine(sheet)
        examination = examination.model_copy(update={"calls": (*read, *examination.calls)})
    if sheet.amends and examination.intents[0] != "amend":
        examination = examination.model_copy(update={"intents": ("amend", *examination.intents)})
    if hits:
        emit(runtime, Retrieved(hits=tuple(Hit(atom=a, score=s) for a, s in hits)))
    examination = _without_asking(examination, state["message"]["text"])
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


def _without_asking(examination: Examination, text: str) -> Examination:
    """A plain question for the answer, the score or a person is no answer, and no steering."""
    if "distress" in examination.intents:
        return examination
    if asks_for_people(text):
        return examination.model_copy(update={"intents": ("candidate_question",)})
    if examination.intents[0] == "clarify" and replies.NEVER_ASKED.search(text):
        return examination.model_copy(update={"intents": ("candidate_question",)})
    if not wishes.only_asks(text):
        return examination
    behind = "steering" in examination.intents and wishes.asks_what_is_behind(text)
    intents: tuple[Intent, ...] = ("candidate_question", "steering")
    return examination.model_copy(update={"intents": intents if behind else intents[:1]})


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
    """What is claimed so far; one without an atom is kept, but no question hangs on it."""
    claims = list(state["claims"])
    for mention in examination.mentions:
        name, atom = mention.technology, mention.atom or ""
        known = any(
            c["atom"] == atom if atom else c["technology"].casefold() == name.casefold()
            for c in claims
        )
        if mention.claimed and not known:
            emit(runtime, Claimed(mention=mention))
            claims.append(Claim(technology=name, atom=atom, words=mention.quote.text))
    return claims


def is_upset(intents: Sequence[Intent]) -> bool:
    """Whether care comes first: nothing beside it is graded, but a wish to pause or end is met."""
    return "distress" in intents and intents[0] not in {"stop", "pause", "skip"}


def _route(state: Turn, intents: Sequence[Intent]) -> Listened:
    """Where a message goes, by what it wants and what was asked."""
    kind, primary = state["open"]["kind"] if state["open"] else None, intents[0]
    if is_upset(intents):
        return "assist"
    if primary == "amend":
        return "grade" if state["previous"] is not None else "assist"
    if kind == "candidate_questions" and primary in {"answer", "candidate_question", "dont_know"}:
        return "reply"
    if kind == "money" and primary in {"answer", "dont_know"}:
        return "tally"
    if kind in {"core", "follow_up", "find_out"}:
        return {"answer": "grade", "dont_know": "adapt"}.get(primary, "assist")  # type: ignore[return-value]
    return "welcome" if primary in {"answer", "dont_know"} else "assist"


async def welcome(state: Turn, runtime: Runtime[Deps]) -> Command[Literal["move"]]:
    """Take what was said about the candidate's background as context; it is never scored."""
    return Command(goto="move")
