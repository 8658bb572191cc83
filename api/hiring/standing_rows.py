"""Where each candidate of a screen stands, worked out by the database for thousands at once."""

from typing import Any, Literal, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from api.hiring.results import COUNTS
from api.hiring.reviewing import is_drawn
from api.hiring.screens import Screen
from api.hiring.tables import decisions, invites, overrides, results, reviews, seen
from api.hiring.wishes import WAITS
from api.tables import THAT_FAILED, interviews, turns
from knowledge.database import unix_now

Status = Literal[
    "invited",
    "opened",
    "in progress",
    "paused",
    "abandoned",
    "technical failure",
    "not decided",
    "decided",
    "declined",
    "expired",
    "revoked",
    "erased",
]
LEFT_AFTER = 6 * 3_600.0
"""Seconds without a word from which an interview that goes on is taken for abandoned."""

STUCK_AFTER = 15 * 60.0
"""Seconds from which a message without an answer is our failure."""


class Standing(NamedTuple):
    """A candidate as far as they are searched, filtered, sorted and counted by it.

    What is said of the interview is of the last attempt. There are thousands, of which a page
    shows fifty: the rest of those is read then (`candidates.whole`).
    """

    invite: str
    name: str
    email: str
    reference: str
    interview: str | None
    status: Status
    when: float
    """Unix seconds of what happened last."""
    late: bool
    """The interview's result is missing, or of an earlier state."""
    decision: str | None
    overridden: str | None
    """A person's verdict, beside the machine's."""
    unread: bool
    unmarked: bool
    """It is over, and no person has marked it before the machine's was seen."""
    blind: bool
    """A person marks it before anybody sees what the machine made of it."""
    verdict: str | None
    """The machine's, where it is told; nor is what follows, without contests and wishes."""
    probability: float | None
    red: int
    green: int
    critical: int
    ungraded: int
    needs_person: int
    contests: int
    wishes: int
    """1 where they asked for a person or another way, and wait for an answer; else 0."""

    def count(self, name: str) -> int:
        """How many flags (`red`, `green`, `critical`), or of what waits for a person."""
        return int(getattr(self, name))

    @property
    def open_points(self) -> int:
        """What waits for a person."""
        return self.wishes + self.contests + self.ungraded + self.needs_person


NOT_TOLD: dict[str, Any] = {
    "blind": True,
    "verdict": None,
    "probability": None,
    **dict.fromkeys(("red", "green", "critical", "ungraded", "needs_person"), 0),
}
NOTHING: dict[str, Any] = {
    **NOT_TOLD,
    "blind": False,
    "decision": None,
    "overridden": None,
    "unread": False,
    "contests": 0,
    "wishes": 0,
}


async def standings(connection: AsyncConnection, screen: Screen, reader: str) -> list[Standing]:
    """Those of a screen by their invites' ids; `reader` (an id) is who has seen them or not.

    Of a practice screen it is told how far each is, and nothing of how it went.
    """
    now = float(await connection.scalar(sa.select(unix_now())) or 0)
    told = {"screen": screen.id, "reader": reader, "now": now}
    rows = sorted(map(Standing._make, (await connection.execute(STANDINGS, told)).all()))
    if screen.mode == "practice":
        return [row._replace(**NOTHING) for row in rows]
    if not screen.blind_share:
        return rows
    return [row._replace(**NOT_TOLD) if _is_blind(row, screen) else row for row in rows]


def _is_blind(row: Standing, screen: Screen) -> bool:
    """A share of those that no person has marked yet is, by lot."""
    return row.unmarked and is_drawn(screen.id, row.interview or "", screen.blind_share)


def _standings() -> sa.Select[Any]:
    """In the order of `Standing`, as nothing were blind."""
    read = (seen.c.interview_id == interviews.c.id) & (seen.c.reader == READER)
    unread = sa.func.coalesce(seen.c.at, 0) < interviews.c.updated
    return (
        sa.select(
            *(invites.c[name] for name in ("id", "name", "email", "reference")),
            interviews.c.id,
            status_of(),
            _when(),
            OVER & results.c.state_version.is_distinct_from(interviews.c.state_version),
            decisions.c.outcome,
            overrides.c.value,
            OVER & unread,
            OVER & interviews.c.id.not_in(_marked()),
            sa.false(),
            results.c.verdict,
            results.c.probability,
            *(sa.func.coalesce(results.c[name], 0) for name in COUNTS),
            sa.case((WAITS, 1), else_=0),
        )
        .select_from(
            HELD.outerjoin(decisions, _newest(decisions))
            .outerjoin(overrides, _newest(overrides, subject="verdict"))
            .outerjoin(seen, read)
        )
        .where(invites.c.screen_id == SCREEN)
    )


SCREEN, READER = sa.bindparam("screen", type_=sa.String), sa.bindparam("reader", type_=sa.String)
NOW = sa.bindparam("now", type_=sa.Float)
OVER = sa.func.coalesce(interviews.c.status == "ended", sa.false())


