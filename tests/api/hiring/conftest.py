"""A furnished room for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from room import Room, furnished


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    """Two workspaces on SQLite, with their people."""
    async with furnished(tmp_path / "viva") as made:
        yield made
