"""`viva serve` that kills itself at a named point of any turn whose message is FATAL."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from api.service import Service, open_service
from api.settings import Settings
from api.telemetry import Telemetry
from evals.bench_service.servers import serve

FATAL = "I would ask first who uses the numbers, and for what."
POINTS = ("after accept", "mid-speech", "before commit", "after commit")
HEARD_WITHIN = 0.5
"""Seconds in which a sentence has reached whoever watches."""


def serve_dying(point: str, port: int) -> None:
    """Serve until a fatal turn comes to this point."""
    from api.web import server
    from api.web.app import make_app

    @asynccontextmanager
    async def opens(settings: Settings, telemetry: Telemetry) -> AsyncIterator[Service]:
        async with open_service(settings, telemetry) as service:
            _arm(service, point)
            yield service

    server.make_app = partial(make_app, opens=opens)
    serve(port)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _arm(service: Service, point: str) -> None:
    run, commit, speaks = service.turns.run, service.conductor.commit, service.watching.speaks
    attempted, doomed = service.conductor.attempt, set[str]()

    async def attempt(begun: Any) -> Any:
        doomed.update({begun.interview_id} if begun.message == FATAL else ())
        return await attempted(begun)

    def run_or_die(turn: Any) -> Any:
        if point == "after accept" and turn.message == FATAL:
            _die()
        return run(turn)

    async def commit_or_die(attempt: Any, *given: Any, **more: Any) -> None:
        fatal = attempt.turn.message == FATAL
        if fatal and point == "before commit":
            _die()
        if fatal and point == "mid-speech":
            await asyncio.sleep(60)  # the last sentence is out; what is left of the turn is not
        await commit(attempt, *given, **more)
        if fatal and point == "after commit":
            _die()

    def speak_and_die(interview_id: str, text: str, *, again: bool = False) -> None:
        speaks(interview_id, text, again=again)
        if interview_id in doomed:
            asyncio.get_running_loop().call_later(HEARD_WITHIN, _die)

    service.turns.run = run_or_die
    service.conductor.attempt = attempt
    service.conductor.commit = commit_or_die
    if point == "mid-speech":
        service.watching.speaks = speak_and_die
