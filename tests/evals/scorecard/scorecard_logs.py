"""Logs written by hand for the scorecard's tests: turns as lists of events, on a small kit."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from agent import words
from agent.events import (
    Aid,
    AnyEvent,
    Asked,
    Chose,
    Claimed,
    Closed,
    Ended,
    Flagged,
    Header,
    Heard,
    Intent,
    Mark,
    Marked,
    Mention,
    Observed,
    Opened,
    Purpose,
    Quote,
    Said,
    Stage,
    Took,
    Understood,
)
from agent.policy import Policy
from evals.replay.transcript import Transcript
from evals.scorecard.known import Known
from knowledge.atoms import Level
from knowledge.kit_yaml import parse_kit

KIT = """
viva: 1
name: depot
about: {company: Acme, role: Dispatcher}
atoms:
- competency: Loading
  id: loading
  has:
  - question: A truck is full before the last pallet is on. What do you do with the pallet?
    id: full
    at: mid
    has:
    - point: The pallet goes on the next truck and the customer hears of it before noon.
      id: next-truck
    - point: The weight slip is written anew, since the load differs from the order.
      id: slip
    - point: A photo is kept for the office.
      id: photo
      role: example
    - hint: Think of everybody who waits for something.
      id: waits
    - follow_up: The driver has left already. Who has to know first?
      id: left
    - follow_up: The pallet stays overnight. What can happen to it?
      id: overnight
    - follow_up: The next truck is full as well. How do you go on?
      id: full-too
  - question: Two drivers want the same gate. How do you choose?
    id: gate
    at: junior
    has:
    - point: Chilled goods are unloaded first, whatever the hour of arrival was.
      id: chilled
- competency: Planning
  id: planning
  has:
  - question: Snow closes a pass for a day. How do you plan the routes anew?
    id: snow
    at: senior
    has:
    - point: Deliveries with a fixed hour are moved to drivers in the valley.
      id: valley
- competency: Winter
  id: winter
  has:
  - question: A road is icy at dawn. When do the trucks leave the yard?
    id: ice
    at: mid
    has:
    - point: Departures wait until the gritting crew has reported the road safe.
      id: grit
- flag: Drives without a rest of eleven hours.
  id: rest
  polarity: negative
- technology: Excel
  id: excel
  has:
  - money: What does a pivot table do with rows?
    id: pivot
    has:
    - point: It groups rows and adds up each group.
      id: groups
    - hint: Think of totals.
      id: totals
- technology: Kafka
  id: kafka
  has:
  - money: Where does a message stand after it was read?
    id: stays
    has:
    - point: It stays in the log.
      id: log
- candidate_question: Which shifts are there in the depot?
  id: shifts
  has:
  - fact: The depot works in two shifts from Monday to Friday.
    id: two-shifts
