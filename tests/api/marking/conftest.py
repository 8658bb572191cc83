"""Rooms with interviews that are over, and sets of them to mark."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

sys.path.append(str(Path(__file__).parents[1] / "hiring"))

from marking_desk import Desk, Place, cleared, place_in
from room import furnished


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    """Two interviews of a screen that are over, on SQLite; held once, for holding takes long."""
    async with furnished(tmp_path_factory.mktemp("marking") / "viva") as room:
        yield await place_in(room)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def on_postgres(
    tmp_path_factory: pytest.TempPathFactory, postgres_url: str
) -> AsyncIterator[Place]:
    """The same on Postgres."""
    from test_erasing import _new_database

    url = await _new_database(postgres_url)
    async with furnished(tmp_path_factory.mktemp("marking") / "viva", database_url=url) as room:
        yield await place_in(room)


@pytest_asyncio.fixture(loop_scope="module")
async def desk(on_sqlite: Place) -> Desk:
    """A fresh set of the two, that two people mark; nobody has looked at anything."""
    return await cleared(on_sqlite)


@pytest_asyncio.fixture(loop_scope="module")
async def desk_on_postgres(on_postgres: Place) -> Desk:
    """The same on Postgres."""
    return await cleared(on_postgres)


@pytest.fixture(params=["desk", "desk_on_postgres"])
def either(request: pytest.FixtureRequest) -> Desk:
    """A set on SQLite, and one on Postgres."""
    found: Desk = request.getfixturevalue(request.param)
    return found
