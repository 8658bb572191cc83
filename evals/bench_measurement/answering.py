"""One person answering one question: what they know, tell at once, and tell when asked on."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from agent import grading
from agent.choosing import Choice
from agent.policy import Policy
from agent.state import Testlet
from agent.syllabus import Item, Syllabus
from agent.testlets import opened, with_marks
from evals.bench_measurement.examiners import Marker
from evals.bench_measurement.worlds import Candidate, World, logistic, truth
from knowledge.atoms import Atom, Level

ASKS_FOR_A_HINT = 0.3
"""Of those who know less than half of the slots; a hint brings one more to mind by `REMINDED`."""
REMINDED = 0.3
DOES_NOT_KNOW = 0.5
"""Of those who know nothing, the share that says so; `FINDS_OUT` of them tell a way to."""
FINDS_OUT = 0.5
SKIPS = 0.02
TELLS_AGAIN = 0.4
HARDER = 1.0
"""By how much an indicator is harder to show than the question, in levels."""
BLUNDERS = 0.15
"""Chance of showing a negative indicator, far below the question's level."""


@dataclass(frozen=True)
class Person:
    """A candidate of a world in front of one examiner."""

    world: World
    candidate: Candidate
    marker: Marker
    policy: Policy
    follow_ups: int

    def answers(self, choice: Choice, syllabus: Syllabus, *, counts: bool) -> Testlet:
        """The closed testlet. The same question is answered alike whenever it is put."""
        item, subject = choice.item, syllabus.subject_of(choice.item.question)
        testlet = opened(choice, subject, counts=counts)
        name = f"{self.world.seed}:{self.candidate.number}:{item.question.id}"
        chance = random.Random(f"{name}:{self.marker.noisy.source}")
        return _Answer(self, item, choice.level, testlet, random.Random(name), chance).close()


class _Answer:
    """`knows` draws what is known and told, whoever marks; `errs` draws the marks."""

    def __init__(
        self,
        person: Person,
        item: Item,
        level: Level,
        testlet: Testlet,
        knows: random.Random,
        errs: random.Random,
    ) -> None:
        self.person, self.testlet, self.knows, self.errs = person, testlet, knows, errs
        self.rubric = (*item.core, *item.indicators)
        self.item = item
        self.slots = slots_of(item)
        self.true = truth(person.world, item, level, len(self.slots))
        self.level = person.candidate.levels[testlet["subject"]]
        self.level += knows.gauss(0, person.world.testlet)
        self.known = {n for n, p in enumerate(self.true.chances(self.level)) if knows.random() < p}
        self.told: set[str] = set()

    def close(self) -> Testlet:
        """Through hints and follow-ups to the end of the question."""
        if self.knows.random() < SKIPS:
            return self._ended("skipped")
        if not self.known and self.knows.random() < DOES_NOT_KNOW:
            return self._does_not_know()
        if 2 * len(self.known) < len(self.slots) and self.knows.random() < ASKS_FOR_A_HINT:
            self._takes_a_hint()
        world = self.person.world
        self._says(world.tells, first=True)
        for number in range(self.person.follow_ups):
            score = self.testlet["score"] or 0.0
            if score >= self.person.policy.enough or (score == 0 and number):
                break
            self.testlet["general"] += 1
            self._says(world.recalls, first=False)
        return self._ended("ungraded" if self.testlet["score"] is None else "answered")

    def _says(self, likely: float, *, first: bool) -> None:
        """One message, marked; what was told before may be told again."""
        now = {atom for atom in sorted(self.told) if self.knows.random() < TELLS_AGAIN}
        for number in sorted(self.known):
            atom = self.knows.choice(self.slots[number])
            if not self.told & set(self.slots[number]) and self.knows.random() < likely:
                now.add(atom)
        now |= {atom.id for atom in self.item.indicators if first and self._shows(atom)}
        self.told |= now
        marks = self.person.marker.marks(self.rubric, now, self.errs, first=first)
        self.testlet = with_marks(self.testlet, marks, self.rubric, self.person.policy)

    def _shows(self, indicator: Atom) -> bool:
        above = self.true.slope * (self.level - sum(self.true.slots) / len(self.slots))
        alone = not self.item.core
        if indicator.polarity == "negative":
            return self.knows.random() < BLUNDERS * logistic(-above)
        return not alone and self.knows.random() < logistic(above - self.true.slope * HARDER)

    def _takes_a_hint(self) -> None:
        self.testlet["hints"] = [hint.id for hint in self.item.hints[:1]] or ["hint"]
        for number in range(len(self.slots)):
            if number not in self.known and self.knows.random() < REMINDED:
                self.known.add(number)

    def _does_not_know(self) -> Testlet:
        """Asked once how they would find out; a good way is worth a little."""
        self.testlet["find_out"] = True
        if self.knows.random() < FINDS_OUT:
            marks = self.person.marker.marks(self.rubric, (), self.errs, first=False)
            policy = self.person.policy
            floor = policy.found_a_way
            self.testlet = with_marks(self.testlet, marks, self.rubric, policy, floor=floor)
            return self._ended("answered")
        self.testlet["graded"], self.testlet["score"] = True, 0.0
        return self._ended("not_answered")

    def _ended(self, outcome: str) -> Testlet:
        return {**self.testlet, "outcome": outcome}  # type: ignore[typeddict-item]


def slots_of(item: Item) -> Sequence[tuple[str, ...]]:
    """What can be earned: points, an any-of group as one; else the positive indicators."""
    alone = [(a.id,) for a in item.indicators if a.polarity == "positive"]
    return grading.slots(item.core) or alone
