"""Why something was withdrawn from a kit, in words that were written about one person's contest.

They stand in the kit's later versions and in the interviews that were counted anew; when that
person is erased they give way to words of ours. What was withdrawn stays withdrawn.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from api.tables import ABOUT_CONTESTS, events, interviews
from knowledge.tables import kits

OURS = "A contest was upheld. The words that explained it were erased with the interview."


async def forget_reasons(connection: AsyncConnection, workspace: str, ids: Sequence[str]) -> None:
    """Put our words in the place of every reason that was given in these interviews."""
    given = await _given(connection, ids)
    if not given:
        return
    others = sa.select(events, interviews.c.kit).join(interviews).where(ABOUT_CONTESTS)
    others = others.where(events.c.type == "withdrawn", interviews.c.workspace_id == workspace)
    for row in (await connection.execute(others)).all():
        if (row.kit, row.body["atom"], row.body["reason"]) in given:
            mine = (events.c.interview_id == row.interview_id) & (events.c.seq == row.seq)
            body = row.body | {"reason": OURS}
            await connection.execute(sa.update(events).where(mine).values(body=body))
    for name in {kit for kit, _, _ in given}:
        await _forget_in_kit(connection, name, given)


Given = set[tuple[str, str, str]]
"""A kit's name, an atom and the reason."""


async def _given(connection: AsyncConnection, ids: Sequence[str]) -> Given:
    query = sa.select(interviews.c.kit, events.c.body).join_from(events, interviews)
    query = query.where(ABOUT_CONTESTS, events.c.type == "decided", interviews.c.id.in_(ids))
    rows = (await connection.execute(query)).all()
    return {(row.kit, atom, row.body["reason"]) for row in rows for atom in row.body["withdrawn"]}


async def _forget_in_kit(connection: AsyncConnection, name: str, given: Given) -> None:
    """A version keeps its name: what it asks and marks by is the same."""
    rows = await connection.execute(
        sa.select(kits.c.version, kits.c.body).where(kits.c.name == name)
    )
    for version, body in rows.all():
        atoms = [_without(atom, name, given) for atom in body["atoms"]]
        if atoms != body["atoms"]:
            mine = (kits.c.name == name) & (kits.c.version == version)
            new = body | {"atoms": atoms}
            await connection.execute(sa.update(kits).where(mine).values(body=new))


def _without(atom: dict[str, Any], kit: str, given: Given) -> dict[str, Any]:
    known = (kit, atom["id"], atom.get("withdrawn")) in given
    return atom | {"withdrawn": OURS} if known else atom
