"""Interviews at mark level: real choices on a real state; only people and marks are made up.

A design says which questions are put. Every design meets the same people, who know and tell the
same of a question wherever it stands.
"""

import random
from functools import cache
from typing import Literal, get_args

from agent import choosing
from agent.events import Mode
from agent.planning import Plan, plan
from agent.policy import Policy
from agent.state import Interview, Testlet, new_interview
from agent.syllabus import Syllabus
from evals.bench_measurement.answering import Person
from knowledge.atoms import Level

Design = Literal["practice", "fixed form", "random order", "screen", "fixed screen"]
DESIGNS: tuple[Design, ...] = get_args(Design)
SCREENS: frozenset[Design] = frozenset({"screen", "fixed screen"})
"""Designs in which a question gets a screen's follow-ups; the others get a practice's."""
MINUTES = 90.0
"""Room for as many core questions as `Policy.most_core` allows."""
LONGEST = 14
"""Testlets of a design that does not look at answers; shorter ones are its first few."""


def held(design: Design, person: Person, syllabus: Syllabus) -> list[Testlet]:
    """The closed testlets of one interview, in order."""
    state = _opened(design, person, syllabus)
    while (next_ := _next(design, state, syllabus, person)) is not None:
        choice, is_rung = next_
        state["number"] += 1
        testlet = person.answers(choice, syllabus, counts=not is_rung)
        state["testlets"].append(testlet)
        state["dont_knows"] = state["dont_knows"] + 1 if testlet["find_out"] else 0
    return state["testlets"]


def _opened(design: Design, person: Person, syllabus: Syllabus) -> Interview:
    asked, number = person.candidate.asked, person.candidate.number
    mode: Mode = "screen" if design == "screen" else "practice"
    holds, common = _planned(syllabus, mode, asked)
    form = list(holds.form) or _form(design, holds, common, person, syllabus)
    return new_interview(
        mode=mode,
        level=asked,
        seed=number,
        minutes=MINUTES,
        core=holds.core if design in {"practice", "screen"} else len(form),
        subjects=list(holds.subjects),
        form=form,
    )


@cache
def _planned(syllabus: Syllabus, mode: Mode, asked: Level) -> tuple[Plan, list[str]]:
    """The plan, and a form as long as one can be."""
    holds = plan(syllabus, Policy(), mode=mode, level=asked, minutes=MINUTES)
    return holds, choosing.plan_form(syllabus, holds.subjects, asked, LONGEST)


def _form(
    design: Design, holds: Plan, common: list[str], person: Person, syllabus: Syllabus
) -> list[str]:
    """The questions, in order, of a design that does not look at answers; else none."""
    asked = person.candidate.asked
    if design == "practice":
        return []
    if design != "random order":
        return common
    scenes: dict[str, list[str]] = {}
    for subject in holds.subjects:
        for option in choosing.options_beside([], syllabus, subject, asked):
            question = option.item.question.id
            scenes.setdefault(option.ladder or question, []).append(question)
    chance = random.Random(f"{person.candidate.number}:order")
    one_each = [chance.choice(rungs) for rungs in scenes.values()]
    return chance.sample(one_each, min(LONGEST, len(one_each)))


def _next(
    design: Design, state: Interview, syllabus: Syllabus, person: Person
) -> tuple[choosing.Choice, bool] | None:
    """The next question, and whether it is a further rung; as `agent/moving.py` comes to it."""
    policy, adapts = person.policy, design in {"practice", "screen"}
    if adapts and state["testlets"]:
        state["settled"] += choosing.newly_settled(state, syllabus, policy)
        if rung := choosing.next_rung(state, syllabus, policy):
            return rung, True
    if choosing.cores_left(state) <= 0:
        return None
    core = choosing.next_core(state, syllabus, policy, person.marker.noisy.source)
    return (core, False) if core else None
