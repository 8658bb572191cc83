"""Whole interviews with simulated candidates, held by the real conductor, many at once.

Each has a clock of its own that goes on only while somebody reads or types, so nothing waits. What
the machine takes does not move it: the same seeds give the same interviews on any machine.
"""

import asyncio
import zlib
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from pathlib import Path

from agent.model import ModelFailed
from agent.state import completed
from api.conduct import Conductor, Wish
from api.examiners import Examiners
from api.lease import Lease, hold, new_owner
from api.migrate import migrate
from api.records import Begun, Interview
from api.store import Store
from evals.holding import Clock
from evals.replay.sources import BESIDE
from evals.replay.transcript import Transcript, transcript_of, write
from evals.simulate.moves import Candidate, Move, Sight
from evals.simulate.personas import Someone
from knowledge.atoms import Kit
from knowledge.database import Database
from knowledge.embedder import Embedder
from knowledge.errors import VivaError
from knowledge.kit_yaml import dump_kit
from knowledge.library import Library
from knowledge.vectors import Progress

MOST_MESSAGES = 250
"""An interview that has not ended after so many does not end."""
TRANSCRIPTS, DATABASE = "transcripts", "simulation.db"

_clock: ContextVar[Clock] = ContextVar("the clock of this task's interview")


class NeverEnds(VivaError):
    """An interview that went on beyond all bounds, or stopped without an end."""


@dataclass(frozen=True)
class Seat:
    """Somebody, and the interview they are to have."""

    someone: Someone
    wish: Wish

    @property
    def name(self) -> str:
        """The transcript's."""
        return f"{self.wish.mode}-{self.wish.level}-{self.someone.name}"


@dataclass(frozen=True)
class Failure:
    """An interview that could not be held to its end; the others go on."""

    name: str
    why: str


Invite = Callable[[Seat], Candidate]


class Unhurried(Store):
    """A store whose turns never waited: a busy machine's waiting is no part of a simulation."""

    async def begin(self, interview_id: str, number: int, lease: Lease) -> Begun:
        """As it is, without the seconds since it was accepted."""
        return replace(await super().begin(interview_id, number, lease), waited=0.0)


class Hall:
    """Where interviews on one kit are held: a database and a folder for their transcripts."""

    def __init__(self, folder: Path, conductor: Conductor, invite: Invite) -> None:
        self._folder = folder / TRANSCRIPTS
        self._conductor, self.invite = conductor, invite
        self.most = MOST_MESSAGES

    def path(self, seat: Seat) -> Path:
        """Where its transcript is, or will be."""
        return self._folder / f"{seat.name}.jsonl.gz"

    async def hold_all(
        self, seats: Sequence[Seat], at_once: int, progress: Progress | None = None
    ) -> list[Failure]:
        """Hold those that are not there yet, and tell which failed."""
        missing = [seat for seat in seats if not self.path(seat).exists()]
        free, done = asyncio.Semaphore(at_once), len(seats) - len(missing)

        async def held(seat: Seat) -> Failure | None:
            nonlocal done
            async with free:
                failure = await self._held(seat)
            done += 1
            if progress:
                progress("Interviews", done, len(seats))
            return failure

        found = await asyncio.gather(*map(held, missing))
        return [failure for failure in found if failure]

    async def _held(self, seat: Seat) -> Failure | None:
        try:
            write(await self.hold(seat), self.path(seat))
        except VivaError as error:
            return Failure(seat.name, f"{error.message} {error.remedy}")
        except ModelFailed as failed:
            return Failure(seat.name, f"the candidate's model failed: {failed}")
        except Exception as fault:  # a fault of the interviewer is what simulations look for
            return Failure(seat.name, f"{type(fault).__name__}: {fault}")
        return None

    async def hold(self, seat: Seat) -> Transcript:
        """One interview, from its first word to its end.

        Raises:
            NeverEnds: it does not end, or nothing is open any more.
            ModelFailed: the candidate's model does not answer.
        """
        clock = Clock()
        _clock.set(clock)
        store, candidate = self._conductor.store, self.invite(seat)
        interview = await self._conductor.start(seat.wish)
        async with hold(store.database, f"seat:{interview}", new_owner()) as lease:
            said = await _said(self._conductor.open(interview, lease))
            for turn in range(self.most):
                stored = await store.load(interview)
                if stored.status == "ended":
                    events = await store.events(interview)
                    return transcript_of(seat.name, (event.as_json() for event in events))
                move = await candidate.reply(_sight(stored, said))
                clock.now += move.seconds
                clock.type(move.text)
                said = await _said(self._take(stored, turn, lease, move))
        raise NeverEnds(
            f"It had not ended after {self.most} messages.", "Look at it in the database."
        )

    def _take(
        self, stored: Interview, turn: int, lease: Lease, move: Move
    ) -> AsyncIterator[dict[str, object]]:
        return self._conductor.take(
            stored.id,
            lease,
            turn_id=str(turn),
            question=stored.question,
            kind=move.kind,
            text=move.text,
        )


def _sight(stored: Interview, said: tuple[str, ...]) -> Sight:
    state = completed(stored.state) if stored.state else None
    if state is None or state["open"] is None:
        raise NeverEnds("No question is open, and it has not ended.", "Look at it in the database.")
    return Sight(state["open"], said, state["confirming"], state["paused"])


async def _said(events: AsyncIterator[dict[str, object]]) -> tuple[str, ...]:
    return tuple([str(event["text"]) async for event in events if event["type"] == "said"])


@asynccontextmanager
async def opened_hall(
    folder: Path, kit: Kit, embedder: Embedder, invite: Invite, examiners: Examiners | None = None
) -> AsyncIterator[Hall]:
    """A hall in this folder, which is made; its kit is written beside the transcripts."""
    beside = folder / TRANSCRIPTS / BESIDE
    beside.mkdir(parents=True, exist_ok=True)
    (beside / f"{kit.name}@{kit.version}.yaml").write_text(dump_kit(kit), "utf-8")
    database = Database(f"sqlite+aiosqlite:///{(folder / DATABASE).absolute()}")
    try:
        await migrate(database)
        await Library(database).save(kit)
        conductor = Conductor(
            Unhurried(database), embedder, clock=lambda: _clock.get()(), examiners=examiners
        )
        yield Hall(folder, conductor, invite)
    finally:
        await database.close()


def seats(someones: Iterable[Someone], wish: Wish) -> list[Seat]:
    """A seat for each; in practice with a seed of their own, a screen has the same for everyone."""
    return [Seat(one, replace(wish, seed=_seed(one, wish))) for one in someones]


def _seed(someone: Someone, wish: Wish) -> int | None:
    return zlib.crc32(someone.name.encode()) if wish.mode == "practice" else None
