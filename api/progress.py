"""Progress on standard error, where that is a terminal, or in a file for whoever started us."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from knowledge.vectors import Progress


PROGRESS_FILE = "VIVA_PROGRESS_FILE"
"""The file's name in the environment; it holds what is being done, how far it is, and of how much,
a line each."""


def progress_in(file: Path) -> tuple[str, int, int] | None:
    """What somebody else's work is at; None before it has begun."""
    with suppress(OSError, ValueError):
        what, done, total = file.read_text("utf-8").split("\n")
        return what, int(done), int(total)
    return None


def _written_to(file: Path) -> "Progress":
    def tell(what: str, done: int, total: int) -> None:
        new = file.with_suffix(".new")
        with suppress(OSError):  # the work does not fail for want of somebody who watches
            new.write_text(f"{what}\n{done}\n{total}", "utf-8")
            new.replace(file)

    return tell


@contextmanager
def shown_progress() -> "Iterator[Progress | None]":
    """A callback that tells what is being done, or None where nobody would see it."""
    if file := os.environ.get(PROGRESS_FILE):
        yield _written_to(Path(file))
        return
    if not sys.stderr.isatty():
        yield None
        return
    from rich import progress as bars
    from rich.console import Console

    columns = (
        bars.SpinnerColumn(),
        bars.TextColumn("{task.description}"),
        bars.BarColumn(),
        bars.MofNCompleteColumn(),
        bars.TimeElapsedColumn(),
    )
    with bars.Progress(*columns, console=Console(stderr=True), transient=True) as drawn:
        tasks: dict[str, bars.TaskID] = {}
        tasks["Starting"] = drawn.add_task("Starting", total=None)

        def tell(what: str, done: int, total: int) -> None:
            if what not in tasks:
                drawn.remove_task(tasks.popitem()[1])
                tasks[what] = drawn.add_task(what, total=total)
            drawn.update(tasks[what], completed=done, total=total)

        yield tell
