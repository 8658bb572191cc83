"""How sure we are of a candidate's level, from a handful of graded testlets.

The scale is junior 0, mid 1, senior 2, principal 3; a unit is one level. A testlet is an item of
a graded response model (Samejima 1969): with theta the level on its competency, it reaches step
k with probability logistic(a * (theta - difficulty - step_k)). Its difficulty is the level an
author gave it, give or take `spread`, which is integrated out. What is seen is not the category
but a score, off by the examiner's own error (normal around what that examiner makes of the
category). What all answers of one interview are off by together does not average out.

A competency's level is the candidate's general level plus a part of its own; `shared` is the
share of the variance that competencies have in common, and so their correlation. Both are
worked out on a grid. As a logistic's cells, and then a normal error, keep the order of likelihood
ratios (Karlin 1968), a better score never lowers a level.

All numbers are opinions until `viva calibrate` has seen enough interviews.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from agent.events import MarkSource
from agent.policy import Measure, Policy
from knowledge.atoms import LEVELS, Level

Densities = NDArray[np.float64]

GRID: Densities = np.linspace(-3.0, 6.0, 181)
"""Levels at which beliefs are held."""

SCORES: Densities = np.linspace(0.0, 1.0, 11)
"""Scores that an answer still to come is foreseen at."""

NODES = 7
"""Points of the Gauss-Hermite rule that integrates a difficulty's spread out."""

Phrase = Literal[
    "likely shown", "could be either", "not shown in this interview", "not enough evidence"
]


@dataclass(frozen=True)
class Look:
    """One graded testlet. `question` finds its calibrated difficulty, where it has one.

    `by` is who marked it; None where nothing was answered, so that there was nothing to err on.
    """

    subject: str
    level: Level
    score: float
    by: MarkSource | None = None
    question: str = ""


@dataclass(frozen=True)
class Belief:
    """What is held of a level: a probability at each point of `GRID`, summing to 1."""

    density: Densities
    testlets: int

    @cached_property
    def mean(self) -> float:
        """The expected level."""
        return float(self.density @ GRID)

    @cached_property
    def spread(self) -> float:
        """The standard error, in levels."""
        return math.sqrt(max(float(self.density @ GRID**2) - self.mean**2, 0.0))

    def interval(self, mass: float) -> tuple[float, float]:
        """The central interval that holds this probability mass."""
        return self._quantile((1 - mass) / 2), self._quantile((1 + mass) / 2)

    def at_least(self, level: Level) -> float:
        """The probability that the candidate is nearer to `level` than to the one below it."""
        return 1.0 - float(np.interp(LEVELS.index(level) - 0.5, _edges(), self._below))

    @property
    def level(self) -> Level:
        """The level nearest to the mean."""
        return LEVELS[min(max(round(self.mean), 0), len(LEVELS) - 1)]

    @cached_property
    def _below(self) -> Densities:
        return np.concatenate(([0.0], np.cumsum(self.density)))

    def _quantile(self, mass: float) -> float:
        return float(np.interp(mass, self._below, _edges()))


class Measuring:
    """Beliefs about one candidate, asked at one level."""

    def __init__(self, looks: Iterable[Look], asked: Level, measure: Measure) -> None:
        self._asked, self._measure = float(LEVELS.index(asked)), measure
        self._count: dict[str, int] = defaultdict(int)
        self._logs: dict[str, Densities] = {}
        self._shared: dict[str, Belief] = {}
        for look in looks:
            seen = np.log(_likelihood(look, measure))
            self._logs[look.subject] = self._logs.get(look.subject, np.zeros_like(GRID)) + seen
            self._count[look.subject] += 1

    @cached_property
    def overall(self) -> Belief:
        """The general level, that the candidate's competencies lie around."""
        said = sum(self._messages.values(), np.zeros_like(GRID))
        log = self._general_prior + _log_of_mean(around(self._measure.common), said)
        return Belief(_normalised(log), sum(self._count.values()))

    def own(self, subject: str) -> Belief:
        """A competency's level on its own evidence alone."""
        log = log_normal(GRID - self._asked, self._measure.prior_spread)
        said = _log_of_mean(around(self._measure.common), self._seen(subject))
        return Belief(_normalised(log + said), self._count.get(subject, 0))

    def shared(self, subject: str) -> Belief:
        """A competency's level with what the others tell of it: only to choose questions by."""
        if subject not in self._shared:
            self._shared[subject] = self._worked_out(subject)
        return self._shared[subject]

    def _worked_out(self, subject: str) -> Belief:
        others = (m for name, m in self._messages.items() if name != subject)
        general = _normalised(self._general_prior + sum(others, np.zeros_like(GRID)))
        prior = general @ around(self._measure.own_spread)
        log = np.log(np.maximum(prior, 1e-300)) + self._seen(subject)
        return Belief(_normalised(log), self._count.get(subject, 0))

    def with_look(self, look: Look, times: int = 1) -> "Measuring":
        """The same once this testlet, or so many alike, counts too."""
        after = Measuring((), "mid", self._measure)
        after._asked, after._count = self._asked, defaultdict(int, self._count)
        seen = np.log(_likelihood(look, self._measure))
        after._logs = {**self._logs, look.subject: self._seen(look.subject) + times * seen}
        after._count[look.subject] += times
        return after

    def _seen(self, subject: str) -> Densities:
        return self._logs.get(subject, np.zeros_like(GRID))

    @cached_property
    def _general_prior(self) -> Densities:
        return log_normal(GRID - self._asked, self._measure.general_spread)

    @cached_property
    def _messages(self) -> dict[str, Densities]:
        """What each competency's answers say of the general level, as log likelihoods."""
        ways = around(self._measure.own_spread)
        return {subject: _log_of_mean(ways, log) for subject, log in sorted(self._logs.items())}


