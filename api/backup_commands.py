"""`viva backup`: a copy of the database, taken while interviews go on."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from knowledge.errors import BadInput, NotFound, StorageFailed


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(backup)


def backup(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="Where the copy goes; a new file.")],
) -> None:
    """Copy the database to a file: everything committed, nothing half done, nobody waits.

    To restore, put the copy in the place of `viva.db` in VIVA_HOME while no Viva runs.
    """
    from api.settings import Settings, database_url

    copy_database(_file_of(database_url(Settings())), path)
    print(f"Backed up to {path}: {path.stat().st_size:,} bytes. It holds what candidates said.")


def copy_database(source: Path, target: Path) -> None:
    """Copy a live SQLite database as of one moment, readable by its owner alone.

    The target appears under its name once it is whole, checked and on the disk.

    Raises:
        BadInput: the target is there already, or its folder is not.
        NotFound: there is no database yet.
        StorageFailed: it cannot be read, the copy cannot be written, or the copy is damaged.
    """
    if not source.is_file():
        raise NotFound(f"There is no database at {source}.", "Set VIVA_HOME to where it is.")
    if target.exists() or not target.parent.is_dir():
        why = "is there already" if target.exists() else "is in a folder that is not there"
        raise BadInput(f"{target} {why}.", "Name a new file in a folder that exists.")
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        os.close(os.open(part, os.O_CREAT | os.O_EXCL, 0o600))
        _copy(source, part)
        part.rename(target)
    except (sqlite3.Error, OSError) as error:
        remedy = "Check the disk's space and the folder's rights; the database is as it was."
        raise StorageFailed(f"No backup was made: {error}.", remedy) from error
    finally:
        part.unlink(missing_ok=True)


def _copy(source: Path, part: Path) -> None:
    origin = f"{source.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(origin, uri=True)) as live, closing(sqlite3.connect(part)) as copy:
        live.backup(copy)  # all pages in one step: readers hold up no writer in WAL mode
        copy.execute("PRAGMA journal_mode=DELETE")  # so that the copy is this one file
        verdict = copy.execute("PRAGMA integrity_check").fetchone()[0]
    if verdict != "ok":
        raise sqlite3.DatabaseError(f"the copy is damaged ({verdict})")
    with part.open("rb") as file:
        os.fsync(file.fileno())


def _file_of(url: str) -> Path:
    """The file a database address names.

    Raises:
        BadInput: it names no file.
    """
    import sqlalchemy as sa

    parts = sa.make_url(url)
    if parts.get_backend_name() != "sqlite":
        line = 'pg_dump --format=custom --file=viva.dump "postgresql://USER@HOST/DATABASE"'
        raise BadInput(
            "This database is Postgres, which has a backup command of its own.",
            f"Run: {line} (docs/deployment.md says how to restore it).",
        )
    if not parts.database or parts.database == ":memory:":
        raise BadInput("This database is no file.", "Point VIVA_DATABASE_URL at one.")
    return Path(parts.database)