"""
FULL = "A truck is full before the last pallet is on. What do you do with the pallet?"
GATE = "Two drivers want the same gate. How do you choose?"
SNOW = "Snow closes a pass for a day. How do you plan the routes anew?"
ICE = "A road is icy at dawn. When do the trucks leave the yard?"
ANSWER = "I put it on the next truck and call the customer before noon."


@cache
def known() -> Known:
    """The kit, ready for the rules."""
    return Known(parse_kit(KIT, "depot.yaml"))


def said(
    text: str,
    purpose: Purpose = "reply",
    stage: Stage = "probes",
    number: int | None = None,
    atom: str | None = None,
) -> Said:
    return Said(text=text, purpose=purpose, stage=stage, question=number, atom=atom)


def asks(number: int, text: str, atom: str | None = None, stage: Stage = "probes") -> Said:
    return said(text, "question", stage, number, atom)


def follows(number: int, text: str, atom: str | None = None) -> Said:
    return said(text, "follow_up", "probes", number, atom)


def hears(text: str, number: int, stage: Stage = "probes", action: Any = None) -> Heard:
    return Heard(text=text, question=number, stage=stage, action=action)


def reads(*intents: Intent) -> Understood:
    return Understood(intents=intents)


def opens(testlet: int, question: str, subject: str = "Loading", level: Level = "mid") -> Opened:
    return Opened(testlet=testlet, question=question, subject=subject, level=level)


def closes(testlet: int, question: str, outcome: Any = "answered") -> Closed:
    return Closed(testlet=testlet, question=question, outcome=outcome)


def chose(move: str, reason: str = "Because.") -> Chose:
    return Chose(move=move, reason=reason)


def quote(text: str, words_: str) -> Quote:
    start = text.index(words_)
    return Quote(text=words_, start=start, end=start + len(words_))


def mark(atom: str, verdict: Any = "met", quoted: Quote | None = None, **more: Any) -> Mark:
    return Mark(
        **{
            "atom": atom,
            "kind": "point",
            "text": atom,
            "verdict": verdict,
            "probability": 0.8,
            "source": "local",
            "quote": quoted,
            "role": "core",
        }
        | more
    )


def marks(
    testlet: int,
    question: str,
    *found: Mark,
    score: float | None = 0.5,
    aid: Aid = "unaided",
    anchor: Any = "meets",
) -> Marked:
    return Marked(
        testlet=testlet,
        question=question,
        aid=aid,
        marks=found,
        score=score,
        anchor=anchor,
        source="local",
    )


def flags(text: str, words_: str, polarity: Any = "negative") -> Flagged:
    return Flagged(mark=mark("rest", "met", quote(text, words_), kind="flag", polarity=polarity))


def claims(text: str, words_: str, technology: str, atom: str | None) -> Claimed:
    mention = Mention(technology=technology, atom=atom, claimed=True, quote=quote(text, words_))
    return Claimed(mention=mention)


def notes(kind: Any, text: str | None = None) -> Observed:
    return Observed(kind=kind, quote=quote(text, text) if text else None)


def took(first_word: float | None = 0.2, seconds: float = 0.3, waited: float = 0.01) -> Took:
    return Took(
        kind="answer",
        attempt=1,
        waited=waited,
        first_word=first_word,
        seconds=seconds,
        clock=(0.0,),
    )


Turn = list[AnyEvent | float]
"""Its events; a number is seconds that pass."""

PEOPLE_DECIDE = "People decide."


def notice(text: str | None = None, subjects: str = "Loading and Planning") -> Said:
    full = (
        f"Hello. I am an AI: a machine asks. {PEOPLE_DECIDE} It takes about 30 minutes, on "
        f"{subjects}. Not knowing is fine. A point found after a hint counts a little less. "
        "Asking back, pausing and skipping are free."
    )
    return said(full if text is None else text, "notice", "opening")


OPENING: Turn = [notice(), asks(1, words.WARM_UP, stage="opening")]
BACKGROUND = "I drive trucks and plan with Excel."
WARM: Turn = [
    30.0,
    hears(BACKGROUND, 1, "opening"),
    reads("answer"),
    claims(BACKGROUND, "Excel", "Excel", "excel"),
]
FIRST: Turn = [
    *WARM,
    chose("question"),
    opens(0, "full"),
    asks(2, f"You said you have used Excel. On to Loading. {FULL}", "full"),
]
GOODBYE: Turn = [
    30.0,
    hears("No.", 9, "wrap_up"),
    reads("candidate_question"),
    said("That was the interview. Thank you.", "closing", "wrap_up"),
    Ended(reason="complete"),
]


def answered(number: int = 2, text: str = ANSWER) -> Turn:
    """An answer to the first question that meets its first point."""
    met = mark("next-truck", "met", quote(ANSWER, "on the next truck")) if text == ANSWER else None
    found = (met,) if met else ()
    return [30.0, hears(text, number), reads("answer"), marks(0, "full", *found)]


def log(
    *turns: Sequence[AnyEvent | float],
    mode: Any = "practice",
    id_: str = "held",
    minutes: float = 30.0,
    **header: Any,
) -> Transcript:
    """The transcript of these turns; seconds pass where a turn has a number."""
    now, events = 0.0, list[AnyEvent]()
    first = Header(
        viva="0.1.0",
        kit_version=known().kit.version,
        level="mid",
        mode=mode,
        minutes=minutes,
        examiner="local",
        embedder="light",
        seed=1,
        policy=Policy().model_dump(mode="json"),
        packages={},
        **{
            "kit": "depot",
            "reserve": 300.0,
            "questions": 3,
            "subjects": ("Loading", "Planning"),
            "form": ("full",) if mode == "screen" else (),
        }
        | header,
    )
    for turn, each in enumerate([[first, *turns[0]], *turns[1:]], 1):
        for event in each if isinstance(each[-1], Took) else [*each, took()]:
            if isinstance(event, float):
                now += event
                continue
            placed = {"seq": len(events) + 1, "turn": turn, "at": now}
            events.append(event.model_copy(update=placed))
    return Transcript(id_, tuple(events))


def asked_for_team(text: str) -> Asked:
    return Asked(text=text, answered=False)
