"""Interviews that never were: answers drawn from the measure itself, with known difficulties."""

import math
import random

from agent.calibration import Sitting
from agent.events import MarkSource
from agent.measuring import Look
from agent.policy import Measure
from knowledge.atoms import LEVELS

QUESTIONS, SUBJECTS = 24, 4


def sittings(
    people: int,
    *,
    seed: int = 1,
    weak: float = 0.0,
    by: MarkSource = "local",
    each: int = 8,
) -> tuple[list[Sitting], dict[str, float]]:
    """So many interviews at mid and senior, and the true difficulty of every question.

    The crowd is `weak` levels below what was asked; authors are off by the measure's `spread`.
    """
    measure, chance = Measure(), random.Random(seed)
    true = {f"q{n}": n % 4 + chance.gauss(0, measure.spread) for n in range(QUESTIONS)}
    return [_one(true, measure, chance, weak, by, each) for _ in range(people)], true


def _one(
    true: dict[str, float],
    measure: Measure,
    chance: random.Random,
    weak: float,
    by: MarkSource,
    each: int,
) -> Sitting:
    asked = chance.choice((1, 2))
    general = chance.gauss(asked - weak, measure.general_spread)
    seen_at = general + chance.gauss(0, measure.common)
    levels = [chance.gauss(seen_at, measure.own_spread) for _ in range(SUBJECTS)]
    looks = []
    for number in chance.sample(range(QUESTIONS), each):
        subject = number // 4 % SUBJECTS
        away, draw = levels[subject] - true[f"q{number}"], chance.random()
        passed = (1 / (1 + math.exp(-measure.discrimination * (away - s))) for s in measure.steps)
        centre = measure.seen_by(by)[sum(draw < each for each in passed)]
        score = min(max(chance.gauss(centre, measure.error[by]), 0.0), 1.0)
        looks.append(Look(f"s{subject}", LEVELS[number % 4], score, by, f"q{number}"))
    return Sitting(tuple(looks), LEVELS[asked])
