"""One interview as its scorecard shows it, and its neighbours on the same screen."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from agent.events import AnyEvent, read_event
from agent.report import Report
from agent.report import report as make_report
from agent.report.compute import untold
from agent.report.ledger import Ledger, fold
from agent.syllabus import Syllabus
from api.hiring.judging import Judgement, Judging
from api.hiring.reviewing import Review, Reviews, ToMark, blind_of, is_blind, to_mark
from api.hiring.tables import invites, screens
from api.hiring.wishes import WAITS
from api.records import Interview
from api.service import Service
from api.tables import interviews
from knowledge.database import Database

MOST_BESIDE = 12
"""Others of the screen that are offered to be compared with, the newest."""


@dataclass(frozen=True)
class Person:
    """Whose interview it is; everything empty where nobody was invited."""

    title: str = ""
    """Of the screen."""
    name: str = ""
    reference: str = ""
    waits: float | None = None
    """Since when something they asked for waits for the team's answer."""


@dataclass(frozen=True)
class Card:
    """All that a scorecard is made of; blind, it has nothing of the machine's."""

    stored: Interview
    blind: bool
    ledger: Ledger
    to_mark: tuple[ToMark, ...]
    report: Report
    """For the team; blind: questions and answers, and no mark, verdict or contest."""
    person: Person
    judgement: Judgement
    reviews: tuple[Review, ...]


@dataclass(frozen=True)
class Neighbours:
    """Ended interviews of the same screen, by when they ended."""

    before: str | None
    after: str | None
    others: Sequence[tuple[str, str]]
    """Ids and names of those that it can be put beside, the newest first."""


async def card_of(service: Service, interview: str, *, unmarked: bool = False) -> Card:
    """The scorecard of an interview; `unmarked`: with a report as if it were blind.

    Raises:
        NotFound: there is no such interview.
        BadInput: it has not begun.
    """
    database = service.store.database
    stored = await service.store.load(interview)
    syllabus = await service.syllabus(stored.kit, stored.kit_version)
    events = [read_event(event.as_json()) for event in await service.store.events(interview)]
    async with database.read() as connection:
        blind = await is_blind(connection, interview)
    ledger = fold(events)
    return Card(
        stored=stored,
        blind=blind,
        ledger=ledger,
        to_mark=tuple(to_mark(ledger, syllabus)),
        report=await _report(service, stored, events, syllabus, blind=blind or unmarked),
        person=await _person(database, stored),
        judgement=await Judging(database).of(interview),
        reviews=tuple(await Reviews(database).of(interview)),
    )


async def _report(
    service: Service,
    stored: Interview,
    events: Sequence[AnyEvent],
    syllabus: Syllabus,
    *,
    blind: bool,
) -> Report:
    if blind:
        full = await asyncio.to_thread(make_report, stored.id, events, syllabus)
        return untold(full).model_copy(update={"contests": ()})
    return await service.report(stored.id, "team")


async def neighbours(database: Database, card: Card) -> Neighbours:
    """Who stands beside; interviews that a person is to mark first are not offered to compare."""
    mine = card.stored
    of_screen = interviews.c.screen_id == mine.screen_id
    of_screen &= (interviews.c.status == "ended") & (interviews.c.mode == "screen")
    at = sa.tuple_(interviews.c.ended, interviews.c.id)
    here = sa.tuple_(sa.literal(mine.ended or 0.0), sa.literal(mine.id))
    order = (interviews.c.ended, interviews.c.id)
    back = (interviews.c.ended.desc(), interviews.c.id.desc())
    ids = sa.select(interviews.c.id).where(of_screen)
    async with database.read() as connection:
        before = await connection.scalar(ids.where(at < here).order_by(*back).limit(1))
        after = await connection.scalar(ids.where(at > here).order_by(*order).limit(1))
        blind = await blind_of(connection, of_screen)
        others = (await connection.execute(_others(of_screen, mine.id))).all()
    shown = [(row[0], row[1] or row[2] or row[0]) for row in others if row[0] not in blind]
    return Neighbours(before, after, shown[:MOST_BESIDE])


def _others(of_screen: sa.ColumnElement[bool], mine: str) -> sa.Select[Any]:
    return (
        sa.select(interviews.c.id, invites.c.name, invites.c.reference)
        .outerjoin(invites, invites.c.id == interviews.c.invite_id)
        .where(of_screen, interviews.c.id != mine)
        .order_by(interviews.c.ended.desc(), interviews.c.id)
        .limit(MOST_BESIDE * 4)
    )


async def _person(database: Database, stored: Interview) -> Person:
    async with database.read() as connection:
        title = await connection.scalar(
            sa.select(screens.c.title).where(screens.c.id == stored.screen_id)
        )
        columns = (invites.c.name, invites.c.reference, sa.case((WAITS, invites.c.waits)))
        query = sa.select(*columns).where(invites.c.id == stored.invite_id)
        row = (await connection.execute(query)).one_or_none()
    return Person(title or "", *row) if row else Person(title or "")


async def names_of(database: Database, interview_ids: Collection[str]) -> dict[str, str]:
    """Under which names these interviews' people were invited; nothing of who was not."""
    query = (
        sa.select(interviews.c.id, invites.c.name)
        .join(invites, invites.c.id == interviews.c.invite_id)
        .where(interviews.c.id.in_(interview_ids))
    )
    async with database.read() as connection:
        return {row.id: row.name for row in await connection.execute(query)}
