"""Keys to the practice door, and which interviews were begun with which. Kept hashed."""

import hashlib
import secrets
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from api.tables import interviews, practice_interviews, practice_keys, turns
from knowledge.database import Database, unix_now
from knowledge.errors import BadInput, NotFound

PREFIX = "viva-practice-"
FRESH = 300.0
"""Seconds for which the same first message means the interview it began, if still unanswered."""


@dataclass(frozen=True)
class Key:
    """A key as it is listed: never its secret. Times are Unix seconds."""

    id: str
    name: str
    created: float
    revoked: float | None


class Keys:
    """The keys of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def make(self, name: str | None = None) -> tuple[Key, str]:
        """A new key, and its secret, which is not to be had again; unnamed, it goes by its id.

        Raises:
            BadInput: the name is taken by a key that is not revoked, or is no name.
        """
        key_id = secrets.token_hex(4)
        name = name or f"key-{key_id}"
        if not 1 <= len(name) <= 100 or not name.isprintable() or name != name.strip():
            raise BadInput(f"{name!r} is no name for a key.", "Give a short name in plain text.")
        if any(key.name == name and key.revoked is None for key in await self.all()):
            raise BadInput(
                f"There is a key named {name!r}.",
                "Choose another name, or revoke that one: viva key revoke NAME.",
            )
        secret = PREFIX + secrets.token_urlsafe(24)
        row = {"id": key_id, "name": name, "hash": _hash(secret)}
        new = sa.insert(practice_keys).values(**row, created=unix_now()).returning(*_listed)
        async with self._database.write() as connection:
            return Key(*(await connection.execute(new)).one()), secret

    async def all(self) -> list[Key]:
        """Every key, newest first, the revoked too."""
        query = sa.select(*_listed).order_by(practice_keys.c.created.desc(), practice_keys.c.id)
        async with self._database.read() as connection:
            return [Key(*row) for row in await connection.execute(query)]

    async def find(self, secret: str) -> Key | None:
        """The key with this secret, unless it is revoked."""
        mine = (practice_keys.c.hash == _hash(secret)) & practice_keys.c.revoked.is_(None)
        async with self._database.read() as connection:
            row = (await connection.execute(sa.select(*_listed).where(mine))).one_or_none()
        return None if row is None else Key(*row)

    async def revoke(self, which: str) -> list[Key]:
        """Revoke the key with this id, or the one that has this name.

        Raises:
            NotFound: there is none that is not revoked already.
        """
        mine = (practice_keys.c.id == which) | (practice_keys.c.name == which)
        mine &= practice_keys.c.revoked.is_(None)
        change = sa.update(practice_keys).where(mine).values(revoked=unix_now()).returning(*_listed)
        async with self._database.write() as connection:
            found = [Key(*row) for row in await connection.execute(change)]
        if not found:
            raise NotFound(f"There is no key {which!r} to revoke.", "List them: viva key list.")
        return found

    async def holds(self, key: Key, code: str) -> bool:
        """Whether this interview was begun at the door with this key."""
        mine = practice_interviews.c.interview_id == code
        mine &= practice_interviews.c.key_id == key.id
        query = sa.select(practice_interviews.c.interview_id).where(mine)
        async with self._database.read() as connection:
            return (await connection.execute(query)).one_or_none() is not None

    async def begun(self, key: Key, start: str) -> str | None:
        """The interview that this very first message has just begun, if it is still unanswered."""
        answered = sa.select(turns.c.interview_id).where(
            turns.c.interview_id == interviews.c.id, turns.c.number > 1
        )
        query = (
            sa.select(interviews.c.id)
            .join(practice_interviews, practice_interviews.c.interview_id == interviews.c.id)
            .where(practice_interviews.c.key_id == key.id, practice_interviews.c.start == start)
            .where(interviews.c.created > unix_now() - FRESH, ~answered.exists())
            .order_by(practice_interviews.c.nth.desc())
            .limit(1)
        )
        async with self._database.read() as connection:
            code: str | None = await connection.scalar(query)
        return code

    async def keep(self, key: Key, start: str, code: str) -> str:
        """Keep an interview as this key's; of two begun by one message at once the first stays."""
        mine = practice_interviews.c.key_id == key.id
        mine &= practice_interviews.c.start == start
        nth = sa.select(sa.func.count() + 1).where(mine).scalar_subquery()
        new = sa.insert(practice_interviews).values(
            interview_id=code, key_id=key.id, start=start, nth=nth
        )
        try:
            async with self._database.write() as connection:
                await connection.execute(new)
        except IntegrityError:
            return await self.begun(key, start) or await self.keep(key, start, code)
        return code


_listed = [practice_keys.c[name] for name in ("id", "name", "created", "revoked")]


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
