"""Simulated candidates of a screen, at mark level: no words, but the real choices and arithmetic.

A candidate of level L has that general level and, on each competency, one around it, as
`agent/measuring.py` has it. A question's true difficulty is its author's level give or take
`Measure.spread`, or as calibrated; all answers of one interview are off by something in common.
What an answer comes to is drawn from the graded response model; the examiner sees it with its own
error, and gives that share of the question's points, which may be few.
The rungs, the stretch, the scores and the verdicts are those of a real screen.

So it shows how much a plan can tell if the model is right; where it is wrong, less.
"""

import math
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from agent import choosing, grading, testlets
from agent.choosing import Choice
from agent.events import MarkSource
from agent.measuring import Measuring
from agent.planning import Plan
from agent.policy import Policy
from agent.state import Interview, Testlet, new_interview
from agent.syllabus import Syllabus
from knowledge.atoms import LEVELS, Atom, Level


@dataclass(frozen=True)
class Held:
    """An interview as it came out, and the true levels behind it."""

    general: float
    levels: Mapping[str, float]
    known: Measuring


@dataclass(frozen=True)
class Screen:
    """A planned screen, to be held with candidates who do not exist."""

    syllabus: Syllabus
    policy: Policy
    plan: Plan
    asked: Level
    by: MarkSource = "local"

    def held(self, level: Level, candidates: int, seed: int) -> Iterator[Held]:
        """So many candidates of this general level; the same seed gives the same ones."""
        for number in range(candidates):
            chance = random.Random(f"{seed}:{level}:{number}")
            general = float(LEVELS.index(level))
            measure = self.policy.measure
            levels = {s: chance.gauss(general, measure.own_spread) for s in self.plan.subjects}
            off = chance.gauss(0, measure.common)
            state = self._answered({s: level + off for s, level in levels.items()}, chance)
            yield Held(general, levels, choosing.measured(state, self.policy))

    def _answered(self, levels: Mapping[str, float], chance: random.Random) -> Interview:
        """The interview once everything planned was put and answered."""
        state = new_interview(
            mode="screen",
            level=self.asked,
            seed=0,
            minutes=math.inf,
            core=self.plan.core,
            subjects=list(self.plan.subjects),
            form=self.plan.form,
        )
        while found := self._next(state):
            choice, is_rung = found
            testlet = self._testlet(choice, levels, chance, is_rung)
            state["testlets"].append(testlet)
        return state

    def _next(self, state: Interview) -> tuple[Choice, bool] | None:
        rung = choosing.next_rung(state, self.syllabus, self.policy) if state["testlets"] else None
        if rung:
            return rung, True
        if choosing.cores_left(state) <= 0:
            return None
        core = choosing.next_core(state, self.syllabus, self.policy, self.by)
        return (core, False) if core else None

    def _testlet(
        self, choice: Choice, levels: Mapping[str, float], chance: random.Random, is_rung: bool
    ) -> Testlet:
        testlet = testlets.opened(choice, choice.item.subject, counts=not is_rung)
        theta = levels[choice.item.subject]
        share = self._share(choice.item.question.id, choice.level, theta, chance)
        score = self._score(choice.item.question.id, share)
        testlet["score"], testlet["graded"] = score, score is not None
        testlet["by"], testlet["answers"] = self.by, 1
        testlet["outcome"] = "ungraded" if score is None else "answered"
        return testlet

    def _share(self, question: str, level: Level, theta: float, chance: random.Random) -> float:
        """Of the points, as the examiner sees it."""
        measure = self.policy.measure
        item = measure.calibrated.get(question) or (float(LEVELS.index(level)), measure.spread)
        away = theta - chance.gauss(*item)
        draw = chance.random()
        steps = (1 / (1 + math.exp(-measure.discrimination * (away - s))) for s in measure.steps)
        category = sum(draw < passed for passed in steps)
        return chance.gauss(measure.seen_by(self.by)[category], measure.error[self.by])

    def _score(self, question: str, share: float) -> float | None:
        """What that share comes to in whole points of this question's rubric."""
        rubric, earned = self._rubrics[question]
        full = min(len(earned), self.policy.full_answer)
        met = min(max(round(share * full), 0), full)
        credits = dict.fromkeys(earned[:met], self.policy.unaided)
        return grading.score(rubric, credits, (), self.policy)

    @cached_property
    def _rubrics(self) -> dict[str, tuple[tuple[Atom, ...], list[str]]]:
        """By question: what it is marked by, and the ids that can be earned."""
        items = {**self.syllabus.items, **self.syllabus.rungs}
        rubrics = {}
        for id_, item in items.items():
            positive = [each.id for each in item.indicators if each.polarity == "positive"]
            earned = [slot[0] for slot in grading.slots(item.core)] or positive
            rubrics[id_] = ((*item.core, *item.indicators), earned)
        return rubrics
