"""The kits that are kept: every version under its name, one of them current."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.atoms import Frozen, Kit, with_withdrawn
from knowledge.database import Database, insert_into, unix_now
from knowledge.errors import BadInput, NotFound
from knowledge.kit_yaml import parse_kit
from knowledge.tables import current_kits, kits

LONGEST_NAME = 200


class KitSummary(Frozen):
    """A kit in one line; `created` is in Unix seconds."""

    name: str
    version: str
    title: str | None
    counts: dict[str, int]
    created: float


def check_name(name: str) -> None:
    """Refuse a name that cannot be told on a line.

    Raises:
        BadInput: it is blank or only dots, longer than 200 characters, or holds a slash or
            control characters.
    """
    held = name.isprintable() and not set("/\\") & set(name)
    if not name.strip(" .") or len(name) > LONGEST_NAME or not held:
        raise BadInput(f"{name[:40]!r} cannot name a kit.", "Use a short name such as `analyst`.")


class Library:
    """Kits in a database. Nothing is overwritten: saving adds a version and makes it current."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, kit: Kit) -> str:
        """Keep this kit, make it the current one of its name, and return its version.

        Raises:
            BadInput: its name cannot be one.
        """
        check_name(kit.name)
        async with self._database.write() as connection:
            await _keep(connection, kit)
            await _make_current(connection, kit)
        return kit.version

    async def renew(self, kit: Kit) -> Kit:
        """Save this kit as `save` does; what was withdrawn from the one before stays so in it."""
        check_name(kit.name)
        async with self._database.write() as connection:
            before = await _to_replace(connection, kit.name)
            if before is not None:
                kit = with_withdrawn(kit, {a.id: a.withdrawn for a in before.atoms if a.withdrawn})
            await _keep(connection, kit)
            await _make_current(connection, kit)
        return kit

    async def get(self, name: str, version: str | None = None) -> Kit:
        """The current kit of this name, or the version asked for.

        Raises:
            NotFound: there is none; the remedy lists the kits there are.
        """
        query = _current().with_only_columns(kits.c.body).where(kits.c.name == name)
        if version is not None:
            pinned = (kits.c.name == name, kits.c.version == version)
            query = sa.select(kits.c.body).where(*pinned)
        async with self._database.read() as connection:
            body = await connection.scalar(query)
        if body is None:
            wanted = f"`{name}`" if version is None else f"`{name}` at version {version}"
            raise NotFound(f"There is no kit {wanted}.", await self._there_are())
        return Kit.model_validate(body)

    async def summary(self, name: str) -> KitSummary:
        """The current kit of this name in one line.

        Raises:
            NotFound: there is none; the remedy lists the kits there are.
        """
        async with self._database.read() as connection:
            row = (await connection.execute(_current().where(kits.c.name == name))).one_or_none()
        if row is None:
            raise NotFound(f"There is no kit `{name}`.", await self._there_are())
        return _summary(row)

    async def list(self) -> list[KitSummary]:
        """The current kits by name."""
        async with self._database.read() as connection:
            rows = (await connection.execute(_current().order_by(kits.c.name))).all()
        return [_summary(row) for row in rows]

    async def ensure_shipped(self) -> None:
        """Keep the kits that come with Viva; a kit of one's own of that name stays current."""
        for file in files("knowledge").joinpath("kits").iterdir():
            if file.name.endswith(".yaml"):
                content = file.read_bytes()
                digest = hashlib.sha256(content).hexdigest()
                if not await self._has_shipped(digest):
                    kit = parse_kit(content.decode(), file.name)
                    await self._save_shipped(kit, digest)

    async def _has_shipped(self, digest: str) -> bool:
        query = sa.select(sa.exists().where(kits.c.shipped == digest))
        async with self._database.read() as connection:
            return bool(await connection.scalar(query))

    async def _save_shipped(self, kit: Kit, digest: str) -> None:
        current = _current().with_only_columns(kits.c.version, kits.c.shipped)
        async with self._database.write() as connection:
            await _hold(connection, kit.name)
            row = (await connection.execute(current.where(kits.c.name == kit.name))).first()
            await _keep(connection, kit, shipped=digest)
            if row is None or row.shipped is not None:
                await _make_current(connection, kit)

    async def _there_are(self) -> str:
        async with self._database.read() as connection:
            names = (await connection.scalars(sa.select(current_kits.c.name))).all()
        if not names:
            return "There are no kits yet: make one with `viva ingest PATH --name NAME`."
        return f"There are: {', '.join(sorted(names))}."


async def withdraw(connection: AsyncConnection, name: str, atoms: Mapping[str, str]) -> None:
    """Make a version of the current kit without these atoms (with their reasons), as part of this
    transaction. What the kit does not hold any more is passed over.
    """
    before = await _to_replace(connection, name)
    if before is not None and (kit := with_withdrawn(before, atoms)) != before:
        await _keep(connection, kit)
        await _make_current(connection, kit)


async def _to_replace(connection: AsyncConnection, name: str) -> Kit | None:
    """The current kit; until the transaction ends nobody else makes another one current."""
    await _hold(connection, name)
    body = await connection.scalar(
        _current().with_only_columns(kits.c.body).where(kits.c.name == name)
    )
    return None if body is None else Kit.model_validate(body)


async def _hold(connection: AsyncConnection, name: str) -> None:
    """Read only after it: a join that itself waits for the lock finds no row on Postgres."""
    mine = sa.select(current_kits.c.name).where(current_kits.c.name == name)
    await connection.execute(mine.with_for_update())


def _current() -> sa.Select[Any]:
    same = sa.and_(kits.c.name == current_kits.c.name, kits.c.version == current_kits.c.version)
    return sa.select(kits).join(current_kits, same)


async def _keep(connection: AsyncConnection, kit: Kit, shipped: str | None = None) -> None:
    row = {"name": kit.name, "version": kit.version, "body": kit.model_dump(mode="json")}
    new = insert_into(kits, connection).values(**row, shipped=shipped, created=unix_now())
    again = {"shipped": sa.func.coalesce(new.excluded.shipped, kits.c.shipped)}
    await connection.execute(new.on_conflict_do_update(index_elements=kits.primary_key, set_=again))


async def _make_current(connection: AsyncConnection, kit: Kit) -> None:
    new = insert_into(current_kits, connection).values(name=kit.name, version=kit.version)
    key = current_kits.primary_key
    await connection.execute(
        new.on_conflict_do_update(index_elements=key, set_={"version": kit.version})
    )


def _summary(row: sa.Row[Any]) -> KitSummary:
    counts = Counter(atom["kind"] for atom in row.body["atoms"])
    return KitSummary(
        name=row.name,
        version=row.version,
        title=row.body["title"],
        counts=dict(counts.most_common()),
        created=row.created,
    )
