"""The kits that are kept: every version under its name, one of them current."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.resources import files
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.atoms import Frozen, Kit, with_withdrawn
from knowledge.database import Database, insert_into, unix_now
from knowledge.errors import BadInput, NotFound
from knowledge.kit_yaml import parse_kit
from knowledge.proposals import carried
from knowledge.tables import current_kits, kits, shelved_kits

LONGEST_NAME = 200

SHARED = ""
"""The shelf of the kits that come with Viva, which every other shelf shows too."""

OWN = "local"
"""The shelf of whoever has the machine."""


class KitSummary(Frozen):
    """A kit in one line; `created` is in Unix seconds."""

    name: str
    version: str
    title: str | None
    counts: dict[str, int]
    created: float


class Shelved(Frozen):
    """A version that was once current on a shelf; `at` is in Unix seconds, `by` a person's name."""

    version: str
    at: float
    by: str
    shared: bool


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
    """Kits on one shelf of a database, and those of all where it has none of the name.

    Nothing is overwritten: saving adds a version and makes it current on this shelf.
    """

    def __init__(self, database: Database, shelf: str = OWN) -> None:
        self._database = database
        self._shelf = shelf

    async def save(self, kit: Kit) -> str:
        """Keep this kit, make it the current one of its name, and return its version.

        Raises:
            BadInput: its name cannot be one.
        """
        check_name(kit.name)
        async with self._database.write() as connection:
            await _keep(connection, kit)
            await _make_current(connection, kit, self._shelf)
        return kit.version

    async def keep(self, kit: Kit) -> None:
        """Keep this version for interviews that were held on it; what is current stays so.

        Raises:
            BadInput: its name cannot be one.
        """
        check_name(kit.name)
        async with self._database.write() as connection:
            await _keep(connection, kit)

    async def renew(self, kit: Kit) -> Kit:
        """Save this kit as `save` does. What was withdrawn from the one before stays so in it, and
        what was proposed, accepted or rejected comes along.
        """
        check_name(kit.name)
        async with self._database.write() as connection:
            before = await _to_replace(connection, kit.name, self._shelf)
            if before is not None:
                kit = carried(before, kit)
                kit = with_withdrawn(kit, {a.id: a.withdrawn for a in before.atoms if a.withdrawn})
            await _keep(connection, kit)
            await _make_current(connection, kit, self._shelf)
        return kit

    async def get(self, name: str, version: str | None = None) -> Kit:
        """The current kit of this name, or the version asked for.

        Raises:
            NotFound: there is none; the remedy lists the kits there are.
        """
        query = _current(self._shelf).where(kits.c.name == name).limit(1)
        if version is not None:
            query = sa.select(kits).where(kits.c.name == name, kits.c.version == version)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).first()
        if row is None:
            wanted = f"`{name}`" if version is None else f"`{name}` at version {version}"
            raise NotFound(f"There is no kit {wanted}.", await self._there_are())
        kit = Kit.model_validate(row.body)
        kit.__dict__["version"] = row.version  # it stays, though a reason in it was erased since
        return kit

    async def summary(self, name: str) -> KitSummary:
        """The current kit of this name in one line.

        Raises:
            NotFound: there is none; the remedy lists the kits there are.
        """
        async with self._database.read() as connection:
            row = (
                await connection.execute(_current(self._shelf).where(kits.c.name == name))
            ).first()
        if row is None:
            raise NotFound(f"There is no kit `{name}`.", await self._there_are())
        return _summary(row)

    async def list(self) -> list[KitSummary]:
        """The current kits by name."""
        query = _current(self._shelf).order_by(None).order_by(kits.c.name, _shared_last())
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        first = {row.name: row for row in reversed(rows)}
        return [_summary(first[name]) for name in sorted(first)]

    async def own(self) -> set[str]:
        """The names of the kits that are this shelf's own, and not everybody's."""
        mine = current_kits.c.shelf == self._shelf
        async with self._database.read() as connection:
            return set(await connection.scalars(sa.select(current_kits.c.name).where(mine)))

    async def versions(self, name: str) -> Sequence[Shelved]:
        """The versions that this shelf has or had under a name, newest first."""
        mine = (shelved_kits.c.name == name) & shelved_kits.c.shelf.in_((self._shelf, SHARED))
        query = sa.select(shelved_kits).where(mine).order_by(shelved_kits.c.at.desc())
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        first = {row.version: row for row in reversed(rows)}
        return [
            Shelved(version=row.version, at=row.at, by=row.by, shared=row.shelf == SHARED)
            for row in rows
            if first[row.version] is row
        ]

    async def everywhere(self) -> Sequence[KitSummary]:
        """The current kits of every shelf, each version once."""
        async with self._database.read() as connection:
            rows = (await connection.execute(_current(None))).all()
        return [_summary(row) for row in {row.version: row for row in rows}.values()]

    async def ensure_shipped(self) -> None:
        """Keep the kits that come with Viva; a kit of one's own of that name stays current."""
        there = files("knowledge").joinpath("kits").iterdir()
        contents = {f.name: f.read_bytes() for f in there if f.name.endswith(".yaml")}
        for name, content in contents.items():
            digest = _digest(content, contents.values())
            if not await self._has_shipped(digest):
                await self._save_shipped(parse_kit(content.decode(), name), digest)

    async def _has_shipped(self, digest: str) -> bool:
        shown = current_kits.c.shelf == SHARED
        query = _current(None).where(shown, kits.c.shipped == digest)
        async with self._database.read() as connection:
            return (await connection.execute(query.limit(1))).first() is not None

    async def _save_shipped(self, kit: Kit, digest: str) -> None:
        async with self._database.write() as connection:
            await _keep(connection, kit, shipped=digest)
            await _make_current(connection, kit, SHARED)

    async def _there_are(self) -> str:
        shown = current_kits.c.shelf.in_((self._shelf, SHARED))
        async with self._database.read() as connection:
            names = set(await connection.scalars(sa.select(current_kits.c.name).where(shown)))
        if not names:
            return "There are no kits yet: make one with `viva ingest PATH --name NAME`."
        return f"There are: {', '.join(sorted(names))}."


