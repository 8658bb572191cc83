"""A candidate behind HTTP: patient, sends the same again where no answer came, and watches."""

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import httpx2

PAUSE = 0.05
"""Seconds before the same is sent again."""
PATIENCE = 120.0
"""Seconds after which a candidate gives up; nothing may take so long."""
KIT = "data-engineer"

SENTENCES = (
    "I would load each day into a staging table and swap the partition in one transaction.",
    "We used Airflow and dbt on Postgres, and I wrote most of the incremental models in SQL.",
    "I do not know.",
    "A rerun must give the same rows, so every load deletes what it wrote before it writes again.",
    "I compare the row counts and the keys of both tables before anything is published.",
    "It depends on how late the data can be; for reports a nightly batch was enough for us.",
    "I keep the old version of every row with dates from and until, so that history can be asked.",
    "I would look at the query plan first, then at the partitions that are read, then at skew.",
    "Could you say that in other words?",
    "I have never done that, but I would start by asking who uses the numbers and for what.",
)


class Sent(NamedTuple):
    """One message of a script: words, or a button."""

    message: str | None = None
    action: str | None = None


def script(seed: int, length: int) -> list[Sent]:
    """What the candidate of this seed says, one after another; the last is to end it."""
    dice = random.Random(seed)
    said = [Sent(" ".join(dice.sample(SENTENCES, dice.randint(1, 2)))) for _ in range(length)]
    said[length // 2] = Sent(action="hint")
    return [*said, Sent(action="end")]


@dataclass
class Watch:
    """A stream that comes again after every cut, and what it has shown."""

    interview: str
    events: list[dict[str, Any]] = field(default_factory=list)
    seen_at: dict[int, float] = field(default_factory=dict)
    """When a turn was seen committed, by its number; monotonic seconds."""
    question: int = 0
    """The question that is open."""
    ended: bool = False
    cuts: int = 0
    cut_short: int = 0
    """Turns whose speech had begun to be shown when the stream was cut."""
    resets: int = 0
    stale: int = 0
    """Turns whose speech, as shown when they were committed, was not what was committed."""
    _spoken: dict[int, str] = field(default_factory=dict)
    _moved: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def seqs(self) -> list[int]:
        """The numbers of the events, in the order they were shown."""
        return [event["seq"] for event in self.events]

    async def follow(self, http: httpx2.AsyncClient, urls: Sequence[str]) -> None:
        """Watch until the interview is over, now at this replica and now at that."""
        dice = random.Random(self.interview)
        while not self.ended:
            address = f"{dice.choice(urls)}/api/interviews/{self.interview}/events"
            with suppress(httpx2.HTTPError):
                await self._follow(http, address)
            self.cut_short += len(self._spoken)
            self._spoken.clear()
            self.cuts += not self.ended
            await asyncio.sleep(0 if self.ended else PAUSE)

    async def _follow(self, http: httpx2.AsyncClient, address: str) -> None:
        last = {"last-event-id": str(self.events[-1]["seq"])} if self.events else {}
        headers = {"accept": "text/event-stream", **last}
        async with http.stream("GET", address, headers=headers) as response:
            if response.status_code == 204:
                self.ended = True
            elif response.status_code == 200:
                async for name, data in sent_events(response):
                    self._take(name, data)

    def _take(self, name: str, data: dict[str, Any]) -> None:
        turn = data["turn"]
        if name == "token":
            self._spoken[turn] = self._spoken.get(turn, "") + data["text"]
        elif name == "reset":
            self.resets += 1
            self._spoken.pop(turn, None)
        elif name == "event":
            self.events.append(data)
        elif name == "done":
            self._commit(turn, data)

    def _commit(self, turn: int, data: dict[str, Any]) -> None:
        said = [e["text"] for e in self.events if e["turn"] == turn and e["type"] == "said"]
        spoken = self._spoken.pop(turn, "")
        self.stale += bool(spoken) and spoken.split() != " ".join(said).split()
        for number in {event["turn"] for event in self.events}:
            self.seen_at.setdefault(number, time.monotonic())
        self.question = data["question"]["number"] if data["question"] else 0
        self.ended |= data["status"] == "ended"
        self._moved.set()

    async def committed(self, turn: int) -> None:
        """Wait until a turn has been seen committed."""
        while turn not in self.seen_at:
            self._moved.clear()
            async with asyncio.timeout(PATIENCE):
                await self._moved.wait()


async def sent_events(response: httpx2.Response) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    """The named events of a stream, with their data."""
    name, data = "", ""
    async for line in response.aiter_lines():
        if line.startswith("event: "):
            name = line[7:]
        elif line.startswith("data: "):
            data = line[6:]
        elif not line and data:
            yield name, json.loads(data)
            data = ""


@dataclass
class Candidate:
    """One interview over HTTP; `accepted` are the messages a 202 or 200 was heard for."""

    http: httpx2.AsyncClient
    urls: Sequence[str]
    seed: int
    length: int
    examiner: str = "local"
    think: float = 0.0
    """Mean seconds between a question and its answer."""
    id: str = ""
    accepted: list[Sent] = field(default_factory=list)
    sent_at: dict[int, float] = field(default_factory=dict)
    """When a turn was first sent; monotonic seconds."""
    retries: int = 0
    watch: Watch = field(default_factory=lambda: Watch(""))

    async def begin(self) -> None:
        """Have the interview made and watch it."""
        wish = {"kit": KIT, "seed": self.seed, "examiner": self.examiner, "questions": 9}
        self.id = (await self._post("/api/interviews", wish))["id"]
        self.watch = Watch(self.id)

    async def hold(self) -> None:
        """The whole interview, by its script."""
        if not self.id:
            await self.begin()
        watching = asyncio.create_task(self.watch.follow(self.http, self.urls))
        dice = random.Random(f"pause {self.seed} {self.id}")
        try:
            await self.watch.committed(1)
            for number, sent in enumerate(script(self.seed, self.length)):
                if self.think:
                    await asyncio.sleep(dice.expovariate(1 / self.think))
                if self.watch.ended:
                    break
                await self.say(f"{self.id}-{number}", sent)
            async with asyncio.timeout(PATIENCE):
                await watching
        finally:
            watching.cancel()

    async def say(self, turn_id: str, sent: Sent) -> None:
        """Send one message until it is accepted, and wait until its turn is seen committed."""
        turn = {"turn_id": turn_id, "question": self.watch.question}
        turn |= {"message": sent.message} if sent.message else {"action": sent.action}
        began = time.monotonic()
        taken = await self._post(f"/api/interviews/{self.id}/turns", turn)
        self.sent_at[taken["turn"]] = began
        self.accepted.append(sent)
        await self.watch.committed(taken["turn"])

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """What the server answers, however often it must be asked.

        Raises:
            RuntimeError: it refuses.
        """
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with suppress(httpx2.HTTPError):
                response = await self.http.post(f"{random.choice(self.urls)}{path}", json=body)
                if response.status_code in {200, 201, 202}:
                    taken: dict[str, Any] = response.json()
                    return taken
                if response.status_code < 500:
                    raise RuntimeError(f"{path}: {response.status_code} {response.text}")
            self.retries += 1
            await asyncio.sleep(PAUSE)
        raise RuntimeError(f"{path}: no answer within {PATIENCE:g} s")


def open_http() -> httpx2.AsyncClient:
    """Connections enough for everybody, on this machine alone."""
    limits = httpx2.Limits(max_connections=None, max_keepalive_connections=None)
    return httpx2.AsyncClient(timeout=httpx2.Timeout(60.0), limits=limits, trust_env=False)
