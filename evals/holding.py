"""Whole interviews with scripted people, held by the real conductor on a clock of their own."""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from agent.events import AnyEvent, Ended, Mode, Opened, Said, read_event
from agent.report import Report, report
from agent.state import completed
from agent.syllabus import Syllabus
from api.conduct import Conductor, Wish
from api.lease import Lease, hold, new_owner
from api.migrate import migrate
from api.store import Store
from evals.interviewee import KIT, Interviewee, Move, Person, people
from knowledge.atoms import LEVELS, Level
from knowledge.database import Database
from knowledge.embedder import Embedder, open_embedder
from knowledge.library import Library

MOST_TURNS = 120
LONGEST = 70
"""Words that a message of the interviewer may have."""
A_MINUTE = 50
"""Words they type."""
Cell = tuple[Mode, Level]
CELLS: tuple[Cell, ...] = (
    ("practice", "mid"),
    ("practice", "senior"),
    ("screen", "mid"),
    ("screen", "senior"),
)
Judged = Literal["right", "open", "wrong"]
ALLOWED = {"clarification", "time", "hint"}
"""Purposes that may say the same again: a question restated, a word on time, a hint refused."""


class Clock:
    """The interview's time, that goes on only while somebody reads or types."""

    def __init__(self) -> None:
        self.now = 1_750_000_000.0

    def __call__(self) -> float:
        return self.now

    def type(self, text: str) -> None:
        """Let the time pass that it takes to read a question and type this."""
        self.now += 10 + 60 * len(text.split()) / A_MINUTE


@dataclass(frozen=True)
class Held:
    """One interview that was held, with its whole log."""

    person: Person
    mode: Mode
    asked: Level
    events: tuple[AnyEvent, ...]
    report: Report
    misread: tuple[str, ...]
    """Messages that were not read as they were meant, and how."""

    @property
    def judged(self) -> Judged:
        """The verdict against where the person stands."""
        has_it = LEVELS.index(self.person.level) >= LEVELS.index(self.asked)
        if self.report.verdict == "likely shown":
            return "right" if has_it else "wrong"
        if self.report.verdict == "not shown in this interview":
            return "wrong" if has_it else "right"
        return "open"

    @property
    def mean(self) -> float | None:
        """The estimate; None without evidence."""
        return self.report.overall.level if self.report.overall else None

    def said(self) -> list[Said]:
        """The interviewer's messages."""
        return [event for event in self.events if isinstance(event, Said)]

    def faults(self, syllabus: Syllabus) -> Iterator[str]:
        """What should not happen in an interview, each in words."""
        if [event.reason for event in self.events if isinstance(event, Ended)] != ["complete"]:
            yield "did not come to its end"
        said = self.said()
        yield from (f"empty message ({e.purpose})" for e in said if not e.text.strip())
        yield from (f"too long: {e.text}" for e in said if len(e.text.split()) > LONGEST)
        yield from self.misread
        yield from self._asked_again(syllabus)

    def repeats(self) -> dict[str, int]:
        """Messages of the interviewer that were said more than once, and how often."""
        counted = Counter(e.text for e in self.said() if e.purpose not in ALLOWED)
        return {text: times for text, times in counted.items() if times > 1}

    def _asked_again(self, syllabus: Syllabus) -> Iterator[str]:
        asked: list[str] = []
        for event in self.events:
            if not isinstance(event, Opened):
                continue
            about = _scene(syllabus, event.question)
            if event.question in asked or any(
                about in syllabus.on_one_point(other) for other in asked if other in syllabus.items
            ):
                yield f"asked again: {syllabus.kit.by_id[event.question].text}"
            asked += [event.question, about]


def _scene(syllabus: Syllabus, question: str) -> str:
    """The question itself, or the scene that it is a rung of."""
    for item in syllabus.items.values():
        if any(rung.question.id == question for rung in item.rungs):
            return item.question.id
    return question


def run(
    chosen: Iterable[Person] | None = None,
    cells: Sequence[Cell] = CELLS,
    embedder: Embedder | None = None,
) -> list[Held]:
    """Interview these people, or all forty, in each cell; one process."""
    return asyncio.run(_run(list(chosen or people()), cells, embedder or open_embedder()))


async def _run(chosen: list[Person], cells: Sequence[Cell], embedder: Embedder) -> list[Held]:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite+aiosqlite:///{Path(folder) / 'viva.db'}")
        try:
            await migrate(database)
            await Library(database).ensure_shipped()
            syllabus = Syllabus(await Library(database).get(KIT))
            clock = Clock()
            conductor = Conductor(Store(database), embedder, clock=clock)
            return [
                await _hold(conductor, clock, syllabus, person, mode, asked)
                for mode, asked in cells
                for person in chosen
            ]
        finally:
            await database.close()


async def _hold(
    conductor: Conductor, clock: Clock, syllabus: Syllabus, person: Person, mode: Mode, asked: Level
) -> Held:
    store = conductor.store
    interview = await conductor.start(Wish(kit=KIT, mode=mode, level=asked))
    candidate = Interviewee(person, syllabus)
    misread: list[str] = []
    async with hold(store.database, f"seat:{interview}", new_owner()) as lease:
        async for _ in conductor.open(interview, lease):
            pass
        for turn in range(MOST_TURNS):
            stored = await store.load(interview)
            if stored.status == "ended" or stored.state is None:
                break
            state = completed(stored.state)
            assert state["open"]
            move = candidate.reply(state["open"], confirming=state["confirming"])
            clock.type(move.text)
            read = await _take(conductor, lease, interview, (turn, stored.question), move)
            if move.means and read != move.means:
                misread.append(f"{move.text} ({read} for {move.means})")
    events = [read_event(event.as_json()) for event in await store.events(interview)]
    told = report(interview, events, syllabus)
    return Held(person, mode, asked, tuple(events), told, tuple(misread))


async def _take(
    conductor: Conductor, lease: Lease, interview: str, place: tuple[int, int], move: Move
) -> str | None:
    """Send a message, and tell what it was read as first of all."""
    turn, question = place
    read: str | None = move.means
    async for event in conductor.take(
        interview, lease, turn_id=str(turn), question=question, kind=move.kind, text=move.text
    ):
        read = event["intents"][0] if event["type"] == "understood" else read
    return read
