"""What Viva costs beside the work that cannot be avoided: `make bench`.

Every figure is a ratio of two things timed in this one warm process. Documents are those of
VIVA_SEEDS where it is set or `../shared/seeds` is there, else the kit that ships, printed as
questions and answers.
"""

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from agent.hearing import sentences
from agent.policy import Policy
from api.conduct import Conductor, Wish
from api.lease import Lease, hold, new_owner
from api.migrate import migrate
from api.store import Store
from knowledge.atoms import Kit
from knowledge.database import Database
from knowledge.embedder import Embedder, open_embedder
from knowledge.index import open_index
from knowledge.ingest import ingest
from knowledge.library import Library
from knowledge.tables import vectors

TURNS = 44
INTERVIEWS = 5
ANSWER = (
    "I would load each day into a staging table first, check row counts and keys there, and then "
    "swap the partition in one transaction, so that a rerun gives the same rows. We did that for "
    "a payments feed, because a late file used to be counted twice. It costs some storage, but a "
    "failed run leaves nothing half-written and the owner gets an alert with a link to the log."
)


async def main() -> None:
    """Print the table."""
    embedder = open_embedder()
    embedder.embed(["warm up"])
    with tempfile.TemporaryDirectory() as folder:
        await _ingestion(Path(folder), embedder)
        await _turns(Path(folder), embedder)


async def _ingestion(folder: Path, embedder: Embedder) -> None:
    database = await _database(folder / "ingest.db")
    files = await _documents(folder, database)
    first = await _timed(lambda: ingest(files, "bench", database=database, embedder=embedder))
    again = [
        await _timed(lambda: ingest(files, "bench", database=database, embedder=embedder))
        for _ in range(5)
    ]
    kit = await Library(database).get("bench")
    texts = list(dict.fromkeys(atom.text for atom in kit.atoms))
    raw = await _timed(lambda: asyncio.to_thread(embedder.embed, texts))
    print(f"documents: {len(files)} files, {len(kit.atoms)} atoms, {len(texts)} texts")
    _line("ingestion / raw batch embedding of its texts", first, raw)
    _line("second ingestion / first", statistics.median(again), first, aim=0.05)
    await database.close()


async def _documents(folder: Path, database: Database) -> list[Path]:
    given = os.environ.get("VIVA_SEEDS")
    seeds = Path(given) if given else Path(__file__).parents[2] / "shared" / "seeds"
    if seeds.is_dir():
        return sorted(path for path in seeds.iterdir() if path.is_file())
    await Library(database).ensure_shipped()
    path = folder / "questions.md"
    path.write_text(_printed(await Library(database).get("data-engineer")), "utf-8")
    return [path]


def _printed(kit: Kit) -> str:
    lines = ["# Questions"]
    for question in kit.of("question"):
        lines += [f"## {question.text}", ""]
        lines += [f"- {point.text}" for point in kit.came_with(question.id, "point")]
    return "\n".join(lines)


async def _turns(folder: Path, embedder: Embedder) -> None:
    database = await _database(folder / "turns.db")
    library = Library(database)
    await library.ensure_shipped()
    conductor = Conductor(Store(database), embedder)
    rows = [await _interview(conductor) for _ in range(INTERVIEWS + 1)][1:]
    index = await open_index(database, embedder, await library.get("data-engineer"))
    spans = [span.text for span in sentences(ANSWER)]

    async def bare() -> None:
        encoded = await asyncio.to_thread(embedder.encode, spans)
        index.query(encoded[0].vector, k=6)
        async with database.write() as connection:
            row = {"text_hash": os.urandom(8).hex(), "model": "bench", "vector": b""}
            await connection.execute(vectors.insert().values(**row))

    floor = statistics.median([await _timed(bare) for _ in range(40)])
    turn = statistics.median([seconds for row in rows for seconds in row])
    print(f"turns: {len(rows)} interviews of {min(map(len, rows))} answers each")
    _line("local turn / embedding its texts + query + commit", turn, floor, aim=1.5)
    late, early = (
        statistics.median([seconds for row in rows for seconds in row[start : start + 5]])
        for start in (38, 2)
    )
    _line("turns 39-43 / turns 3-7", late, early, aim=1.1)
    await database.close()


async def _interview(conductor: Conductor) -> list[float]:
    """Seconds of each turn of one long interview, accept to commit."""
    policy = Policy(most_core=40, most_subjects=6)
    interview = await conductor.start(Wish(kit="data-engineer", minutes=240, questions=40), policy)
    seconds = []
    seat = hold(conductor.store.database, f"seat:{interview}", new_owner())
    async with seat as lease:
        _ = [event async for event in conductor.open(interview, lease)]
        for turn in range(TURNS):
            seconds.append(await _timed(partial(_take, conductor, interview, lease, turn)))
    return seconds[1:]


async def _take(conductor: Conductor, interview: str, lease: Lease, turn: int) -> None:
    question = (await conductor.store.load(interview)).question
    events = conductor.take(
        interview, lease, turn_id=str(turn), question=question, kind="answer", text=ANSWER
    )
    _ = [event async for event in events]


async def _database(path: Path) -> Database:
    database = Database(f"sqlite+aiosqlite:///{path}")
    await migrate(database)
    return database


async def _timed(work: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began


def _line(name: str, seconds: float, beside: float, aim: float | None = None) -> None:
    wanted = f"  (aim {aim:g})" if aim else ""
    print(
        f"{name:52} {seconds / beside:6.2f}{wanted}  [{seconds * 1e3:.1f} / {beside * 1e3:.1f} ms]"
    )


if __name__ == "__main__":
    asyncio.run(main())
