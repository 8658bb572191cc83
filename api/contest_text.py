"""Contests in words, for a person at a terminal."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from agent.report.inert import one_line

if TYPE_CHECKING:
    from agent.events import Mark
    from agent.report.argument import Contest
    from api.contests import Line
    from api.withdrawals import Touched


def print_contest(contest: "Contest") -> None:
    """One contest as it stands."""
    what = one_line(contest.text) if contest.text else "as a whole"
    print(f"Contest {contest.number}, question {contest.question}: {what}")
    print(f"  {contest.state}: {one_line(contest.reason)}")
    if contest.quote:
        print(f'  points at "{one_line(contest.quote)}"')
    if contest.decision:
        by = f"{one_line(contest.decided_by)}: " if contest.decided_by else ""
        print(f"  {by}{one_line(contest.decision)}")
    if contest.set_aside:
        print("  The question is left out of the level: neither for nor against.")


def print_lines(lines: "Sequence[Line]") -> None:
    """Contests with how to decide those that are open."""
    if not lines:
        print("Nothing is contested.")
    for line in lines:
        print(f"{line.interview}  {line.kit}")
        print_contest(line.contest)
        if line.contest.state == "open":
            decide = f"viva decide {line.interview} {line.contest.number}"
            print(f'  {decide} --uphold|--refuse --because "..." --by NAME')


def print_marks(marks: "Sequence[Mark]", interview: str, question: int) -> None:
    """What can be contested at a question, and how."""
    for number, mark in enumerate(marks, 1):
        print(f"{number}. {mark.verdict.replace('_', ' ')}: {one_line(mark.text)}")
    if not marks:
        print("Only the question as a whole can be contested.")
    print(f'viva contest {interview} {question} [--point NUMBER] --because "..." [--words "..."]')


def print_withdrawn(gone: "Mapping[str, Sequence[Touched]]") -> None:
    """What a decision took out of the kit (ids), and the interviews it has marked."""
    for atom in gone:
        print(f"Withdrawn from the kit's next version: {atom}")
    waiting = {each.id: each for touched in gone.values() for each in touched}
    waiting |= {each.id: each for t in gone.values() for each in t if not each.recounted}
    if gone:
        print_touched(list(waiting.values()))


def print_touched(touched: "Sequence[Touched]") -> None:
    """The interviews that something withdrawn has marked."""
    if not touched:
        print("It has marked no interview.")
    for each in touched:
        then = "counted anew" if each.recounted else f"to be counted anew: viva regrade {each.id}"
        then = then if each.status == "ended" else "still under way"
        print(f"{each.id}  {each.kit} {each.kit_version}  {each.mode:8}  {then}")
