"""Sets of interviews to mark: made, listed, closed."""

import random
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from api.hiring import audit
from api.hiring.reviewing import TooEarly, checked
from api.hiring.tables import reviews, screens, users
from api.identity.access import DECIDES, parts_in
from api.identity.caller import Caller
from api.identity.tokens import new_id
from api.marking.model import Entry, Mark, MarkingSet, Ruling, Sheet, Source
from api.marking.tables import marking_items, marking_rulings, marking_sets, marking_sheets
from api.tables import interviews
from knowledge.database import Database, unix_now
from knowledge.errors import BadInput, NotFound

MOST_INTERVIEWS = 1_000
MOST_NEEDED = 5
LONGEST_TITLE = 200


@dataclass(frozen=True)
class NewSet:
    """What somebody wants marked; `markers` are ids of users, none: anybody of the team."""

    title: str
    interviews: Sequence[str]
    needed: int = 2
    markers: Sequence[str] = ()


@dataclass(frozen=True)
class Eligible:
    """An ended interview that may go into a set; `screen` is empty for practice."""

    id: str
    kit: str
    level: str
    screen: str
    title: str
    ended: float


def draw(ids: Sequence[str], number: int) -> list[str]:
    """So many of these by lot; all, if there are no more.

    Raises:
        BadInput: it is not at least one.
    """
    if number < 1:
        raise BadInput("It is not said how many are drawn.", "Draw one or more.")
    return random.SystemRandom().sample(list(ids), min(number, len(ids)))


class Sets:
    """The sets of one database. Methods raise NotFound for what another workspace has."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def eligible(self, caller: Caller) -> list[Eligible]:
        """Ended interviews that the caller may read for the team, newest first."""
        columns = (interviews.c[name] for name in (*DECIDES, "id", "kit", "level", "ended"))
        query = (
            sa.select(*columns, sa.func.coalesce(screens.c.title, "").label("title"))
            .outerjoin(screens, screens.c.id == interviews.c.screen_id)
            .where(interviews.c.workspace_id == caller.workspace, interviews.c.status == "ended")
            .order_by(interviews.c.ended.desc(), interviews.c.id)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).mappings().all()
        mine = [row for row in rows if "team" in parts_in(caller, dict(row))]
        return [
            Eligible(
                id=row["id"],
                kit=row["kit"],
                level=row["level"],
                screen=row["screen_id"] or "",
                title=row["title"],
                ended=row["ended"] or 0.0,
            )
            for row in mine
        ]

    async def make(self, caller: Caller, wish: NewSet) -> str:
        """Make a set, numbered in an order of chance; its id.

        Raises:
            BadInput: something in it cannot be.
            NotFound: an interview is not there, not over, or not the caller's to read.
        """
        title = checked(wish.title, "A title", LONGEST_TITLE)
        if not 1 <= wish.needed <= MOST_NEEDED:
            raise BadInput("Each is marked by 1 to 5 people.", "Choose a number between them.")
        chosen = draw(list(dict.fromkeys(wish.interviews)), len(wish.interviews) or 1)
        if not 1 <= len(chosen) <= MOST_INTERVIEWS:
            many = f"from 1 to {MOST_INTERVIEWS:,} interviews"
            raise BadInput(f"A set is of {many}; these are {len(chosen):,}.", "Choose others.")
        known = {each.id for each in await self.eligible(caller)}
        if missing := [id_ for id_ in chosen if id_ not in known]:
            raise NotFound(
                f"There is no ended interview {missing[0]!r} to be marked.", "Choose again."
            )
        row: dict[str, Any] = {"id": new_id(), "workspace_id": caller.workspace, "title": title}
        row |= {"needed": wish.needed, "made_by": caller.name, "created": unix_now()}
        async with self._database.write() as connection:
            markers = await _markers(connection, caller, wish)
            await connection.execute(sa.insert(marking_sets).values(**row, markers=markers))
            items = [
                {"set_id": row["id"], "interview_id": id_, "number": number}
                for number, id_ in enumerate(chosen, 1)
            ]
            await connection.execute(sa.insert(marking_items), items)
            about = f"marking:{row['id']}"
            await audit.record(connection, caller, "made", about, interviews=len(chosen))
        return str(row["id"])

    async def of(self, workspace: str) -> list[MarkingSet]:
        """All of a workspace, newest first."""
        query = sa.select(*_columns()).where(marking_sets.c.workspace_id == workspace)
        query = query.order_by(marking_sets.c.created.desc(), marking_sets.c.id)
        async with self._database.read() as connection:
            return [_set(row) for row in await connection.execute(query)]

    async def get(self, workspace: str, set_id: str) -> MarkingSet:
        """One of them."""
        async with self._database.read() as connection:
            return await set_in(connection, workspace, set_id)

    async def entries(self, set_id: str) -> list[Entry]:
        """Where each of its interviews stands, by number."""
        async with self._database.read() as connection:
            return await entries_of(connection, set_id)

    async def close(self, caller: Caller, set_id: str) -> None:
        """Nothing is marked, corrected or settled any more until it is opened again."""
        await self._turn(caller, set_id, "closed")

    async def reopen(self, caller: Caller, set_id: str) -> None:
        """Go on with it."""
        await self._turn(caller, set_id, "opened")

    async def _turn(self, caller: Caller, set_id: str, what: str) -> None:
        async with self._database.write() as connection:
            found = await set_in(connection, caller.workspace or "", set_id, lock=True)
            if (found.closed is None) == (what == "opened"):
                return
            closed = unix_now() if what == "closed" else None
            mine = marking_sets.c.id == set_id
            await connection.execute(sa.update(marking_sets).where(mine).values(closed=closed))
            await audit.record(connection, caller, what, f"marking:{set_id}")


async def set_in(
    connection: AsyncConnection, workspace: str, set_id: str, *, lock: bool = False
) -> MarkingSet:
    """A set; `lock`: nobody else takes, keeps or settles in it until the transaction is over."""
    mine = (marking_sets.c.id == set_id) & (marking_sets.c.workspace_id == workspace)
    query = sa.select(*_columns()).where(mine)
    row = (await connection.execute(query.with_for_update() if lock else query)).one_or_none()
    if row is None:
        raise NotFound("There is no such marking set.", "Look at its address again.")
    return _set(row)


def check_open(found: MarkingSet) -> None:
    """Refuse what is not done in a closed set.

    Raises:
        TooEarly: it is closed.
    """
    if found.closed is not None:
        raise TooEarly(
            f"The set “{found.title}” was closed meanwhile. What you wrote is kept as a draft.",
            "Ask whoever closed it to open it again; then send it once more.",
        )


async def entries_of(connection: AsyncConnection, set_id: str) -> list[Entry]:
    """Where each interview of a set stands, by number.

    A blind review on a screen's scorecard counts as a mark, unless whoever made it marked here.
    """
    items = sa.select(marking_items.c.interview_id, marking_items.c.number)
    items = items.where(marking_items.c.set_id == set_id).order_by(marking_items.c.number)
    rows = (await connection.execute(items)).all()
    sheets = await _sheets(connection, set_id)
    ruled = await _rulings(connection, set_id)
    entries = []
    for interview, number in rows:
        mine = sheets[interview]
        own = {sheet.name.casefold() for sheet in mine if sheet.source != "review"}
        counted = [s for s in mine if s.source != "review" or s.name.casefold() not in own]
        kept = sorted((s for s in counted if s.at is not None), key=lambda s: s.at or 0.0)
        taken = tuple(s for s in counted if s.at is None)
        entries.append(Entry(interview, number, tuple(kept), taken, tuple(ruled[interview])))
    return entries


async def _sheets(connection: AsyncConnection, set_id: str) -> dict[str, list[Sheet]]:
    found: dict[str, list[Sheet]] = defaultdict(list)
    mine = sa.select(marking_sheets).where(marking_sheets.c.set_id == set_id)
    for row in await connection.execute(mine.order_by(marking_sheets.c.marker)):
        source: Source = "csv" if row.marker.startswith("csv:") else "page"
        marks = tuple(Mark(**mark) for mark in row.marks or ())
        about = (row.is_author, row.blind, row.touched, row.at, source)
        found[row.interview_id].append(Sheet(row.marker, row.name, marks, *about))
    inside = sa.select(marking_items.c.interview_id).where(marking_items.c.set_id == set_id)
    blind = sa.select(reviews).where(reviews.c.blind, reviews.c.interview_id.in_(inside))
    for row in await connection.execute(blind.order_by(reviews.c.at, reviews.c.id)):
        found[row.interview_id].append(sheet_of_review(row))
    return found


def sheet_of_review(row: Any) -> Sheet:
    """A blind review; which questions its marks are of, only the interview's log tells."""
    marks = tuple(Mark(**{"asked": "", **mark}) for mark in row.marks)
    about = (row.is_author, True, row.at, row.at)
    return Sheet(f"review:{row.id}", row.reviewer, marks, *about, source="review")


