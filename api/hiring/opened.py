"""Whether the candidate of an interview may read the rubric."""

import sqlalchemy as sa

from api.hiring.tables import screens
from api.records import Interview
from knowledge.database import Database


async def is_opened(database: Database, interview: Interview) -> bool:
    """In practice at once; of a screen once it is closed, so that nobody after them profits."""
    if interview.mode == "practice":
        return True
    if interview.screen_id is None:
        return False
    status = sa.select(screens.c.status).where(screens.c.id == interview.screen_id)
    async with database.read() as connection:
        return await connection.scalar(status) == "closed"
