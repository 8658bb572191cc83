"""Carrying on when the language model does not answer: another examiner marks, and says so."""

from collections.abc import AsyncIterator

from agent.events import FellBack, Mark
from agent.examiner import Brief, Examination, Examiner, Sheet, Spoken
from agent.model import ModelFailed


class WithFallback:
    """The first examiner; where it fails, the second marks in its place.

    What the second marked says so on every mark and waits to be marked again by the first.
    """

    def __init__(self, first: Examiner, second: Examiner) -> None:
        self._first = first
        self._second = second
        self.name = first.name
        self.source = first.source
        self.model: str | None = getattr(first, "model", None)
        self.prompts: dict[str, str] = getattr(first, "prompts", {})

    async def examine(self, sheet: Sheet) -> Examination:
        """The first's examination, or the second's with the failure noted."""
        try:
            return await self._first.examine(sheet)
        except ModelFailed as failed:
            return self._stood_in(await self._second.examine(sheet), failed)

    def _stood_in(self, examination: Examination, failed: ModelFailed) -> Examination:
        note = FellBack(purpose="examine", to=self._second.name, failure=str(failed))
        return examination.model_copy(
            update={
                "marks": _by_fallback(examination.marks),
                "flags": _by_fallback(examination.flags),
                "elsewhere": _by_fallback(examination.elsewhere),
                "source": self._second.source,
                "calls": (*failed.calls, *examination.calls),
                "fell_back": note,
            }
        )

    async def phrase(self, brief: Brief) -> AsyncIterator[Spoken]:
        """The first's words; it notes by itself where it could not find any."""
        async for spoken in self._first.phrase(brief):
            yield spoken


def _by_fallback(marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
    return tuple(mark.model_copy(update={"fallback": True}) for mark in marks)