def shipped_kits() -> list[Kit]:
    """The kits that come with Viva, as their files hold them."""
    there = sorted(files("knowledge").joinpath("kits").iterdir(), key=lambda file: file.name)
    return [parse_kit(f.read_text("utf-8"), f.name) for f in there if f.name.endswith(".yaml")]


def _digest(content: bytes, beside: Iterable[bytes]) -> str:
    """Of a shipped kit; one that merges others is another one when any of them is."""
    merges = re.search(rb"^merge:", content, re.M)
    return hashlib.sha256(b"".join([content, *(sorted(beside) if merges else ())])).hexdigest()


async def revise(
    connection: AsyncConnection, name: str, shelf: str, edit: Callable[[Kit], Kit], by: str = ""
) -> Kit:
    """Make what `edit` makes of the current kit the current one, as part of this transaction.

    A kit of all becomes the shelf's own with it. Meanwhile nobody else can make one current, so
    what `edit` sees is what it replaces; whatever it raises leaves everything as it was.

    Raises:
        NotFound: there is no such kit.
    """
    before = await _to_replace(connection, name, shelf)
    if before is None:
        raise NotFound(f"There is no kit `{name}`.", "Look at the list of kits.")
    if (kit := edit(before)) != before:
        await _keep(connection, kit)
        await _make_current(connection, kit, shelf, by)
    return kit


async def withdraw(
    connection: AsyncConnection, name: str, atoms: Mapping[str, str], shelf: str = OWN
) -> None:
    """Make a version of the current kit without these atoms (with their reasons), as part of this
    transaction. What the kit does not hold any more is passed over.
    """
    before = await _to_replace(connection, name, shelf)
    if before is not None and (kit := with_withdrawn(before, atoms)) != before:
        await _keep(connection, kit)
        await _make_current(connection, kit, shelf)


async def _to_replace(connection: AsyncConnection, name: str, shelf: str) -> Kit | None:
    """The current kit; until the transaction ends nobody else makes another one current."""
    await _hold(connection, name, shelf)
    query = _current(shelf).with_only_columns(kits.c.body).where(kits.c.name == name)
    body = await connection.scalar(query.limit(1))
    return None if body is None else Kit.model_validate(body)


async def _hold(connection: AsyncConnection, name: str, shelf: str) -> None:
    """Read only after it: a join that itself waits for the lock finds no row on Postgres."""
    mine = (current_kits.c.name == name) & current_kits.c.shelf.in_((shelf, SHARED))
    await connection.execute(sa.select(current_kits.c.name).where(mine).with_for_update())


def _current(shelf: str | None) -> sa.Select[Any]:
    """The kits of a shelf and of all, one's own of a name before that of all; None: everybody's."""
    same = sa.and_(kits.c.name == current_kits.c.name, kits.c.version == current_kits.c.version)
    query = sa.select(kits).join(current_kits, same)
    if shelf is None:
        return query
    return query.where(current_kits.c.shelf.in_((shelf, SHARED))).order_by(_shared_last())


def _shared_last() -> sa.ColumnElement[bool]:
    return current_kits.c.shelf == SHARED


async def _keep(connection: AsyncConnection, kit: Kit, shipped: str | None = None) -> None:
    row = {"name": kit.name, "version": kit.version, "body": kit.model_dump(mode="json")}
    new = insert_into(kits, connection).values(**row, shipped=shipped, created=unix_now())
    again = {"shipped": sa.func.coalesce(new.excluded.shipped, kits.c.shipped)}
    await connection.execute(new.on_conflict_do_update(index_elements=kits.primary_key, set_=again))


async def _make_current(connection: AsyncConnection, kit: Kit, shelf: str, by: str = "") -> None:
    row = {"shelf": shelf, "name": kit.name, "version": kit.version}
    new = insert_into(current_kits, connection).values(**row)
    key = current_kits.primary_key
    await connection.execute(
        new.on_conflict_do_update(index_elements=key, set_={"version": kit.version})
    )
    made = {"at": unix_now(), "by": by}
    was = insert_into(shelved_kits, connection).values(**row, **made)
    key = shelved_kits.primary_key
    await connection.execute(was.on_conflict_do_update(index_elements=key, set_=made))


def _summary(row: sa.Row[Any]) -> KitSummary:
    counts = Counter(atom["kind"] for atom in row.body["atoms"])
    return KitSummary(
        name=row.name,
        version=row.version,
        title=row.body["title"],
        counts=dict(counts.most_common()),
        created=row.created,
    )
