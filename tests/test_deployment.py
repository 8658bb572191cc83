"""What is deployed: docker-compose.yml, the image and the graph for LangGraph's own tools.

No container engine is needed: the services run by hand, with the settings of the compose file.
"""

import asyncio
import importlib
import json
import re
import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest
from composed import (
    ROOT,
    Missing,
    Postgres,
    Processes,
    Stack,
    missing_programs,
    name_server,
    read_compose,
)

from api.settings import COMPANIONS, Settings

SECRETS = {
    "VIVA_POSTGRES_PASSWORD": "p@ss/word:with%signs",
    "VIVA_SECRET": "a-secret-of-the-tests",
    "VIVA_ORIGIN": "http://127.0.0.1",
}
ANSWER = "I would keep a row for every version, with the dates from which and until which it holds."


# The files themselves.


@pytest.fixture
def compose() -> dict[str, Any]:
    return read_compose(SECRETS)


def test_only_the_proxy_is_published(compose: dict[str, Any]) -> None:
    published = [name for name, service in compose["services"].items() if service.get("ports")]
    assert published == ["proxy"]


def test_every_service_says_whether_it_is_well(compose: dict[str, Any]) -> None:
    assert all(service["healthcheck"]["test"] for service in compose["services"].values())


def test_only_the_replicas_reach_the_database_the_vectors_and_the_model(
    compose: dict[str, Any],
) -> None:
    services = compose["services"]
    for network, server in (("data", "postgres"), ("vectors", "chroma"), ("language", "model")):
        assert compose["networks"][network] == {"internal": True}
        there = {name for name, service in services.items() if network in service["networks"]}
        assert there == {"api", server}
        assert services[server]["networks"] == [network]


@pytest.mark.parametrize("name", SECRETS)
def test_the_compose_file_insists_on_what_has_no_safe_default(name: str) -> None:
    with pytest.raises(Missing, match=f"{name}: set {name} in .env"):
        read_compose({**SECRETS, name: ""})


def test_the_compose_file_sets_nothing_that_viva_does_not_know(compose: dict[str, Any]) -> None:
    known = {f"VIVA_{name.upper()}" for name in Settings.model_fields}
    environment = compose["services"]["api"]["environment"]
    assert {name for name in environment if name.startswith("VIVA_")} <= known
    assert set(re.findall(r"\$\{(VIVA_\w+)", (ROOT / "docker-compose.yml").read_text())) <= (
        known | COMPANIONS
    )


def test_everything_the_image_copies_is_let_through_and_is_there() -> None:
    let = {line[1:] for line in (ROOT / ".dockerignore").read_text().split() if line[0] == "!"}
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text(), re.M)
    assert {name for line in copied for name in line.split()} == let
    assert all((ROOT / name).exists() for name in let)


def test_the_graph_of_langgraph_json_holds_a_conversation() -> None:
    from langgraph.checkpoint.memory import InMemorySaver

    listed = json.loads((ROOT / "langgraph.json").read_text())["graphs"]["interview"]["path"]
    path, _, name = listed.removeprefix("./").partition(":")
    graph = getattr(importlib.import_module(path.removesuffix(".py").replace("/", ".")), name)
    graph = graph.copy({"checkpointer": InMemorySaver()})

    async def talk() -> list[dict[str, Any]]:
        thread: Any = {"configurable": {"thread_id": "1"}}
        said = ("", "I have used Kafka and Spark.", ANSWER)
        return [await graph.ainvoke({"text": text}, thread, context={}) for text in said]

    opening, first, second = asyncio.run(talk())
    assert [state["open"]["number"] for state in (opening, first, second)] == [1, 2, 3]
    assert first["claims"]
    assert second["testlets"][0]["answers"] == 1
    assert graph.get_context_jsonschema()["properties"]["kit"]["default"] == "data-engineer"


# The services, run by hand.


@contextmanager
def _postgres() -> Iterator[Postgres]:
    folder = Path(tempfile.mkdtemp(prefix="pg"))  # short: a socket's path has at most 107 bytes
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(folder))
        server = Postgres(folder, SECRETS["VIVA_POSTGRES_PASSWORD"])
    with closing(server):
        yield server
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
async def stack(tmp_path: Path) -> AsyncIterator[Stack]:
    """Everything up, and taken down again."""
    if lacking := missing_programs():
        pytest.skip(f"the services cannot be run by hand without {lacking}")
    with _postgres() as postgres, closing(Processes(tmp_path)) as processes:
        running = Stack(tmp_path, SECRETS, postgres, processes)
        async with name_server("api", list(running.replicas.values())) as resolver:
            await running.bring_up(resolver)
            yield running


