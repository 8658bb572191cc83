"""Many live interviews at a human pace, then faster and faster until the service is full."""

import asyncio
import os
import random
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

from evals.bench_service.client import SENTENCES, Candidate, Sent, open_http
from evals.bench_service.kills import started
from evals.bench_service.records import read
from evals.bench_service.servers import Server, new_database, postgres, sqlite_url
from evals.bench_service.simulated import SECONDS, SimulatedModel
from evals.bench_service.tables import quantile, quantiles, row
from knowledge.database import Database

LIVE = 300
PACE = 6.0
"""Turns a second of all of them together."""
AIM = 0.1
"""Seconds added to the model's own at the 95th percentile."""
FULL = 1.0
"""Seconds added at the 95th percentile from which the service counts as full."""
STEP = 15.0
"""Seconds of each faster pace."""
FASTER = (10, 15, 20, 30, 40, 60, 80)
WARM = 30.0
"""Seconds of the same pace that are not measured."""
OPENINGS_AT_ONCE = 20


@dataclass
class Usage:
    """Processor and memory of processes, sampled each second, as Linux tells them."""

    pids: Sequence[int]
    seconds: list[float] = field(default_factory=list)
    mib: list[float] = field(default_factory=list)
    cpu: float = 0.0
    """Cores in use on average."""

    async def sample(self) -> None:
        """Until cancelled."""
        began, before = time.monotonic(), sum(map(_processor, self.pids))
        while True:
            await asyncio.sleep(1.0)
            self.seconds.append(time.monotonic() - began)
            self.mib.append(sum(map(_mib, self.pids)))
            self.cpu = (sum(map(_processor, self.pids)) - before) / self.seconds[-1]

    @property
    def slope(self) -> float:
        """MiB a minute, by least squares over the second half."""
        half = len(self.mib) // 2
        times, sizes = self.seconds[half:], self.mib[half:]
        if len(times) < 3:
            return 0.0
        middle, size = sum(times) / len(times), sum(sizes) / len(sizes)
        rise = sum((t - middle) * (s - size) for t, s in zip(times, sizes, strict=True))
        return 60 * rise / sum((t - middle) ** 2 for t in times)


