"""Keys for machines, and links that are given to people: hashed, ending, revocable."""

from dataclasses import dataclass
from typing import Any, Literal, cast

import sqlalchemy as sa

from api.hiring.tables import api_keys, links, users
from api.identity.accounts import User, user_of
from api.identity.caller import Caller, Role
from api.identity.tokens import hashed, new_id, new_token
from knowledge.database import Database, unix_now
from knowledge.errors import NotFound

KEY = "viva_key_"
LinkKind = Literal["view", "password"]
DAY = 86_400.0
USE_TOLD_AFTER = 60.0
"""Seconds between two notes of when a key was used last."""


@dataclass(frozen=True)
class ApiKey:
    """A machine's key; times are Unix seconds."""

    id: str
    name: str
    role: str
    writes: bool
    made_by: str
    created: float
    used: float | None
    revoked: float | None


@dataclass(frozen=True)
class Link:
    """A link that was given to somebody; times are Unix seconds."""

    id: str
    kind: LinkKind
    screen_id: str | None
    user_id: str | None
    name: str
    made_by: str
    created: float
    until: float
    used: float | None
    revoked: float | None


class Keys:
    """The API keys of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def make(
        self,
        workspace: str,
        name: str,
        role: Literal["recruiter", "evaluator"],
        writes: bool,
        by: str,
    ) -> tuple[ApiKey, str]:
        """A new key and its secret, which is nowhere kept."""
        secret = new_token(KEY)
        row = {
            "id": new_id(),
            "name": name.strip() or "A machine",
            "role": role,
            "writes": writes,
            "made_by": by,
        }
        made = unix_now()
        async with self._database.write() as connection:
            await connection.execute(
                sa.insert(api_keys).values(
                    **row, workspace_id=workspace, hash=hashed(secret), created=made
                )
            )
        return (await self._one(workspace, str(row["id"]))), secret

    async def of(self, workspace: str) -> list[ApiKey]:
        """The keys of a workspace, newest first."""
        mine = api_keys.c.workspace_id == workspace
        query = _key_columns().where(mine).order_by(api_keys.c.created.desc())
        async with self._database.read() as connection:
            return [ApiKey(**row) for row in (await connection.execute(query)).mappings()]

    async def revoke(self, workspace: str, key: str) -> None:
        """From now on it opens nothing.

        Raises:
            NotFound: there is no such key in this workspace.
        """
        await self._one(workspace, key)
        async with self._database.write() as connection:
            mine = (api_keys.c.id == key) & api_keys.c.revoked.is_(None)
            await connection.execute(sa.update(api_keys).where(mine).values(revoked=unix_now()))

    async def caller(self, secret: str) -> Caller | None:
        """Which machine it is; None where the key is none, or revoked."""
        if not secret.startswith(KEY):
            return None
        mine = (api_keys.c.hash == hashed(secret)) & api_keys.c.revoked.is_(None)
        async with self._database.read() as connection:
            row = (await connection.execute(sa.select(api_keys).where(mine))).one_or_none()
        if row is None:
            return None
        await self._used(row)
        return Caller(
            roles=frozenset({cast("Role", row.role)}),
            workspace=row.workspace_id,
            name=f"key {row.name}",
            id=f"key:{row.id}",
            writes=row.writes,
        )

    async def _used(self, row: sa.Row[Any]) -> None:
        async with self._database.read() as connection:
            now = float(await connection.scalar(sa.select(unix_now())) or 0)
        if now - (row.used or 0) > USE_TOLD_AFTER:
            async with self._database.write() as connection:
                mine = api_keys.c.id == row.id
                await connection.execute(sa.update(api_keys).where(mine).values(used=now))

    async def _one(self, workspace: str, key: str) -> ApiKey:
        mine = (api_keys.c.workspace_id == workspace) & (api_keys.c.id == key)
        async with self._database.read() as connection:
            row = (await connection.execute(_key_columns().where(mine))).mappings().one_or_none()
        if row is None:
            raise NotFound("There is no such key here.", "Look at the list of keys.")
        return ApiKey(**row)


class Links:
    """Links of one database: to look at one screen, or to set a password."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def to_view(self, workspace: str, screen: str, name: str, by: str, days: float) -> str:
        """A token with which a hiring manager may read one screen."""
        return await self._make(workspace, "view", name, by, days, screen_id=screen)

    async def to_set_password(self, user: User, by: str, days: float = 3.0) -> str:
        """A token with which somebody sets the password of their account, once."""
        return await self._make(user.workspace_id, "password", user.name, by, days, user_id=user.id)

    async def _make(
        self, workspace: str, kind: LinkKind, name: str, by: str, days: float, **of: str
    ) -> str:
        token = new_token()
        row = {"id": new_id(), "workspace_id": workspace, "kind": kind, "name": name, **of}
        async with self._database.write() as connection:
            await connection.execute(
                sa.insert(links).values(
                    **row,
                    hash=hashed(token),
                    made_by=by,
                    created=unix_now(),
                    until=unix_now() + days * DAY,
                )
            )
        return token

    async def of(self, workspace: str, screen: str | None = None) -> list[Link]:
        """The links of a workspace that let somebody view, newest first; or of one screen."""
        mine = (links.c.workspace_id == workspace) & (links.c.kind == "view")
        if screen is not None:
            mine &= links.c.screen_id == screen
        query = _link_columns().where(mine).order_by(links.c.created.desc())
        async with self._database.read() as connection:
            return [Link(**row) for row in (await connection.execute(query)).mappings()]

    async def revoke(self, workspace: str, link: str) -> None:
        """From now on it opens nothing.

        Raises:
            NotFound: there is no such link in this workspace.
        """
        mine = (links.c.workspace_id == workspace) & (links.c.id == link)
        async with self._database.write() as connection:
            done = await connection.execute(sa.update(links).where(mine).values(revoked=unix_now()))
        if not done.rowcount:
            raise NotFound("There is no such link here.", "Look at the list of links.")

    async def viewer(self, token: str) -> Caller | None:
        """Whose link it is; None where it is none, over or revoked."""
        row = await self._open(token, "view")
        if row is None:
            return None
        return Caller(
            roles=frozenset({"viewer"}),
            workspace=row.workspace_id,
            name=row.name,
            id=f"link:{row.id}",
            screen=row.screen_id,
            writes=False,
        )

    async def password_of(self, token: str) -> User | None:
        """Whose password may be set with this link; None where it opens nothing."""
        row = await self._open(token, "password")
        if row is None or row.used is not None:
            return None
        async with self._database.read() as connection:
            found = await connection.execute(sa.select(users).where(users.c.id == row.user_id))
        return user_of(found.one())

    async def use(self, token: str) -> bool:
        """Note that it was used; False where it had been before (then it must not count)."""
        first = (links.c.hash == hashed(token)) & links.c.used.is_(None)
        async with self._database.write() as connection:
            done = await connection.execute(sa.update(links).where(first).values(used=unix_now()))
        return bool(done.rowcount)

    async def _open(self, token: str, kind: LinkKind) -> sa.Row[Any] | None:
        mine = (links.c.hash == hashed(token)) & (links.c.kind == kind)
        good = links.c.revoked.is_(None) & (links.c.until > unix_now())
        async with self._database.read() as connection:
            return (await connection.execute(sa.select(links).where(mine & good))).one_or_none()


def _key_columns() -> sa.Select[Any]:
    return sa.select(*(api_keys.c[name] for name in ApiKey.__dataclass_fields__))


def _link_columns() -> sa.Select[Any]:
    return sa.select(*(links.c[name] for name in Link.__dataclass_fields__))