def expected_gain(
    belief: Belief, level: Level, measure: Measure, *, question: str = "", by: MarkSource = "local"
) -> float:
    """By how much a question of this level is expected to lower the variance, in levels squared."""
    discrimination, steps, _ = model(measure)
    item = (*_item(level, question, measure), discrimination, steps)
    foreseen = _foreseen(*item, measure.seen_by(by), measure.error[by])
    chance = foreseen @ belief.density
    first = foreseen @ (belief.density * GRID) / chance
    second = foreseen @ (belief.density * GRID**2) / chance
    left = float(chance @ (second - first**2))
    return max(belief.spread**2 - left, 0.0)


def verdict(belief: Belief, asked: Level, policy: Policy) -> Phrase:
    """The belief in words, about the level asked; one testlet alone settles nothing."""
    if belief.testlets == 0:
        return "not enough evidence"
    probability = belief.at_least(asked)
    if belief.testlets >= policy.least_testlets:
        if probability >= policy.likely:
            return "likely shown"
        if probability <= policy.unlikely:
            return "not shown in this interview"
    return "could be either"


def _likelihood(look: Look, measure: Measure) -> Densities:
    """Of this score, at each point of the grid; never 0."""
    categories = reached(*_item(look.level, look.question, measure), *model(measure))
    by = look.by or "human"
    seen = np.exp(log_normal(look.score - np.array(measure.seen_by(by)), measure.error[by]))
    return np.asarray(np.maximum(seen @ categories, 1e-12))


def _item(level: Level, question: str, measure: Measure) -> tuple[float, float]:
    """Difficulty and its spread: as calibrated, or the author's level."""
    return measure.calibrated.get(question) or (float(LEVELS.index(level)), measure.spread)


def model(measure: Measure) -> tuple[float, tuple[float, ...], tuple[float, ...]]:
    """What all questions share: discrimination, steps, and the scores of the categories."""
    return measure.discrimination, measure.steps, measure.centres


@lru_cache(maxsize=4096)
def reached(
    difficulty: float,
    spread: float,
    discrimination: float,
    steps: Sequence[float],
    centres: Sequence[float],
) -> Densities:
    """P(category | theta) [categories, grid], the difficulty's spread integrated out."""
    assert len(centres) == len(steps) + 1
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    theta = GRID[:, None] - difficulty - spread * nodes
    passed = [
        (1 / (1 + np.exp(-discrimination * (theta - step)))) @ (weights / weights.sum())
        for step in steps
    ]
    bounds = np.array([np.ones_like(GRID), *passed, np.zeros_like(GRID)])
    return np.asarray(np.maximum(bounds[:-1] - bounds[1:], 0.0))


@lru_cache(maxsize=4096)
def _foreseen(
    difficulty: float,
    spread: float,
    discrimination: float,
    steps: Sequence[float],
    centres: Sequence[float],
    error: float,
) -> Densities:
    """P(score | theta) [scores, grid] over a few scores that stand for all."""
    away = SCORES[:, None] - np.array(centres)
    seen = np.exp(log_normal(away, error))
    categories = reached(difficulty, spread, discrimination, steps, centres)
    return np.asarray((seen / seen.sum(axis=0)) @ categories)


@cache
def around(spread: float) -> Densities:
    """P(level | general level) [general, level] on the grid."""
    away = np.exp(log_normal(GRID[None, :] - GRID[:, None], spread))
    return np.asarray(away / away.sum(axis=1, keepdims=True))


@cache
def _edges() -> Densities:
    """The bounds of the grid's cells."""
    half = (GRID[1] - GRID[0]) / 2
    return np.append(GRID - half, GRID[-1] + half)


def log_normal(away: Densities, spread: float) -> Densities:
    """Log of the normal density, but for its constant."""
    return np.asarray(-0.5 * (away / spread) ** 2)


def _log_of_mean(around: Densities, log: Densities) -> Densities:
    return np.asarray(np.log(np.maximum(around @ np.exp(log - log.max()), 1e-300)))


def _normalised(log: Densities) -> Densities:
    density: Densities = np.exp(log - log.max())
    density /= density.sum()
    return density
