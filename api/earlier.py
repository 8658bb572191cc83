"""The practice that a person held before on the same kit: what a new one goes on from.

A person is whoever holds the same key to the practice door, the same account or invite in a
browser that knows its own interviews, or this machine where nobody else is let in.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from typing import TYPE_CHECKING

import sqlalchemy as sa

from agent.events import read_event
from agent.report import Report
from agent.report import report as make_report
from agent.state import Interview, completed
from agent.syllabus import Syllabus
from api.records import Interview as Stored
from api.store import Store
from api.tables import interviews, practice_interviews
from knowledge.database import Database
from knowledge.errors import NotFound

if TYPE_CHECKING:
    from api.conduct import Wish

MOST_LOOKED_AT = 20


async def last_practice(
    database: Database,
    wish: "Wish",
    *,
    key: str | None = None,
    among: Collection[str] | None = None,
) -> str | None:
    """The last practice that has ended on this kit and has something in common with the wish.

    Of those begun with this key (its id); without one of those begun at no door, if given
    `among` these.
    """
    if wish.mode != "practice":
        return None
    held = practice_interviews.c.key_id
    theirs = held.is_(None) if key is None else held == key
    theirs &= interviews.c.workspace_id == wish.workspace
    theirs &= interviews.c.user_id.is_not_distinct_from(wish.user)
    theirs &= interviews.c.invite_id.is_not_distinct_from(wish.invite)
    theirs &= (interviews.c.kit == wish.kit) & (interviews.c.mode == "practice")
    theirs &= (interviews.c.status == "ended") & interviews.c.state.is_not(None)
    if among is not None:
        theirs &= interviews.c.id.in_(among)
    query = (
        sa.select(interviews.c.id, interviews.c.state)
        .outerjoin(practice_interviews, practice_interviews.c.interview_id == interviews.c.id)
        .where(theirs)
        .order_by(interviews.c.ended.desc(), interviews.c.id)
        .limit(MOST_LOOKED_AT)
    )
    async with database.read() as connection:
        rows = (await connection.execute(query)).all()
    return next((id_ for id_, state in rows if _has_in_common(completed(state), wish)), None)


async def last_report(
    store: Store, stored: Stored, syllabus_of: Callable[[str, str], Awaitable[Syllabus]]
) -> Report | None:
    """The report of the practice that this one goes on from, where it is still there."""
    try:
        last = await store.load(stored.options.get("last") or "")
    except NotFound:
        return None
    events = [read_event(event.as_json()) for event in await store.events(last.id)]
    syllabus = await syllabus_of(last.kit, last.kit_version)
    return await asyncio.to_thread(make_report, last.id, events, syllabus)


def _has_in_common(state: Interview, wish: "Wish") -> bool:
    """A drill goes on from what was asked on its topic or question; a whole practice from one."""
    if wish.again:
        return any(testlet["question"] == wish.again for testlet in state["testlets"])
    if wish.drill:
        topic = wish.drill.strip().casefold()
        return any(testlet["subject"].casefold() == topic for testlet in state["testlets"])
    return bool(state["testlets"]) and not state["drill"]
