"""An endpoint that is down is left alone for a while; one that answers, however badly, is not."""

from collections.abc import AsyncIterator, Iterator

import pytest
from openai_endpoint import OpenAIEndpoint, Reply, Request
from pydantic import BaseModel

from agent.events import ModelCalled
from agent.model import Breaker, ModelFailed
from agent.model.breaker import FAILURES, REST
from agent.model.prompts import Filled
from api.settings import Settings

PROMPT = Filled("examine", "abc", (("human", "Which word?"),))
DOWN = Reply("down", status=503, retry_after="0")


class Word(BaseModel):
    word: str


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


class Desk:
    """The model behind the endpoint: always this reply."""

    reply: Reply | str = '{"word": "viva"}'

    def __call__(self, request: Request) -> Reply | str:
        return self.reply


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def server(desk: Desk) -> Iterator[OpenAIEndpoint]:
    with OpenAIEndpoint(desk) as server:
        yield server


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def breaker(server: OpenAIEndpoint, clock: Clock) -> AsyncIterator[Breaker]:
    breaker = Breaker(Settings(model="desk", base_url=server.url, timeout=5.0), clock=clock)
    await breaker.probe()
    yield breaker
    await breaker.close()


async def fails(breaker: Breaker) -> ModelCalled:
    with pytest.raises(ModelFailed) as failed:
        await breaker.structured(PROMPT, Word)
    return failed.value.calls[-1]


async def brought_down(breaker: Breaker, desk: Desk) -> None:
    desk.reply = DOWN
    for _ in range(FAILURES):
        assert (await fails(breaker)).failure == "the endpoint answered 503"


async def test_after_failures_in_a_row_calls_fail_without_being_made(
    breaker: Breaker, desk: Desk, server: OpenAIEndpoint
) -> None:
    await brought_down(breaker, desk)
    asked = len(server.requests)
    call = await fails(breaker)
    assert len(server.requests) == asked
    assert (call.attempts, call.seconds, call.outcome) == (0, 0.0, "failed")
    assert "left alone" in (call.failure or "")


async def test_speech_is_not_asked_for_either(
    breaker: Breaker, desk: Desk, server: OpenAIEndpoint
) -> None:
    await brought_down(breaker, desk)
    asked = len(server.requests)
    with pytest.raises(ModelFailed):
        _ = [piece async for piece in breaker.stream(PROMPT)]
    assert len(server.requests) == asked


async def test_after_a_rest_one_call_finds_it_down_and_the_next_are_not_made(
    breaker: Breaker, desk: Desk, server: OpenAIEndpoint, clock: Clock
) -> None:
    await brought_down(breaker, desk)
    clock.now += REST
    assert (await fails(breaker)).attempts > 0
    asked = len(server.requests)
    assert (await fails(breaker)).attempts == 0
    assert len(server.requests) == asked


async def test_after_a_rest_one_call_finds_it_up_and_all_is_as_before(
    breaker: Breaker, desk: Desk, clock: Clock
) -> None:
    await brought_down(breaker, desk)
    clock.now += REST
    desk.reply = '{"word": "viva"}'
    for _ in range(2):
        word, _call = await breaker.structured(PROMPT, Word)
        assert word.word == "viva"
    desk.reply = DOWN
    assert (await fails(breaker)).attempts > 0


@pytest.mark.parametrize("reply", [Reply(refusal="No."), Reply("prose"), Reply("no", status=400)])
async def test_a_bad_answer_is_an_answer(
    breaker: Breaker, desk: Desk, server: OpenAIEndpoint, reply: Reply
) -> None:
    desk.reply = reply
    for _ in range(FAILURES + 1):
        assert (await fails(breaker)).attempts > 0


async def test_failures_that_are_not_in_a_row_do_not_count(breaker: Breaker, desk: Desk) -> None:
    for _ in range(FAILURES):
        desk.reply = DOWN
        assert (await fails(breaker)).attempts > 0
        desk.reply = '{"word": "viva"}'
        await breaker.structured(PROMPT, Word)
