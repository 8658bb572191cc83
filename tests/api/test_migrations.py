import asyncio
import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from api.hiring.screens import Screens
from api.hiring.tables import LOCAL
from api.migrate import migrate
from api.migrations import HEAD
from api.store import Store
from api.tables import interviews
from knowledge.database import Database
from knowledge.errors import BadInput
from knowledge.kit_yaml import parse_kit
from knowledge.library import Library

SMALL = Path(__file__).parent / "service" / "small.yaml"
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


async def test_what_the_version_before_workspaces_kept_is_this_machines(empty_url: str) -> None:
    database = Database(empty_url)
    async with database.write() as connection:
        await connection.run_sync(_before_workspaces)
        for statement, row in _kept_before():
            await connection.execute(sa.text(statement), row)
    await migrate(database)
    kits = await Library(database, LOCAL).list()
    assert {(kit.name, kit.version) for kit in kits} == {("mine", "v2"), ("shipped", "v1")}
    assert [kit.name for kit in await Library(database, "another").list()] == ["shipped"]
    assert (await Library(database, LOCAL).get("mine", "v1")).name == "mine"
    stored = await Store(database).load("interview1")
    assert (stored.workspace_id, stored.screen_id, stored.status) == (LOCAL, None, "running")
    assert await Screens(database).of(LOCAL) == []
    async with database.read() as connection:
        row = (await connection.execute(sa.text("select * from calibrations"))).mappings().one()
    assert (row["workspace_id"], row["kit"], row["difficulty"]) == (LOCAL, "mine", 1.5)
    await database.close()


def _before_workspaces(connection: sa.Connection) -> None:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "api:migrations")
    command.upgrade(config, "0005")


def _kept_before() -> list[tuple[str, dict[str, object]]]:
    """A kit that came with Viva, one of two versions that did not, an interview, a calibration."""
    body = parse_kit(SMALL.read_text(), "small.yaml").model_dump(mode="json")
    kit = "insert into kits (name, version, created, body, shipped) values (:n, :v, 1, :b, :s)"
    kits = (("shipped", "v1", "0" * 64), ("mine", "v1", None), ("mine", "v2", None))
    made: list[tuple[str, dict[str, object]]] = [
        (kit, {"n": name, "v": version, "b": json.dumps(body | {"name": name}), "s": shipped})
        for name, version, shipped in kits
    ]
    for name, version in (("shipped", "v1"), ("mine", "v2")):
        current = "insert into current_kits (name, version) values (:n, :v)"
        made.append((current, {"n": name, "v": version}))
    calibrated = (
        "insert into calibrations (kit, question, kit_version, author, difficulty, error, answers,"
        " made) values ('mine', 'question-1', 'v1', 1, 1.5, .3, 40, 1)"
    )
    held = (
        "insert into interviews (id, kit, kit_version, level, mode, examiner, seed, options,"
        " status, question, state_version, created, updated) values ('interview1', 'mine', 'v1',"
        " 'mid', 'screen', 'local', 0, :options, 'running', 0, 0, 1, 1)"
    )
    return [*made, (calibrated, {}), (held, {"options": '{"minutes": 15}'})]
