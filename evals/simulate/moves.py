"""What a candidate meets and what they can do: the same for scripts and for models."""

from typing import NamedTuple, Protocol

from agent.state import Open


class Sight(NamedTuple):
    """The interview as it stands when it is the candidate's turn."""

    open: Open
    said: tuple[str, ...]
    """What the interviewer said since their last message."""
    confirming: bool
    """They were asked whether they want to end it."""
    paused: bool


class Move(NamedTuple):
    """One message or button: `kind` is what a turn can be."""

    kind: str
    text: str = ""
    seconds: float = 0.0
    """How long they sit there, beside reading and typing."""


class Candidate(Protocol):
    """Somebody who is interviewed."""

    async def reply(self, sight: Sight) -> Move:
        """What they do next."""
