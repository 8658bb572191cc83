"""What waits for a person, across a workspace's screens: the oldest first."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import sqlalchemy as sa

from api.hiring.reviewing import blind_of
from api.hiring.tables import decisions, invites, results, screens
from api.tables import interviews
from knowledge.database import Database

Why = Literal[
    "blind", "critical", "contested", "disputed", "needs_person", "ungraded", "abstained", "mixed"
]
WHY: tuple[Why, ...] = get_args(Why)
ON_PAGE = 50


@dataclass(frozen=True)
class Waiting:
    """An interview that waits, and for what; `ended` is in Unix seconds."""

    interview: str
    screen: str
    title: str
    candidate: str
    """Their name or the team's own number; empty where the interview is to be marked first."""
    ended: float
    why: dict[Why, int]
    """How many questions, contests, flags or marks there are of each kind."""


@dataclass(frozen=True)
class Queue:
    """A page of what waits; `counts` are of all of it, by kind."""

    lines: tuple[Waiting, ...]
    counts: dict[Why, int]
    waiting: int
    """Interviews that wait, for whatever reason."""
    matching: int
    """Of these, those that were asked for."""


async def queue(
    database: Database, workspace: str, *, why: Sequence[Why] = (), screen: str = "", page: int = 1
) -> Queue:
    """What waits for a person; only some kinds, or one screen, if asked.

    What a person has decided waits no more, but for a contest. Of an interview that a person is to
    mark first nothing else is told.
    """
    mine = (interviews.c.workspace_id == workspace) & (interviews.c.status == "ended")
    if screen:
        mine &= interviews.c.screen_id == screen
    async with database.read() as connection:
        blind = await blind_of(connection, mine)
        rows = (await connection.execute(_asked(mine))).mappings().all()
    all_ = [(row, reasons) for row in rows if (reasons := _why(row, row["id"] in blind))]
    wanted = [each for each in all_ if not why or any(kind in each[1] for kind in why)]
    shown = wanted[(page - 1) * ON_PAGE : page * ON_PAGE]
    return Queue(
        lines=tuple(_line(row, reasons) for row, reasons in shown),
        counts=dict(Counter(kind for _, reasons in all_ for kind in reasons)),
        waiting=len(all_),
        matching=len(wanted),
    )


def _asked(mine: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Ended interviews of screens with what is known of them, as counts."""
    counts, body = results.c, results.c.body
    decided = sa.exists().where(decisions.c.interview_id == interviews.c.id)
    return (
        sa.select(
            interviews.c.id,
            interviews.c.ended,
            interviews.c.screen_id,
            screens.c.title,
            sa.func.coalesce(sa.func.nullif(invites.c.name, ""), invites.c.reference).label("who"),
            decided.label("decided"),
            counts.critical,
            counts.ungraded,
            counts.contests,
            counts.needs_person,
            body["disputed"].as_integer().label("disputed"),
            body["waiting"].as_integer().label("again"),
            body["marks"]["abstained"].as_integer().label("abstained"),
            body["sources"]["local"].as_integer().label("local"),
            body["sources"]["model"].as_integer().label("model"),
        )
        .join(screens, screens.c.id == interviews.c.screen_id)
        .outerjoin(invites, invites.c.id == interviews.c.invite_id)
        .outerjoin(results, results.c.interview_id == interviews.c.id)
        .where(mine, interviews.c.mode == "screen")
        .order_by(interviews.c.ended, interviews.c.id)
    )


def _why(row: Any, blind: bool) -> dict[Why, int]:
    if blind:
        return {"blind": 1}
    told: dict[Why, int] = {"contested": row["contests"] or 0}
    if not row["decided"]:
        disputed = row["disputed"] or 0
        mixed = (row["again"] or 0) + bool(row["local"] and row["model"])
        told |= {
            "critical": row["critical"] or 0,
            "disputed": disputed,
            "needs_person": (row["needs_person"] or 0) - disputed,
            "ungraded": row["ungraded"] or 0,
            "abstained": row["abstained"] or 0,
            "mixed": mixed,
        }
    return {kind: told[kind] for kind in WHY if told.get(kind)}


def _line(row: Any, why: dict[Why, int]) -> Waiting:
    return Waiting(
        interview=row["id"],
        screen=row["screen_id"],
        title=row["title"],
        candidate="" if "blind" in why else row["who"] or "",
        ended=row["ended"] or 0.0,
        why=why,
    )
