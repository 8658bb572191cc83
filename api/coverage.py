"""How often the interviews of a kit have asked each question, and what was found of each point.

Read from the logs a few interviews at a time: what is kept of them is counts.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from agent.events import Verdict
from agent.grading import RANK
from api.hiring.reviewing import blind_of
from api.identity.caller import Caller
from api.marking.looks import held_by
from api.tables import events, interviews
from knowledge.database import Database

MOST = 2_000
"""Interviews that are counted, the newest that have ended; the rest are left out, and told."""
AT_A_TIME = 50
TYPES = ("opened", "marked", "regraded", "withdrawn")


@dataclass
class Coverage:
    """Counts over the interviews of a kit, by question and by point (ids), of any version."""

    interviews: int = 0
    """Counted ones; each counts once for a question, and once for a point of it."""
    blind: int = 0
    """Left out, for a person is to mark them first, or the reader is marking them."""
    older: int = 0
    """Left out, for they are beyond the newest `MOST`."""
    versions: Counter[str] = field(default_factory=Counter)
    """How many of each version of the kit."""
    asked: Counter[str] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)
    found: Counter[tuple[str, str, Verdict]] = field(default_factory=Counter)
    """By question, point and verdict."""


async def coverage(database: Database, caller: Caller, kit: str) -> Coverage:
    """Of the ended interviews on this kit whose marks the caller may see."""
    counted = Coverage()
    async with database.read() as connection:
        mine = _mine(caller, kit)
        hidden = await blind_of(connection, mine) | (await held_by(connection, caller)).keys()
        columns = (interviews.c.id, interviews.c.kit_version)
        newest = sa.select(*columns).where(mine).order_by(interviews.c.created.desc())
        rows = (await connection.execute(newest)).all()
        shown = [row for row in rows if row.id not in hidden]
        counted.blind, counted.older = len(rows) - len(shown), max(len(shown) - MOST, 0)
        chosen = shown[:MOST]
        counted.interviews = len(chosen)
        counted.versions.update(row.kit_version for row in chosen)
        for first in range(0, len(chosen), AT_A_TIME):
            ids = [row.id for row in chosen[first : first + AT_A_TIME]]
            await _count(connection, ids, counted)
    return counted


def _mine(caller: Caller, kit: str) -> sa.ColumnElement[bool]:
    """Screens of the caller's workspace, and the caller's own practice."""
    columns = interviews.c
    own = columns.invite_id.is_(None) & columns.user_id.is_not_distinct_from(caller.owner)
    return sa.and_(
        columns.workspace_id == caller.workspace,
        columns.kit == kit,
        columns.status == "ended",
        (columns.mode == "screen") | own,
    )


async def _count(connection: AsyncConnection, ids: Sequence[str], counted: Coverage) -> None:
    columns = (events.c.interview_id, events.c.type, events.c.body)
    query = sa.select(*columns).where(events.c.interview_id.in_(ids), events.c.type.in_(TYPES))
    rows = await connection.execute(query.order_by(events.c.interview_id, events.c.seq))
    for _, log in groupby(rows, key=lambda row: row.interview_id):
        for question, verdicts in _read(log):
            counted.asked[question] += 1
            counted.answered[question] += verdicts is not None
            counted.found.update((question, atom, v) for atom, v in (verdicts or {}).items())


def _read(log: Iterable[Any]) -> Iterator[tuple[str, dict[str, Verdict] | None]]:
    """Each question that was put, with the verdict on each point; None: nobody answered it."""
    questions: dict[int, str] = {}
    given: defaultdict[int, list[list[dict[str, Any]]]] = defaultdict(list)
    gone: set[str] = set()
    for _, type_, body in log:
        if type_ == "opened":
            questions[body["testlet"]] = body["question"]
        elif type_ == "marked":
            given[body["testlet"]].append(body["marks"])
        elif type_ == "regraded":
            given[body["testlet"]][body["answer"]] = body["marks"]
        else:
            gone.add(body["atom"])
    for testlet, question in questions.items():
        yield question, _best(given[testlet], gone) if testlet in given else None


def _best(given: Iterable[Iterable[dict[str, Any]]], gone: set[str]) -> dict[str, Verdict]:
    """By atom the verdict that counts, of all answers."""
    best: dict[str, Verdict] = {}
    for mark in (mark for marks in given for mark in marks if mark["atom"] not in gone):
        known = best.get(mark["atom"])
        if known is None or RANK[mark["verdict"]] < RANK[known]:
            best[mark["atom"]] = mark["verdict"]
    return best
