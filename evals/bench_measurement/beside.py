"""catsim, an adaptive test of right and wrong answers, on the same people and questions.

Each question is an item of the two-parameter model on one scale, the general level; an answer is
right from `Policy.meets` on. Slope and offset are not ours but fitted to the tuning worlds, with
the true general level in sight. catsim chooses by most information and estimates by maximum
likelihood, by Dodd's rule while all answers are alike.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agent.choosing import Option, options_beside
from agent.events import MarkSource
from agent.measuring import Look
from agent.policy import Policy
from agent.syllabus import Syllabus
from evals.bench_measurement.answering import Person
from evals.bench_measurement.runs import Guess, Outcome, Setting, believed, look_of, persons
from evals.bench_measurement.worlds import Candidate
from knowledge.atoms import LEVELS, Level

FITTED: Mapping[MarkSource, tuple[float, float]] = {
    "local": (0.8, 0.15),
    "model": (1.1, -0.65),
    "human": (1.15, -0.6),
}
"""Slope, and how far above a question's level half of all people pass it."""
MIDDLE = 1.5
"""Our level at catsim's zero."""
ENDS = (-0.5, 3.5)
"""Its estimates are kept within the levels there are."""
QUANTILE = 1.645
"""Of the normal distribution, for an interval of 90 %."""


def outcomes(setting: Setting, policy: Policy) -> list[tuple[Guess, Outcome]]:
    """catsim's guess of each person, and what we would believe from the same answers."""
    return [_sit(person, setting.syllabus) for person in persons(setting, policy)]


def _sit(person: Person, syllabus: Syllabus) -> tuple[Guess, Outcome]:
    """One adaptive test of as many items as there are core questions at most."""
    from catsim.estimation import NumericalSearchEstimator
    from catsim.selection import MaxInfoSelector

    candidate, policy = person.candidate, person.policy
    options, bank = _bank(syllabus, candidate.asked, person.marker.noisy.source)
    choose, estimate = MaxInfoSelector(), NumericalSearchEstimator()
    level = LEVELS.index(candidate.asked) - MIDDLE
    put: list[int] = []
    passed: list[bool] = []
    looks: list[Look | None] = []
    for _ in range(policy.most_core):
        gone = [n for n, o in enumerate(options) if _scene(o) in {_scene(options[p]) for p in put}]
        number = choose.select(item_bank=bank, administered_items=gone, est_theta=level)
        assert number is not None
        look = look_of(person.answers(options[number].chosen(""), syllabus, counts=True))
        looks.append(look)
        put.append(int(number))
        passed.append(look is not None and look.score >= policy.meets)
        level = estimate.estimate(
            item_bank=bank, administered_items=put, response_vector=passed, est_theta=level
        )
    return _guess(level, bank.get_items(put), candidate), believed(candidate, looks, policy)


def _scene(option: Option) -> str:
    return option.ladder or option.item.question.id


@cache
def _bank(syllabus: Syllabus, asked: Level, source: MarkSource) -> tuple[list[Option], Any]:
    """Every question and rung, and the same as catsim's items."""
    from catsim.item_bank import ItemBank

    options = [o for s in syllabus.subjects for o in options_beside([], syllabus, s, asked)]
    slope, offset = FITTED[source]
    items = [(slope, LEVELS.index(option.level) + offset - MIDDLE) for option in options]
    return options, ItemBank(np.array(items), validate=False)


def _guess(level: float, items: NDArray[np.float64], candidate: Candidate) -> Guess:
    from catsim.irt import see

    mean = min(max(level + MIDDLE, ENDS[0]), ENDS[1])
    width = QUANTILE * see(level, items)
    return Guess(
        true=candidate.general,
        asked=candidate.asked,
        mean=mean,
        low=mean - width,
        high=mean + width,
        phrase="could be either",
        testlets=len(items),
    )


def fit(levels: NDArray[np.float64], passed: NDArray[np.float64]) -> tuple[float, float]:
    """Slope and offset of a logistic, by Newton's method.

    `levels` are general levels above the level of the question [answers], `passed` 0 or 1.
    """
    rows = np.column_stack([levels, np.ones_like(levels)])
    weights = np.zeros(2)
    for _ in range(25):
        chance = 1 / (1 + np.exp(-rows @ weights))
        curve = (rows * (chance * (1 - chance))[:, None]).T @ rows
        weights += np.linalg.solve(curve, rows.T @ (passed - chance))
    slope, intercept = (float(weight) for weight in weights)
    return slope, -intercept / slope
