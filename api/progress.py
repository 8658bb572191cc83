"""Progress on standard error, on a terminal only."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from knowledge.vectors import Progress


@contextmanager
def shown_progress() -> "Iterator[Progress | None]":
    """A callback that draws what is being done, or None where nobody would see it."""
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
