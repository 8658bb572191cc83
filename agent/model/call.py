"""What one call to a model took: attempts, time, tokens, cost, and what came back."""

import asyncio
import time
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Literal, TypeVar

from agent.events import ModelCalled
from agent.model.errors import Fault
from agent.model.prompts import Filled

KEPT = 20_000
"""Characters of the raw reply that the log keeps."""
RETRIES = 2
FIRST_WAIT = 0.5
"""Seconds before the first retry where the server names none; each further wait doubles."""

T = TypeVar("T")


@dataclass(frozen=True)
class Answer:
    """What a model said, whole or a piece of it."""

    text: str = ""
    refusal: str = ""
    finish: str | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None


@dataclass(frozen=True)
class Prices:
    """What a million tokens cost, in any one currency."""

    tokens_in: float | None
    tokens_out: float | None

    def cost(self, tokens_in: int | None, tokens_out: int | None) -> float | None:
        """The cost of these tokens; None where a price or a count is not known."""
        if None in (self.tokens_in, self.tokens_out, tokens_in, tokens_out):
            return None
        paid = (self.tokens_in or 0) * (tokens_in or 0) + (self.tokens_out or 0) * (tokens_out or 0)
        return round(paid / 1e6, 8)


class Call:
    """Accounts for one call with its retries and its repair, and keeps to its deadline."""

    def __init__(self, prompt: Filled, timeout: float, prices: Prices) -> None:
        self._prompt, self._prices = prompt, prices
        self._began = time.monotonic()
        self.deadline = asyncio.get_running_loop().time() + timeout
        self.attempts = 0
        self._tokens_in: int | None = None
        self._tokens_out: int | None = None
        self._reply = ""

    async def within(self, work: Awaitable[T]) -> T:
        """The work's result, if it comes before the deadline.

        Raises:
            TimeoutError: it does not.
        """
        async with asyncio.timeout_at(self.deadline):
            return await work

    async def wait_for_another(self, fault: Fault, attempt: int) -> None:
        """Wait before the next attempt (0-based), or raise the fault where none is left."""
        pause = FIRST_WAIT * 2**attempt if fault.wait is None else fault.wait
        left = self.deadline - asyncio.get_running_loop().time()
        if not fault.again or attempt >= RETRIES or pause >= left:
            raise fault
        await asyncio.sleep(pause)

    def heard(self, piece: Answer) -> None:
        """Note a piece of the reply, and the tokens it reports."""
        self._reply = (self._reply + piece.text)[:KEPT]
        self._tokens_in = _sum(self._tokens_in, piece.tokens_in)
        self._tokens_out = _sum(self._tokens_out, piece.tokens_out)

    def forget(self) -> None:
        """The reply so far is given up for another one; its tokens still count."""
        self._reply = ""

    def ended(
        self, outcome: Literal["ok", "repaired", "failed"], failure: str | None = None
    ) -> ModelCalled:
        """The event for the log."""
        return ModelCalled(
            purpose=self._prompt.purpose,
            prompt=self._prompt.hash,
            outcome=outcome,
            failure=failure,
            attempts=self.attempts,
            seconds=round(time.monotonic() - self._began, 3),
            tokens_in=self._tokens_in,
            tokens_out=self._tokens_out,
            cost=self._prices.cost(self._tokens_in, self._tokens_out),
            reply=self._reply or None,
        )


def _sum(one: int | None, other: int | None) -> int | None:
    return other if one is None else one + (other or 0)
