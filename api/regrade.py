"""Marking an interview's answers anew, and committing what came of it as one transaction."""

from typing import cast

from agent.events import read_event
from agent.regrading import Regrading, regrade
from agent.state import Interview, completed
from api.conduct import Conductor
from api.lease import Lease


async def regrade_stored(
    conductor: Conductor, interview_id: str, lease: Lease, examiner: str
) -> Regrading:
    """Mark what waits for this examiner; the rest of the interview stays as it is.

    Raises:
        NotFound: there is no such interview.
        BadInput: the examiner cannot work.
        Superseded: another process has moved the interview meanwhile; nothing was written.
    """
    store = conductor.store
    stored = await store.load(interview_id)
    if stored.state is None:
        return Regrading(cast("Interview", {}))
    await conductor.examiners.check(examiner)
    room = (await conductor.deps_alone(stored, examiner)).room
    events = [read_event(event.as_json()) for event in await store.events(interview_id)]
    done = await regrade(room, completed(stored.state), events)
    if done.events:
        bodies = [event.model_dump(mode="json") for event in done.events]
        await store.revise(stored, lease=lease, state=dict(done.state), events=bodies)
    return done
