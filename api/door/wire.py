"""OpenAI's wire format, as much of it as a chat client needs; what it adds is passed over."""

import json
import time
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

MOST_MESSAGES = 2_000


class Given(BaseModel):
    """A request of a client; fields that nobody here knows are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Part(Given):
    """A part of a message: text, or something that cannot be read here."""

    type: str = Field(examples=["text"])
    text: str | None = None


class ChatMessage(Given):
    """One message of the conversation."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Part] | None = None

    @property
    def text(self) -> str:
        """All of its text, one line after another."""
        if not isinstance(self.content, list):
            return self.content or ""
        return "\n".join(part.text for part in self.content if part.text)

    @property
    def media(self) -> bool:
        """Whether there is anything but text in it."""
        parts = self.content if isinstance(self.content, list) else []
        return any(part.type not in {"text", "input_text", "refusal"} for part in parts)


class StreamOptions(Given):
    """What to add to a stream."""

    include_usage: bool | None = None


class ChatRequest(Given):
    """A request for the next message; sampling options and tools have no effect here."""

    model: str = Field(min_length=1, max_length=300, examples=["viva/data-engineer@senior"])
    messages: list[ChatMessage] = Field(min_length=1, max_length=MOST_MESSAGES)
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    n: int | None = Field(default=None, ge=1, le=1, description="There is one reply.")
    user: str | None = Field(default=None, max_length=1_000)
    response_format: dict[str, Any] | None = None


class ModelLine(BaseModel):
    """A kit, at a level, as a model to choose."""

    id: str = Field(examples=["viva/data-engineer"])
    object: Literal["model"] = "model"
    created: int
    owned_by: str = "viva"


class ModelList(BaseModel):
    """Every kit that can be practised on."""

    object: Literal["list"] = "list"
    data: list[ModelLine]


class Usage(BaseModel):
    """An estimate, four characters a token; nothing is billed by it."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class Spoken(BaseModel):
    """What the interviewer says."""

    role: Literal["assistant"] = "assistant"
    content: str
    refusal: None = None


class Choice(BaseModel):
    """The one reply there is."""

    index: int = 0
    message: Spoken
    finish_reason: Literal["stop"] = "stop"
    logprobs: None = None


class Completion(BaseModel):
    """A whole reply."""

    id: str = Field(examples=["chatcmpl-k3m9x2p4qa-4"])
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str
    choices: list[Choice]
    usage: Usage


class OpenAIProblem(BaseModel):
    """One error, in OpenAI's form."""

    message: str
    type: str = Field(examples=["invalid_request_error"])
    param: str | None = None
    code: str | None = Field(default=None, examples=["invalid_api_key"])


class OpenAIError(BaseModel):
    """Every error of `/v1` has this shape."""

    error: OpenAIProblem


def usage(request: ChatRequest, reply: str) -> Usage:
    """About how many tokens came in and went out."""
    asked = -(-sum(len(message.text) for message in request.messages) // 4)
    said = -(-len(reply) // 4)
    return Usage(prompt_tokens=asked, completion_tokens=said, total_tokens=asked + said)


def completion(request: ChatRequest, reply: str, made: str) -> Completion:
    """The reply as one object."""
    return Completion(
        id=made,
        created=int(time.time()),
        model=request.model,
        choices=[Choice(message=Spoken(content=reply))],
        usage=usage(request, reply),
    )


def chunk(request: ChatRequest, made: str, delta: dict[str, str] | None, **other: Any) -> str:
    """One event of a stream; no delta closes the reply."""
    body = {
        "id": made,
        "object": "chat.completion.chunk",
        "created": int(time.time()),
        "model": request.model,
        "choices": [
            {
                "index": 0,
                "delta": delta or {},
                "finish_reason": "stop" if delta is None else None,
                "logprobs": None,
            }
        ],
    }
    return data(body | other)


def data(body: dict[str, Any]) -> str:
    """A server-sent event without a name, as OpenAI's are."""
    return f"data: {json.dumps(body, ensure_ascii=False)}\n\n"
