"""What interviews came to, kept beside them: worked out once, and anew when they have moved."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import sqlalchemy as sa

from agent.events import read_event
from agent.report.result import Result, result
from agent.syllabus import Syllabus
from api.hiring.tables import results, screens
from api.records import Interview
from api.store import Store
from api.tables import THAT_FAILED, interviews, turns
from api.telemetry import log
from knowledge.database import insert_into
from knowledge.errors import BadInput, NotFound

SyllabusOf = Callable[[str, str], Awaitable[Syllabus]]
AT_A_TIME = 50
LOOK_EVERY = 15.0
"""Seconds between two looks for interviews that have ended, or were counted anew."""

COUNTS = ("red", "green", "critical", "ungraded", "needs_person", "contests")
NOTHING: dict[str, Any] = {
    "ended": None,
    "failed": False,
    "verdict": "not enough evidence",
    "provisional": True,
    "probability": None,
    "level": None,
    "low": None,
    "high": None,
    **dict.fromkeys(COUNTS, 0),
    "body": {},
}


class Results:
    """The results of one database's screens."""

    def __init__(self, store: Store, syllabus_of: SyllabusOf) -> None:
        self._store = store
        self._syllabus_of = syllabus_of

    async def keep(self) -> None:
        """Keep them up to date for as long as the process lives."""
        while True:
            try:
                done = await self.catch_up()
            except Exception as error:  # whatever it was, the next look may succeed
                log.warning("results lag", reason=type(error).__name__)
                done = 0
            await asyncio.sleep(0 if done == AT_A_TIME else LOOK_EVERY)

    async def catch_up(self, screen: str | None = None, most: int = AT_A_TIME) -> int:
        """Work out those that are missing or lag, of one screen or of all; how many they were."""
        late = await self._late(screen, most)
        for interview in late:
            await self._make(interview)
        return len(late)

    async def _late(self, screen: str | None, most: int) -> list[str]:
        query = sa.select(interviews.c.id).select_from(
            interviews.outerjoin(results, results.c.interview_id == interviews.c.id)
        )
        ours = sa.select(screens.c.id).where(screens.c.mode == "screen")  # practice is their own
        if screen is not None:
            ours = ours.where(screens.c.id == screen)
        of = interviews.c.screen_id.in_(ours)
        lags = results.c.state_version.is_distinct_from(interviews.c.state_version)
        query = query.where(of, interviews.c.status == "ended", lags).limit(most)
        async with self._store.database.read() as connection:
            return list(await connection.scalars(query))

    async def _make(self, interview_id: str) -> None:
        try:
            stored = await self._store.load(interview_id)
            row = row_of(await self._result(stored), await self._broke_last(interview_id))
        except NotFound:
            return
        except BadInput:  # its log is erased
            row = NOTHING
        await self._keep(interview_id, row | {"state_version": stored.state_version})

    async def _result(self, stored: Interview) -> Result:
        events = await self._store.events(stored.id)
        syllabus = await self._syllabus_of(stored.kit, stored.kit_version)
        read = [read_event(event.as_json()) for event in events]
        return await asyncio.to_thread(result, read, syllabus)

    async def _keep(self, interview_id: str, row: dict[str, Any]) -> None:
        async with self._store.database.write() as connection:
            here = sa.select(sa.exists().where(interviews.c.id == interview_id))
            if not await connection.scalar(here):
                return
            insert = insert_into(results, connection).values(interview_id=interview_id, **row)
            await connection.execute(
                insert.on_conflict_do_update(
                    index_elements=[results.c.interview_id],
                    set_=row,
                    where=results.c.state_version <= row["state_version"],
                )
            )

    async def _broke_last(self, interview_id: str) -> bool:
        """Whether the last thing that the candidate sent took its workers down."""
        mine = turns.c.interview_id == interview_id
        sent = sa.select(sa.func.max(turns.c.number)).where(mine, turns.c.kind != "expire")
        broke = sa.exists().where(mine, THAT_FAILED, turns.c.number == sent.scalar_subquery())
        async with self._store.database.read() as connection:
            return bool(await connection.scalar(sa.select(broke)))


def row_of(made: Result, broke_last: bool) -> dict[str, Any]:
    """A result as its table has it; `broke_last`: the candidate's last message broke Viva."""
    unmarked = made.graded == 0 and made.ungraded + made.waiting > 0
    return {
        **made.overall.model_dump(exclude={"name"}),
        **{name: getattr(made, name) for name in ("ended", "provisional", *COUNTS)},
        "failed": unmarked or (made.ended == "expired" and broke_last),
        "body": made.model_dump(mode="json"),
    }
