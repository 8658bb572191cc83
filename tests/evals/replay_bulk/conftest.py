"""A folder of transcripts of our own, held through the real conductor on a small kit."""

import asyncio
import itertools
import shutil
from pathlib import Path

import pytest
from tests_of_many import KIT_TEXT

from api.conduct import Conductor, Wish
from api.lease import hold, new_owner
from api.store import Store
from evals.replay.kit_files import write_kit
from evals.replay.transcript import transcript_of, write
from knowledge.database import Database
from knowledge.embedder import WordHash
from knowledge.kit_yaml import parse_kit
from knowledge.library import Library
from knowledge.tables import metadata

ANSWERS = {
    "good": "The old version of every row stays beside the new version. A watermark says how late.",
    "wrong": "My name is Ada Lovelace and I overwrite every row, ada@example.org knows.",
    "mixed": "Two columns say from when until when a version was valid, I think.",
}


@pytest.fixture(autouse=True)
def _light(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIVA_EMBEDDER", "light")


@pytest.fixture(scope="session")
def _once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("once")
    asyncio.run(_hold_all(folder))
    return folder / "held"


@pytest.fixture
def folder(_once: Path, tmp_path: Path) -> Path:
    """Three transcripts and their kit."""
    return shutil.copytree(_once, tmp_path / "held")


async def _hold_all(tmp_path: Path) -> None:
    kit = parse_kit(KIT_TEXT, "bulk.yaml")
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'held.db'}")
    async with database.write() as connection:
        await connection.run_sync(metadata.create_all)
    await Library(database).save(kit)
    for name, answer in ANSWERS.items():
        log = await _held(database, answer)
        write(transcript_of(name, log), tmp_path / "held" / f"{name}.jsonl.gz")
    write_kit(kit, tmp_path / "held" / "kits")
    await database.close()


async def _held(database: Database, answer: str) -> list[dict[str, object]]:
    tick, store = itertools.count(1_750_000_000, 7), Store(database)
    conductor = Conductor(store, WordHash(), clock=lambda: float(next(tick)))
    id_ = await conductor.start(Wish(kit="bulk", seed=1))
    async with hold(database, f"seat:{id_}", new_owner()) as lease:
        _ = [event async for event in conductor.open(id_, lease)]
        while (stored := await store.load(id_)).status != "ended":
            taken = conductor.take(
                id_,
                lease,
                turn_id=str(stored.state_version),
                question=stored.question,
                kind="answer",
                text=answer,
            )
            _ = [event async for event in taken]
    return [event.as_json() for event in await store.events(id_)]
