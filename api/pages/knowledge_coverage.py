"""What a kit's interviews have covered of its rubric, as a page of questions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from agent.events import Verdict
from agent.syllabus import Item, Syllabus
from api.coverage import Coverage
from knowledge.atoms import Atom

Order = Literal["kit", "never", "most"]
ON_A_PAGE = 25


class Point(NamedTuple):
    """A point or indicator, and how often what was found of it."""

    atom: Atom
    counts: dict[str, int]
    marked: int


class Asked(NamedTuple):
    """A question with how often it was put; `times` and `answered` are interviews."""

    question: Atom
    subject: str
    times: int
    answered: int
    points: tuple[Point, ...]


class Subject(NamedTuple):
    """A competency (or topic) in a line."""

    name: str
    questions: int
    never: int
    """Of its questions, those that were never asked."""
    times: int
    met: int
    marked: int


@dataclass(frozen=True)
class Page:
    """A page of what was covered, of `pages` from 1."""

    subjects: list[Subject]
    questions: Sequence[Asked]
    page: int
    pages: int
    gone: list[tuple[str, int]]
    """Questions (ids) that were asked and are not in the current version, the most asked first."""


TOLD: dict[str, tuple[Verdict, ...]] = {
    "met": ("met",),
    "contradicted": ("contradicted",),
    "not_met": ("not_met", "unsupported"),
    "open": ("abstained",),
}
"""Columns of the table; a quote that did not stand counts as not met."""


def page_of(syllabus: Syllabus, counted: Coverage, subject: str, order: Order, page: int) -> Page:
    """The questions of a subject, or of all, in an order; a page past the last is the last."""
    asked = [_asked(item, counted) for item in items_of(syllabus)]
    wanted = [each for each in asked if subject in ("", each.subject)]
    if order != "kit":
        wanted.sort(key=lambda each: each.times if order == "never" else -each.times)
    pages = max(-(-len(wanted) // ON_A_PAGE), 1)
    page = min(page, pages)
    known = {each.question.id for each in asked}
    return Page(
        subjects=_subjects(asked),
        questions=wanted[(page - 1) * ON_A_PAGE : page * ON_A_PAGE],
        page=page,
        pages=pages,
        gone=[each for each in counted.asked.most_common() if each[0] not in known],
    )


def items_of(syllabus: Syllabus) -> Iterator[Item]:
    """What can be asked and marked: core questions, and the rungs of ladders for their scenes."""
    for item in syllabus.items.values():
        if item.scored:
            yield from item.rungs or (item,)


def _asked(item: Item, counted: Coverage) -> Asked:
    id_ = item.question.id
    return Asked(
        question=item.question,
        subject=item.subject,
        times=counted.asked[id_],
        answered=counted.answered[id_],
        points=tuple(_point(id_, atom, counted) for atom in (*item.core, *item.indicators)),
    )


def _point(question: str, atom: Atom, counted: Coverage) -> Point:
    counts = {
        name: sum(counted.found[question, atom.id, verdict] for verdict in verdicts)
        for name, verdicts in TOLD.items()
    }
    return Point(atom, counts, sum(counts.values()))


def _subjects(asked: Sequence[Asked]) -> list[Subject]:
    names = dict.fromkeys(each.subject for each in asked)
    return [_subject(name, [each for each in asked if each.subject == name]) for name in names]


def _subject(name: str, asked: Sequence[Asked]) -> Subject:
    points = [p for each in asked for p in each.points if p.atom.polarity != "negative"]
    return Subject(
        name=name,
        questions=len(asked),
        never=sum(not each.times for each in asked),
        times=sum(each.times for each in asked),
        met=sum(point.counts["met"] for point in points),
        marked=sum(point.marked for point in points),
    )
