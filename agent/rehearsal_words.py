"""A rehearsal said plainly; no question and nothing of a rubric stands in these sentences."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from agent import choosing
from agent.planning import Plan
from agent.policy import Policy
from agent.syllabus import Item, Syllabus
from knowledge.atoms import LEVELS, Level

if TYPE_CHECKING:
    from agent.rehearsal import Rehearsal

HARDLY_EVER, SELDOM = 0.05, 0.25
"""Shares of settled verdicts up to which a competency is not, or seldom, settled."""


def says(made: "Rehearsal") -> tuple[str, ...]:
    """What will be known, and what it takes, in at most four sentences."""
    return (_on_competencies(made), _on_the_level(made), _on_time(made))


def _on_competencies(made: "Rehearsal") -> str:
    if made.covered < made.chosen:
        left = made.chosen - made.covered
        others = "the other one is" if left == 1 else f"the other {left} are"
        return (
            f"{made.chosen} competencies in {made.minutes:.0f} minutes tells you almost nothing "
            f"about each: there is time for {made.covered}, {others} not asked about, and a "
            "screen like this is refused."
        )
    several = "the competency" if made.chosen == 1 else f"each of {made.chosen} competencies"
    settled = [each.right + each.wrong for each in made.competencies]
    low, high = (round(100 * share) for share in (min(settled), max(settled)))
    if max(settled) <= HARDLY_EVER:
        which = "it" if made.chosen == 1 else "any of them"
        return f"{_few(made)} on {several} cannot settle {which}: use it for the overall level."
    if max(settled) <= SELDOM:
        return (
            f"{_few(made)} on {several} seldom settles one (for {_range(low, high)} of "
            "candidates): use it for the overall level."
        )
    which = "The competency's" if made.chosen == 1 else "A competency's"
    return (
        f"{which} own verdict is settled for {_range(low, high)} of candidates, and stays open "
        "for the rest."
    )


def _few(made: "Rehearsal") -> str:
    average = sum(each.questions for each in made.competencies) / made.chosen
    return "One question" if average < 1.5 else f"About {average:.0f} questions"


def _range(low: int, high: int) -> str:
    return f"{low} %" if low == high else f"{low} to {high} %"


def _on_the_level(made: "Rehearsal") -> str:
    by_level = {each.level: each for each in made.verdicts}
    if max(each.right for each in made.verdicts) <= HARDLY_EVER:
        return "The overall level stays open too: it takes more questions to settle anything."
    at = LEVELS.index(made.level)
    right = f"right for {by_level[made.level].right:.0%} of candidates at {made.level} level"
    if at:
        below = by_level[LEVELS[at - 1]]
        right += f" and {below.right:.0%} of those a level below (wrong for {below.wrong:.0%})"
    return (
        f"The overall level comes out as a range {made.overall.width or 0.0:.1f} levels wide; its "
        f"verdict is {right.replace('%', ' %')}, and stays open for the rest."
    )


def _on_time(made: "Rehearsal") -> str:
    fast, slow = made.fast, made.slow
    takes = f"Typing it takes {fast.minutes:.0f} to {slow.minutes:.0f} minutes"
    if fast.minutes > made.minutes:
        return f"{takes}, more than the {made.minutes:.0f} planned even for those who type fast."
    if slow.questions < made.questions:
        return (
            f"{takes}: those who type slowly get to {slow.questions} of the "
            f"{made.questions} core questions."
        )
    if slow.minutes > made.minutes:
        return (
            f"{takes}, and {made.minutes:.0f} are planned: those who type slowly are asked every "
            "core question, and their time runs out before the end."
        )
    return f"{takes}, which fits."


def kit_says(syllabus: Syllabus, planned: Plan, level: Level, room: int) -> tuple[str, ...]:
    """What the kit lacks for this plan; `room` is how many core questions there is time for."""
    return (
        *_on_levels(syllabus, planned, level),
        *_on_number(planned, room),
        *_on_marking(syllabus),
        *_on_stretch(syllabus, planned, level),
    )


def _on_levels(syllabus: Syllabus, planned: Plan, level: Level) -> Iterator[str]:
    told = {subject: _levels(syllabus, subject) for subject in planned.subjects}
    without = sum(level not in levels and None not in levels for levels in told.values())
    if without == len(told):
        yield (
            f"Nothing the kit asks about here is at {level} level: the questions nearest to it "
            "are asked, and they tell less about it."
        )
    elif without:
        yield f"On {without} of {len(told)} competencies the kit has no question at {level} level."
    if set.union(*told.values()) == {None}:
        yield f"No question says what level it is for; all are taken to be at {level}."


def _levels(syllabus: Syllabus, subject: str) -> set[Level | None]:
    """The levels that questions of a subject are for, as documents have it; None: not told."""
    return {
        each.level for item in syllabus.by_subject(subject) if item.scored for each in _put_as(item)
    }


def _put_as(item: Item) -> tuple[Item, ...]:
    return tuple(rung for rung in item.rungs if rung.scored) or (item,)


def _on_number(planned: Plan, room: int) -> Iterator[str]:
    if planned.core < room:
        yield (
            f"The kit has only {_count(planned.core, 'question')} for this that can be marked and "
            f"ask for different things; there is time for {room}."
        )


def _on_marking(syllabus: Syllabus) -> Iterator[str]:
    without = sum(not item.scored for item in syllabus.items.values())
    if without:
        has, is_ = ("have", "are") if without > 1 else ("has", "is")
        yield (
            f"{_count(without, 'question')} of the kit {has} nothing to mark an answer by and "
            f"{is_} never asked; add answer hints or indicators."
        )


def _on_stretch(syllabus: Syllabus, planned: Plan, level: Level) -> Iterator[str]:
    if planned.core <= choosing.STRETCH_FROM:
        yield "There is no stretch question: that takes three core questions or more."
        return
    left = [
        option
        for subject in planned.subjects
        for option in choosing.options_beside(planned.form, syllabus, subject, level)
    ]
    above = any(LEVELS.index(option.level) > LEVELS.index(level) for option in left)
    if not left:
        yield "The core takes every question there is: none is left for the stretch."
    elif not above and level != LEVELS[-1]:
        yield f"No question is left above {level} level, so the stretch asks no more than that."


def _count(number: int, thing: str) -> str:
    several = f"{thing[:-1]}ies" if thing.endswith("y") else f"{thing}s"
    return f"{number} {thing if number == 1 else several}"


def means(planned: Plan, policy: Policy, candidates: int) -> str:
    """What the figures rest on."""
    known = sum(question in policy.measure.calibrated for question in planned.form)
    but = f" but for {_count(known, 'core question')} calibrated on interviews" if known else ""
    return (
        f"Tried on {candidates} simulated candidates at each level, by the numbers Viva measures "
        f"with, which are opinions{but}. It shows what the plan can tell if they are right; with "
        "people it will be less."
    )
