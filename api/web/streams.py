"""Server-sent events of one interview: speech on its way, then what was committed."""

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from fastapi import Request, Response
from fastapi.sse import EventSourceResponse, format_sse_event
from pydantic import BaseModel

from api import visible
from api.service import Service
from api.watching import Piece, Watcher
from api.web.wire import Reset, Token
from knowledge.errors import StorageFailed, VivaError

T = TypeVar("T")

KEEP_ALIVE = 15.0
LONGEST = 3600.0
"""Seconds after which a stream ends, and its client comes again."""

HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def wants_json(request: Request) -> bool:
    """Whether the client asks for a page rather than a stream."""
    accepts = request.headers.get("accept", "")
    return "application/json" in accepts and "text/event-stream" not in accepts


def resumed_from(request: Request, after: int | None) -> int | None:
    """The number after which to go on; a browser that comes again knows better than its address."""
    last = request.headers.get("last-event-id", "")
    return int(last) if last.isdecimal() and len(last) < 10 else after


async def stream(service: Service, interview_id: str, after: int | None) -> Response:
    """Follow the interview to its end; 204 tells a browser to stop asking."""
    look = await service.store.look(interview_id, after or 0)
    over = look.interview.status == "ended" and look.pending is None
    if over and after is not None and not any(map(visible.seen, look.events)):
        return Response(status_code=204)
    service.watching.check_room(interview_id)
    if look.interview.left_at is not None:
        with suppress(StorageFailed):  # then the time away is not known, and counts
            await service.store.came_back(interview_id)
    return EventSourceResponse(_followed(service, interview_id, after or 0), headers=HEADERS)


async def _followed(service: Service, interview_id: str, after: int) -> AsyncIterator[bytes]:
    """Enter the watch before anything is read, so that nothing falls between."""
    try:
        with service.watching.watch(interview_id) as watcher:
            service.telemetry.watching(1)
            try:
                async for chunk in _chunks(service, interview_id, after, watcher):
                    yield chunk
            finally:
                service.telemetry.watching(-1)
    except VivaError as error:
        yield format_sse_event(comment=type(error).__name__)
    finally:
        if not service.watching.watches(interview_id):
            await _whole(_left(service, interview_id))


async def _whole(work: Coroutine[Any, Any, T]) -> T:
    """Let it come to its end though the client leaves: a connection cut off in a read is lost."""
    return await asyncio.shield(asyncio.ensure_future(work))


async def _left(service: Service, interview_id: str) -> None:
    with suppress(VivaError):
        await service.store.left(interview_id)


async def _chunks(
    service: Service, interview_id: str, after: int, watcher: Watcher
) -> AsyncIterator[bytes]:
    ends, committed = time.monotonic() + LONGEST, 0
    yield format_sse_event(comment="viva", retry=1000)
    while time.monotonic() < ends and not service.watching.closing:
        pieces = await watcher.heard(KEEP_ALIVE)
        if pieces is None:
            yield format_sse_event(comment="still here")
            continue
        for piece in pieces:
            if piece.turn > committed:  # later it would be said twice
                yield _piece(piece)
        if not watcher.moved:
            continue
        watcher.moved = False
        look = await _whole(service.store.look(interview_id, after))
        for event in look.events:
            if seen := visible.seen(event):
                yield _sent("event", seen, id=event.seq)
        after = look.last_event
        if turns := [event.turn for event in look.events if event.turn]:
            committed = turns[-1]
            yield _sent("done", visible.done(look, committed, time.time()))
        if look.interview.status == "ended" and look.pending is None:
            return


def _piece(piece: Piece) -> bytes:
    if piece.text is None:
        return _sent("reset", Reset(turn=piece.turn, attempt=piece.attempt))
    return _sent("token", Token(turn=piece.turn, attempt=piece.attempt, text=piece.text))


def _sent(name: str, data: BaseModel, id: int | None = None) -> bytes:
    return format_sse_event(
        data_str=data.model_dump_json(), event=name, id=None if id is None else str(id)
    )
