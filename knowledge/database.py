"""One door to SQL, the same for SQLite on one machine and Postgres on several."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from knowledge.errors import StorageFailed

BUSY_TIMEOUT_MS = 10_000
PRAGMAS = (
    f"busy_timeout={BUSY_TIMEOUT_MS}",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",  # what is deleted is overwritten
)


class unix_now(FunctionElement[float]):
    """The database's clock, in Unix seconds with a fraction; it moves within a transaction."""

    type = sa.Float()
    inherit_cache = True


@compiles(unix_now, "sqlite")
def _sqlite_now(element: unix_now, compiler: Any, **kw: Any) -> str:
    return "((julianday('now') - 2440587.5) * 86400.0)"


@compiles(unix_now, "postgresql")
def _postgres_now(element: unix_now, compiler: Any, **kw: Any) -> str:
    return "extract(epoch from clock_timestamp())"


class Database:
    """An async engine with our pragmas, and transactions whose failures name a remedy."""

    def __init__(self, url: str) -> None:
        self.engine = create_async_engine(url, hide_parameters=True)
        self._alone: asyncio.Lock | nullcontext[None] = nullcontext()
        self._reads: dict[str, Any] = {"viva_reads": True}
        self._outside: dict[str, Any] = {"viva_outside": True}
        if self.engine.dialect.name == "postgresql":
            self._reads["isolation_level"] = "REPEATABLE READ"  # one moment, as SQLite sees it
            self._outside = {"isolation_level": "AUTOCOMMIT"}
        if self.engine.dialect.name == "sqlite":
            sa.event.listen(self.engine.sync_engine, "connect", _prepare_sqlite)
            sa.event.listen(self.engine.sync_engine, "begin", _begin_sqlite)
            self._alone = asyncio.Lock()  # SQLite lets its writers wait in no order

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that only reads, all of it as of one moment; it waits for no writer."""
        with storage_errors():
            async with self.engine.connect() as connection:
                await connection.execution_options(**self._reads)
                async with connection.begin():
                    yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that commits as a whole or not at all."""
        with storage_errors():
            async with self._alone, self.engine.begin() as connection:
                yield connection

    @asynccontextmanager
    async def outside(self) -> AsyncIterator[AsyncConnection]:
        """A connection without a transaction, for what can be done in none; no writer of this
        process works meanwhile on SQLite.
        """
        with storage_errors():
            async with self._alone, self.engine.connect() as connection:
                yield await connection.execution_options(**self._outside)

    async def close(self) -> None:
        """Give every connection back."""
        await self.engine.dispose()


def insert_into(table: sa.Table, connection: AsyncConnection) -> Any:
    """An insert that can say what to do on conflict, which each database spells for itself."""
    from sqlalchemy.dialects import postgresql, sqlite

    spelled: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
    return spelled.insert(table)


@contextmanager
def storage_errors() -> Iterator[None]:
    """Turn a database's refusal into one clear error.

    Raises:
        StorageFailed: the disk is full, read-only or broken, or the database does not answer.
    """
    try:
        yield
    except (OperationalError, DBAPIError) as error:
        if isinstance(error, sa.exc.IntegrityError):
            raise
        reason = str(error.orig).strip().partition("\n")[0]  # what follows may quote a row
        raise StorageFailed(f"The database refused: {reason}.", _remedy(reason)) from error
    except (OSError, sa.exc.TimeoutError) as error:
        raise StorageFailed(f"The database does not answer: {error}.", _remedy("")) from error


def _remedy(reason: str) -> str:
    lowered = reason.lower()
    if "full" in lowered or "disk i/o" in lowered:
        return "Free some disk space and try again; what was committed before is safe."
    if "readonly" in lowered or "read-only" in lowered or "unable to open" in lowered:
        return "Check that the folder VIVA_HOME can be written to."
    if "locked" in lowered:
        return "Another process is writing; try again in a moment."
    if "malformed" in lowered or "not a database" in lowered:
        return "The database file is damaged: restore it from a backup or move it away."
    return "Check that the database is running and reachable, then try again."


def _prepare_sqlite(connection: Any, record: Any) -> None:
    connection.isolation_level = None  # the driver's own transactions would begin too late
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    _write_ahead(cursor)
    cursor.close()


def _write_ahead(cursor: Any) -> None:
    """Of two that open a new file at once SQLite refuses one, whatever its busy time-out."""
    until = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.01)


def _begin_sqlite(connection: sa.Connection) -> None:
    options = connection.get_execution_options()
    if options.get("viva_outside"):
        return
    reads = options.get("viva_reads")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
