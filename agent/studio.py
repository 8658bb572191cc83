"""The graph for LangGraph's own tools: a turn with all it needs, and a state to begin with.

`langgraph dev` and LangGraph Studio load `graph` (see langgraph.json). They keep the state between
turns themselves; the service never uses this module.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from langgraph.graph import START, StateGraph
from langgraph.runtime import Runtime
from typing_extensions import TypedDict

from agent.choosing import plan_subjects
from agent.deps import Deps, Room
from agent.events import Action, Mode
from agent.graph import build_graph
from agent.nodes import Turn
from agent.state import Message, new_interview
from agent.syllabus import Syllabus
from knowledge.atoms import Kit, Level
from knowledge.embedder import open_embedder
from knowledge.errors import NotFound
from knowledge.kit_yaml import parse_kit


class Words(TypedDict, total=False):
    """What one types; the first run says the opening, whatever is typed."""

    text: str
    action: Action | None


@dataclass(frozen=True)
class Desk:
    """What can be set in the tool; the examiner is `local`, and nothing is retrieved."""

    kit: str = "data-engineer"
    """One of the kits that ship."""
    level: Level = "mid"
    mode: Mode = "practice"
    core: int = 4
    minutes: float = 45.0
    light: bool = True
    """Take the embedder that needs no model: it starts at once and marks roughly."""

    @property
    def clock(self) -> Callable[[], float]:
        """Unix seconds."""
        return time.time

    @property
    def room(self) -> Room:
        """What the nodes work with.

        Raises:
            NotFound: no kit of this name ships.
        """
        return _room(self.kit, self.light)


@cache
def _room(kit_name: str, light: bool) -> Room:
    from agent.local import LocalExaminer

    embedder = open_embedder("light" if light else None)
    syllabus = Syllabus(_shipped(kit_name))
    return Deps(examiner=LocalExaminer(embedder), syllabus=syllabus, embedder=embedder).room


def _shipped(name: str) -> Kit:
    kits = {file.name: file for file in files("knowledge").joinpath("kits").iterdir()}
    file = kits.get(f"{name}.yaml")
    if file is None:
        there = ", ".join(sorted(kits))
        raise NotFound(f"No kit {name!r} ships with Viva.", f"Take one of: {there}.")
    return parse_kit(file.read_text(encoding="utf-8"), file.name)


class Seat(Turn, total=False):
    """What the tool keeps between turns."""

    text: str
    action: Action | None


async def begin(state: Seat, runtime: Runtime[Desk]) -> dict[str, Any]:
    """Make everything ready, and give the first turn a state to start from."""
    desk = runtime.context
    room = await asyncio.to_thread(lambda: desk.room)
    fresh = {"header": None, "examination": None, "text": "", "action": None}
    if "stage" in state:
        message = Message(text=state.get("text", ""), action=state.get("action"))
        return {**fresh, "message": message}
    interview = new_interview(
        mode=desk.mode,
        level=desk.level,
        seed=0,
        minutes=desk.minutes,
        core=desk.core,
        subjects=plan_subjects(room.syllabus, desk.core, room.policy),
    )
    return {**fresh, **interview, "message": Message(text="", action="open")}


def _build() -> Any:
    outer = StateGraph[Seat, Desk, Words, Seat](Seat, context_schema=Desk, input_schema=Words)
    outer.add_node("begin", begin)
    outer.add_node("turn", build_graph().compile())
    outer.add_edge(START, "begin")
    outer.add_edge("begin", "turn")
    return outer.compile()


graph = _build()
