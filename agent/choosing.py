"""Which question comes next, and why. Pure functions of the state: code owns every decision."""

import random
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from agent.events import MarkSource
from agent.measuring import Belief, Look, Measuring, expected_gain, verdict
from agent.policy import Policy
from agent.state import Interview, Testlet
from agent.syllabus import Bite, Item, Syllabus
from knowledge.atoms import LEVELS, Atom, Level


@dataclass(frozen=True)
class Choice:
    """The next core question or rung, and the reason in words."""

    item: Item
    level: Level
    reason: str
    ladder: str | None = None
    """Id of the scene this rung belongs to."""


@dataclass(frozen=True)
class Option:
    """A question that could be put, at one level; for a ladder, one of its rungs."""

    item: Item
    level: Level
    ladder: str | None

    def chosen(self, reason: str) -> Choice:
        """The same, with the reason for it."""
        return Choice(self.item, self.level, reason, self.ladder)


def looks(state: Interview) -> list[Look]:
    """The testlets that count: graded, and not waiting for a person."""
    return [
        Look(t["subject"], t["level"], t["score"], t["by"], t["question"])
        for t in state["testlets"]
        if t["graded"]
        and t["score"] is not None
        and t["review"] is None
        and t["outcome"] in {"answered", "not_answered"}
    ]


def measured(state: Interview, policy: Policy) -> Measuring:
    """What is known of the candidate so far."""
    return Measuring(looks(state), state["level"], policy.measure)


def belief(state: Interview, policy: Policy, subject: str | None = None) -> Belief:
    """What is known of the level, overall or in one subject on its own evidence."""
    known = measured(state, policy)
    return known.overall if subject is None else known.own(subject)


def plan_subjects(syllabus: Syllabus, core: int, policy: Policy) -> list[str]:
    """The subjects an interview of so many core questions covers, in the kit's order."""
    return in_order(syllabus, syllabus.subjects[: max(1, min(core, policy.most_subjects))])


def in_order(syllabus: Syllabus, subjects: Iterable[str]) -> list[str]:
    """Subjects in the order in which the kit's questions come to them."""
    chosen = set(subjects)
    order = dict.fromkeys(item.subject for item in syllabus.items.values())
    return [subject for subject in order if subject in chosen]


def plan_form(syllabus: Syllabus, subjects: Sequence[str], level: Level, core: int) -> list[str]:
    """The core questions that everyone gets, as ids: the subjects in turn, no two on one point."""
    form: list[str] = []
    while len(form) < core:
        before = len(form)
        for subject in subjects:
            gone = _gone(form, syllabus)
            left = [item for item in syllabus.by_subject(subject) if _is_fresh(item, gone)]
            if left and len(form) < core:
                form.append(min(left, key=lambda item: _distance(item, level, level)).question.id)
        if len(form) == before:
            break
    return form


def next_core(
    state: Interview, syllabus: Syllabus, policy: Policy, by: MarkSource = "local"
) -> Choice | None:
    """The next core question, or None where there is no more to ask; `by` is who will mark it."""
    if state["form"] or state["mode"] == "screen":
        return _form_choice(state, syllabus, policy)
    return _practice_choice(state, syllabus, policy, by)


def next_rung(state: Interview, syllabus: Syllabus, policy: Policy) -> Choice | None:
    """The rung above after a strong answer, or below after a weak one, on the same ladder."""
    last = state["testlets"][-1]
    if (
        state["dont_knows"] >= policy.dont_knows_before_easier
        or last["subject"] in state["settled"]
    ):
        return None
    scene = syllabus.items.get(last["ladder"] or "")
    if scene is None or last["score"] is None or last["outcome"] == "skipped":
        return None
    if last["question"] in state["form"]:
        return None  # this rung alone was asked for
    if state["mode"] == "screen" and not _fits_beside_form(state, policy):
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
            came_to = "met" if step > 0 else "fell short of"
            reason = (
                f"A {rung.level} rung on {scene.subject}: the last answer {came_to} "
                f"{last['level']} (score {last['score']:.2f})."
            )
            return Choice(rung, rung.level, reason, scene.question.id)
    return None


def _fits_beside_form(state: Interview, policy: Policy) -> bool:
    """Whether a further rung leaves time for the core questions that everyone gets."""
    left = state["seconds"] - state["reserve"] - state["used"]
    still = cores_left(state)
    return not still or left >= (still + 1) * policy.seconds_per_core


def newly_settled(state: Interview, syllabus: Syllabus, policy: Policy) -> dict[str, str]:
    """Subjects of a practice that need no further question, each with the reason in words.

    A drill trains rather than measures, and puts all of its questions.
    """
    if state["form"] or state["drill"] or state["mode"] == "screen":
        return {}
    known = measured(state, policy)
    found: dict[str, str] = {}
    for subject in state["subjects"]:
        if subject not in state["settled"]:
            why = _why_settled(known, state, syllabus, policy, subject)
            found |= {subject: why} if why else {}
    return found


