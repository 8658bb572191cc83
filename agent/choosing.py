"""Which question comes next, and why. Pure functions of the state: code owns every decision."""

import random
from collections.abc import Iterable
from dataclasses import dataclass

from agent.estimate import Estimate, estimate
from agent.policy import Policy
from agent.state import Interview, Testlet
from agent.syllabus import Bite, Item, Syllabus
from agent.wording import likeness_of_wording
from knowledge.atoms import LEVELS, Level

SAME_QUESTION = 0.6


@dataclass(frozen=True)
class Choice:
    """The next core question or rung, and the reason in words."""

    item: Item
    level: Level
    reason: str
    ladder: str | None = None
    """Id of the scene this rung belongs to."""


def looks(state: Interview, subject: str | None = None) -> list[tuple[Level, float]]:
    """(level, score) of each graded testlet, of one subject or of all."""
    return [
        (testlet["level"], testlet["score"])
        for testlet in state["testlets"]
        if testlet["graded"]
        and testlet["score"] is not None
        and testlet["review"] is None
        and testlet["outcome"] in {"answered", "not_answered"}
        and (subject is None or testlet["subject"] == subject)
    ]


def belief(state: Interview, policy: Policy, subject: str | None = None) -> Estimate:
    """What is known of the level, overall or in one subject."""
    return estimate(looks(state, subject), state["level"], policy)


def plan_subjects(syllabus: Syllabus, core: int, policy: Policy) -> list[str]:
    """The subjects an interview of so many core questions covers, in the kit's order."""
    chosen = set(syllabus.subjects[: max(1, min(core, policy.most_subjects))])
    order = dict.fromkeys(item.subject for item in syllabus.items.values())
    return [subject for subject in order if subject in chosen]


def next_core(state: Interview, syllabus: Syllabus, policy: Policy) -> Choice | None:
    """The next core question, or None where the kit has no more to ask."""
    if state["mode"] == "screen":
        return _screen_choice(state, syllabus, policy)
    return _practice_choice(state, syllabus, policy)


def next_rung(state: Interview, syllabus: Syllabus, policy: Policy) -> Choice | None:
    """The rung above after a strong answer, or below after a weak one, on the same ladder."""
    last = state["testlets"][-1]
    if state["dont_knows"] >= policy.dont_knows_before_easier:
        return None
    scene = syllabus.items.get(last["ladder"] or "")
    if scene is None or last["score"] is None or last["outcome"] == "skipped":
        return None
    climbed = [t["question"] for t in state["testlets"] if t["ladder"] == last["ladder"]]
    if len(climbed) > policy.rungs:
        return None
    step = 1 if last["score"] >= policy.enough else -1 if last["score"] < policy.meets else 0
    wanted = LEVELS.index(last["level"]) + step
    for rung in scene.rungs:
        if step and rung.level and LEVELS.index(rung.level) == wanted:
            if rung.question.id in climbed:
                return None
            word = "met" if step > 0 else "fell short of"
            reason = f"A {rung.level} rung on {scene.subject}: the answer {word} {last['level']}."
            return Choice(rung, rung.level, reason, scene.question.id)
    return None


def _practice_choice(state: Interview, syllabus: Syllabus, policy: Policy) -> Choice | None:
    easier = state["dont_knows"] >= policy.dont_knows_before_easier
    for subject in _subjects_in_need(state, policy, easier):
        target = _target(belief(state, policy), state["level"], easier)
        ranked = _ranked(state, syllabus.by_subject(subject), target)
        if ranked:
            why = "goes easier after two unknowns" if easier else "the level shown so far"
            reason = f"{subject} is the most open; {target} fits: {why}."
            return _choice(ranked[0], target, state["level"], reason)
    return None


