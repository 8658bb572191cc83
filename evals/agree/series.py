"""Two raters' columns by transcript, and every figure of them over resampled transcripts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from evals.agree.statistics import Floats, Ints, agreed, kappa, ratio, spearman


@dataclass(frozen=True)
class Series:
    """What two raters gave the same things: categories counted from 0, or scores."""

    places: Ints
    """The transcript of each thing, as its place among all transcripts [things]."""
    first: Floats
    second: Floats

    def tables(self, categories: int, draws: Ints) -> Floats:
        """How often each two categories met, in each resample [draws, categories, categories]."""
        counts = np.zeros((draws.shape[1], categories, categories))
        np.add.at(counts, (self.places, self.first.astype(int), self.second.astype(int)), 1.0)
        return np.asarray(np.tensordot(draws, counts, axes=1))

    def sums(self, values: Floats, draws: Ints) -> Floats:
        """The sum of a value of each thing, in each resample [draws]."""
        return np.asarray(draws @ np.bincount(self.places, values, minlength=draws.shape[1]))

    def weights(self, draws: Ints) -> Floats:
        """How many things there are in each resample [draws]."""
        return self.sums(np.ones(len(self.places)), draws)


Statistic = Callable[[Series, Ints], Floats]
FigureName = Literal["agreement", "kappa", "QWK, 3 anchors", "QWK, 4 categories", "Spearman", "MAE"]


def _spearman(series: Series, draws: Ints) -> Floats:
    every = np.arange(len(series.places))
    found = np.empty(len(draws))
    for number, draw in enumerate(draws):
        kept = np.repeat(every, draw[series.places])
        found[number] = spearman(series.first[kept], series.second[kept])
    return found


def _absolute_error(series: Series, draws: Ints) -> Floats:
    errors = series.sums(np.abs(series.first - series.second), draws)
    things = series.weights(draws)
    return ratio(errors, things)


STATISTICS: dict[FigureName, Statistic] = {
    "agreement": lambda series, draws: agreed(series.tables(2, draws)),
    "kappa": lambda series, draws: kappa(series.tables(2, draws)),
    "QWK, 3 anchors": lambda series, draws: kappa(series.tables(3, draws), "quadratic"),
    "QWK, 4 categories": lambda series, draws: kappa(series.tables(4, draws), "quadratic"),
    "Spearman": _spearman,
    "MAE": _absolute_error,
}


def mean_over(pairs: Sequence[Series], name: FigureName, draws: Ints) -> Floats:
    """The mean of the pairs' figures in each resample, by what each pair has in common [draws].

    A pair for which the figure is not defined is left out of it.
    """
    values = np.array([STATISTICS[name](series, draws) for series in pairs])
    weights = np.array([series.weights(draws) for series in pairs])
    weights = np.where(np.isfinite(values), weights, 0.0)
    total = (np.nan_to_num(values) * weights).sum(axis=0)
    whole = weights.sum(axis=0)
    return ratio(total, whole)
