"""What a screen can tell and how long it takes to type, before it is sent to anybody."""

from collections.abc import Container, Sequence
from statistics import fmean

from pydantic import Field

from agent import choosing, pace
from agent.budget import Budget, budget
from agent.events import MarkSource
from agent.measuring import Belief, verdict
from agent.planning import Plan, plan
from agent.policy import Policy
from agent.rehearsal_words import kit_says, means, says
from agent.simulated import Held, Screen
from agent.syllabus import Item, Syllabus
from knowledge.atoms import LEVELS, Frozen, Level
from knowledge.errors import BadInput

CANDIDATES = 100
"""Simulated at each level; a share of them is then off by up to 5 in a hundred."""


class Typing(Frozen):
    """A typist's minutes for all of it, and how many core questions are put in the time given."""

    minutes: float
    questions: int


class Foreseen(Frozen):
    """What will be known of a level, overall or on one competency.

    Shares are of the simulated candidates of all levels.
    """

    name: str
    questions: float
    """Graded answers it rests on, on average; rungs and the stretch are counted in."""
    width: float | None
    """Of the 90 % interval, in levels; null where nothing is asked."""
    right: float = Field(ge=0, le=1)
    wrong: float = Field(ge=0, le=1)
    """Neither right nor wrong is open: `could be either` or `not enough evidence`."""


class Chances(Frozen):
    """How the overall verdict comes out for candidates of one level."""

    level: Level
    right: float = Field(ge=0, le=1)
    wrong: float = Field(ge=0, le=1)
    open: float = Field(ge=0, le=1)


class Rehearsal(Frozen):
    """A planned screen, tried on simulated candidates."""

    kit: str
    kit_version: str
    level: Level
    minutes: float
    examiner: MarkSource
    says: tuple[str, ...]
    """The gist in one to four sentences."""
    kit_says: tuple[str, ...]
    """What the kit lacks for this screen."""
    means: str
    """What these figures rest on."""
    questions: int
    """Core questions, the stretch included."""
    stretch: bool
    chosen: int
    """Competencies asked for, or taken from the kit."""
    covered: int
    """Those of them that there is time for."""
    fast: Typing
    slow: Typing
    overall: Foreseen
    competencies: tuple[Foreseen, ...]
    verdicts: tuple[Chances, ...]
    candidates: int
    """Simulated at each level."""

    def naming_only(self, names: Container[str]) -> "Rehearsal":
        """The same with any other competency numbered: a name may give a question away."""
        shown = (
            each if each.name in names else each.model_copy(update={"name": f"Competency {number}"})
            for number, each in enumerate(self.competencies, 1)
        )
        return self.model_copy(update={"competencies": tuple(shown)})


def rehearse(
    syllabus: Syllabus,
    policy: Policy,
    *,
    level: Level,
    minutes: float,
    subjects: Sequence[str] = (),
    by: MarkSource = "local",
    seed: int = 0,
) -> Rehearsal:
    """Plan the screen as it would be, and hold it with simulated candidates.

    More competencies than fit are no error here: the first of them in the kit's order are asked.

    Raises:
        NotFound: no such competency, or nothing of it can be marked.
        BadInput: nothing of the kit can be marked.
    """
    planned, chosen = _plan(syllabus, policy, level, minutes, subjects)
    screen = Screen(syllabus, policy, planned, level, by)
    held = {each: list(screen.held(each, CANDIDATES, seed)) for each in LEVELS}
    time = budget(syllabus.kit, minutes, policy)
    made = Rehearsal(
        kit=syllabus.kit.name,
        kit_version=syllabus.kit.version,
        level=level,
        minutes=minutes,
        examiner=by,
        says=(),
        kit_says=kit_says(syllabus, planned, level, time.core),
        means=means(planned, policy, CANDIDATES),
        questions=planned.core,
        stretch=planned.core > len(planned.form),
        chosen=len(chosen),
        covered=len(planned.subjects),
        fast=_typing(screen, time, minutes, pace.FAST),
        slow=_typing(screen, time, minutes, pace.SLOW),
        overall=_overall(screen, held),
        competencies=tuple(_competency(screen, held, name) for name in chosen),
        verdicts=tuple(_chances(screen, each, held[each]) for each in LEVELS),
        candidates=CANDIDATES,
    )
    return made.model_copy(update={"says": says(made)})


