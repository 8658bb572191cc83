"""Invites: one person, one screen, one secret that is swapped for a cookie when first used."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from api.hiring import audit
from api.hiring.invite import LASTS, Device, Found, check, key_of
from api.hiring.invite import Invite as Invite
from api.hiring.invite import NewInvite as NewInvite
from api.hiring.tables import devices, invites, screens
from api.identity.caller import Caller
from api.identity.tokens import hashed, new_id, new_token
from api.moments import DAY
from api.tables import interviews
from knowledge.database import Database, unix_now
from knowledge.errors import BadInput, NotFound

MOST_AT_ONCE = 5_000
MOST_DEVICES = 20
AT_A_TIME = 100
"""Invites on one page."""


class Invites:
    """The invites of one database. Methods raise NotFound for what another workspace has."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def make(
        self, caller: Caller, screen: str, wishes: Sequence[NewInvite], *, once: bool = False
    ) -> list[tuple[str, str]]:
        """Invite people, all or nobody; each invite's id and its token, which is nowhere kept.

        `once` refuses whoever holds an invite to this screen already, or is named twice.

        Raises:
            NotFound: the workspace has no such screen.
            BadInput: they are too many, one of them cannot be, or the screen is not open.
        """
        if len(wishes) > MOST_AT_ONCE:
            raise BadInput(
                f"{len(wishes):,} people are more than can be invited at once.",
                f"Invite at most {MOST_AT_ONCE:,} at a time.",
            )
        for wish in wishes:
            check(wish)
        made = [(new_id(), new_token()) for _ in wishes]
        async with self._database.write() as connection:
            await _check_open(connection, caller, screen)
            if once:
                known = await _known(connection, screen)
                _check_new([wish.key for wish in wishes], known)
            now = float(await connection.scalar(sa.select(unix_now())) or 0)
            rows = [
                _row(wish, id_, token, now)
                | {"workspace_id": caller.workspace, "screen_id": screen}
                for wish, (id_, token) in zip(wishes, made, strict=True)
            ]
            if rows:
                await connection.execute(sa.insert(invites), rows)
                ids = [id_ for id_, _ in made]
                await audit.record(connection, caller, "invited", f"screen:{screen}", invites=ids)
        return made

    async def known(self, workspace: str, screen: str) -> set[str]:
        """Whoever holds an invite to this screen that was not revoked, as `NewInvite.key`."""
        async with self._database.read() as connection:
            return await _known(connection, screen, workspace)

    async def resend(self, caller: Caller, invite: str, days: float = LASTS) -> str:
        """A new token in the old one's place; the old link and its cookies open nothing any more.

        Raises:
            BadInput: the person was erased.
        """
        check(NewInvite(days=days))
        token = new_token()
        new = {"hash": hashed(token), "until": unix_now() + days * DAY, "revoked": None}
        await self._set(caller, invite, "invited again", **new)
        return token

    async def resend_unopened(
        self, caller: Caller, screen: str, days: float = LASTS
    ) -> list[tuple[str, str]]:
        """New tokens for all who have not opened theirs; each invite's id and its token.

        Raises:
            BadInput: the screen is not open.
        """
        check(NewInvite(days=days))
        nothing = (
            invites.c[name].is_(None) for name in ("opened", "declined", "revoked", "erased")
        )
        mine = sa.and_(invites.c.screen_id == screen, *nothing)
        async with self._database.write() as connection:
            await _check_open(connection, caller, screen)
            query = (
                sa.select(invites.c.id).where(mine).order_by(invites.c.created).limit(MOST_AT_ONCE)
            )
            made = [(str(id_), new_token()) for id_ in await connection.scalars(query)]
            if made:
                until = unix_now() + days * DAY
                of_it = invites.c.id == sa.bindparam("of_it")
                new = sa.update(invites).where(of_it).values(hash=sa.bindparam("new"), until=until)
                rows = [{"of_it": id_, "new": hashed(token)} for id_, token in made]
                await connection.execute(new, rows)
                ids = [id_ for id_, _ in made]
                await audit.record(
                    connection, caller, "invited again", f"screen:{screen}", invites=ids
                )
        return made

    async def revoke(self, caller: Caller, invite: str) -> None:
        """From now on its link and its cookies open nothing."""
        await self._set(caller, invite, "revoked", revoked=unix_now())

    async def extend(self, caller: Caller, invite: str, factor: float) -> None:
        """Give extra time, as a factor on the minutes; it counts from the next beginning.

        It answers what was asked for, too.
        """
        check(NewInvite(extra_time=factor))
        await self._set(caller, invite, "given time", extra_time=factor, waits=None)

    async def answered(self, caller: Caller, invite: str) -> None:
        """Keep that the team has answered all that was asked for so far."""
        await self._set(caller, invite, "answered a wish", waits=None)

    async def _set(self, caller: Caller, invite: str, action: str, **new: Any) -> None:
        found = await self.get(caller.workspace or "", invite)
        if found.erased is not None:
            raise BadInput("This person was erased.", "Nothing can be changed of them.")
        async with self._database.write() as connection:
            if "hash" in new:
                await connection.execute(sa.delete(devices).where(devices.c.invite_id == invite))
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

    async def look(
        self, workspace: str, screen: str, words: str = "", *, skip: int = 0, most: int = AT_A_TIME
    ) -> Found:
        """Some of a screen's invites, newest first; `words` stand in name, address or reference."""
        mine = (invites.c.workspace_id == workspace) & (invites.c.screen_id == screen)
        if words.strip():
            texts = (invites.c.name, invites.c.email, invites.c.reference)
            sought = words.strip()
            mine &= sa.or_(*(text.icontains(sought, autoescape=True) for text in texts))
        order = (invites.c.created.desc(), invites.c.name, invites.c.id)
        newest = _columns().where(mine).order_by(*order)
        page = newest.offset(skip).limit(most)
        async with self._database.read() as connection:
            many = await connection.scalar(sa.select(sa.func.count()).where(mine)) or 0
            found = [Invite(**row) for row in (await connection.execute(page)).mappings()]
            of_them = devices.c.invite_id.in_([each.id for each in found])
            count = sa.select(devices.c.invite_id, sa.func.count()).where(of_them)
            rows = await connection.execute(count.group_by(devices.c.invite_id))
            return Found(found, {row[0]: row[1] for row in rows}, many)

    async def holding(
        self, workspace: str, screen: str, tokens: Sequence[str]
    ) -> list[tuple[Invite, str]]:
        """The invites of a screen that these tokens are of, in their order, each with its own."""
        hashes = {hashed(token): token for token in tokens[:MOST_AT_ONCE]}
        mine = (invites.c.workspace_id == workspace) & (invites.c.screen_id == screen)
        query = _columns().add_columns(invites.c.hash).where(mine & invites.c.hash.in_(hashes))
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).mappings()
            found = {row["hash"]: dict(row) for row in rows}
        kept = ((found[hash_], token) for hash_, token in hashes.items() if hash_ in found)
        return [(Invite(**_without_hash(row)), token) for row, token in kept]

    async def devices(self, invite: str) -> list[Device]:
        """The browsers in which it was opened, in order."""
        of_it = devices.c.invite_id == invite
        query = sa.select(devices.c.agent, devices.c.created).where(of_it)
        async with self._database.read() as connection:
            rows = await connection.execute(query.order_by(devices.c.created))
            return [Device(*row) for row in rows]

    async def enter(self, token: str, agent: str) -> tuple[Invite, str] | None:
        """Swap a link's token for a cookie; None where it opens nothing.

        Each browser gets a cookie of its own, and the team sees how many there were.
        """
        mine = invites.c.hash == hashed(token)
        async with self._database.write() as connection:
            row = (await connection.execute(_columns().where(mine))).mappings().one_or_none()
            now = float(await connection.scalar(sa.select(unix_now())) or 0)
            if row is None:
                return None
            found = Invite(**row)
            if not (found.is_good(now) or await _still_shows(connection, found)):
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


