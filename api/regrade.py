"""Marking an interview's answers anew, and committing what came of it as one transaction."""

from dataclasses import replace
from typing import cast

from agent.events import Withdrawn
from agent.regrading import Regrading, regrade
from agent.ruling import left_out
from agent.state import Interview, completed
from api.conduct import Conductor
from api.lease import Lease
from api.records import Interview as Stored
from api.withdrawals import bodies_of, drop_withdrawn, log_of
from knowledge.library import Library


async def regrade_stored(
    conductor: Conductor, interview_id: str, lease: Lease, examiner: str
) -> Regrading:
    """Drop what was withdrawn from the kit, then mark what waits for this examiner.

    The rest of the interview stays as it is. Each of the two is a transaction of its own.

    Raises:
        NotFound: there is no such interview.
        BadInput: the examiner cannot work.
        Superseded: another process has moved the interview meanwhile.
    """
    store = conductor.store
    stored = await store.load(interview_id)
    if stored.state is None:
        return Regrading(cast("Interview", {}))
    dropped = await _without_withdrawn(conductor, stored, lease)
    await conductor.examiners.check(examiner)
    stored = await store.load(interview_id)
    room = (await conductor.deps_alone(stored, examiner)).room
    events = await log_of(store, interview_id)
    gone = left_out(events, room.syllabus.kit)
    room = replace(room, syllabus=room.syllabus.without(gone))
    done = await regrade(room, completed(stored.state or {}), events)
    if done.events:
        await store.revise(
            stored, lease=lease, state=dict(done.state), events=bodies_of(done.events)
        )
    return replace(done, withdrawn=dropped)


async def _without_withdrawn(conductor: Conductor, stored: Stored, lease: Lease) -> tuple[str, ...]:
    """Only once it is over: until then its own version of the kit is what it is marked by."""
    if stored.status != "ended":
        return ()
    store = conductor.store
    syllabus = await conductor.syllabus(
        await Library(store.database).get(stored.kit, stored.kit_version)
    )
    done = await drop_withdrawn(store, syllabus, stored.id, lease, conductor.clock)
    return tuple(event.text for event in done.events if isinstance(event, Withdrawn))
