"""Holding the interviews of the corpus, so that the same entry gives the same transcript."""

import random
import tempfile
import zlib
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from agent.state import completed
from agent.syllabus import Syllabus
from api.conduct import Conductor, Wish
from api.examiners import Examiners
from api.lease import Lease, hold, new_owner
from api.migrate import migrate
from api.records import Begun, Interview
from api.settings import Settings
from api.store import Store
from evals.corpus.model import MODEL, Typed
from evals.corpus.plan import FOLDER, Entry, texts
from evals.corpus.talking import Act, Talker, talker
from evals.replay.transcript import Transcript, read, transcript_of, write
from knowledge.atoms import Kit
from knowledge.database import Database
from knowledge.embedder import Embedder
from knowledge.errors import BadInput
from knowledge.library import Library

MOST_TURNS = 150
A_MINUTE = 50
"""Words they type."""
FIRST_DAY = 1_767_600_000.0
MEASURED = {"waited", "first_word", "seconds"}
"""What the wall clock gave; it is another each time an interview is held."""


class Clock:
    """An interview's own time: small uneven steps with each reading, long ones by typing."""

    def __init__(self) -> None:
        self.begin("")

    def begin(self, name: str) -> None:
        """Another interview, on a day of its own."""
        self._chance = random.Random(name)
        self.now = FIRST_DAY + zlib.crc32(name.encode()) % 15_000_000

    def __call__(self) -> float:
        self.now += self._chance.uniform(0.004, 0.4)
        return round(self.now, 6)

    def spend(self, act: Act) -> None:
        """Let the time pass that it takes to read what was said and to type this."""
        self.now += act.wait + self._chance.uniform(5, 15) + 60 * len(act.text.split()) / A_MINUTE


class _Store(Store):
    """Takes absence from the script; that a busy machine was slow moves no clock."""

    away = 0.0

    async def load(self, interview_id: str) -> Interview:
        return replace(await super().load(interview_id), away=self.away)

    async def begin(self, interview_id: str, number: int, lease: Lease) -> Begun:
        return replace(await super().begin(interview_id, number, lease), waited=0.0)


class _Conductor(Conductor):
    """Goes on from the last practice with a seed of its own too."""

    async def _seen(self, wish: Wish) -> dict[str, list[str]]:
        return await super()._seen(replace(wish, seed=None))


