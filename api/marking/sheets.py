"""Marking: the next interview is taken, its marks are drafted, kept, corrected or given back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from api.hiring import audit
from api.hiring.reviewing import PersonMark, TooEarly, checked, checked_marks
from api.identity.caller import Caller
from api.marking.looks import seen_by
from api.marking.model import Entry, Mark, Marker, MarkingSet, Points
from api.marking.sets import check_open, entries_of, set_in
from api.marking.tables import marking_items, marking_rulings, marking_sheets
from api.tables import interviews
from knowledge.database import Database, unix_now
from knowledge.errors import BadInput, NotFound

LONGEST_DRAFT = 200_000
"""Characters of all that stands in a form."""


class Sheets:
    """What people mark in one database's sets. Methods raise NotFound for what is not there, or
    was not taken by whoever asks, and BadInput for whoever may not mark."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def take(self, caller: Caller, set_id: str, marker: Marker) -> int | None:
        """The number of the interview that this person marks next; None: there is none for them.

        What they have begun comes first, then what has the fewest marks, and of these what they
        have not looked at elsewhere. Two people who ask at once are never both the last needed.

        Raises:
            TooEarly: the set is closed.
        """
        async with self._database.write() as connection:
            found = await _marked_by(connection, caller, set_id)
            check_open(found)
            entries = await entries_of(connection, set_id)
            begun = [e for e in entries if any(s.marker == marker.id for s in e.taken)]
            if begun:
                return begun[0].number
            entry = await _next(connection, caller, found, entries, marker)
            if entry is None:
                return None
            row: dict[str, Any] = {"set_id": set_id, "marker": marker.id}
            row["interview_id"] = entry.interview
            row |= {"name": marker.name, "text": "", "is_author": False, "blind": False}
            await connection.execute(sa.insert(marking_sheets).values(**row, touched=unix_now()))
            return entry.number

    async def give_back(self, set_id: str, interview: str, marker: Marker) -> None:
        """Let others have it; what was drafted is dropped, marks that are in stay."""
        mine = _own(set_id, interview, marker) & marking_sheets.c.at.is_(None)
        async with self._database.write() as connection:
            await connection.execute(sa.delete(marking_sheets).where(mine))

    async def of(self, set_id: str, interview: str, marker: Marker) -> Mapping[str, Any]:
        """The row of what this person has marked, or drafted."""
        async with self._database.read() as connection:
            return await _row(connection, set_id, interview, marker)

    async def draft(
        self, set_id: str, interview: str, marker: Marker, fields: Mapping[str, str]
    ) -> None:
        """Keep what stands in the form, though it is not complete, and even in a closed set.

        Raises:
            BadInput: it is too much.
        """
        if sum(len(name) + len(value) for name, value in fields.items()) > LONGEST_DRAFT:
            raise BadInput("That is too much for a draft.", "Shorten what you wrote.")
        async with self._database.write() as connection:
            await _row(connection, set_id, interview, marker)
            new = {"draft": dict(fields), "touched": unix_now()}
            mine = _own(set_id, interview, marker)
            await connection.execute(sa.update(marking_sheets).where(mine).values(**new))

    async def keep(
        self,
        caller: Caller,
        set_id: str,
        interview: str,
        marker: Marker,
        points: Points,
        given: Iterable[PersonMark],
        *,
        is_author: bool = False,
        text: str = "",
    ) -> bool:
        """Keep a person's marks, or their correction; whether they are blind.

        The same sent again changes nothing.

        Raises:
            BadInput: a point is left out, a text is too long, or words stand in no answer.
            TooEarly: the set is closed, or the interview settled.
        """
        marks = [
            asdict(Mark(m.question, points.questions[m.question], m.atom, m.verdict, m.words))
            for m in checked_marks(points.asked, given)
        ]
        new: dict[str, Any] = {"marks": marks, "is_author": is_author}
        new["text"] = checked(text, "A remark", required=False)
        async with self._database.write() as connection:
            check_open(await _marked_by(connection, caller, set_id))
            row = await _row(connection, set_id, interview, marker)
            if all(row[name] == value for name, value in new.items()) and row["draft"] is None:
                return bool(row["blind"])
            await _check_unsettled(connection, set_id, interview)
            new["blind"] = not await seen_by(connection, caller, [interview])
            mine = _own(set_id, interview, marker)
            at = {"at": unix_now(), "touched": unix_now(), "draft": None}
            await connection.execute(sa.update(marking_sheets).where(mine).values(**new, **at))
            what = "marked" if row["at"] is None else "corrected marks"
            detail = {"marking": set_id, "blind": new["blind"], "author": is_author}
            await audit.record(connection, caller, what, f"interview:{interview}", **detail)
            return bool(new["blind"])


async def interview_of(database: Database, set_id: str, number: int) -> str:
    """The interview that has this number in a set.

    Raises:
        NotFound: there is none.
    """
    mine = (marking_items.c.set_id == set_id) & (marking_items.c.number == number)
    async with database.read() as connection:
        found = await connection.scalar(sa.select(marking_items.c.interview_id).where(mine))
    if found is None:
        raise NotFound(f"There is no interview {number} in this set.", "Go back to the set.")
    return str(found)


async def _next(
    connection: AsyncConnection,
    caller: Caller,
    found: MarkingSet,
    entries: Sequence[Entry],
    marker: Marker,
) -> Entry | None:
    now = float(await connection.scalar(sa.select(unix_now())) or 0)
    ids = [entry.interview for entry in entries]
    practised = interviews.c.id.in_(ids) & (interviews.c.user_id == (caller.user or ""))
    own = set(await connection.scalars(sa.select(interviews.c.id).where(practised)))
    seen = await seen_by(connection, caller, ids)
    free = [
        entry
        for entry in entries
        if entry.spoken_for(now) < found.needed
        and not entry.is_known_to(marker)
        and entry.interview not in own
    ]
    order = [(e.spoken_for(now), e.interview in seen, e.number, e) for e in free]
    return min(order, key=lambda each: each[:3])[3] if order else None


async def _marked_by(connection: AsyncConnection, caller: Caller, set_id: str) -> MarkingSet:
    found = await set_in(connection, caller.workspace or "", set_id, lock=True)
    if not found.may_be_marked_by(caller):
        raise BadInput(
            "You are not one of those who mark this set.", f"Ask {found.made_by}, who made it."
        )
    return found


async def _row(
    connection: AsyncConnection, set_id: str, interview: str, marker: Marker
) -> Mapping[str, Any]:
    query = sa.select(marking_sheets).where(_own(set_id, interview, marker))
    row = (await connection.execute(query)).mappings().one_or_none()
    if row is None:
        raise NotFound(
            "This interview of the set was not given to you.", "Ask for the next one to mark."
        )
    return dict(row)


def _own(set_id: str, interview: str, marker: Marker) -> sa.ColumnElement[bool]:
    sheets = marking_sheets.c
    of_item = (sheets.set_id == set_id) & (sheets.interview_id == interview)
    return of_item & (sheets.marker == marker.id)


async def _check_unsettled(connection: AsyncConnection, set_id: str, interview: str) -> None:
    rulings = marking_rulings.c
    ruled = sa.exists().where(rulings.set_id == set_id, rulings.interview_id == interview)
    if await connection.scalar(sa.select(ruled)):
        raise TooEarly(
            "What people differed on in this interview is settled already.",
            "Marks are not corrected after that; tell whoever settled it.",
        )
