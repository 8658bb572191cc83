"""Bring a database's tables to what this version of Viva expects."""

import logging

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from api.migrations import HEAD
from knowledge.database import Database
from knowledge.errors import BadInput

_ONE_AT_A_TIME = 0x76697661  # "viva", the key of an advisory lock


async def migrate(database: Database) -> None:
    """Upgrade to the newest tables; quick when they are, safe when two processes start at once.

    Raises:
        BadInput: the database was written by a newer version; it is left as it was.
        StorageFailed: it cannot be reached or written.
    """
    async with database.read() as connection:
        if await connection.run_sync(tables_version) == HEAD:
            return
    async with database.write() as connection:
        await _lock(connection)
        await connection.run_sync(_upgrade)


async def _lock(connection: AsyncConnection) -> None:
    if connection.dialect.name == "postgresql":  # SQLite's write transactions are alone anyway
        await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))


def tables_version(connection: sa.Connection) -> str | None:
    """The version of the tables as they stand; None where there are none."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(sa.text("select version_num from alembic_version"))
    return version


def _upgrade(connection: sa.Connection) -> None:
    from alembic import command
    from alembic.config import Config

    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "api:migrations")
    version = tables_version(connection)
    if version is not None and not is_known(version):
        raise BadInput(
            f"A newer version of Viva wrote this database: tables {version}, we know {HEAD}.",
            "Upgrade Viva, or point VIVA_HOME at another folder.",
        )
    command.upgrade(config, HEAD)


def is_known(version: str) -> bool:
    """Whether tables of this version can be brought to the newest."""
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", "api:migrations")
    scripts = ScriptDirectory.from_config(config).walk_revisions()
    return version in {script.revision for script in scripts}
