"""How sure we are of a candidate's level, from a handful of graded testlets.

The scale is junior 0, mid 1, senior 2, principal 3. Each testlet of level d and score s is
read as one noisy look at the candidate's level, d + WIDTH * (s - AT_LEVEL), and combined with
a normal prior at the level asked (the conjugate normal model, e.g. Gelman et al., Bayesian
Data Analysis, section 2.5). NOISE is set so that one answer leaves about one and a half levels
of doubt and eight about three quarters. These are authors' opinions until calibrated.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

from agent.policy import Policy
from knowledge.atoms import LEVELS, Level

WIDTH = 2.5
AT_LEVEL = 0.6
NOISE = 1.4

Phrase = Literal[
    "likely shown", "could be either", "not shown in this interview", "not enough evidence"
]


@dataclass(frozen=True)
class Estimate:
    """A normal belief about the level; `testlets` is how many answers it rests on."""

    mean: float
    spread: float
    testlets: int

    def interval(self, mass: float) -> tuple[float, float]:
        """The central interval that holds this probability mass."""
        belief = NormalDist(self.mean, self.spread)
        return belief.inv_cdf((1 - mass) / 2), belief.inv_cdf((1 + mass) / 2)

    def at_least(self, level: Level) -> float:
        """The probability that the candidate is nearer to `level` than to the one below it."""
        return 1 - NormalDist(self.mean, self.spread).cdf(LEVELS.index(level) - 0.5)

    @property
    def level(self) -> Level:
        """The level nearest to the mean."""
        return LEVELS[min(max(round(self.mean), 0), len(LEVELS) - 1)]


def estimate(looks: Iterable[tuple[Level, float]], asked: Level, policy: Policy) -> Estimate:
    """The belief after testlets given as (level, score in 0..1), around the level asked."""
    precision = policy.prior_spread**-2
    weighted = precision * LEVELS.index(asked)
    testlets = 0
    for level, score in looks:
        seen = LEVELS.index(level) + WIDTH * (score - AT_LEVEL)
        precision += NOISE**-2
        weighted += seen * NOISE**-2
        testlets += 1
    return Estimate(weighted / precision, precision**-0.5, testlets)


def verdict(belief: Estimate, asked: Level, policy: Policy) -> Phrase:
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
