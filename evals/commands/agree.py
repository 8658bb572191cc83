"""Commands about agreement with people, and about what changed between two results."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evals.agree.people import Problem

PRINTED_PROBLEMS = 20

OutFolder = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="Keep the results in this folder.")
]
MarksFiles = Annotated[
    list[Path] | None,
    typer.Option("--marks", metavar="FILE", help="People's marks as CSV; again for more files."),
]


class ByName(StrEnum):
    """What figures can be told apart by."""

    competency = "competency"
    level = "level"
    examiner = "examiner"
    model = "model"
    question = "question"


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(agree)
    app.command()(drift)


def agree(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ID|FILE|FOLDER]...",
            help="Transcripts; else those beside the marks, or all that somebody marked.",
        ),
    ] = None,
    marks: MarksFiles = None,
    by: Annotated[ByName | None, typer.Option(help="Tell the figures apart by this.")] = None,
    worst: Annotated[int, typer.Option(min=0, help="How many disagreements to show.")] = 10,
    out: OutFolder = None,
) -> None:
    """Tell how far people and the machine agree on points and questions, and people with people."""
    from evals.agree import run

    done = run.agree(names or (), marks or (), by.value if by else None)
    if out:
        run.keep(done, out, worst)
    print(done.markdown(worst))
    tell(done.problems)


def drift(
    baseline: Annotated[str, typer.Argument(help="A results folder, or a folder of transcripts.")],
    candidate: Annotated[str, typer.Argument(help="The other one.")],
    out: OutFolder = None,
) -> None:
    """Tell which marks, scores and verdicts changed between two results, and which way."""
    from evals.agree import drift as drifting
    from evals.agree.drift_text import markdown
    from evals.agree.sides import side

    sides = side(baseline), side(candidate)
    found = drifting.drift(*sides)
    if out:
        drifting.keep(found, sides[1], out)
    print(markdown(found))
    tell([problem for each in sides for problem in each.problems])


def tell(problems: "Sequence[Problem]") -> None:
    """What could not be used, on the standard error."""
    for problem in problems[:PRINTED_PROBLEMS]:
        print(problem, file=sys.stderr)
    if (more := len(problems) - PRINTED_PROBLEMS) > 0:
        print(f"... and {more} more; --out keeps them all in failures.jsonl.", file=sys.stderr)
