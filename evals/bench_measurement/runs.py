"""Many interviews of one design in one world, and what was believed of each person."""

import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar, cast

from agent import choosing
from agent.events import MarkSource
from agent.measuring import Belief, Look, Measuring, Phrase, verdict
from agent.policy import Policy
from agent.state import Interview, Testlet
from agent.syllabus import Syllabus
from evals.bench_measurement import banks
from evals.bench_measurement.answering import Person
from evals.bench_measurement.examiners import EXAMINERS, Marker
from evals.bench_measurement.sitting import SCREENS, Design, held
from evals.bench_measurement.worlds import Candidate, World, people
from knowledge.atoms import LEVELS, Level

WORKERS = 2


@dataclass(frozen=True)
class Setting:
    """What is run: `part` of `parts` of the people of a world."""

    world: World
    design: Design
    source: MarkSource
    per_level: int
    bank: str = "made up"
    part: int = 0
    parts: int = 1

    @property
    def syllabus(self) -> Syllabus:
        """The questions there are."""
        return banks.shipped() if self.bank == "shipped" else banks.made_up()


@dataclass(frozen=True)
class Guess:
    """What was believed of a level, beside what it is."""

    true: float
    asked: Level
    mean: float
    low: float
    high: float
    phrase: Phrase
    testlets: int

    @property
    def error(self) -> float:
        """In levels; above 0 is too high."""
        return self.mean - self.true

    @property
    def covered(self) -> bool:
        """Whether the interval holds the truth."""
        return self.low <= self.true <= self.high

    @property
    def shows(self) -> bool:
        """Whether the person truly is at the level asked: nearer to it than to the one below."""
        return self.true >= LEVELS.index(self.asked) - 0.5


@dataclass(frozen=True)
class Outcome:
    """One interview: its looks in order (None where one does not count), and the beliefs."""

    candidate: Candidate
    looks: tuple[Look | None, ...]
    overall: tuple[Guess, ...]
    """After each testlet."""
    own: tuple[Guess, ...]
    """At the end, of each competency that was asked about."""


T = TypeVar("T")


def run(settings: Iterable[Setting], work: Callable[[Setting], list[T]]) -> list[list[T]]:
    """What `work` finds of the people of each setting, in their order, on all cores."""
    settings = list(settings)
    parts = [replace(s, part=n, parts=WORKERS) for s in settings for n in range(WORKERS)]
    with multiprocessing.get_context("fork").Pool(WORKERS) as pool:
        found = pool.map(work, parts, chunksize=1)
    return [
        [outcome for part in found[at : at + WORKERS] for outcome in part]
        for at in range(0, len(found), WORKERS)
    ]


def outcomes(setting: Setting, policy: Policy) -> list[Outcome]:
    """Of this part of the people."""
    return [
        outcome(person.candidate, held(setting.design, person, setting.syllabus), policy)
        for person in persons(setting, policy)
    ]


def persons(setting: Setting, policy: Policy) -> Iterator[Person]:
    """This part of the people, in front of the examiner."""
    world, in_screen = setting.world, setting.design in SCREENS
    follow_ups = policy.follow_ups_in_screen if in_screen else policy.follow_ups
    for candidate in people(world, setting.syllabus.subjects, setting.per_level):
        if candidate.number // len(LEVELS) % setting.parts == setting.part:
            marker = Marker(EXAMINERS[setting.source], world, candidate.number)
            yield Person(world, candidate, marker, policy, follow_ups)


def outcome(candidate: Candidate, testlets: Sequence[Testlet], policy: Policy) -> Outcome:
    """What is believed after each testlet, and of each competency at the end."""
    return believed(candidate, [look_of(testlet) for testlet in testlets], policy)


def look_of(testlet: Testlet) -> Look | None:
    """What a closed testlet adds to what is known, if anything."""
    counting = choosing.looks(cast("Interview", {"testlets": [testlet]}))
    return counting[0] if counting else None


def believed(candidate: Candidate, looks: Sequence[Look | None], policy: Policy) -> Outcome:
    """The same from looks alone."""
    known = Measuring((), candidate.asked, policy.measure)
    overall = []
    for look in looks:
        known = known if look is None else known.with_look(look)
        overall.append(_guess(known.overall, candidate.general, candidate.asked, policy))
    subjects = dict.fromkeys(look.subject for look in looks if look)
    own = [_guess(known.own(s), candidate.levels[s], candidate.asked, policy) for s in subjects]
    return Outcome(candidate, tuple(looks), tuple(overall), tuple(own))


def _guess(belief: Belief, true: float, asked: Level, policy: Policy) -> Guess:
    low, high = belief.interval(policy.interval)
    phrase = verdict(belief, asked, policy)
    return Guess(true, asked, belief.mean, low, high, phrase, belief.testlets)
