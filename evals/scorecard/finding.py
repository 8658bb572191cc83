"""What a rule finds, and what a rule is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from agent.events import Event

if TYPE_CHECKING:
    from evals.scorecard.view import View

Severity = Literal["fault", "look"]
"""`fault`: the rule is broken; `look`: code cannot tell, a person should read the moment."""
MOST_LETTERS = 240


@dataclass(frozen=True)
class Finding:
    """A moment at which the interviewer did not keep a rule, or may not have."""

    transcript: str
    rule: str
    severity: Severity
    seq: int
    turn: int
    words: str
    """What was said or heard there, shortened."""
    why: str


@dataclass(frozen=True)
class Found:
    """A finding as a rule yields it."""

    event: Event
    words: str
    why: str
    severity: Severity = "fault"


@dataclass(frozen=True)
class Rule:
    """One rule: its name, what it asks for, and how it is checked."""

    name: str
    asks: str
    check: Callable[["View"], Iterator[Found]]

    def findings(self, view: "View") -> Iterator[Finding]:
        """What the rule finds in a transcript."""
        for found in self.check(view):
            yield Finding(
                transcript=view.id,
                rule=self.name,
                severity=found.severity,
                seq=found.event.seq,
                turn=found.event.turn,
                words=_short(found.words),
                why=found.why,
            )


def _short(words: str) -> str:
    flat = " ".join(words.split())
    return flat if len(flat) <= MOST_LETTERS else f"{flat[: MOST_LETTERS - 3]}..."
