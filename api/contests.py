"""Contests of all interviews: taken in, listed and decided, each as one transaction."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from agent.contesting import Complaint, contested, is_same
from agent.events import AnyEvent, Contested, Decided, read_event
from agent.report.argument import Contest
from agent.report.contests import contests, without_rubric
from agent.report.ledger import Ledger, fold
from agent.report.model import Audience
from agent.ruling import Ruling
from agent.syllabus import Syllabus
from api.hiring import audit, webhooks
from api.hiring.rubric import is_opened
from api.identity.caller import THIS_MACHINE, Caller
from api.lease import PATIENCE, Lease, hold, new_owner
from api.records import Interview
from api.service import NotOver
from api.store import Store, seat_of
from api.tables import ABOUT_CONTESTS, events, interviews
from api.withdrawals import bench_of, bodies_of, log_of
from knowledge.errors import NotFound, VivaError
from knowledge.library import Library, withdraw


class Already(VivaError):
    """It was contested, or decided, before and otherwise; nothing was changed."""

    exit_status = 2


@dataclass(frozen=True)
class Line:
    """A contest in the list of all."""

    interview: str
    kit: str
    contest: Contest


class Contests:
    """The contests of one database. Methods raise NotFound for what is not there."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._library = Library(store.database)
        self._clock = clock

    async def of(self, interview_id: str, audience: Audience) -> tuple[Contest, ...]:
        """The contests of an interview; for the candidate of a screen without the rubric."""
        stored = await self._store.load(interview_id)
        hidden = audience == "candidate" and not await is_opened(self._store.database, stored)
        return _told(fold(await log_of(self._store, interview_id)), hidden)

    async def everywhere(self, workspace: str | None = None) -> list[Line]:
        """Those of a workspace's interviews, or of all: open ones first, then the newest."""
        query = sa.select(events, interviews.c.kit).join(interviews).where(ABOUT_CONTESTS)
        if workspace is not None:
            query = query.where(interviews.c.workspace_id == workspace)
        async with self._store.database.read() as connection:
            rows = (await connection.execute(query.order_by(events.c.seq))).all()
        ledgers, kits = dict[str, Ledger](), dict[str, str]()
        for row in rows:
            ledger = ledgers.setdefault(row.interview_id, Ledger())
            kits[row.interview_id] = row.kit
            match read_event({"type": row.type, "at": row.at, **row.body}):
                case Contested() as contest:
                    ledger.contests.append(contest)
                case Decided() as decided:
                    ledger.decided[decided.contest] = decided
                case _:
                    pass
        lines = [Line(id_, kits[id_], c) for id_, each in ledgers.items() for c in contests(each)]
        return sorted(lines, key=lambda line: (line.contest.state != "open", -line.contest.at))

    async def contest(
        self,
        interview_id: str,
        complaint: Complaint,
        audience: Audience = "candidate",
        *,
        by: Caller = THIS_MACHINE,
    ) -> tuple[Contest, bool]:
        """Take a contest in; True with it where this id had brought the same before.

        The audit log has that it was brought, and by whom.

        Raises:
            NotOver: the interview still runs.
            BadInput: it cannot be contested, or not with these words.
            Already: this id came before with another contest.
            Busy: another process is in this interview.
        """
        async with self._seated(interview_id) as seat:
            ledger = seat.ledger
            opened = await is_opened(self._store.database, seat.stored)
            known = next((c for c in ledger.contests if c.contest_id == complaint.contest_id), None)
            if known is None:
                made = contested(ledger, complaint, self._clock(), opened=opened)
                state = seat.stored.state or {}
                told = _Told("contest.opened", by, made.number)
                await self._commit(seat, state, (made,), told)
                ledger.contests.append(made)
            elif not is_same(known, complaint):
                raise Already(
                    "This contest was sent before with another text.", "Give it a new id."
                )
        number = known.number if known else len(ledger.contests)
        return _told(ledger, audience == "candidate" and not opened)[number - 1], known is not None

    async def decide(
        self, interview_id: str, number: int, ruling: Ruling, *, by: Caller = THIS_MACHINE
    ) -> Contest:
        """Commit a person's decision, with what is withdrawn from the kit; the same again is fine.

        Raises:
            NotOver: the interview still runs.
            BadInput: the ruling cannot stand as it is.
            Already: it was decided before, otherwise.
            Busy: another process is in this interview.
        """
        async with self._seated(interview_id) as seat:
            contest = _numbered(seat, number)
            before = seat.ledger.decided.get(number)
            if before is None:
                bench = bench_of(seat.stored, await self._syllabus(seat), seat.log, self._clock())
                done = await asyncio.to_thread(bench.decide, contest, ruling)
                gone = {atom.id: ruling.reason.strip() for atom in done.withdrawn}
                told = _Told("contest.decided", by, number, ruling.upholds, tuple(gone))
                await self._commit(seat, done.state, done.events, told, gone)
                return contests(fold((*seat.log, *done.events)))[number - 1]
            if not _is_same(before, contest, ruling):
                how = "upheld" if before.upheld else "refused"
                raise Already(f"{before.by} has {how} this contest already.", "It stays decided.")
            return contests(seat.ledger)[number - 1]

    @asynccontextmanager
    async def _seated(self, interview_id: str) -> AsyncIterator["_Seat"]:
        """An interview that is over, while nobody else changes it."""
        _check_over(await self._store.load(interview_id))
        seat = hold(self._store.database, seat_of(interview_id), new_owner(), patience=PATIENCE)
        async with seat as lease:
            stored = await self._store.load(interview_id)
            log = await log_of(self._store, interview_id)
            yield _Seat(lease, stored, log, fold(log))

    async def _commit(
        self,
        seat: "_Seat",
        state: Mapping[str, Any],
        happened: Collection[AnyEvent],
        told: "_Told",
        gone: Mapping[str, str] | None = None,
    ) -> None:
        """The interview, the kit's next version, what is told and what is noted: all or nothing."""
        workspace, interview = seat.stored.workspace_id, seat.stored.id

        async def also(connection: AsyncConnection) -> None:
            if gone:
                await withdraw(connection, seat.stored.kit, gone, workspace)
            event, number = told.event, told.number
            await webhooks.tell(connection, workspace, event, interview=interview, contest=number)
            about = (told.by.id, told.action, f"interview:{interview}")
            await audit.record_in(connection, workspace, *about, **told.detail)

        bodies = bodies_of(happened)
        await self._store.revise(
            seat.stored, lease=seat.lease, state=dict(state), events=bodies, also=also
        )

    async def _syllabus(self, seat: "_Seat") -> Syllabus:
        kit = await self._library.get(seat.stored.kit, seat.stored.kit_version)
        made = await asyncio.to_thread(Syllabus, kit)
        return made.without(seat.ledger.withdrawn)


