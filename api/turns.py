"""Turns under supervision: each is a task of its own, and what a dead worker left is run again.

A client that leaves stops nothing; the stream only watches.
"""

import asyncio
import time
from contextlib import suppress

from api.conduct import Conductor
from api.lease import TTL, Lease, gone, kept
from api.records import Begun, Interview, Turn
from api.telemetry import Telemetry, log
from api.watching import Watching
from knowledge.errors import Busy, NotFound, StorageFailed, VivaError

SWEEP_EVERY = 1.0
"""Seconds between two looks for turns that nobody runs."""

EXPIRE_EVERY = 60.0
LONGEST_REST = 30.0
"""Seconds between two tries of a turn that fails again and again."""

GRACE = 10.0
"""Seconds that running turns get when the process is told to stop."""


Key = tuple[str, int]
"""A turn: its interview and its number."""


class Turns:
    """The turns that this process runs, and those it takes over."""

    def __init__(
        self,
        conductor: Conductor,
        watching: Watching,
        telemetry: Telemetry,
        *,
        ttl: float = TTL,
        expire_after: float | None = None,
    ) -> None:
        self.trouble: dict[str, str] = {}
        """What kept the last attempt at an interview's turn from being committed."""
        self._conductor, self._store = conductor, conductor.store
        self._watching, self._telemetry = watching, telemetry
        self._ttl, self._expire_after = ttl, expire_after
        self._running: dict[Key, asyncio.Task[None]] = {}
        self._waiting: set[Key] = set()
        """Turns that were accepted and not committed at the last look."""
        self._rests: dict[str, tuple[float, float]] = {}
        """When a turn that failed may be tried again, and after how many seconds that is."""
        self._closing = False

    def run(self, turn: Turn) -> asyncio.Task[None]:
        """Run an accepted turn, unless it is running here already.

        The task of the turn before may still be about its last steps: it has given up the lease.
        """
        key = _key(turn)
        running = self._running.get(key)
        if running is None:
            running = asyncio.create_task(self._run(turn), name=f"turn {turn.interview_id}")
            self._running[key] = running
            running.add_done_callback(lambda _: self._running.pop(key, None))
        return running

    async def _run(self, turn: Turn) -> None:
        """Never raises: what cannot be committed now stays accepted and is swept up later."""
        interview_id = turn.interview_id
        self._telemetry.live(1)
        try:
            with self._telemetry.span("turn", interview=interview_id, turn=turn.number):
                asked = time.perf_counter()
                begun, lease = await self._store.take(turn, ttl=self._ttl)
                async with kept(self._store.database, lease, ttl=self._ttl):
                    await self._perform(begun, lease, time.perf_counter() - asked)
            self.trouble.pop(interview_id, None)
            self._rests.pop(interview_id, None)
        except Busy:  # somebody else is at it
            self._watching.falls_silent(interview_id)
        except VivaError as error:
            self._failed(turn, error, f"{error.message} {error.remedy}")
        except Exception as error:
            self._failed(turn, error, "Something went wrong on our side; we try again.")
        finally:
            self._telemetry.live(-1)

    def _failed(self, turn: Turn, error: Exception, told: str) -> None:
        known = isinstance(error, VivaError)
        self._telemetry.failed(type(error).__name__ if known else error)
        self.trouble[turn.interview_id] = told
        _, rest = self._rests.get(turn.interview_id, (0.0, SWEEP_EVERY / 2))
        rest = min(rest * 2, LONGEST_REST)
        self._rests[turn.interview_id] = (time.monotonic() + rest, rest)
        self._watching.falls_silent(turn.interview_id)

    async def _perform(self, begun: Begun, lease: Lease, waited: float) -> None:
        began = time.perf_counter()
        self._telemetry.begun(begun.attempt)
        try:
            attempt = await self._conductor.attempt(begun)
            self._watching.begins(begun.interview_id, begun.number, begun.attempt)
            async for event in attempt:
                self._speak(begun.interview_id, event)
            ended = time.perf_counter()
            await self._conductor.commit(attempt, lease, leaves=True)
        except (asyncio.CancelledError, StorageFailed):  # the turn is not to blame
            with suppress(StorageFailed):
                await asyncio.shield(self._store.give_back(begun, lease))
            raise
        self._watching.falls_silent(begun.interview_id, attempt.stored.state_version + 1)
        await self._close_if_full(begun.interview_id)
        parts = {"wait": waited, "run": ended - began, "commit": time.perf_counter() - ended}
        self._telemetry.committed(begun.kind, parts, attempt.events)

    def _speak(self, interview_id: str, event: dict[str, object]) -> None:
        """Pass a sentence on as it comes, and a message that was not spoken ahead as a whole."""
        if event["type"] == "speaking":
            self._watching.speaks(interview_id, str(event["text"]), again=bool(event["again"]))
        elif event["type"] == "said":
            self._watching.said(interview_id, str(event["text"]))

    async def sweep(self) -> None:
        """Take over, for as long as the process lives, the turns that no living worker runs."""
        expired = 0.0
        while not self._closing:
            try:
                await self._take_over()
                if time.monotonic() - expired > EXPIRE_EVERY:
                    expired = time.monotonic()
                    await self._expire()
            except Exception as error:  # whatever it was, the next look may succeed
                log.warning("sweep failed", reason=type(error).__name__)
            await asyncio.sleep(SWEEP_EVERY)

    async def _take_over(self) -> None:
        waiting = await self._store.waiting()
        before, self._waiting = self._waiting, {_key(turn) for turn, _ in waiting}
        self._forget_what_is_over()
        for turn, holder in waiting:
            fresh = not turn.attempt and _key(turn) not in before  # about to be run where it came
            if not fresh and self._may_run(turn) and (not holder or gone(holder)):
                if turn.attempt:
                    self._telemetry.took_over()
                self.run(turn)

    def _forget_what_is_over(self) -> None:
        """Turns that failed here may have been committed elsewhere."""
        pending = {interview_id for interview_id, _ in self._waiting}
        for failed in (self.trouble, self._rests):
            for interview_id in failed.keys() - pending:
                del failed[interview_id]

    def _may_run(self, turn: Turn) -> bool:
        again, _ = self._rests.get(turn.interview_id, (0.0, 0.0))
        return not self._closing and _key(turn) not in self._running and time.monotonic() >= again

    async def _expire(self) -> None:
        """End what nobody goes on with, by a turn like any other."""
        if self._expire_after is None:
            return
        for interview in await self._store.idle(self._expire_after):
            await self._end(interview)

    async def _close_if_full(self, interview_id: str) -> None:
        """End what has used up all that one interview may; its last answer counts."""
        with suppress(NotFound, StorageFailed):  # the turn is committed; the next one looks again
            if await self._conductor.budget.is_full(interview_id):
                await self._end(await self._store.load(interview_id))

    async def _end(self, interview: Interview) -> None:
        with suppress(Busy, NotFound):
            accepted = await self._conductor.accept(
                interview.id,
                turn_id=f"expire:{interview.state_version}",
                question=interview.question,
                kind="expire",
                text="",
            )
            self.run(accepted.turn)

    async def close(self) -> None:
        """Take no more, let what runs come to its end, and give back what does not."""
        self._closing = True
        running = list(self._running.values())
        if running:
            _, late = await asyncio.wait(running, timeout=GRACE)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)


def _key(turn: Turn) -> Key:
    return turn.interview_id, turn.number
