"""What a workspace has set for itself: one JSON object, changed under a lock and audited."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from api.hiring import audit
from api.hiring.tables import workspaces
from api.identity.caller import Caller
from knowledge.database import Database
from knowledge.errors import BadInput, NotFound

TOLD = frozenset({"retention_days", "legal_hold"})
"""Settings whose new value stands in the audit log, too; of the others only that they changed."""


async def settings_of(connection: AsyncConnection, workspace: str) -> dict[str, Any]:
    """What is set; until this transaction ends nobody else changes it."""
    mine = sa.select(workspaces.c.settings).where(workspaces.c.id == workspace)
    return dict(await connection.scalar(mine.with_for_update()) or {})


async def read_settings(database: Database, workspace: str) -> tuple[str, dict[str, Any]]:
    """Its name, and what is set.

    Raises:
        NotFound: there is no such workspace.
    """
    query = sa.select(workspaces.c.name, workspaces.c.settings)
    async with database.read() as connection:
        row = (await connection.execute(query.where(workspaces.c.id == workspace))).one_or_none()
    if row is None:
        raise NotFound("There is no such workspace.", "Look at its id again.")
    return row.name, dict(row.settings)


async def change_settings(
    database: Database, caller: Caller, new: Mapping[str, Any], *, name: str | None = None
) -> list[str]:
    """Put these in the place of what was set (None removes); the names of those that changed.

    Raises:
        BadInput: the workspace's name cannot be one.
    """
    if name is not None and not 1 <= len(name.strip()) <= 200:
        raise BadInput("A workspace needs a name of 1 to 200 characters.", "Give it one.")
    workspace = caller.workspace or ""
    async with database.write() as connection:
        before = await settings_of(connection, workspace)
        changed = [key for key, value in new.items() if before.get(key) != value]
        values: dict[str, Any] = {
            "settings": {k: v for k, v in {**before, **new}.items() if v is not None}
        }
        mine = workspaces.c.id == workspace
        if name is not None and await _name(connection, workspace) != name.strip():
            values["name"] = name.strip()
            changed.append("name")
        changed.sort()
        if changed:
            await connection.execute(sa.update(workspaces).where(mine).values(**values))
            told = {key: new[key] for key in changed if key in TOLD}
            await audit.record(
                connection, caller, "set", f"workspace:{workspace}", changed=changed, **told
            )
    return changed


async def _name(connection: AsyncConnection, workspace: str) -> str | None:
    name: str | None = await connection.scalar(
        sa.select(workspaces.c.name).where(workspaces.c.id == workspace)
    )
    return name
