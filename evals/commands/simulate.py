"""`viva simulate`: many interviews with simulated candidates."""

import asyncio
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from api.interview_commands import DEFAULT_KIT, ExaminerName, LevelName, ModeName
from api.progress import shown_progress


class CandidateName(StrEnum):
    """Who answers."""

    bank = "bank"
    model = "model"


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(simulate)


def simulate(
    out: Annotated[Path, typer.Option(help="The folder for transcripts and results.")],
    kit: Annotated[str, typer.Option(help="The kit, by name or as a YAML file.")] = DEFAULT_KIT,
    level: Annotated[LevelName, typer.Option(help="The level asked for.")] = LevelName.mid,
    mode: Annotated[ModeName, typer.Option(help="Practice or screen.")] = ModeName.practice,
    personas: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Personas of your own, as YAML.")
    ] = None,
    bank: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Answers of your own, as YAML.")
    ] = None,
    number: Annotated[
        int | None,
        typer.Option("--n", min=1, max=100_000, help="How many; else each persona with its seeds."),
    ] = None,
    at_once: Annotated[int, typer.Option(min=1, max=64, help="How many at a time.")] = 1,
    examiner: Annotated[ExaminerName, typer.Option(help="Who marks.")] = ExaminerName.local,
    candidate: Annotated[
        CandidateName, typer.Option(help="Who answers: scripts, or a language model.")
    ] = CandidateName.bank,
    minutes: Annotated[
        float | None, typer.Option(min=5, max=240, help="How long each may take; else 45.")
    ] = None,
    questions: Annotated[
        int | None, typer.Option(min=1, max=40, help="At most this many core questions.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Same seed: same people and interviews.")] = 0,
) -> None:
    """Hold interviews with simulated candidates, and tell what they came to."""
    from evals.simulate.running import Order, simulate

    order = Order(
        kit=kit,
        level=level.value,
        mode=mode.value,
        minutes=minutes,
        questions=questions,
        personas=personas,
        bank=bank,
        number=number,
        seed=seed,
        examiner=examiner.value,
        candidate=candidate.value,
        at_once=at_once,
    )
    with shown_progress() as progress:
        done = asyncio.run(simulate(order, out, progress))
    print(done.summary)
    print(f"\nWritten to {out}; the transcripts are in {out / 'transcripts'}.")
    if done.failures:
        raise typer.Exit(1)
