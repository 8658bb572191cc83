"""Impact ratios: how often each group is selected, beside the group most often selected."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from agent.measuring import Phrase
from evals.fairness.groups import Groups
from evals.fairness.outcomes import Outcome
from evals.fairness.rates import fisher, ratio_interval, wilson

FEWEST = 10
"""Of a smaller group no ratio is made."""
SMALL = 30
"""Of a smaller group a ratio is told with a warning."""
SHARE = 0.02
"""Of all interviews; New York's rules let an audit leave smaller groups out of its ratios."""
FOUR_FIFTHS = 0.8
SHOWN: Phrase = "likely shown"
DECIDED, VERDICT, ABOVE = (
    "people decided to go on",
    "verdict “likely shown”",
    "scored above the median",
)
MEASURES = {
    DECIDED: "selection rate, from people's decisions; undecided and held are left out",
    VERDICT: "selection rate as if the machine's verdict decided, which it never does",
    ABOVE: "scoring rate: an estimated level above the median of all; without one is left out",
}


@dataclass(frozen=True)
class GroupRate:
    """One group's rate, and its ratio to the group with the highest one."""

    part: str
    """A screen or kit; empty: all interviews."""
    measure: str
    attribute: str
    group: str
    selected: int
    count: int
    rate: float
    low: float
    high: float
    beside: str
    """The group with the highest rate of those large enough; empty: there is none."""
    ratio: float | None
    ratio_low: float | None
    ratio_high: float | None
    chance: float | None
    """Fisher's p against `beside`."""
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Unplaced:
    """How many of a measure's interviews have no known group for an attribute."""

    part: str
    measure: str
    attribute: str
    count: int


def selected(measure: str, every: Sequence[Outcome]) -> dict[str, bool]:
    """Who was selected, by a measure; those of whom it says nothing are left out."""
    if measure == DECIDED:
        return {each.transcript: each.decided for each in every if each.decided is not None}
    if measure == VERDICT:
        return {each.transcript: each.verdict == SHOWN for each in every}
    scores = {each.transcript: each.estimate for each in every if each.estimate is not None}
    middle = median(scores.values()) if scores else 0.0
    return {transcript: score > middle for transcript, score in scores.items()}


def impact(
    parts: Mapping[str, Sequence[Outcome]], groups: Groups
) -> Iterator[GroupRate | Unplaced]:
    """Every rate: by part, measure, attribute and group; the lowest ratio first."""
    for part, every in parts.items():
        for measure in MEASURES:
            if found := selected(measure, every):
                for attribute, of in groups.every():
                    yield from _rates(part, measure, attribute, of, found)
                    if apart := len(found.keys() - of.keys()):
                        yield Unplaced(part, measure, attribute, apart)


def _rates(
    part: str, measure: str, attribute: str, of: Mapping[str, str], found: Mapping[str, bool]
) -> list[GroupRate]:
    counts: dict[str, tuple[int, int]] = {}
    for transcript, is_selected in found.items():
        if transcript in of:
            chosen, count = counts.get(of[transcript], (0, 0))
            counts[of[transcript]] = chosen + is_selected, count + 1
    large = {group: c for group, c in counts.items() if c[1] >= FEWEST}
    beside = max(large, key=lambda group: (large[group][0] / large[group][1], group), default="")
    whole = sum(count for _, count in counts.values())
    rates = [
        _rate(part, measure, attribute, group, chosen, (beside, *counts.get(beside, (0, 0))), whole)
        for group, chosen in counts.items()
    ]
    return sorted(rates, key=lambda r: (2.0 if r.ratio is None else r.ratio, r.group))


def _rate(
    part: str, measure: str, attribute: str, group: str, counts: tuple[int, int],
    beside: tuple[str, int, int], whole: int,
) -> GroupRate:  # fmt: skip
    (chosen, count), (name, chosen_of, count_of) = counts, beside
    compared = count >= FEWEST and chosen_of > 0
    ratio = (chosen / count) / (chosen_of / count_of) if compared else None
    itself = group == name
    bounds = ratio_interval(chosen, count, chosen_of, count_of) if compared and not itself else None
    low, high = wilson(chosen, count)
    return GroupRate(
        part=part,
        measure=measure,
        attribute=attribute,
        group=group,
        selected=chosen,
        count=count,
        rate=chosen / count,
        low=low,
        high=high,
        beside=name if compared else "",
        ratio=ratio,
        ratio_low=bounds[0] if bounds else None,
        ratio_high=bounds[1] if bounds else None,
        chance=None if bounds is None else fisher(chosen, count, chosen_of, count_of),
        notes=tuple(_notes(count, whole, ratio)),
    )


def _notes(count: int, whole: int, ratio: float | None) -> Iterator[str]:
    if count < FEWEST:
        yield f"fewer than {FEWEST}: no ratio"
    elif count < SMALL:
        yield f"small: fewer than {SMALL}"
    if count < SHARE * whole:
        yield f"under {SHARE:.0%} of all"
    if ratio is not None and ratio < FOUR_FIFTHS:
        yield "below four fifths"
