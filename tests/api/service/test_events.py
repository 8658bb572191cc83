"""The stream of an interview: what comes when, where it goes on, and how it ends."""

import asyncio
from contextlib import AsyncExitStack

import pytest
from replicas import Replica, Sent, Talk

from api.lease import hold, new_owner
from api.watching import MOST_WATCHERS
from api.web import streams


def ids(sent: list[Sent]) -> list[int]:
    return [each.id for each in sent if each.id is not None]


async def ended(replica: Replica) -> Talk:
    talk = await replica.opened()
    await talk.take("I built pipelines with Kafka.")
    await talk.end()
    return talk


async def test_the_stream_tells_all_there_is_and_ends_with_the_interview(served: Replica) -> None:
    talk = await ended(served)
    sent = await talk.watched()
    assert [each.data for each in sent if each.name == "event"] == await talk.transcript()
    assert ids(sent) == sorted(set(ids(sent)))
    assert (sent[-1].name, sent[-1].data["status"], sent[-1].data["stage"]) == (
        "done",
        "ended",
        "done",
    )
    assert {each.name for each in sent if each.id is not None} == {"event"}


async def test_speech_comes_ahead_and_says_what_is_then_committed(served: Replica) -> None:
    talk = await served.opened()
    async with asyncio.timeout(30), talk.watch((await talk.view())["last_event"]) as sent:
        await anext(sent)
        assert (await talk.send("I built pipelines with Kafka.")).status_code == 202
        heard = []
        async for each in sent:
            heard.append(each)
            if each.name == "done":
                break
    ahead = "".join(each.data["text"] for each in heard if each.name == "token")
    events = [each.data for each in heard if each.name == "event"]
    said = [event["text"] for event in events if event["type"] == "said"]
    assert ahead == "\n\n".join(said)
    names = [each.name for each in heard]
    assert names.index("token") < names.index("event") < names.index("done") == len(names) - 1


async def test_a_stream_goes_on_after_the_last_event_its_client_has(served: Replica) -> None:
    talk = await ended(served)
    everything = ids(await talk.watched(0))
    for last in everything[:-1]:
        rest = [number for number in everything if number > last]
        assert ids(await talk.watched(last)) == rest
        assert ids(await talk.watched(0, **{"last-event-id": str(last)})) == rest


@pytest.mark.parametrize("last", ["", "abc", "-1", "9" * 40, "1.5"])
async def test_a_last_event_id_that_is_none_is_overlooked(alone: Replica, last: str) -> None:
    talk = await ended(alone)
    assert ids(await talk.watched(0, **{"last-event-id": last})) == ids(await talk.watched(0))


async def test_after_the_end_a_client_that_has_all_is_told_to_stop(served: Replica) -> None:
    talk = await ended(served)
    last = ids(await talk.watched(0))[-1]
    headers = {"accept": "text/event-stream", "last-event-id": str(last)}
    for _ in range(2):
        answer = await served.http.get(f"{talk.path}/events", headers=headers)
        assert (answer.status_code, answer.content) == (204, b"")
        stored = await served.service.store.load(talk.id)
        assert stored.state is not None
        async with hold(served.service.store.database, f"seat:{talk.id}", new_owner()) as lease:
            revised = [{"type": "regraded", "hidden": "from the candidate"}]
            await served.service.store.revise(
                stored, lease=lease, state=stored.state, events=revised
            )


async def test_as_json_it_is_a_page_of_what_is_committed(served: Replica) -> None:
    talk = await served.opened()
    wanted = {"accept": "application/json"}
    page = (await served.http.get(f"{talk.path}/events", headers=wanted)).json()
    assert page == {"events": await talk.transcript(), "done": True}
    last = page["events"][-1]["seq"]
    rest = await served.http.get(f"{talk.path}/events", params={"after": last}, headers=wanted)
    assert rest.json() == {"events": [], "done": True}


async def test_one_stream_too_many_is_refused_and_room_comes_back(alone: Replica) -> None:
    talk = await alone.opened()
    async with asyncio.timeout(30), AsyncExitStack() as stack:
        watching = [await stack.enter_async_context(talk.watch()) for _ in range(MOST_WATCHERS)]
        for sent in watching:
            assert (await anext(sent)).comment == "viva"
        refused = await alone.http.get(f"{talk.path}/events")
        assert refused.status_code == 409
        assert refused.json()["error"]["code"] == "busy"
    while alone.service.watching.watches(talk.id):
        await talk.view()
    await talk.end()
    assert (await talk.watched())[-1].data["status"] == "ended"


async def test_silence_is_filled_with_comments(
    alone: Replica, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "KEEP_ALIVE", 0.02)
    talk = await alone.opened()
    async with asyncio.timeout(30), talk.watch((await talk.view())["last_event"]) as sent:
        comments = [(await anext(sent)).comment for _ in range(4)]
    assert comments == ["viva", *["still here"] * 3]


async def test_a_stream_sees_what_another_replica_commits(served: Replica, second: Replica) -> None:
    talk = await served.opened()
    async with asyncio.timeout(30), talk.watch((await talk.view())["last_event"]) as sent:
        await anext(sent)
        view = await talk.through(second).take("I built pipelines with Kafka.")
        while (each := await anext(sent)).name != "done":
            assert each.name == "event"
    assert each.data["question"] == view["question"]


async def test_two_streams_at_once_are_told_the_same(served: Replica) -> None:
    talk = await served.opened()
    watching = [asyncio.create_task(talk.watched(0)) for _ in range(2)]
    await talk.take("I built pipelines with Kafka.")
    await talk.end()
    first, other = await asyncio.gather(*watching)
    told = [each.data for each in first if each.name == "event"]
    assert told == [each.data for each in other if each.name == "event"]
    assert told == await talk.transcript()


async def test_there_is_no_stream_of_an_interview_that_is_not_there(served: Replica) -> None:
    for accept in ("text/event-stream", "application/json"):
        answer = await served.http.get("/api/interviews/nobody/events", headers={"accept": accept})
        assert answer.status_code == 404
        assert answer.json()["error"]["code"] == "not_found"
