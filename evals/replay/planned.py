"""What an interview was planned to hold, and what it would have been under other numbers."""

from collections.abc import Iterator
from itertools import product
from math import isclose

from agent.events import Header
from agent.planning import Plan, drill, plan
from agent.policy import Policy
from agent.syllabus import Syllabus
from knowledge.errors import VivaError

COMMON_TIMES = (1.0, 1.25, 1.5, 2.0)
"""Factors on the minutes that candidates are given."""
UNKNOWN = "The plan rests on wishes that the log does not tell; it is kept as it was."

Wished = tuple[float, int | None, tuple[str, ...]]
"""The factor on the minutes, the bound on the questions, the competencies chosen."""


def replanned(
    header: Header, then: tuple[Syllabus, Policy], now: tuple[Syllabus, Policy]
) -> tuple[Header, tuple[str, ...]]:
    """The header as it would have been, and in words what of the plan is another.

    The log keeps the plan and not the wish behind it. That is the simplest one that comes to the
    plan as it was; where there is none, the plan stays.
    """
    wished = next(_wishes(header, *then), None)
    planned = _planned(header, *now, wished) if wished else None
    if wished is None or planned is None:
        return header, (UNKNOWN,)
    other = header.model_copy(
        update={
            "questions": planned.core,
            "subjects": planned.subjects,
            "form": planned.form,
            "reserve": planned.reserve * wished[0],
        }
    )
    return other, tuple(_differences(header, other, then[0], now[0]))


def _wishes(header: Header, syllabus: Syllabus, policy: Policy) -> Iterator[Wished]:
    """Those that come to the plan of the header, the simplest first."""
    told = (header.reserve or 0.0) / (policy.wrap_up_seconds or 1.0)
    times = dict.fromkeys((*COMMON_TIMES, max(round(told, 4), 1.0)))
    bounds: tuple[int | None, ...] = (None, header.questions)
    for subjects, questions, time in product(((), header.subjects), bounds, times):
        wished = (time, questions, subjects)
        found = _planned(header, syllabus, policy, wished)
        if found and _is_as_told(found, time, header):
            yield wished


def _planned(header: Header, syllabus: Syllabus, policy: Policy, wished: Wished) -> Plan | None:
    time, questions, subjects = wished
    minutes = header.minutes / time
    try:
        if header.drill:
            question = header.form[0] if header.form else None
            subject = header.subjects[0]
            return drill(syllabus, policy, minutes=minutes, subject=subject, question=question)
        return plan(
            syllabus,
            policy,
            mode=header.mode,
            level=header.level,
            minutes=minutes,
            questions=questions,
            subjects=subjects,
        )
    except VivaError:
        return None


def _is_as_told(plan: Plan, time: float, header: Header) -> bool:
    told = (header.questions, header.subjects, header.form)
    kept = header.reserve is None or isclose(plan.reserve * time, header.reserve, rel_tol=1e-6)
    return kept and (plan.core, plan.subjects, plan.form) == told


def _differences(then: Header, now: Header, before: Syllabus, after: Syllabus) -> Iterator[str]:
    if then.questions != now.questions:
        yield f"{now.questions} core questions instead of {then.questions}."
    if then.subjects != now.subjects:
        yield f"Competencies: {', '.join(now.subjects)}; then {', '.join(then.subjects)}."
    texts = [
        [syllabus.kit.by_id[id_].text for id_ in header.form]
        for header, syllabus in ((then, before), (now, after))
    ]
    for place, (one, other) in enumerate(zip(*texts, strict=False), 1):
        if one != other:
            yield f"Core question {place} of the form is {other!r}; then {one!r}."
            break
    if then.reserve is not None and not isclose(then.reserve, now.reserve or 0.0, abs_tol=0.5):
        yield f"{now.reserve or 0:.0f} s are kept for the wrap-up instead of {then.reserve:.0f}."
