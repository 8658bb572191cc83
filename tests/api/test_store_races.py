import asyncio
import sys
from asyncio.subprocess import PIPE, Process

import sqlalchemy as sa
from stored import answer, commit, opened

from api.lease import acquire, hold, new_owner, release, wait_for
from api.records import Accepted
from api.store import Conflict, Store
from api.tables import leases
from knowledge.database import Database

ACCEPT_AND_HANG = """
import asyncio, sys
from api.lease import hold, new_owner
from api.store import Store
from knowledge.database import Database

async def main(url, interview):
    database = Database(url)
    store = Store(database)
    async with hold(database, f"seat:{interview}", new_owner()) as lease:
        sent = {"turn_id": "t1", "question": 1, "kind": "answer", "message": "I used Kafka."}
        accepted = await store.accept(interview, **sent)
        await store.begin(interview, accepted.turn.number, lease)
        print("begun", flush=True)
        sys.stdin.readline()

asyncio.run(main(*sys.argv[1:]))
"""

ANSWER = """
import asyncio, sys
from api.store import Conflict, Store
from knowledge.database import Database

async def main(url, interview, turn_id):
    database = Database(url)
    sent = {"turn_id": turn_id, "question": 1, "kind": "answer", "message": turn_id}
    sys.stdin.readline()
    try:
        await Store(database).accept(interview, **sent)
        print("accepted")
    except Conflict as conflict:
        print("conflict", conflict.question)
    await database.close()

asyncio.run(main(*sys.argv[1:]))
"""


async def start(script: str, *arguments: str) -> Process:
    command = (sys.executable, "-W", "error", "-c", script, *arguments)
    return await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE)


async def test_of_many_messages_at_once_one_is_accepted(store: Store, other: Database) -> None:
    for _ in range(5):
        interview_id, _lease = await opened(store)
        sent = (answer(s, interview_id, f"t{n}") for n, s in enumerate((store, Store(other)) * 4))
        outcomes = await asyncio.gather(*sent, return_exceptions=True)
        assert [o.question for o in outcomes if isinstance(o, Conflict)] == [1] * 7
        (accepted,) = (o for o in outcomes if isinstance(o, Accepted))
        assert await store.pending(interview_id) == accepted.turn


async def test_one_message_sent_twice_at_once_is_one_turn(store: Store, other: Database) -> None:
    for _ in range(5):
        interview_id, _lease = await opened(store)
        sent = (answer(s, interview_id, "t1") for s in (store, Store(other)))
        first, second = await asyncio.gather(*sent)
        assert first.turn == second.turn
        assert {first.repeated, second.repeated} == {False, True}


async def test_of_two_processes_one_is_accepted(store: Store, url: str) -> None:
    interview_id, _ = await opened(store)
    racing = [await start(ANSWER, url, interview_id, turn_id) for turn_id in ("t1", "t2")]
    outputs = await asyncio.gather(*(process.communicate(b"go\n") for process in racing))
    assert sorted(said for said, _ in outputs) == [b"accepted\n", b"conflict 1\n"]


async def test_a_killed_process_loses_nothing_and_repeats_nothing(store: Store, url: str) -> None:
    interview_id, lease = await opened(store)
    await release(store.database, lease)
    worker = await start(ACCEPT_AND_HANG, url, interview_id)
    assert worker.stdout is not None
    assert await worker.stdout.readline() == b"begun\n"
    worker.kill()
    await worker.communicate()
    async with store.database.write() as connection:  # as if it had died on another machine
        await connection.execute(sa.update(leases).values(owner="another-host:1:0a"))

    turn = await store.pending(interview_id)
    assert turn is not None
    assert (turn.message, turn.attempt) == ("I used Kafka.", 1)
    async with store.database.write() as connection:
        await connection.execute(sa.update(leases).values(until=leases.c.until - 7.5))
    mine = await wait_for(store.database, f"seat:{interview_id}", new_owner())
    assert (await store.begin(interview_id, turn.number, mine)).attempt == 2
    await commit(store, await store.load(interview_id), turn.number, mine)
    assert (await answer(store, interview_id, "t1", "I used Kafka.")).turn.status == "committed"
    assert [(event.seq, event.turn) for event in await store.events(interview_id)] == [
        (1, 1),
        (2, 1),
        (3, 2),
        (4, 2),
    ]


async def test_the_log_has_no_gaps_when_many_work_on_it(store: Store, other: Database) -> None:
    interview_id, lease = await opened(store)
    await release(store.database, lease)

    async def work(mine: Store, name: str) -> int:
        done = 0
        while (before := await mine.load(interview_id)).question < 12:
            lease = await acquire(mine.database, f"seat:{interview_id}", new_owner())
            if lease is None:
                continue
            try:
                turn_id = f"{name}-{before.question}"
                turn = (await answer(mine, interview_id, turn_id, question=before.question)).turn
                await commit(mine, before, turn.number, lease)
                done += 1
            except Conflict:
                pass
            finally:
                await release(mine.database, lease)
        return done

    workers = (work(s, f"{n}") for n, s in enumerate((store, Store(other)) * 2))
    assert sum(await asyncio.gather(*workers)) == 11
    log = await store.events(interview_id)
    assert [event.seq for event in log] == list(range(1, 25))
    assert [event.turn for event in log] == sorted([*range(1, 13), *range(1, 13)])


async def test_two_workers_on_one_turn_commit_it_once(store: Store, other: Database) -> None:
    interview_id, lease = await opened(store)
    await answer(store, interview_id, "t1")
    before = await store.load(interview_id)
    outcomes = await asyncio.gather(
        *(commit(s, before, 2, lease) for s in (store, Store(other))), return_exceptions=True
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NoneType", "Superseded"]
    assert len(await store.events(interview_id)) == 4


async def test_a_holder_that_is_alive_keeps_its_interview(store: Store, other: Database) -> None:
    interview_id, lease = await opened(store)
    await release(store.database, lease)
    async with hold(store.database, f"seat:{interview_id}", new_owner()) as mine:
        assert await acquire(other, f"seat:{interview_id}", new_owner()) is None
        await answer(store, interview_id, "t1")
        await commit(store, await store.load(interview_id), 2, mine)
