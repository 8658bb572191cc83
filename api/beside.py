"""Interviews of one screen beside each other: how each was treated, and how they compare.

They have the kit version, the level, the form and the minutes in common; those held without a
screen are beside others held without one. A tally is made from an interview's state, one small
row, so that no log but one's own is read for a report.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import cast

import sqlalchemy as sa

from agent.events import MarkSource, read_event
from agent.report.argument import Comparison, Receipt
from agent.report.compare import Side, check_number, compare, side
from agent.report.receipt import Tally, receipt, tally
from agent.state import completed
from agent.syllabus import Syllabus
from api.hiring.tables import screens
from api.records import Interview, Json
from api.store import Store
from api.tables import events, interviews
from knowledge.database import Database

NEWEST = 200
"""Of the other interviews, so many at most are compared with."""


async def receipt_of(store: Store, stored: Interview) -> Receipt | None:
    """How a screen that is over went beside the others; None for any other interview.

    No range is shown of fewer than three others: to a candidate it would show one person's, and
    nobody stands out among two.
    """
    if stored.mode != "screen" or stored.status != "ended" or stored.state is None:
        return None
    mine = _tally(stored.state, stored.examiner, stored.screen_id)
    others = await _others(store.database, stored)
    return receipt(mine, others)


async def compared(
    store: Store,
    interview_ids: Sequence[str],
    syllabus_of: Callable[[str, str], Awaitable[Syllabus]],
) -> Comparison:
    """These interviews side by side.

    Raises:
        NotFound: there is no such interview.
        BadInput: they are too few or too many, have not begun, or are not of one kind.
    """
    ids = list(dict.fromkeys(interview_ids))
    check_number(len(ids))
    sides = [await _side(store, interview_id, syllabus_of) for interview_id in ids]
    return await asyncio.to_thread(compare, sides)


async def _side(
    store: Store, interview_id: str, syllabus_of: Callable[[str, str], Awaitable[Syllabus]]
) -> Side:
    stored = await store.load(interview_id)
    syllabus = await syllabus_of(stored.kit, stored.kit_version)
    log = [read_event(event.as_json()) for event in await store.events(interview_id)]
    made = await asyncio.to_thread(side, interview_id, log, syllabus)
    if stored.screen_id is None:
        return made
    usual = sa.select(screens.c.minutes).where(screens.c.id == stored.screen_id)
    async with store.database.read() as connection:
        minutes = await connection.scalar(usual) or made.header.minutes
    return replace(made, header=made.header.model_copy(update={"minutes": minutes}))


async def _others(database: Database, mine: Interview) -> list[Tally]:
    """The newest others that came to their end; who left early was not put what the rest were."""
    same = (interviews.c[name] == getattr(mine, name) for name in ("kit", "kit_version", "level"))
    others = sa.and_(*same, interviews.c.mode == "screen", interviews.c.status == "ended")
    others &= interviews.c.workspace_id == mine.workspace_id
    others &= interviews.c.screen_id.is_not_distinct_from(mine.screen_id)
    others &= (interviews.c.id != mine.id) & interviews.c.state.is_not(None)
    columns = (interviews.c[name] for name in ("id", "state", "examiner", "options"))
    newest = sa.select(*columns).where(others).order_by(interviews.c.ended.desc(), interviews.c.id)
    async with database.read() as connection:
        rows = (await connection.execute(newest.limit(NEWEST))).all()
        terms = _terms(mine.options, mine.screen_id)
        of_screen = [row for row in rows if _terms(row.options, mine.screen_id) == terms]
        ended = (events.c.type == "ended") & events.c.interview_id.in_(r.id for r in of_screen)
        reasons = sa.select(events.c.interview_id, events.c.body).where(ended)
        how = {id_: body["reason"] for id_, body in await connection.execute(reasons)}
    return [
        _tally(row.state, row.examiner, mine.screen_id)
        for row in of_screen
        if how.get(row.id) == "complete"
    ]


def _terms(options: Json, screen: str | None) -> tuple[float | None, list[str]]:
    """In a screen that is a thing of its own, other minutes are somebody's extra time."""
    minutes = None if screen else options["minutes"]
    return minutes, list(options.get("form", ()))


def _tally(state: Json, examiner: str, screen: str | None) -> Tally:
    return tally(completed(state), cast("MarkSource", examiner), timed=screen is None)
