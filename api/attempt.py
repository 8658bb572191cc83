"""One attempt at a turn: what it says and does, before any of it is written."""

import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any, Protocol, cast

from agent import words
from agent.budget import charged
from agent.deps import Deps
from agent.events import Action, Heard, Said, Took
from agent.policy import Policy
from agent.state import SILENT, Interview, Message
from api.records import Begun, Status
from api.records import Interview as Stored


class Attempt(Protocol):
    """Iterate it for its events; then `events` and `state` are what there is to commit."""

    turn: Begun
    stored: Stored
    state: Interview
    events: list[dict[str, Any]]

    def __aiter__(self) -> AsyncIterator[dict[str, Any]]:
        """The events in order, with the sentences of a message ahead of it as `speaking`."""


class Played:
    """The turn as the graph plays it."""

    def __init__(
        self,
        turn: Begun,
        stored: Stored,
        state: Interview,
        message: Message,
        deps: Deps,
        first: list[dict[str, Any]],
    ) -> None:
        self.turn, self.stored, self.state, self.events = turn, stored, state, first
        self._message, self._deps = message, deps

    async def __aiter__(self) -> AsyncIterator[dict[str, Any]]:
        from agent.turn import Run

        for event in tuple(self.events):
            yield event
        began, first_word, readings = time.perf_counter(), None, list[float]()

        def clock() -> float:
            readings.append(self._deps.clock())
            return readings[-1]

        run = Run(self.state, self._message, replace(self._deps, clock=clock))
        async for event in run:
            if first_word is None and event["type"] in {"said", "speaking"}:
                first_word = round(time.perf_counter() - began, 3)
            if event["type"] != "speaking":
                self.events.append(event)
            yield event
        self.state = run.state
        took = Took(
            at=readings[-1],
            kind=self.turn.kind,
            attempt=self.turn.attempt,
            waited=round(self.turn.waited, 3),
            first_word=first_word,
            seconds=round(time.perf_counter() - began, 3),
            clock=tuple(readings),
        )
        self.events.append(took.model_dump(mode="json"))


class KeptOnly:
    """A turn that no attempt could run: heard, not answered, its question still open."""

    def __init__(
        self,
        turn: Begun,
        stored: Stored,
        state: Interview,
        message: Message,
        now: float,
        first: list[dict[str, Any]],
    ) -> None:
        self.turn, self.stored = turn, stored
        policy = Policy.model_validate(stored.options["policy"])
        self.state, events = kept_only(state, message, now, policy)
        self.events = [*first, *(event.model_dump(mode="json") for event in events)]

    async def __aiter__(self) -> AsyncIterator[dict[str, Any]]:
        for event in self.events:
            yield event


def kept_only(
    state: Interview, message: Message, now: float, policy: Policy
) -> tuple[Interview, list[Heard | Said]]:
    """What a message leaves that is kept and not answered: the state, and the events."""
    running = None if state["paused"] else state["said_at"]
    spent = charged(running, now, policy.longest_silence)
    left: Interview = {**state, "used": state["used"] + spent, "said_at": now}
    return left, list(_kept(state, message, now))


def _kept(state: Interview, message: Message, now: float) -> Iterator[Heard | Said]:
    number, stage, action = state["number"], state["stage"], message["action"]
    if action not in SILENT:
        yield Heard(
            text=message["text"],
            stage=stage,
            question=number,
            action=cast("Action | None", action),
            amends=message.get("about"),
            at=now,
        )
    yield Said(text=words.KEPT_ONLY, stage=stage, purpose="reply", question=number, at=now)


def status_of(state: Interview) -> Status:
    """How an interview in this state stands."""
    if state["stage"] == "done":
        return "ended"
    return "paused" if state["paused"] else "running"
