"""Two gradings of one interview side by side: the verdict of each on every point."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from agent.events import AnyEvent, Mark, Regraded
from agent.grading import settled
from agent.report.ledger import Ledger, Topic, fold
from api.hiring.reviewing import Review
from knowledge.atoms import Kit

State = Literal["differs", "same", "open", "left only", "right only"]
ORDER: tuple[State, ...] = ("differs", "left only", "right only", "open", "same")
SAYS_NOTHING = "abstained"

Place = tuple[int, str]
"""A question's place in the interview (1-based), and the point's atom."""


class Found(NamedTuple):
    """What one side found of a point."""

    verdict: str
    words: str = ""
    probability: float | None = None
    by: str = ""


class Came(NamedTuple):
    """What a question came to by one side."""

    score: float | None
    anchor: str
    review: str


@dataclass(frozen=True)
class Side:
    """One grading; people's have no scores, for people give none."""

    key: str
    name: str
    about: str
    marks: Mapping[Place, Found]
    came: Mapping[int, Came] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    """What was marked, by atom, where it is told with the marks."""


class Line(NamedTuple):
    """One point as both see it."""

    atom: str
    text: str
    negative: bool
    left: Found | None
    right: Found | None
    state: State


class Question(NamedTuple):
    """A question with its points, those that differ first; `turns` in which it was answered."""

    place: int
    text: str
    subject: str
    level: str
    turns: tuple[int, ...]
    left: Came | None
    right: Came | None
    lines: tuple[Line, ...]
    differences: int

    @property
    def alone(self) -> int:
        """Points that one side alone has marked."""
        return sum(line.state in {"left only", "right only"} for line in self.lines)

    @property
    def moved(self) -> bool:
        """Whether both have a score and the two are not the same."""
        left, right = self.left, self.right
        if left is None or right is None or (left.score is None and right.score is None):
            return False
        return left.anchor != right.anchor or abs((left.score or 0) - (right.score or 0)) >= 0.005

    @property
    def same(self) -> bool:
        """Whether the two have nothing on which they part."""
        return not (self.differences or self.alone or self.moved)


class Compared(NamedTuple):
    """All questions, and what the two say of all points together."""

    questions: list[Question]
    counts: Counter[State]
    changes: list[tuple[str, str, int]]
    """From which verdict to which, and how often; the most frequent first."""

    @property
    def alone(self) -> int:
        """Points that one side alone has marked."""
        return sum(question.alone for question in self.questions)

    @property
    def moved(self) -> int:
        """Questions with another score."""
        return sum(question.moved for question in self.questions)

    @property
    def both(self) -> int:
        """Points on which both found something."""
        return self.counts["differs"] + self.counts["same"]


def as_heard(events: Iterable[AnyEvent]) -> Side:
    """The marks that were given during the interview."""
    return _by_machine(
        "heard", "As marked when heard", "by the interview's examiner", _held(events)
    )


def as_it_stands(events: Iterable[AnyEvent]) -> Side:
    """The marks that count now."""
    about = "after all re-gradings and rulings"
    return _by_machine("now", "As it stands now", about, events)


def as_kept(key: str, name: str, about: str, anew: Iterable[Regraded]) -> Side:
    """The marks of a grading that was kept beside the interview, and counts for nothing in it.

    An answer that it has no marks of, for its examiner failed, has none here.
    """
    answers: dict[int, dict[int, Regraded]] = {}
    for event in anew:
        answers.setdefault(event.testlet + 1, {})[event.answer] = event
    side = _Gathered()
    for place, by_answer in answers.items():
        newest = list(by_answer.values())[-1]
        side.came[place] = Came(newest.score, newest.anchor, newest.review or "")
        side.take(place, (mark for event in by_answer.values() for mark in event.marks))
    return Side(key, name, about, side.marks, side.came, side.texts)


