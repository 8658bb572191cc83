"""Endpoints on servers of this test's own, and sheets to mark."""

from collections.abc import AsyncIterator, Callable

import pytest
from openai_endpoint import OpenAIEndpoint

from agent.examiner import Sheet
from agent.hearing import unencoded
from agent.model import Endpoint
from api.settings import Settings
from knowledge.atoms import Atom

Connect = Callable[..., Endpoint]
SheetOf = Callable[..., Sheet]


@pytest.fixture
async def connect() -> AsyncIterator[Connect]:
    """`connect(server, timeout=...)`: an endpoint that is closed after the test."""
    opened: list[Endpoint] = []

    def one(server: OpenAIEndpoint | str, **settings: object) -> Endpoint:
        url = server if isinstance(server, str) else server.url
        given = {"model": "desk", "base_url": url, "timeout": 5.0, **settings}
        opened.append(Endpoint(Settings.model_validate(given)))
        return opened[-1]

    yield one
    for endpoint in opened:
        await endpoint.close()


RUBRIC = (
    Atom(id="a-run", kind="point", text="Running it twice changes nothing.", role="core"),
    Atom(id="a-key", kind="point", text="A key finds rows again.", role="any_of", group="how"),
    Atom(id="a-part", kind="point", text="A partition is replaced.", role="any_of", group="how"),
    Atom(id="a-test", kind="indicator", text="Names a test.", polarity="positive"),
    Atom(id="a-hand", kind="indicator", text="Mends rows by hand.", polarity="negative"),
)
FLAGS = (
    Atom(id="a-blame", kind="flag", text="Blames others.", polarity="negative"),
    Atom(id="a-log", kind="flag", text="Keeps a log of mistakes.", polarity="positive"),
)
ELSEWHERE = (Atom(id="a-cost", kind="indicator", text="Weighs cost.", polarity="positive"),)
TOOLS = (Atom(id="a-pg", kind="technology", text="PostgreSQL", aliases=("Postgres",)),)


@pytest.fixture
def sheet() -> SheetOf:
    """`sheet(message)`: a question about safe re-runs with a rubric of every kind."""

    def one(message: str, **changed: object) -> Sheet:
        given: dict[str, object] = {
            "stage": "probes",
            "kind": "core",
            "question": "How do you make a job safe to run twice?",
            "message": unencoded(message),
            "rubric": RUBRIC,
            "flags": FLAGS,
            "elsewhere": ELSEWHERE,
            "technologies": TOOLS,
        }
        return Sheet(**{**given, **changed})  # type: ignore[arg-type]

    return one
