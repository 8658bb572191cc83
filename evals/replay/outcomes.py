"""What comes of a transcript that was replayed: plain, so that it can be sent and kept."""

from dataclasses import dataclass, field
from typing import Any, Literal

from evals.marks import CompetencyRow, MarkRow, QuestionRow, Versions
from evals.replay.packing import Item
from evals.replay.regrade import Failed

State = Literal["same", "different", "regraded", "diverged", "failed"]


@dataclass(frozen=True)
class Rows:
    """One grading of one interview."""

    versions: Versions
    marks: list[MarkRow]
    questions: list[QuestionRow]
    competencies: list[CompetencyRow]


@dataclass(frozen=True)
class Outcome:
    """What came of one transcript."""

    id: str
    key: str
    state: State
    told: str
    """In a line of words."""
    answers: int = 0
    """How many were marked anew."""
    events: int = 0
    """How many came out the same."""
    before: Rows | None = None
    """The grading of the log."""
    after: Rows | None = None
    """The new one."""
    failed: list[Failed] = field(default_factory=list)
    not_in_kit: list[str] = field(default_factory=list)
    regraded: list[dict[str, Any]] = field(default_factory=list)
    """The new marks as events."""
    policy: dict[str, Any] = field(default_factory=dict)
    """Numbers of the policy that are not the log's."""
    detail: dict[str, Any] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Whether there is nothing left to try again."""
        return self.state != "failed" and not self.failed


def failure(item: Item, why: str) -> Outcome:
    """An outcome that is none."""
    return Outcome(item.id, item.key, "failed", why)
