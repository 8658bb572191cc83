"""A backup taken while interviews go on, restored, and the interviews gone on with from there."""

import asyncio
import tempfile
import time
from pathlib import Path

from api.backup_commands import copy_database
from evals.bench_service.client import Candidate, open_http, script
from evals.bench_service.kills import started
from evals.bench_service.records import read
from evals.bench_service.servers import light, sqlite_url
from evals.bench_service.tables import quantiles, row
from knowledge.database import Database

LENGTH = 8


async def main(quick: bool) -> None:
    """Print what the backup held, what it cost, and what came of the interviews restored."""
    count = 6 if quick else 20
    with tempfile.TemporaryDirectory(prefix="viva-backup-") as folder:
        home, restored = Path(folder, "live"), Path(folder, "restored")
        settings = light(restored)
        async with open_http() as http:
            async with started(light(home), home / "log", 1) as servers:
                held = [Candidate(http, [servers[0].url], seed, LENGTH) for seed in range(count)]
                await asyncio.gather(*(candidate.begin() for candidate in held))
                holding = asyncio.gather(*(candidate.hold() for candidate in held))
                await asyncio.gather(*(each.watch.committed(LENGTH // 2) for each in held))
                began = time.monotonic()
                await asyncio.to_thread(copy_database, home / "viva.db", restored / "viva.db")
                took, copied = time.monotonic() - began, began
                await holding
            async with started(settings, restored / "log", 1) as servers:
                lost = await _check(home, restored, held)
                gone_on = [await _go_on(c, servers[0].url, restored) for c in held]
    print("\nA backup under load, on SQLite")
    row("interviews under way", count)
    row("seconds for the copy", f"{took:.2f}")
    slow = [_seconds(candidate, copied, took) for candidate in held]
    row("turns during it, seconds", quantiles([s for seconds in slow for s in seconds]))
    row("events of the copy that are not those of the original", lost)
    row("restored interviews that went on to their end", f"{sum(gone_on)} of {count}")


def _seconds(candidate: Candidate, began: float, took: float) -> list[float]:
    """Of each turn that was under way while the copy was made."""
    turns = [(at, candidate.watch.seen_at[n]) for n, at in candidate.sent_at.items()]
    return [seen - at for at, seen in turns if at <= began + took and seen >= began]


async def _check(home: Path, restored: Path, held: list[Candidate]) -> int:
    """The copy's log of each interview must be the beginning of the original's."""
    original, copy = Database(sqlite_url(home)), Database(sqlite_url(restored))
    wrong = 0
    for candidate in held:
        whole = (await read(original, candidate.id)).events
        part = (await read(copy, candidate.id)).events
        wrong += sum(one != other for one, other in zip(part, whole, strict=False))
    await original.close()
    await copy.close()
    return wrong


async def _go_on(candidate: Candidate, url: str, restored: Path) -> bool:
    """Hold what is left of the script; what was accepted before the copy is answered as sent."""
    again = Candidate(candidate.http, [url], candidate.seed, LENGTH, id=candidate.id)
    again.watch.interview = candidate.id
    watching = asyncio.create_task(again.watch.follow(again.http, again.urls))
    await again.watch.committed(1)
    for number, sent in enumerate(script(candidate.seed, LENGTH)):
        await again.say(f"{candidate.id}-{number}", sent)
    await watching
    database = Database(sqlite_url(restored))
    record = await read(database, candidate.id)
    await database.close()
    return record.status == "ended" and len(record.turns) == LENGTH + 2
