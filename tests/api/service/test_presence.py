"""Whose time is it: who is away is not on the clock, who only loads the page again is."""

import sqlalchemy as sa
from replicas import Replica, Talk

from api.tables import interviews, turns


async def since_left(replica: Replica, talk: Talk) -> float | None:
    stored = await replica.service.store.load(talk.id)
    return stored.left_at


async def watch_and_leave(talk: Talk) -> None:
    async with talk.watch() as sent:
        await anext(sent)
        await anext(sent)


async def left(replica: Replica, talk: Talk) -> None:
    """Until the server has noticed that its only watcher has gone."""
    while await since_left(replica, talk) is None:
        pass


async def pass_by(replica: Replica, talk: Talk, seconds: float) -> None:
    """As if the interviewer had spoken, and the candidate left, so much earlier."""
    store = replica.service.store
    stored = await store.load(talk.id)
    assert stored.state is not None
    assert stored.left_at is not None
    state = {**stored.state, "said_at": stored.state["said_at"] - seconds}
    earlier = {"state": state, "left_at": stored.left_at - seconds}
    async with store.database.write() as connection:
        mine = interviews.c.id == talk.id
        await connection.execute(sa.update(interviews).where(mine).values(earlier))


async def test_time_away_is_free(served: Replica) -> None:
    talk = await served.opened()
    before = (await talk.view())["seconds_left"]
    await watch_and_leave(talk)
    await left(served, talk)
    await pass_by(served, talk, 600)
    await watch_and_leave(talk)
    assert before - (await talk.view())["seconds_left"] < 60
    after = await talk.take("I built pipelines with Kafka.")
    assert before - after["seconds_left"] < 60
    away = [event for event in await talk.transcript("team") if event["type"] == "away"]
    assert [round(event["seconds"], -1) for event in away] == [600]


async def test_a_reload_is_not_an_absence(served: Replica) -> None:
    talk = await served.opened()
    before = (await talk.view())["seconds_left"]
    await watch_and_leave(talk)
    await left(served, talk)
    await pass_by(served, talk, 30)
    await watch_and_leave(talk)
    assert before - (await talk.view())["seconds_left"] >= 30
    after = await talk.take("I built pipelines with Kafka.")
    assert before - after["seconds_left"] >= 30


async def test_a_client_that_never_watches_is_never_away(alone: Replica) -> None:
    talk = await alone.start()
    while (await talk.view())["pending"] is not None:
        pass
    assert (await talk.send("I built pipelines with Kafka.")).status_code == 202
    while (await talk.view())["pending"] is not None:
        pass
    stored = await alone.service.store.load(talk.id)
    assert (stored.away, stored.left_at) == (0.0, None)


async def test_who_has_a_second_tab_open_is_not_away(alone: Replica) -> None:
    talk = await alone.opened()
    async with talk.watch() as sent:
        await anext(sent)
        await watch_and_leave(talk)
        await watch_and_leave(talk)
        assert await since_left(alone, talk) is None
    await left(alone, talk)


async def test_who_watches_at_one_replica_is_here_though_another_saw_them_leave(
    served: Replica, second: Replica
) -> None:
    talk = await served.opened()
    elsewhere = talk.through(second)
    async with elsewhere.watch() as sent:
        await anext(sent)
        await served.service.store.left(talk.id)
        while await since_left(served, talk) is not None:
            pass


async def test_an_absence_during_a_turn_is_counted_once(alone: Replica) -> None:
    """The message waits for its turn anyway, and that time is free already."""
    talk = await alone.opened()
    store = alone.service.store
    await store.left(talk.id)
    await pass_by(alone, talk, 100)
    accepted = await store.accept(
        talk.id, turn_id="waits-for-a-turn", question=1, kind="answer", message="Late."
    )
    sent_ago = sa.update(turns).where(turns.c.number == accepted.turn.number)
    async with store.database.write() as connection:
        ago = sent_ago.where(turns.c.interview_id == talk.id)
        await connection.execute(ago.values(accepted=turns.c.accepted - 30))
    await store.came_back(talk.id)
    assert 65 < (await store.load(talk.id)).away < 75
