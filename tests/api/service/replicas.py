"""The service behind real sockets, and a candidate who talks to it over HTTP."""

import asyncio
import json
import socket
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import uvicorn
from fastapi import FastAPI

from api.service import Service
from api.settings import Settings, open_database
from api.web.app import make_app
from api.web.server import Server
from knowledge.kit_yaml import parse_kit
from knowledge.library import Library

SMALL = Path(__file__).with_name("small.yaml")
PATIENCE = 30.0
"""Seconds after which something that should have come never will."""


class Quiet(Server):
    """Leaves the signals to pytest."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@dataclass
class Replica:
    """One process's worth of the service, in this process."""

    app: FastAPI
    url: str
    http: httpx2.AsyncClient
    server: Quiet

    @property
    def service(self) -> Service:
        service: Service = self.app.state.service
        return service

    async def start(self, **wish: Any) -> "Talk":
        """A new interview, its opening not awaited."""
        answer = await self.http.post("/api/interviews", json={"kit": "small", "seed": 0, **wish})
        assert answer.status_code == 201, answer.text
        return Talk(self.http, answer.json()["id"])

    async def opened(self, **wish: Any) -> "Talk":
        """A new interview whose first question is open."""
        talk = await self.start(**wish)
        await talk.settled()
        return talk


@dataclass(frozen=True)
class Sent:
    """One server-sent event; a comment has only that."""

    name: str = ""
    id: int | None = None
    data: Any = None
    comment: str = ""


@dataclass
class Talk:
    """One interview through one client."""

    http: httpx2.AsyncClient
    id: str
    said: list[str] = field(default_factory=list)

    @property
    def path(self) -> str:
        return f"/api/interviews/{self.id}"

    def through(self, replica: Replica) -> "Talk":
        """The same interview by another door."""
        return Talk(replica.http, self.id)

    async def view(self) -> dict[str, Any]:
        answer = await self.http.get(self.path)
        assert answer.status_code == 200, answer.text
        view: dict[str, Any] = answer.json()
        return view

    async def question(self) -> int:
        """The number of the question that is open."""
        number: int = (await self.view())["question"]["number"]
        return number

    async def send(
        self, message: str | None = None, *, id: str = "", question: int | None = None, **more: Any
    ) -> httpx2.Response:
        """A message or, as `action`, a button; on the open question unless told otherwise."""
        number = await self.question() if question is None else question
        said = {} if message is None else {"message": message}
        body = {"turn_id": id or str(uuid.uuid4()), "question": number, **said, **more}
        return await self.http.post(f"{self.path}/turns", json=body)

    async def amend(self, turn: int, message: str, id: str = "") -> httpx2.Response:
        body = {"turn_id": id or str(uuid.uuid4()), "turn": turn, "message": message}
        return await self.http.post(f"{self.path}/amend", json=body)

    async def take(self, message: str | None = None, **more: Any) -> dict[str, Any]:
        """Send it, wait until the interviewer has spoken, and give the view."""
        answer = await self.send(message, **more)
        assert answer.status_code == 202, answer.text
        return await self.settled()

    async def settled(self) -> dict[str, Any]:
        """The view once no turn is under way."""
        async with asyncio.timeout(PATIENCE):
            view = await self.view()
            if view["pending"] is not None:
                async with self.watch(view["last_event"]) as sent:
                    async for each in sent:
                        if each.name == "done":
                            break
                view = await self.settled()
        return view

    async def transcript(self, audience: str = "candidate") -> list[dict[str, Any]]:
        answer = await self.http.get(f"{self.path}/transcript", params={"for": audience})
        assert answer.status_code == 200, answer.text
        events: list[dict[str, Any]] = answer.json()
        return events

    async def end(self) -> dict[str, Any]:
        """End it by the button."""
        return await self.take(action="end")

    @asynccontextmanager
    async def watch(
        self, after: int | None = None, **headers: str
    ) -> AsyncIterator[AsyncIterator[Sent]]:
        """The stream of events, as a browser would get it."""
        params = {} if after is None else {"after": after}
        wanted = {"accept": "text/event-stream", **headers}
        async with self.http.stream(
            "GET", f"{self.path}/events", params=params, headers=wanted
        ) as answer:
            assert answer.status_code == 200, await answer.aread()
            yield _events(answer.aiter_lines())

    async def watched(self, after: int | None = None, **headers: str) -> list[Sent]:
        """All that a stream sends until it ends by itself."""
        async with asyncio.timeout(PATIENCE), self.watch(after, **headers) as sent:
            return [each async for each in sent]


async def _events(lines: AsyncIterator[str]) -> AsyncIterator[Sent]:
    fields: dict[str, str] = {}
    async for line in lines:
        if line:
            name, _, value = line.partition(":")
            fields[name] = value.removeprefix(" ")
        elif fields:
            number = int(fields["id"]) if "id" in fields else None
            data = json.loads(fields["data"]) if "data" in fields else None
            yield Sent(fields.get("event", ""), number, data, fields.get("", ""))
            fields = {}


async def with_kit(settings: Settings) -> Settings:
    """These settings, their database filled with the small kit."""
    database = await open_database(settings)
    await Library(database).save(parse_kit(SMALL.read_text("utf-8"), "small.yaml"))
    await database.close()
    return settings


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[Replica]:
    """The application on a free port of this machine, until the block ends."""
    listening = socket.create_server(("127.0.0.1", 0))
    app, url = make_app(settings), f"http://127.0.0.1:{listening.getsockname()[1]}"
    server = Quiet(uvicorn.Config(app, lifespan="on", log_config=None, access_log=False))
    running = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        async with httpx2.AsyncClient(base_url=url, timeout=PATIENCE) as http:
            answer = await http.get("/health")
            assert answer.status_code == 200
            yield Replica(app, url, http, server)
    finally:
        app.state.service.watching.close()
        server.should_exit = True
        await running
        listening.close()
