"""A model's replies belong to the sheets it was shown; for another sheet there is no reply."""

from collections.abc import AsyncIterator, Callable

from agent.events import MarkSource
from agent.examiner import Brief, Examination, Examiner, Sheet, Spoken
from agent.model.examiner import short_ids
from evals.replay.playing import Playing
from evals.replay.transcript import Turn

Shown = tuple[tuple[str, str], ...]
"""The items of a sheet by the short ids that the model knew them by."""


class OtherSheet(Exception):
    """The model would have been shown something else than it was."""


class Watched:
    """An examiner whose sheets are looked at before it gets to see them."""

    def __init__(self, examiner: Examiner, look: Callable[[Shown], None]) -> None:
        self._examiner, self._look = examiner, look
        self.name: str = examiner.name
        self.source: MarkSource = examiner.source

    async def examine(self, sheet: Sheet) -> Examination:
        """The examiner's own, once its sheet has been looked at."""
        self._look(tuple((short, atom.text) for short, atom in short_ids(sheet).items()))
        return await self._examiner.examine(sheet)

    async def phrase(self, brief: Brief) -> AsyncIterator[Spoken]:
        """The examiner's own words."""
        async for spoken in self._examiner.phrase(brief):
            yield spoken


class Noted(Playing):
    """Playing that notes in `shown` what the examiner was shown in the last turn."""

    shown: list[Shown]

    def examiner(self, turn: Turn) -> Examiner:
        self.shown = []
        return Watched(super().examiner(turn), self.shown.append)


class Bound(Playing):
    """Playing that stops, with OtherSheet, where the examiner would be shown something else.

    `shown` is what it was shown in the turn to come.
    """

    shown: list[Shown]

    def examiner(self, turn: Turn) -> Examiner:
        return Watched(super().examiner(turn), self._check)

    def _check(self, shown: Shown) -> None:
        if not self.shown or self.shown.pop(0) != shown:
            raise OtherSheet
