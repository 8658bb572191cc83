"""What a large collection costs: `make bench-collection`.

Parsing beside markdown-it-py on the same text, ingestion beside raw batch embedding of the texts
it makes, and a Markdown collection of ten megabytes with the light embedder: ingestion, memory, and
what a person waits for afterwards. Every ratio is of two things timed in this one process.
"""

import asyncio
import os
import random
import re
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from markdown_it import MarkdownIt

from api.migrate import migrate
from api.pages.library_view import Wanted, shown
from evals.documents import DOCUMENTS, SEEDS
from knowledge.database import Database
from knowledge.embedder import Embedder, WordHash, open_embedder
from knowledge.index import KitIndex, open_index
from knowledge.ingest import ingest
from knowledge.library import Library
from knowledge.parser import parse
from knowledge.readers import read_document
from knowledge.reading import Received
from knowledge.search import search
from knowledge.vectors import ensure_vectors

ENTRIES, LARGE = 500, 10 * 2**20
TOPICS = 60
ROUNDS = 5


def collection(size: int, seed: int = 0) -> str:
    """A Markdown question bank of at least `size` bytes: topics, questions, answers, lists, tables.

    Its words are those of the documents beside the tests, drawn anew for each entry, so that no two
    entries say the same.
    """
    rng = random.Random(seed)
    words = _words()
    topics = [" ".join(rng.sample(words, 2)).capitalize() for _ in range(TOPICS)]
    written = ["# Question bank\n"]
    length = 0
    while length < size:
        entry = _entry(rng, words, topics)
        written.append(entry)
        length += len(entry)
    return "\n".join(written)


def _words() -> list[str]:
    text = " ".join(p.read_text("utf-8") for p in sorted(DOCUMENTS.glob("*.md")))
    return sorted({w.casefold() for w in re.findall(r"[A-Za-z]{4,12}", text)})


def _entry(rng: random.Random, words: list[str], topics: list[str]) -> str:
    def some(least: int, most: int) -> str:
        return " ".join(rng.sample(words, rng.randint(least, most)))

    heading = f"## {rng.choice(topics)}\n\n" if rng.random() < 0.05 else ""
    question = f"### How would you {some(5, 12)}?\n\n"
    answer = f"{some(20, 60).capitalize()}. {some(10, 30).capitalize()}.\n\n"
    points = "".join(f"- {some(5, 12).capitalize()}\n" for _ in range(rng.randint(0, 5)))
    hint = f"\n**Hint:** {some(5, 9).capitalize()}.\n" if rng.random() < 0.3 else ""
    return heading + question + answer + points + hint


async def main() -> None:
    """Print the figures."""
    texts = {p.name: read_document(p).text for p in sorted(SEEDS.glob("00[0-4]_*"))}
    texts["collection of 1 MB"] = collection(2**20)
    for name, text in texts.items():
        ours = _best(partial(parse, Received(document="bank.md", text=text)))
        theirs = _best(partial(MarkdownIt().enable("table").parse, text))
        print(f"parsing {name}: {ours * 1e3:.1f} ms, {ours / theirs:.2f} of markdown-it-py")
    with tempfile.TemporaryDirectory() as folder:
        await _embedding(Path(folder))
        await _large(Path(folder))


def _best(run: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        run()
        times.append(time.perf_counter() - began)
    return min(times)


async def _embedding(folder: Path) -> None:
    file = folder / "bank.md"
    file.write_text(collection(ENTRIES * 400, seed=1), "utf-8")
    embedder = open_embedder()
    embedder.embed(["warm up"])
    whole, texts = await _ingested(folder / "whole.db", file, embedder)
    fresh = await _database(folder / "raw.db")
    began = time.perf_counter()
    await asyncio.to_thread(embedder.embed, texts)
    raw = time.perf_counter() - began
    began = time.perf_counter()
    await ensure_vectors(fresh, embedder, texts)
    kept = time.perf_counter() - began
    await fresh.close()
    print(f"ingesting {len(texts):,} texts: {whole:.1f} s; embedding them at once: {raw:.1f} s")
    print(f"throughput beside raw: embedded and kept {raw / kept:.2f}, ingested {raw / whole:.2f}")


async def _ingested(path: Path, file: Path, embedder: Embedder) -> tuple[float, list[str]]:
    database = await _database(path)
    began = time.perf_counter()
    await ingest([file], "bank", database=database, embedder=embedder)
    seconds = time.perf_counter() - began
    kit = await Library(database).get("bank")
    await database.close()
    return seconds, list(dict.fromkeys(atom.text for atom in kit.atoms))


async def _large(folder: Path) -> None:
    file = folder / "large.md"
    file.write_text(collection(LARGE, seed=2), "utf-8")
    database, embedder = await _database(folder / "large.db"), WordHash()
    began = time.perf_counter()
    made = await ingest([file], "large", database=database, embedder=embedder)
    print(f"10 MB: {made.atoms:,} atoms in {time.perf_counter() - began:.1f} s, light embedder")
    kit = await Library(database).get("large")
    began = time.perf_counter()
    index = await open_index(database, embedder, kit)
    print(f"opening its index: {time.perf_counter() - began:.1f} s")
    topic = next(kit.of("topic")).text
    looked = [await _search(index, embedder, topic) for _ in range(ROUNDS)]
    print(f"search by topic and level: {statistics.median(looked) * 1e3:.0f} ms")
    page = _best(lambda: shown(kit, Wanted(part="questions", topic=topic), 1))
    print(f"a page of its questions, by topic: {page * 1e3:.0f} ms")
    print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.1f} GiB")
    await database.close()


async def _search(index: KitIndex, embedder: Embedder, topic: str) -> float:
    began = time.perf_counter()
    await search(index, embedder, "how would you", topic=topic, kinds=["question"])
    return time.perf_counter() - began


async def _database(path: Path) -> Database:
    database = Database(f"sqlite+aiosqlite:///{path}")
    await migrate(database)
    return database


if __name__ == "__main__":
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    asyncio.run(main())
