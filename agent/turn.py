"""Running one turn: a state and a message go in, typed events stream out, a state is left."""

from collections.abc import AsyncIterator
from copy import deepcopy
from typing import Any, cast

from agent.deps import Deps
from agent.state import Interview, Message


class Run:
    """One turn under way. Iterate it for the events; then `state` is what the turn left."""

    def __init__(self, state: Interview, message: Message, deps: Deps, header: Any = None) -> None:
        self._given = {
            **deepcopy(state),
            "message": message,
            "header": header,
            "examination": None,
        }
        self._deps = deps
        self.state = state

    async def __aiter__(self) -> AsyncIterator[dict[str, Any]]:
        """The events in order, JSON-native."""
        stream = compiled().astream(
            self._given, context=self._deps, stream_mode=["custom", "values"]
        )
        async for mode, chunk in stream:
            if mode == "custom":
                yield chunk
            else:
                self.state = cast(
                    "Interview", {key: chunk[key] for key in Interview.__annotations__}
                )


_graph: Any = None


def compiled() -> Any:
    """The graph, compiled once for the process."""
    global _graph
    if _graph is None:
        from agent.graph import build_graph

        _graph = build_graph().compile()
    return _graph
