"""The practice door over HTTP: chat completions and models, as OpenAI's clients ask for them."""

import asyncio
import re
import time
import uuid
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.door import models, problems, wire
from api.door.answering import Door
from api.door.problems import DoorRoute, Refused
from api.door.wire import ChatRequest, Completion, ModelLine, ModelList
from api.practice_keys import Key, Keys

MOST_A_MINUTE = 240
"""Requests with one key to one process."""
SETTLE, KEEP_ALIVE = 2.0, 10.0
"""Seconds within which an error is still a status of its own, and between two signs of life."""
CLIENTS = ("x-openwebui-user-id", "x-openwebui-chat-id")
"""Headers by which a client that serves several people tells them apart."""

router = APIRouter(prefix="/v1", tags=["practice door"], route_class=DoorRoute)
_sentence = re.compile(r".+?(?:[.?!]+(?=\s)\s*|\n+|$)", re.S)


class Hall:
    """What the door keeps for one application: its keys, how often each came, and who answers."""

    def __init__(self, request: Request) -> None:
        service = request.app.state.service
        self.service = service
        self.keys = Keys(service.store.database)
        self.door = Door(service, self.keys)
        self._came: dict[str, deque[float]] = defaultdict(deque)
        self._replies: set[asyncio.Task[str]] = set()

    def let_in(self, key: Key) -> None:
        """Count a request.

        Raises:
            Refused: this key came too often within the last minute.
        """
        came, now = self._came[key.id], time.monotonic()
        while came and came[0] < now - 60:
            came.popleft()
        if len(came) >= MOST_A_MINUTE:
            raise Refused(
                429,
                f"More than {MOST_A_MINUTE} requests a minute with this key. Wait a few seconds.",
                code="rate_limit_exceeded",
            )
        came.append(now)

    def reply(self, key: Key, chat: ChatRequest, request: Request) -> "asyncio.Task[str]":
        """The reply on its way; it goes on if the client leaves."""
        base = self.service.settings.origin or str(request.base_url)
        who = "\0".join((chat.user or "", *(request.headers.get(name, "") for name in CLIENTS)))
        task = asyncio.create_task(self.door.reply(key, chat, who=who, base=base.rstrip("/")))
        self._replies.add(task)
        task.add_done_callback(self._over)
        return task

    def _over(self, task: "asyncio.Task[str]") -> None:
        self._replies.discard(task)
        if not task.cancelled():
            task.exception()  # it has been told to whoever still listens


def hall(request: Request) -> Hall:
    """The application's one hall, made when somebody first comes."""
    state = request.app.state
    if getattr(state, "door_hall", None) is None or state.door_hall.service is not state.service:
        state.door_hall = Hall(request)
    found: Hall = state.door_hall
    return found


_bearer = HTTPBearer(
    auto_error=False, scheme_name="practice key", description="Made by `viva key practice`."
)
Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


async def key_of(request: Request, bearer: Bearer) -> Key:
    """The practice key that comes along.

    Raises:
        Refused: there is none, or it is wrong or revoked.
    """
    rooms = hall(request)
    key = await rooms.keys.find(bearer.credentials.strip()) if bearer else None
    if key is None:
        raise Refused(
            401,
            "A practice key is needed as `Authorization: Bearer KEY`, and this one is missing, "
            "wrong or revoked. Make one with `viva key practice`.",
            code="invalid_api_key",
        )
    rooms.let_in(key)
    return key


WithKey = Annotated[Key, Depends(key_of)]


@router.post(
    "/chat/completions",
    response_model=Completion,
    responses={
        200: {
            "description": "The reply, or with `stream` its chunks as server-sent events.",
            "content": {"text/event-stream": {}},
        },
        **problems.documented(400, 401, 403, 404, 413, 429, 500, 503),
    },
)
async def complete(request: Request, key: WithKey, chat: ChatRequest) -> Response:
    """Be interviewed for practice: send the whole conversation, get what Viva says next.

    The first message begins an interview. Each reply ends in a line with the interview code, by
    which the conversation is known again; the same conversation gets the same reply. Sampling
    options, tools and system messages have no effect.
    """
    rooms = hall(request)
    made = f"chatcmpl-{uuid.uuid4().hex}"
    reply = rooms.reply(key, chat, request)
    if not chat.stream:
        said = await reply
        return JSONResponse(wire.completion(chat, said, made).model_dump(mode="json"))
    await asyncio.wait({reply}, timeout=SETTLE)
    if reply.done() and reply.exception() is not None:
        await reply
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(
        streamed(chat, reply, made), media_type="text/event-stream", headers=headers
    )


async def streamed(chat: ChatRequest, reply: "asyncio.Task[str]", made: str) -> AsyncIterator[str]:
    """The reply as chunks, a sentence each, once its turn is committed.

    Words on their way are not passed on: a client cannot take back what turns out void, and the
    same conversation must get the same words. The turn goes on if the client leaves.
    """
    counts = chat.stream_options is not None and chat.stream_options.include_usage
    more = {"usage": None} if counts else {}
    yield wire.chunk(chat, made, {"role": "assistant", "content": ""}, **more)
    while not reply.done():
        await asyncio.wait({reply}, timeout=KEEP_ALIVE)
        if not reply.done():
            yield ": still at it\n\n"
    if (error := reply.exception()) is not None:
        yield problems.event(error if isinstance(error, Exception) else RuntimeError())
        return
    said = reply.result()
    for sentence in _sentence.findall(said):
        yield wire.chunk(chat, made, {"content": sentence}, **more)
    yield wire.chunk(chat, made, None, **more)
    if counts:
        counted = wire.usage(chat, said).model_dump(mode="json")
        yield wire.chunk(chat, made, None, choices=[], usage=counted)
    yield "data: [DONE]\n\n"


@router.get("/models", responses=problems.documented(401, 403, 429, 500, 503))
async def list_models(request: Request, key: WithKey) -> ModelList:
    """Every kit to practise on, as a model: `viva/KIT` asks at mid level, `viva/KIT@senior` ..."""
    return ModelList(data=await models.offered(hall(request).service))


@router.get("/models/{model:path}", responses=problems.documented(401, 403, 404, 429, 500, 503))
async def show_model(request: Request, key: WithKey, model: str) -> ModelLine:
    """One of them."""
    for line in await models.offered(hall(request).service):
        if line.id == model:
            return line
    raise models.no_model(model)


@router.api_route(
    "/{rest:path}",
    methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
    include_in_schema=False,
)
async def nothing_else(rest: str, key: WithKey) -> Response:
    """What else OpenAI has is not here."""
    message = f"/v1/{rest} is not here: only POST /v1/chat/completions and GET /v1/models are."
    raise Refused(404, message, code="unknown_url")
