"""Figures of agreement between two raters, and what noise there is in them.

Counts are matrices: the first rater's category by row, the second's by column. Leading axes are
kept, so that a thousand resamples are one call. A figure that is not defined is NaN.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

DRAWS = 1_000
MASS = 0.9
"""Probability that a printed interval holds, as far as the transcripts at hand can tell."""
FEWEST_TRANSCRIPTS = 5
"""Of fewer no interval is made: resampling them would show hardly any noise."""


def counted(first: Sequence[int], second: Sequence[int], categories: int) -> Floats:
    """How often the raters chose each pair of categories [categories, categories]."""
    table = np.zeros((categories, categories))
    np.add.at(table, (np.asarray(first, dtype=int), np.asarray(second, dtype=int)), 1.0)
    return table


def agreed(counts: Floats) -> Floats:
    """The share on which both chose the same."""
    whole = counts.sum(axis=(-2, -1))
    return ratio(np.trace(counts, axis1=-2, axis2=-1), whole)


def kappa(counts: Floats, weights: Literal["nominal", "quadratic"] = "nominal") -> Floats:
    """Agreement beyond what the raters' own shares would bring by chance: 1 - observed / expected.

    With nominal weights Cohen's kappa (Cohen, Educational and Psychological Measurement 20, 1960);
    with quadratic ones the weighted kappa in which two categories apart count four times as much
    (Cohen, Psychological Bulletin 70, 1968). Not defined where chance alone would bring no
    disagreement: both always chose one and the same category.
    """
    places = np.arange(counts.shape[-1])
    apart = (places[:, None] - places[None, :]) ** 2.0
    if weights == "nominal":
        apart = np.minimum(apart, 1.0)
    whole = counts.sum(axis=(-2, -1))
    by_chance = counts.sum(axis=-1)[..., :, None] * counts.sum(axis=-2)[..., None, :]
    expected = ratio((apart * by_chance).sum(axis=(-2, -1)), whole)
    return 1.0 - ratio((apart * counts).sum(axis=(-2, -1)), expected)


def spearman(first: Floats, second: Floats) -> float:
    """Pearson's correlation of the ranks, ties sharing theirs (Spearman, 1904).

    Not defined where one of the raters gave everything the same.
    """
    if len(first) < 2:
        return float("nan")
    a, b = _ranks(first), _ranks(second)
    a, b = a - a.mean(), b - b.mean()
    return float(ratio(np.asarray(a @ b), np.sqrt(np.asarray((a @ a) * (b @ b)))))


def _ranks(values: Floats) -> Floats:
    _, place, times = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(times)
    return np.asarray((last - (times - 1) / 2)[place])


def absolute_error(first: Floats, second: Floats) -> float:
    """The mean distance between two raters' scores."""
    return float(np.abs(first - second).mean()) if len(first) else float("nan")


def resamples(transcripts: int, seed: int, draws: int = DRAWS) -> Ints:
    """How often each transcript stands in each resample [draws, transcripts].

    The bootstrap of clusters (Davison and Hinkley, Bootstrap Methods, 1997, 3.8): whole
    transcripts are drawn with replacement, for the marks within one are not independent.
    """
    even = np.full(transcripts, 1 / transcripts)
    return np.random.default_rng(seed).multinomial(transcripts, even, size=draws)


def interval(values: Floats, transcripts: int, mass: float = MASS) -> tuple[float, float] | None:
    """The middle `mass` of a figure over resamples, those in which it is not defined apart.

    None where there are too few transcripts, or the figure is not defined in half of them.
    """
    known = values[np.isfinite(values)]
    if transcripts < FEWEST_TRANSCRIPTS or len(known) * 2 < len(values):
        return None
    low, high = np.quantile(known, [(1 - mass) / 2, (1 + mass) / 2])
    return float(low), float(high)


def ratio(part: Floats, whole: Floats) -> Floats:
    """One over the other; NaN where there is nothing to divide by."""
    nothing = np.full(np.broadcast(part, whole).shape, np.nan)
    return np.asarray(np.divide(part, whole, out=nothing, where=np.asarray(whole) > 0))
