"""Erasing a person: all that they said and all that was said of them, in one transaction.

What stays of somebody invited is an empty invite that says when it was erased, and the audit log,
which holds ids alone. `knowledge.scrubbing` then takes the bytes out of the files.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from api.hiring import audit, webhooks
from api.hiring.holds import Held, OnHold, holds_in
from api.hiring.reasons import forget_reasons
from api.hiring.tables import deliveries, devices, invites, screens, usage
from api.hiring.workspace_settings import settings_of
from api.identity.caller import Caller
from api.identity.tokens import hashed, new_token
from api.store import seat_of
from api.tables import interviews, leases, turns
from knowledge.database import Database, unix_now
from knowledge.errors import NotFound
from knowledge.tables import kits, metadata

RETENTION = Caller(roles=frozenset({"admin"}), name="retention", id="retention")
"""Who erases what is past its time."""

OPERATED = Caller(roles=frozenset({"admin"}), name="the operator", id="operator")
"""Whoever runs the machine's own commands, for every workspace."""

EVERYWHERE = (RETENTION, OPERATED)

ERASED = "erased"
ASKED = "asked to be erased"
AT_ONCE = 500  # ids in one question to the database

NOBODY_SAYS: dict[Held, str] = {
    "workspace": "Everything here is kept for a legal matter.",
    "screen": "What belongs to this screen is kept for a legal matter.",
    "invite": "This is kept for a legal matter.",
}


@dataclass(frozen=True)
class Erased:
    """What went: `object` as the audit log names it, `at` in Unix seconds."""

    object: str
    at: float
    interviews: int
    messages: int


