"""Commands about people's data: data, erase, hold, maintain."""

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.opened import opened_database
from knowledge.errors import BadInput

if TYPE_CHECKING:
    from api.hiring.erasing import Erased
    from knowledge.scrubbing import Scrubbed

Whom = Annotated[
    str, typer.Argument(metavar="ID", help="An invite's id, or that of an interview without one.")
]


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(data)
    app.command()(erase)
    app.command()(maintain)


def data(
    whom: Whom,
    file: Annotated[Path, typer.Option("--output", "-o", help="The ZIP to write; a new file.")],
) -> None:
    """Write all that is kept of somebody to a ZIP, for them to have."""
    if file.exists() or not file.parent.is_dir():
        raise BadInput(f"{file} cannot be a new file.", "Name one in a folder that exists.")
    packed = asyncio.run(_data(whom))
    file.touch(0o600)
    file.write_bytes(packed)
    print(f"Wrote {file}: {len(packed):,} bytes. It holds what the person said.")


def erase(
    whom: Whom,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase somebody at once and for good, with each interview they held."""
    if not yes:
        typer.confirm("This cannot be taken back. Erase?", abort=True)
    gone, done = asyncio.run(_erase(whom))
    print(f"Erased {gone.object}: {gone.interviews} interviews, {gone.messages} messages.")
    if done is None:
        print("On Postgres run `viva maintain` in a quiet hour: files keep the bytes until then.")


def maintain() -> None:
    """Take what was erased out of the database's files. Those who write wait meanwhile."""
    done = asyncio.run(_maintain())
    print(f"The database's files were rewritten in {done.seconds:.1f} s.")
    for left in done.left:
        print(left, file=sys.stderr)
    if done.left:
        raise typer.Exit(1)


async def _data(whom: str) -> bytes:
    from api.conduct import Conductor
    from api.hiring.exporting import as_zip, of_interview, of_invite
    from api.service import Service
    from api.settings import Settings
    from api.store import Store
    from api.telemetry import Telemetry
    from knowledge.embedder import open_embedder
    from knowledge.errors import NotFound

    settings = Settings()
    async with opened_database() as database:
        conductor = Conductor(Store(database), open_embedder(settings.embedder))
        service = Service(settings, conductor, Telemetry())
        try:
            return as_zip(await of_invite(service, whom))
        except NotFound:
            return as_zip(await of_interview(service, whom))


async def _erase(whom: str) -> "tuple[Erased, Scrubbed | None]":
    from api.hiring.erasing import OPERATED, Erasing
    from api.hiring.retention import maintain as rewrite
    from knowledge.errors import NotFound

    async with opened_database() as database:
        erasing = Erasing(database)
        try:
            gone = await erasing.invite(OPERATED, whom)
        except NotFound:
            gone = await erasing.interview(OPERATED, whom)
        on_postgres = database.engine.dialect.name == "postgresql"
        return gone, None if on_postgres else await rewrite(database)


async def _maintain() -> "Scrubbed":
    from api.hiring.retention import maintain as rewrite

    async with opened_database() as database:
        return await rewrite(database)
