"""Many scorecards together: means, spreads, and the interviews to read first."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from statistics import fmean, stdev

from evals.scorecard.card import Card
from evals.scorecard.figures import Figures
from evals.scorecard.finding import Finding, Severity


@dataclass(frozen=True)
class Spread:
    """A figure over all interviews that have it; `spread` is the standard deviation."""

    figure: str
    interviews: int
    mean: float
    spread: float
    least: float
    most: float
    most_in: str
    """The interview with the largest value."""


@dataclass(frozen=True)
class Kept:
    """A rule that was not kept, or may not have been, with the first moments to look at."""

    rule: str
    severity: Severity
    findings: int
    interviews: int
    moments: tuple[Finding, ...]


MOMENTS = 3


def spreads(cards: Sequence[Card]) -> Iterator[Spread]:
    """Each figure that is a number, in order."""
    for name in (each.name for each in fields(Figures)):
        values = [(getattr(card.figures, name), card.figures.transcript) for card in cards]
        told = [(float(v), id_) for v, id_ in values if isinstance(v, int | float)]
        if told:
            numbers = [value for value, _ in told]
            most, where = max(told, key=lambda pair: pair[0])
            spread = stdev(numbers) if len(numbers) > 1 else 0.0
            yield Spread(name, len(told), fmean(numbers), spread, min(numbers), most, where)


def rules_not_kept(cards: Sequence[Card]) -> list[Kept]:
    """Faults before looks, and what is found most often first."""
    found: defaultdict[tuple[str, Severity], list[Finding]] = defaultdict(list)
    for card in cards:
        for finding in card.findings:
            found[finding.rule, finding.severity].append(finding)
    kept = [
        Kept(rule, severity, len(each), len({f.transcript for f in each}), _spread_out(each))
        for (rule, severity), each in found.items()
    ]
    return sorted(kept, key=lambda each: (each.severity, -each.findings, each.rule))


def _spread_out(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The first of each interview, then the rest."""
    seen = Counter[str]()
    ranked = []
    for finding in findings:
        ranked.append((seen[finding.transcript], finding))
        seen[finding.transcript] += 1
    ranked.sort(key=lambda pair: pair[0])
    return tuple(finding for _, finding in ranked[:MOMENTS])


def worst_first(cards: Sequence[Card]) -> list[Card]:
    """By faults, then by what is to be looked at; ties in the order given."""
    return sorted(cards, key=lambda card: (-card.figures.faults, -card.figures.looks))
