"""A real server is killed at each point of a turn: what was accepted is there, marked once."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import httpx2
import pytest
from dying import FATAL, POINTS, serve_dying

from evals.bench_service.client import Candidate, Sent, open_http
from evals.bench_service.records import Record, faults, read
from evals.bench_service.servers import Server, light, serve, sqlite_url
from evals.bench_service.simulated import SimulatedModel
from knowledge.database import Database

FIRST = Sent("I have built pipelines with Airflow and Postgres for some years.")
LAST = Sent(action="end")
PATIENCE = 90.0
MOST_DEATHS = 3


@pytest.fixture(scope="module")
def model() -> Iterator[SimulatedModel]:
    with SimulatedModel(seconds=0.1) as model:
        yield model


@pytest.fixture
async def http() -> AsyncIterator[httpx2.AsyncClient]:
    async with open_http() as http:
        yield http


@pytest.fixture
def server(tmp_path: Path, model: SimulatedModel) -> Iterator[Server]:
    server = Server(light(tmp_path / "home", **model.settings), tmp_path / "log")
    yield server
    server.stop()


async def start(server: Server, runs: object = serve) -> None:
    server.runs = runs
    server.start()
    await server.ready()


async def died(server: Server) -> None:
    await asyncio.to_thread(server.wait, PATIENCE)
    assert not server.alive


@asynccontextmanager
async def watched(
    http: httpx2.AsyncClient, server: Server, examiner: str
) -> AsyncIterator[Candidate]:
    candidate = Candidate(http, [server.url], 1, 0, examiner)
    await candidate.begin()
    watching = asyncio.create_task(candidate.watch.follow(http, candidate.urls))
    try:
        await candidate.watch.committed(1)
        yield candidate
        await asyncio.wait_for(watching, PATIENCE)
    finally:
        watching.cancel()


async def record(server_home: Path, candidate: Candidate) -> Record:
    database = Database(sqlite_url(server_home))
    try:
        return await read(database, candidate.id)
    finally:
        await database.close()


async def undisturbed(http: httpx2.AsyncClient, server: Server, examiner: str) -> Candidate:
    async with watched(http, server, examiner) as candidate:
        for number, sent in enumerate((FIRST, Sent(FATAL), FIRST, LAST)):
            await candidate.say(f"calm-turn-{number}", sent)
    return candidate


@pytest.mark.parametrize("point", POINTS)
async def test_a_turn_outlives_its_worker(
    server: Server, http: httpx2.AsyncClient, tmp_path: Path, point: str
) -> None:
    examiner = "model" if point == "mid-speech" else "local"
    await start(server, partial(serve_dying, point))
    async with watched(http, server, examiner) as candidate:
        await candidate.say("first-turn", FIRST)
        fatal = asyncio.create_task(candidate.say("fatal-turn", Sent(FATAL)))
        await died(server)
        await start(server)
        await fatal
        await candidate.say("third-turn", FIRST)
        await candidate.say("last-turn", LAST)
    calm = await undisturbed(http, server, examiner)
    there, alike = [await record(tmp_path / "home", who) for who in (candidate, calm)]
    assert faults(candidate, there, alike) == []
    assert candidate.watch.cuts
    assert candidate.watch.cut_short or point != "mid-speech"


async def test_a_turn_that_kills_its_worker_three_times_is_kept_without_a_grade(
    server: Server, http: httpx2.AsyncClient, tmp_path: Path
) -> None:
    fatal_server = partial(serve_dying, "before commit")
    await start(server, fatal_server)
    async with watched(http, server, "local") as candidate:
        await candidate.say("first-turn", FIRST)
        fatal = asyncio.create_task(candidate.say("fatal-turn", Sent(FATAL)))
        for death in range(MOST_DEATHS):
            await died(server)
            server.runs = serve if death == MOST_DEATHS - 1 else fatal_server
            server.start()
        await fatal
        await candidate.say("third-turn", FIRST)
        await candidate.say("last-turn", LAST)
    there = await record(tmp_path / "home", candidate)
    (turn,) = [turn for turn in there.turns if turn.turn_id == "fatal-turn"]
    (marked,) = [
        event for event in there.events if event.turn == turn.number and event.type == "marked"
    ]
    assert turn.attempt == MOST_DEATHS + 1
    assert marked.body["anchor"] == "ungraded"
    assert (there.status, there.turns[-1].status) == ("ended", "committed")
    heard = [event.body["text"] for event in there.events if event.type == "heard"]
    assert heard == [FIRST.message, FATAL, FIRST.message, ""]