def _held() -> sa.Join:
    """Invites, the last attempt of each, and its result; of who was erased, nothing more."""
    later = interviews.alias()
    is_last = ~sa.exists().where(
        later.c.invite_id == interviews.c.invite_id, later.c.attempt > interviews.c.attempt
    )
    mine = (interviews.c.screen_id == invites.c.screen_id) & invites.c.erased.is_(None)
    attempt = (interviews.c.invite_id == invites.c.id) & mine & is_last
    result = (results.c.interview_id == interviews.c.id) & (interviews.c.status == "ended")
    return invites.outerjoin(interviews, attempt).outerjoin(results, result)


HELD = _held()


def status_of() -> sa.Case[str]:
    """Where a candidate stands.

    **Abandoned**: begun, and ended by itself because nobody went on; or not over, not paused, and
    not a word for six hours. **Technical failure**, which is ours and never counts against them:
    a message waits for its answer for a quarter of an hour; or the last message took down
    whatever worked on it and nobody went on since; or it is over and answers were given, of which
    none could be marked. A decision, or an erasure, goes before all that.
    """
    return sa.case(
        (invites.c.erased.is_not(None), "erased"),
        (decisions.c.id.is_not(None), "decided"),
        (interviews.c.id.is_(None), _before()),
        (OVER & results.c.failed, "technical failure"),
        (OVER & results.c.ended.in_(("expired", "end_of_input")), "abandoned"),
        (OVER, "not decided"),
        (interviews.c.id.in_(_broke()), "technical failure"),
        (invites.c.revoked.is_not(None), "revoked"),
        (interviews.c.status == "paused", "paused"),
        (NOW - interviews.c.updated > LEFT_AFTER, "abandoned"),
        else_="in progress",
    )


def _before() -> sa.Case[str]:
    return sa.case(
        (invites.c.revoked.is_not(None), "revoked"),
        (invites.c.declined.is_not(None), "declined"),
        (invites.c.until <= NOW, "expired"),
        (invites.c.opened.is_(None), "invited"),
        else_="opened",
    )


def _broke() -> sa.CompoundSelect[Any]:
    """Interviews that go on, whose last message is not, or could not be, answered."""
    own = interviews.alias()
    waits = (turns.c.status == "accepted") & (turns.c.accepted < NOW - STUCK_AFTER)
    last = turns.c.committed == own.c.updated
    mine = (own.c.screen_id == SCREEN) & (own.c.status != "ended")
    joined = turns.join(own, own.c.id == turns.c.interview_id)
    waiting = sa.select(turns.c.interview_id).select_from(joined).where(mine, waits)
    failed = sa.select(turns.c.interview_id).select_from(joined).where(mine, THAT_FAILED, last)
    return waiting.union(failed)


def _marked() -> sa.Select[Any]:
    """Interviews that a person marked before the machine's was shown."""
    own = interviews.alias()
    joined = own.join(reviews, reviews.c.interview_id == own.c.id)
    mine = (own.c.screen_id == SCREEN) & reviews.c.blind
    return sa.select(reviews.c.interview_id).select_from(joined).where(mine)


def _newest(table: sa.Table, **which: str) -> sa.ColumnElement[bool]:
    """The row about an interview, with these values, that has none after it."""
    after = table.alias()
    is_after = sa.tuple_(after.c.at, after.c.id) > sa.tuple_(table.c.at, table.c.id)
    about = after.c.interview_id == table.c.interview_id
    newer = sa.exists().where(about, is_after, *(after.c[k] == v for k, v in which.items()))
    own = (table.c[name] == value for name, value in which.items())
    return sa.and_(table.c.interview_id == interviews.c.id, *own, ~newer)


def _when() -> sa.ColumnElement[float]:
    """The end, or the last word; before an interview, the last that happened to the invite."""
    marks = ("created", "opened", "declined", "revoked", "erased")
    alone = greatest(*(sa.func.coalesce(invites.c[mark], 0.0) for mark in marks))
    own = sa.func.coalesce(interviews.c.ended, interviews.c.updated)
    last = greatest(own, sa.func.coalesce(decisions.c.at, 0.0))
    return sa.case((interviews.c.id.is_(None), alone), else_=last)


class greatest(FunctionElement[float]):
    """The greatest of several values, none of them null."""

    type = sa.Float()
    inherit_cache = True


@compiles(greatest, "sqlite")
def _sqlite_greatest(element: greatest, compiler: Any, **kw: Any) -> str:
    return f"max({compiler.process(element.clauses, **kw)})"


@compiles(greatest, "postgresql")
def _postgres_greatest(element: greatest, compiler: Any, **kw: Any) -> str:
    return f"greatest({compiler.process(element.clauses, **kw)})"


STANDINGS = _standings()
