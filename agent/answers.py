"""The answers of a log, each as it was heard, asked for and marked: what re-grading starts from."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import cast

from agent.events import (
    Added,
    Aid,
    AnyEvent,
    Chose,
    FellBack,
    Flagged,
    Heard,
    Mark,
    Marked,
    MarkSource,
    Observed,
    Opened,
    Quote,
    Regraded,
    Review,
    Said,
    Understood,
)
from agent.state import OpenKind


@dataclass(frozen=True)
class Answer:
    """A marked message, with its marks as they stand now."""

    testlet: int
    number: int
    """Among the testlet's marked messages, 0-based."""
    text: str
    asked: Said
    """The message that put the question it answers."""
    kind: OpenKind
    amends: bool
    found_a_way: bool
    aid: Aid
    marks: tuple[Mark, ...]
    flags: tuple[Mark, ...]
    source: MarkSource
    fell_back: bool
    """The interview's examiner had failed, and nobody has marked it since."""
    review: Review | None
    """What the testlet came to with it."""
    other_road: Quote | None = None
    """The log keeps no words for it: the whole message, where it put the testlet to a person."""
    regraded: bool = False

    def waits(self, source: MarkSource) -> bool:
        """Whether it is to be marked anew by this source; what a person marked never is."""
        if self.source == "human" or (self.marks and all(m.source == "human" for m in self.marks)):
            return False
        if self.fell_back or self.source != source:
            return True
        nothing = bool(self.marks) and all(m.verdict == "abstained" for m in self.marks)
        return nothing and not self.regraded


@dataclass
class _Reading:
    """A log being read."""

    answers: dict[int, list[Answer]] = field(default_factory=dict)
    put: dict[int, tuple[Said, OpenKind]] = field(default_factory=dict)
    """Questions by number."""
    move: str = ""
    heard: Heard | None = None
    amends: bool = False
    found_a_way: bool = False
    fell_back: bool = False
    marked: Marked | None = None


def answers_of(events: Iterable[AnyEvent]) -> dict[int, list[Answer]]:
    """By testlet, in the order they were marked; those marked anew with their new marks."""
    reading = _Reading()
    for event in events:
        _read(reading, event)
    return reading.answers


def answered_testlets(events: Iterable[AnyEvent]) -> dict[int, int]:
    """The testlet of each turn in which the candidate spoke to one, answered or not."""
    testlet, by_question, by_turn = -1, dict[int, int](), dict[int, int]()
    for event in events:
        match event:
            case Opened():
                testlet = event.testlet
            case Said(stage="probes", question=int(number)):
                by_question.setdefault(number, testlet)
            case Heard(stage="probes") if event.question in by_question:
                by_turn[event.turn] = by_question[event.question]
            case Added():
                by_turn[event.turn] = event.testlet
            case _:
                pass
    return by_turn


def _read(reading: _Reading, event: AnyEvent) -> None:
    match event:
        case Chose():
            reading.move = event.move
        case Said() if event.question is not None and event.purpose in {"question", "follow_up"}:
            reading.put[event.question] = (event, _kind(event, reading.move))
        case Heard():
            reading.heard, reading.marked = event, None
            reading.amends = reading.found_a_way = reading.fell_back = False
        case Understood():
            reading.amends = event.intents[0] == "amend"
        case Observed(kind="way_to_find_out"):
            reading.found_a_way = True
        case FellBack(purpose="examine"):
            reading.fell_back = True
        case Marked():
            _marked(reading, event)
        case Flagged() if reading.marked:
            mine = reading.answers[reading.marked.testlet]
            mine[-1] = replace(mine[-1], flags=(*mine[-1].flags, event.mark))
        case Regraded():
            mine = reading.answers[event.testlet]
            mine[event.answer] = _anew(mine[event.answer], event)
        case _:
            pass


def _kind(said: Said, move: str) -> OpenKind:
    if said.stage == "probes":
        if said.purpose == "question":
            return "core"
        return "find_out" if move == "find_out" else "follow_up"
    kinds = {"opening": "warm_up", "money": "money"}
    return cast("OpenKind", kinds.get(said.stage, "candidate_questions"))


def _marked(reading: _Reading, event: Marked) -> None:
    assert reading.heard is not None
    asked, kind = reading.put[reading.heard.question]
    mine = reading.answers.setdefault(event.testlet, [])
    waited = bool(mine) and mine[-1].review == "needs_person"
    mine.append(
        Answer(
            testlet=event.testlet,
            number=len(mine),
            text=reading.heard.text,
            asked=asked,
            kind=kind,
            amends=reading.amends,
            found_a_way=reading.found_a_way,
            aid=event.aid,
            marks=event.marks,
            flags=(),
            source=event.source,
            fell_back=reading.fell_back,
            review=event.review,
            other_road=None if waited else _road(reading.heard.text, event.review),
        )
    )
    reading.marked = event


def _road(text: str, review: Review | None) -> Quote | None:
    return Quote(text=text, start=0, end=len(text)) if review == "needs_person" else None


def _anew(answer: Answer, event: Regraded) -> Answer:
    stays = event.recount and event.review is not None
    return replace(
        answer,
        aid=event.aid,
        marks=event.marks,
        flags=event.flags,
        source=event.source,
        review=event.review,
        other_road=answer.other_road if stays else _road(answer.text, event.review),
        fell_back=answer.fell_back and event.recount,
        regraded=answer.regraded or not event.recount,
    )
