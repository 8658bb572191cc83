"""Reads by rules, marks by embeddings, phrases with the kit's own words."""

import asyncio
import re
from collections.abc import AsyncIterator

from agent.events import Intent, Mark, MarkSource, Quote
from agent.examiner import COMMUNICATION, Brief, Examination, Sheet
from agent.local import claims, phrasing, understanding
from agent.local.cues import WAY_TO_FIND_OUT
from agent.local.likeness import Comparer
from agent.local.marking import ON_TOPIC_FROM, Marker
from knowledge.embedder import Embedder

ANSWERED, REASON, EXAMPLE, TRADE_OFF = COMMUNICATION
SHOWS = {
    REASON: re.compile(
        r"\b(?:because|since|so that|otherwise|that way|which means|the reason|therefore"
        r"|so (?:the|it|its|we|i|no|nothing|nobody|a))\b",
        re.I,
    ),
    EXAMPLE: re.compile(
        r"\b(?:for example|for instance|e\.g\.|such as|once|last (?:year|month|week)|at my|"
        r"in (?:one|my|our) (?:project|team|job|pipeline)|we had|i had)\b",
        re.I,
    ),
    TRADE_OFF: re.compile(
        r"\b(?:trade-?offs?|downsides?|on the other hand|at the cost|costs? more|depends|versus|vs|"
        r"more expensive|slower|in exchange|drawback|the price)\b",
        re.I,
    ),
}


ELSEWHERE_FROM = 0.85


class LocalExaminer:
    """The default examiner. Marks say `local`; probabilities are not yet calibrated."""

    name = "local"
    source: MarkSource = "local"

    def __init__(self, embedder: Embedder) -> None:
        self._comparer = Comparer(embedder)
        self._marker = Marker(self._comparer)

    async def examine(self, sheet: Sheet) -> Examination:
        """Read and mark one message; the event loop stays free meanwhile."""
        return await asyncio.to_thread(self._examine, sheet)

    def _examine(self, sheet: Sheet) -> Examination:
        text = sheet.message.text
        intents: tuple[Intent, ...] = ("amend",)
        if not sheet.amends:
            intents = understanding.intents(text, sheet.kind)
        named = claims.mentions(text, sheet.technologies)
        if not understanding.in_english(text):
            kept: Intent = "amend" if sheet.amends else "answer"
            return Examination(intents=(kept,), mentions=named, readable=False)
        if "answer" not in intents and "amend" not in intents:
            return Examination(intents=intents, mentions=named)
        marker, question, message = self._marker, sheet.question, sheet.message
        if sheet.kind == "money" and not sheet.amends:
            marks = marker.bite(sheet.rubric, question, message)
        else:
            marks = marker.rubric(sheet.rubric, question, message, story=sheet.story)
        elsewhere = marker.rubric(sheet.elsewhere, question, message)
        return Examination(
            intents=intents,
            mentions=named,
            marks=tuple(marks),
            flags=tuple(marker.flags(sheet.flags, question, message)),
            elsewhere=tuple(mark for mark in elsewhere if _plainly_shown(mark)),
            communicated=tuple(self._communicated(sheet)),
            way_to_find_out=_way(text),
        )

    def _communicated(self, sheet: Sheet) -> list[str]:
        text = sheet.message.text
        shown = [anchor for anchor, cue in SHOWS.items() if cue.search(text)]
        on_topic = self._comparer.likeness(sheet.question, sheet.message) >= ON_TOPIC_FROM
        return [ANSWERED, *shown] if on_topic else shown

    async def phrase(self, brief: Brief) -> AsyncIterator[str]:
        """An acknowledgement where one fits, the bridge, and the authored question."""
        for sentence in phrasing.compose(brief):
            yield sentence


def _way(text: str) -> Quote | None:
    found = WAY_TO_FIND_OUT.search(text)
    return Quote(text=found.group(), start=found.start(), end=found.end()) if found else None


def _plainly_shown(mark: Mark) -> bool:
    """Another competency's indicator was not asked about, so it has to be said plainly."""
    return mark.verdict == "met" and mark.probability >= ELSEWHERE_FROM
