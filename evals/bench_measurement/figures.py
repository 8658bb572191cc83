"""What many outcomes come to: bias, RMSE, coverage, and how often a phrase was right."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean

from agent.measuring import Phrase
from agent.policy import Policy
from evals.bench_measurement.runs import Guess, Outcome, believed

HEADINGS = (
    "testlets",
    "bias",
    "RMSE",
    "coverage",
    "likely shown (right)",
    "not shown (right)",
    "could be either",
)


@dataclass(frozen=True)
class Figures:
    """Of many guesses, in levels; coverage and phrases are shares."""

    guesses: Sequence[Guess]

    @property
    def bias(self) -> float:
        """Mean error."""
        return fmean(guess.error for guess in self.guesses)

    @property
    def rmse(self) -> float:
        """Root of the mean squared error."""
        return sqrt(fmean(guess.error**2 for guess in self.guesses))

    @property
    def coverage(self) -> float:
        """Share of intervals that hold the truth."""
        return fmean(guess.covered for guess in self.guesses)

    @property
    def testlets(self) -> float:
        """Mean number of graded testlets."""
        return fmean(guess.testlets for guess in self.guesses)

    def phrase(self, phrase: Phrase) -> tuple[float, float]:
        """Share of guesses in these words, and the share of those that are right."""
        said = [guess for guess in self.guesses if guess.phrase == phrase]
        right = [guess.shows == (phrase == "likely shown") for guess in said]
        return len(said) / len(self.guesses), fmean(right) if right else float("nan")

    def cells(self) -> list[str]:
        """As `HEADINGS` name them."""
        worded = [self.phrase(each) for each in ("likely shown", "not shown in this interview")]
        return [
            f"{self.testlets:.1f}",
            f"{self.bias:+.2f}",
            f"{self.rmse:.3f}",
            percent(self.coverage),
            *(f"{percent(share)} ({percent(right)})" for share, right in worded),
            percent(self.phrase("could be either")[0]),
        ]


def overall(outcomes: Iterable[Outcome], after: int | None = None) -> Figures:
    """Of the general level, at the end or after so many testlets."""
    return Figures([_last(o.overall, after) for o in outcomes if o.overall])


def own(outcomes: Iterable[Outcome]) -> Figures:
    """Of every competency that was asked about, on its own evidence."""
    return Figures([guess for outcome in outcomes for guess in outcome.own])


def _last(guesses: Sequence[Guess], after: int | None) -> Guess:
    return guesses[min(after or len(guesses), len(guesses)) - 1]


def as_long_as(
    shorter: Iterable[Outcome], longer: Iterable[Outcome], policy: Policy
) -> list[Outcome]:
    """The longer interviews cut, person by person, to the shorter ones' testlets."""
    return [
        believed(long.candidate, long.looks[: len(short.looks)], policy)
        for short, long in zip(shorter, longer, strict=True)
    ]


def needed(reach: float, by_length: Callable[[int], float], most: int) -> float | None:
    """Testlets after which an RMSE is reached, by a straight line between two lengths."""
    before = None
    for length in range(1, most + 1):
        now = by_length(length)
        if now <= reach:
            return length - (reach - now) / (before - now) if before else float(length)
        before = now
    return None


def percent(share: float) -> str:
    """A share in whole percent."""
    return "–" if share != share else f"{100 * share:.0f} %"
