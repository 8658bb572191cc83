"""`viva judge`: the whole judgement in one command."""

import sys
from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(judge)


def judge(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="[FOLDER]", help="Transcripts; else those that come with Viva."),
    ] = None,
    marks: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Reference marks as CSV; else marks.csv in the folder."),
    ] = None,
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="Results and the dashboard, index.html.")
    ] = Path("judgement"),
    workers: Annotated[
        int, typer.Option(min=0, max=256, help="Processes of one thread; 0: this one alone.")
    ] = 0,
    quick: Annotated[
        bool, typer.Option("--quick", help="A sample of the transcripts and short suites.")
    ] = False,
) -> None:
    """Judge the interviewer: verify, re-grade, its own rules, agreement, suites, dashboard.

    Exit status 1 where a transcript is not reproduced, or something could not be judged.
    """
    from evals.judge import CORPUS, PAGE, Asked, in_words
    from evals.judge import judge as run

    asked = Asked(folder or CORPUS, out, marks, workers, quick)
    done = run(asked, lambda line: print(line, file=sys.stderr, flush=True))
    print("\n".join(in_words(done)))
    print(f"\nThe dashboard: {out / PAGE}")
    if done.problems:
        raise typer.Exit(1)
