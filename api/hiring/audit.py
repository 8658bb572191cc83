"""What was done, by whom, to what: only added to, each line chained to the one before.

A line holds ids and our own words, never a name or what somebody wrote, so that it may outlive
what it tells of.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from api.hiring.tables import audit
from api.identity.caller import Caller
from knowledge.database import Database, unix_now

FIRST = "0" * 64
_ONE_AT_A_TIME = 0x61756469  # "audi", the key of an advisory lock


@dataclass(frozen=True)
class Line:
    """One line of the log; `at` is in Unix seconds."""

    seq: int
    at: float
    actor: str
    action: str
    object: str
    detail: dict[str, Any]


async def record(
    connection: AsyncConnection,
    caller: Caller,
    action: str,
    object_: str,
    **detail: Any,
) -> None:
    """Add a line, as part of this transaction. `object_` is `kind:id`; the action a verb."""
    await record_in(connection, caller.workspace or "", caller.id, action, object_, **detail)


async def record_in(
    connection: AsyncConnection,
    workspace: str,
    actor: str,
    action: str,
    object_: str,
    **detail: Any,
) -> None:
    """The same for what nobody's request did, such as retention."""
    if connection.dialect.name == "postgresql":  # SQLite's write transactions are alone anyway
        await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
    newest = sa.select(audit.c.hash).order_by(audit.c.seq.desc()).limit(1)
    before = await connection.scalar(newest) or FIRST
    at = round(float(await connection.scalar(sa.select(unix_now())) or 0), 3)
    row = {
        "workspace_id": workspace,
        "at": at,
        "actor": actor,
        "action": action,
        "object": object_,
        "detail": detail,
    }
    chained = _chained(row, before)
    await connection.execute(sa.insert(audit).values(**row, before=before, hash=chained))


async def lines(
    database: Database,
    workspace: str,
    *,
    before: int | None = None,
    most: int | None = 100,
    actor: str = "",
    action: str = "",
    object_: str = "",
) -> list[Line]:
    """Lines of a workspace, newest first; those before a number, if asked.

    `object_` is `kind:id`, or the id alone; an empty filter lets everything through.
    """
    mine = audit.c.workspace_id == workspace
    for column, wanted in ((audit.c.actor, actor), (audit.c.action, action)):
        mine &= column == wanted if wanted else sa.true()
    if object_:
        mine &= (audit.c.object == object_) | audit.c.object.endswith(
            f":{object_}", autoescape=True
        )
    if before is not None:
        mine &= audit.c.seq < before
    columns = (audit.c[name] for name in Line.__dataclass_fields__)
    query = sa.select(*columns).where(mine).order_by(audit.c.seq.desc()).limit(most)
    async with database.read() as connection:
        return [Line(**row) for row in (await connection.execute(query)).mappings()]


async def names(database: Database, workspace: str) -> tuple[list[str], list[str]]:
    """The actors and the actions that stand in a workspace's lines, in order."""
    mine = audit.c.workspace_id == workspace
    async with database.read() as connection:
        found = [
            list(
                await connection.scalars(sa.select(column).where(mine).distinct().order_by(column))
            )
            for column in (audit.c.actor, audit.c.action)
        ]
    return found[0], found[1]


async def newest(database: Database) -> tuple[int, str]:
    """The number and the hash of the last line of all; whoever notes them elsewhere can later
    tell whether lines were taken off the end."""
    query = sa.select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)
    async with database.read() as connection:
        row = (await connection.execute(query)).one_or_none()
    return (0, FIRST) if row is None else (row.seq, row.hash)


async def first_broken(database: Database) -> int | None:
    """The number of the first line that is not as it was written; None where all are."""
    before = FIRST
    async with database.read() as connection:
        rows = await connection.stream(sa.select(audit).order_by(audit.c.seq))
        async for row in rows.mappings():
            kept = {
                name: row[name]
                for name in ("workspace_id", "at", "actor", "action", "object", "detail")
            }
            if row["before"] != before or row["hash"] != _chained(kept, before):
                return int(row["seq"])
            before = row["hash"]
    return None


def _chained(row: dict[str, Any], before: str) -> str:
    text = json.dumps([before, row], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
