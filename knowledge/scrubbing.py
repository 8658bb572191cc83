"""Taking what was deleted out of a database's files, where it stays until then.

A deleted row leaves its bytes behind: in gaps of pages, in SQLite's write-ahead log, in Postgres'
dead rows and in the samples that its planner keeps of each column.
"""

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.database import Database
from knowledge.errors import StorageFailed

PATIENCE = 30.0
"""Seconds to wait for those who hold what must be rewritten."""

BY_OWNER = (
    'ALTER DATABASE "{database}" OWNER TO THIS_USER, or run `viva maintain` as the owner of the '
    "database: the planner's samples of the columns were not rewritten."
)
BY_ADMIN = "A role with pg_checkpoint must run CHECKPOINT: old files go with the next one."


@dataclass(frozen=True)
class Scrubbed:
    """What was done, in `seconds`; `left` says what could not be, and what to do about it."""

    seconds: float
    left: tuple[str, ...] = ()


async def scrub(database: Database, tables: Iterable[sa.Table]) -> Scrubbed:
    """Rewrite the files of these tables without what was deleted; on SQLite the whole file.

    Those who write wait meanwhile, on Postgres table by table. Postgres' write-ahead log and all
    backups stay as they are.

    Raises:
        StorageFailed: others held the database for too long, or there is no room for a copy.
    """
    began = time.monotonic()
    async with database.outside() as connection:
        if connection.dialect.name == "postgresql":
            left = await _rewrite(connection, tables)
        else:
            left = await _vacuum(connection)
    return Scrubbed(time.monotonic() - began, tuple(left))


async def _vacuum(connection: AsyncConnection) -> list[str]:
    await connection.exec_driver_sql("VACUUM")
    until = time.monotonic() + PATIENCE
    while not await _emptied(connection):
        if time.monotonic() > until:
            raise StorageFailed(
                "Somebody reads from the database, so that its log cannot be emptied.",
                "End what reads from it, such as a backup, and run `viva maintain` again.",
            )
        await asyncio.sleep(0.05)
    return []


async def _emptied(connection: AsyncConnection) -> bool:
    """Whether the write-ahead log is now in the file and of no length; a reader prevents it."""
    row = (await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")).one()
    return bool(row[0] == 0)


async def _rewrite(connection: AsyncConnection, tables: Iterable[sa.Table]) -> list[str]:
    await connection.exec_driver_sql(f"SET lock_timeout = '{PATIENCE:g}s'")
    for table in tables:
        await connection.exec_driver_sql(f'VACUUM (FULL, ANALYZE) "{table.name}"')
    left = []
    owns = "pg_has_role(current_user, datdba, 'USAGE') AS owns"
    query = f"SELECT {owns}, datname FROM pg_database WHERE datname = current_database()"
    found = (await connection.exec_driver_sql(query)).mappings().one()
    if found["owns"]:  # otherwise Postgres would pass it over with no more than a warning
        await connection.exec_driver_sql("VACUUM (FULL) pg_catalog.pg_statistic")
    else:
        left.append(BY_OWNER.format(database=found["datname"]))
    can = "pg_has_role(current_user, 'pg_checkpoint', 'USAGE')"
    if await connection.scalar(sa.text(f"SELECT {can}")):
        await connection.exec_driver_sql("CHECKPOINT")
    else:
        left.append(BY_ADMIN)
    await connection.exec_driver_sql("RESET lock_timeout")
    return left
