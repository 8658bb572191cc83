"""A circuit breaker: an endpoint that is down is left alone, and nobody waits for it."""

import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager

from agent.events import ModelCalled
from agent.model.endpoint import Access, Endpoint
from agent.model.errors import Fault, ModelFailed
from agent.model.forms import LONGEST, Shape
from agent.model.prompts import Filled

FAILURES = 3
"""In a row, by whichever interviews, from which the endpoint is taken to be down."""
REST = 30.0
"""Seconds without a call; then one is let through, and if it fails there are as many again."""


class Breaker(Endpoint):
    """An endpoint whose calls fail at once while it is down.

    A refusal or a reply that does not fit is an answer: only no answer at all counts as a failure.
    """

    def __init__(
        self,
        access: Access,
        *,
        rest: float = REST,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(access)
        self._rest, self._clock = rest, clock
        self._failures, self._asleep_until = 0, 0.0

    async def structured(self, prompt: Filled, schema: type[Shape]) -> tuple[Shape, ModelCalled]:
        """As the endpoint's own; ModelFailed at once while it is left alone."""
        with self._watched(prompt):
            return await super().structured(prompt, schema)

    async def stream(
        self, prompt: Filled, longest: int = LONGEST
    ) -> AsyncIterator[str | ModelCalled]:
        """As the endpoint's own; ModelFailed at once while it is left alone."""
        with self._watched(prompt):
            async for piece in super().stream(prompt, longest):
                yield piece

    @contextmanager
    def _watched(self, prompt: Filled) -> Iterator[None]:
        if self._failures >= FAILURES:
            if self._clock() < self._asleep_until:
                raise ModelFailed(self._left_alone(prompt))
            self._asleep_until = self._clock() + self._rest  # this call finds out; others wait
        try:
            yield
        except ModelFailed as failed:
            self._failures = self._failures + 1 if _is_down(failed) else 0
            if self._failures == FAILURES:
                self._asleep_until = self._clock() + self._rest
            raise
        self._failures = 0

    def _left_alone(self, prompt: Filled) -> ModelCalled:
        return ModelCalled(
            purpose=prompt.purpose,
            prompt=prompt.hash,
            outcome="failed",
            failure=f"it did not answer {FAILURES} times in a row and is left alone for a while",
            attempts=0,
            seconds=0.0,
        )


def _is_down(failed: ModelFailed) -> bool:
    cause = failed.__cause__
    return not isinstance(cause, Fault) or cause.again or "in time" in cause.reason
