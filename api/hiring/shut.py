"""Why an invite opens nothing (any more), as its holder is told, with whom to ask.

Only who holds the link, or a cookie that it was swapped for, is told anything.
"""

import sqlalchemy as sa

from api.hiring.tables import devices, invites, screens
from api.identity.tokens import hashed
from knowledge.database import Database, unix_now
from knowledge.errors import VivaError

UNKNOWN = "This link opens nothing here."
WITHOUT_CONTACT = "Ask the people who sent it to you."
REVOKED = "The team has withdrawn this invite. What you sent before is kept; nothing more is taken."
ERASED = "What was kept under this invite was erased."
PAST = "The days in which this link could be opened are over."
TOO_MANY = "This link was opened in so many browsers that it opens in no more."


class Shut(VivaError):
    """The invite opens nothing; `remedy` says whom to ask."""

    exit_status = 2


async def shut_link(database: Database, token: str) -> Shut:
    """Why this link was not swapped for a cookie."""
    return await _told(database, invites.c.hash == hashed(token))


async def shut_cookie(database: Database, cookie: str) -> Shut | None:
    """Why this cookie opens nothing; None where it never was one of ours."""
    held = sa.select(devices.c.invite_id).where(devices.c.hash == hashed(cookie))
    told = await _told(database, invites.c.id.in_(held))
    return None if told.message == UNKNOWN else told


async def _told(database: Database, mine: sa.ColumnElement[bool]) -> Shut:
    past = invites.c.until <= unix_now()
    query = sa.select(invites.c.revoked, invites.c.erased, past.label("past"), screens.c.texts)
    query = query.join(screens, screens.c.id == invites.c.screen_id).where(mine)
    async with database.read() as connection:
        row = (await connection.execute(query)).one_or_none()
    if row is None:
        return Shut(UNKNOWN, f"Use it whole, as it was sent. {WITHOUT_CONTACT}")
    contact = str(row.texts.get("contact") or "").strip()
    ask = f"To ask about it, reach a person: {contact}" if contact else WITHOUT_CONTACT
    if row.erased is not None:
        return Shut(ERASED, ask)
    if row.revoked is not None:
        return Shut(REVOKED, ask)
    return Shut(PAST if row.past else TOO_MANY, ask)
