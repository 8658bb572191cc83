"""An endpoint that may not be asked any more, for its share of tokens or money is used up."""

from collections.abc import AsyncIterator

from agent.events import ModelCalled
from agent.model.endpoint import Access, Endpoint
from agent.model.errors import ModelFailed
from agent.model.forms import LONGEST, Shape
from agent.model.prompts import Filled


class Spent(Endpoint):
    """Every call fails at once and says why; nothing is sent."""

    def __init__(self, access: Access, why: str) -> None:
        super().__init__(access)
        self._why = why

    async def structured(self, prompt: Filled, schema: type[Shape]) -> tuple[Shape, ModelCalled]:
        """Never: raises ModelFailed."""
        raise self._refused(prompt)

    async def stream(
        self, prompt: Filled, longest: int = LONGEST
    ) -> AsyncIterator[str | ModelCalled]:
        """Never: raises ModelFailed."""
        raise self._refused(prompt)
        yield ""

    def _refused(self, prompt: Filled) -> ModelFailed:
        return ModelFailed(
            ModelCalled(
                purpose=prompt.purpose,
                prompt=prompt.hash,
                outcome="failed",
                failure=self._why,
                attempts=0,
                seconds=0.0,
            )
        )