async def _rulings(connection: AsyncConnection, set_id: str) -> dict[str, list[Ruling]]:
    found: dict[str, list[Ruling]] = defaultdict(list)
    columns = [marking_rulings.c[name] for name in Ruling.__dataclass_fields__]
    mine = sa.select(marking_rulings.c.interview_id, *columns)
    mine = mine.where(marking_rulings.c.set_id == set_id)
    order = (marking_rulings.c.question, marking_rulings.c.atom)
    for interview, *row in await connection.execute(mine.order_by(*order)):
        found[interview].append(Ruling(*row))
    return found


async def _markers(connection: AsyncConnection, caller: Caller, wish: NewSet) -> list[str]:
    mine = users.c.id.in_(wish.markers) & (users.c.workspace_id == caller.workspace)
    known = set(await connection.scalars(sa.select(users.c.id).where(mine)))
    if len(known) != len(set(wish.markers)):
        raise BadInput("One of those who should mark is not of the team.", "Choose them again.")
    if 0 < len(known) < wish.needed:
        raise BadInput(
            f"{wish.needed} people are to mark each interview, and {len(known)} may.",
            "Choose more people, none for the whole team, or fewer marks.",
        )
    return sorted(known)


def _columns() -> Collection[sa.Column[Any]]:
    return [marking_sets.c[name] for name in MarkingSet.__dataclass_fields__]


def _set(row: Any) -> MarkingSet:
    return MarkingSet(**{**row._mapping, "markers": tuple(row.markers)})
