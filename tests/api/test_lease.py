import asyncio
import os
import subprocess
import sys

import pytest
import sqlalchemy as sa

from api.lease import Lease, acquire, held, hold, new_owner, release, renew, wait_for
from api.tables import leases
from knowledge.database import Database, unix_now
from knowledge.errors import Busy

TTL = 4.0
DEAD = "another-host:1:0a"
PATIENT = 60.0
"""Seconds before a test gives up on something that must happen."""


async def stands(database: Database, lease: Lease) -> bool:
    async with database.write() as connection:
        return await held(connection, lease)


async def expire(database: Database, name: str) -> None:
    async with database.write() as connection:
        ended = sa.update(leases).where(leases.c.name == name).values(until=unix_now() - 1)
        await connection.execute(ended)


async def end_of(database: Database, name: str) -> float:
    async with database.read() as connection:
        until = await connection.scalar(sa.select(leases.c.until).where(leases.c.name == name))
    assert until is not None
    return float(until)


def waiter(database: Database) -> tuple[asyncio.Task[Lease], asyncio.Event]:
    """Somebody who waits for seat:a, and whether they have found it held."""
    looked = asyncio.Event()
    wait = wait_for(database, "seat:a", new_owner(), ttl=TTL, waited=lambda _: looked.set())
    return asyncio.create_task(wait), looked


def owner_that_died() -> str:
    script = "from api.lease import new_owner; print(new_owner())"
    process = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    return process.stdout.decode().strip()


async def test_one_holder_at_a_time(sql: Database, other: Database) -> None:
    lease = await acquire(sql, "seat:a", "x:1:1")
    assert lease is not None
    assert await acquire(other, "seat:a", "y:1:1") is None
    assert await acquire(sql, "seat:a", "x:1:1") is None  # nor the same owner twice
    assert await acquire(other, "seat:b", "y:1:1") is not None


async def test_of_many_at_once_exactly_one_gets_it(sql: Database, other: Database) -> None:
    asked = (acquire(db, "seat:a", new_owner()) for db in (sql, other) for _ in range(5))
    taken = [lease for lease in await asyncio.gather(*asked) if lease]
    assert len(taken) == 1


async def test_a_released_lease_is_free_and_its_old_holder_is_out(sql: Database) -> None:
    first = await acquire(sql, "seat:a", "x:1:1")
    assert first
    await release(sql, first)
    assert not await stands(sql, first)
    second = await acquire(sql, "seat:a", "x:1:1")
    assert second is not None
    assert second.attempt == first.attempt + 1
    await release(sql, first)  # too late to take it from the second
    assert await stands(sql, second)


async def test_a_lease_that_ran_out_can_be_taken_over_once(sql: Database) -> None:
    old = await acquire(sql, "seat:a", "x:1:1")
    assert old
    await expire(sql, "seat:a")
    assert await stands(sql, old)  # nobody has taken it: its work is not lost
    new = await acquire(sql, "seat:a", "y:1:1")
    assert new is not None
    assert not await renew(sql, old)
    assert not await stands(sql, old)
    assert await stands(sql, new)


async def test_heartbeats_keep_a_lease_past_its_end(sql: Database, other: Database) -> None:
    async with hold(sql, "seat:a", new_owner(), ttl=TTL) as lease:
        first_end = await end_of(sql, "seat:a")
        async with asyncio.timeout(PATIENT):
            while await end_of(other, "seat:a") == first_end:
                assert await acquire(other, "seat:a", "y:1:1") is None
        assert await end_of(other, "seat:a") > first_end
        assert not lease.lost
    assert await acquire(other, "seat:a", "y:1:1") is not None


async def test_a_heartbeat_that_comes_late_keeps_a_lease_that_nobody_took(sql: Database) -> None:
    async with hold(sql, "seat:a", new_owner(), ttl=TTL) as lease:
        await expire(sql, "seat:a")  # as when a library did not yield for so long
        ended = await end_of(sql, "seat:a")
        async with asyncio.timeout(PATIENT):
            while await end_of(sql, "seat:a") == ended:
                assert not lease.lost
        assert await acquire(sql, "seat:a", "y:1:1") is None


async def test_a_holder_learns_that_it_was_taken_over(sql: Database) -> None:
    async with hold(sql, "seat:a", new_owner(), ttl=TTL) as lease:
        await expire(sql, "seat:a")
        thief = await acquire(sql, "seat:a", "y:1:1", ttl=60)
        assert thief is not None
        async with asyncio.timeout(PATIENT):
            while not lease.lost:
                assert await stands(sql, thief)
    assert await stands(sql, thief)  # what the loser gave back was not the thief's


async def test_without_patience_a_held_lease_is_refused_at_once(sql: Database) -> None:
    await acquire(sql, "seat:a", DEAD)
    with pytest.raises(Busy, match="Another process is in this interview"):
        async with hold(sql, "seat:a", new_owner()):
            pass


async def test_waiting_refuses_a_living_holder(sql: Database, other: Database) -> None:
    async with hold(sql, "seat:a", f"another-host:{os.getpid()}:0a", ttl=TTL) as lease:
        with pytest.raises(Busy) as refused:
            await wait_for(other, "seat:a", new_owner(), ttl=TTL)
        assert "close it" in refused.value.remedy
        assert await stands(sql, lease)


async def test_waiting_takes_over_from_a_dead_holder_and_says_so(sql: Database) -> None:
    await acquire(sql, "seat:a", DEAD, ttl=60)
    waiting, looked = waiter(sql)
    async with asyncio.timeout(PATIENT):
        await looked.wait()
        await expire(sql, "seat:a")
        assert (await waiting).attempt == 2


async def test_waiting_ends_when_patience_does(sql: Database) -> None:
    await acquire(sql, "seat:a", DEAD, ttl=60)
    with pytest.raises(Busy):
        await wait_for(sql, "seat:a", new_owner(), ttl=TTL, patience=0.1)


async def test_of_two_that_wait_one_takes_over_and_one_is_refused(
    sql: Database, other: Database
) -> None:
    await acquire(sql, "seat:a", DEAD, ttl=TTL)
    waiting, looked = zip(waiter(sql), waiter(other), strict=True)
    async with asyncio.timeout(PATIENT):
        await asyncio.gather(*(event.wait() for event in looked))
        await expire(sql, "seat:a")
        outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Busy", "Lease"]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a dead process is waited for")
async def test_a_dead_process_of_this_machine_is_not_waited_for(sql: Database) -> None:
    await acquire(sql, "seat:a", owner_that_died(), ttl=60)
    said: list[float] = []
    lease = await wait_for(sql, "seat:a", new_owner(), waited=said.append)
    assert lease.attempt == 2
    assert said == []


async def test_the_same_process_number_on_another_machine_proves_nothing(sql: Database) -> None:
    _, rest = owner_that_died().split(":", 1)
    await acquire(sql, "seat:a", f"another-host:{rest}", ttl=60)
    with pytest.raises(Busy):
        await wait_for(sql, "seat:a", new_owner(), ttl=TTL, patience=0)


async def test_a_living_process_of_this_machine_is_not_robbed(sql: Database) -> None:
    await acquire(sql, "seat:a", new_owner(), ttl=60)
    with pytest.raises(Busy):
        await wait_for(sql, "seat:a", new_owner(), ttl=TTL, patience=0)
