"""`viva dashboard`: a results folder as one HTML file."""

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(dashboard)


def dashboard(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="What --out of a command wrote.")],
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The file; else DIR/index.html.")
    ] = None,
) -> None:
    """Draw the results of a replay, agreement, simulation, scorecard, suite or judgement."""
    from evals.dashboard.page import write

    path = out or folder / "index.html"
    write(folder, path)
    print(path)