def _mib(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _processor(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@dataclass
class Stage:
    """What a stretch at one pace came to."""

    pace: float
    examiner: str
    turns: int
    lost: int
    seconds: float
    added: list[float]
    usage: Usage

    @property
    def rate(self) -> float:
        """Turns a second that were committed."""
        return self.turns / self.seconds

    @property
    def full(self) -> bool:
        """Whether candidates had to wait, or turns piled up."""
        return self.rate < 0.85 * self.pace or quantile(self.added, 0.95) > FULL


class Crowd:
    """Live interviews, each with a watcher; idle ones wait for their next answer."""

    def __init__(self, http: httpx2.AsyncClient, servers: Sequence[Server], url: str) -> None:
        self._http, self._servers, self._url = http, servers, url
        self._free: list[Candidate] = []
        self._watching: list[asyncio.Task[None]] = []
        self._dice = random.Random(7)
        self._turn = 0

    async def gather(self, count: int, examiner: str) -> None:
        """So many interviews, opened, watched and free."""
        opening = asyncio.Semaphore(OPENINGS_AT_ONCE)
        urls = [server.url for server in self._servers]

        async def begin(seed: int) -> None:
            home = [urls[seed % len(urls)]]  # as behind a proxy that keeps a client where it was
            candidate = Candidate(self._http, home, seed, 0, examiner)
            async with opening:
                await candidate.begin()
                watching = candidate.watch.follow(self._http, home)
                self._watching.append(asyncio.create_task(watching))
                await candidate.watch.committed(1)
            self._free.append(candidate)

        await asyncio.gather(*(begin(seed) for seed in range(count)))

    async def answer(self, pace: float, seconds: float, examiner: str) -> Stage:
        """Answers at this pace, whether or not the earlier ones are through (an open loop)."""
        usage = Usage([server.pid for server in self._servers])
        sampling = asyncio.create_task(usage.sample())
        spoken: list[tuple[Candidate, int]] = []
        saying: list[asyncio.Task[None]] = []
        began = time.monotonic()
        while (passed := time.monotonic() - began) < seconds:
            while len(saying) < passed * pace and self._free:
                candidate = self._free.pop(self._dice.randrange(len(self._free)))
                saying.append(asyncio.create_task(self._say(candidate, spoken)))
            await asyncio.sleep(0.005)
        asked = len(saying)
        await asyncio.gather(*saying)
        took = time.monotonic() - began
        sampling.cancel()
        added, lost = await self._added(spoken)
        return Stage(pace, examiner, len(spoken), asked - len(spoken) + lost, took, added, usage)

    async def _say(self, candidate: Candidate, spoken: list[tuple[Candidate, int]]) -> None:
        self._turn += 1
        text = " ".join(self._dice.sample(SENTENCES, 2))
        await candidate.say(f"load-{self._turn:06}", Sent(text))
        spoken.append((candidate, max(candidate.sent_at)))
        if not candidate.watch.ended:
            self._free.append(candidate)

    async def _added(self, spoken: list[tuple[Candidate, int]]) -> tuple[list[float], int]:
        """Seconds from sending to seeing, without the model's; and turns not in the database."""
        database, added, lost = Database(self._url), [], 0
        records = {c.id: await read(database, c.id) for c, _ in spoken}
        await database.close()
        for candidate, turn in spoken:
            events = [event for event in records[candidate.id].events if event.turn == turn]
            lost += sum(event.type == "heard" for event in events) != 1
            calls = sum(event.type == "model_called" for event in events)
            whole = candidate.watch.seen_at[turn] - candidate.sent_at[turn]
            added.append(whole - calls * SECONDS)
        return added, lost

    async def leave(self) -> None:
        """Close every stream."""
        for task in self._watching:
            task.cancel()
        await asyncio.gather(*self._watching, return_exceptions=True)


@asynccontextmanager
async def _service(replicas: int, model: SimulatedModel) -> AsyncIterator[tuple[list[Server], str]]:
    """Servers with the embedder that ships: one on SQLite, several on Postgres."""
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="viva-load-")))
        url = sqlite_url(home)
        if replicas > 1:
            url = await new_database(stack.enter_context(postgres()))
        settings = {"VIVA_HOME": str(home), "VIVA_DATABASE_URL": url, "HF_HUB_OFFLINE": "1"}
        async with started(settings | model.settings, home / "log", replicas) as servers:
            yield servers, url


async def _measure(name: str, replicas: int, examiner: str, *, quick: bool, steps: bool) -> None:
    live = LIVE // 5 if quick else LIVE
    print(f"\n{name}: {live} live interviews, examiner {examiner}, load {os.getloadavg()[0]:.1f}")
    with SimulatedModel() as model:
        async with _service(replicas, model) as (servers, url), open_http() as http:
            crowd = Crowd(http, servers, url)
            try:
                await crowd.gather(live, examiner)
                await crowd.answer(PACE, WARM, examiner)  # by then the kit is ready to be asked on
                _print(await crowd.answer(PACE, 20.0 if quick else 90.0, examiner))
                for pace in FASTER if steps else ():
                    stage = await crowd.answer(pace, STEP / 3 if quick else STEP, examiner)
                    _print(stage)
                    if stage.full:
                        break
            finally:
                await crowd.leave()


def _print(stage: Stage) -> None:
    usage = stage.usage
    row(
        f"{stage.pace:g} turns a second",
        f"done {stage.rate:.1f}/s",
        f"lost {stage.lost}",
        f"added ms: {quantiles(stage.added, 1000)}",
        f"{usage.cpu:.2f} cores",
        f"{usage.mib[-1] if usage.mib else 0:.0f} MiB, {usage.slope:+.1f} a minute",
        "FULL" if stage.full else "",
    )


async def main(quick: bool) -> None:
    """Print each stretch."""
    await _measure("One process on SQLite", 1, "model", quick=quick, steps=True)
    await _measure("One process on SQLite", 1, "local", quick=quick, steps=not quick)
    if not quick:
        await _measure("Two replicas on Postgres", 2, "model", quick=quick, steps=False)
