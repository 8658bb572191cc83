"""Keys for machines, and links that are given to people: hashed, ending, revocable."""

from dataclasses import dataclass
from typing import Any, Literal, cast

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from api.hiring import audit
from api.hiring.tables import api_keys, links, users
from api.identity.accounts import User, name_of, user_of
from api.identity.caller import Caller, Role
from api.identity.passwords import hash_of
from api.identity.sessions import put_password
from api.identity.tokens import hashed, new_id, new_token
from api.moments import DAY
from knowledge.database import Database, unix_now
from knowledge.errors import BadInput, NotFound

KEY = "viva_key_"
KeyRole = Literal["recruiter", "evaluator"]
KEY_ROLES: tuple[KeyRole, ...] = ("recruiter", "evaluator")
LinkKind = Literal["view", "password"]
VIEW_DAYS, PASSWORD_DAYS, MOST_DAYS = 30.0, 3.0, 365.0
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
    workspace_id: str
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
        self, caller: Caller, name: str, role: KeyRole, *, writes: bool = True
    ) -> tuple[str, str]:
        """A new key of the caller's workspace: its id, and its secret, which is nowhere kept.

        Raises:
            BadInput: the name is none.
        """
        secret, id_ = new_token(KEY), new_id()
        row = {
            "id": id_,
            "workspace_id": caller.workspace,
            "name": name_of(name, "A key"),
            "hash": hashed(secret),
            "role": role,
            "writes": writes,
            "made_by": caller.name,
        }
        async with self._database.write() as connection:
            await connection.execute(sa.insert(api_keys).values(**row, created=unix_now()))
            await audit.record(connection, caller, "made", f"key:{id_}", role=role, writes=writes)
        return id_, secret

    async def of(self, workspace: str) -> list[ApiKey]:
        """The keys of a workspace, newest first."""
        mine = api_keys.c.workspace_id == workspace
        query = _key_columns().where(mine).order_by(api_keys.c.created.desc())
        async with self._database.read() as connection:
            return [ApiKey(**row) for row in (await connection.execute(query)).mappings()]

    async def revoke(self, caller: Caller, key: str) -> None:
        """From now on it opens nothing.

        Raises:
            NotFound: there is no such key in the caller's workspace, or none to revoke.
        """
        mine = (api_keys.c.workspace_id == caller.workspace) & (api_keys.c.id == key)
        good = mine & api_keys.c.revoked.is_(None)
        async with self._database.write() as connection:
            done = await connection.execute(
                sa.update(api_keys).where(good).values(revoked=unix_now())
            )
            if not done.rowcount:
                raise NotFound("There is no such key to revoke.", "Look at the list of keys.")
            await audit.record(connection, caller, "revoked", f"key:{key}")

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