async def _check_open(connection: AsyncConnection, caller: Caller, screen: str) -> None:
    """Hold the screen as it is until this transaction ends, so that two lists come in turn."""
    mine = (screens.c.id == screen) & (screens.c.workspace_id == caller.workspace)
    status = await connection.scalar(sa.select(screens.c.status).where(mine).with_for_update())
    if status is None:
        raise NotFound("There is no such screen.", "Look at the list of screens.")
    if status != "open":
        told = "is not open yet" if status == "draft" else "is closed"
        remedy = "Open it first." if status == "draft" else "Make a new screen."
        raise BadInput(f"The screen {told}, so nobody can be invited to it.", remedy)


async def _known(
    connection: AsyncConnection, screen: str, workspace: str | None = None
) -> set[str]:
    stands = invites.c.revoked.is_(None) & invites.c.erased.is_(None)
    mine = (invites.c.screen_id == screen) & stands
    if workspace is not None:
        mine &= invites.c.workspace_id == workspace
    query = sa.select(invites.c.email, invites.c.reference).where(mine)
    rows = await connection.execute(query)
    return {key for email, reference in rows if (key := key_of(email, reference))}


def _check_new(keys: Iterable[str], known: set[str]) -> None:
    told = set(known)
    for key in filter(None, keys):
        if key in told:
            again = "already invited to this screen" if key in known else "named twice"
            raise BadInput(f"{key[:80]} is {again}.", "Leave them out; nobody was invited.")
        told.add(key)


def _row(wish: NewInvite, id_: str, token: str, now: float) -> dict[str, Any]:
    return {
        "id": id_,
        "hash": hashed(token),
        "name": wish.name.strip(),
        "email": wish.email.strip(),
        "reference": wish.reference.strip(),
        "extra_time": wish.extra_time,
        "asked": [],
        "created": now,
        "until": now + wish.days * DAY,
    }


async def _still_shows(connection: AsyncConnection, invite: Invite) -> bool:
    """Whether it is only past its day, and its candidate has an interview to look at."""
    if invite.revoked is not None or invite.erased is not None:
        return False
    held = sa.exists().where(interviews.c.invite_id == invite.id)
    return bool(await connection.scalar(sa.select(held)))


def _without_hash(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in Invite.__dataclass_fields__}


def _columns() -> sa.Select[Any]:
    return sa.select(*(invites.c[name] for name in Invite.__dataclass_fields__))
