"""People's marks in one shape, wherever they were made."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, get_args

from api.hiring.reviewing import Found

Role = Literal["person", "author", "adjudicated"]
ROLES: tuple[Role, ...] = get_args(Role)
Sort = Literal["blind", "informed", "author", "adjudicated"]
SORTS: dict[Sort, str] = {
    "blind": "People who marked before they saw the machine's marks",
    "adjudicated": "Marks that people settled on after they differed (adjudicated)",
    "informed": "People who had seen the machine's marks: not independent",
    "author": "The kit's own authors: not human agreement",
}
"""Four kinds of marks that are never counted together, as headings in the order of worth."""


@dataclass(frozen=True)
class PersonMark:
    """What one person found of one point of a question in one interview."""

    transcript: str
    question: str
    """The question's atom."""
    atom: str
    verdict: Found
    by: str
    role: Role
    words: str = ""
    blind: bool = True
    """Made before the machine's marks were seen."""
    at: str = ""

    @property
    def sort(self) -> Sort:
        """What the mark can be evidence of."""
        if self.role != "person":
            return self.role
        return "blind" if self.blind else "informed"

    @property
    def rater(self) -> str:
        """Whose marks are taken together; adjudicators speak with one voice."""
        return "adjudicated" if self.role == "adjudicated" else self.by


@dataclass(frozen=True)
class Problem:
    """Something of the input that could not be used; the rest goes on."""

    where: str
    why: str

    def __str__(self) -> str:
        return f"{self.where}: {self.why}"


def newest(marks: Iterable[PersonMark]) -> list[PersonMark]:
    """One mark for each point, rater and sort: the last one made, then the last one given."""
    kept: dict[tuple[str, ...], PersonMark] = {}
    for mark in sorted(marks, key=lambda mark: mark.at):
        kept[mark.transcript, mark.question, mark.atom, mark.rater, mark.sort] = mark
    return list(kept.values())


def settled(marks: Iterable[PersonMark]) -> list[PersonMark]:
    """The marks, and for interviews with adjudicated ones also those that needed none.

    Adjudicators rule only where markers differ. Their rulings alone would be the hard points
    alone, so what two or more blind markers all found alike stands beside them.
    """
    marks = list(marks)
    ruled = {m.transcript for m in marks if m.sort == "adjudicated"}
    known = {_point(m) for m in marks if m.sort == "adjudicated"}
    alike: dict[tuple[str, str, str], list[PersonMark]] = {}
    for mark in marks:
        if mark.sort == "blind" and mark.transcript in ruled and _point(mark) not in known:
            alike.setdefault(_point(mark), []).append(mark)
    agreed = (m for m in alike.values() if len(m) > 1 and len({each.verdict for each in m}) == 1)
    return [*marks, *(replace(m[0], role="adjudicated", by="all markers") for m in agreed)]


def _point(mark: PersonMark) -> tuple[str, str, str]:
    return mark.transcript, mark.question, mark.atom