@dataclass
class Follower:
    """A page that watches an interview: it comes again where the line breaks."""

    client: httpx2.AsyncClient
    path: str
    events: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    connections: int = 0
    last: str = "0"
    over: bool = False
    news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def run(self) -> None:
        while not self.over:
            self.connections += 1
            try:
                await self._watch()
            except httpx2.TransportError:
                await asyncio.sleep(0.1)

    async def _watch(self) -> None:
        headers = {"Last-Event-ID": self.last, "Accept": "text/event-stream"}
        async with self.client.stream("GET", self.path, headers=headers) as stream:
            self.over = stream.status_code == 204
            fields: dict[str, str] = {}
            async for line in stream.aiter_lines():
                name, _, value = line.partition(": ")
                if line:
                    fields[name] = value
                elif "event" in fields:
                    self.last = fields.get("id", self.last)
                    self.events.append((fields["event"], json.loads(fields["data"])))
                    fields = {}
                    async with self.news:
                        self.news.notify_all()

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [data for name, data in self.events if name == kind]

    async def until(self, kind: str, count: int) -> dict[str, Any]:
        async with asyncio.timeout(120):
            async with self.news:
                await self.news.wait_for(lambda: len(self.of(kind)) >= count)
        return self.of(kind)[count - 1]


@dataclass
class Candidate:
    """Someone who is interviewed through the proxy, and sends again what did not get through."""

    client: httpx2.AsyncClient
    path: str

    async def send(self, **what: str) -> None:
        question = (await self.client.get(self.path)).json()["question"]["number"]
        turn = {"turn_id": f"turn-{uuid.uuid4()}", "question": question, **what}
        async with asyncio.timeout(30):
            while (sent := await self.client.post(f"{self.path}/turns", json=turn)).is_server_error:
                assert sent.json()["error"]["code"] == "unavailable"
                await asyncio.sleep(0.1)
        assert sent.status_code in {200, 202}, sent.text


@pytest.mark.long
async def test_an_interview_through_the_proxy_outlives_the_replica_that_works_on_it(
    stack: Stack,
) -> None:
    bearer = {"Authorization": f"Bearer {SECRETS['VIVA_SECRET']}"}
    async with httpx2.AsyncClient(base_url=stack.origin, headers=bearer, timeout=30) as client:
        assert (await client.get("/api/kits", headers={"Authorization": ""})).status_code == 401
        assert (await client.get("/health")).status_code == 200
        assert (await client.get("/metrics")).status_code == 404

        begun = await client.post("/api/interviews", json={"kit": "data-engineer", "questions": 2})
        assert begun.status_code == 201, begun.text
        candidate = Candidate(client, f"/api/interviews/{begun.json()['id']}")
        follower = Follower(client, f"{candidate.path}/events?after=0")
        watching = asyncio.create_task(follower.run())
        await follower.until("done", 1)
        await candidate.send(message="I have used Kafka and Spark at a bank.")
        await follower.until("done", 2)
        assert follower.connections == 1, "two turns came over one stream: nothing is held back"

        killed = await _kill_whoever_answers(stack, begun.json()["id"], candidate)
        await follower.until("done", 3)
        await candidate.send(message="And I would compare the row counts of both sides.")
        await follower.until("done", 4)
        stack.start_replica(killed)
        await stack.healthy(killed)
        await candidate.send(action="end")
        await follower.until("done", 5)
        async with asyncio.timeout(30):
            await watching

        heard = [event["text"] for event in follower.of("event") if event["type"] == "heard"]
        assert heard[1] == ANSWER
        assert len(heard) == len(set(heard)) == 4
        log = (await client.get(f"{candidate.path}/transcript")).json()
        assert [event["seq"] for event in log] == [e["seq"] for e in follower.of("event")]
        assert (await client.get(f"{candidate.path}/report")).status_code == 200


async def _kill_whoever_answers(stack: Stack, interview_id: str, candidate: Candidate) -> str:
    """Send an answer, and kill its worker after it has begun and before it can commit."""
    import asyncpg

    where = f"postgresql://viva@127.0.0.1:{stack.postgres.port}/viva"
    database = await asyncpg.connect(where, password=SECRETS["VIVA_POSTGRES_PASSWORD"])
    holder = "select owner from leases where name = $1 and owner <> ''"
    try:
        async with database.transaction(), asyncio.timeout(30):
            await database.execute("lock table events in share mode")
            await candidate.send(message=ANSWER)
            owner = None
            while not owner:
                owner = await database.fetchval(holder, f"seat:{interview_id}")
            return stack.processes.kill(int(owner.split(":")[1]))
    finally:
        await database.close()