def _screen_choice(state: Interview, syllabus: Syllabus, policy: Policy) -> Choice | None:
    """The same questions for everyone, then one stretch above what was shown."""
    cores = [t for t in state["testlets"] if t["counts"]]
    if len(cores) == state["core"] - 1 and len(cores) >= 2:
        shown = min(LEVELS.index(belief(state, policy).level), LEVELS.index(state["level"]))
        above = min(shown + 1, len(LEVELS) - 1)
        best = max(state["subjects"], key=lambda subject: belief(state, policy, subject).mean)
        stretch = _ranked(state, syllabus.by_subject(best), LEVELS[above], fixed=True)
        if stretch:
            reason = f"One stretch question on {best}: a level above what was shown."
            return _choice(stretch[0], LEVELS[above], state["level"], reason)
    for subject in sorted(state["subjects"], key=[t["subject"] for t in cores].count):
        fixed = _ranked(state, syllabus.by_subject(subject), state["level"], fixed=True)
        if fixed:
            reason = f"The core question on {subject}."
            return _choice(fixed[0], state["level"], state["level"], reason)
    return None


def _subjects_in_need(state: Interview, policy: Policy, leave_last: bool) -> list[str]:
    """Subjects by how few testlets they have, the last one put behind when it went badly."""
    last = state["testlets"][-1]["subject"] if state["testlets"] else None

    def need(subject: str) -> tuple[bool, int, bool]:
        return (leave_last and subject == last, _times(state, subject), subject == last)

    return sorted(state["subjects"], key=need)


def _times(state: Interview, subject: str) -> int:
    return sum(testlet["subject"] == subject for testlet in state["testlets"])


def _target(shown: Estimate, asked: Level, easier: bool) -> Level:
    """The level to ask at: what was shown, at most one from the level asked for."""
    middle = LEVELS.index(asked)
    wanted = min(max(LEVELS.index(shown.level), middle - 1), middle + 1) - easier
    return LEVELS[max(wanted, 0)]


def _ranked(
    state: Interview, items: Iterable[Item], target: Level, *, fixed: bool = False
) -> list[Item]:
    """Items not asked yet, nearest in level first, with a seeded touch of chance."""
    chance = random.Random(f"{state['seed']}:{state['number']}")
    put = {id_ for testlet in state["testlets"] for id_ in (testlet["question"], testlet["ladder"])}
    asked = [testlet["text"] for testlet in state["testlets"]]

    def distance(item: Item) -> tuple[bool, float]:
        touch = 0.0 if fixed else chance.uniform(0, 0.4)
        return (not item.scored, _distance(item, target, state["level"]) + touch)

    fresh = [
        item
        for item in items
        if item.question.id not in put
        and not any(likeness_of_wording(item.question.text, text) > SAME_QUESTION for text in asked)
    ]
    return sorted(fresh, key=distance)


def _distance(item: Item, target: Level, asked: Level) -> float:
    levels = [rung.level for rung in item.rungs if rung.level] or [item.level or asked]
    return min(abs(LEVELS.index(level) - LEVELS.index(target)) for level in levels)


def _choice(item: Item, target: Level, asked: Level, reason: str) -> Choice:
    """An item without a level of its own is taken to be of the level asked for."""
    if not item.rungs:
        return Choice(item, item.level or asked, reason)
    rung = min(item.rungs, key=lambda r: _distance(r, target, target))
    return Choice(rung, rung.level or asked, reason, item.question.id)


def next_bite(state: Interview, syllabus: Syllabus, policy: Policy) -> Bite | None:
    """A money question about a claimed technology: one each, then seconds, up to the cap."""
    if len(state["money"]) >= policy.money_most:
        return None
    chance = random.Random(f"{state['seed']}:money")
    put = {tally["atom"] for tally in state["money"]}
    times = [tally["technology"] for tally in state["money"]]
    for round_ in (0, 1):
        for claim in state["claims"]:
            if times.count(claim["technology"]) != round_:
                continue
            bites = [b for b in syllabus.bites_for(claim["atom"]) if b.question.id not in put]
            if bites:
                return chance.choice(bites) if state["mode"] == "practice" else bites[0]
    return None


def next_follow_up(testlet: Testlet, item: Item) -> str | None:
    """The id of the first authored follow-up not used yet."""
    return next((f.id for f in item.follow_ups if f.id not in testlet["follow_ups"]), None)


def next_hint(used: Iterable[str], hints: Iterable[str]) -> str | None:
    """The first authored hint (an id) not given yet."""
    given = set(used)
    return next((hint for hint in hints if hint not in given), None)


def time_is_up(state: Interview) -> bool:
    """Whether what is left is reserved for the wrap-up."""
    return state["used"] >= state["seconds"] - state["reserve"]
