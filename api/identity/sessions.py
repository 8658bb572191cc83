"""Sessions: who has signed in, and what ends that."""

import unicodedata
from typing import cast

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from api.hiring import audit
from api.hiring.tables import links, sessions, users
from api.identity.caller import Caller, Role
from api.identity.passwords import fits, hash_of
from api.identity.tokens import hashed, new_token
from knowledge.database import Database, unix_now

SESSION_LASTS = 12 * 3600.0
"""Seconds; a working day."""


class Sessions:
    """The sessions of one database. Each is a secret of its own, kept hashed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def sign_in(
        self, email: str, password: str, agent: str, instead_of: str | None = None
    ) -> str | None:
        """A new session's token; None where the address and password do not belong together.

        `instead_of` is the hash of the session that it takes the place of.
        """
        mine = (users.c.email == folded(email)) & users.c.disabled.is_(None)
        columns = (users.c.id, users.c.workspace_id, users.c.password)
        async with self._database.read() as connection:
            row = (await connection.execute(sa.select(*columns).where(mine))).one_or_none()
        if not await fits(password, None if row is None else row.password) or row is None:
            return None
        async with self._database.write() as connection:
            over = (sessions.c.until < unix_now()) | (sessions.c.hash == instead_of)
            await connection.execute(sa.delete(sessions).where(over))
            unchanged = sa.select(
                sa.exists().where(
                    mine & (users.c.id == row.id) & (users.c.password == row.password)
                )
            )
            if not await connection.scalar(unchanged):
                return None
            return await _begin(connection, row.workspace_id, row.id, agent)

    async def note_failure(self, email: str) -> None:
        """Tell the audit log that somebody tried to sign in as this account, if there is one."""
        mine = users.c.email == folded(email)
        query = sa.select(users.c.id, users.c.workspace_id).where(mine)
        async with self._database.write() as connection:
            row = (await connection.execute(query)).one_or_none()
            if row is not None:
                about = f"user:{row.id}"
                await audit.record_in(
                    connection, row.workspace_id, "nobody", "failed to sign in", about
                )

    async def change_own_password(
        self, caller: Caller, password: str, new: str, agent: str
    ) -> str | None:
        """Set another password; a new session's token, all others end. None: the old is wrong.

        Raises:
            BadInput: the new one cannot be one.
        """
        mine = users.c.id == caller.user
        async with self._database.read() as connection:
            row = (await connection.execute(sa.select(users).where(mine))).one()
        if not await fits(password, row.password):
            return None
        made = await hash_of(new)
        async with self._database.write() as connection:
            await put_password(connection, row.id, made, caller)
            return await _begin(connection, row.workspace_id, row.id, agent)

    async def by_session(self, token: str) -> Caller | None:
        """Who a session's cookie stands for; None where it is over or was never one."""
        mine = (sessions.c.hash == hashed(token)) & (sessions.c.until > unix_now())
        query = (
            sa.select(users)
            .join(sessions, sessions.c.user_id == users.c.id)
            .where(mine & users.c.disabled.is_(None))
        )
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            return None
        return Caller(
            roles=frozenset({cast("Role", row.role)}),
            workspace=row.workspace_id,
            name=row.name,
            id=f"user:{row.id}",
            user=row.id,
            session=hashed(token),
        )

    async def sign_out(self, caller: Caller) -> None:
        """End the session that the caller came with."""
        if caller.session is None or caller.workspace is None or caller.user is None:
            return
        async with self._database.write() as connection:
            mine = sessions.c.hash == caller.session
            await connection.execute(sa.delete(sessions).where(mine))
            await audit.record(connection, caller, "signed out", f"user:{caller.user}")


def folded(email: str) -> str:
    """An address as it is looked up: people write the same one in several ways."""
    return unicodedata.normalize("NFKC", email).strip().casefold().replace("\0", "")


async def put_password(connection: AsyncConnection, user: str, made: str, by: Caller) -> None:
    """Keep a new password's hash; what was open by the old one ends."""
    mine = users.c.id == user
    query = sa.update(users).where(mine).values(password=made).returning(users.c.workspace_id)
    workspace = str(await connection.scalar(query))
    await end_all(connection, user)
    await audit.record_in(connection, workspace, by.id, "set the password", f"user:{user}")


async def end_all(connection: AsyncConnection, user: str) -> None:
    """End somebody's sessions, and the links that set their password."""
    await connection.execute(sa.delete(sessions).where(sessions.c.user_id == user))
    open_ = (links.c.user_id == user) & links.c.used.is_(None) & links.c.revoked.is_(None)
    await connection.execute(sa.update(links).where(open_).values(revoked=unix_now()))


async def _begin(connection: AsyncConnection, workspace: str, user: str, agent: str) -> str:
    token = new_token()
    now = float(await connection.scalar(sa.select(unix_now())) or 0)
    row = {"hash": hashed(token), "user_id": user, "agent": agent.replace("\0", "")[:200]}
    await connection.execute(
        sa.insert(sessions).values(**row, created=now, until=now + SESSION_LASTS)
    )
    await audit.record_in(connection, workspace, f"user:{user}", "signed in", f"user:{user}")
    return token
