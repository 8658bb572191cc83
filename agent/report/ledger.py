"""The event log folded into what a report is made of; nothing is looked up elsewhere."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from agent.budget import charged
from agent.events import (
    Added,
    Aid,
    AnyEvent,
    Asked,
    Away,
    Chose,
    Claimed,
    Closed,
    Communicated,
    Contested,
    Decided,
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
    Withdrawn,
)
from agent.grading import least_exact, settled
from agent.policy import Policy
from agent.words import UNASKED
from knowledge.atoms import Grade, Level
from knowledge.errors import BadInput


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
    helped: list[tuple[Said, int]] = field(default_factory=list)
    """Hints and follow-ups, each with the place of the answer that came after it."""
    answers: list[Heard] = field(default_factory=list)
    counted: set[int] = field(default_factory=set)
    """Places in the answers of additions that count."""
    given: list["Given"] = field(default_factory=list)
    score: float | None = None
    anchor: Grade | Literal["ungraded"] | None = None
    review: Review | None = None
    outcome: str = "open"
    overruled: list[Mark] = field(default_factory=list)
    """A machine's marks in whose place a person's stand."""
    withdrawn: list[tuple[Mark, Withdrawn]] = field(default_factory=list)
    """Marks by what turned out to be wrong in the kit."""

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
    aid: Aid = "unaided"
    fell_back: bool = False
    """Marked by a fallback, or by nobody, and waiting."""


@dataclass
class Ledger:
    """Everything a report needs, in the order it happened."""

    header: Header | None = None
    topics: list[Topic] = field(default_factory=list)
    cores: int = 0
    """Of these, all but further rungs."""
    money: list[MoneyScored] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    claims: list[str] = field(default_factory=list)
    unasked: list[str] = field(default_factory=list)
    """What they say they are good at and were not asked, in a screen."""
    steering: list[str] = field(default_factory=list)
    elsewhere: list[tuple[ShownElsewhere, int]] = field(default_factory=list)
    """With the place of the topic that it was said to."""
    marked: int = 0
    communicated: list[Communicated] = field(default_factory=list)
    """One for each answer that showed anything; additions are taken in."""
    hits: list[Hit] = field(default_factory=list)
    calls: list[ModelCalled] = field(default_factory=list)
    fallbacks: list[FellBack] = field(default_factory=list)
    spent: float = 0.0
    ended: str | None = None
    _said_at: float | None = None
    _longest: float = Policy().longest_silence
    _paused: bool = False
    _heard: Heard | None = None
    _open_end: int | None = None
    """The number of the question what was not asked."""
    _fell_back: bool = False
    _given: Given | None = None
    _said_to: int = 0
    _move: str = ""
    _added: Topic | None = None
    """Where the addition in hand stands."""

    contests: list[Contested] = field(default_factory=list)
    decided: dict[int, Decided] = field(default_factory=dict)
    """By the contest's number."""
    withdrawn: dict[str, Withdrawn] = field(default_factory=dict)
    """By the atom."""

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


def begun(events: Iterable[AnyEvent]) -> tuple[Ledger, Header]:
    """The ledger of an interview that has begun.

    Raises:
        BadInput: the log has no header yet.
    """
    ledger = fold(events)
    if ledger.header is None:
        raise BadInput("This interview has not begun.", "Start it with `viva chat`.")
    return ledger, ledger.header


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
            ledger.elsewhere.append((event, ledger._said_to))
        case Chose():
            ledger._move = event.move
        case Opened():
            ledger.topics.append(Topic(event.question, event.subject, event.level))
            ledger.cores += ledger._move != "rung"
        case Marked():
            _marked(ledger, event)
        case Closed():
            ledger.topics[event.testlet].outcome = event.outcome
        case Retrieved():
            ledger.hits += event.hits
        case Regraded():
            _regraded(ledger, event)
        case Contested():
            ledger.contests.append(event)
        case Decided():
            _decided(ledger, event)
        case Withdrawn():
            _withdraw(ledger, event)
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
            _communicated(ledger, event)
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
    if event.stage == "wrap_up" and event.question and event.text.endswith(UNASKED):
        ledger._open_end = event.question
    if event.stage != "probes" or not ledger.topics:
        return
    topic = ledger.topics[-1]
    if event.purpose in {"hint", "follow_up"}:
        topic.helped.append((event, len(topic.answers)))
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
    if heard.question == ledger._open_end and event.intents[0] == "answer":
        ledger.unasked.append(heard.text)
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
    ledger.marked += ledger._added is None
    ledger._said_to = event.testlet
    topic = ledger.topics[event.testlet]
    if ledger._added:
        _add(ledger, topic)
        topic.counted.add(len(topic.answers) - 1)
    answer = max(len(topic.answers) - 1, 0)
    ledger._given = Given(
        answer, event.marks, event.source, aid=event.aid, fell_back=ledger._fell_back
    )
    topic.given.append(ledger._given)
    topic.score, topic.anchor, topic.review = event.score, event.anchor, event.review


def _communicated(ledger: Ledger, event: Communicated) -> None:
    """What an addition shows counts for the answer that it adds to."""
    if ledger._added:
        for before in reversed(ledger.communicated):
            if before.testlet == event.testlet:
                both = before.model_copy(update={"shown": (*before.shown, *event.shown)})
                ledger.communicated[ledger.communicated.index(before)] = both
                return
    ledger.communicated.append(event)


def _decided(ledger: Ledger, event: Decided) -> None:
    ledger.decided[event.contest] = event
    if event.set_aside:
        ledger.topics[ledger.contests[event.contest - 1].testlet].review = "set_aside"


def _withdraw(ledger: Ledger, event: Withdrawn) -> None:
    """Its marks are told apart from here on; what is counted anew without them follows."""
    ledger.withdrawn[event.atom] = event
    ledger.elsewhere = [each for each in ledger.elsewhere if each[0].mark.atom != event.atom]
    for topic in ledger.topics:
        flags = (flag for given in topic.given for flag in given.flags)
        marks = (mark for mark, _ in topic.marks)
        topic.withdrawn += [(m, event) for m in settled((*marks, *flags)) if m.atom == event.atom]


def _regraded(ledger: Ledger, event: Regraded) -> None:
    """The new marks and flags take the place of the old, and the testlet's score with them."""
    topic = ledger.topics[event.testlet]
    before = topic.given[event.answer]
    ruled = {mark.atom for mark in event.marks if mark.source == "human"}
    topic.overruled += [m for m in before.marks if m.atom in ruled and m.source != "human"]
    if event.recount:
        kept = {flag.atom for flag in event.flags} | ledger.withdrawn.keys()
        topic.overruled += [flag for flag in before.flags if flag.atom not in kept]
    topic.given[event.answer] = Given(
        before.answer,
        event.marks,
        event.source,
        list(event.flags),
        event.aid,
        before.fell_back and event.recount,
    )
    topic.score, topic.anchor, topic.review = event.score, event.anchor, event.review
    if topic.outcome in {"ungraded", "skipped"} and event.score is not None:
        topic.outcome = "answered"
    elif topic.outcome == "answered" and event.score is None:
        topic.outcome = "ungraded"
