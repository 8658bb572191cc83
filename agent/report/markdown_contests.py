"""Contests in Markdown, and what a person or a withdrawal has put in a mark's place."""

from collections.abc import Iterable
from datetime import UTC, datetime

from agent.report.argument import Contest
from agent.report.inert import cell, inert, one_line, quoted
from agent.report.model import QuestionReport, Report
from agent.report.telling import MARKS

VERDICTS = MARKS | {"not_met": "not shown", "abstained": "left open"}
STATES = {"open": "open: a person has not decided yet", "upheld": "upheld", "refused": "refused"}


def contest_lines(report: Report) -> Iterable[str]:
    """Every contest with its reason, and the answer to it."""
    if not report.contests:
        return
    yield "## Contested"
    yield ""
    for contest in report.contests:
        yield from _contest(contest)
    yield ""


def _contest(contest: Contest) -> Iterable[str]:
    what = f": {one_line(contest.text)}" if contest.text else " as a whole"
    yield (
        f"{contest.number}. Question {contest.question}{what} "
        f"({_day(contest.at)}). **{_state(contest)}**"
    )
    yield f'   The candidate: "{quoted(contest.reason)}"'
    if contest.quote:
        yield f'   Pointing at: "{quoted(contest.quote)}"'
    if contest.decision:
        by = f", {inert(cell(contest.decided_by))}" if contest.decided_by else ""
        yield f'   The answer{by}: "{quoted(contest.decision)}"'
    if contest.set_aside:
        yield "   The question is left out of the level: neither for nor against."
    if contest.withdrawn:
        yield "   The kit was wrong: it is withdrawn from the next version, and counts for nothing."


def _state(contest: Contest) -> str:
    return f"{STATES[contest.state][:1].upper()}{STATES[contest.state][1:]}."


def replaced_marks(question: QuestionReport) -> Iterable[str]:
    """The machine's marks beside a person's, and the marks by what was withdrawn."""
    for mark in question.overruled:
        yield (
            f"- Ruled on by a person; {mark.source} had marked it "
            f"*{VERDICTS[mark.verdict]}*: {one_line(mark.text)}"
        )
    for gone in question.withdrawn:
        yield (
            f"- Withdrawn on {_day(gone.at)}, counts for nothing "
            f"(it was *{VERDICTS[gone.mark.verdict]}*): {one_line(gone.mark.text)}"
        )
        yield f'  "{quoted(gone.reason)}"'


def _day(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).date().isoformat()
