"""Rehearsals and calibrations in words, for a person at a terminal or in a pipe."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

from agent.calibration import LEAST_ANSWERS, LEAST_INTERVIEWS

if TYPE_CHECKING:
    from agent.calibration import Calibration, Difficulty
    from agent.rehearsal import Foreseen, Rehearsal
    from knowledge.atoms import Kit

MOST_SHOWN = 12


def print_rehearsal(made: "Rehearsal") -> None:
    """The gist first, then what it rests on."""
    typer.secho(
        f"Rehearsal: {made.kit}, {made.level}, {made.minutes:.0f} minutes, "
        f"marked by {made.examiner}",
        bold=True,
    )
    for sentence in (*made.says, *made.kit_says):
        print(sentence)
    print()
    print(f"{'':34} {'questions':>9} {'90 % range':>11} {'right':>6} {'wrong':>6} {'open':>6}")
    for each in (made.overall, *made.competencies):
        print(_foreseen(each))
    print()
    print(f"{'Overall verdict for candidates at':56} {'right':>6} {'wrong':>6} {'open':>6}")
    for chances in made.verdicts:
        shares = _shares(chances.right, chances.wrong, chances.open)
        print(f"  {chances.level:54} {shares}")
    print()
    print(made.means)


def _foreseen(each: "Foreseen") -> str:
    width = f"{each.width:.1f} levels" if each.width is not None else "not asked"
    shares = _shares(each.right, each.wrong, 1 - each.right - each.wrong)
    return f"{_cut(each.name, 34):34} {each.questions:9.1f} {width:>11} {shares}"


def _shares(*shares: float) -> str:
    return " ".join(f"{round(100 * max(share, 0.0)):4} %" for share in shares)


def print_calibration(
    kit: "Kit", found: "Calibration", left_out: Counter[str], *, kept: bool
) -> None:
    """What was learned, or how many interviews are missing."""
    typer.secho(f"{kit.name}: {_count(found.interviews, 'interview')} to learn from", bold=True)
    for reason, number in left_out.most_common():
        print(f"  {_count(number, 'interview')} left out: {reason}.")
    if not found.questions:
        for sentence in _not_enough(found):
            print(f"  {sentence}")
        return
    few = sum(number < LEAST_ANSWERS for number in found.answers.values())
    print(f"  {_count(len(found.questions), 'question')} calibrated. The most moved:")
    print(f"  {'author':>6} {'now':>5} {'± se':>6} {'answers':>7}  question")
    for each in found.questions[:MOST_SHOWN]:
        print(_difficulty(each, kit))
    if few:
        print(f"  {_count(few, 'question')} with fewer than {LEAST_ANSWERS} answers: as authored.")
    told = "Kept for interviews that start from now on" if kept else "Nothing was kept (--dry-run)"
    print(f"  {told}; what is stored, and its reports, stay as they are.")


def _not_enough(found: "Calibration") -> Iterator[str]:
    yield (
        f"Not enough: {LEAST_INTERVIEWS} interviews are needed, and {LEAST_ANSWERS} answers to a "
        "question. Nothing was changed."
    )
    most = max(found.answers.values(), default=0)
    there = sum(number >= LEAST_ANSWERS for number in found.answers.values())
    yield (
        f"The question answered most has {_count(most, 'answer')}; {there} of "
        f"{_count(len(found.answers), 'question')} answered have {LEAST_ANSWERS}."
    )


def _difficulty(each: "Difficulty", kit: "Kit") -> str:
    atom = kit.by_id.get(each.question)
    text = _cut(atom.text, 60) if atom else f"{each.question}, of an earlier version"
    return f"  {each.author:6.2f} {each.difficulty:5.2f} {each.error:6.2f} {each.answers:7}  {text}"


def _cut(text: str, most: int) -> str:
    one = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return one if len(one) <= most else f"{one[: most - 1]}…"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
