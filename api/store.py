"""Interviews in SQL: a message is accepted, its turn runs elsewhere, all it did is committed.

Nothing here knows what an interview is about: state, events and results are JSON.
"""

import secrets
from collections.abc import Awaitable, Callable, Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from api.hiring import caps
from api.hiring.tables import LOCAL
from api.lease import TTL, Lease, held, leave, seize
from api.records import (
    Accepted,
    Begun,
    Event,
    Interview,
    Json,
    Look,
    NewInterview,
    Status,
    Summary,
    Turn,
)
from api.tables import events, interviews, leases, turns
from knowledge.database import Database, unix_now
from knowledge.errors import Busy, NotFound

CHANNEL = "viva"
"""Where Postgres tells which interview has moved."""

SEAT = "seat:"

UNCOUNTED = {"open", "expire"}
"""Turns that nobody asked for."""

AWAY_FROM = 60.0
"""Seconds without a watcher from which somebody was away; less is a reload."""

_ID_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # 32, without l, o, 0 and 1


class Conflict(Busy):
    """The message answers something else than `question`, the open one; it was not accepted.

    `code` is one of `ended`, `under_way`, `not_open` and `other_text`.
    """

    def __init__(self, message: str, question: int, code: str) -> None:
        super().__init__(message, f"Load the interview again: question {question} is the latest.")
        self.question = question
        self.code = code


class Superseded(Busy):
    """Another worker has this turn; nothing of ours was written."""

    def __init__(self) -> None:
        super().__init__("Another process has taken over this turn.", "Load the interview again.")


