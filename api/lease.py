"""Who may work on an interview just now: leases that end by themselves when their owner dies.

A lease alone cannot stop a slow owner from writing late; its attempt number does, checked
inside the transaction that writes (see `held`).
"""

import asyncio
import os
import secrets
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from api.tables import leases
from knowledge.database import Database, insert_into, unix_now
from knowledge.errors import Busy, StorageFailed

TTL = 8.0
PATIENCE = 10.0


@dataclass
class Lease:
    """A name held by one owner; `attempt` tells this holding from every other."""

    name: str
    owner: str
    attempt: int
    lost: bool = field(default=False, compare=False)
    over: bool = field(default=False, compare=False)
    """Given back, in the transaction that ended the work."""


def new_owner() -> str:
    """A name for one holder, `host:pid:random`; make a new one for each holding."""
    return f"{_here()}:{os.getpid()}:{secrets.token_hex(4)}"


async def acquire(database: Database, name: str, owner: str, *, ttl: float = TTL) -> Lease | None:
    """Take `name` for `ttl` seconds, or None while anybody, this owner included, holds it."""
    async with database.write() as connection:
        attempt = await _take(connection, name, owner, ttl, leases.c.until <= unix_now())
    return None if attempt is None else Lease(name, owner, attempt)


async def seize(connection: AsyncConnection, name: str, *, ttl: float = TTL) -> Lease:
    """Take `name` within this transaction, also from a process of this machine that has ended.

    Raises:
        Busy: somebody who may be alive holds it.
    """
    owner = new_owner()
    attempt = await _take(connection, name, owner, ttl, leases.c.until <= unix_now())
    if attempt is None:
        holder = await connection.scalar(sa.select(leases.c.owner).where(leases.c.name == name))
        if holder and gone(holder):
            attempt = await _take(connection, name, owner, ttl, leases.c.owner == holder)
    if attempt is None:
        raise Busy("Another process is in this interview.", "Try again in a few seconds.")
    return Lease(name, owner, attempt)


async def renew(database: Database, lease: Lease, *, ttl: float = TTL) -> bool:
    """Hold it for `ttl` seconds from now; False when somebody else has it."""
    async with database.write() as connection:
        change = sa.update(leases).where(_is(lease)).values(until=unix_now() + ttl)
        return (await connection.execute(change)).rowcount == 1


async def release(database: Database, lease: Lease) -> None:
    """Give it back; nothing happens when it is somebody else's by now."""
    async with database.write() as connection:
        await leave(connection, lease)


async def leave(connection: AsyncConnection, lease: Lease) -> None:
    """The same within this transaction."""
    await connection.execute(sa.update(leases).where(_is(lease)).values(owner="", until=0.0))


async def held(connection: AsyncConnection, lease: Lease) -> bool:
    """Whether nobody has taken it over, which stays so until this transaction ends."""
    row = sa.select(leases.c.attempt).where(_is(lease)).with_for_update()
    return await connection.scalar(row) is not None


@asynccontextmanager
async def hold(
    database: Database,
    name: str,
    owner: str,
    *,
    ttl: float = TTL,
    patience: float = 0.0,
    waited: Callable[[float], None] | None = None,
) -> AsyncIterator[Lease]:
    """Hold `name` by heartbeat; `lease.lost` turns true when that failed.

    Raises:
        Busy: somebody else holds it (with `patience`, see `wait_for`).
    """
    lease = await wait_for(database, name, owner, ttl=ttl, patience=patience, waited=waited)
    async with kept(database, lease, ttl=ttl):
        yield lease


@asynccontextmanager
async def kept(database: Database, lease: Lease, *, ttl: float = TTL) -> AsyncIterator[None]:
    """Keep a lease by heartbeat while inside; then it is given back, unless it is `over`."""
    done = asyncio.Event()
    heart = asyncio.create_task(_beat(database, lease, ttl, done))
    try:
        yield
    finally:
        done.set()
        await heart
        if not lease.over:
            with suppress(StorageFailed):  # it ends by itself
                await release(database, lease)


async def wait_for(
    database: Database,
    name: str,
    owner: str,
    *,
    ttl: float = TTL,
    patience: float = PATIENCE,
    waited: Callable[[float], None] | None = None,
) -> Lease:
    """Take `name` as soon as a dead holder's lease ends, within `patience` seconds.

    `waited` is told the seconds so far, at each look. A living holder renews, which is seen; a
    process of this machine that has ended is not waited for.

    Raises:
        Busy: the holder is alive, or outlasted our patience.
    """
    started, first = time.monotonic(), None
    while (lease := await acquire(database, name, owner, ttl=ttl)) is None:
        holder, until = await _look(database, name)
        if gone(holder) and (lease := await _take_over(database, name, holder, owner, ttl)):
            return lease
        first = until if first is None else first
        seconds = time.monotonic() - started
        if until > first or seconds >= patience:
            raise Busy(
                "Another process is in this interview.",
                "Go on there, or close it and try again in a few seconds.",
            )
        if waited:
            waited(seconds)
        await asyncio.sleep(ttl / 20)
    return lease


async def _beat(database: Database, lease: Lease, ttl: float, done: asyncio.Event) -> None:
    renewed = time.monotonic()
    while not lease.lost:
        with suppress(TimeoutError):
            await asyncio.wait_for(done.wait(), ttl / 4)
            return
        asked = time.monotonic()
        try:
            lease.lost = not await renew(database, lease, ttl=ttl)
            renewed = asked
        except StorageFailed:  # perhaps only busy: there is time for another try
            lease.lost = time.monotonic() - renewed > ttl


async def _look(database: Database, name: str) -> tuple[str, float]:
    async with database.read() as connection:
        row = sa.select(leases.c.owner, leases.c.until).where(leases.c.name == name)
        owner, until = (await connection.execute(row)).one()
    return owner, until


async def _take_over(
    database: Database, name: str, holder: str, owner: str, ttl: float
) -> Lease | None:
    async with database.write() as connection:
        attempt = await _take(connection, name, owner, ttl, leases.c.owner == holder)
    return None if attempt is None else Lease(name, owner, attempt)


async def _take(
    connection: AsyncConnection, name: str, owner: str, ttl: float, free: sa.ColumnElement[bool]
) -> int | None:
    until = unix_now() + ttl
    taken = (
        insert_into(leases, connection)
        .values(name=name, owner=owner, attempt=1, until=until)
        .on_conflict_do_update(
            index_elements=[leases.c.name],
            set_={"owner": owner, "attempt": leases.c.attempt + 1, "until": until},
            where=free,
        )
        .returning(leases.c.attempt)
    )
    attempt: int | None = await connection.scalar(taken)
    return attempt


def _is(lease: Lease) -> sa.ColumnElement[bool]:
    return sa.and_(
        leases.c.name == lease.name,
        leases.c.owner == lease.owner,
        leases.c.attempt == lease.attempt,
    )


def gone(owner: str) -> bool:
    """Whether the owner was a process of this very process table, and has ended."""
    where, _, rest = owner.partition(":")
    if where != _here():
        return False
    try:
        os.kill(int(rest.partition(":")[0]), 0)
    except OSError as error:  # a living process of somebody else's is a PermissionError
        return isinstance(error, ProcessLookupError)
    return False


@cache
def _here() -> str:
    """The host, its boot and its process table: only within these does a pid mean anything."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        return f"{socket.gethostname()}/{boot}/{Path('/proc/self/ns/pid').stat().st_ino}"
    except OSError:  # not Linux: comparable with nobody
        return f"{socket.gethostname()}/{secrets.token_hex(4)}"
