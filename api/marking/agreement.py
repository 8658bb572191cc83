"""How far people agree with each other on one set, before anything was settled."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from api.marking.model import Entry, Sheet


@dataclass(frozen=True)
class Agreement:
    """Pairs of marks of the same point by two people, neither of whom wrote the kit."""

    pairs: int
    """In which both found something."""
    agreed: int
    by_chance: float
    """The share on which they would agree by their own shares of verdicts alone."""
    left_open: int
    """Pairs in which at least one could not say; they are in no figure."""
    not_blind: int
    """Of the pairs, those in which one may have seen other marks before."""

    @property
    def share(self) -> float | None:
        """The share of pairs that agree; None: there are none."""
        return self.agreed / self.pairs if self.pairs else None

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa, `(share - by_chance) / (1 - by_chance)`; None where it is not defined.

        J. Cohen, A coefficient of agreement for nominal scales, 1960. The two sides of a pair are
        by name, so that the same two people stay on their sides throughout.
        """
        if self.share is None or self.by_chance >= 1.0:
            return None
        return (self.share - self.by_chance) / (1.0 - self.by_chance)


def agreement(entries: Iterable[Entry]) -> Agreement:
    """The agreement over all interviews of a set."""
    found: Counter[tuple[str, str]] = Counter()
    left_open = not_blind = 0
    for entry in entries:
        for one, other in combinations(sorted(_independent(entry), key=_side), 2):
            theirs = {mark.place: mark.verdict for mark in other.marks}
            for mark in one.marks:
                if mark.place not in theirs:
                    continue
                pair = (mark.verdict, theirs[mark.place])
                if "abstained" in pair:
                    left_open += 1
                    continue
                found[pair] += 1
                not_blind += not (one.blind and other.blind)
    return _figures(found, left_open, not_blind)


def _figures(found: Counter[tuple[str, str]], left_open: int, not_blind: int) -> Agreement:
    pairs = found.total()
    first, second = Counter[str](), Counter[str]()
    for (one, other), number in found.items():
        first[one] += number
        second[other] += number
    by_chance = sum(first[each] * second[each] for each in first) / pairs**2 if pairs else 0.0
    agreed = sum(number for (one, other), number in found.items() if one == other)
    return Agreement(pairs, agreed, by_chance, left_open, not_blind)


def _independent(entry: Entry) -> list[Sheet]:
    return [sheet for sheet in entry.kept if not sheet.is_author]


def _side(sheet: Sheet) -> tuple[str, str]:
    return sheet.name.casefold(), sheet.marker
