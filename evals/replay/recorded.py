"""A language model that says what it said then: the replies of the log, in their order."""

from collections import deque
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass

from pydantic import SecretStr

from agent.events import ModelCalled
from agent.model.call import KEPT, Answer
from agent.model.endpoint import Endpoint
from agent.model.errors import Fault, ModelFailed
from agent.model.forms import LONGEST, Shape, read
from agent.model.prompts import Filled


@dataclass(frozen=True)
class _Nowhere:
    """Access to a model that is never asked."""

    model: str
    base_url: str | None = None
    api_key: SecretStr | None = None
    timeout: float = 0.0
    price_in: float | None = None
    price_out: float | None = None


class OffRecord(ModelFailed):
    """The turn asked for a reply that the log does not hold, or not whole."""

    def __init__(self, prompt: Filled, why: str) -> None:
        call = ModelCalled(
            purpose=prompt.purpose,
            prompt=prompt.hash,
            outcome="failed",
            failure=why,
            attempts=0,
            seconds=0.0,
        )
        super().__init__(call)


class Recorded(Endpoint):
    """Gives the calls of one turn's log; nothing is sent.

    Another prompt, another purpose, or one call too many fails as `OffRecord`, which shows in the
    events that come of it.
    """

    def __init__(self, model: str, calls: Iterable[ModelCalled]) -> None:
        super().__init__(_Nowhere(model or "unknown"))
        self._calls = deque(calls)

    async def structured(self, prompt: Filled, schema: type[Shape]) -> tuple[Shape, ModelCalled]:
        """The reply of the log, read anew."""
        call = self._next(prompt)
        try:
            return read(Answer(text=call.reply or ""), schema), call
        except Fault as fault:
            raise OffRecord(prompt, f"the recorded reply cannot be read: {fault.reason}") from fault

    async def stream(
        self, prompt: Filled, longest: int = LONGEST
    ) -> AsyncIterator[str | ModelCalled]:
        """The reply of the log in one piece."""
        call = self._next(prompt, streams=True)
        if call.reply:
            yield call.reply
        if call.outcome == "failed":
            raise ModelFailed(call)
        yield call

    def _next(self, prompt: Filled, *, streams: bool = False) -> ModelCalled:
        call = self._calls.popleft() if self._calls else None
        if call is None or call.purpose != prompt.purpose:
            raise OffRecord(prompt, "the log holds no such reply")
        if call.prompt != prompt.hash:
            raise OffRecord(prompt, f"the prompt has changed since ({call.prompt} then)")
        if call.outcome == "failed" and not streams:
            raise ModelFailed(call)
        if len(call.reply or "") >= KEPT:
            raise OffRecord(prompt, "the log holds only the beginning of the reply")
        return call