class Erasing:
    """Erases people from one database. Methods raise NotFound for what another workspace has, and
    OnHold, having changed nothing but the audit log, where a legal hold is on."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def invite(self, caller: Caller, invite: str) -> Erased:
        """Somebody invited: the invite's own fields, and each interview held with it.

        Whoever holds the invite may do it themselves, before and after the interview.
        """
        async with self._database.write() as connection:
            row = await _invite(connection, caller, invite)
            held = await _held(connection, row.workspace_id, row.screen_id, invite)
            if held is None:
                return await _erase_invite(connection, caller, row)
            await self._note(connection, row.workspace_id, caller, f"invite:{invite}")
        raise _on_hold(held, row.contact)

    async def interview(self, caller: Caller, interview: str) -> Erased:
        """An interview that nobody was invited to: one's own practice, or one of the desk's."""
        columns = (interviews.c[name] for name in ("id", "workspace_id", "screen_id", "invite_id"))
        mine = (interviews.c.id == interview) & interviews.c.invite_id.is_(None)
        if caller not in EVERYWHERE:
            mine &= interviews.c.workspace_id == caller.workspace
        async with self._database.write() as connection:
            row = (await connection.execute(sa.select(*columns).where(mine))).one_or_none()
            if row is None:
                raise NotFound(
                    f"There is no interview {interview!r} that was held without an invite.",
                    "Look at its id; of somebody invited, erase the invite.",
                )
            held = await _held(connection, row.workspace_id, row.screen_id, None)
            if held is None:
                messages = await _messages(connection, [interview])
                await _erase_interviews(connection, row.workspace_id, [interview])
                gone = (f"interview:{interview}", 1, messages)
                return await _told(connection, caller, row.workspace_id, gone)
            await self._note(connection, row.workspace_id, caller, f"interview:{interview}")
        raise _on_hold(held, "")

    async def _note(
        self, connection: AsyncConnection, workspace: str, caller: Caller, object_: str
    ) -> None:
        """That it was asked for stays in the log, so that it can be done when the hold ends."""
        if caller is not RETENTION:
            await audit.record_in(connection, workspace, caller.id, ASKED, object_)


@dataclass(frozen=True)
class _Invited:
    id: str
    workspace_id: str
    screen_id: str
    contact: str


async def _invite(connection: AsyncConnection, caller: Caller, invite: str) -> _Invited:
    mine = invites.c.id == invite
    if caller not in EVERYWHERE and invite != caller.invite:
        mine &= invites.c.workspace_id == caller.workspace
    query = (
        sa.select(invites.c.id, invites.c.workspace_id, invites.c.screen_id, screens.c.texts)
        .join(screens, screens.c.id == invites.c.screen_id)
        .where(mine, invites.c.erased.is_(None))
        .with_for_update(of=invites)
    )
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        raise NotFound("There is no such invite, or it is erased.", "There is nothing to do.")
    contact = str((row.texts or {}).get("contact") or "")
    return _Invited(row.id, row.workspace_id, row.screen_id, contact)


async def _held(
    connection: AsyncConnection, workspace: str, screen: str | None, invite: str | None
) -> Held | None:
    return holds_in(await settings_of(connection, workspace)).on(screen, invite)


def _on_hold(held: Held, contact: str) -> OnHold:
    whom = f"For more, ask: {contact}." if contact else "For more, ask whoever runs Viva here."
    return OnHold(
        f"{NOBODY_SAYS[held]} It cannot be erased yet; nothing was. The wish is noted, and it is "
        "erased when the hold ends.",
        whom,
    )


async def _erase_invite(connection: AsyncConnection, caller: Caller, row: _Invited) -> Erased:
    theirs = sa.select(interviews.c.id).where(interviews.c.invite_id == row.id)
    ids = list(await connection.scalars(theirs))
    messages = await _messages(connection, ids)
    await _erase_interviews(connection, row.workspace_id, ids)
    await _forget_deliveries(connection, row.workspace_id, [row.id])
    await connection.execute(sa.delete(devices).where(devices.c.invite_id == row.id))
    empty: dict[str, Any] = {"name": "", "email": "", "reference": "", "asked": [], "waits": None}
    empty |= {"extra_time": 1.0, "hash": hashed(new_token()), "erased": unix_now()}
    mine = invites.c.id == row.id
    await connection.execute(sa.update(invites).where(mine).values(**empty))
    await webhooks.tell(connection, row.workspace_id, "candidate.erased", invite=row.id)
    gone = (f"invite:{row.id}", len(ids), messages)
    return await _told(connection, caller, row.workspace_id, gone)


async def _told(
    connection: AsyncConnection, caller: Caller, workspace: str, gone: tuple[str, int, int]
) -> Erased:
    object_, many, messages = gone
    told = {"interviews": many, "messages": messages}
    await audit.record_in(connection, workspace, caller.id, ERASED, object_, **told)
    at = float(await connection.scalar(sa.select(unix_now())) or 0)
    return Erased(object_, at, many, messages)


async def _messages(connection: AsyncConnection, ids: Sequence[str]) -> int:
    heard = turns.c.interview_id.in_(ids) & (turns.c.kind != "open")
    return int(await connection.scalar(sa.select(sa.func.count()).where(heard)) or 0)


async def _erase_interviews(
    connection: AsyncConnection, workspace: str, ids: Sequence[str]
) -> None:
    """Rows of other tables that belong to an interview go with it."""
    if not ids:
        return
    await forget_reasons(connection, workspace, ids)
    await _forget_deliveries(connection, workspace, ids)
    scopes = [f"interview:{id_}" for id_ in ids]
    await connection.execute(sa.delete(usage).where(usage.c.scope.in_(scopes)))
    seats = [seat_of(id_) for id_ in ids]
    await connection.execute(sa.delete(leases).where(leases.c.name.in_(seats)))
    await connection.execute(sa.delete(interviews).where(interviews.c.id.in_(ids)))


async def _forget_deliveries(
    connection: AsyncConnection, workspace: str, ids: Collection[str]
) -> None:
    """Messages to other systems that name one of these, sent or not."""
    names = sa.or_(*(deliveries.c.body.contains(id_, autoescape=True) for id_ in ids))
    mine = deliveries.c.workspace_id == workspace
    await connection.execute(sa.delete(deliveries).where(mine & names))


def touched() -> list[sa.Table]:
    """Every table that erasing takes something out of."""
    people = {interviews, invites}
    belongs = {t for t in metadata.tables.values() if people & _parents(t)}
    all_ = people | belongs | {usage, deliveries, leases, kits}
    return sorted(all_, key=lambda table: table.name)


def _parents(table: sa.Table) -> set[sa.Table]:
    return {key.column.table for key in table.foreign_keys}
