"""The event log folded into what a report is made of; nothing is looked up elsewhere."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from agent.budget import charged
from agent.events import (
    Added,
    AnyEvent,
    Asked,
    Away,
    Claimed,
    Closed,
    Communicated,
    Ended,
    FellBack,
    Flagged,
    Header,
    Heard,
    Hit,
    Mark,
    Marked,
    MarkSource,
    ModelCalled,
    MoneyScored,
    Observed,
    Opened,
    Regraded,
    Retrieved,
    Review,
    Said,
    ShownElsewhere,
    Understood,
)
from agent.grading import least_exact
from agent.policy import Policy
from knowledge.atoms import Grade, Level


@dataclass
class Topic:
    """A testlet as it went."""

    question: str
    subject: str
    level: Level
    number: int = 0
    text: str = ""
    numbers: dict[int, str] = field(default_factory=dict)
    """Texts by the number under which they were put."""
    follow_ups: int = 0
    hints: int = 0
    answers: list[Heard] = field(default_factory=list)
    counted: set[int] = field(default_factory=set)
    """Places in the answers of additions that count."""
    given: list["Given"] = field(default_factory=list)
    score: float | None = None
    anchor: Grade | Literal["ungraded"] | None = None
    review: Review | None = None
    outcome: str = "open"

    @property
    def by(self) -> MarkSource | None:
        """Who marked it; the less exact, where there were two."""
        return least_exact(mark.source for mark, _ in self.marks)

    @property
    def was_answered(self) -> bool:
        """Whether anything but additions was said to it."""
        return any(heard.action != "amend" for heard in self.answers)

    @property
    def marks(self) -> list[tuple[Mark, int]]:
        """Every mark with the answer it was given for."""
        return [(mark, given.answer) for given in self.given for mark in given.marks]


@dataclass
class Given:
    """What one answer was given, and by whom; replaced when it is marked anew."""

    answer: int
    """Place in the topic's answers, of which some are additions."""
    marks: tuple[Mark, ...]
    source: MarkSource
    flags: list[Mark] = field(default_factory=list)
    fell_back: bool = False
    """Marked by a fallback, or by nobody, and waiting."""


@dataclass
class Ledger:
    """Everything a report needs, in the order it happened."""

    header: Header | None = None
    topics: list[Topic] = field(default_factory=list)
    money: list[MoneyScored] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    claims: list[str] = field(default_factory=list)
    steering: list[str] = field(default_factory=list)
    elsewhere: list[ShownElsewhere] = field(default_factory=list)
    marked: int = 0
    communicated: list[tuple[str, ...]] = field(default_factory=list)
    hits: list[Hit] = field(default_factory=list)
    calls: list[ModelCalled] = field(default_factory=list)
    fallbacks: list[FellBack] = field(default_factory=list)
    spent: float = 0.0
    ended: str | None = None
    _said_at: float | None = None
    _longest: float = Policy().longest_silence
    _paused: bool = False
    _heard: Heard | None = None
    _fell_back: bool = False
    _given: Given | None = None
    _added: Topic | None = None
    """Where the addition in hand stands."""

    @property
    def given(self) -> list[Given]:
        """Every marked answer, question by question."""
        return [given for topic in self.topics for given in topic.given]

    @property
    def flags(self) -> list[Mark]:
        """The flags seen, each as often as it was stated."""
        return [mark for given in self.given for mark in given.flags]


def fold(events: Iterable[AnyEvent]) -> Ledger:
    """Read a log from its first event to its last."""
    ledger = Ledger()
    for event in events:
        _take(ledger, event)
    return ledger


