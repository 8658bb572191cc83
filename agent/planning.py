"""What an interview will hold, fixed before its first word: time, competencies, core questions."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent import choosing
from agent.budget import budget
from agent.events import Mode
from agent.policy import Policy
from agent.syllabus import Item, Syllabus
from knowledge.atoms import Level
from knowledge.errors import BadInput, NotFound


@dataclass(frozen=True, kw_only=True)
class Plan:
    """`core` counts core questions, a screen's stretch included; `reserve` is in seconds."""

    core: int
    subjects: tuple[str, ...]
    form: tuple[str, ...] = ()
    """Core questions (ids) that everyone gets; practice chooses as it goes."""
    reserve: float = 0.0
    drill: bool = False


def plan(
    syllabus: Syllabus,
    policy: Policy,
    *,
    mode: Mode,
    level: Level,
    minutes: float,
    questions: int | None = None,
    subjects: Sequence[str] = (),
) -> Plan:
    """Share the time out; `subjects` are competencies that were chosen, else the kit's richest.

    Raises:
        NotFound: no such competency, or nothing of it can be marked.
        BadInput: nothing of the kit can be marked, or there is no time for so many.
    """
    chosen = [_named(syllabus, subject) for subject in subjects]
    _check_some(syllabus)
    time = budget(syllabus.kit, minutes, policy)
    of = chosen or syllabus.subjects
    there_are = sum(item.scored for s in of for item in syllabus.by_subject(s))
    core = max(1, min(time.core, questions or policy.most_core, there_are))
    planned = core - choosing.has_stretch(mode, core)
    if len(chosen) > planned:
        raise BadInput(
            f"{minutes:g} minutes have room for {planned} core questions, too few for "
            f"{len(chosen)} competencies.",
            "Choose fewer, or give it more time.",
        )
    covered = (
        choosing.in_order(syllabus, chosen)
        if chosen
        else choosing.plan_subjects(syllabus, planned, policy)
    )
    if mode == "practice":
        return Plan(core=core, subjects=tuple(covered), reserve=time.wrap_up)
    form = choosing.plan_form(syllabus, covered, level, planned)
    if not any(choosing.options_beside(form, syllabus, s, level) for s in covered):
        covered = covered if chosen else choosing.plan_subjects(syllabus, core, policy)
        form = choosing.plan_form(syllabus, covered, level, core)  # nothing is left for a stretch
        planned = core
    core = len(form) + core - planned
    return Plan(core=core, subjects=tuple(covered), form=tuple(form), reserve=time.wrap_up)


def drill(
    syllabus: Syllabus,
    policy: Policy,
    *,
    minutes: float,
    subject: str | None = None,
    question: str | None = None,
) -> Plan:
    """A few minutes of practice on one topic, or on one question or rung (its id) again.

    Raises:
        NotFound: no such topic or question, or nothing of it can be marked.
    """
    if question is not None:
        item = _asked(syllabus, question)
        return Plan(core=1, subjects=(item.subject,), form=(question,), drill=True)
    name = _named(syllabus, subject or "")
    there_are = sum(item.scored for item in syllabus.by_subject(name))
    core = max(1, min(round(minutes * 60 / policy.seconds_per_drill), there_are))
    return Plan(core=core, subjects=(name,), drill=True)


def _asked(syllabus: Syllabus, question: str) -> Item:
    item = syllabus.items.get(question) or syllabus.rungs.get(question)
    if item is None or not item.scored:
        raise NotFound(
            f"The kit has no core question {question!r}.",
            "Take the question's id from the report (`viva report ID --format json`).",
        )
    return item


def _named(syllabus: Syllabus, subject: str) -> str:
    names = {name.casefold(): name for name in syllabus.subjects}
    found = names.get(subject.strip().casefold())
    if found is None:
        raise NotFound(
            f"The kit has no competency {subject!r} that can be asked about and marked.",
            f"Choose from: {', '.join(syllabus.subjects) or 'none'}.",
        )
    return found


def _check_some(syllabus: Syllabus) -> None:
    if not syllabus.subjects:
        raise BadInput(
            f"The kit {syllabus.kit.name!r} has no question that an answer could be marked by.",
            "Ingest a document with questions and their answer hints or indicators.",
        )
