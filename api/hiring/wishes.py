"""Wishes of candidates for a person or for another way, which wait until the team has answered."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from api.hiring.tables import invites
from knowledge.database import unix_now

MOST = 20
"""Wishes that are kept of one invite."""
IN_THE_INTERVIEW = "In the interview: to deal with a person, or for other conditions."

WAITS = invites.c.waits.is_not(None) & invites.c.revoked.is_(None) & invites.c.erased.is_(None)
"""Whether the team has still to answer."""


async def add(connection: AsyncConnection, invite: str, text: str) -> None:
    """Keep what somebody asked for, up to `MOST`; they wait for an answer from now on."""
    mine = invites.c.id == invite
    held = sa.select(invites.c.asked, invites.c.waits).where(mine).with_for_update()
    row = (await connection.execute(held)).one_or_none()
    if row is None:
        return
    at = float(await connection.scalar(sa.select(unix_now())) or 0)
    new: dict[str, Any] = {"waits": at if row.waits is None else row.waits}
    if len(row.asked) < MOST:
        new["asked"] = [*row.asked, {"at": at, "text": text}]
    await connection.execute(sa.update(invites).where(mine).values(**new))
