"""A chat client's side of the practice door: conversations held by OpenAI's own client."""

import re
import time
from typing import Any, NamedTuple

from openai import OpenAI

from api.practice_keys import Key, Keys
from api.settings import Settings, open_database
from api.store import Store
from knowledge.database import Database

MODEL = "viva/data-engineer"
CODE = re.compile(r"Interview code: ([a-z0-9]{10}) · step (\d+)")
STILL = re.compile(r"Interview code: ([a-z0-9]{10}) · still at step (\d+)")
BACKGROUND = "Five years of Python, Apache Kafka and Apache Airflow at a small shop."
Messages = list[dict[str, Any]]


class Site(NamedTuple):
    """A server, its settings, and a key with its secret."""

    url: str
    settings: Settings
    key: Key
    secret: str


async def made_key(settings: Settings, name: str | None = None) -> tuple[Key, str]:
    database = await open_database(settings)
    made = await Keys(database).make(name)
    await database.close()
    return made


def other_client(site: Site, secret: str) -> OpenAI:
    return OpenAI(base_url=f"{site.url}/v1", api_key=secret, max_retries=0)


class Chat:
    """A conversation as a chat client keeps it."""

    def __init__(self, client: OpenAI, first: str, *, stream: bool = False, **other: Any) -> None:
        self.client, self.stream, self.other = client, stream, other
        self.messages: Messages = []
        self.say(first)

    def say(self, text: str) -> str:
        self.messages.append({"role": "user", "content": text})
        said = self.ask(self.messages)
        self.messages.append({"role": "assistant", "content": said})
        return said

    def ask(self, messages: Messages) -> str:
        if self.stream:
            return streamed(self.client, messages, **self.other)
        return asked(self.client, messages, **self.other)

    @property
    def code(self) -> str:
        """The interview's, as the last reply or note names it."""
        last = self.messages[-1]["content"]
        return (CODE.search(last) or STILL.search(last))[1]  # type: ignore[index]


def asked(client: OpenAI, messages: Messages, model: str = MODEL, **other: Any) -> str:
    reply = client.chat.completions.create(model=model, messages=messages, **other)  # type: ignore[call-overload]
    assert reply.choices[0].finish_reason == "stop"
    content: str = reply.choices[0].message.content
    return content


def streamed(client: OpenAI, messages: Messages, model: str = MODEL, **other: Any) -> str:
    stream = client.chat.completions.create(model=model, messages=messages, stream=True, **other)  # type: ignore[call-overload]
    return "".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices)


def fresh(client: OpenAI, **other: Any) -> Chat:
    """A new interview: no other test says the same first words."""
    return Chat(client, f"hi, this is {time.perf_counter_ns()}", **other)


async def turns(database: Database, code: str) -> int:
    return (await Store(database).look(code)).turns


def step(reply: str) -> int:
    found = CODE.search(reply)
    assert found, reply
    return int(found[2])
