"""Workspaces, the people in them, their passwords and their sessions."""

import asyncio
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, cast

import sqlalchemy as sa
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy.exc import IntegrityError

from api.hiring.tables import sessions, users, workspaces
from api.identity.caller import Caller, Role
from api.identity.tokens import hashed, new_id, new_token
from knowledge.database import Database, unix_now
from knowledge.errors import BadInput, NotFound

TeamRole = Literal["admin", "recruiter", "evaluator"]
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
SESSION_LASTS = 12 * 3600.0
"""Seconds; a working day."""


@dataclass(frozen=True)
class User:
    """Somebody of the team; times are Unix seconds."""

    id: str
    workspace_id: str
    email: str
    name: str
    role: TeamRole
    created: float
    disabled: float | None
    has_password: bool


@cache
def _hasher() -> PasswordHash:
    return PasswordHash((Argon2Hasher(),))


@cache
def _nobodys() -> str:
    """The hash that a password is compared with where there is no account: as slow as any."""
    return _hasher().hash("nobody's password")


def check_password(password: str) -> None:
    """Refuse a password that is too short or too long.

    Raises:
        BadInput: it cannot be one.
    """
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise BadInput(
            f"The password has {len(password)} characters.",
            f"Use {SHORTEST_PASSWORD} to {LONGEST_PASSWORD}; a sentence is easy to keep in mind.",
        )


class Accounts:
    """The people of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_workspace(self, name: str) -> str:
        """Make a workspace; its id."""
        if not name.strip() or len(name) > 200:
            raise BadInput("A workspace needs a name of 1 to 200 characters.", "Give it one.")
        row = {"id": new_id(), "name": name.strip(), "settings": {}, "created": unix_now()}
        async with self._database.write() as connection:
            await connection.execute(sa.insert(workspaces).values(**row))
        return str(row["id"])

    async def add(
        self,
        email: str,
        *,
        name: str,
        role: TeamRole,
        workspace: str,
        password: str | None = None,
    ) -> str:
        """Make an account; its id. Without a password it is set by a link.

        Raises:
            BadInput: the address is none or is taken, or the password cannot be one.
        """
        row: dict[str, Any] = {
            "id": new_id(),
            "workspace_id": workspace,
            "email": _address(email),
            "name": name.strip() or email.strip(),
            "role": role,
            "password": await _hash(password) if password is not None else None,
        }
        try:
            async with self._database.write() as connection:
                await connection.execute(sa.insert(users).values(**row, created=unix_now()))
        except IntegrityError as error:
            raise BadInput(
                f"There is an account for {row['email']} already.", "Use another address."
            ) from error
        return str(row["id"])

    async def any(self) -> bool:
        """Whether anybody could sign in."""
        can = users.c.password.is_not(None) & users.c.disabled.is_(None)
        async with self._database.read() as connection:
            return bool(await connection.scalar(sa.select(sa.exists().where(can))))

    async def of(self, workspace: str) -> list[User]:
        """The people of a workspace by name."""
        query = sa.select(users).where(users.c.workspace_id == workspace).order_by(users.c.name)
        async with self._database.read() as connection:
            return [user_of(row) for row in await connection.execute(query)]

    async def get(self, workspace: str, user: str) -> User:
        """Somebody of this workspace.

        Raises:
            NotFound: there is nobody of that id in it.
        """
        mine = (users.c.workspace_id == workspace) & (users.c.id == user)
        async with self._database.read() as connection:
            row = (await connection.execute(sa.select(users).where(mine))).one_or_none()
        if row is None:
            raise NotFound("There is nobody of that id here.", "Look at the list of people.")
        return user_of(row)

    async def set_password(self, user: str, password: str) -> None:
        """Set it, and end every session there was.

        Raises:
            BadInput: it cannot be one.
        """
        made = await _hash(password)
        mine = sessions.c.user_id == user
        async with self._database.write() as connection:
            await connection.execute(
                sa.update(users).where(users.c.id == user).values(password=made)
            )
            await connection.execute(sa.delete(sessions).where(mine))

    async def change(
        self,
        workspace: str,
        user: str,
        *,
        role: TeamRole | None = None,
        disabled: bool | None = None,
    ) -> None:
        """Give another role, or disable (which ends every session) and enable.

        Raises:
            BadInput: nobody who is an admin would be left.
        """
        new: dict[str, Any] = {} if role is None else {"role": role}
        if disabled is not None:
            new["disabled"] = unix_now() if disabled else None
        mine = (users.c.workspace_id == workspace) & (users.c.id == user)
        async with self._database.write() as connection:
            await connection.execute(sa.update(users).where(mine).values(**new))
            if disabled:
                await connection.execute(sa.delete(sessions).where(sessions.c.user_id == user))
            admins = (users.c.workspace_id == workspace) & (users.c.role == "admin")
            left = sa.select(sa.exists().where(admins & users.c.disabled.is_(None)))
            if not await connection.scalar(left):
                raise BadInput("Nobody would be left to run this workspace.", "Keep one admin.")

    async def sign_in(self, email: str, password: str, agent: str) -> str | None:
        """A new session's token; None where the address and password do not belong together."""
        mine = (users.c.email == email.strip().casefold()) & users.c.disabled.is_(None)
        async with self._database.read() as connection:
            row = (
                await connection.execute(sa.select(users.c.id, users.c.password).where(mine))
            ).one_or_none()
        kept = row.password if row is not None and row.password else _nobodys()
        fits = await asyncio.to_thread(_hasher().verify, password[: LONGEST_PASSWORD + 1], kept)
        if row is None or not row.password or not fits:
            return None
        token = new_token()
        now = unix_now()
        session = {"hash": hashed(token), "user_id": row.id, "agent": agent[:200]}
        async with self._database.write() as connection:
            await connection.execute(sa.delete(sessions).where(sessions.c.until < now))
            await connection.execute(
                sa.insert(sessions).values(**session, created=now, until=now + SESSION_LASTS)
            )
        return token

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

    async def sign_out(self, session: str) -> None:
        """End a session, given by its hash."""
        async with self._database.write() as connection:
            await connection.execute(sa.delete(sessions).where(sessions.c.hash == session))


async def _hash(password: str) -> str:
    check_password(password)
    return await asyncio.to_thread(_hasher().hash, password)


def _address(email: str) -> str:
    address = email.strip().casefold()
    name, _, host = address.rpartition("@")
    if not name or not host or len(address) > 320 or any(c.isspace() for c in address):
        raise BadInput(f"{email[:40]!r} is no e-mail address.", "Write it as name@example.org.")
    return address


def user_of(row: sa.Row[Any]) -> User:
    return User(
        id=row.id,
        workspace_id=row.workspace_id,
        email=row.email,
        name=row.name,
        role=row.role,
        created=row.created,
        disabled=row.disabled,
        has_password=row.password is not None,
    )