def _why_settled(
    known: Measuring, state: Interview, syllabus: Syllabus, policy: Policy, subject: str
) -> str | None:
    own = known.own(subject)
    if own.testlets < policy.least_testlets:
        return None
    low, high = own.interval(policy.interval)
    if (high - low) / 2 <= policy.narrow:
        return f"{subject} is measured closely enough: {between(low, high)}."
    left = _options(state, syllabus, subject)
    more = min(len({option.item.question.id for option in left}), cores_left(state))
    if more and len(_outcomes(known, subject, left, more, state["level"], policy)) == 1:
        return f"Nothing left to ask could change the verdict on {subject}."
    return None


def _outcomes(
    known: Measuring,
    subject: str,
    left: Sequence[Option],
    more: int,
    asked: Level,
    policy: Policy,
) -> set[str]:
    """The verdicts that this many more answers could lead to: all failed, none, all perfect."""
    levels = sorted({option.level for option in left}, key=LEVELS.index)
    worst = known.with_look(Look(subject, levels[0], 0.0), more)
    best = known.with_look(Look(subject, levels[-1], 1.0, "human"), more)
    return {verdict(each.own(subject), asked, policy) for each in (worst, known, best)}


def cores_left(state: Interview) -> int:
    """Core questions still to be put; rungs are beside them."""
    return state["core"] - sum(testlet["counts"] for testlet in state["testlets"])


def _practice_choice(
    state: Interview, syllabus: Syllabus, policy: Policy, by: MarkSource
) -> Choice | None:
    """The question that tells most, of the subjects that were asked about least."""
    known = measured(state, policy)
    easier = state["dont_knows"] >= policy.dont_knows_before_easier
    open_ = {
        subject: options
        for subject in _subjects_in_need(state, easier)
        if (options := _unseen_first(_options(state, syllabus, subject), state))
    }
    if not open_:
        return None
    there_are = [
        option
        for subject, options in _least_covered(state, open_)
        for option in (_easier(options, known.shared(subject)) if easier else options)
    ]
    gains = _gains(known, there_are, policy, by)
    best = max(gain for gain, _ in gains)
    near = [option for gain, option in gains if gain >= policy.near_best * best]
    chosen = random.Random(f"{state['seed']}:{state['number']}").choice(near)
    return chosen.chosen(_why(state, known, chosen, policy, easier))


def _unseen_first(options: list[Option], state: Interview) -> list[Option]:
    """Those that the last practice did not ask, or else all of them."""
    seen = state["seen"]
    unseen = (o for o in options if not {o.item.question.id, o.ladder} & seen.keys())
    return list(unseen) or options


def _least_covered(
    state: Interview, open_: Mapping[str, list[Option]]
) -> list[tuple[str, list[Option]]]:
    """Those asked about least; what was not asked about yet comes in the kit's order."""
    fewest = min(_times(state, subject) for subject in open_)
    least = [pair for pair in open_.items() if _times(state, pair[0]) == fewest]
    return least if fewest else least[:1]


def _gains(
    known: Measuring, options: Iterable[Option], policy: Policy, by: MarkSource
) -> list[tuple[float, Option]]:
    """What each tells; of one subject and level all tell the same, but for calibrated ones."""
    found: dict[tuple[str, Level, str], float] = {}
    gains = []
    for option in options:
        id_, subject, level = option.item.question.id, option.item.subject, option.level
        question = id_ if id_ in policy.measure.calibrated else ""
        kind = (subject, level, question)
        if kind not in found:
            shown = known.shared(subject)
            found[kind] = expected_gain(shown, level, policy.measure, question=question, by=by)
        gains.append((found[kind], option))
    return gains


def _easier(options: Sequence[Option], shown: Belief) -> list[Option]:
    """Those below what was shown, or else the easiest there are."""
    lowest = min(LEVELS.index(option.level) for option in options)
    most = max(LEVELS.index(shown.level) - 1, lowest)
    return [option for option in options if LEVELS.index(option.level) <= most]


def _why(state: Interview, known: Measuring, chosen: Option, policy: Policy, easier: bool) -> str:
    subject, level = chosen.item.subject, chosen.level
    if easier:
        return f"Two unknowns in a row: another topic, {subject}, and a {level} question."
    if not _times(state, subject):
        shown = "the level asked" if not state["testlets"] else "what was shown so far"
        return f"{subject} was not asked about yet; near {shown}, a {level} question tells most."
    low, high = known.own(subject).interval(policy.interval)
    return f"{subject} is still open ({between(low, high)}); a {level} question tells most."


def between(low: float, high: float) -> str:
    """A range of levels in words."""
    one, other = (LEVELS[min(max(round(end), 0), len(LEVELS) - 1)] for end in (low, high))
    return one if one == other else f"{one} to {other}"


def _form_choice(state: Interview, syllabus: Syllabus, policy: Policy) -> Choice | None:
    """The same questions for everyone, then in a screen one stretch above what was shown."""
    put = {id_ for testlet in state["testlets"] for id_ in (testlet["ladder"], testlet["question"])}
    planned = state["core"] - has_stretch(state["mode"], state["core"])
    form = state["form"] or plan_form(syllabus, state["subjects"], state["level"], planned)
    for question in form:
        if question not in put:
            options = _options_in_form(syllabus.rubric(question), state["level"])
            nearest = min(options, key=lambda option: _steps(option.level, state["level"]))
            return nearest.chosen(_why_in_form(nearest.item, state))
    return _stretch(state, syllabus, policy) if cores_left(state) > 0 else None


