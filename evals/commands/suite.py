"""`viva suite`: invariance, attacks and leakage, on any examiner, model and kit."""

import asyncio
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from api.interview_commands import ExaminerName
from api.progress import shown_progress


class SuiteName(StrEnum):
    """Whether manner moves scores; whether attacks earn marks; whether hidden words are said."""

    invariance = "invariance"
    attacks = "attacks"
    leakage = "leakage"


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(suite)


def suite(
    name: Annotated[SuiteName, typer.Argument(metavar="invariance|attacks|leakage")],
    kit: Annotated[
        str | None,
        typer.Option(help="A kit, by name or as a YAML file; else our own and shipped questions."),
    ] = None,
    examiner: Annotated[ExaminerName, typer.Option(help="Who marks.")] = ExaminerName.local,
    most: Annotated[
        int | None,
        typer.Option(min=2, help="At most this many gradings, or attempts at what is hidden."),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="What is drawn where not all is tried.")] = 0,
    out: Annotated[Path | None, typer.Option(help="A folder for the outcome.")] = None,
) -> None:
    """Try an examiner on a kit; exit status 1 where an aim is missed."""
    from evals.suites.running import Order, run

    order = Order(
        suite=name.value,
        kit=kit,
        examiner=examiner.value,
        most=most,
        seed=seed,
    )
    with shown_progress() as progress:
        outcome = asyncio.run(run(order, out, progress))
    print(outcome.text)
    if not outcome.passed:
        raise typer.Exit(1)
