"""Speech from an endpoint over real HTTP: in pieces, and what happens when they stop coming."""

from collections.abc import Callable

import pytest
from openai_endpoint import OpenAIEndpoint, Reply

from agent.events import ModelCalled
from agent.model import Endpoint, ModelFailed
from agent.model.prompts import Filled

Connect = Callable[..., Endpoint]
PROMPT = Filled("phrase", "abc", (("system", "Be brief."), ("human", "Say good day.")))


async def spoken(endpoint: Endpoint, **options: int) -> tuple[str, ModelCalled]:
    pieces = [piece async for piece in endpoint.stream(PROMPT, **options)]
    (call,) = [piece for piece in pieces if isinstance(piece, ModelCalled)]
    assert pieces[-1] is call
    return "".join(piece for piece in pieces if isinstance(piece, str)), call


async def broke_off(endpoint: Endpoint, **options: int) -> tuple[str, ModelCalled]:
    heard = ""
    try:
        async for piece in endpoint.stream(PROMPT, **options):
            heard += str(piece)
    except ModelFailed as failure:
        return heard, failure.calls[-1]
    raise AssertionError(f"the stream came to an end: {heard}")


async def test_speech_comes_in_pieces_and_ends_with_its_account(connect: Connect) -> None:
    with OpenAIEndpoint(["You keep the old rows."]) as server:
        text, call = await spoken(connect(server))
        assert text == call.reply == "You keep the old rows."
        assert (call.outcome, call.tokens_in, call.tokens_out) == ("ok", 100, 20)
        assert server.requests[0]["stream_options"] == {"include_usage": True}


@pytest.mark.parametrize("stream_options", ["refused", "ignored"])
async def test_a_server_that_does_not_count_a_stream_is_still_heard(
    connect: Connect, stream_options: str
) -> None:
    script = ["Good day.", "Good day."]
    with OpenAIEndpoint(script, stream_options=stream_options) as server:  # type: ignore[arg-type]
        endpoint = connect(server)
        for _ in range(2):
            text, call = await spoken(endpoint)
            assert (text, call.tokens_in) == ("Good day.", None)
        asked = ["stream_options" in request for request in server.requests]
        assert asked == ([True, False, False] if stream_options == "refused" else [True, True])


@pytest.mark.parametrize(
    ("reply", "failure"),
    [
        (Reply("One two three four", fault="drop"), "connection failed"),
        (Reply("One two three four", fault="quiet_drop"), "connection failed"),
        (Reply("One two three four", finish="length"), "cut off"),
        (Reply("One two", finish="content_filter"), "refused"),
    ],
)
async def test_a_stream_that_breaks_off_fails_and_is_not_begun_again(
    connect: Connect, reply: Reply, failure: str
) -> None:
    with OpenAIEndpoint([reply]) as server:
        heard, call = await broke_off(connect(server))
        assert heard.startswith("One") or reply.fault == "drop"
        assert failure in str(call.failure)


@pytest.mark.parametrize(
    ("reply", "failure"),
    [
        (Reply(fault="hang"), "no answer within 1 s"),
        (Reply("One two", fault="trickle"), "no answer within 1 s"),
        (Reply(""), "empty"),
        (Reply(refusal="I will not."), "empty"),
        (Reply("One", fault="broken"), "expected format"),
        (Reply("x" * 10_000_000), "longer than"),
        (Reply("later", status=429, retry_after="60"), "answered 429"),
    ],
)
async def test_a_stream_that_never_begins_fails(
    connect: Connect, reply: Reply, failure: str
) -> None:
    with OpenAIEndpoint([reply]) as server:
        timeout = 1.0 if reply.fault in {"hang", "trickle"} else 5.0
        heard, call = await broke_off(connect(server, timeout=timeout))
        assert heard == ""
        assert failure in str(call.failure)


async def test_a_stream_longer_than_wanted_is_refused(connect: Connect) -> None:
    with OpenAIEndpoint(["word " * 500]) as server:
        heard, call = await broke_off(connect(server), longest=100)
        assert len(heard) <= 100
        assert "longer than 100" in str(call.failure)


async def test_a_stream_refused_at_first_is_tried_again(connect: Connect) -> None:
    later = Reply("later", status=429, retry_after="0")
    with OpenAIEndpoint([later, Reply("oh", status=500), "Here."]) as server:
        text, call = await spoken(connect(server))
        assert (text, call.attempts) == ("Here.", 3)


async def test_a_listener_may_leave_in_the_middle(connect: Connect) -> None:
    with OpenAIEndpoint(["One two three four"]) as server:
        pieces = connect(server).stream(PROMPT)
        assert await anext(pieces) == "One"
        await pieces.aclose()  # type: ignore[attr-defined]
