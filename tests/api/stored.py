"""An interview in a store, and the steps that move it, for the tests of this folder."""

from typing import Any

from api.lease import Lease, acquire, new_owner
from api.records import Accepted, Interview, NewInterview
from api.store import Store

KIT = NewInterview(
    kit="data-engineer",
    kit_version="0123456789ab",
    level="mid",
    mode="practice",
    examiner="local",
    seed=7,
    options={"minutes": 45},
)


async def answer(
    store: Store, interview_id: str, turn_id: str, message: str = "Yes.", question: int = 1
) -> Accepted:
    return await store.accept(
        interview_id, turn_id=turn_id, question=question, kind="answer", message=message
    )


async def seat(store: Store, interview_id: str) -> Lease:
    lease = await acquire(store.database, f"seat:{interview_id}", new_owner())
    assert lease is not None
    return lease


async def commit(store: Store, before: Interview, number: int, lease: Lease, **other: Any) -> None:
    moved = {
        "expected_state_version": before.state_version,
        "state": {"turns": number},
        "events": [{"type": "heard"}, {"type": "said", "text": f"Question {number}?"}],
        "result": {"said": f"Question {number}?"},
        "status": "running",
        "question": before.question + 1,
    }
    await store.commit(before.id, number, lease=lease, **(moved | other))


async def opened(store: Store) -> tuple[str, Lease]:
    """An interview whose question 1 is open, and the lease of its seat."""
    interview_id = await store.create(KIT)
    lease = await seat(store, interview_id)
    await store.accept(interview_id, turn_id="open", question=0, kind="open", message="")
    await commit(store, await store.load(interview_id), 1, lease)
    return interview_id, lease
