"""What a turn works with; handed to the graph at run time, never stored."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from agent.examiner import Examiner
from agent.leak import LeakGuard
from agent.policy import Policy
from agent.syllabus import Syllabus
from knowledge.embedder import Embedder
from knowledge.index import KitIndex


@dataclass(frozen=True)
class Deps:
    """Everything has a default so that LangGraph's own tools can load the graph."""

    examiner: Examiner | None = None
    syllabus: Syllabus | None = None
    index: KitIndex | None = None
    embedder: Embedder | None = None
    policy: Policy = Policy()
    clock: Callable[[], float] = time.time
    guard: LeakGuard | None = None
    """Made of the kit when absent, which takes a while for a large one."""

    @cached_property
    def room(self) -> "Room":
        """The same, with nothing missing.

        Raises:
            RuntimeError: a turn was run without an examiner, a syllabus or an embedder.
        """
        if not (self.examiner and self.syllabus and self.embedder):
            raise RuntimeError("A turn needs an examiner, a syllabus and an embedder.")
        guard = self.guard or LeakGuard(self.syllabus.kit)
        return Room(
            self.examiner, self.syllabus, self.index, self.embedder, self.policy, self.clock, guard
        )


@dataclass(frozen=True)
class Room:
    """The complete set a node works with."""

    examiner: Examiner
    syllabus: Syllabus
    index: KitIndex | None
    """None where nothing is to be retrieved."""
    embedder: Embedder
    policy: Policy
    clock: Callable[[], float]
    guard: LeakGuard
