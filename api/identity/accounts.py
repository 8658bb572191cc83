"""Workspaces and the people in them."""

from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from api.hiring import audit
from api.hiring.tables import users, workspaces
from api.identity.caller import OPERATOR, Caller
from api.identity.passwords import hash_of
from api.identity.sessions import end_all, folded, put_password
from api.identity.tokens import new_id
from knowledge.database import Database, unix_now
from knowledge.errors import BadInput, NotFound

TeamRole = Literal["admin", "recruiter", "evaluator"]
TEAM_ROLES: tuple[TeamRole, ...] = ("admin", "recruiter", "evaluator")
LONGEST_NAME = 200
LONGEST_ADDRESS = 320


@dataclass(frozen=True)
class Workspace:
    """A team's own part of a database; `created` is in Unix seconds."""

    id: str
    name: str
    created: float


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


class Accounts:
    """The people of one database. What changes them is told to the audit log, with `by` whom."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_workspace(self, name: str, by: Caller = OPERATOR) -> str:
        """Make a workspace; its id.

        Raises:
            BadInput: it has no name that can be one.
        """
        row = {"id": new_id(), "name": name_of(name, "A workspace"), "settings": {}}
        async with self._database.write() as connection:
            await connection.execute(sa.insert(workspaces).values(**row, created=unix_now()))
            about = f"workspace:{row['id']}"
            await audit.record_in(connection, str(row["id"]), by.id, "made", about)
        return str(row["id"])

    async def workspaces(self) -> list[Workspace]:
        """All there are, by name."""
        columns = (workspaces.c[name] for name in Workspace.__dataclass_fields__)
        query = sa.select(*columns).order_by(workspaces.c.name, workspaces.c.id)
        async with self._database.read() as connection:
            return [Workspace(*row) for row in await connection.execute(query)]

    async def add(
        self,
        email: str,
        *,
        name: str,
        role: TeamRole,
        workspace: str,
        password: str | None = None,
        by: Caller = OPERATOR,
    ) -> str:
        """Make an account; its id. Without a password it is set by a link.

        Raises:
            BadInput: the address or name is none, the address is taken, or the password cannot be
                one.
        """
        address = address_of(email)
        row: dict[str, Any] = {
            "id": new_id(),
            "workspace_id": workspace,
            "email": address,
            "name": name_of(name, "A person") if name.strip() else address[:LONGEST_NAME],
            "role": role,
            "password": await hash_of(password) if password is not None else None,
        }
        try:
            async with self._database.write() as connection:
                await connection.execute(sa.insert(users).values(**row, created=unix_now()))
                await _told(connection, by, "added", workspace, row["id"], role=role)
        except IntegrityError as error:
            raise BadInput(
                f"There is an account for {address} already.", "Use another address."
            ) from error
        return str(row["id"])

    async def any(self) -> bool:
        """Whether anybody could sign in."""
        async with self._database.read() as connection:
            return bool(await connection.scalar(sa.select(sa.exists().where(_can_sign_in()))))

    async def of(self, workspace: str | None = None) -> list[User]:
        """The people of a workspace by name; of all where none is given."""
        query = sa.select(users).order_by(sa.func.lower(users.c.name), users.c.id)
        if workspace is not None:
            query = query.where(users.c.workspace_id == workspace)
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

    async def find(self, email: str) -> User | None:
        """Whose address it is, in whichever workspace."""
        mine = users.c.email == folded(email)
        async with self._database.read() as connection:
            row = (await connection.execute(sa.select(users).where(mine))).one_or_none()
        return None if row is None else user_of(row)

    async def set_password(self, user: str, password: str, by: Caller = OPERATOR) -> None:
        """Set it, and end every session and every link to set it that there was.

        Raises:
            BadInput: it cannot be one.
        """
        made = await hash_of(password)
        async with self._database.write() as connection:
            await put_password(connection, user, made, by)

    async def change(
        self,
        workspace: str,
        user: str,
        *,
        role: TeamRole | None = None,
        disabled: bool | None = None,
        by: Caller = OPERATOR,
    ) -> None:
        """Give another role, or disable (which ends every session and link) and enable.

        Raises:
            NotFound: there is nobody of that id in this workspace.
            BadInput: it is oneself, or no admin who can sign in would be left.
        """
        before = await self.get(workspace, user)
        if by.user == user:
            raise BadInput("That is your own account.", "Ask another admin to change it.")
        new: dict[str, Any] = {}
        if role is not None and role != before.role:
            new["role"] = role
        if disabled is not None and disabled != (before.disabled is not None):
            new["disabled"] = unix_now() if disabled else None
        if not new:
            return
        async with self._database.write() as connection:
            await _alone_in(connection, workspace)
            mine = users.c.id == user
            await connection.execute(sa.update(users).where(mine).values(**new))
            if disabled:
                await end_all(connection, user)
            if before.role == "admin" and before.disabled is None:
                await _check_an_admin_is_left(connection, workspace)
            action = "changed" if "role" in new else "disabled" if disabled else "enabled"
            said = {"role": role} if "role" in new else {}
            await _told(connection, by, action, workspace, user, **said)


def name_of(name: str, whose: str) -> str:
    """A name to keep, without spaces around it.

    Raises:
        BadInput: it is empty, too long or not one line of text.
    """
    name = name.strip()
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise BadInput(
            f"{whose} needs a name of 1 to {LONGEST_NAME} characters on one line.", "Give it one."
        )
    return name


def address_of(email: str) -> str:
    """An e-mail address to keep.

    Raises:
        BadInput: it is none.
    """
    address = folded(email)
    name, _, host = address.rpartition("@")
    plain = email.strip().isprintable() and not any(each.isspace() for each in address)
    if not name or not host or not plain or len(address) > LONGEST_ADDRESS:
        raise BadInput(f"{email[:40]!r} is no e-mail address.", "Write it as name@example.org.")
    return address


def user_of(row: sa.Row[Any]) -> User:
    """From a row of `users`."""
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


def _can_sign_in() -> sa.ColumnElement[bool]:
    return users.c.password.is_not(None) & users.c.disabled.is_(None)


async def _alone_in(connection: AsyncConnection, workspace: str) -> None:
    """Two admins who take each other's role at once do it one after the other."""
    row = sa.select(workspaces.c.id).where(workspaces.c.id == workspace)
    await connection.execute(row.with_for_update())


async def _check_an_admin_is_left(connection: AsyncConnection, workspace: str) -> None:
    admins = (users.c.workspace_id == workspace) & (users.c.role == "admin") & _can_sign_in()
    if not await connection.scalar(sa.select(sa.exists().where(admins))):
        raise BadInput(
            "No admin who can sign in would be left to run this workspace.",
            "Make another person an admin first.",
        )


async def _told(
    connection: AsyncConnection, by: Caller, action: str, workspace: str, user: str, **said: Any
) -> None:
    await audit.record_in(connection, workspace, by.id, action, f"user:{user}", **said)
