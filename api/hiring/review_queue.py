"""What waits for a person, across a workspace's screens: who waits themselves, then the oldest."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import sqlalchemy as sa

from api.hiring.reviewing import blind_of
from api.hiring.standing_rows import HELD
from api.hiring.tables import decisions, invites, results, screens
from api.hiring.wishes import WAITS
from api.tables import interviews
from knowledge.database import Database

Why = Literal[
    "person",
    "blind",
    "critical",
    "contested",
    "disputed",
    "needs_person",
    "ungraded",
    "abstained",
    "mixed",
    "provisional",
]
WHY: tuple[Why, ...] = get_args(Why)
ON_PAGE = 50


@dataclass(frozen=True)
class Waiting:
    """An interview, or somebody who asked for something, that waits, and for what."""

    interview: str | None
    """None where somebody waits whose interview is not over, or has not begun."""
    invite: str | None
    """Of who asked for something; None where the interview is to be marked first."""
    screen: str
    title: str
    candidate: str
    """Their name or the team's own number; empty where the interview is to be marked first."""
    since: float
    """Unix seconds: when the interview ended, or since when they wait for an answer."""
    why: dict[Why, int]
    """How many questions, contests, flags or marks there are of each kind."""


@dataclass(frozen=True)
class Queue:
    """A page of what waits; `counts` are of all of it, by kind."""

    lines: tuple[Waiting, ...]
    counts: dict[Why, int]
    waiting: int
    """Lines that wait, for whatever reason."""
    matching: int
    """Of these, those that were asked for."""


async def queue(
    database: Database,
    workspace: str,
    *,
    why: Sequence[Why] = (),
    screen: str = "",
    page: int = 1,
    recruits: bool = True,
) -> Queue:
    """What waits for a person; only some kinds, or one screen, if asked.

    Who has asked for a person or another way, and is still to be interviewed or in the interview,
    comes first; what is provisional and nothing else, last; between them the oldest first. What a
    person has decided waits no more, but for a contest or a wish. Of an interview that a person is
    to mark first nothing of the machine's is told, and of wishes only who `recruits`.
    """
    asked = sa.literal(recruits) & WAITS & (invites.c.workspace_id == workspace)
    mine = (interviews.c.workspace_id == workspace) & (interviews.c.status == "ended")
    if screen:
        mine &= interviews.c.screen_id == screen
        asked &= invites.c.screen_id == screen
    async with database.read() as connection:
        blind = await blind_of(connection, mine)
        rows = (await connection.execute(_over(mine))).mappings().all()
        people = (await connection.execute(_wishes(asked))).mappings().all()
    all_ = sorted(_lines(rows, people, blind), key=_place)
    wanted = [line for line in all_ if not why or any(kind in line.why for kind in why)]
    return Queue(
        lines=tuple(wanted[(page - 1) * ON_PAGE : page * ON_PAGE]),
        counts=dict(Counter(kind for line in all_ for kind in line.why)),
        waiting=len(all_),
        matching=len(wanted),
    )


def _over(mine: sa.ColumnElement[bool]) -> sa.Select[Any]:
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
            counts.provisional,
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
            "provisional": int(row["provisional"] or 0),
        }
    return {kind: told[kind] for kind in WHY if told.get(kind)}


def _wishes(asked: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Who waits for the team's answer, with the last interview of each."""
    return (
        sa.select(
            invites.c.id,
            invites.c.screen_id,
            invites.c.waits,
            screens.c.title,
            sa.func.coalesce(sa.func.nullif(invites.c.name, ""), invites.c.reference).label("who"),
            interviews.c.id.label("interview"),
            interviews.c.status,
        )
        .select_from(HELD.join(screens, screens.c.id == invites.c.screen_id))
        .where(asked)
    )


def _lines(rows: Sequence[Any], people: Sequence[Any], blind: Collection[str]) -> Iterator[Waiting]:
    wishing = {each["interview"]: each for each in people if each["status"] == "ended"}
    for row in rows:
        wish, is_blind = wishing.pop(row["id"], None), row["id"] in blind
        why: dict[Why, int] = {"person": 1} if wish else {}
        if why := why | _why(row, is_blind):
            invite = wish["id"] if wish and not is_blind else None
            yield Waiting(row["id"], invite, *_told(row, is_blind), row["ended"] or 0.0, why)
    told = {each["id"] for each in people if each["status"] == "ended"}
    told -= {each["id"] for each in wishing.values()}
    for each in people:
        if each["id"] not in told:
            yield Waiting(None, each["id"], *_told(each), each["waits"], {"person": 1})


def _told(row: Any, is_blind: bool = False) -> tuple[str, str, str]:
    """The screen, its title, and who it is."""
    return row["screen_id"], row["title"], "" if is_blind else row["who"] or ""


def _place(line: Waiting) -> tuple[int, float]:
    if line.interview is None:
        return 0, line.since
    return 2 if set(line.why) == {"provisional"} else 1, line.since
