"""An endpoint over real HTTP: its forms, its faults and what it accounts for."""

import asyncio
from collections.abc import Callable

import pytest
from openai_endpoint import FORMS, Form, OpenAIEndpoint, Reply, form_of, prompt_of
from pydantic import BaseModel, ConfigDict

from agent.events import ModelCalled
from agent.model import Endpoint, ModelFailed
from agent.model.prompts import Filled
from knowledge.errors import BadInput

Connect = Callable[..., Endpoint]
PROMPT = Filled("examine", "abc", (("system", "Be brief."), ("human", "Name a colour.")))


class Colour(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    warm: bool


RED = '{"name": "red", "warm": true}'


async def failed(endpoint: Endpoint) -> ModelCalled:
    with pytest.raises(ModelFailed) as caught:
        await endpoint.structured(PROMPT, Colour)
    (call,) = caught.value.calls
    assert (call.outcome, call.failure) == ("failed", str(caught.value))
    return call


@pytest.mark.parametrize("others", ["refused", "ignored"])
@pytest.mark.parametrize("form", FORMS)
async def test_the_probe_finds_the_one_form_a_server_knows(
    connect: Connect, form: Form, others: str
) -> None:
    with OpenAIEndpoint([RED], supports=[form], others=others) as server:  # type: ignore[arg-type]
        endpoint = connect(server)
        assert await endpoint.probe() == form
        colour, call = await endpoint.structured(PROMPT, Colour)
        assert (colour.name, call.outcome, call.attempts) == ("red", "ok", 1)
        assert form_of(server.requests[0]) == form


async def test_callers_at_the_same_time_share_one_probe(connect: Connect) -> None:
    with OpenAIEndpoint([RED, RED, RED]) as server:
        endpoint = connect(server)
        await asyncio.gather(*(endpoint.structured(PROMPT, Colour) for _ in range(3)))
        assert (len(server.probes), len(server.requests)) == (1, 3)


@pytest.mark.parametrize("others", ["refused", "ignored"])
async def test_a_server_that_knows_no_form_is_refused_with_a_remedy(
    connect: Connect, others: str
) -> None:
    with OpenAIEndpoint(supports=[], others=others) as server:  # type: ignore[arg-type]
        with pytest.raises(BadInput, match="no structured replies") as caught:
            await connect(server).probe()
        assert "VIVA_MODEL" in caught.value.remedy
        assert len(server.probes) == 3


async def test_the_probe_tells_a_refused_key_and_keeps_the_key_to_itself(connect: Connect) -> None:
    with OpenAIEndpoint(key="right") as server:
        with pytest.raises(BadInput, match="refuses the key") as caught:
            await connect(server, api_key="wr0ng").probe()
        assert "VIVA_API_KEY" in caught.value.remedy
        assert "wr0ng" not in caught.value.message
        assert await connect(server, api_key="right").probe() == "json_schema"


async def test_the_probe_tells_a_model_that_is_not_there(connect: Connect) -> None:
    with (
        OpenAIEndpoint(models=["other"]) as server,
        pytest.raises(BadInput, match="no model 'desk'"),
    ):
        await connect(server).probe()


async def test_the_probe_tells_a_server_that_is_not_there(connect: Connect) -> None:
    with OpenAIEndpoint() as server:
        url = server.url
    with pytest.raises(BadInput, match="cannot be reached"):
        await connect(url).probe()


async def test_the_probe_does_not_wait_for_ever(connect: Connect) -> None:
    with (
        OpenAIEndpoint(probe=Reply(fault="hang")) as server,
        pytest.raises(BadInput, match="no answer within"),
    ):
        await connect(server, timeout=1.0).probe()


async def test_a_failed_probe_is_made_again_at_the_next_call(connect: Connect) -> None:
    with OpenAIEndpoint([RED], probe=Reply("no", status=401)) as server:
        endpoint = connect(server)
        assert "refuses the key" in str((await failed(endpoint)).failure)
        server.probe = None
        colour, _ = await endpoint.structured(PROMPT, Colour)
        assert colour.warm


@pytest.mark.parametrize(
    "reply",
    [f"```json\n{RED}\n```", f"Here it is: {RED} Anything else?", f"\n  {RED}"],
)
async def test_one_object_in_a_fence_or_in_prose_needs_no_repair(
    connect: Connect, reply: str
) -> None:
    with OpenAIEndpoint([reply]) as server:
        colour, call = await connect(server).structured(PROMPT, Colour)
        assert (colour.name, call.outcome) == ("red", "ok")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "bad", ["", "red", '{"name": "re', '{"name": "red"}', f"{RED}{RED}", '{"name": 3, "warm": []}']
)
async def test_a_reply_that_does_not_fit_is_repaired_once(
    connect: Connect, form: Form, bad: str
) -> None:
    with OpenAIEndpoint([bad, RED], supports=[form]) as server:
        colour, call = await connect(server).structured(PROMPT, Colour)
        assert (colour.name, call.outcome, call.attempts) == ("red", "repaired", 2)
        assert (call.tokens_in, call.tokens_out, call.reply) == (200, 40, RED)


