"""A database with the kit that these interviews are held on."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from seats import filled

from knowledge.database import Database


@pytest.fixture
async def kept(tmp_path: Path) -> AsyncIterator[Database]:
    database = await filled(tmp_path)
    yield database
    await database.close()