def _options_in_form(item: Item, asked: Level) -> list[Option]:
    """What a question of the form can be put as; a rung that was asked for, as that rung alone."""
    if item.is_rung:
        return [Option(item, item.level or asked, item.question.parent)]
    return _options_of(item, asked)


def _why_in_form(item: Item, state: Interview) -> str:
    if state["mode"] == "practice":
        return f"This question on {item.subject} was asked for."
    return f"The core question on {item.subject}, which everyone is asked."


STRETCH_FROM = 2
"""Core questions from which a screen keeps one for a stretch beyond what was shown."""


def has_stretch(mode: str, core: int) -> bool:
    """Whether an interview of so many core questions ends on a stretch."""
    return mode == "screen" and core > STRETCH_FROM


def _stretch(state: Interview, syllabus: Syllabus, policy: Policy) -> Choice | None:
    """A question above what was shown: where most was shown, of the subjects that have one."""
    if not has_stretch(state["mode"], state["core"]):
        return None
    known = measured(state, policy)

    def strongest_first(subject: str) -> tuple[bool, float]:
        own = known.own(subject)
        return (not own.testlets, -own.mean)

    subjects = sorted(state["subjects"], key=strongest_first)
    left = {subject: _options(state, syllabus, subject) for subject in subjects}
    for subject, options in left.items():
        shown = known.shared(subject).level
        above = [o for o in options if LEVELS.index(o.level) > LEVELS.index(shown)]
        if above:
            nearest = min(above, key=lambda option: _steps(option.level, shown))
            than = f"the {shown} level shown there"
            if not known.own(subject).testlets:
                than = f"{shown}; nothing was shown there yet"
            return nearest.chosen(
                f"One stretch question, on {subject}: a {nearest.level} question, above {than}."
            )
    return next((_highest(subject, options) for subject, options in left.items() if options), None)


def _highest(subject: str, options: Sequence[Option]) -> Choice:
    """The hardest question left, where none is above what was shown."""
    hardest = max(options, key=lambda option: LEVELS.index(option.level))
    return hardest.chosen(
        f"The last question, on {subject}: the kit has nothing left above what was shown, and a "
        f"{hardest.level} question is the hardest there."
    )


def _subjects_in_need(state: Interview, leave_last: bool) -> list[str]:
    """Subjects that are not settled; the last one is left alone when it went badly."""
    last = state["testlets"][-1]["subject"] if state["testlets"] else None
    left = [subject for subject in state["subjects"] if subject not in state["settled"]]
    others = [subject for subject in left if not (leave_last and subject == last)]
    return others or left


def _times(state: Interview, subject: str) -> int:
    return sum(testlet["subject"] == subject for testlet in state["testlets"])


def _options(state: Interview, syllabus: Syllabus, subject: str) -> list[Option]:
    put = [testlet["ladder"] or testlet["question"] for testlet in state["testlets"]]
    return options_beside(put, syllabus, subject, state["level"])


def options_beside(
    put: Sequence[str], syllabus: Syllabus, subject: str, asked: Level
) -> list[Option]:
    """What could be asked of a subject beside these (ids), at each level it could be asked at."""
    gone = _gone(put, syllabus)
    return [
        option
        for item in syllabus.by_subject(subject)
        if _is_fresh(item, gone)
        for option in _options_of(item, asked)
    ]


def _gone(put: Iterable[str], syllabus: Syllabus) -> set[str]:
    """The core questions (ids) that were put, or that are on one point with one that was."""
    return {id_ for question in put for id_ in (question, *syllabus.on_one_point(question))}


def _is_fresh(item: Item, gone: Container[str]) -> bool:
    return item.scored and item.question.id not in gone


def _options_of(item: Item, asked: Level) -> list[Option]:
    """An item without a level of its own is taken to be of the level asked for."""
    rungs = [rung for rung in item.rungs if rung.scored]
    if not rungs:
        return [Option(item, item.level or asked, None)]
    return [Option(rung, rung.level or asked, item.question.id) for rung in rungs]


def _distance(item: Item, target: Level, asked: Level) -> int:
    return min(_steps(option.level, target) for option in _options_of(item, asked))


def _steps(one: Level, other: Level) -> int:
    return abs(LEVELS.index(one) - LEVELS.index(other))


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


def next_follow_up(testlet: Testlet, item: Item) -> Atom | None:
    """The first authored follow-up not used yet."""
    return next((f for f in item.follow_ups if f.id not in testlet["follow_ups"]), None)


def next_hint(used: Iterable[str], hints: Iterable[str]) -> str | None:
    """The first authored hint (an id) not given yet."""
    given = set(used)
    return next((hint for hint in hints if hint not in given), None)


def time_is_up(state: Interview) -> bool:
    """Whether what is left is reserved for the wrap-up."""
    return state["used"] >= state["seconds"] - state["reserve"]