class Links:
    """Links of one database: to look at one screen, or to set a password."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def to_view(self, caller: Caller, screen: str, name: str, days: float = VIEW_DAYS) -> str:
        """A token with which a hiring manager may read one screen of the caller's workspace.

        Raises:
            BadInput: it is not said for whom, or it would last too long.
        """
        if not 0 < days <= MOST_DAYS:
            raise BadInput(f"A link lasts up to {MOST_DAYS:.0f} days.", f"Say {VIEW_DAYS:.0f}.")
        row = {"kind": "view", "screen_id": screen, "name": name_of(name, "A link")}
        async with self._database.write() as connection:
            return await _make(connection, caller, row, days, f"screen:{screen}")

    async def to_set_password(self, caller: Caller, user: User) -> str:
        """A token with which somebody sets the password of their account, once.

        Links that were made for it before open nothing any more.
        """
        row = {"kind": "password", "user_id": user.id, "name": user.name}
        before = (links.c.user_id == user.id) & links.c.used.is_(None)
        async with self._database.write() as connection:
            await connection.execute(sa.update(links).where(before).values(revoked=unix_now()))
            return await _make(connection, caller, row, PASSWORD_DAYS, f"user:{user.id}")

    async def of(self, workspace: str, screen: str | None = None) -> list[Link]:
        """The links of a workspace that let somebody view, newest first; or of one screen."""
        mine = (links.c.workspace_id == workspace) & (links.c.kind == "view")
        if screen is not None:
            mine &= links.c.screen_id == screen
        query = _link_columns().where(mine).order_by(links.c.created.desc())
        async with self._database.read() as connection:
            return [Link(**row) for row in (await connection.execute(query)).mappings()]

    async def revoke(self, caller: Caller, screen: str, link: str) -> None:
        """From now on it opens this screen no more, nor does a cookie that it was swapped for.

        Raises:
            NotFound: there is no such link to this screen of the caller's, or none to revoke.
        """
        mine = (links.c.workspace_id == caller.workspace) & (links.c.id == link)
        good = mine & (links.c.screen_id == screen) & links.c.revoked.is_(None)
        async with self._database.write() as connection:
            done = await connection.execute(sa.update(links).where(good).values(revoked=unix_now()))
            if not done.rowcount:
                raise NotFound("There is no such link to revoke.", "Look at the list of links.")
            await audit.record(connection, caller, "revoked", f"link:{link}")

    async def enter(self, token: str) -> Link | None:
        """Open a link to view, to swap it for a cookie; None where it opens nothing."""
        row = await self._open(token, "view")
        if row is None:
            return None
        async with self._database.write() as connection:
            mine = links.c.id == row.id
            await connection.execute(sa.update(links).where(mine).values(used=unix_now()))
            about = f"link:{row.id}"
            await audit.record_in(connection, row.workspace_id, about, "entered", about)
        return Link(**{name: getattr(row, name) for name in Link.__dataclass_fields__})

    async def viewer(self, token: str) -> Caller | None:
        """Who comes with a link's token as their cookie; None where it opens nothing."""
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

    async def set_password(self, token: str, password: str) -> bool:
        """Set the password that the link is for; False where it opens nothing (any more).

        Raises:
            BadInput: it cannot be a password; the link stays as it was.
        """
        row = await self._open(token, "password")
        if row is None or row.used is not None:
            return False
        made = await hash_of(password)
        good = (links.c.id == row.id) & links.c.used.is_(None) & links.c.revoked.is_(None)
        enabled = sa.select(users.c.id).where(users.c.disabled.is_(None))
        use = sa.update(links).where(good & links.c.user_id.in_(enabled)).values(used=unix_now())
        async with self._database.write() as connection:
            if not (await connection.execute(use)).rowcount:
                return False
            by = Caller(roles=frozenset({"nobody"}), id=f"link:{row.id}")
            await put_password(connection, row.user_id, made, by)
        return True

    async def whose(self, token: str) -> User | None:
        """Whose password the link is, or was, for; None where it never was for any."""
        row = await self._open(token, "password")
        if row is None:
            return None
        async with self._database.read() as connection:
            found = await connection.execute(sa.select(users).where(users.c.id == row.user_id))
            return user_of(found.one())

    async def _open(self, token: str, kind: LinkKind) -> sa.Row[Any] | None:
        mine = (links.c.hash == hashed(token)) & (links.c.kind == kind)
        good = links.c.revoked.is_(None) & (links.c.until > unix_now())
        async with self._database.read() as connection:
            return (await connection.execute(sa.select(links).where(mine & good))).one_or_none()


async def _make(
    connection: AsyncConnection, caller: Caller, row: dict[str, Any], days: float, for_: str
) -> str:
    token, id_ = new_token(), new_id()
    until = unix_now() + days * DAY
    own = {"id": id_, "workspace_id": caller.workspace, "hash": hashed(token)}
    await connection.execute(
        sa.insert(links).values(**row, **own, made_by=caller.name, created=unix_now(), until=until)
    )
    await audit.record(connection, caller, "made", f"link:{id_}", what=row["kind"], to=for_)
    return token


def _key_columns() -> sa.Select[Any]:
    return sa.select(*(api_keys.c[name] for name in ApiKey.__dataclass_fields__))


def _link_columns() -> sa.Select[Any]:
    return sa.select(*(links.c[name] for name in Link.__dataclass_fields__))
