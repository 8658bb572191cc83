"""Who watches which interview, and how they hear of it: speech on its way, and what is committed.

Speech reaches the watchers of this process only. What is committed reaches all: Postgres tells by
NOTIFY, a SQLite file by its data version, and a slow look catches what both missed.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import aiosqlite

from api.store import CHANNEL, Store
from api.telemetry import log
from knowledge.errors import Busy

MOST_WATCHERS = 8
"""Streams of one interview in one process."""

MOST_PIECES = 500
"""Pieces of speech a slow watcher may be behind; more are dropped, for they are provisional."""

LOOK_EVERY, SLOW_LOOK_EVERY = 0.2, 5.0


@dataclass
class Speech:
    """What is being said in a turn, as far as it has been released."""

    turn: int
    attempt: int
    pieces: list[str] = field(default_factory=list)
    whole: int = 0
    """Pieces of messages that are complete."""
    open: bool = False
    """A message has been spoken ahead in part."""


@dataclass(frozen=True)
class Piece:
    """Something said ahead; `text` None: what was shown of the turn is void."""

    turn: int
    attempt: int
    text: str | None


class Watcher:
    """One stream: pieces of speech in `pieces`, and a bell for them and all that is committed."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self.moved = False
        """Something may have been committed since this was last set to False."""
        self._bell = asyncio.Event()

    def ring(self, piece: Piece | None = None) -> None:
        """Wake it up: for a piece of speech, or because the interview may have moved."""
        if piece is None:
            self.moved = True
        elif len(self.pieces) < MOST_PIECES:
            self.pieces.append(piece)
        self._bell.set()

    async def heard(self, seconds: float) -> list[Piece] | None:
        """The pieces since the last call as soon as the bell rings; None if it does not."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._bell.wait(), seconds)
        if not self._bell.is_set():
            return None
        self._bell.clear()
        pieces, self.pieces = self.pieces, []
        return pieces


class Watching:
    """The watchers of this process."""

    def __init__(self, store: Store) -> None:
        self.closing = False
        self._store = store
        self._watchers: dict[str, set[Watcher]] = defaultdict(set)
        self._speech: dict[str, Speech] = {}
        self._versions: dict[str, int] = {}

    @property
    def watchers(self) -> int:
        """How many streams there are."""
        return sum(map(len, self._watchers.values()))

    def watches(self, interview_id: str) -> bool:
        """Whether anybody here watches this interview."""
        return interview_id in self._watchers

    def check_room(self, interview_id: str) -> None:
        """Refuse one stream too many.

        Raises:
            Busy: too many watch this interview already.
        """
        if len(self._watchers.get(interview_id, ())) >= MOST_WATCHERS:
            raise Busy(
                f"This interview is open {MOST_WATCHERS} times already.",
                "Close a window in which it is open.",
            )

    @contextmanager
    def watch(self, interview_id: str) -> Iterator[Watcher]:
        """Watch an interview; speech that is under way is heard from its beginning."""
        mine = self._watchers[interview_id]
        watcher = Watcher()
        if speech := self._speech.get(interview_id):
            for text in (None, *speech.pieces):
                watcher.ring(Piece(speech.turn, speech.attempt, text))
        watcher.ring()
        mine.add(watcher)
        try:
            yield watcher
        finally:
            mine.discard(watcher)
            if not mine:
                self._watchers.pop(interview_id, None)
                self._versions.pop(interview_id, None)

    def begins(self, interview_id: str, turn: int, attempt: int) -> None:
        """An attempt at a turn begins; what an earlier one has said is void."""
        self._speech[interview_id] = Speech(turn, attempt)
        if attempt > 1:
            self._ring(interview_id, Piece(turn, attempt, None))

    def speaks(self, interview_id: str, text: str, *, again: bool = False) -> None:
        """A sentence of a message ahead of it; `again`: what was shown of the message is void."""
        speech = self._speech[interview_id]
        if again:
            self._void(interview_id, speech)
        self._add(interview_id, speech, text)
        speech.open = True

    def said(self, interview_id: str, text: str) -> None:
        """A whole message: it ends what was spoken of it, or is spoken at once."""
        speech = self._speech[interview_id]
        if not speech.open:
            self._add(interview_id, speech, text)
        speech.open, speech.whole = False, len(speech.pieces)

    def _void(self, interview_id: str, speech: Speech) -> None:
        """Take back the message that is open; those before it are said again."""
        del speech.pieces[speech.whole :]
        for text in (None, *speech.pieces):
            self._ring(interview_id, Piece(speech.turn, speech.attempt, text))

    def _add(self, interview_id: str, speech: Speech, text: str) -> None:
        begins = len(speech.pieces) == speech.whole
        lead = ("\n\n" if begins else " ") if speech.pieces else ""
        speech.pieces.append(lead + text)
        self._ring(interview_id, Piece(speech.turn, speech.attempt, lead + text))

    def falls_silent(self, interview_id: str, version: int | None = None) -> None:
        """The attempt is over: committed as this version of the state, or lost and void."""
        speech = self._speech.pop(interview_id, None)
        if version is None and speech and speech.pieces:
            self._ring(interview_id, Piece(speech.turn, speech.attempt, None))
        if version is not None and interview_id in self._watchers:
            self._versions[interview_id] = version
        self._ring(interview_id)

    def close(self) -> None:
        """Let every stream end; those who watch come again, elsewhere or later."""
        self.closing = True
        for interview_id in tuple(self._watchers):
            self._ring(interview_id)

    def _ring(self, interview_id: str, piece: Piece | None = None) -> None:
        for watcher in self._watchers.get(interview_id, ()):
            watcher.ring(piece)

    async def listen(self) -> None:
        """Hear of what other processes commit, for as long as this one lives."""
        postgres = self._store.database.engine.dialect.name == "postgresql"
        while True:
            try:
                await (self._listen_to_postgres() if postgres else self._listen_to_file())
            except Exception as error:  # the database is gone for now; look again soon
                log.warning("listening failed", reason=type(error).__name__)
                await asyncio.sleep(1.0)

    async def _listen_to_postgres(self) -> None:
        async with self._store.database.engine.connect() as connection:
            driver = (await connection.get_raw_connection()).driver_connection
            assert driver is not None
            gone = asyncio.Event()
            driver.add_termination_listener(lambda _: gone.set())
            await driver.add_listener(CHANNEL, lambda *told: self._ring(told[-1]))
            await connection.commit()
            while not gone.is_set():
                await self._look()
                await self._call_back()
                with suppress(TimeoutError):
                    await asyncio.wait_for(gone.wait(), SLOW_LOOK_EVERY)
            await connection.invalidate()

    async def _listen_to_file(self) -> None:
        """A file's data version changes with every commit, whoever made it."""
        path = self._store.database.engine.url.database or ""
        async with aiosqlite.connect(path) as file:
            last, looked = None, 0.0
            while True:
                if self._watchers:
                    row = await (await file.execute("PRAGMA data_version")).fetchone()
                    slow = time.monotonic() - looked > SLOW_LOOK_EVERY
                    if row != last or slow:
                        await self._look()
                    if slow:
                        await self._call_back()
                        looked = time.monotonic()
                    last = row
                await asyncio.sleep(LOOK_EVERY)

    async def _look(self) -> None:
        """Ring for what has moved."""
        known = {id_: self._versions.get(id_, -1) for id_ in self._watchers}
        if not known:
            return
        for interview_id, version in await self._store.moved(known):
            self._versions[interview_id] = version
            self._ring(interview_id)

    async def _call_back(self) -> None:
        """Mend what another process believes: who watches here has not left."""
        if self._watchers:
            for interview_id in await self._store.thought_away(tuple(self._watchers)):
                await self._store.came_back(interview_id)
