from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from stored import KIT, answer, commit, opened, seat

from api.lease import release
from api.migrate import migrate
from api.records import Accepted
from api.store import Conflict, Store, Superseded
from api.tables import turns
from knowledge.database import Database
from knowledge.errors import NotFound, StorageFailed


async def test_a_new_interview_is_kept_as_it_was_made(store: Store) -> None:
    interview = await store.load(await store.create(KIT))
    assert {name: getattr(interview, name) for name in vars(KIT)} == vars(KIT)
    assert (interview.status, interview.state, interview.state_version) == ("running", None, 0)
    assert isinstance(interview.created, float)
    assert len(interview.id) == 10


async def test_an_id_that_is_not_there_is_not_found(store: Store) -> None:
    asked = (store.load("none"), store.events("none"), store.pending("none"))
    for question in (*asked, answer(store, "none", "t1")):
        with pytest.raises(NotFound, match="no interview 'none'"):
            await question


async def test_a_turn_goes_from_accepted_to_committed(store: Store) -> None:
    interview_id, lease = await opened(store)
    accepted = await answer(store, interview_id, "t1", "I used Kafka.")
    assert (accepted.turn.number, accepted.turn.attempt, accepted.repeated) == (2, 0, False)
    assert await store.pending(interview_id) == accepted.turn
    assert (await store.begin(interview_id, 2, lease)).attempt == 1

    await commit(store, await store.load(interview_id), 2, lease, result={"said": "Why?"})
    assert await store.pending(interview_id) is None
    interview = await store.load(interview_id)
    assert (interview.question, interview.state, interview.state_version) == (2, {"turns": 2}, 2)
    again = await answer(store, interview_id, "t1", "I used Kafka.")
    assert (again.turn.status, again.turn.result, again.repeated) == (
        "committed",
        {"said": "Why?"},
        True,
    )


async def test_events_are_numbered_from_one_and_keep_their_own_clock(store: Store) -> None:
    interview_id, lease = await opened(store)
    await answer(store, interview_id, "t1")
    before = await store.load(interview_id)
    line = {"type": "heard", "at": 12.5, "text": "Yes.", "quote": [0, 4], "seq": 99}
    await commit(store, before, 2, lease, events=[line, {"type": "said"}])
    log = await store.events(interview_id)
    assert [(event.seq, event.turn) for event in log] == [(1, 1), (2, 1), (3, 2), (4, 2)]
    assert log[2].as_json() == {**line, "seq": 3, "turn": 2}
    assert before.created <= log[3].at <= (await store.load(interview_id)).updated
    assert await store.events(interview_id, after=2) == log[2:]


async def test_the_list_counts_what_the_candidate_sent(store: Store) -> None:
    first, lease = await opened(store)
    await answer(store, first, "t1")
    await commit(store, await store.load(first), 2, lease, status="ended")
    second = await store.create(KIT)
    newest, oldest = await store.interviews()
    assert (newest.id, newest.status, newest.turns) == (second, "running", 0)
    assert (oldest.id, oldest.status, oldest.turns) == (first, "ended", 1)
    assert (oldest.kit, oldest.level, oldest.mode) == ("data-engineer", "mid", "practice")


async def test_the_same_id_and_text_is_the_same_turn(store: Store) -> None:
    interview_id, _ = await opened(store)
    first = await answer(store, interview_id, "t1")
    assert await answer(store, interview_id, "t1") == Accepted(first.turn, repeated=True)


async def test_the_same_id_with_another_text_is_a_conflict(store: Store) -> None:
    interview_id, _ = await opened(store)
    await answer(store, interview_id, "t1", "Yes.")
    with pytest.raises(Conflict, match="another text") as conflict:
        await answer(store, interview_id, "t1", "No.")
    assert conflict.value.question == 1
    pending = await store.pending(interview_id)
    assert pending is not None
    assert pending.message == "Yes."


@pytest.mark.parametrize("question", [0, 1, 3])
async def test_a_message_for_a_question_that_is_not_open_is_a_conflict(
    store: Store, question: int
) -> None:
    interview_id, lease = await opened(store)
    await answer(store, interview_id, "t1")
    await commit(store, await store.load(interview_id), 2, lease)
    with pytest.raises(Conflict) as conflict:
        await answer(store, interview_id, "t2", question=question)
    assert conflict.value.question == 2
    assert await store.pending(interview_id) is None


