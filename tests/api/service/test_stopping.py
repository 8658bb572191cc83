"""A process that is told to stop: streams end, turns finish or are given back, nothing is lost."""

import asyncio
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from openai_endpoint import OpenAIEndpoint, Reply, Request
from processes import running
from replicas import Replica, Talk, serving, with_kit
from test_faults import Desk

from api.settings import Settings


class Held(Desk):
    """A model that answers once it may; `asked` is set as soon as it is waited for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.may = threading.Event(), threading.Event()

    def __call__(self, request: Request) -> Reply | str:
        self.asked.set()
        self.may.wait(30)
        return super().__call__(request)


@pytest.fixture
def desk() -> Held:
    return Held()


@pytest.fixture
def endpoint(desk: Held) -> Iterator[OpenAIEndpoint]:
    with OpenAIEndpoint(desk) as server:
        yield server
        desk.may.set()


@pytest.fixture
async def with_model(endpoint: OpenAIEndpoint, tmp_path: Path) -> Settings:
    """A database of its own, and a model that takes its time."""
    return await with_kit(
        Settings(
            database_url=f"sqlite+aiosqlite:///{tmp_path / 'viva.db'}",
            embedder="light",
            model="desk",
            base_url=endpoint.url,
        )
    )


async def mid_turn(replica: Replica, desk: Held) -> Talk:
    """An interview whose first answer is being marked, for as long as the test likes."""
    talk = await replica.opened(examiner="model")
    desk.asked.clear()
    assert (await talk.send("I built pipelines.", id="mid-turn-answer")).status_code == 202
    await asyncio.to_thread(desk.asked.wait, 30)
    return talk


async def test_a_client_that_leaves_stops_nothing(with_model: Settings, desk: Held) -> None:
    async with serving(with_model) as replica:
        talk = await mid_turn(replica, desk)
        async with talk.watch() as sent:
            await anext(sent)
        assert (await talk.view())["pending"] == 2
        early = await talk.send("I built pipelines.", id="mid-turn-answer", question=1)
        assert (early.status_code, early.json()["status"]) == (200, "accepted")
        other = await talk.send("Impatient.", question=1)
        assert (other.status_code, other.json()["error"]["code"]) == (409, "under_way")
        desk.may.set()
        assert (await talk.settled())["question"]["number"] == 2


async def test_who_comes_in_the_middle_hears_the_speech_from_its_beginning(
    with_model: Settings, desk: Held
) -> None:
    async with serving(with_model) as replica:
        talk = await mid_turn(replica, desk)
        async with asyncio.timeout(30), talk.watch((await talk.view())["last_event"]) as sent:
            heard = [await anext(sent), await anext(sent)]
            desk.may.set()
            while heard[-1].name != "done":
                heard.append(await anext(sent))
    assert heard[1].name == "reset"
    said = [e.data["text"] for e in heard if e.name == "event" and e.data["type"] == "said"]
    assert "".join(e.data["text"] for e in heard if e.name == "token") == "\n\n".join(said)


async def test_a_turn_under_way_is_finished_before_the_process_ends(
    with_model: Settings, desk: Held
) -> None:
    async with serving(with_model) as replica:
        talk = await mid_turn(replica, desk)
        threading.Timer(0.2, desk.may.set).start()
    async with serving(with_model) as replica:
        again = talk.through(replica)
        assert (await again.view())["pending"] is None
        assert [e["text"] for e in await again.transcript() if e["type"] == "heard"] == [
            "I built pipelines."
        ]


async def test_a_turn_that_does_not_finish_is_given_back_and_taken_over(
    with_model: Settings, desk: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.turns.GRACE", 0.05)
    async with serving(with_model) as replica:
        talk = await mid_turn(replica, desk)
        pending = await replica.service.store.pending(talk.id)
        assert pending is not None
        assert pending.attempt == 1
    desk.may.set()
    async with serving(with_model) as replica:
        again = talk.through(replica)
        await again.settled()
        turn = await replica.service.store.turn(talk.id, 2)
        assert turn is not None
        assert (turn.status, turn.attempt) == ("committed", 1)
        heard = [e["text"] for e in await again.transcript() if e["type"] == "heard"]
        assert heard == ["I built pipelines."]


async def test_open_streams_end_when_the_process_is_told_to_stop(sqlite: Settings) -> None:
    with running(sqlite) as process:
        async with httpx2.AsyncClient(base_url=process.url, timeout=30) as http:
            started = await http.post("/api/interviews", json={"kit": "small"})
            talk = Talk(http, started.json()["id"])
            await talk.settled()
            watching = [asyncio.create_task(_all(talk)) for _ in range(3)]
            while len(talk.said) < len(watching):
                await asyncio.wait(watching, timeout=0.01)
            stopped = await asyncio.to_thread(process.stop)
            assert stopped in (0, -signal.SIGTERM)  # the server ends in order, then by the signal
            for events in await asyncio.gather(*watching):
                assert events[0].comment == "viva"
        process.begin()
        async with httpx2.AsyncClient(base_url=process.url, timeout=30) as http:
            view = await Talk(http, talk.id).settled()
            assert view["question"]["number"] == 1


async def _all(talk: Talk) -> list[Any]:
    events = []
    async with talk.watch() as sent:
        async for each in sent:
            events.append(each)
            if len(events) == 1:
                talk.said.append("watching")
    return events
