"""The numbers of `agent.policy.Measure`, looked for in the tuning worlds alone.

The measure is the probability that beliefs give to what is true, of the general level and, at half
weight, of each competency: its logarithm is greatest on average where beliefs are neither too sure
nor too doubtful. A pattern search moves one number at a time; what it finds is rounded by hand.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from statistics import fmean
from typing import get_args

import numpy as np

from agent.events import MarkSource
from agent.measuring import GRID, Belief, Measuring
from agent.policy import Measure, Policy
from evals.bench_measurement.runs import Outcome, Setting, outcomes, run
from evals.bench_measurement.sitting import Design
from evals.bench_measurement.worlds import TUNING

DESIGNS: tuple[Design, ...] = ("practice", "random order", "screen")
LENGTHS = (0.1, 0.05, 0.025)
"""Of a move, in levels or shares of a score, as the search goes on."""
OWN = 0.5
"""Weight of a competency beside the general level."""


def main(per_level: int) -> None:
    """Print the numbers that ship, and those found from there."""
    settings = [
        Setting(world, design, source, per_level)
        for world in TUNING
        for design in DESIGNS
        for source in get_args(MarkSource)
    ]
    found = run(settings, partial(outcomes, policy=Policy()))
    everyone = [outcome for each in found for outcome in each]
    measure, most = Policy().measure, mean_log(everyone, Policy().measure)
    print(f"as it ships {most:.4f}\n{measure!r}", flush=True)
    for length in LENGTHS:
        measure, most = _improved(everyone, measure, most, length)
        print(f"moves of {length}: {most:.4f}\n{measure!r}", flush=True)


def mean_log(outcomes: Iterable[Outcome], measure: Measure) -> float:
    """Mean logarithm of the densities that beliefs give to the truth."""
    return fmean(_log(outcome, measure) for outcome in outcomes)


def _log(outcome: Outcome, measure: Measure) -> float:
    person = outcome.candidate
    known = Measuring((look for look in outcome.looks if look), person.asked, measure)
    subjects = {look.subject for look in outcome.looks if look}
    own = [_at(known.own(subject), person.levels[subject]) for subject in sorted(subjects)]
    return _at(known.overall, person.general) + OWN * (fmean(own) if own else 0.0)


def _at(belief: Belief, true: float) -> float:
    density = np.interp(true, GRID, belief.density) / (GRID[1] - GRID[0])
    return float(np.log(max(density, 1e-4)))


def _improved(
    everyone: Sequence[Outcome], measure: Measure, most: float, length: float
) -> tuple[Measure, float]:
    """After one round of moves, each kept where it helps."""
    for number in range(len(_numbers(measure))):
        for by in (length, -length):
            moved = _moved(measure, number, by)
            came_to = mean_log(everyone, moved) if moved else most
            if moved and came_to > most:
                measure, most = moved, came_to
                break
    return measure, most


def _numbers(measure: Measure) -> list[float]:
    """All that is free, in a row."""
    errors = (measure.error[source] for source in get_args(MarkSource))
    shape = (measure.discrimination, measure.common, measure.prior_spread)
    return [*shape, *measure.sees["local"], *errors, *measure.steps, *measure.centres]


def _moved(measure: Measure, number: int, by: float) -> Measure | None:
    """With one number changed; None where the result makes no sense."""
    row = _numbers(measure)
    row[number] += by
    numbers: Iterator[float] = iter(row)
    discrimination, common, prior, added, times = (next(numbers) for _ in range(5))
    error = {source: next(numbers) for source in get_args(MarkSource)}
    steps = tuple(next(numbers) for _ in measure.steps)
    centres = tuple(numbers)
    least = min(discrimination, common, prior, times, *error.values())
    if least < 0.02 or list(steps) != sorted(steps) or list(centres) != sorted(centres):
        return None
    return measure.model_copy(
        update={
            "discrimination": discrimination,
            "common": common,
            "prior_spread": prior,
            "sees": {**measure.sees, "local": (added, times)},
            "error": error,
            "steps": steps,
            "centres": centres,
        }
    )
