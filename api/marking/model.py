"""What a set of interviews to mark is made of, as it is read from the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from api.hiring.reviewing import Found, ToMark, check_person, named
from api.identity.caller import Caller

HELD = 24 * 3600.0
"""Seconds after which an interview that somebody took and left is given to others too."""

Source = Literal["page", "csv", "review"]
"""Marked in the queue, come in as a table, or marked first on a screen's scorecard."""
Place = tuple[int, str]
"""A point of an interview: the question's place (1-based), and the point's atom."""


@dataclass(frozen=True)
class Marker:
    """Who marks. Without accounts, whoever goes by this name."""

    id: str
    name: str


@dataclass(frozen=True)
class Points:
    """What there is to mark in an interview; `questions` are atoms by their place."""

    asked: Sequence[ToMark]
    questions: Mapping[int, str]


@dataclass(frozen=True)
class Mark:
    """What somebody found of one point; `asked` is the atom of its question."""

    question: int
    asked: str
    atom: str
    verdict: Found
    words: str = ""

    @property
    def place(self) -> Place:
        """Which point it is of."""
        return self.question, self.atom


@dataclass(frozen=True)
class Sheet:
    """One person's marks of one interview; `at` is in Unix seconds, None before they are kept."""

    marker: str
    name: str
    marks: tuple[Mark, ...]
    is_author: bool
    blind: bool
    """Kept before they had seen what the machine, or others, made of it."""
    touched: float
    at: float | None
    source: Source

    def is_of(self, marker: Marker) -> bool:
        """Whether this person made it; reviews and tables know names alone."""
        return self.marker == marker.id or self.name.casefold() == marker.name.casefold()


@dataclass(frozen=True)
class Ruling:
    """What was settled about a point on which people differed."""

    question: int
    asked: str
    atom: str
    verdict: Found
    words: str
    reason: str
    by: str
    is_marker: bool
    """Whoever ruled had marked the interview too."""
    at: float

    @property
    def place(self) -> Place:
        """Which point it is about."""
        return self.question, self.atom


@dataclass(frozen=True)
class Entry:
    """Where one interview of a set stands."""

    interview: str
    number: int
    kept: tuple[Sheet, ...]
    """Oldest first."""
    taken: tuple[Sheet, ...]
    """Of those who have not kept their marks yet."""
    rulings: tuple[Ruling, ...]

    def spoken_for(self, now: float) -> int:
        """Marks that are in, and those that somebody is making."""
        return len(self.kept) + sum(now - sheet.touched < HELD for sheet in self.taken)

    def is_known_to(self, marker: Marker) -> bool:
        """Whether they have marked it, or are about to."""
        return any(sheet.is_of(marker) for sheet in (*self.kept, *self.taken))

    def has_page_of(self, marker: Marker) -> bool:
        """Whether they have marked it here, where they can correct it."""
        return any(sheet.marker == marker.id for sheet in self.kept)

    @property
    def by_point(self) -> dict[Place, list[tuple[Sheet, Mark]]]:
        """All marks that are in, by point."""
        found: dict[Place, list[tuple[Sheet, Mark]]] = {}
        for sheet in self.kept:
            for mark in sheet.marks:
                found.setdefault(mark.place, []).append((sheet, mark))
        return found

    @property
    def differing(self) -> list[Place]:
        """Points of which people found different things."""
        by_point = self.by_point.items()
        return sorted(
            place for place, given in by_point if len({mark.verdict for _, mark in given}) > 1
        )

    @property
    def unsettled(self) -> list[Place]:
        """Of these, those that nobody has ruled on."""
        settled = {ruling.place for ruling in self.rulings}
        return [place for place in self.differing if place not in settled]


@dataclass(frozen=True)
class MarkingSet:
    """Interviews to be marked; times are Unix seconds."""

    id: str
    title: str
    needed: int
    """How many people mark each interview."""
    markers: tuple[str, ...]
    """Ids of users; empty: anybody of the team."""
    made_by: str
    created: float
    closed: float | None

    def may_be_marked_by(self, caller: Caller) -> bool:
        """Whether the caller is one of those who mark it."""
        return not self.markers or caller.is_local or caller.user in self.markers

    def is_in(self, entry: Entry) -> bool:
        """Whether all marks of an interview are in."""
        return len(entry.kept) >= self.needed


def marker_of(caller: Caller, by: str = "") -> Marker:
    """Who marks: who is signed in, or, where nobody has an account, whom they name.

    Raises:
        BadInput: it is no person, or they give no name.
    """
    check_person(caller)
    if caller.user is not None:
        return Marker(caller.id, caller.name)
    name = " ".join(named(by).split())
    return Marker(f"local:{name.casefold()}", name)
