"""An interview's log a step at a time, so that a long one is looked at as quickly as a short one.

A step is a turn, or what came after the end between two others: marks given anew, contests.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from agent.events import AnyEvent, read_event
from api.records import Event
from api.tables import events
from knowledge.database import Database
from knowledge.errors import NotFound

TOLD_BEFORE = ("header", "said", "opened", "estimated")
"""What an earlier event may have to say about a later step."""


@dataclass(frozen=True)
class Step:
    """One step, `number` from 1; what comes after the end has no turn. How often each type."""

    number: int
    turn: int | None
    first: int
    last: int
    types: Mapping[str, int]


@dataclass(frozen=True)
class Shown:
    """A step with its own events, and those of `TOLD_BEFORE` from the first to its last."""

    step: Step
    events: tuple[AnyEvent, ...]
    so_far: tuple[AnyEvent, ...]


async def steps_of(database: Database, interview: str) -> list[Step]:
    """The steps of a log, in order; none before the opening is said. No event is read whole."""
    columns = (events.c.turn, events.c.seq, events.c.type)
    mine = sa.select(*columns).where(events.c.interview_id == interview)
    async with database.read() as connection:
        rows = (await connection.execute(mine.order_by(events.c.seq))).all()
    groups = [list(group) for _, group in groupby(rows, key=itemgetter(0))]
    return [_step(number, group) for number, group in enumerate(groups, 1)]


def _step(number: int, rows: Sequence[Any]) -> Step:
    types = Counter(row.type for row in rows)
    return Step(number, rows[0].turn or None, rows[0].seq, rows[-1].seq, types)


def step_at(
    steps: Sequence[Step], *, turn: int | None = None, seq: int | None = None
) -> Step | None:
    """The step that an event (by its number) or a turn stands in, or that has this place.

    Steps of no turn come after all turns, so that a place and a turn are one number.
    """
    if seq is not None:
        return next((step for step in steps if step.first <= seq <= step.last), None)
    if turn is None:
        return steps[0] if steps else None
    return next((step for step in steps if step.turn == turn), None) or next(
        (step for step in steps if step.turn is None and step.number == turn), None
    )


async def read_step(database: Database, interview: str, step: Step) -> Shown:
    """A step, read whole.

    Raises:
        NotFound: it has been erased meanwhile.
    """
    inside = events.c.seq.between(step.first, step.last)
    before = events.c.type.in_(TOLD_BEFORE) & (events.c.seq <= step.last)
    names = ("seq", "turn", "at", "type", "body")
    query = sa.select(*(events.c[name] for name in names)).where(
        events.c.interview_id == interview, inside | before
    )
    async with database.read() as connection:
        rows = (await connection.execute(query.order_by(events.c.seq))).all()
    read = [read_event(Event(*row).as_json()) for row in rows]
    own = tuple(event for event in read if step.first <= event.seq <= step.last)
    if not own:
        raise NotFound("This interview's words are erased.", "There is nothing left to replay.")
    so_far = tuple(event for event in read if event.type in TOLD_BEFORE)
    return Shown(step, own, so_far)
