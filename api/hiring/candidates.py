"""The candidates of a screen, a row each: where they stand, and what there is to look at."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from api.hiring.choosing import Choice, Page, chosen, page
from api.hiring.results import Results
from api.hiring.screens import Screen
from api.hiring.standing_rows import HELD, Standing, Status, standings
from api.hiring.tables import devices, invites, results
from api.tables import interviews
from knowledge.database import Database

MADE_AT_ONCE = 20
"""Results worked out while somebody waits for the table; the rest follows by itself."""


class Candidate(NamedTuple):
    """One candidate, whole; what is said of the interview is of the last attempt."""

    invite: str
    name: str
    email: str
    reference: str
    extra_time: float | None
    """The factor on the minutes that was given; None: not for this reader."""
    asked: bool | None
    """They asked for more time, or another way; None: not for this reader."""
    status: Status
    when: float
    """Unix seconds of what happened last."""
    devices: int | None
    """Browsers that the invite's link was opened in."""
    attempts: int
    interview: str | None
    ended: str | None
    """Why the interview ended."""
    verdict: str | None
    """The machine's, where it is told: over, no practice, and not to be marked by a person first;
    nor is what follows, but contests and wishes, told without."""
    overridden: str | None
    """A person's verdict, beside the machine's."""
    provisional: bool
    probability: float | None
    level: float | None
    low: float | None
    high: float | None
    red: int
    green: int
    critical: int
    ungraded: int
    needs_person: int
    contests: int
    wishes: int
    """1 where they asked for a person or another way, and wait for an answer; else 0."""
    decision: str | None
    unread: bool
    blind: bool
    """A person marks it before anybody sees what the machine made of it."""


class Candidates:
    """The candidates of one database's screens; `reader` (an id) has seen them or not."""

    def __init__(self, database: Database, results: Results, *, recruits: bool = True) -> None:
        self._database = database
        self._results = results
        self._recruits = recruits

    async def page(
        self, screen: Screen, reader: str, choice: Choice, number: int, per_page: int
    ) -> tuple[Page, list[Candidate]]:
        """A page, and its candidates whole, as of one moment."""
        async with self._read(screen, reader) as (connection, rows):
            made = page(rows, choice, number, per_page)
            return made, await whole(connection, made.rows)

    async def chosen(self, screen: Screen, reader: str, choice: Choice) -> list[Standing]:
        """Those that are wanted, in order."""
        async with self._read(screen, reader) as (_, rows):
            return chosen(rows, choice)

    @asynccontextmanager
    async def _read(
        self, screen: Screen, reader: str
    ) -> AsyncIterator[tuple[AsyncConnection, list[Standing]]]:
        async with self._database.read() as connection:
            rows = await self._standings(connection, screen, reader)
            if screen.mode == "practice" or not any(row.late for row in rows):
                yield connection, rows
                return
        await self._results.catch_up(screen.id, MADE_AT_ONCE)
        async with self._database.read() as connection:
            yield connection, await self._standings(connection, screen, reader)

    async def _standings(
        self, connection: AsyncConnection, screen: Screen, reader: str
    ) -> list[Standing]:
        """Who asked for something is told to those who can answer."""
        rows = await standings(connection, screen, reader)
        if self._recruits:
            return rows
        return [row._replace(wishes=0) if row.wishes else row for row in rows]


def without_asked(row: Candidate, *, is_team: bool = True) -> Candidate:
    """For who recruits not: nothing of other time or ways; beyond the team, of browsers neither."""
    devices = row.devices if is_team else None
    return row._replace(extra_time=None, asked=None, wishes=0, devices=devices)


async def whole(connection: AsyncConnection, rows: Sequence[Standing]) -> list[Candidate]:
    """The same with the rest that is told of each; who was deleted meanwhile is left out."""
    ids = {"ids": [row.invite for row in rows]}
    rest = {row[0]: row[1:] for row in (await connection.execute(REST, ids)).all()}
    return [_candidate(row, *rest[row.invite]) for row in rows if row.invite in rest]


def _rest() -> sa.Select[Any]:
    """In the order of `_candidate`."""
    opened_in = sa.select(sa.func.count()).where(devices.c.invite_id == invites.c.id)
    at_least = sa.case((invites.c.opened.is_(None), 0), else_=1)
    mine = invites.c.id.in_(sa.bindparam("ids", expanding=True))
    query = sa.select(
        *(invites.c.id, invites.c.extra_time, sa.cast(invites.c.asked, sa.Text) != "[]"),
        *(opened_in.scalar_subquery(), at_least, sa.func.coalesce(interviews.c.attempt, 0)),
        *(results.c[name] for name in ("ended", "provisional", "level", "low", "high")),
    ).select_from(HELD)
    return query.where(mine)


REST = _rest()


def _candidate(
    row: Standing,
    extra_time: float,
    asked: bool,
    opened_in: int,
    at_least: int,
    attempts: int,
    ended: str | None,
    provisional: bool | None,
    level: float | None,
    low: float | None,
    high: float | None,
) -> Candidate:
    is_told = row.verdict is not None
    known = {name: getattr(row, name) for name in Candidate._fields if name in Standing._fields}
    return Candidate(
        **known,
        provisional=is_told and bool(provisional),
        level=level if is_told else None,
        low=low if is_told else None,
        high=high if is_told else None,
        extra_time=extra_time,
        asked=asked,
        devices=max(opened_in, at_least),
        attempts=attempts,
        ended=ended,
    )
