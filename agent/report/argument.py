"""The parts of a report that let it be argued with: how firm it is, what it stands beside."""

from typing import Literal

from pydantic import Field

from agent.events import MarkSource, Mode
from agent.measuring import Phrase
from knowledge.atoms import Frozen, Level


class Flip(Frozen):
    """One single change that would turn the verdict into another."""

    kind: Literal["question", "mark", "threshold"]
    what: str
    """The change in words, as a clause: `without question 3`."""
    question: int | None
    """Its place in the report's questions, 1-based; null for a threshold."""
    becomes: Phrase


class Stability(Frozen):
    """How easily a verdict would change."""

    sentence: str
    flips: tuple[Flip, ...]
    tried: dict[Literal["question", "mark", "threshold"], int]
    """How many single changes were tried."""
    agreeing: float | None = Field(ge=0, le=1)
    """Share of the bootstraps over questions that come to the same verdict; null below two."""
    bootstraps: int


class Evidence(Frozen):
    """The candidate's own words, and the question they were said to."""

    quote: str
    question: str | None = None
    """Null where it was said in the warm-up."""


ClaimStatus = Literal["never asked", "asked", "demonstrated", "contradicted"]


class ClaimLine(Frozen):
    """Something the candidate says they know, and what became of it."""

    what: str
    status: ClaimStatus
    claimed: tuple[Evidence, ...]
    shown: tuple[Evidence, ...] = ()
    against: tuple[Evidence, ...] = ()
    asked: tuple[str, ...] = ()
    """Questions that were put about it."""


class Share(Frozen):
    """A count of this interview beside the middle and the range of the others."""

    name: str
    mine: float
    median: float | None = None
    """Null, as the range is, where too few others would show one person's."""
    low: float | None = None
    high: float | None = None


class Receipt(Frozen):
    """How this candidate was treated, beside the others of the same screen."""

    others: int
    """Interviews of the same screen that it is compared with."""
    common: int
    """Core questions that all of them were asked."""
    core: int
    """Core questions that this one was asked."""
    shares: tuple[Share, ...]
    examiners: tuple[MarkSource, ...]
    same_examiner: bool | None = None
    """Whether all were marked by the same; null where there are no others."""
    sentence: str


class TryNext(Frozen):
    """A question of the kit to try next, and why."""

    id: str
    text: str
    subject: str
    level: Level
    why: str


class Since(Frozen):
    """A competency now and at the last practice on the same kit."""

    name: str
    before: float
    now: float
    sentence: str
    """In words, and whether the ranges are apart at all."""


class Retried(Frozen):
    """A question that the last practice asked too; counts are of the points of a full answer."""

    id: str
    text: str
    before: int
    now: int
    of: int
    new: tuple[str, ...]
    """Points made now and not then, in the kit's words."""
    sentence: str


class StudyPlan(Frozen):
    """What to do next, for practice."""

    next_questions: tuple[TryNext, ...]
    since: tuple[Since, ...] = ()
    retried: tuple[Retried, ...] = ()
    last: str | None = None
    """The interview that `since` compares with."""
    drill: str | None = None
    """The topic that five minutes would help most."""


ContestState = Literal["open", "upheld", "refused"]


class Contest(Frozen):
    """A mark, or a question as a whole, that the candidate sees otherwise."""

    number: int
    question: int
    """Its place in the report's questions, 1-based."""
    atom: str | None
    """The point or indicator; null for the question as a whole."""
    text: str | None
    reason: str
    quote: str | None
    """Words of the answer that the candidate points at."""
    at: float
    state: ContestState = "open"
    decided_by: str | None = None
    decision: str | None = None
    """The person's reason."""
    set_aside: bool = False
    """The question as a whole counts for nothing from now on."""
    withdrawn: bool = False
    """The reference was wrong, and leaves the kit with its next version."""


class Compared(Frozen):
    """One candidate in a comparison."""

    interview: str
    level: float | None
    low: float | None
    high: float | None
    verdict: str
    testlets: int
    provisional: bool


class Comparison(Frozen):
    """Candidates of one screen side by side; `order` only where the intervals support it."""

    kit: str
    kit_version: str
    level: Level
    mode: Mode
    common: tuple[str, ...]
    """Questions that all of them were asked."""
    candidates: tuple[Compared, ...]
    tiers: tuple[tuple[str, ...], ...]
    """Interviews from the highest on; within a tier nothing says who is ahead.

    Who has nothing graded is in none.
    """
    notes: tuple[str, ...]