def _take(ledger: Ledger, event: AnyEvent) -> None:
    match event:
        case Header():
            ledger.header = event
            ledger._longest = Policy.model_validate(event.policy).longest_silence
        case Said():
            _said(ledger, event)
        case Heard():
            _heard(ledger, event)
        case Understood():
            _understood(ledger, event)
        case Added():
            _add(ledger, ledger.topics[event.testlet])
        case Away() if ledger._said_at is not None:
            ledger._said_at += event.seconds
        case ShownElsewhere():
            ledger.elsewhere.append(event)
        case Opened():
            ledger.topics.append(Topic(event.question, event.subject, event.level))
        case Marked():
            _marked(ledger, event)
        case Closed():
            ledger.topics[event.testlet].outcome = event.outcome
        case Retrieved():
            ledger.hits += event.hits
        case Regraded():
            _regraded(ledger, event)
        case Flagged() if ledger._given:
            ledger._given.flags.append(event.mark)
        case ModelCalled():
            ledger.calls.append(event)
        case FellBack():
            ledger.fallbacks.append(event)
            ledger._fell_back = ledger._fell_back or event.purpose == "examine"
        case MoneyScored():
            ledger.money.append(event)
        case Asked():
            ledger.asked.append(event)
        case Claimed():
            ledger.claims.append(event.mention.technology)
        case Communicated():
            ledger.communicated.append(event.shown)
        case Observed(kind="steering") if event.quote:
            ledger.steering.append(event.quote.text)
        case Ended():
            ledger.ended = event.reason
            ledger._said_at = None
        case _:
            if event.type in {"paused", "resumed"}:
                ledger._paused = event.type == "paused"
                ledger._said_at = None if ledger._paused else event.at


def _said(ledger: Ledger, event: Said) -> None:
    if not (ledger._paused or ledger.ended):
        ledger._said_at = event.at
    if event.stage != "probes" or not ledger.topics:
        return
    topic = ledger.topics[-1]
    if event.purpose == "hint":
        topic.hints += 1
    elif event.purpose in {"question", "follow_up"} and event.question:
        topic.numbers[event.question] = event.text
        topic.follow_ups += event.purpose == "follow_up"
        if not topic.number:
            topic.number, topic.text = event.question, event.text


def _heard(ledger: Ledger, event: Heard) -> None:
    ledger.spent += charged(ledger._said_at, event.at, ledger._longest)
    ledger._heard, ledger._said_at = event, None
    ledger._given, ledger._added, ledger._fell_back = None, None, False


def _understood(ledger: Ledger, event: Understood) -> None:
    """Only an answer is told as one: who is unwell or asks for help has not answered."""
    heard = ledger._heard
    if heard is None or "distress" in event.intents:
        return
    if event.intents[0] not in {"answer", "dont_know", "amend"}:
        return
    if event.intents[0] == "amend":
        if heard.amends is None:
            _add(ledger, next((t for t in reversed(ledger.topics) if t.was_answered), None))
        return
    topic = next((t for t in reversed(ledger.topics) if heard.question in t.numbers), None)
    if topic is not None and heard.text:
        topic.answers.append(heard)


def _add(ledger: Ledger, topic: Topic | None) -> None:
    """Put the addition in hand to this topic's answers, and nowhere else.

    It is taken for one to the last answer until the log says to which it was.
    """
    if ledger._added is topic or ledger._heard is None:
        return
    if ledger._added:
        ledger._added.answers.pop()
    if topic:
        topic.answers.append(ledger._heard.model_copy(update={"action": "amend"}))
    ledger._added = topic


def _marked(ledger: Ledger, event: Marked) -> None:
    ledger.marked += 1
    topic = ledger.topics[event.testlet]
    if ledger._added:
        _add(ledger, topic)
        topic.counted.add(len(topic.answers) - 1)
    answer = max(len(topic.answers) - 1, 0)
    ledger._given = Given(answer, event.marks, event.source, fell_back=ledger._fell_back)
    topic.given.append(ledger._given)
    topic.score, topic.anchor, topic.review = event.score, event.anchor, event.review


def _regraded(ledger: Ledger, event: Regraded) -> None:
    """The new marks and flags take the place of the old, and the testlet's score with them."""
    topic = ledger.topics[event.testlet]
    place = topic.given[event.answer].answer
    topic.given[event.answer] = Given(place, event.marks, event.source, list(event.flags))
    topic.score, topic.anchor, topic.review = event.score, event.anchor, event.review
    if topic.outcome in {"ungraded", "skipped"} and event.score is not None:
        topic.outcome = "answered"
    elif topic.outcome == "answered" and event.score is None:
        topic.outcome = "ungraded"
