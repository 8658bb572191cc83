"""What to study, as Markdown: points missed, what to try next, what changed."""

import shlex
from collections.abc import Iterable, Iterator

from agent.report.argument import StudyPlan
from agent.report.inert import one_line
from agent.report.model import Report, Study


def study_lines(report: Report) -> Iterator[str]:
    """The sections on study; none where there is nothing to say."""
    if report.study:
        yield "## What to study"
        yield ""
        yield from _missed(report.study)
        yield ""
    if report.study_plan:
        yield from _plan(report, report.study_plan)


def _missed(study: Iterable[Study]) -> Iterator[str]:
    """By question; rungs of one scene follow each other, and the scene is told with the first."""
    question = scene = None
    for item in study:
        if (item.scene, item.question) != (scene, question):
            told = f"{item.scene} {item.question}" if item.scene not in (None, scene) else ""
            yield f"- On: {one_line(told or item.question)}"
            scene, question = item.scene, item.question
        where = f" ({item.source})" if item.source else ""
        yield f"  - {one_line(item.text)}{where}"
        if item.read:
            yield f"    Read: {one_line(item.read)}"


def _plan(report: Report, plan: StudyPlan) -> Iterator[str]:
    if plan.since or plan.retried:
        yield "## Since the last practice"
        yield ""
        yield from (f"- {one_line(each.text)} {each.sentence}" for each in plan.retried)
        yield from (f"- {each.name}: {each.sentence}" for each in plan.since)
        yield ""
    if plan.next_questions or plan.drill:
        yield "## What to try next"
        yield ""
        for each in plan.next_questions:
            yield f"- {one_line(each.text)} ({each.subject}, {each.level})"
            yield f"  {each.why} Its id is `{each.id}`."
        if plan.drill:
            yield f"- Five minutes on {plan.drill}, where most is to be won."
        yield ""
        yield from _commands(report, plan)


def _commands(report: Report, plan: StudyPlan) -> Iterator[str]:
    ways = ["`--again ID`"] if plan.next_questions else []
    ways += [f"`--drill {_typed(plan.drill)}`"] if plan.drill else []
    chat = f"viva chat --kit {_typed(report.kit)} --level {report.level}"
    chat += "" if report.examiner == "local" else f" --examiner {_typed(report.examiner)}"
    yield f"In a terminal: `{chat}` with {' or '.join(ways)}."
    yield ""


def _typed(word: str) -> str:
    """As it is typed in a shell, with nothing that would end the code it stands in."""
    return shlex.quote(word.replace("`", ""))
