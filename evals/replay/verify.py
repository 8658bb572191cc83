"""Verify: the same kit, examiner, policy, clock readings and seed must give the same events."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from agent.events import AnyEvent
from agent.model.prompts import HELD, load
from evals.replay.playing import Playing, Ready
from evals.replay.transcript import Revision, Transcript, Turn
from knowledge.atoms import Kit

NEAR = 1e-5
"""How far numbers may lie apart: another batch, or another processor, moves a vector's last
digits."""
GIVEN_BY_THE_STORE = {"seq", "turn"}


@dataclass(frozen=True)
class Difference:
    """The first event that came out otherwise."""

    turn: int
    seq: int
    """Of the log's event; where the log has none, of the one before."""
    field: str
    then: str
    now: str


@dataclass(frozen=True)
class Verified:
    """What playing a transcript again came to."""

    id: str
    events: int
    """Events that came out the same."""
    turns: int
    difference: Difference | None = None

    @property
    def same(self) -> bool:
        """Whether every event came out again."""
        return self.difference is None


async def verify(transcript: Transcript, kit: Kit, ready: Ready) -> Verified:
    """Play the interview again and compare it to the event."""
    if changed := _changed_prompts(transcript):
        return Verified(transcript.id, 0, 0, changed)
    playing, events, turns = Playing(transcript, ready, kit), 0, 0
    for step in transcript.steps:
        if isinstance(step, Revision):
            playing.revise(step)
            continue
        difference = compare(step, await playing.turn(step))
        if difference:
            return Verified(transcript.id, events, turns, difference)
        events += len(step.events)
        turns += 1
    return Verified(transcript.id, events, turns)


def _changed_prompts(transcript: Transcript) -> Difference | None:
    """Replies to another prompt say nothing about this one."""
    then = transcript.header.prompts
    for purpose in HELD:
        now = load(purpose).hash
        if purpose in then and then[purpose] != now:
            return Difference(1, 1, f"the prompt {purpose}", then[purpose], now)
    return None


def compare(turn: Turn, now: Iterable[AnyEvent]) -> Difference | None:
    """The first event of the turn that differs; times count where the log has its readings."""
    came = list(now)
    apart = GIVEN_BY_THE_STORE if turn.took else GIVEN_BY_THE_STORE | {"at"}
    for then, again in zip(turn.events, came, strict=False):
        found = _first(then.model_dump(exclude=apart), again.model_dump(exclude=apart), "")
        if found:
            return Difference(turn.number, then.seq, *found)
    if len(came) == len(turn.events):
        return None
    at = min(len(came), len(turn.events))
    seq = turn.events[min(at, len(turn.events) - 1)].seq
    then_, now_ = (e[at].type if at < len(e) else "nothing" for e in (turn.events, came))
    return Difference(turn.number, seq, "event", then_, now_)


def _first(then: Any, now: Any, path: str) -> tuple[str, str, str] | None:
    """Where two values first differ, with both."""
    if isinstance(then, dict) and isinstance(now, dict) and then.keys() == now.keys():
        parts = ((f"{path}.{key}".lstrip("."), then[key], now[key]) for key in then)
    elif isinstance(then, list | tuple) and isinstance(now, list | tuple) and len(then) == len(now):
        parts = ((f"{path}[{i}]", a, b) for i, (a, b) in enumerate(zip(then, now, strict=True)))
    else:
        return None if _same(then, now) else (path or "event", str(then), str(now))
    return next((found for where, a, b in parts if (found := _first(a, b, where))), None)


def _same(then: Any, now: Any) -> bool:
    if isinstance(then, float) and isinstance(now, float):
        return abs(then - now) <= NEAR
    return bool(then == now)
