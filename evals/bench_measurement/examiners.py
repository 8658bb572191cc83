"""Examiners who err on marks, at rates like those that docs/grading.md reports."""

import random
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from math import log

from agent.events import Mark, MarkSource, Verdict
from evals.bench_measurement.worlds import World, logistic
from knowledge.atoms import Atom


@dataclass(frozen=True)
class Noisy:
    """Chances by mark. `style` is how much more or less it sees, on the logit scale, in how one
    person writes: it does not average out over that person's answers.
    """

    source: MarkSource
    hits: float
    """Of a point that was made, the chance of `met`."""
    invents: float
    """Of a point that was not made."""
    sure: tuple[float, float]
    """Least and greatest probability of a mark that is right."""
    unsure: tuple[float, float]
    """And of one that is wrong."""
    style: float
    abstains: float = 0.0


EXAMINERS: Mapping[MarkSource, Noisy] = {
    "local": Noisy("local", 0.78, 0.25, (0.38, 0.8), (0.35, 0.6), style=0.8, abstains=0.03),
    "model": Noisy("model", 0.9, 0.08, (0.6, 1.0), (0.45, 0.8), style=0.4),
    "human": Noisy("human", 0.95, 0.04, (1.0, 1.0), (1.0, 1.0), style=0.25),
}
PERFECT = Noisy("human", 1.0, 0.0, (1.0, 1.0), (1.0, 1.0), style=0.0)
AGAIN = 0.4
"""How much likelier a point is invented in a first answer than in a further one."""


class Marker:
    """One examiner reading one person."""

    def __init__(self, noisy: Noisy, world: World, person: int) -> None:
        self.noisy = noisy
        manner = random.Random(f"{world.seed}:manner:{person}").gauss(0, 1)
        self._hits = _shifted(noisy.hits, noisy.style * manner)

    def marks(
        self, rubric: Iterable[Atom], told: Container[str], chance: random.Random, *, first: bool
    ) -> list[Mark]:
        """One mark for each point and indicator, of a message that tells these (ids)."""
        invents = self.noisy.invents * (1 if first else AGAIN)
        return [self._mark(atom, atom.id in told, invents, chance) for atom in rubric]

    def _mark(self, atom: Atom, made: bool, invents: float, chance: random.Random) -> Mark:
        draw, sure, opens = chance.random(), chance.random(), chance.random()
        met = draw < (self._hits if made else _rate(atom, invents))
        low, high = self.noisy.sure if made else self.noisy.unsure
        verdict: Verdict = "met" if met else "not_met"
        return Mark.model_construct(
            atom=atom.id,
            kind="point" if atom.kind == "point" else "indicator",
            text=atom.text,
            verdict="abstained" if opens < self.noisy.abstains else verdict,
            probability=low + (high - low) * sure if met else 0.2,
            source=self.noisy.source,
            polarity=atom.polarity,
            role=atom.role,
            group=atom.group,
            quote=None,
            reason=None,
        )


OPPOSING = 0.2
"""How much rarer a negative indicator is invented than a point: it needs a statement."""


def _rate(atom: Atom, invents: float) -> float:
    return invents * OPPOSING if atom.polarity == "negative" else invents


def _shifted(chance: float, by: float) -> float:
    """The chance moved along the logit scale; a sure thing stays sure."""
    if chance in {0.0, 1.0}:
        return chance
    return logistic(log(chance / (1 - chance)) + by)