async def test_a_repair_shows_the_error_and_at_most_2000_characters(connect: Connect) -> None:
    with OpenAIEndpoint(["y" * 5_000, RED]) as server:
        await connect(server).structured(PROMPT, Colour)
        shown = prompt_of(server.requests[1])
        assert "y" * 2_000 in shown
        assert "y" * 2_001 not in shown
        assert "could not be used" in shown


async def test_after_one_repair_the_call_has_failed(connect: Connect) -> None:
    with OpenAIEndpoint(['{"name": "red"}', "I cannot help with that."]) as server:
        call = await failed(connect(server))
        assert call.attempts == 2
        assert "does not fit" in str(call.failure)


@pytest.mark.parametrize(
    ("reply", "failure", "attempts"),
    [
        (Reply(fault="hang"), "no answer within 1 s", 1),
        (Reply(RED, fault="trickle"), "no answer within 1 s", 1),
        (Reply(refusal="I will not."), "refused", 1),
        (Reply(RED, finish="content_filter"), "refused", 1),
        (Reply(RED[:9], finish="length"), "cut off", 1),
        (Reply("x" * 10_000_000), "longer than", 1),
        (Reply("no", status=400), "answered 400", 1),
        (Reply("later", status=429, retry_after="60"), "answered 429", 1),
        (Reply(RED, fault="broken"), "not in the expected format", 1),
    ],
)
async def test_a_fault_that_will_not_pass_ends_the_call(
    connect: Connect, reply: Reply, failure: str, attempts: int
) -> None:
    with OpenAIEndpoint([reply]) as server:
        endpoint = connect(server)
        await endpoint.probe()
        endpoint = connect(server, timeout=1.0) if reply.fault in {"hang", "trickle"} else endpoint
        await endpoint.probe()
        call = await failed(endpoint)
        assert failure in str(call.failure)
        assert call.attempts == attempts
        assert len(call.reply or "") <= 20_000


@pytest.mark.parametrize(
    "fault",
    [
        Reply("oh", status=500),
        Reply("oh", status=503),
        Reply(RED, fault="drop"),
        Reply("slow", status=429, retry_after="0"),
    ],
)
async def test_a_fault_that_may_pass_is_tried_again_twice(connect: Connect, fault: Reply) -> None:
    with OpenAIEndpoint([fault, fault, RED, fault, fault, fault]) as server:
        endpoint = connect(server)
        colour, call = await endpoint.structured(PROMPT, Colour)
        assert (colour.name, call.outcome, call.attempts) == ("red", "ok", 3)
        assert (await failed(endpoint)).attempts == 3
        server.assert_done()


async def test_a_long_reply_is_kept_cut(connect: Connect) -> None:
    with OpenAIEndpoint([f"{'z' * 50_000} {RED}"]) as server:
        _, call = await connect(server).structured(PROMPT, Colour)
        assert call.reply == "z" * 20_000


async def test_cost_follows_the_prices_and_is_left_open_without_them(connect: Connect) -> None:
    with OpenAIEndpoint([RED, RED, Reply(RED, usage=None)]) as server:
        priced = connect(server, price_in=2.0, price_out=10.0)
        _, call = await priced.structured(PROMPT, Colour)
        assert (call.tokens_in, call.tokens_out, call.cost) == (100, 20, 0.0004)
        _, free = await connect(server).structured(PROMPT, Colour)
        assert (free.tokens_in, free.cost) == (100, None)
        _, uncounted = await priced.structured(PROMPT, Colour)
        assert (uncounted.tokens_in, uncounted.cost) == (None, None)


async def test_a_model_that_takes_no_temperature_is_asked_without(connect: Connect) -> None:
    with OpenAIEndpoint([RED], temperature=False) as server:
        colour, _ = await connect(server).structured(PROMPT, Colour)
        assert colour.name == "red"
        assert "temperature" not in server.requests[-1]


async def test_an_endpoint_without_a_model_says_what_to_set(connect: Connect) -> None:
    with pytest.raises(BadInput) as caught:
        connect("http://127.0.0.1:9/v1", model=None)
    assert "VIVA_MODEL" in caught.value.remedy
