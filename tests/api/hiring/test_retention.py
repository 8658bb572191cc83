"""What is past its time goes by itself, and nothing else does."""

import asyncio
import time
from typing import Any

import pytest
import sqlalchemy as sa

from api.hiring import audit
from api.hiring.holds import set_hold
from api.hiring.retention import LEASE, Retention, is_due
from api.hiring.tables import decisions, invites, screens, workspaces
from api.identity.caller import Caller
from api.identity.tokens import new_id
from api.lease import hold, new_owner
from api.tables import interviews
from knowledge.database import Database
from knowledge.errors import Busy

DAY = 86_400.0
OURS = "ours"
ADMIN = Caller(roles=frozenset({"admin"}), workspace=OURS, id="user:ada")


class Desk:
    """A workspace that keeps people for thirty days, and rows of its candidates."""

    def __init__(self, database: Database) -> None:
        self.database, self.now = database, time.time()
        self.screen = new_id()

    async def put(self, table: sa.Table, **row: Any) -> str:
        row.setdefault("id", new_id())
        async with self.database.write() as connection:
            await connection.execute(sa.insert(table).values(**row))
        return str(row["id"])

    async def furnish(self, days: float | None) -> None:
        settings = {"retention_days": days} if days else {}
        kept: dict[str, Any] = {"id": OURS, "name": "Ours", "settings": settings, "created": 0.0}
        await self.put(workspaces, **kept)
        screen: dict[str, Any] = {
            "title": "T",
            "mode": "screen",
            "status": "open",
            "kit": "k",
            "kit_version": "v",
        }
        screen |= {"level": "mid", "minutes": 45.0, "examiner": "local", "made_by": "Ada"}
        numbers = {"attempts": 1, "blind_share": 0.0, "created": 0.0}
        lists: dict[str, Any] = {"subjects": [], "texts": {}}
        own = {"id": self.screen, "workspace_id": OURS}
        await self.put(screens, **own, **screen, **numbers, **lists)

    async def invited(self, ago: float, lasts: float = 1.0, **more: float) -> str:
        """Somebody invited so many days ago, for so many days; `more` are days ago, too."""
        at = {name: self.now - days * DAY for name, days in more.items()}
        made = {"created": self.now - ago * DAY, "until": self.now + (lasts - ago) * DAY}
        who = {"name": "Cleo", "email": "", "reference": "", "extra_time": 1.0, "asked": []}
        of = {"workspace_id": OURS, "screen_id": self.screen, "hash": new_id()}
        return await self.put(invites, **of, **who, **made, **at)

    async def interviewed(self, invite: str | None, ago: float, status: str = "ended") -> str:
        """Their interview, last heard of so many days ago."""
        at = self.now - ago * DAY
        row = {"kit": "k", "kit_version": "v", "level": "mid", "mode": "screen", "seed": 0}
        row |= {"examiner": "local", "status": status, "question": 1, "state_version": 1}
        times = {"created": at, "updated": at}
        of = {"workspace_id": OURS, "screen_id": self.screen, "invite_id": invite, "attempt": 1}
        return await self.put(interviews, options={}, **row, **times, **of)

    async def left(self) -> set[str]:
        """Ids of those who are still there."""
        known = sa.select(invites.c.id).where(invites.c.erased.is_(None))
        async with self.database.read() as connection:
            found = set(await connection.scalars(known))
            return found | set(await connection.scalars(sa.select(interviews.c.id)))


@pytest.fixture
async def desk(sql: Database) -> Desk:
    made = Desk(sql)
    await made.furnish(30)
    return made


async def test_who_was_heard_of_last_before_the_time_goes_and_nobody_else(desk: Desk) -> None:
    old = await desk.invited(40)
    heard = await desk.invited(40)
    recently = await desk.interviewed(heard, 10)
    goes = await desk.invited(60)
    long_ago = await desk.interviewed(goes, 31)
    decided = await desk.invited(60)
    judged = await desk.interviewed(decided, 31)
    decision = {"outcome": "hold", "reason": "r", "by": "Ada", "at": desk.now - 5 * DAY}
    await desk.put(decisions, workspace_id=OURS, interview_id=judged, **decision)
    open_still = await desk.invited(40, lasts=90)
    used_up = await desk.invited(40, lasts=90, declined=35)
    running = await desk.invited(40)
    under_way = await desk.interviewed(running, 35, status="running")
    alone = await desk.interviewed(None, 31)
    gone = {old, goes, long_ago, used_up, alone}
    before = await desk.left()

    retention = Retention(desk.database)
    assert await retention.sweep() == 4
    assert await desk.left() == before - gone
    assert {heard, recently, decided, judged, open_still, running, under_way} <= before - gone
    assert await retention.sweep() == 0
    lines = await audit.lines(desk.database, OURS, action="erased", actor="retention")
    assert {line.object.partition(":")[2] for line in lines} == gone - {long_ago}
    assert await audit.first_broken(desk.database) is None


async def test_without_a_number_of_days_nobody_goes(sql: Database) -> None:
    desk = Desk(sql)
    await desk.furnish(None)
    old = await desk.invited(4_000)
    assert await Retention(sql).sweep() == 0
    assert await desk.left() == {old}


async def test_a_hold_keeps_what_is_past_its_time(desk: Desk) -> None:
    old = await desk.invited(40)
    other = await desk.invited(40)
    await set_hold(desk.database, ADMIN, "invite", old, True)
    assert await Retention(desk.database).sweep() == 1
    assert await desk.left() == {old}
    assert [line.action for line in await audit.lines(desk.database, OURS, object_=old)] == [
        "put on hold"
    ]
    await set_hold(desk.database, ADMIN, "invite", old, False)
    assert await Retention(desk.database).sweep() == 1
    assert other not in await desk.left()


async def test_of_several_processes_one_sweeps(desk: Desk, other: Database) -> None:
    for _ in range(5):
        await desk.invited(40)
    both = (Retention(desk.database).sweep(), Retention(other).sweep())
    done = await asyncio.gather(*both, return_exceptions=True)
    counts = [each for each in done if isinstance(each, int)]
    assert sum(counts) == 5
    assert all(isinstance(each, Busy | int) for each in done)
    async with hold(desk.database, LEASE, new_owner()):
        with pytest.raises(Busy):
            await Retention(other).sweep()


async def test_an_interview_that_began_while_its_invite_was_erased_goes_too(desk: Desk) -> None:
    invite = await desk.invited(1, erased=0.1)
    await desk.interviewed(invite, 0.05, status="running")
    assert await Retention(desk.database).sweep() == 1
    assert await desk.left() == set()


async def test_files_are_rewritten_once_after_erasing_on_sqlite(database: Database) -> None:
    desk = Desk(database)
    await desk.furnish(30)
    await desk.invited(40)
    retention = Retention(database)
    await retention.sweep()
    assert not await is_due(database)
    lines = await audit.lines(database, "", action="maintained")
    await retention.sweep()
    assert [each.seq for each in lines] == [
        each.seq for each in await audit.lines(database, "", action="maintained")
    ]


async def test_a_service_that_is_asked_looks_at_once_and_ends_in_peace(database: Database) -> None:
    desk = Desk(database)
    await desk.furnish(30)
    await desk.invited(40)
    retention = Retention(database)
    at_work = asyncio.create_task(retention.run())
    retention.soon()
    async with asyncio.timeout(60):
        while await desk.left():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await retention.close()
    assert not await is_due(database)
    at_work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await at_work