def of_person(review: Review) -> Side:
    """A person's marks."""
    how = "marked before the machine's marks were shown" if review.blind else "not blind"
    author = ", helped to write the kit" if review.is_author else ""
    marks = {
        (mark.question, mark.atom): Found(mark.verdict, mark.words, by=review.reviewer)
        for mark in review.marks
    }
    return Side(f"review-{review.id}", review.reviewer, f"a person, {how}{author}", marks)


def compare(left: Side, right: Side, ledger: Ledger, kit: Kit) -> Compared:
    """The two question by question; those with differences first."""
    questions = [
        _question(place, topic, left, right, kit) for place, topic in enumerate(ledger.topics, 1)
    ]
    lines = [line for question in questions for line in question.lines]
    changes = Counter(
        (line.left.verdict, line.right.verdict)
        for line in lines
        if line.state == "differs" and line.left and line.right
    )
    return Compared(
        questions=sorted(questions, key=lambda each: (not each.differences, each.same)),
        counts=Counter(line.state for line in lines),
        changes=[(*change, number) for change, number in changes.most_common()],
    )


def _held(events: Iterable[AnyEvent]) -> list[AnyEvent]:
    """The events of turns: what came after the end has none."""
    return [event for event in events if event.turn]


@dataclass
class _Gathered:
    """A machine's grading while it is read."""

    marks: dict[Place, Found] = field(default_factory=dict)
    came: dict[int, Came] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)

    def take(self, place: int, marks: Iterable[Mark]) -> None:
        """Of all marks of a question the one that counts for each point."""
        for mark in settled(marks):
            words = mark.quote.text if mark.quote else ""
            self.marks[place, mark.atom] = Found(mark.verdict, words, mark.probability, mark.source)
            self.texts[mark.atom] = mark.text


def _by_machine(key: str, name: str, about: str, events: Iterable[AnyEvent]) -> Side:
    side = _Gathered()
    for place, topic in enumerate(fold(events).topics, 1):
        side.came[place] = Came(topic.score, topic.anchor or "not graded", topic.review or "")
        side.take(place, (mark for mark, _ in topic.marks))
    return Side(key, name, about, side.marks, side.came, side.texts)


def _question(place: int, topic: Topic, left: Side, right: Side, kit: Kit) -> Question:
    marked = {atom: None for at, atom in (*left.marks, *right.marks) if at == place}
    lines = [_line(place, atom, left, right, kit) for atom in marked]
    asked = kit.by_id.get(topic.question)
    return Question(
        place=place,
        text=asked.text if asked else topic.text,
        subject=topic.subject,
        level=topic.level,
        turns=tuple(heard.turn for heard in topic.answers),
        left=left.came.get(place),
        right=right.came.get(place),
        lines=tuple(sorted(lines, key=lambda line: ORDER.index(line.state))),
        differences=sum(line.state == "differs" for line in lines),
    )


def _line(place: int, atom: str, left: Side, right: Side, kit: Kit) -> Line:
    one, other = left.marks.get((place, atom)), right.marks.get((place, atom))
    found = kit.by_id.get(atom)
    text = left.texts.get(atom) or right.texts.get(atom) or (found.text if found else atom)
    negative = found is not None and found.polarity == "negative"
    return Line(atom, text, negative, one, other, _state(one, other))


def _state(left: Found | None, right: Found | None) -> State:
    if left is None or right is None:
        return "right only" if left is None else "left only"
    if SAYS_NOTHING in (left.verdict, right.verdict):
        return "same" if left.verdict == right.verdict else "open"
    return "same" if _plain(left) == _plain(right) else "differs"


def _plain(found: Found) -> str:
    """A mark whose quote did not stand counts for nothing, as one that was not met."""
    return "not_met" if found.verdict == "unsupported" else found.verdict


def default_pair(sides: Sequence[Side], events: Iterable[AnyEvent]) -> tuple[str, str]:
    """What to put side by side first: the marks as heard and whatever may differ from them."""
    anew = any(isinstance(event, Regraded) for event in events)
    others = [side.key for side in sides if side.key not in {"heard", "now"}]
    return "heard", "now" if anew or not others else others[-1]
