import asyncio
import logging
import subprocess
import sys

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from api.migrate import migrate
from api.migrations import HEAD
from api.tables import interviews
from knowledge.database import Database
from knowledge.errors import BadInput

MIGRATE = """
import asyncio, sys
from api.migrate import migrate
from knowledge.database import Database

async def main():
    database = Database(sys.argv[1])
    sys.stdin.readline()
    await migrate(database)
    await database.close()

asyncio.run(main())
"""


async def test_the_tables_and_the_migrations_agree(sql: Database) -> None:
    def differences(connection: sa.Connection) -> list[object]:
        context = MigrationContext.configure(connection)
        return list(compare_metadata(context, interviews.metadata))

    async with sql.read() as connection:
        assert await connection.run_sync(differences) == []


def test_the_newest_migration_is_the_one_we_ask_for() -> None:
    config = Config()
    config.set_main_option("script_location", "api:migrations")
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


async def test_a_second_migration_does_not_even_import_alembic(
    sql: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "alembic", None)  # importing it raises ImportError
    await migrate(sql)
    assert sys.modules["alembic"] is None


async def test_migrating_says_nothing(
    empty_url: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO)
    database = Database(empty_url)
    await migrate(database)
    await database.close()
    assert caplog.records == []
    assert capfd.readouterr() == ("", "")


async def test_two_migrations_at_once_both_succeed(empty_url: str) -> None:
    databases = [Database(empty_url) for _ in range(4)]
    async with asyncio.timeout(30), asyncio.TaskGroup() as together:
        for database in databases:
            together.create_task(migrate(database))
    async with databases[0].read() as connection:
        rows = await connection.scalars(sa.text("select version_num from alembic_version"))
        assert rows.all() == [HEAD]
    for database in databases:
        await database.close()


def test_two_processes_may_start_at_once(empty_url: str) -> None:
    command = [sys.executable, "-W", "error", "-c", MIGRATE, empty_url]
    starting = [subprocess.Popen(command, stdin=subprocess.PIPE) for _ in range(2)]
    for process in starting:
        process.communicate(b"go\n")
    assert [process.returncode for process in starting] == [0, 0]


async def test_a_database_of_a_newer_version_is_refused_with_a_remedy(sql: Database) -> None:
    async with sql.write() as connection:
        await connection.execute(sa.text("update alembic_version set version_num = '9999'"))
    with pytest.raises(BadInput, match="newer version") as refused:
        await migrate(sql)
    assert "Upgrade Viva" in refused.value.remedy