@dataclass(frozen=True)
class _Told:
    """What other systems, and the audit log, are told of a contest."""

    event: webhooks.Event
    by: Caller
    number: int
    upheld: bool | None = None
    """None: it is not decided."""
    withdrawn: tuple[str, ...] = ()
    """What leaves the kit (ids)."""

    @property
    def action(self) -> str:
        return "contested" if self.upheld is None else "decided a contest"

    @property
    def detail(self) -> dict[str, Any]:
        decided = {} if self.upheld is None else {"upheld": self.upheld}
        gone = {"withdrawn": list(self.withdrawn)} if self.withdrawn else {}
        return {"contest": self.number, **decided, **gone}


@dataclass(frozen=True)
class _Seat:
    """An ended interview, held."""

    lease: Lease
    stored: Interview
    log: tuple[AnyEvent, ...]
    ledger: Ledger


def _check_over(stored: Interview) -> None:
    if stored.status != "ended" or stored.state is None:
        raise NotOver("The interview is not over yet.", "Contest it once it has ended.")


def _numbered(seat: _Seat, number: int) -> Contested:
    if not 1 <= number <= len(seat.ledger.contests):
        remedy = f"List them with `viva contests {seat.stored.id}`."
        raise NotFound(f"There is no contest {number} in this interview.", remedy)
    return seat.ledger.contests[number - 1]


def _is_same(decided: Decided, contest: Contested, ruling: Ruling) -> bool:
    """Whether a decision is this one, sent once more."""
    whole = not (contest.atom or ruling.points)
    stands = (decided.upheld, decided.reason, decided.by)
    return (
        stands == (ruling.upholds, ruling.reason.strip(), ruling.by.strip())
        and bool(decided.withdrawn) == ruling.withdraws
        and decided.points in {(), tuple(point.atom for point in ruling.points)}
        and (ruling.withdraws or decided.set_aside == (ruling.upholds and whole))
    )


def _told(ledger: Ledger, hidden: bool) -> tuple[Contest, ...]:
    told = contests(ledger)
    return without_rubric(told) if hidden else told
