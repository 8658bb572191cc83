"""Interviews that were held elsewhere, brought in from their logs."""

import hashlib
import json
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from agent.events import AnyEvent, Consented, Header, Heard
from agent.state import Interview
from api.hiring.tables import LOCAL
from api.records import Event
from api.tables import events as event_rows
from api.tables import interviews, turns
from knowledge.database import Database, unix_now

MARKER = "imported"
"""The option under which an interview keeps what it was brought in from."""
_id = re.compile(r"[a-z0-9]{4,16}")


@dataclass(frozen=True)
class Brought:
    """An interview that is here now; not `new`, if it had been before."""

    id: str
    new: bool


async def bring(
    database: Database,
    name: str,
    log: Sequence[AnyEvent],
    state: Interview,
    workspace: str = LOCAL,
) -> Brought:
    """Write an interview that has ended, as its log and the state that this came to.

    The same log comes in once. It keeps `name` as its id where that can be one and is free.
    """
    header = cast("Header", log[0])
    bodies = [event.model_dump(mode="json") for event in log]
    packed = json.dumps(bodies, sort_keys=True, ensure_ascii=False)
    origin = hashlib.sha256(packed.encode()).hexdigest()
    async with database.write() as connection:
        if before := await _before(connection, name, origin, bodies):
            return Brought(before, new=False)
        id_ = await _free(connection, name)
        row = _row(header, log, state, origin) | {"id": id_, "workspace_id": workspace}
        began = next((event.at for event in log if event.at), 0.0)  # a header has no reading
        now = {"created": began, "ended": log[-1].at, "updated": unix_now()}
        await connection.execute(sa.insert(interviews).values(**row, **now))
        rows = [
            {"interview_id": id_, **vars(Event.read(body, seq=e.seq, turn=e.turn, at=e.at))}
            for e, body in zip(log, bodies, strict=True)
        ]
        await connection.execute(sa.insert(event_rows), rows)
        await connection.execute(sa.insert(turns), [*_turns(id_, log)])
    return Brought(id_, new=True)


def _row(header: Header, log: Sequence[AnyEvent], state: Interview, origin: str) -> dict[str, Any]:
    consent = next((event for event in log if isinstance(event, Consented)), None)
    options = {
        "minutes": header.minutes,
        "core": header.questions,
        "subjects": list(header.subjects),
        "reserve": state["reserve"],
        "form": list(header.form),
        "drill": header.drill,
        "policy": header.policy,
        "seen": {question: list(points) for question, points in header.seen.items()},
        "consent": _agreed(consent) if consent else None,
        "last": None,
        MARKER: origin,
    }
    return {
        "kit": header.kit,
        "kit_version": header.kit_version,
        "level": header.level,
        "mode": header.mode,
        "examiner": header.examiner,
        "seed": header.seed,
        "options": options,
        "status": "ended",
        "question": state["number"],
        "state": state,
        "state_version": sum(isinstance(event, Heard) for event in log) + 1,
    }


def _turns(id_: str, log: Sequence[AnyEvent]) -> Iterator[dict[str, Any]]:
    """The opening, and one for each message or button."""
    done = {"interview_id": id_, "status": "committed", "attempt": 1, "result": {}}
    opening = {"turn_id": "open", "kind": "open", "question": 0, "message": "", "about": None}
    yield done | opening | {"number": 1, "accepted": log[0].at, "committed": log[0].at}
    for event in log:
        if isinstance(event, Heard) and event.turn > 1:
            yield done | {
                "number": event.turn,
                "turn_id": f"{MARKER} {event.turn}",
                "kind": event.action or "answer",
                "question": event.question,
                "message": event.text,
                "about": event.amends,
                "accepted": event.at,
                "committed": event.at,
            }


def _agreed(consent: Consented) -> dict[str, Any]:
    kept = ("notice", "text_hash", "locale", "text")
    return {name: getattr(consent, name) for name in kept}


async def _before(
    connection: AsyncConnection, name: str, origin: str, bodies: Sequence[Mapping[str, Any]]
) -> str | None:
    """The interview that this log is already."""
    marked = interviews.c.options[MARKER].as_string() == origin
    if found := await connection.scalar(sa.select(interviews.c.id).where(marked)):
        return str(found)
    columns = [event_rows.c[each] for each in ("seq", "turn", "at", "type", "body")]
    mine = sa.select(*columns).where(event_rows.c.interview_id == name)
    rows = await connection.execute(mine.order_by(event_rows.c.seq))
    here = [Event(*row).as_json() for row in rows]
    return name if here and here == list(bodies) else None


async def _free(connection: AsyncConnection, name: str) -> str:
    """The name itself, or a new id."""
    taken = sa.select(interviews.c.id).where(interviews.c.id == name)
    if _id.fullmatch(name) and await connection.scalar(taken) is None:
        return name
    return secrets.token_hex(5)
