"""One attempt at a turn: what it says and does, before any of it is written."""

from collections.abc import AsyncIterator, Iterator
from typing import Any, Protocol, cast

from agent import words
from agent.budget import charged
from agent.deps import Deps
from agent.events import Action, Event, Heard, Said
from agent.policy import Policy
from agent.state import SILENT, Interview, Message
from api.records import Interview as Stored
from api.records import Status, Turn


class Attempt(Protocol):
    """Iterate it for its events; then `events` and `state` are what there is to commit."""

    turn: Turn
    stored: Stored
    state: Interview
    events: list[dict[str, Any]]

    def __aiter__(self) -> AsyncIterator[dict[str, Any]]:
        """The events in order, with the sentences of a message ahead of it as `speaking`."""


class Played:
    """The turn as the graph plays it."""

    def __init__(
        self,
        turn: Turn,
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
        run = Run(self.state, self._message, self._deps)
        async for event in run:
            if event["type"] != "speaking":
                self.events.append(event)
            yield event
        self.state = run.state


class KeptOnly:
    """A turn that no attempt could run: heard, not answered, its question still open."""

    def __init__(
        self, turn: Turn, stored: Stored, state: Interview, message: Message, now: float
    ) -> None:
        self.turn, self.stored = turn, stored
        policy = Policy.model_validate(stored.options["policy"])
        running = None if state["paused"] else state["said_at"]
        spent = charged(running, now, policy.longest_silence)
        self.state: Interview = {**state, "used": state["used"] + spent, "said_at": now}
        self.events = [event.model_dump(mode="json") for event in _kept(state, message, now)]

    async def __aiter__(self) -> AsyncIterator[dict[str, Any]]:
        for event in self.events:
            yield event


def _kept(state: Interview, message: Message, now: float) -> Iterator[Event]:
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
