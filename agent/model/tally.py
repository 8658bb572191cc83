"""Many calls to a model for one piece of work: bounded, added up, and given up when they fail."""

from pydantic import Field

from agent.events import ModelCalled
from agent.model.endpoint import Endpoint
from agent.model.errors import ModelFailed
from agent.model.forms import Shape
from agent.model.prompts import Filled
from knowledge.atoms import Frozen

MOST_CALLS = 60
MOST_TOKENS = 500_000
"""In and out, as far as the endpoint counts them."""
FAILURES = 2
"""In a row, from which the rest is not tried."""


class Bill(Frozen):
    """What it took; `cost` is in the currency of the configured prices, where there are any."""

    calls: int = 0
    failed: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float | None = None
    trouble: str | None = Field(default=None, description="Why calls failed, or no more were made.")


class Tally:
    """Asks one endpoint, call after call, until its bounds are reached."""

    def __init__(self, endpoint: Endpoint, calls: int = MOST_CALLS) -> None:
        self._endpoint, self._most = endpoint, calls
        self._in_a_row = 0
        self.bill = Bill()

    @property
    def by(self) -> str:
        """Who proposes, as it stands beside what is proposed."""
        return f"model {self._endpoint.model}"

    @property
    def over(self) -> bool:
        """Whether nothing more may be asked."""
        tokens = self.bill.tokens_in + self.bill.tokens_out
        return self._in_a_row >= FAILURES or self.bill.calls >= self._most or tokens >= MOST_TOKENS

    async def ask(self, prompt: Filled, schema: type[Shape]) -> Shape | None:
        """The reply; None where there is none, or nothing more may be asked."""
        if self.over:
            return None
        try:
            reply, call = await self._endpoint.structured(prompt, schema)
        except ModelFailed as failed:
            self._in_a_row += 1
            for each in failed.calls:
                self._note(each)
            return None
        self._in_a_row = 0
        self._note(call)
        if self.over:
            self._stop(f"{self.bill.calls} calls and the tokens they took are as many as may be")
        return reply

    def _note(self, call: ModelCalled) -> None:
        bill, failed = self.bill, call.outcome == "failed"
        costs = [cost for cost in (bill.cost, call.cost) if cost is not None]
        self.bill = Bill(
            calls=bill.calls + 1,
            failed=bill.failed + failed,
            tokens_in=bill.tokens_in + (call.tokens_in or 0),
            tokens_out=bill.tokens_out + (call.tokens_out or 0),
            cost=round(sum(costs), 8) if costs else None,
            trouble=call.failure if failed else bill.trouble,
        )

    def _stop(self, why: str) -> None:
        self.bill = self.bill.model_copy(update={"trouble": self.bill.trouble or why})
