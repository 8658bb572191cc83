"""What a table of candidates reads, each kind by one question to the database."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from api.hiring.reviewing import is_drawn
from api.hiring.screens import Screen
from api.hiring.tables import decisions, devices, invites, overrides, results, reviews, seen
from api.tables import THAT_FAILED, interviews, turns
from knowledge.database import unix_now

STUCK_AFTER = 15 * 60.0
"""Seconds from which a message without an answer is our failure."""


class Invited(NamedTuple):
    """An invite as the table needs it; times are Unix seconds."""

    id: str
    name: str
    email: str
    reference: str
    extra_time: float
    asked: bool
    until: float
    created: float
    opened: float | None
    declined: float | None
    revoked: float | None
    erased: float | None


class Held(NamedTuple):
    """An interview of an invite, with its result where there is one."""

    id: str
    invite_id: str
    attempt: int
    status: str
    updated: float
    over: float | None
    late: bool
    """Its result is missing, or of an earlier state."""
    ended: str | None
    failed: bool | None
    verdict: str | None
    provisional: bool | None
    probability: float | None
    level: float | None
    low: float | None
    high: float | None
    red: int | None
    green: int | None
    critical: int | None
    ungraded: int | None
    needs_person: int | None
    contests: int | None


class Read(NamedTuple):
    """All that rows are made of; `held` and `devices` are by invite, the rest by interview."""

    now: float
    invited: list[Invited]
    held: dict[str, Held]
    devices: Mapping[str, int]
    broke: set[str]
    decided: Mapping[str, tuple[str, float]]
    overridden: Mapping[str, str]
    read: Mapping[str, float]
    blind: frozenset[str]


async def read_rows(connection: AsyncConnection, whole: Screen, reader: str) -> Read:
    """All of a screen, as `reader` (an id) has seen it or not."""
    now, screen = float(await connection.scalar(sa.select(unix_now())) or 0), whole.id
    attempts = map(Held._make, (await connection.execute(_held(screen))).all())
    held = {attempt.invite_id: attempt for attempt in attempts}
    return Read(
        now=now,
        invited=list(map(Invited._make, (await connection.execute(_invited(screen))).all())),
        held=held,
        devices=_pairs(await connection.execute(_devices(screen))),
        broke=set(await connection.scalars(_broke(screen, now))),
        decided={
            id_: (outcome, at)
            for id_, outcome, at in (await connection.execute(_decided(screen))).all()
        },
        overridden=_pairs(await connection.execute(_overridden(screen))),
        read=_pairs(await connection.execute(_seen(screen, reader))),
        blind=await _blind(connection, whole, held.values()),
    )


async def _blind(
    connection: AsyncConnection, screen: Screen, held: Iterable[Held]
) -> frozenset[str]:
    """Those that a person is to mark first, and has not: `reviewing.blind_of`, for thousands."""
    if not screen.blind_share:
        return frozenset()
    joined = interviews.join(reviews, reviews.c.interview_id == interviews.c.id)
    mine = (interviews.c.screen_id == screen.id) & reviews.c.blind
    query = sa.select(reviews.c.interview_id).select_from(joined).where(mine)
    marked = set(await connection.scalars(query))
    return frozenset(
        each.id
        for each in held
        if each.id not in marked and is_drawn(screen.id, each.id, screen.blind_share)
    )


def _invited(screen: str) -> sa.Select[Any]:
    asked = sa.cast(invites.c.asked, sa.Text) != "[]"
    columns = (asked if name == "asked" else invites.c[name] for name in Invited._fields)
    return sa.select(*columns).where(invites.c.screen_id == screen).order_by(invites.c.id)


def _held(screen: str) -> sa.Select[Any]:
    """Interviews in the order of `Held`; the last attempt comes last."""
    columns = ("id", "invite_id", "attempt", "status", "updated", "ended")
    late = results.c.state_version.is_distinct_from(interviews.c.state_version)
    return (
        sa.select(
            *(interviews.c[name] for name in columns),
            late & (interviews.c.status == "ended"),
            *(results.c[name] for name in Held._fields[7:]),
        )
        .select_from(interviews.outerjoin(results, results.c.interview_id == interviews.c.id))
        .where(interviews.c.screen_id == screen, interviews.c.invite_id.is_not(None))
        .order_by(interviews.c.invite_id, interviews.c.attempt)
    )


def _devices(screen: str) -> sa.Select[Any]:
    mine = devices.c.invite_id.in_(sa.select(invites.c.id).where(invites.c.screen_id == screen))
    many = sa.func.count()
    grouped = sa.select(devices.c.invite_id, many).where(mine).group_by(devices.c.invite_id)
    return grouped.having(many > 1)


def _broke(screen: str, now: float) -> sa.CompoundSelect[Any]:
    """Interviews that go on, whose last message is not, or could not be, answered."""
    waits = (turns.c.status == "accepted") & (turns.c.accepted < now - STUCK_AFTER)
    last = turns.c.committed == interviews.c.updated
    mine = (interviews.c.screen_id == screen) & (interviews.c.status != "ended")
    joined = turns.join(interviews, interviews.c.id == turns.c.interview_id)
    waiting = sa.select(turns.c.interview_id).select_from(joined).where(mine, waits)
    failed = sa.select(turns.c.interview_id).select_from(joined).where(mine, THAT_FAILED, last)
    return waiting.union(failed)


def _decided(screen: str) -> sa.Select[Any]:
    """The last decision comes last."""
    joined = interviews.join(decisions, decisions.c.interview_id == interviews.c.id)
    columns = (decisions.c.interview_id, decisions.c.outcome, decisions.c.at)
    mine = interviews.c.screen_id == screen
    return sa.select(*columns).select_from(joined).where(mine).order_by(decisions.c.at)


def _overridden(screen: str) -> sa.Select[Any]:
    joined = interviews.join(overrides, overrides.c.interview_id == interviews.c.id)
    mine = (interviews.c.screen_id == screen) & (overrides.c.subject == "verdict")
    columns = (overrides.c.interview_id, overrides.c.value)
    return sa.select(*columns).select_from(joined).where(mine).order_by(overrides.c.at)


def _seen(screen: str, reader: str) -> sa.Select[Any]:
    joined = interviews.join(seen, seen.c.interview_id == interviews.c.id)
    mine = (interviews.c.screen_id == screen) & (seen.c.reader == reader)
    return sa.select(seen.c.interview_id, seen.c.at).select_from(joined).where(mine)


def _pairs(rows: Any) -> dict[str, Any]:
    return dict(iter(rows.all()))