class Store:
    """Every interview of one database. Methods raise NotFound for an id that is not there."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def create(self, interview: NewInterview) -> str:
        """Make a new interview, not yet opened, and return its id."""
        interview_id = "".join(secrets.choice(_ID_LETTERS) for _ in range(10))
        row = {**vars(interview), "id": interview_id, "status": "running"}
        start = {"question": 0, "state_version": 0, "created": unix_now(), "updated": unix_now()}
        async with self.database.write() as connection:
            await connection.execute(sa.insert(interviews).values(**row, **start))
        return interview_id

    async def load(self, interview_id: str) -> Interview:
        """The interview as last committed."""
        async with self.database.read() as connection:
            return await _interview(connection, interview_id)

    async def interviews(self, workspace: str = LOCAL, user: str | None = None) -> list[Summary]:
        """Every interview of a workspace outside of a screen, newest first: one's own, and those
        of all."""
        heard = (turns.c.interview_id == interviews.c.id) & (turns.c.kind != "open")
        count = sa.select(sa.func.count()).where(heard).scalar_subquery()
        named = (interviews.c[name] for name in ("id", "kit", "level", "mode", "status"))
        query = sa.select(
            *named, interviews.c.created.label("started"), count.label("turns")
        ).order_by(interviews.c.created.desc(), interviews.c.id)
        own = interviews.c.user_id.is_not_distinct_from(user) | (interviews.c.mode == "screen")
        query = query.where(interviews.c.workspace_id == workspace, own)
        query = query.where(interviews.c.invite_id.is_(None))
        async with self.database.read() as connection:
            rows = await connection.execute(query)
            return [Summary(**row) for row in rows.mappings()]

    async def events(self, interview_id: str, after: int = 0) -> list[Event]:
        """The log in order, from the event that follows `after`."""
        async with self.database.read() as connection:
            await _interview(connection, interview_id)
            return await _events(connection, interview_id, after)

    async def look(self, interview_id: str, after: int | None = None) -> Look:
        """All that shows where the interview stands, with the events after a number if asked."""
        mine = turns.c.interview_id == interview_id
        counts = sa.select(
            sa.select(sa.func.count()).where(mine).scalar_subquery(),
            sa.select(sa.func.max(events.c.seq))
            .where(events.c.interview_id == interview_id)
            .scalar_subquery(),
        )
        async with self.database.read() as connection:
            interview = await _interview(connection, interview_id)
            pending = await _turn(connection, interview_id, status="accepted")
            count, last = (await connection.execute(counts)).one()
            found = [] if after is None else await _events(connection, interview_id, after)
        return Look(interview, pending, count, last or 0, found)

    async def turn(self, interview_id: str, number: int) -> Turn | None:
        """A turn by its number."""
        async with self.database.read() as connection:
            mine = (turns.c.interview_id == interview_id) & (turns.c.number == number)
            row = (await connection.execute(sa.select(turns).where(mine))).one_or_none()
        return None if row is None else Turn(*row)

    async def moved(self, known: dict[str, int]) -> list[tuple[str, int]]:
        """Those of these interviews that have left the state version given, with their new one."""
        versions = sa.select(interviews.c.id, interviews.c.state_version)
        async with self.database.read() as connection:
            rows = await connection.execute(versions.where(interviews.c.id.in_(known)))
            return [(id_, version) for id_, version in rows if version != known[id_]]

    async def thought_away(self, watched: Collection[str]) -> list[str]:
        """Which of these interviews are taken for left, though somebody here watches them."""
        left = interviews.c.id.in_(watched) & interviews.c.left_at.is_not(None)
        async with self.database.read() as connection:
            return list(await connection.scalars(sa.select(interviews.c.id).where(left)))

    async def waiting(self) -> list[tuple[Turn, str]]:
        """Every turn that is accepted and not committed, with whoever holds its interview.

        The holder is empty where nobody does: then its worker has died, or has not begun.
        """
        seat = leases.c.name == sa.literal(SEAT) + turns.c.interview_id
        holder = sa.case((leases.c.until > unix_now(), leases.c.owner), else_="")
        found = (
            sa.select(*turns.c, sa.func.coalesce(holder, ""))
            .outerjoin(leases, seat)
            .where(turns.c.status == "accepted")
            .order_by(turns.c.accepted)
        )
        async with self.database.read() as connection:
            return [(Turn(*row[:-1]), row[-1]) for row in await connection.execute(found)]

    async def idle(self, seconds: float) -> list[Interview]:
        """Interviews that are not over and have not moved for so long."""
        still = (interviews.c.status != "ended") & (interviews.c.updated < unix_now() - seconds)
        still &= interviews.c.question > 0
        async with self.database.read() as connection:
            rows = await connection.execute(sa.select(interviews).where(still).limit(100))
            return [Interview(**row._mapping) for row in rows]

    async def left(self, interview_id: str) -> None:
        """Nobody watches any more; from now on the candidate may be away."""
        gone = (interviews.c.id == interview_id) & interviews.c.left_at.is_(None)
        async with self.database.write() as connection:
            await connection.execute(sa.update(interviews).where(gone).values(left_at=unix_now()))

    async def came_back(self, interview_id: str) -> None:
        """Somebody watches again; the time between is the candidate's own and free.

        Of an absence during a turn only what came before its message counts: the rest is the
        machine's time.
        """
        pending = (turns.c.interview_id == interview_id) & (turns.c.status == "accepted")
        sent = sa.select(turns.c.accepted).where(pending).scalar_subquery()
        for_long = sa.func.coalesce(sent, unix_now()) - interviews.c.left_at
        free = sa.case((for_long >= AWAY_FROM, for_long), else_=0.0)
        back = (interviews.c.id == interview_id) & interviews.c.left_at.is_not(None)
        moved = {"away": interviews.c.away + free, "left_at": None}
        async with self.database.write() as connection:
            await connection.execute(sa.update(interviews).where(back).values(moved))

    async def accept(
        self,
        interview_id: str,
        *,
        turn_id: str,
        question: int | None,
        kind: str,
        message: str,
        about: int | None = None,
    ) -> Accepted:
        """Take a message in; from here it cannot be lost.

        A turn id seen before with the same kind and text returns that turn, whatever its question
        or the interview's status; run it if it is still `accepted`. Run the turn's `message`, not
        one's own: what cannot be stored (NUL, lone surrogates) was replaced. The opening is of
        kind `open` and answers question 0; `question` None is whichever is open.

        Raises:
            Conflict: not the open question, a turn is under way, the interview has ended, or the
                id came before with another text.
        """
        message = _storable(message)
        async with self.database.write() as connection:
            interview = await _interview(connection, interview_id, lock=True)
            turn = await _turn(connection, interview_id, turn_id=turn_id)
            if turn is None:
                open_now = interview.question if question is None else question
                await _refuse_unless_open(connection, interview, open_now)
                sent = {"turn_id": turn_id, "kind": kind, "message": message, "about": about}
                sent["question"] = open_now
                new = await _insert(connection, interview_id, sent)
                if kind not in UNCOUNTED:
                    workspace, length = interview.workspace_id, len(message)
                    await caps.count_message(
                        connection, workspace, interview_id, length, new.accepted
                    )
                return Accepted(new, repeated=False)
            if (turn.kind, turn.message, turn.about) != (kind, message, about):
                text = "This turn was sent before with another text."
                raise Conflict(text, interview.question, "other_text")
            return Accepted(turn, repeated=True)

    async def pending(self, interview_id: str) -> Turn | None:
        """The turn that is accepted and not committed, whose worker runs or has died."""
        async with self.database.read() as connection:
            await _interview(connection, interview_id)
            return await _turn(connection, interview_id, status="accepted")

    async def take(self, turn: Turn, *, ttl: float = TTL) -> tuple[Begun, Lease]:
        """Take the interview's seat and count one more attempt at its turn, as one.

        Raises:
            Busy: somebody else has the seat.
            Superseded: the turn is committed already.
        """
        async with self.database.write() as connection:
            lease = await seize(connection, seat_of(turn.interview_id), ttl=ttl)
            return await _begin(connection, turn.interview_id, turn.number), lease

    async def begin(self, interview_id: str, number: int, lease: Lease) -> Begun:
        """Count one more attempt at a turn, before running it.

        Raises:
            Superseded: the lease is somebody else's, or the turn is committed already.
        """
        async with self.database.write() as connection:
            if not await held(connection, lease):
                raise Superseded
            return await _begin(connection, interview_id, number)

    async def give_back(self, turn: Turn, lease: Lease) -> None:
        """Take back the attempt just begun: its worker has not died of this turn."""
        async with self.database.write() as connection:
            if await held(connection, lease):
                mine = _under_way(turn.interview_id, turn.number)
                less = {"attempt": turns.c.attempt - 1}
                await connection.execute(sa.update(turns).where(mine).values(less))

    async def commit(
        self,
        interview_id: str,
        number: int,
        *,
        lease: Lease,
        expected_state_version: int,
        state: Json,
        events: Sequence[Json],
        result: Json,
        status: Status,
        question: int,
        leaves: bool = False,
        also: Callable[[AsyncConnection], Awaitable[None]] | None = None,
    ) -> list[Event]:
        """Write all that a turn did, or nothing; returns its events with their numbers.

        What `also` writes is committed with it or not at all.
        `question` is the number of the question open from now on; `leaves` gives the lease back
        with it. Seconds of absence so far are dealt with. An event is a dict with `type`, its own
        fields and, from the interview's clock, `at`.

        Raises:
            Superseded: the lease is somebody else's, the state has moved on, or the turn is
                committed already.
        """
        async with self.database.write() as connection:
            if not await held(connection, lease):
                raise Superseded
            now = float(await connection.scalar(sa.select(unix_now())) or 0.0)
            moved: Json = {"state": state, "status": status, "question": question}
            moved |= {"away": 0.0, "left_at": _left_from(now)}
            changes = (
                _move(interview_id, expected_state_version, now, moved),
                _finish(interview_id, number, now, result),
            )
            for change in changes:
                if (await connection.execute(change)).rowcount != 1:
                    raise Superseded
            await _tell(connection, interview_id)
            log = await _append(connection, interview_id, number, events, now)
            if also:
                await also(connection)
            if leaves:
                await leave(connection, lease)
            await caps.count_calls(connection, interview_id, events, now)
        lease.over = leaves
        return log

    async def revise(
        self,
        before: Interview,
        *,
        lease: Lease,
        state: Json,
        events: Sequence[Json],
        also: Callable[[AsyncConnection], Awaitable[None]] | None = None,
    ) -> list[Event]:
        """Add to the log outside any turn (their turn is 0), also once an interview has ended.

        `before` is the interview as loaded; its status and open question stay. What `also` writes
        is committed with it or not at all.

        Raises:
            Superseded: the lease is somebody else's, or a turn has been committed since.
        """
        stays = {"state": state, "status": before.status, "question": before.question}
        async with self.database.write() as connection:
            if not await held(connection, lease):
                raise Superseded
            now = float(await connection.scalar(sa.select(unix_now())) or 0.0)
            move = _move(before.id, before.state_version, now, stays)
            if (await connection.execute(move)).rowcount != 1:
                raise Superseded
            await _tell(connection, before.id)
            if also:
                await also(connection)
            return await _append(connection, before.id, 0, events, now)


def seat_of(interview_id: str) -> str:
    """The lease that whoever runs a turn of the interview holds."""
    return f"{SEAT}{interview_id}"


async def _interview(
    connection: AsyncConnection, interview_id: str, *, lock: bool = False
) -> Interview:
    query = sa.select(interviews).where(interviews.c.id == interview_id)
    query = query.with_for_update() if lock else query
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        remedy = "List them with `viva interviews`."
        raise NotFound(f"There is no interview {interview_id!r}.", remedy)
    return Interview(**row._mapping)


async def _events(connection: AsyncConnection, interview_id: str, after: int) -> list[Event]:
    columns = [events.c[name] for name in ("seq", "turn", "at", "type", "body")]
    mine = (events.c.interview_id == interview_id) & (events.c.seq > after)
    rows = await connection.execute(sa.select(*columns).where(mine).order_by(events.c.seq))
    return [Event(*row) for row in rows]


async def _tell(connection: AsyncConnection, interview_id: str) -> None:
    """Let the processes that listen know, once this transaction is committed."""
    if connection.dialect.name == "postgresql":
        await connection.execute(sa.select(sa.func.pg_notify(CHANNEL, interview_id)))


def _left_from(now: float) -> sa.ColumnElement[float | None]:
    """Who is away has been so since the interviewer spoke: the turn itself is free anyway."""
    return sa.case((interviews.c.left_at.is_(None), None), else_=now)


async def _turn(connection: AsyncConnection, interview_id: str, **that: str) -> Turn | None:
    mine = sa.select(turns).where(turns.c.interview_id == interview_id).filter_by(**that)
    row = (await connection.execute(mine)).one_or_none()
    return None if row is None else Turn(*row)


async def _begin(connection: AsyncConnection, interview_id: str, number: int) -> Begun:
    begun = (
        sa.update(turns)
        .where(_under_way(interview_id, number))
        .values(attempt=turns.c.attempt + 1)
        .returning(*turns.c, unix_now() - turns.c.accepted)
    )
    row = (await connection.execute(begun)).one_or_none()
    if row is None:
        raise Superseded
    return Begun(*row)


async def _refuse_unless_open(
    connection: AsyncConnection, interview: Interview, question: int
) -> None:
    if interview.status == "ended":
        raise Conflict("This interview has ended.", interview.question, "ended")
    if await _turn(connection, interview.id, status="accepted") is not None:
        message = "The last message is still being worked on."
        raise Conflict(message, interview.question, "under_way")
    if question != interview.question:
        raise Conflict(f"Question {question} is not open.", interview.question, "not_open")


async def _insert(connection: AsyncConnection, interview_id: str, sent: Json) -> Turn:
    mine = turns.c.interview_id == interview_id
    number = sa.select(sa.func.count() + 1).where(mine).scalar_subquery()
    new = {"number": number, "status": "accepted", "attempt": 0, "accepted": unix_now()}
    row = sa.insert(turns).values(interview_id=interview_id, **sent, **new).returning(turns)
    return Turn(*(await connection.execute(row)).one())


def _move(interview_id: str, version: int, now: float, moved: Json) -> sa.Update:
    ended = sa.func.coalesce(interviews.c.ended, now) if moved["status"] == "ended" else None
    return (
        sa.update(interviews)
        .where(interviews.c.id == interview_id, interviews.c.state_version == version)
        .values(**moved, state_version=version + 1, updated=now, ended=ended)
    )


def _finish(interview_id: str, number: int, now: float, result: Json) -> sa.Update:
    done = {"status": "committed", "result": result, "committed": now}
    return sa.update(turns).where(_under_way(interview_id, number)).values(done)


def _under_way(interview_id: str, number: int) -> sa.ColumnElement[bool]:
    mine = (turns.c.interview_id == interview_id) & (turns.c.number == number)
    return mine & (turns.c.status == "accepted")


async def _append(
    connection: AsyncConnection, interview_id: str, turn: int, added: Sequence[Json], now: float
) -> list[Event]:
    last = sa.select(sa.func.max(events.c.seq)).where(events.c.interview_id == interview_id)
    first = (await connection.scalar(last) or 0) + 1
    log = [Event.read(e, seq=first + i, turn=turn, at=now) for i, e in enumerate(added)]
    if log:
        rows = [{"interview_id": interview_id, **vars(event)} for event in log]
        await connection.execute(sa.insert(events), rows)
    return log


def _storable(message: str) -> str:
    return message.replace("\0", "�").encode("utf-8", "replace").decode()
