"""Marking anew, committed: all of it or nothing, beside no running turn, also after the end."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from stored import answer, commit, opened, seat
from test_chat import viva
from test_conduct import KIT, Clock, send, types

from api.conduct import MOST_ATTEMPTS, Conductor, Wish
from api.lease import Lease, hold, new_owner, release
from api.opened import opened_database
from api.regrade import regrade_stored
from api.store import Store, Superseded
from knowledge.embedder import WordHash
from knowledge.errors import NotFound
from knowledge.kit_yaml import parse_kit
from knowledge.library import Library

REVISED = {"type": "regraded", "testlet": 0, "at": 5.0}


# The store: once on SQLite, once on Postgres.


async def test_a_revision_adds_to_the_log_and_leaves_the_interview_where_it_was(
    store: Store,
) -> None:
    interview, lease = await opened(store)
    before = await store.load(interview)
    added = await store.revise(before, lease=lease, state={"turns": 9}, events=[REVISED])
    after = await store.load(interview)
    assert [(event.seq, event.turn, event.type) for event in added] == [(3, 0, "regraded")]
    assert (after.status, after.question) == (before.status, before.question)
    assert (after.state, after.state_version) == ({"turns": 9}, before.state_version + 1)
    assert (await answer(store, interview, "a")).turn.number == 2


async def test_an_ended_interview_can_be_revised_and_stays_ended(store: Store) -> None:
    interview, lease = await opened(store)
    accepted = await answer(store, interview, "a")
    before = await store.load(interview)
    await commit(store, before, accepted.turn.number, lease, status="ended")
    ended = await store.load(interview)
    await store.revise(ended, lease=lease, state={}, events=[REVISED])
    after = await store.load(interview)
    assert (after.status, after.ended) == ("ended", ended.ended)


async def test_a_revision_of_what_has_moved_on_writes_nothing(store: Store) -> None:
    interview, lease = await opened(store)
    before = await store.load(interview)
    accepted = await answer(store, interview, "a")
    await commit(store, before, accepted.turn.number, lease)
    log = await store.events(interview)
    with pytest.raises(Superseded):
        await store.revise(before, lease=lease, state={}, events=[REVISED])
    assert await store.events(interview) == log


async def test_a_turn_that_began_before_a_revision_writes_nothing(store: Store) -> None:
    interview, lease = await opened(store)
    accepted = await answer(store, interview, "a")
    before = await store.load(interview)
    await store.revise(before, lease=lease, state={"turns": 9}, events=[REVISED])
    with pytest.raises(Superseded):
        await commit(store, before, accepted.turn.number, lease)
    assert await store.pending(interview) is not None


async def test_a_revision_without_the_seat_writes_nothing(store: Store) -> None:
    interview, lease = await opened(store)
    await release(store.database, lease)
    await seat(store, interview)
    before = await store.load(interview)
    with pytest.raises(Superseded):
        await store.revise(before, lease=lease, state={}, events=[REVISED])
    assert await store.load(interview) == before


# An interview whose answer nobody could mark.


async def unmarked_in(conductor: Conductor, interview: str, lease: Lease) -> None:
    """Greeted, then an answer whose turn took its worker down each time."""
    store, text = conductor.store, "Automatic tests run on every change before it is merged."
    _ = [event async for event in conductor.open(interview, lease)]
    await send(conductor, interview, lease, "I test web shops.", "a")
    accepted = await answer(store, interview, "b", text, question=2)
    for _attempt in range(MOST_ATTEMPTS):
        await store.begin(interview, accepted.turn.number, lease)
    _ = [event async for event in conductor.run(accepted.turn, lease)]


async def conductor_on(store: Store) -> tuple[Conductor, str]:
    await Library(store.database).save(parse_kit(KIT, "small.yaml"))
    conductor = Conductor(store, WordHash(), clock=Clock())
    return conductor, await conductor.start(Wish(kit="small", questions=1, seed=0))


@pytest.fixture
async def unmarked(store: Store) -> AsyncIterator[tuple[Conductor, str, Lease]]:
    conductor, interview = await conductor_on(store)
    async with hold(store.database, f"seat:{interview}", new_owner()) as lease:
        await unmarked_in(conductor, interview, lease)
        yield conductor, interview, lease


async def test_what_nobody_could_mark_is_marked_later(
    unmarked: tuple[Conductor, str, Lease],
) -> None:
    conductor, interview, lease = unmarked
    before = await conductor.store.events(interview)
    done = await regrade_stored(conductor, interview, lease, "local")
    (change,) = done.changes
    assert (change.before, done.left) == (None, 0)
    assert change.after is not None
    assert change.after > 0
    after = await conductor.store.events(interview)
    assert after[: len(before)] == before
    assert [event.type for event in after[len(before) :]] == ["regraded"]
    state = (await conductor.store.load(interview)).state
    assert state is not None
    assert state["testlets"][0]["score"] == change.after


async def test_a_second_run_writes_nothing(unmarked: tuple[Conductor, str, Lease]) -> None:
    conductor, interview, lease = unmarked
    await regrade_stored(conductor, interview, lease, "local")
    before = await conductor.store.load(interview)
    assert (await regrade_stored(conductor, interview, lease, "local")).changes == ()
    assert await conductor.store.load(interview) == before


async def test_the_interview_goes_on_after_it(unmarked: tuple[Conductor, str, Lease]) -> None:
    conductor, interview, lease = unmarked
    await regrade_stored(conductor, interview, lease, "local")
    await send(conductor, interview, lease, "A canary takes a small share first.", "c")
    assert (await types(conductor, interview)).count("marked") == 2
    stored = await conductor.store.load(interview)
    assert stored.state is not None
    assert stored.state["testlets"][0]["answers"] == 2


async def test_an_interview_that_was_not_opened_has_nothing_to_mark(store: Store) -> None:
    conductor, interview = await conductor_on(store)
    lease = await seat(store, interview)
    assert (await regrade_stored(conductor, interview, lease, "local")).changes == ()
    with pytest.raises(NotFound):
        await regrade_stored(conductor, "nowhere", lease, "local")


# The command.


async def test_the_command_says_what_changed_and_then_that_nothing_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIVA_HOME", str(tmp_path))
    async with opened_database() as database:
        conductor, interview = await conductor_on(Store(database))
        async with hold(database, f"seat:{interview}", new_owner()) as lease:
            await unmarked_in(conductor, interview, lease)
    first = viva("regrade", interview, home=tmp_path)
    assert first.returncode == 0, first.stderr
    assert first.stdout.startswith("none -> ")
    assert "1 answer marked anew by local" in first.stdout
    assert "outside the level" in first.stdout
    second = viva("regrade", interview, home=tmp_path)
    assert second.stdout == "Nothing waits to be marked by local.\n"
    report = json.loads(viva("report", interview, "--format", "json", home=tmp_path).stdout)
    assert report["waiting"] == 0


def test_a_model_that_is_not_set_is_told_with_the_remedy(tmp_path: Path) -> None:
    done = viva("chat", "--examiner", "model", home=tmp_path, text="")
    assert (done.returncode, done.stdout) == (2, "")
    assert "VIVA_MODEL" in done.stderr


def test_an_interview_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = viva("regrade", "nowhere", home=tmp_path)
    assert done.returncode == 2
    assert "nowhere" in done.stderr
