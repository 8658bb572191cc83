"""Invites: one person, one screen, one secret that is swapped for a cookie when first used."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from api.hiring import audit
from api.hiring.tables import devices, invites
from api.identity.caller import Caller
from api.identity.tokens import hashed, new_id, new_token
from knowledge.database import Database, unix_now
from knowledge.errors import BadInput, NotFound

DAY = 86_400.0
LASTS = 14.0
"""Days that an invite can be used, unless the team says otherwise."""

MOST_DAYS = 365.0
MOST_AT_ONCE = 5_000
MOST_DEVICES = 20


@dataclass(frozen=True, kw_only=True)
class NewInvite:
    """Whom to invite. `extra_time` multiplies the minutes."""

    name: str = ""
    email: str = ""
    reference: str = ""
    extra_time: float = 1.0
    days: float = LASTS


@dataclass(frozen=True, kw_only=True)
class Invite:
    """An invite as it stands; times are Unix seconds."""

    id: str
    workspace_id: str
    screen_id: str
    name: str
    email: str
    reference: str
    extra_time: float
    asked: list[dict[str, Any]]
    until: float
    created: float
    opened: float | None
    declined: float | None
    revoked: float | None
    erased: float | None

    def is_good(self, now: float) -> bool:
        """Whether its link opens anything to begin or go on with."""
        return self.revoked is None and self.erased is None and now < self.until


class Invites:
    """The invites of one database. Methods raise NotFound for what another workspace has."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def make(
        self, caller: Caller, screen: str, wishes: Sequence[NewInvite]
    ) -> list[tuple[str, str]]:
        """Invite people, all or nobody; each invite's id and its token, which is nowhere kept.

        Raises:
            BadInput: they are too many, or one of them cannot be.
        """
        if len(wishes) > MOST_AT_ONCE:
            raise BadInput(
                f"{len(wishes):,} people are more than can be invited at once.",
                f"Invite at most {MOST_AT_ONCE:,} at a time.",
            )
        for wish in wishes:
            check(wish)
        made = [(new_id(), new_token()) for _ in wishes]
        rows: list[dict[str, Any]] = [
            {
                "id": id_,
                "workspace_id": caller.workspace,
                "screen_id": screen,
                "hash": hashed(token),
                "name": wish.name.strip(),
                "email": wish.email.strip(),
                "reference": wish.reference.strip(),
                "extra_time": wish.extra_time,
                "asked": [],
            }
            for wish, (id_, token) in zip(wishes, made, strict=True)
        ]
        async with self._database.write() as connection:
            now = float(await connection.scalar(sa.select(unix_now())) or 0)
            for row, wish in zip(rows, wishes, strict=True):
                row |= {"created": now, "until": now + wish.days * DAY}
            if rows:
                await connection.execute(sa.insert(invites), rows)
            ids = [id_ for id_, _ in made]
            await audit.record(connection, caller, "invited", f"screen:{screen}", invites=ids)
        return made

    async def resend(self, caller: Caller, invite: str, days: float = LASTS) -> str:
        """A new token in the old one's place; the old link opens nothing any more."""
        token = new_token()
        new = {"hash": hashed(token), "until": unix_now() + days * DAY, "revoked": None}
        await self._set(caller, invite, "invited again", **new)
        return token

    async def revoke(self, caller: Caller, invite: str) -> None:
        """From now on its link and its cookies open nothing."""
        await self._set(caller, invite, "revoked", revoked=unix_now())

    async def extend(self, caller: Caller, invite: str, factor: float) -> None:
        """Give extra time, as a factor on the minutes; it counts from the next beginning."""
        check(NewInvite(extra_time=factor))
        await self._set(caller, invite, "given time", extra_time=factor)

    async def _set(self, caller: Caller, invite: str, action: str, **new: Any) -> None:
        await self.get(caller.workspace or "", invite)
        async with self._database.write() as connection:
            mine = invites.c.id == invite
            await connection.execute(sa.update(invites).where(mine).values(**new))
            await audit.record(connection, caller, action, f"invite:{invite}")

    async def get(self, workspace: str, invite: str) -> Invite:
        """An invite of this workspace."""
        mine = (invites.c.workspace_id == workspace) & (invites.c.id == invite)
        async with self._database.read() as connection:
            row = (await connection.execute(_columns().where(mine))).mappings().one_or_none()
        if row is None:
            raise NotFound("There is no such invite.", "Look at the screen's candidates.")
        return Invite(**row)

    async def of(self, workspace: str, screen: str) -> list[Invite]:
        """The invites of a screen, newest first."""
        mine = (invites.c.workspace_id == workspace) & (invites.c.screen_id == screen)
        query = _columns().where(mine).order_by(invites.c.created.desc(), invites.c.id)
        async with self._database.read() as connection:
            return [Invite(**row) for row in (await connection.execute(query)).mappings()]

    async def enter(self, token: str, agent: str) -> tuple[Invite, str] | None:
        """Swap a link's token for a cookie; None where it opens nothing.

        Each browser gets a cookie of its own, and the team sees how many there were.
        """
        mine = invites.c.hash == hashed(token)
        async with self._database.write() as connection:
            row = (await connection.execute(_columns().where(mine))).mappings().one_or_none()
            now = float(await connection.scalar(sa.select(unix_now())) or 0)
            if row is None or not (found := Invite(**row)).is_good(now):
                return None
            of_it = devices.c.invite_id == found.id
            many = await connection.scalar(sa.select(sa.func.count()).where(of_it)) or 0
            if many >= MOST_DEVICES:
                return None
            cookie = new_token()
            device = {"hash": hashed(cookie), "invite_id": found.id, "agent": agent[:200]}
            await connection.execute(sa.insert(devices).values(**device, created=now))
            if found.opened is None:
                first = invites.c.id == found.id
                await connection.execute(sa.update(invites).where(first).values(opened=now))
            await audit.record_in(
                connection,
                found.workspace_id,
                f"invite:{found.id}",
                "entered",
                f"invite:{found.id}",
                device=many + 1,
            )
        return found, cookie

    async def by_cookie(self, cookie: str) -> Invite | None:
        """Whose cookie it is; None where it opens nothing (any more).

        An invite that is past its day still shows its candidate where they stand.
        """
        mine = devices.c.hash == hashed(cookie)
        stands = invites.c.revoked.is_(None) & invites.c.erased.is_(None)
        query = _columns().join(devices, devices.c.invite_id == invites.c.id).where(mine & stands)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).mappings().one_or_none()
        return None if row is None else Invite(**row)


def check(wish: NewInvite) -> None:
    """Refuse what cannot be an invite.

    Raises:
        BadInput: it says what is wrong and how to mend it.
    """
    if len(wish.name) > 200 or len(wish.reference) > 200:
        raise BadInput("A name or reference is longer than 200 characters.", "Shorten it.")
    email = wish.email.strip()
    if email and (len(email) > 320 or "@" not in email or any(c.isspace() for c in email)):
        raise BadInput(f"{email[:40]!r} is no e-mail address.", "Write name@example.org.")
    if not 1 <= wish.extra_time <= 4:
        raise BadInput("Extra time is a factor from 1 to 4.", "Say 1.5 for half as much again.")
    if not 0 < wish.days <= MOST_DAYS:
        raise BadInput("An invite lasts up to 365 days.", "Say 14.")


def _columns() -> sa.Select[Any]:
    return sa.select(*(invites.c[name] for name in Invite.__dataclass_fields__))