class Maker:
    """Holds interviews in one database; use `opened`."""

    def __init__(self, database: Database, embedder: Embedder) -> None:
        self._database, self._embedder = database, embedder
        self._store, self._clock = _Store(database), Clock()
        self._local = self._conductor(Examiners(Settings(_env_file=None)))
        self._held: dict[str, str] = {}
        """The interview by the name of its entry."""

    def _conductor(self, examiners: Examiners) -> Conductor:
        return _Conductor(self._store, self._embedder, clock=self._clock, examiners=examiners)

    async def hold(self, entry: Entry) -> Transcript:
        """One interview from its opening to its end.

        Raises:
            BadInput: it does not come to an end.
        """
        async with AsyncExitStack() as stack:
            conductor = self._local
            if entry.examiner == "model":
                typed = stack.enter_context(Typed(texts("replies")[entry.name]))
                examiners = Examiners(Settings(_env_file=None, model=MODEL, base_url=typed.url))
                stack.push_async_callback(examiners.close)
                conductor = self._conductor(examiners)
            self._clock.begin(entry.name)
            wish, syllabus = await self._wish(entry)
            interview = await conductor.start(wish)
            self._held[entry.name] = interview
            await self._talk(conductor, interview, talker(entry, syllabus))
            events = await self._store.events(interview)
            return transcript_of(entry.name, (event.as_json() for event in events), FOLDER)

    async def _wish(self, entry: Entry) -> tuple[Wish, Syllabus]:
        kit = await Library(self._database).get(entry.kit)
        again = next(_beginning(kit, entry.again), None) if entry.again else None
        if entry.after is not None and entry.after not in self._held:
            raise BadInput(
                f"{entry.name} goes on from {entry.after}.", f"Make {entry.after} with it, before."
            )
        wish = Wish(
            kit=entry.kit,
            level=entry.level,
            mode=entry.mode,
            minutes=entry.minutes,
            questions=entry.questions,
            subjects=entry.subjects,
            drill=entry.drill,
            again=again,
            examiner=entry.examiner,
            seed=entry.seed,
            last=self._held.get(entry.after or ""),
            consent={"notice": "1", "text_hash": "corpus", "locale": "en"},
        )
        return wish, Syllabus(kit)

    async def _talk(self, conductor: Conductor, interview: str, who: Talker) -> None:
        async with hold(self._database, f"seat:{interview}", new_owner()) as lease:
            async for _ in conductor.open(interview, lease):
                pass
            answered: list[int] = []
            for number in range(MOST_TURNS):
                stored = await self._store.load(interview)
                if stored.status == "ended" or stored.state is None:
                    return
                state = completed(stored.state)
                assert state["open"]
                act = who.reply(state["open"], confirming=state["confirming"])
                turn = await self._act(conductor, lease, interview, number, act, answered)
                if state["open"]["kind"] == "core" and act.kind == "answer":
                    answered.append(turn)
        raise BadInput(f"{interview} does not come to an end.", "Look at its twist.")

    async def _act(
        self,
        conductor: Conductor,
        lease: Lease,
        interview: str,
        number: int,
        act: Act,
        answered: list[int],
    ) -> int:
        """Send one message or button; returns the number of its turn."""
        self._clock.spend(act)
        self._store.away = act.away
        if act.returns:
            conductor.came_back(interview)
        accepted = await conductor.accept(
            interview,
            turn_id=str(number),
            question=None,
            kind=act.kind,
            text=act.text,
            about=answered[act.about - 1] if act.about else None,
        )
        async for _ in conductor.run(accepted.turn, lease):
            pass
        self._store.away = 0.0
        return accepted.turn.number


def _beginning(kit: Kit, start: str) -> Iterator[str]:
    return (a.id for a in kit.atoms if a.kind == "question" and a.text.startswith(start))


@asynccontextmanager
async def opened(embedder: Embedder) -> AsyncIterator[Maker]:
    """A maker with a database that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite+aiosqlite:///{Path(folder) / 'viva.db'}")
        try:
            await migrate(database)
            await Library(database).ensure_shipped()
            yield Maker(database, embedder)
        finally:
            await database.close()


async def make(
    wanted: Iterable[Entry], embedder: Embedder
) -> AsyncIterator[tuple[Entry, Transcript]]:
    """The transcripts of these entries, in their order."""
    async with opened(embedder) as maker:
        for entry in wanted:
            yield entry, await maker.hold(entry)


def keep(entry: Entry, made: Transcript) -> bool:
    """Write a transcript, unless the same lies there already; whether it was written."""
    if entry.path.exists() and told(read(entry.path)) == told(made):
        return False
    write(made, entry.path)
    return True


def told(transcript: Transcript) -> list[dict[str, Any]]:
    """Its events without what is of the machine it was held on."""
    return [_without_measures(event.model_dump(mode="json")) for event in transcript.events]


def _without_measures(event: dict[str, Any]) -> dict[str, Any]:
    if event["type"] == "header":
        return {key: value for key, value in event.items() if key not in {"packages", "viva"}}
    if event["type"] in {"took", "model_called"}:
        return {key: value for key, value in event.items() if key not in MEASURED}
    return cast("dict[str, Any]", _rounded(event))


def _rounded(value: Any) -> Any:
    """The last digits of a vector depend on the processor."""
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, list):
        return [_rounded(each) for each in value]
    return {k: _rounded(v) for k, v in value.items()} if isinstance(value, dict) else value