async def test_an_ended_interview_takes_no_message_but_repeats_its_last_result(
    store: Store,
) -> None:
    interview_id, lease = await opened(store)
    await answer(store, interview_id, "t1")
    await commit(store, await store.load(interview_id), 2, lease, status="ended", question=1)
    with pytest.raises(Conflict, match="has ended"):
        await answer(store, interview_id, "t2")
    assert (await answer(store, interview_id, "t1")).turn.result == {"said": "Question 2?"}
    ended = await store.load(interview_id)
    assert ended.ended == ended.updated


async def test_what_no_database_can_store_is_replaced_and_still_the_same_turn(
    store: Store,
) -> None:
    interview_id, _ = await opened(store)
    accepted = await answer(store, interview_id, "t1", "a\0b\ud800 é 日本 🎈")
    assert accepted.turn.message == "a\ufffdb? é 日本 🎈"
    assert (await answer(store, interview_id, "t1", "a\0b\ud800 é 日本 🎈")).repeated


@pytest.mark.parametrize(
    "new",
    [
        {"number": 3, "turn_id": "t2"},
        {"number": 3, "status": "committed"},
        {"turn_id": "t2", "status": "committed"},
    ],
)
async def test_the_database_itself_refuses_two_turns_in_flight_of_one_id_or_number(
    store: Store, new: dict[str, Any]
) -> None:
    interview_id, _ = await opened(store)
    await answer(store, interview_id, "t1")
    second = sa.insert(turns).values({**vars(await store.pending(interview_id)), **new})
    async with store.database.engine.begin() as connection:
        with pytest.raises(sa.exc.IntegrityError):
            await connection.execute(second)


async def test_without_the_lease_nothing_is_written(store: Store) -> None:
    interview_id, lost = await opened(store)
    await answer(store, interview_id, "t1")
    before = await store.load(interview_id)
    await release(store.database, lost)
    holder = await seat(store, interview_id)
    with pytest.raises(Superseded):
        await store.begin(interview_id, 2, lost)
    with pytest.raises(Superseded):
        await commit(store, before, 2, lost)
    assert await store.load(interview_id) == before
    assert len(await store.events(interview_id)) == 2
    assert await store.pending(interview_id) is not None
    await commit(store, before, 2, holder)


async def test_a_commit_on_a_state_that_moved_on_writes_nothing(store: Store) -> None:
    interview_id, lease = await opened(store)
    await answer(store, interview_id, "t1")
    before = await store.load(interview_id)
    with pytest.raises(Superseded):
        await commit(store, before, 2, lease, expected_state_version=0)
    assert await store.load(interview_id) == before
    assert await store.pending(interview_id) is not None


async def test_a_turn_is_committed_once(store: Store) -> None:
    interview_id, lease = await opened(store)
    after = await store.load(interview_id)
    with pytest.raises(Superseded):
        await commit(store, after, 1, lease)
    with pytest.raises(Superseded):
        await store.begin(interview_id, 1, lease)
    assert await store.load(interview_id) == after
    assert len(await store.events(interview_id)) == 2


async def test_a_turn_that_keeps_killing_its_worker_is_told_by_its_attempts(store: Store) -> None:
    interview_id, lease = await opened(store)
    await answer(store, interview_id, "t1")
    assert [(await store.begin(interview_id, 2, lease)).attempt for _ in range(4)] == [1, 2, 3, 4]


async def test_a_full_disk_leaves_no_half_written_turn(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'viva.db'}"
    roomy, full = Database(url), Database(url)
    sa.event.listen(
        full.engine.sync_engine, "connect", lambda c, _: c.execute("PRAGMA max_page_count=1")
    )
    await migrate(roomy)
    interview_id, lease = await opened(Store(roomy))
    with pytest.raises(StorageFailed, match="full") as refused:
        await answer(Store(full), interview_id, "t1", "word " * 2000)
    assert "disk space" in refused.value.remedy
    assert await Store(roomy).pending(interview_id) is None

    await answer(Store(roomy), interview_id, "t1")
    before = await Store(roomy).load(interview_id)
    log = [{"type": "said", "text": "word " * 2000}] * 3
    with pytest.raises(StorageFailed):
        await commit(Store(full), before, 2, lease, events=log)
    assert await Store(roomy).load(interview_id) == before
    assert len(await Store(roomy).events(interview_id)) == 2
    await commit(Store(roomy), before, 2, lease, events=log)
    for database in (roomy, full):
        await database.close()
