"""How things truly are: people, questions, and where both differ from what our model believes.

A person has a general level; their competencies lie around it. A question's points are each known
with a chance of logistic(slope * (level - difficulty - offset)). `agent/measuring.py` knows none of
these numbers, and its own model has another form.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from typing import Literal

from agent.syllabus import Item
from knowledge.atoms import LEVELS, Level


@dataclass(frozen=True)
class World:
    """Lengths and spreads are in levels."""

    name: str
    seed: int
    difficulty: float = 0.5
    """Spread of true difficulties around the level the author gave."""
    shift: float = 0.0
    """By how much the whole kit is harder than its author thinks."""
    by_subject: float = 0.0
    """Spread of what the author misjudges about a whole competency."""
    slope: float = 1.8
    slopes: float = 0.3
    """Spread of the slopes' logarithms."""
    offsets: tuple[float, float] = (-0.9, 0.5)
    """Of a question's easiest and hardest point."""
    testlet: float = 0.4
    """Spread of what one person happens to know of one question, beyond their level."""
    tells: float = 0.75
    """Chance that a known point is told at once."""
    recalls: float = 0.55
    """Chance that it is told after a follow-up."""
    booked: tuple[float, ...] = (0.5, 0.4, 0.1)
    """Chances of being booked at one's own level, one off, two off and so on."""
    shared: float = 0.6
    """Correlation of two competencies, among those booked at one level."""
    tails: Literal["normal", "heavy"] = "normal"

    @property
    def own_spread(self) -> float:
        """Of a competency around the general level."""
        return GENERAL_SPREAD * sqrt((1 - self.shared) / self.shared)


GENERAL_SPREAD = 0.94
"""Of general levels around the level booked, where half are booked right (`World.booked`)."""

TUNING = (
    World("as expected", 11),
    World("hard kit, flat slopes", 12, shift=0.2, slope=1.4, slopes=0.4, testlet=0.5),
    World("easy kit, steep slopes", 13, shift=-0.2, slope=2.4, difficulty=0.4, tells=0.85),
    World("other people", 14, shared=0.5, booked=(0.4, 0.45, 0.15), tails="heavy", testlet=0.3),
)
HELD_OUT = (
    World("as expected", 21),
    World("hard kit, few recalls", 22, shift=0.25, offsets=(-0.7, 0.9), recalls=0.3),
    World("loose authors", 23, difficulty=0.65, slopes=0.5, by_subject=0.25),
    World("strong testlets", 24, testlet=0.7, slope=2.2, tells=0.65),
    World("other people", 25, shared=0.7, booked=(0.6, 0.3, 0.1), tails="heavy", slope=1.5),
)

ANYONE = World("anyone at any level", 26, booked=(0.25, 0.375, 0.25, 0.125))
"""Booked without regard to what they can: a prior that is wrong for most."""


@dataclass(frozen=True)
class Candidate:
    """One simulated person; `levels` is their level on each competency."""

    number: int
    general: float
    levels: Mapping[str, float]
    asked: Level

    @property
    def nearest(self) -> Level:
        """The level their general level is nearest to."""
        return LEVELS[min(max(round(self.general), 0), len(LEVELS) - 1)]


def people(world: World, subjects: Sequence[str], per_level: int) -> Iterator[Candidate]:
    """As many people of each level, spread evenly over it."""
    for number in range(per_level * len(LEVELS)):
        chance = random.Random(f"{world.seed}:person:{number}")
        level = number % len(LEVELS)
        general = level + chance.uniform(-0.5, 0.5)
        own = {s: general + world.own_spread * _unit(chance, world.tails) for s in subjects}
        yield Candidate(number, general, own, LEVELS[_booked(chance, level, world.booked)])


def _booked(chance: random.Random, level: int, shares: Sequence[float]) -> int:
    off = chance.choices(range(len(shares)), shares)[0]
    ways = [at for at in (level - off, level + off) if 0 <= at < len(LEVELS)]
    return chance.choice(ways) if ways else _booked(chance, level, shares)


def _unit(chance: random.Random, tails: str) -> float:
    """A draw of variance 1; heavy tails are Student's with five degrees of freedom."""
    normal = chance.gauss(0, 1)
    if tails == "normal":
        return normal
    return normal / sqrt(chance.gammavariate(2.5, 2) / 5) * sqrt(3 / 5)


@dataclass(frozen=True)
class Truth:
    """What a question truly asks for: the level at which half know each of its slots."""

    slope: float
    slots: tuple[float, ...]

    def chances(self, level: float) -> list[float]:
        """Of knowing each slot, at this level."""
        return [logistic(self.slope * (level - slot)) for slot in self.slots]


def truth(world: World, item: Item, level: Level, slots: int) -> Truth:
    """The true parameters of a question of this level; the same for everyone of a world."""
    chance = random.Random(f"{world.seed}:question:{item.question.id}")
    judged = random.Random(f"{world.seed}:subject:{item.subject}").gauss(0, world.by_subject)
    difficulty = LEVELS.index(level) + world.shift + judged + chance.gauss(0, world.difficulty)
    low, high = world.offsets
    steps = [low + (high - low) * n / max(slots - 1, 1) for n in range(slots)]
    chance.shuffle(steps)
    return Truth(
        slope=exp(chance.gauss(log(world.slope), world.slopes)),
        slots=tuple(difficulty + step + chance.gauss(0, 0.2) for step in steps),
    )


def logistic(x: float) -> float:
    """1 / (1 + exp(-x)), within floats."""
    return 1 / (1 + exp(-min(max(x, -30.0), 30.0)))
