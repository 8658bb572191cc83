"""What stands in the database when all is over, and what must be true of it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from api.records import Event, Turn
from api.store import Store
from api.tables import turns
from evals.bench_service.client import Candidate
from knowledge.database import Database

CLOCKS = {"said_at", "used", "at", "seconds", "seconds_left", "spent"}
"""Fields that hold readings of a clock."""
ABSENCES = {"away", "resumed"}
"""Events about a watcher that was cut off."""


class Record(NamedTuple):
    """One interview as stored."""

    status: str
    state: Any
    events: list[Event]
    turns: list[Turn]

    @property
    def ungraded(self) -> bool:
        """Whether a turn has killed so many workers that it was not graded."""
        return any(turn.attempt > 3 for turn in self.turns)

    def alike(self) -> Any:
        """What must not depend on when, and by how many workers, it was done."""
        passing = ABSENCES | {"took"}
        told = [(e.turn, e.type, timeless(e.body)) for e in self.events if e.type not in passing]
        return self.status, timeless(self.state), told


def timeless(value: Any) -> Any:
    """The same without readings of a clock."""
    if isinstance(value, dict):
        return {key: timeless(each) for key, each in value.items() if key not in CLOCKS}
    return [timeless(each) for each in value] if isinstance(value, list) else value


async def read(database: Database, interview_id: str) -> Record:
    """The interview, its log and its turns."""
    store = Store(database)
    stored = await store.load(interview_id)
    mine = sa.select(turns).where(turns.c.interview_id == interview_id).order_by(turns.c.number)
    async with database.read() as connection:
        rows = [Turn(*row) for row in await connection.execute(mine)]
    return Record(stored.status, stored.state, await store.events(interview_id), rows)


def faults(candidate: Candidate, record: Record, undisturbed: Record) -> list[str]:
    """Every promise that this interview breaks, in words."""
    watch = candidate.watch
    visible = [e.seq for e in record.events if e.type in {"said", "heard"}]
    shown = [e["seq"] for e in watch.events if e["type"] in {"said", "heard"}]
    promises = {
        "an accepted message is not once in the transcript, in order": _heard(record)
        == [sent.message or "" for sent in candidate.accepted],
        "a turn is not committed": all(turn.status == "committed" for turn in record.turns),
        "a turn has not one set of marks": _marked(record) == _marked(undisturbed),
        "the final state is not that of an undisturbed run": record.ungraded
        or record.alike() == undisturbed.alike(),
        "a watcher did not see every event once": shown == visible,
        "speech was stale when its turn was committed": not watch.stale,
    }
    return [words for words, kept in promises.items() if not kept]


def _heard(record: Record) -> list[str]:
    return [event.body["text"] for event in record.events if event.type == "heard"]


def _marked(record: Record) -> list[tuple[int, int]]:
    """Turn and testlet of every set of marks."""
    return [(e.turn, e.body["testlet"]) for e in record.events if e.type == "marked"]


def takeovers(records: Sequence[Record], killed: Sequence[tuple[str, int, float]]) -> list[float]:
    """Seconds from each kill (interview, turn, Unix time) to that turn's commit, by whomever."""
    committed = {
        (turn.interview_id, turn.number): turn.committed
        for record in records
        for turn in record.turns
        if turn.committed
    }
    return [committed[id_, number] - at for id_, number, at in killed if (id_, number) in committed]
