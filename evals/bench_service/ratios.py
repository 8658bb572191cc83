"""Ratios of things timed side by side, in one run: they survive a slow or a busy machine."""

import asyncio
import os
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import httpx2

from evals.bench_service.client import SENTENCES, Candidate, Sent, open_http, sent_events
from evals.bench_service.echo import serve_echo
from evals.bench_service.kills import started
from evals.bench_service.servers import light
from evals.bench_service.tables import median, quantiles, row

EARLY, LATE = range(3, 9), range(57, 63)
LENGTH = 63
INTERVIEWS = 6
BUTTON = Sent(action="clarify")


class Echo:
    """A client of the bare application."""

    def __init__(self, http: httpx2.AsyncClient, url: str) -> None:
        self._http, self._url = http, url
        self._seen: asyncio.Queue[int] = asyncio.Queue()

    async def follow(self, opened: asyncio.Event) -> None:
        """Watch it."""
        async with self._http.stream("GET", f"{self._url}/events") as response:
            opened.set()
            async for _, data in sent_events(response):
                self._seen.put_nowait(data["turn"])

    async def say(self, text: str) -> None:
        """One turn: sent, and seen committed."""
        taken = await self._http.post(f"{self._url}/turns", json={"message": text})
        while await self._seen.get() != taken.json()["turn"]:
            pass


async def _timed(work: Callable[[], Awaitable[None]]) -> float:
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began


async def _interview(candidate: Candidate, echo: Echo) -> dict[int, tuple[Sent, float, float]]:
    """One interview; each of its turns beside an echo: number, then both in seconds."""
    await candidate.begin()
    watching = asyncio.create_task(candidate.watch.follow(candidate.http, candidate.urls))
    await candidate.watch.committed(1)
    timed = {}
    for number in range(2, 2 + LENGTH):
        if candidate.watch.ended:
            break
        sent = BUTTON if number % 3 else Sent(SENTENCES[number % len(SENTENCES)])
        turn_id = f"{candidate.id}-{number}"
        ours = await _timed(lambda turn_id=turn_id, sent=sent: candidate.say(turn_id, sent))  # type: ignore[misc]
        bare = await _timed(lambda: echo.say(SENTENCES[0]))
        timed[number] = (sent, ours, bare)
    watching.cancel()
    return timed


async def main(quick: bool) -> None:
    """Print the ratios."""
    print(f"\nOne candidate at a time on SQLite, light embedder, load {os.getloadavg()[0]:.1f}")
    async with AsyncExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="viva-ratios-")))
        settings, http = light(home), await stack.enter_async_context(open_http())
        (ours,) = await stack.enter_async_context(started(settings, home / "log", 1))
        (bare,) = await stack.enter_async_context(started(settings, home / "log", 1, serve_echo))
        echo, opened = Echo(http, bare.url), asyncio.Event()
        following = asyncio.create_task(echo.follow(opened))
        await opened.wait()
        runs = [
            await _interview(Candidate(http, [ours.url], seed, 0), echo)
            for seed in range(2 if quick else INTERVIEWS)
        ]
        following.cancel()
    _print(runs)


def _print(runs: list[dict[int, tuple[Sent, float, float]]]) -> None:
    turns = [turn for run in runs for turn in run.values()]
    echoes = [bare for _, _, bare in turns]
    row("echo, ms", quantiles(echoes, 1000))
    for name, mine in (
        ("a button", [ours for sent, ours, _ in turns if sent.action]),
        ("an answer, marked by local", [ours for sent, ours, _ in turns if sent.message]),
    ):
        row(f"{name}, ms", quantiles(mine, 1000))
        row(f"{name} beside an echo", f"{median(mine) / median(echoes):.2f}")
    early, late = (
        median([run[n][1] for run in runs for n in turns if n in run and run[n][0].action])
        for turns in (EARLY, LATE)
    )
    row("turns 57 to 62 beside turns 3 to 8", f"{late / early:.2f} (aim 1.05)" if late else "none")
