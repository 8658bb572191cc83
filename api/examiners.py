"""Who reads and marks in this process: `local`, or a language model with `local` behind it."""

from functools import cached_property
from typing import TYPE_CHECKING

from agent.examiner import Examiner
from api.settings import Settings
from knowledge.errors import BadInput

if TYPE_CHECKING:
    from agent.model import Endpoint, ModelExaminer


class Examiners:
    """Makes examiners by name; the model's endpoint is made once and probed once."""

    def __init__(self, settings: Settings | None = None) -> None:
        self._settings = settings or Settings()

    async def check(self, name: str) -> None:
        """Find out whether this examiner can work.

        Raises:
            BadInput: no model is set, it cannot be reached, or it refuses us; with the remedy.
        """
        if name == "model":
            await self._endpoint.probe()

    async def trouble(self, name: str) -> str | None:
        """What keeps this examiner from working just now, if anything.

        Raises:
            BadInput: no model is set.
        """
        endpoint = self._endpoint if name == "model" else None
        try:
            if endpoint:
                await endpoint.probe()
        except BadInput as down:
            return down.message
        return None

    def alone(self, name: str, local: Examiner) -> Examiner:
        """The examiner of this name; where it fails, it fails."""
        return self.model if name == "model" else local

    def backed(self, name: str, local: Examiner, *, spent: str = "") -> Examiner:
        """The same with `local` behind it, so that an interview always goes on.

        `spent` says why the model may not be asked any more; it is then as if it had failed.
        """
        from agent.fallback import WithFallback
        from agent.model import ModelExaminer, Spent

        if name != "model":
            return local
        first = ModelExaminer(Spent(self._settings, spent)) if spent else self.model
        return WithFallback(first, local)

    @cached_property
    def model(self) -> "ModelExaminer":
        """The language model of the settings.

        Raises:
            BadInput: VIVA_MODEL is not set.
        """
        from agent.model import ModelExaminer

        return ModelExaminer(self._endpoint)

    @cached_property
    def _endpoint(self) -> "Endpoint":
        from agent.model import Breaker

        return Breaker(self._settings)

    async def close(self) -> None:
        """Close the model's connections, where there are any."""
        if "_endpoint" in self.__dict__:
            await self._endpoint.close()
