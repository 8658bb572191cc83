"""Turns as transactions, in this process: accept, run, commit, and what a dead worker leaves."""

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from api.conduct import MOST_ATTEMPTS, Conductor, Wish
from api.lease import Lease, hold, new_owner
from api.migrate import migrate
from api.store import Conflict, Store
from knowledge.database import Database
from knowledge.embedder import WordHash
from knowledge.errors import BadInput, NotFound, StorageFailed
from knowledge.kit_yaml import parse_kit
from knowledge.library import Library

KIT = """
viva: 1
name: small
about: {role: Tester}
atoms:
- competency: Testing
  has:
  - question: How do you know that a change is safe to release?
    as: technical
    has:
    - point: Automatic tests run on every change before it is merged.
    - point: A canary takes a small share of the traffic first.
    - hint: Think about what happens before and after.
    - follow_up: The tests are green and customers complain. What now?
  - question: When would you not write a test?
    as: technical
    has:
    - point: Throw-away code that answers one question needs no test.
"""


class Clock:
    """A clock that is set by hand."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'conduct.db'}")
    await migrate(database)
    await Library(database).save(parse_kit(KIT, "small.yaml"))
    yield Store(database)
    await database.close()


@pytest.fixture
async def begun(store: Store) -> AsyncIterator[tuple[Conductor, str, Lease, Clock]]:
    clock = Clock()
    conductor = Conductor(store, WordHash(), clock=clock)
    interview = await conductor.start(Wish(kit="small", seed=0))
    async with hold(store.database, f"seat:{interview}", new_owner()) as lease:
        _ = [event async for event in conductor.open(interview, lease)]
        yield conductor, interview, lease, clock


async def send(
    conductor: Conductor,
    interview: str,
    lease: Lease,
    text: str,
    turn_id: str,
    kind: str = "answer",
) -> list[dict[str, Any]]:
    question = (await conductor.store.load(interview)).question
    events = conductor.take(
        interview, lease, turn_id=turn_id, question=question, kind=kind, text=text
    )
    return [event async for event in events]


async def types(conductor: Conductor, interview: str) -> list[str]:
    return [event.type for event in await conductor.store.events(interview)]


async def test_the_opening_is_said_once(begun: tuple[Conductor, str, Lease, Clock]) -> None:
    conductor, interview, lease, _ = begun
    assert [event async for event in conductor.open(interview, lease)] == []
    assert (await types(conductor, interview)).count("header") == 1


async def test_a_turn_sent_again_is_not_run_again(
    begun: tuple[Conductor, str, Lease, Clock],
) -> None:
    conductor, interview, lease, _ = begun
    await send(conductor, interview, lease, "I test web shops.", "a")
    before = await conductor.store.events(interview)
    again = conductor.take(
        interview, lease, turn_id="a", question=1, kind="answer", text="I test web shops."
    )
    assert [event async for event in again] == []
    assert await conductor.store.events(interview) == before


async def test_an_answer_to_a_question_that_is_over_is_refused_with_the_open_one(
    begun: tuple[Conductor, str, Lease, Clock],
) -> None:
    conductor, interview, lease, _ = begun
    await send(conductor, interview, lease, "I test web shops.", "a")
    late = conductor.take(interview, lease, turn_id="b", question=1, kind="answer", text="Late.")
    with pytest.raises(Conflict) as refused:
        _ = [event async for event in late]
    assert refused.value.question == 2


async def test_a_turn_that_took_its_worker_down_too_often_is_kept_ungraded(
    begun: tuple[Conductor, str, Lease, Clock],
) -> None:
    conductor, interview, lease, _ = begun
    await send(conductor, interview, lease, "I test web shops.", "a")
    accepted = await conductor.store.accept(
        interview, turn_id="b", question=2, kind="answer", message="Tests run on every change."
    )
    for _attempt in range(MOST_ATTEMPTS):
        await conductor.store.begin(interview, accepted.turn.number, lease)
    events = [event async for event in conductor.run(accepted.turn, lease)]
    marked = next(event for event in events if event["type"] == "marked")
    assert {mark["verdict"] for mark in marked["marks"]} == {"abstained"}
    assert all(mark["fallback"] for mark in marked["marks"])
    assert (marked["score"], marked["anchor"]) == (None, "ungraded")
    (fell,) = (event for event in events if event["type"] == "fell_back")
    assert (fell["purpose"], fell["to"]) == ("examine", "absent")
    assert any(event["type"] == "said" and event["question"] for event in events)
    assert await conductor.store.pending(interview) is None


async def test_time_away_is_free(begun: tuple[Conductor, str, Lease, Clock]) -> None:
    conductor, interview, lease, clock = begun
    clock.now += 86_400
    conductor.came_back(interview)
    clock.now += 30
    await send(conductor, interview, lease, "I test web shops.", "a")
    state = (await conductor.store.load(interview)).state
    assert state is not None
    assert state["used"] == 30


async def test_an_interview_that_an_older_viva_stored_goes_on(
    begun: tuple[Conductor, str, Lease, Clock],
) -> None:
    conductor, interview, lease, _ = begun
    await send(conductor, interview, lease, "I test web shops.", "a")
    stored = await conductor.store.load(interview)
    assert stored.state is not None
    for name in ("judged", "review"):
        del stored.state["testlets"][0][name]
    await conductor.store.revise(stored, lease=lease, state=stored.state, events=[])
    await send(conductor, interview, lease, "Automatic tests run on every change.", "b")
    assert (await types(conductor, interview)).count("marked") == 1


async def test_a_message_too_long_is_refused_before_it_is_taken(
    begun: tuple[Conductor, str, Lease, Clock],
) -> None:
    conductor, interview, lease, _ = begun
    with pytest.raises(BadInput, match="8,000"):
        await send(conductor, interview, lease, "a" * 8_001, "a")
    assert await conductor.store.pending(interview) is None


async def test_a_full_disk_says_so_and_leaves_the_accepted_answer_to_be_run(
    begun: tuple[Conductor, str, Lease, Clock], tmp_path: Path
) -> None:
    conductor, interview, lease, _ = begun
    accepted = await conductor.store.accept(
        interview, turn_id="a", question=1, kind="answer", message="I test web shops. " * 300
    )
    before = await conductor.store.events(interview)
    engine = conductor.store.database.engine
    async with engine.connect() as connection:
        pages = (await connection.exec_driver_sql("pragma page_count")).scalar_one()
        await connection.exec_driver_sql(f"pragma max_page_count = {pages}")
    with pytest.raises(StorageFailed, match="full") as full:
        _ = [event async for event in conductor.run(accepted.turn, lease)]
    assert "disk space" in full.value.remedy
    assert await conductor.store.events(interview) == before
    async with engine.connect() as connection:
        await connection.exec_driver_sql("pragma max_page_count = 1000000")
    _ = [event async for event in conductor.run(accepted.turn, lease)]
    heard = [e for e in await conductor.store.events(interview) if e.type == "heard"]
    assert len(heard) == 1
    with sqlite3.connect(tmp_path / "conduct.db") as connection:
        assert connection.execute("pragma integrity_check").fetchone() == ("ok",)


async def test_a_kit_that_is_not_there_is_named_beside_those_that_are(store: Store) -> None:
    with pytest.raises(NotFound, match="nowhere") as missing:
        await Conductor(store, WordHash()).start(Wish(kit="nowhere"))
    assert "small" in f"{missing.value.message} {missing.value.remedy}"


async def test_a_kit_with_nothing_to_mark_by_is_refused(store: Store) -> None:
    bare = "viva: 1\nname: bare\natoms:\n- question: What do you like?\n  as: technical\n"
    await Library(store.database).save(parse_kit(bare, "bare.yaml"))
    with pytest.raises(BadInput, match="marked"):
        await Conductor(store, WordHash()).start(Wish(kit="bare"))


async def test_a_turn_that_nothing_can_run_is_kept_and_the_interview_goes_on(
    begun: tuple[Conductor, str, Lease, Clock],
) -> None:
    conductor, interview, lease, _ = begun
    accepted = await conductor.store.accept(
        interview, turn_id="a", question=1, kind="answer", message="I test web shops."
    )
    for _attempt in range(MOST_ATTEMPTS + 1):
        await conductor.store.begin(interview, accepted.turn.number, lease)
    said = [event async for event in conductor.run(accepted.turn, lease)]
    assert [event["type"] for event in said] == ["heard", "said"]
    assert await conductor.store.pending(interview) is None
    after = await send(conductor, interview, lease, "I test web shops.", "b")
    assert any(event["type"] == "opened" for event in after)


@pytest.mark.parametrize(("kind", "text"), [("nonsense", "x"), ("answer", "  "), ("amend", "")])
async def test_what_is_no_turn_is_refused_before_it_is_taken(
    begun: tuple[Conductor, str, Lease, Clock], kind: str, text: str
) -> None:
    conductor, interview, lease, _ = begun
    with pytest.raises(BadInput):
        await send(conductor, interview, lease, text, "a", kind)
    assert await conductor.store.pending(interview) is None
