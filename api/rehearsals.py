"""Rehearsals over HTTP and on pages: one at a time, kept for a while, and safe to be seen."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence

from agent.events import MarkSource
from agent.rehearsal import Rehearsal, rehearse
from agent.syllabus import Syllabus
from api.calibrations import Calibrations
from api.web.wire import KitOutline
from knowledge.atoms import Level
from knowledge.database import Database
from knowledge.errors import NotFound

KEPT = 64


class Rehearsals:
    """Each takes about a second of a processor, so nobody gets two at once."""

    def __init__(
        self,
        database: Database,
        syllabus: Callable[[str, str], Awaitable[Syllabus]],
    ) -> None:
        self._database, self._syllabus = database, syllabus
        self._made: OrderedDict[str, Rehearsal] = OrderedDict()
        self._one = asyncio.Lock()

    async def of(
        self,
        kit: KitOutline,
        level: Level,
        minutes: float,
        subjects: Sequence[str],
        by: MarkSource,
        workspace: str,
    ) -> Rehearsal:
        """A screen on this kit; candidates may look, so only names in its outline are told.

        Raises:
            NotFound: no such competency.
            BadInput: nothing of the kit can be marked.
        """
        shown = {topic.name for topic in kit.topics}
        wanted = [_known(subject, shown) for subject in subjects]
        syllabus = await self._syllabus(kit.name, kit.version)
        policy = await Calibrations(self._database, workspace).policy(syllabus.kit)
        calibrated = sorted(policy.measure.calibrated.items())
        key = repr((kit.version, level, minutes, sorted(wanted), by, calibrated))
        async with self._one:
            if key not in self._made:
                self._made[key] = await asyncio.to_thread(
                    rehearse,
                    syllabus,
                    policy,
                    level=level,
                    minutes=minutes,
                    subjects=wanted,
                    by=by,
                )
            while len(self._made) > KEPT:
                self._made.popitem(last=False)
            made = self._made[key]
        return made.model_copy(update={"kit": kit.name}).naming_only(shown)


def _known(subject: str, shown: set[str]) -> str:
    names = {name.casefold(): name for name in shown}
    if (name := names.get(subject.strip().casefold())) is None:
        raise NotFound(
            f"The kit has no competency {subject!r} that can be asked about and marked.",
            f"Choose from: {', '.join(sorted(shown)) or 'none'}.",
        )
    return name
