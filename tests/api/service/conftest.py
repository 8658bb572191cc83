"""The application behind real sockets, on both databases where these matter."""

import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from inspect import iscoroutinefunction
from pathlib import Path

import pytest
import pytest_asyncio
import sqlalchemy as sa
from replicas import Replica, serving, with_kit

from api.settings import Settings
from knowledge.database import Database


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One event loop for all of this folder, so that a server can outlive a test."""
    for item in items:
        mine = Path(__file__).parent in item.path.parents
        if mine and iscoroutinefunction(getattr(item, "function", None)):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@contextmanager
def _bare() -> Iterator[None]:
    """An environment without settings of ours, for what is made before `home` sees to it."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("SECRET", "ORIGIN", "MODEL", "BASE_URL", "DATABASE_URL"):
            patch.delenv(f"VIVA_{name}", raising=False)
        yield


@pytest_asyncio.fixture(scope="session", loop_scope="session", params=["sqlite", "postgres"])
async def database_settings(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    """A database with the small kit: a SQLite file, then one on Postgres."""
    home = tmp_path_factory.mktemp("service")
    url = f"sqlite+aiosqlite:///{home / 'viva.db'}"
    if request.param == "postgres":
        url = await _new_database(request.getfixturevalue("postgres_url"))
    with _bare():
        return await with_kit(Settings(home=home, database_url=url, embedder="light"))


async def _new_database(pattern: str) -> str:
    name = f"t{uuid.uuid4().hex}"
    server = Database(pattern.format("postgres"))
    async with server.engine.connect() as connection:
        alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await alone.execute(sa.text(f"create database {name}"))
    await server.close()
    return pattern.format(name)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def served(database_settings: Settings) -> AsyncIterator[Replica]:
    """A replica that many tests share, each with interviews of its own."""
    async with serving(database_settings) as replica:
        yield replica


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def second(database_settings: Settings, served: Replica) -> AsyncIterator[Replica]:
    """Another replica on the same database."""
    async with serving(database_settings) as replica:
        yield replica


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A SQLite file with the small kit."""
    home = tmp_path_factory.mktemp("alone")
    url = f"sqlite+aiosqlite:///{home / 'viva.db'}"
    with _bare():
        return await with_kit(Settings(home=home, database_url=url, embedder="light"))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def alone(sqlite: Settings) -> AsyncIterator[Replica]:
    """One replica on SQLite, for what no database has a say in."""
    async with serving(sqlite) as replica:
        yield replica
