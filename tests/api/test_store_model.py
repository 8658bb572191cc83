import asyncio
import tempfile
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from stored import answer, commit, opened

from api.lease import Lease
from api.migrate import migrate
from api.store import Conflict, Store, Superseded
from knowledge.database import Database


class Model:
    """What a store of one interview should do, in a dozen lines."""

    def __init__(self) -> None:
        self.question, self.events, self.ended = 1, 2, False
        self.turns: dict[str, str] = {}
        self.pending: str | None = None

    def accept(self, turn_id: str, question: int, message: str) -> str:
        if turn_id in self.turns:
            same = self.turns[turn_id] == message
            return "repeated" if same else f"conflict, {self.question} is open"
        if self.ended or self.pending or question != self.question:
            return f"conflict, {self.question} is open"
        self.turns[turn_id], self.pending = message, turn_id
        return "accepted"

    def commit(self, added: int, ends: bool, stale: bool) -> str:
        if self.pending is None or stale:
            return "superseded"
        self.question, self.events, self.ended = self.question + 1, self.events + added, ends
        self.pending = None
        return "committed"


ACCEPTS = st.tuples(st.sampled_from("abcde"), st.integers(-1, 1), st.sampled_from(["Yes.", "No."]))
COMMITS = st.tuples(st.integers(0, 3), st.booleans(), st.booleans())


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(ACCEPTS, COMMITS), max_size=25))
def test_the_store_does_as_a_small_model_says(steps: list[tuple[Any, Any, Any]]) -> None:
    async def run() -> None:
        with tempfile.TemporaryDirectory() as folder:
            database = Database(f"sqlite+aiosqlite:///{folder}/viva.db")
            await migrate(database)
            await follow(Store(database), steps)
            await database.close()

    asyncio.run(run())


async def follow(store: Store, steps: list[tuple[Any, Any, Any]]) -> None:
    interview_id, lease = await opened(store)
    model = Model()
    for step in steps:
        if isinstance(step[0], str):
            turn_id, ahead, message = step
            question = model.question + ahead
            expected = model.accept(turn_id, question, message)
            outcome = await try_accept(store, interview_id, turn_id, question, message)
        else:
            expected = model.commit(*step)
            outcome = await try_commit(store, interview_id, lease, *step)
        assert outcome == expected
        log = await store.events(interview_id)
        assert [event.seq for event in log] == list(range(1, model.events + 1))
        pending = await store.pending(interview_id)
        assert (pending and pending.turn_id) == model.pending
        assert (await store.load(interview_id)).question == model.question


async def try_accept(
    store: Store, interview_id: str, turn_id: str, question: int, message: str
) -> str:
    try:
        accepted = await answer(store, interview_id, turn_id, message, question)
    except Conflict as conflict:
        return f"conflict, {conflict.question} is open"
    return "repeated" if accepted.repeated else "accepted"


async def try_commit(
    store: Store, interview_id: str, lease: Lease, added: int, ends: bool, stale: bool
) -> str:
    before = await store.load(interview_id)
    pending = await store.pending(interview_id)
    changed = {
        "events": [{"type": "said", "text": "Go on."}] * added,
        "status": "ended" if ends else "running",
        "expected_state_version": before.state_version - stale,
    }
    try:
        await commit(store, before, pending.number if pending else 1, lease, **changed)
    except Superseded:
        return "superseded"
    return "committed"
