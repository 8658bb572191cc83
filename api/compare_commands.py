"""The command that puts candidates of one screen side by side."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from api.interview_commands import print_markdown
from api.opened import opened_database

if TYPE_CHECKING:
    from agent.report.argument import Comparison


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(compare)


def compare(
    interviews: Annotated[list[str], typer.Argument(help="The interviews' ids, two or more.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Compare candidates of one screen; no order where their answers do not support one."""
    made = asyncio.run(_compared(interviews))
    if as_json:
        print(made.model_dump_json(indent=2))
        return
    from agent.report.markdown_argument import comparison_as_markdown

    print_markdown(comparison_as_markdown(made))


async def _compared(interviews: list[str]) -> "Comparison":
    from agent.syllabus import Syllabus
    from api.beside import compared
    from api.store import Store
    from knowledge.library import Library

    async with opened_database() as database:
        library = Library(database)

        async def syllabus(kit: str, version: str) -> Syllabus:
            return Syllabus(await library.get(kit, version))

        return await compared(Store(database), interviews, syllabus)
