"""Whether the candidate of an interview may read the rubric."""

import sqlalchemy as sa

from api.hiring.tables import screens
from api.records import Interview
from api.tables import interviews
from knowledge.database import Database


def in_use() -> sa.ColumnElement[bool]:
    """Of a row of `screens`: it is open, or somebody is still in an interview of it."""
    held = interviews.c.screen_id == screens.c.id
    running = sa.exists().where(held, interviews.c.status != "ended")
    return (screens.c.status == "open") | running


def rubric_open(screen: str) -> sa.Select[tuple[bool]]:
    """Whether a screen is closed, and nobody is in an interview of it any more."""
    mine = (screens.c.id == screen) & (screens.c.status == "closed")
    return sa.select(sa.exists().where(mine, ~in_use()))


async def is_opened(database: Database, interview: Interview) -> bool:
    """In practice at once; of a screen once nobody can profit: it is closed, and all have ended."""
    if interview.mode == "practice":
        return True
    if interview.screen_id is None:
        return False
    async with database.read() as connection:
        return bool(await connection.scalar(rubric_open(interview.screen_id)))
