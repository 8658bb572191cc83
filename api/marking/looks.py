"""Who has seen what the machine, or other people, made of an interview.

Marks are blind if whoever made them had seen none of that. A look is kept once, the first, for
whoever is of the team and for every interview: it may come into a set later.
"""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from api.hiring.reviewing import TooEarly, blind_of, is_person
from api.identity.caller import Caller
from api.marking.tables import looks, marking_items, marking_sets, marking_sheets
from api.tables import interviews
from knowledge.database import Database, insert_into, unix_now

LOCAL = "local:"
"""Markers without an account share the machine, and so what was seen on it."""


async def show(database: Database, caller: Caller, interview_ids: Collection[str]) -> None:
    """Keep that the caller is shown what the machine made of these interviews.

    Raises:
        TooEarly: they are marking one of them and have not kept their marks.
    """
    if not (ids := set(interview_ids)) or not caller.is_team or not is_person(caller):
        return
    async with database.read() as connection:
        await _check_free(connection, caller, ids)
        new = ids - await seen_by(connection, caller, ids)
        new -= await blind_of(connection, interviews.c.id.in_(new)) if new else set()
    if new:
        async with database.write() as connection:
            await note(connection, caller, new)


async def note(connection: AsyncConnection, caller: Caller, ids: Collection[str]) -> None:
    """Keep a look as part of a transaction."""
    known = sa.select(interviews.c.id).where(interviews.c.id.in_(ids))
    rows = [{"interview_id": id_, "reader": caller.id} for id_ in await connection.scalars(known)]
    if rows:
        new = insert_into(looks, connection).values(at=unix_now()).on_conflict_do_nothing()
        for row in rows:
            await connection.execute(new.values(**row))


async def seen_by(
    connection: AsyncConnection, caller: Caller, ids: Collection[str]
) -> frozenset[str]:
    """Of these interviews, those that the caller has looked at."""
    mine = (looks.c.reader == caller.id) & looks.c.interview_id.in_(ids)
    return frozenset(await connection.scalars(sa.select(looks.c.interview_id).where(mine)))


async def held_by(connection: AsyncConnection, caller: Caller) -> dict[str, tuple[str, str, int]]:
    """Interviews that the caller is marking in open sets: the set's id, its title, the number."""
    sheets = marking_sheets.c
    mine = sheets.marker == caller.id
    if caller.is_local:
        mine |= sheets.marker.startswith(LOCAL)
    query = (
        sa.select(
            sheets.interview_id, marking_sets.c.id, marking_sets.c.title, marking_items.c.number
        )
        .join(marking_sets, marking_sets.c.id == sheets.set_id)
        .join(
            marking_items,
            (marking_items.c.set_id == sheets.set_id)
            & (marking_items.c.interview_id == sheets.interview_id),
        )
        .where(mine, sheets.at.is_(None), marking_sets.c.closed.is_(None))
    )
    return {row[0]: (row[1], row[2], row[3]) for row in await connection.execute(query)}


async def _check_free(connection: AsyncConnection, caller: Caller, ids: Collection[str]) -> None:
    held = await held_by(connection, caller)
    if found := next((held[id_] for id_ in ids if id_ in held), None):
        _, title, number = found
        raise TooEarly(
            f"You are marking this interview: it is number {number} of the set “{title}”.",
            "Keep your marks first, or give it back on the page of the set; then it is shown.",
        )
