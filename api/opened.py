"""The database of the settings in force, for as long as a command needs it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from knowledge.database import Database


@asynccontextmanager
async def opened_database() -> AsyncIterator["Database"]:
    """Opened as `api.settings.open_database` does, and closed at the end."""
    from api.settings import Settings, open_database

    database = await open_database(Settings())
    try:
        yield database
    finally:
        await database.close()
