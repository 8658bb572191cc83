"""What a suite found: its aims, what missed them, and what it cost."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent.events import ModelCalled
from evals.markdown import table
from knowledge.atoms import Frozen

SHOWN = 12


@dataclass(frozen=True)
class Aim:
    """A figure that may be at most `at_most`."""

    what: str
    at_most: float
    found: float

    @property
    def met(self) -> bool:
        """Whether it is."""
        return self.found <= self.at_most


class Miss(Frozen):
    """A case against an aim: what was done, to which question, and the words it shows in."""

    what: str
    question: str
    words: str
    by: float | None = None
    """How far the score moved; None where it is no matter of scores."""


@dataclass(frozen=True)
class Cost:
    """What a language model took; nothing for `local`."""

    calls: int = 0
    failed: int = 0
    tokens: int = 0
    price: float | None = None
    """In the currency of the configured price; None where none is configured."""

    def __str__(self) -> str:
        if not self.calls:
            return "No calls to a language model."
        price = "price not configured" if self.price is None else f"cost {self.price:.4f}"
        return f"{self.calls} calls, {self.failed} failed, {self.tokens} tokens, {price}."


@dataclass(frozen=True)
class Outcome:
    """One suite on one examiner and kit."""

    name: str
    tried: str
    """How many of what, in words."""
    aims: tuple[Aim, ...]
    misses: tuple[Miss, ...]
    cost: Cost
    cases: int
    left_out: tuple[str, ...] = ()
    """Cases without a result, each with the reason; they count neither way."""

    @property
    def passed(self) -> bool:
        """Whether something was tried and every aim is met."""
        return self.cases > 0 and all(aim.met for aim in self.aims)

    @property
    def text(self) -> str:
        """For people to read."""
        rows = [(a.what, a.at_most, a.found, "met" if a.met else "missed") for a in self.aims]
        parts = [self.tried, table(("aim", "at most", "found", ""), rows), str(self.cost)]
        if self.misses:
            cases = [(m.what, m.question, m.words[:120], m.by or "") for m in self.misses[:SHOWN]]
            more = f"{len(self.misses)} cases, the furthest first:"
            parts += [more, table(("case", "question", "words", "by"), cases)]
        if self.left_out:
            parts.append(f"Left out: {len(self.left_out)}. {self.left_out[0]}")
        return "\n\n".join(parts)


def cost_of(calls: Sequence[ModelCalled]) -> Cost:
    """What these calls took."""
    prices = [call.cost for call in calls if call.cost is not None]
    return Cost(
        calls=len(calls),
        failed=sum(call.outcome == "failed" for call in calls),
        tokens=sum((call.tokens_in or 0) + (call.tokens_out or 0) for call in calls),
        price=sum(prices) if prices else None,
    )
