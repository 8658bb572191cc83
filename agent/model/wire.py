"""One request on the wire. Heavy to import, so only an endpoint in use does it."""

import json
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

import httpx2
import openai
from langchain_core.messages import AIMessage
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from agent.model.call import Answer
from agent.model.errors import Fault
from agent.model.prompts import Messages

MOST_BYTES = 2_000_000
"""Of one reply as it comes in; the rest of a longer one is never read."""

_TROUBLE = (
    openai.OpenAIError,
    httpx2.HTTPError,
    Fault,
    OSError,
    ExceptionGroup,
    ArithmeticError,
    AttributeError,
    ValueError,
    LookupError,
    TypeError,
)
"""The later ones are what an address or a body of the wrong shape comes to in the client's code."""


class Wire:
    """A connection to one model; retries and deadlines are its caller's."""

    def __init__(self, model: str, url: str, key: str, timeout: float) -> None:
        self._http = httpx2.AsyncClient(
            timeout=timeout,
            headers={"accept-encoding": "identity"},
            event_hooks={"response": [_bound]},
        )
        self._chat = ChatOpenAI(
            model=model,
            base_url=url,
            api_key=SecretStr(key),
            use_responses_api=False,
            max_retries=0,
            timeout=timeout,
            stream_chunk_timeout=None,
            http_async_client=self._http,
            cache=False,
        )
        self._steady: dict[str, Any] = {"temperature": 0.0}
        self._counting: dict[str, Any] = {"stream_usage": True}

    async def ask(self, messages: Messages, options: dict[str, Any]) -> Answer:
        """The whole reply. A model that takes no temperature is asked without, from then on.

        Raises:
            Fault: nothing usable came.
        """
        try:
            return _answer(await self._chat.ainvoke(list(messages), **self._steady, **options))
        except _TROUBLE as error:
            fault = _fault(error)
            if not (self._steady and fault.status == 400 and "temperature" in fault.said):
                raise fault from error
        self._steady = {}
        return await self.ask(messages, options)

    async def stream(self, messages: Messages) -> AsyncGenerator[Answer, None]:
        """The reply in pieces. A server that refuses to count tokens is not asked to again.

        Raises:
            Fault: the rest of it will not come.
        """
        try:
            async for chunk in self._chat.astream(list(messages), **self._counting):
                yield _answer(chunk)
        except _TROUBLE as error:
            fault = _fault(error)
            if not (self._counting and fault.status in {400, 422}):
                raise fault from error
        else:
            return
        self._counting = {}
        async for piece in self.stream(messages):
            yield piece

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()


class _Bounded(httpx2.AsyncByteStream):
    """A body that is not read beyond MOST_BYTES."""

    def __init__(self, body: httpx2.AsyncByteStream) -> None:
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        read = 0
        async for chunk in self._body:
            read += len(chunk)
            if read > MOST_BYTES:
                raise Fault(f"the reply is longer than {MOST_BYTES} bytes")
            yield chunk

    async def aclose(self) -> None:
        await self._body.aclose()


async def _bound(response: httpx2.Response) -> None:
    """Packed bodies are refused: how long they are shows only when it is too late."""
    if response.headers.get("content-encoding", "identity") != "identity":
        raise Fault("the reply is compressed, which was not asked for")
    if isinstance(response.stream, httpx2.AsyncByteStream):
        response.stream = _Bounded(response.stream)


def _answer(said: AIMessage) -> Answer:
    used = said.usage_metadata
    return Answer(
        text=_handed_in(said) or str(said.text),
        refusal=str(said.additional_kwargs.get("refusal") or ""),
        finish=said.response_metadata.get("finish_reason"),
        tokens_in=used["input_tokens"] if used else None,
        tokens_out=used["output_tokens"] if used else None,
    )


def _handed_in(said: AIMessage) -> str:
    """The arguments of the tool call, as JSON or as whatever else they are."""
    parsed = [json.dumps(call["args"], ensure_ascii=False) for call in said.tool_calls]
    return "".join([*parsed, *(call["args"] or "" for call in said.invalid_tool_calls)])


def _fault(error: Exception) -> Fault:
    """The error as what it means for us; a fault of ours may be wrapped in the client's own."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, Fault):
            return cause
        cause = cause.__cause__
    if isinstance(error, openai.APIStatusError):
        return _status_fault(error)
    if isinstance(error, openai.APITimeoutError | httpx2.TimeoutException):
        return Fault("the endpoint did not answer in time")
    if isinstance(error, openai.LengthFinishReasonError):
        return Fault("the reply was cut off at the model's limit")
    if isinstance(error, openai.ContentFilterFinishReasonError):
        return Fault("the model refused")
    if isinstance(error, openai.APIConnectionError | httpx2.TransportError):
        return Fault("the connection failed", again=True)
    return Fault("the endpoint's reply is not in the expected format")


def _status_fault(error: openai.APIStatusError) -> Fault:
    status = error.status_code
    return Fault(
        f"the endpoint answered {status}",
        status=status,
        again=status == 429 or status >= 500,
        wait=_seconds(error.response.headers.get("retry-after")),
        said=error.message[:300],
    )


def _seconds(header: str | None) -> float | None:
    """Retry-After where it gives seconds; a date is left alone."""
    return float(header) if header and header.strip().isdecimal() else None