def _plan(
    syllabus: Syllabus, policy: Policy, level: Level, minutes: float, subjects: Sequence[str]
) -> tuple[Plan, list[str]]:
    """The plan for as many of these competencies as fit; and all of them, by the kit's names."""

    def planned(some: Sequence[str]) -> Plan:
        return plan(syllabus, policy, mode="screen", level=level, minutes=minutes, subjects=some)

    named = [planned([subject]).subjects[0] for subject in subjects]
    chosen = choosing.in_order(syllabus, named)
    for fewer in range(len(chosen), 1, -1):
        try:
            return planned(chosen[:fewer]), chosen
        except BadInput:  # too many for the time
            continue
    made = planned(chosen[:1])
    return made, chosen or list(made.subjects)


def _typing(screen: Screen, time: Budget, minutes: float, typist: pace.Pace) -> Typing:
    """The stretch takes as long as the others do on average."""
    took = [_seconds(screen, question, typist) for question in screen.plan.form]
    took += [fmean(took)] * (screen.plan.core - len(took))
    return Typing(
        minutes=round(pace.whole(took, time, typist) / 60, 1),
        questions=pace.put(took, time, minutes, typist),
    )


def _seconds(screen: Screen, question: str, typist: pace.Pace) -> float:
    item = screen.syllabus.rubric(question)
    put = min((r for r in item.rungs if r.scored), key=lambda r: _away(r, screen), default=item)
    scene = item.question.text if put is not item else ""
    return pace.seconds(put, scene, typist, screen.policy)


def _away(item: Item, screen: Screen) -> int:
    return abs(LEVELS.index(item.level or screen.asked) - LEVELS.index(screen.asked))


def _overall(screen: Screen, held: dict[Level, list[Held]]) -> Foreseen:
    seen = [(each.known.overall, each.general) for all_ in held.values() for each in all_]
    return _foreseen(screen, "overall", seen)


def _competency(screen: Screen, held: dict[Level, list[Held]], name: str) -> Foreseen:
    if name not in screen.plan.subjects:
        return Foreseen(name=name, questions=0.0, width=None, right=0.0, wrong=0.0)
    everyone = [each for all_ in held.values() for each in all_]
    return _foreseen(screen, name, [(e.known.own(name), e.levels[name]) for e in everyone])


def _foreseen(screen: Screen, name: str, seen: Sequence[tuple[Belief, float]]) -> Foreseen:
    right, wrong = _shares(screen, seen)
    ranges = [belief.interval(screen.policy.interval) for belief, _ in seen if belief.testlets]
    return Foreseen(
        name=name,
        questions=round(fmean(belief.testlets for belief, _ in seen), 1),
        width=round(fmean(high - low for low, high in ranges), 2) if ranges else None,
        right=right,
        wrong=wrong,
    )


def _chances(screen: Screen, level: Level, held: Sequence[Held]) -> Chances:
    right, wrong = _shares(screen, [(each.known.overall, each.general) for each in held])
    return Chances(level=level, right=right, wrong=wrong, open=round(1 - right - wrong, 3))


def _shares(screen: Screen, seen: Sequence[tuple[Belief, float]]) -> tuple[float, float]:
    """Of verdicts that are right, and wrong, about candidates whose level is known."""
    right = wrong = 0
    for belief, truth in seen:
        phrase = verdict(belief, screen.asked, screen.policy)
        is_there = truth >= LEVELS.index(screen.asked) - 0.5
        says_so = {"likely shown": True, "not shown in this interview": False}.get(phrase)
        right += says_so is is_there
        wrong += says_so is (not is_there)
    return round(right / len(seen), 3), round(wrong / len(seen), 3)
