"""SIGKILL at random moments, with turns under way; then every promise is checked."""

import asyncio
import random
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

from api.store import Store
from evals.bench_service.client import Candidate, open_http
from evals.bench_service.records import Record, faults, read, takeovers
from evals.bench_service.servers import (
    Runs,
    Server,
    light,
    new_database,
    postgres,
    serve,
    serve_elsewhere,
    sqlite_url,
)
from evals.bench_service.tables import quantiles, row
from knowledge.database import Database

SEEDS = 6
"""Different interviews; each has one undisturbed run that the killed ones are compared with."""
LENGTH = 8
"""Messages of one interview, the last one ends it."""
AT_ONCE = 6
LONGEST_WAIT = 0.35
"""Seconds; a kill comes at a random moment within them."""


@dataclass
class Loop:
    """Interviews one after another while servers are killed, until there were kills enough."""

    servers: Sequence[Server]
    database: Database
    wanted: int
    dice: random.Random
    kills: int = 0
    idle_kills: int = 0
    """Kills of a process that had no turn under way; they do not count."""
    hit: list[tuple[str, int, float]] = field(default_factory=list)
    """Interview, turn and Unix time of every turn that lost its worker."""
    held: list[Candidate] = field(default_factory=list)

    @property
    def urls(self) -> list[str]:
        """Where the servers are."""
        return [server.url for server in self.servers]

    async def undisturbed(self, http: httpx2.AsyncClient) -> list[Record]:
        """One interview of each seed, with nobody killed."""
        calm = [Candidate(http, self.urls, seed, LENGTH) for seed in range(SEEDS)]
        await asyncio.gather(*(candidate.hold() for candidate in calm))
        return [await read(self.database, candidate.id) for candidate in calm]

    async def run(self, http: httpx2.AsyncClient) -> None:
        """Kill until there were enough, while interviews are held."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._kill())
            for number in range(AT_ONCE):
                tasks.create_task(self._hold(http, number))

    async def _hold(self, http: httpx2.AsyncClient, number: int) -> None:
        while self.kills < self.wanted:
            candidate = Candidate(http, self.urls, number % SEEDS, LENGTH)
            await candidate.hold()
            self.held.append(candidate)
            number += 1

    async def _kill(self) -> None:
        store = Store(self.database)
        while self.kills < self.wanted:
            server = self.dice.choice(self.servers)
            await asyncio.sleep(self.dice.uniform(0.0, LONGEST_WAIT))
            waiting = await store.waiting()
            if any(turn.attempt > 2 for turn, _ in waiting):
                continue  # killed twice; what a third time does is tested apart
            if any(_is_of(holder, server) for _, holder in waiting):
                await self._kill_one(server, store)

    async def _kill_one(self, server: Server, store: Store) -> None:
        await asyncio.to_thread(server.kill)
        at = time.time()
        lost = [turn for turn, holder in await store.waiting() if _is_of(holder, server)]
        self.hit += [(turn.interview_id, turn.number, at) for turn in lost]
        self.kills += bool(lost)
        self.idle_kills += not lost
        server.start()
        await server.ready()


def _is_of(holder: str, server: Server) -> bool:
    return holder.split(":")[1:2] == [str(server.pid)]


@dataclass(frozen=True)
class Outcome:
    """What came of a loop."""

    kills: int
    idle_kills: int
    interviews: int
    turns: int
    lost_workers: int
    seconds: float
    faults: list[str]
    takeovers: list[float]
    cuts: int
    resets: int
    retries: int
    ungraded: int


async def killed(
    url: str, servers: Sequence[Server], kills: int, seed: int, within: float = 1800.0
) -> Outcome:
    """Kill these servers so often, and say what became of the interviews."""
    database, began = Database(url), time.monotonic()
    loop = Loop(servers, database, kills, random.Random(seed))
    try:
        async with open_http() as http, asyncio.timeout(within):
            calm = await loop.undisturbed(http)
            began = time.monotonic()
            await loop.run(http)
        seconds = time.monotonic() - began
        records = [await read(database, candidate.id) for candidate in loop.held]
    finally:
        await database.close()
    broken = [
        f"{candidate.id} (seed {candidate.seed}): {fault}"
        for candidate, record in zip(loop.held, records, strict=True)
        for fault in faults(candidate, record, calm[candidate.seed])
    ]
    return Outcome(
        kills=loop.kills,
        idle_kills=loop.idle_kills,
        interviews=len(records),
        turns=sum(len(record.turns) for record in records),
        lost_workers=len(loop.hit),
        seconds=seconds,
        faults=broken,
        takeovers=takeovers(records, loop.hit),
        cuts=sum(candidate.watch.cuts for candidate in loop.held),
        resets=sum(candidate.watch.resets for candidate in loop.held),
        retries=sum(candidate.retries for candidate in loop.held),
        ungraded=sum(record.ungraded for record in records),
    )


@asynccontextmanager
async def started(
    settings: dict[str, str], log: Path, count: int, runs: Runs = serve
) -> AsyncIterator[list[Server]]:
    """So many servers on one database, ready."""
    servers = [Server(settings, log, runs) for _ in range(count)]
    try:
        for server in servers:
            server.start()
        for server in servers:
            await server.ready()
        yield servers
    finally:
        for server in servers:
            server.stop()


async def on_sqlite(kills: int, seed: int = 1) -> Outcome:
    """One process on a SQLite file."""
    with tempfile.TemporaryDirectory(prefix="viva-kills-") as folder:
        home = Path(folder)
        async with started(light(home), home / "log", 1) as servers:
            return await killed(sqlite_url(home), servers, kills, seed)


async def on_postgres(kills: int, seed: int = 2, runs: Runs = serve) -> Outcome:
    """Two replicas on one Postgres."""
    with tempfile.TemporaryDirectory(prefix="viva-kills-") as folder, postgres() as pattern:
        home, url = Path(folder), await new_database(pattern)
        async with started(light(home, url), home / "log", 2, runs) as servers:
            return await killed(url, servers, kills, seed)


async def main(quick: bool) -> None:
    """Print what came of every loop."""
    kills, far = (10, 3) if quick else (200, 20)
    _print("SQLite, one process", await on_sqlite(kills))
    _print("Postgres, two replicas that see each other's pids", await on_postgres(kills))
    apart = await on_postgres(far, seed=3, runs=serve_elsewhere)
    _print("Postgres, two replicas on machines of their own", apart)


def _print(name: str, outcome: Outcome) -> None:
    print(f"\n{name}")
    row("kills with turns under way", outcome.kills, f"and {outcome.idle_kills} without")
    row("turns that lost their worker", outcome.lost_workers, f"in {outcome.seconds:.0f} s")
    row("interviews, turns", outcome.interviews, f"{outcome.turns} turns")
    row("promises broken", len(outcome.faults))
    row("seconds from kill to commit", quantiles(outcome.takeovers))
    row("streams cut, resets, messages sent again", outcome.cuts, outcome.resets, outcome.retries)
    row("interviews with a turn that stayed ungraded", outcome.ungraded)
    for fault in outcome.faults[:10]:
        print(f"  BROKEN {fault}")
