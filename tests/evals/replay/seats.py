"""Interviews held through the real conductor on a clock of their own, to be played again."""

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from agent.policy import Policy
from api.conduct import Conductor, Wish
from api.examiners import Examiners
from api.hiring.caps import IN_ALL
from api.hiring.tables import LOCAL, usage, workspaces
from api.lease import Lease, hold, new_owner
from api.store import Store
from evals.replay.playing import Ready
from evals.replay.transcript import Transcript, transcript_of
from evals.replay.verify import Verified, verify
from knowledge.atoms import Kit
from knowledge.database import Database
from knowledge.embedder import WordHash
from knowledge.kit_yaml import parse_kit
from knowledge.library import Library
from knowledge.tables import metadata

FIXTURES = Path(__file__).parent / "fixtures"
KIT_FILE = next((FIXTURES / "kits").glob("replayed@*.yaml"))
KIT: Kit = parse_kit(KIT_FILE.read_text("utf-8"), KIT_FILE.name)
READY = Ready(WordHash())

GOOD = "The old version of every row stays beside the new version, with two columns from and until."
UNKNOWN = "I do not know."


class Ticking:
    """A clock that moves at every look, and as far as it is told between."""

    def __init__(self) -> None:
        self.now = 1_750_000_000.0
        self._tick = itertools.count(1)

    def __call__(self) -> float:
        return self.now + next(self._tick) * 0.001234567


@dataclass
class Seat:
    """One interview under way, and whoever answers it."""

    conductor: Conductor
    id: str
    lease: Lease
    clock: Ticking
    turns: int = 0

    async def open(self) -> None:
        _ = [event async for event in self.conductor.open(self.id, self.lease)]

    async def say(self, text: str, *, after: float = 20.0, attempts: int = 0) -> None:
        """Answer the open question; `attempts` at the turn have failed before."""
        await self.send("answer", text, after=after, attempts=attempts)

    async def press(self, kind: str, *, after: float = 5.0, attempts: int = 0) -> None:
        await self.send(kind, "", after=after, attempts=attempts)

    async def send(
        self,
        kind: str,
        text: str,
        *,
        after: float = 5.0,
        about: int | None = None,
        attempts: int = 0,
    ) -> None:
        self.clock.now += after
        self.turns += 1
        accepted = await self.conductor.accept(
            self.id, turn_id=str(self.turns), question=None, kind=kind, text=text, about=about
        )
        for _ in range(attempts):
            await self.conductor.store.begin(self.id, accepted.turn.number, self.lease)
        _ = [event async for event in self.conductor.run(accepted.turn, self.lease)]

    async def over(self) -> bool:
        return (await self.conductor.store.load(self.id)).status == "ended"

    async def to_the_end(self, *texts: str) -> None:
        """Say these in turn, again and again, until it is over."""
        for text in itertools.cycle(texts or (GOOD,)):
            if await self.over():
                return
            await self.say(text)

    async def log(self) -> list[dict[str, Any]]:
        return [event.as_json() for event in await self.conductor.store.events(self.id)]

    async def transcript(self) -> Transcript:
        return transcript_of(self.id, await self.log(), FIXTURES)


async def filled(folder: Path) -> Database:
    """A database with the kit in it."""
    database = Database(f"sqlite+aiosqlite:///{folder / 'replay.db'}")
    async with database.write() as connection:
        await connection.run_sync(metadata.create_all)
    await Library(database).save(KIT)
    return database


@asynccontextmanager
async def seated(
    database: Database,
    policy: Policy | None = None,
    examiners: Examiners | None = None,
    clock: Ticking | None = None,
    **wish: Any,
) -> AsyncIterator[Seat]:
    """An interview that has been opened."""
    clock = clock or Ticking()
    conductor = Conductor(Store(database), WordHash(), clock=clock, examiners=examiners)
    id_ = await conductor.start(Wish(kit=KIT.name, **{"seed": 1, **wish}), policy)
    async with hold(database, f"seat:{id_}", new_owner()) as lease:
        seat = Seat(conductor, id_, lease, clock)
        await seat.open()
        yield seat


async def spent_all(seat: Seat) -> None:
    """The interview has used up all that one may: its turns, and its tokens."""
    async with seat.conductor.store.database.write() as connection:
        there = await connection.scalar(sa.select(workspaces.c.id).where(workspaces.c.id == LOCAL))
        if there is None:
            row = {"id": LOCAL, "name": "Here", "settings": {}, "created": 0.0}
            await connection.execute(sa.insert(workspaces).values(row))
        scope = f"interview:{seat.id}"
        await connection.execute(sa.delete(usage).where(usage.c.scope == scope))
        full = {"turns": 10**9, "characters": 0, "tokens": 10**9, "cost": 0.0}
        await connection.execute(sa.insert(usage).values(scope=scope, day=IN_ALL, **full))


async def verified(seat: Seat) -> Verified:
    """Its log, played again."""
    return await verify(await seat.transcript(), KIT, READY)
