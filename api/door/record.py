"""What the door knows of an interview: its turns as they were said, and where it stands."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from api import visible
from api.door import notes
from api.door.conversation import Place, Told
from api.records import Event
from api.store import Store
from api.tables import turns


@dataclass(frozen=True)
class Record:
    """An interview at one moment; `told` has its committed turns by number."""

    code: str
    told: Mapping[int, Told]
    numbers: Mapping[int, int]
    """The number of the question that stood open after each turn."""
    question: str | None
    ended: bool
    pending: bool
    """A turn is under way."""
    spoke: float
    """When the interviewer last spoke, by the interview's clock."""

    @property
    def newest(self) -> Place:
        """The step that one can go on from."""
        return Place(self.code, max(self.told, default=0))

    def note(self, why: str) -> str:
        """A word beside the interview, with the question that is open."""
        return notes.note(why, self.newest, self.question, ended=self.ended)


async def record(store: Store, code: str, base: str) -> Record:
    """The interview as it stands; `base` is the address that its report's page is under."""
    look = await store.look(code, after=0)
    said: dict[int, list[str]] = defaultdict(list)
    for event in look.events:
        if event.turn:
            said[event.turn] += [event.body["text"]] if event.type == "said" else []
    ids = await _turn_ids(store, code)
    last = next((event.turn for event in look.events if event.type == "ended"), None)
    open_now = visible.open_question(look.interview)
    return Record(
        code=code,
        told={
            turn: Told(ids[turn], _reply(texts, Place(code, turn), turn == last, base))
            for turn, texts in said.items()
        },
        numbers=_numbers(look.events),
        question=open_now.text if open_now else None,
        ended=look.interview.status == "ended",
        pending=look.pending is not None,
        spoke=max((event.at for event in look.events if event.type == "said"), default=0.0),
    )


def _reply(texts: Sequence[str], place: Place, last: bool, base: str) -> str:
    said = "\n\n".join(texts) or notes.HEARD
    if place.step == 1:
        return notes.opening(said, place)
    if last:
        return notes.last_reply(said, place, f"{base}/interviews/{place.code}/report")
    return notes.reply(said, place)


def _numbers(events: Sequence[Event]) -> dict[int, int]:
    numbers: dict[int, int] = {}
    number = 0
    for event in events:
        if event.type == "said":
            number = event.body.get("question") or number
        numbers[event.turn] = number
    return numbers


async def _turn_ids(store: Store, code: str) -> dict[int, str]:
    mine = sa.select(turns.c.number, turns.c.turn_id).where(turns.c.interview_id == code)
    async with store.database.read() as connection:
        return {row.number: row.turn_id for row in await connection.execute(mine)}
