"""What people marked, in rows: for whoever compares them with the machine, and with each other."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

from agent.events import read_event
from agent.report.ledger import fold
from api.hiring import audit
from api.hiring.reviewing import Found
from api.hiring.tables import reviews
from api.identity.caller import Caller
from api.marking.looks import held_by, note
from api.marking.model import Entry, Sheet
from api.marking.sets import Sets, entries_of, set_in, sheet_of_review
from api.store import Store
from knowledge.database import Database

Role = Literal["person", "author", "adjudicated"]


@dataclass(frozen=True)
class MarkRow:
    """What one person found of one point in one interview."""

    transcript: str
    """The interview's id."""
    question: str
    """The question's atom."""
    atom: str
    verdict: Found
    words: str
    by: str
    role: Role
    """`author`: they wrote the kit; `adjudicated`: it settles what others differed on."""
    at: float
    """Unix seconds."""
    blind: bool
    """Made before they had seen what the machine, or others, made of it."""


class Marking:
    """The marks of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def marks(self, workspace: str, set: str | None = None) -> list[MarkRow]:
        """All marks that are in, of a set or of all of a workspace's.

        Of a whole workspace, blind reviews of interviews in no set are among them; a review of an
        interview in several sets is told once.

        Raises:
            NotFound: there is no such set.
        """
        sets = Sets(self._database)
        chosen = [(await sets.get(workspace, set)).id] if set else None
        ids = chosen or [each.id for each in await sets.of(workspace)]
        entries = [entry for id_ in ids for entry in await sets.entries(id_)]
        if chosen is None:
            entries += await self._reviewed(workspace)
        return await self._rows(entries)

    async def export(self, caller: Caller, set_id: str) -> list[MarkRow]:
        """The marks of a set that may be shown: of interviews that have all theirs, or of a closed
        set; that the caller has seen them is kept."""
        workspace = caller.workspace or ""
        async with self._database.write() as connection:
            found = await set_in(connection, workspace, set_id)
            held = await held_by(connection, caller)
            shown = [
                entry
                for entry in await entries_of(connection, set_id)
                if (found.closed is not None or found.is_in(entry)) and entry.interview not in held
            ]
            await note(connection, caller, [entry.interview for entry in shown])
            about = f"marking:{set_id}"
            await audit.record(connection, caller, "exported", about, interviews=len(shown))
        return await self._rows(shown)

    async def questions(self, interview: str) -> dict[int, str]:
        """The atoms of an interview's questions, by their place."""
        events = await Store(self._database).events(interview)
        topics = fold(read_event(event.as_json()) for event in events).topics
        return {place: topic.question for place, topic in enumerate(topics, 1)}

    async def _reviewed(self, workspace: str) -> list[Entry]:
        """Interviews with blind reviews, as if each were alone in a set."""
        mine = (reviews.c.workspace_id == workspace) & reviews.c.blind
        query = sa.select(reviews).where(mine).order_by(reviews.c.at, reviews.c.id)
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        return [Entry(row.interview_id, 0, (sheet_of_review(row),), (), ()) for row in rows]

    async def _rows(self, entries: Iterable[Entry]) -> list[MarkRow]:
        found: list[MarkRow] = []
        told = set[str]()
        for entry in entries:
            sheets = [s for s in entry.kept if s.source != "review" or s.marker not in told]
            of_reviews = any(sheet.source == "review" for sheet in sheets)
            asked = await self.questions(entry.interview) if of_reviews else {}
            told |= {sheet.marker for sheet in sheets if sheet.source == "review"}
            for sheet in sheets:
                found += _of_sheet(entry.interview, sheet, asked)
            found += _of_rulings(entry)
        return found


def _of_sheet(interview: str, sheet: Sheet, asked: Mapping[int, str]) -> Iterator[MarkRow]:
    role: Role = "author" if sheet.is_author else "person"
    for mark in sheet.marks:
        question = mark.asked or asked.get(mark.question, "")
        said = (mark.verdict, mark.words, sheet.name)
        yield MarkRow(
            interview, question, mark.atom, *said, role, at=sheet.at or 0.0, blind=sheet.blind
        )


def _of_rulings(entry: Entry) -> Iterator[MarkRow]:
    for each in entry.rulings:
        said = (each.verdict, each.words, each.by)
        yield MarkRow(
            entry.interview, each.asked, each.atom, *said, "adjudicated", at=each.at, blind=False
        )
