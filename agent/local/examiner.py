"""Reads by rules, marks by embeddings, phrases with the kit's own words."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from itertools import compress

from agent.events import Intent, Mark, MarkSource, Quote
from agent.examiner import COMMUNICATION, Brief, Examination, Sheet
from agent.hearing import hear_all
from agent.local import claims, phrasing, understanding
from agent.local.cues import WAY_TO_FIND_OUT
from agent.local.likeness import Comparer
from agent.local.marking import ON_TOPIC_FROM, Marker
from agent.local.other_road import Roads
from agent.local.steering import quoted, steering, unmarked, without
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
    """The default examiner: its marks say `local`."""

    name = "local"
    source: MarkSource = "local"

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._comparer = Comparer(embedder)
        self._marker = Marker(self._comparer)
        self._roads = Roads(self._comparer, embedder)

    async def examine(self, sheet: Sheet) -> Examination:
        """Read and mark one message; the event loop stays free meanwhile."""
        return await asyncio.to_thread(self._examine, sheet)

    def _examine(self, sheet: Sheet) -> Examination:
        reading = _read(sheet, self._embedder)
        answers = "answer" in reading.intents or "amend" in reading.intents
        return self._all_marked([sheet], [reading])[0] if answers else reading

    def examine_all(self, sheets: Sequence[Sheet]) -> list[Examination]:
        """Read and mark a batch, encoding its texts together; blocking.

        Whoever hands in a batch knows that these are answers: each is marked, however it reads.
        A message that was not encoded is only read. What a batch encoded is forgotten after it.
        """
        batch = LocalExaminer(self._embedder)
        return batch._all_marked(sheets, [_read(sheet) for sheet in sheets])

    def _all_marked(
        self, sheets: Sequence[Sheet], readings: Sequence[Examination]
    ) -> list[Examination]:
        wanted = [
            r.readable and bool(s.message.encoded) for s, r in zip(sheets, readings, strict=True)
        ]
        chosen = self._own_words(list(compress(sheets, wanted)))
        self._comparer.learn([text for sheet in chosen for text in _texts(sheet)])
        heard = self._comparer.hear_all([(sheet.message, _texts(sheet)) for sheet in chosen])
        chosen = [replace(s, message=message) for s, message in zip(chosen, heard, strict=True)]
        answers = iter(chosen)
        return [
            self._mark(next(answers), reading) if marked else reading
            for reading, marked in zip(readings, wanted, strict=True)
        ]

    def _own_words(self, sheets: list[Sheet]) -> list[Sheet]:
        """No mark stands on somebody else's words, nor on words that address the grading."""
        others = [unmarked(sheet.message.text) for sheet in sheets]
        steered = [i for i, each in enumerate(others) if each]
        texts = [without(sheets[i].message.text, others[i]) for i in steered]
        for i, heard in zip(steered, hear_all(texts, self._embedder), strict=True):
            sheets[i] = replace(sheets[i], message=heard)
        return sheets

    def _mark(self, sheet: Sheet, reading: Examination) -> Examination:
        marker, question, message = self._marker, sheet.question, sheet.message
        if sheet.kind == "money" and not sheet.amends:
            marks = marker.bite(sheet.rubric, question, message)
        else:
            marks = marker.rubric(sheet.rubric, question, message, story=sheet.story)
        elsewhere = marker.rubric(sheet.elsewhere, question, message)
        return reading.model_copy(
            update={
                "marks": tuple(marks),
                "flags": tuple(marker.flags(sheet.flags, question, message)),
                "elsewhere": tuple(mark for mark in elsewhere if _plainly_shown(mark)),
                "communicated": tuple(self._communicated(sheet)),
                "way_to_find_out": _way(message.text),
                "other_road": self._roads.other(sheet, marks),
            }
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


def _read(sheet: Sheet, embedder: Embedder | None = None) -> Examination:
    """What a message wants and names; with an embedder, also by what a short one means."""
    text = sheet.message.text
    named = claims.mentions(text, sheet.technologies)
    if not understanding.in_english(text):
        kept: Intent = "amend" if sheet.amends else "answer"
        return Examination(intents=(kept,), mentions=named, readable=False)
    intents = understanding.intents(text, sheet.kind, None if sheet.amends else embedder)
    if sheet.amends:
        intents = ("amend", *(each for each in intents if each in {"steering", "distress"}))
    steered = quoted(steering(text)) if "steering" in intents else None
    return Examination(intents=intents, mentions=named, steering=steered)


def _texts(sheet: Sheet) -> list[str]:
    atoms = (*sheet.rubric, *sheet.flags, *sheet.elsewhere)
    return [sheet.question, *(atom.text for atom in atoms)]


def _way(text: str) -> Quote | None:
    found = WAY_TO_FIND_OUT.search(text)
    return Quote(text=found.group(), start=found.start(), end=found.end()) if found else None


def _plainly_shown(mark: Mark) -> bool:
    """Another competency's indicator was not asked about, so it has to be said plainly."""
    return mark.verdict == "met" and mark.probability >= ELSEWHERE_FROM
