"""Grading at a desk: answers in, marks out, by the gate and the arithmetic of an interview.

A line holds a question, an answer and what to grade by; no interview stands behind it, so
every answer is marked, as one given without help. Batches are encoded together.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from itertools import compress
from typing import Protocol, runtime_checkable

from agent import grading
from agent.desk_kit import KitAtDesk
from agent.events import Mark
from agent.examiner import Examination, Examiner, Sheet
from agent.hearing import Utterance, hear_all, unencoded
from agent.lines import (
    Answer,
    Graded,
    Message,
    Named,
    Observation,
    Read,
    Shown,
    items,
    rubric_of,
    says_nothing,
)
from agent.policy import Policy
from agent.quoting import locate
from agent.testlets import STORIES
from knowledge.atoms import Atom
from knowledge.embedder import Embedder
from knowledge.errors import VivaError
from knowledge.index import KitIndex

AT_ONCE = 4
"""Requests to a language model that are under way together."""
BATCH, BATCH_OF_CALLS = 256, 4 * AT_ONCE
"""Lines in hand at a time, for an examiner that marks batches and for one that makes calls."""

OpenKit = Callable[[str], Awaitable[KitIndex]]


@runtime_checkable
class Batched(Protocol):
    """An examiner that marks many answers together; blocking."""

    def examine_all(self, sheets: Sequence[Sheet]) -> list[Examination]:
        """One examination for each sheet, in order."""


class Desk:
    """Grades and reads lines in batches.

    `open_kit` gives a kit's index by name, and raises a VivaError where there is none.
    """

    def __init__(
        self,
        examiner: Examiner,
        embedder: Embedder,
        open_kit: OpenKit,
        policy: Policy | None = None,
    ) -> None:
        self._examiner = examiner
        self._embedder = embedder
        self._open_kit = open_kit
        self._policy = policy or Policy()
        self._kits: dict[str, KitAtDesk | VivaError] = {}

    @property
    def batch(self) -> int:
        """How many lines to hand in together."""
        return BATCH if isinstance(self._examiner, Batched) else BATCH_OF_CALLS

    async def grade(self, answers: Sequence[Answer]) -> list[Graded | VivaError]:
        """Each answer's marks, in order; an error where its kit is not there.

        An answer that the examiner failed on is ungraded, and abstained from in every mark.
        """
        for name in {answer.kit for answer in answers if answer.kit}:
            await self._opened(name)
        sound = [answer for answer in answers if not isinstance(self._of(answer), VivaError)]
        sheets = await asyncio.to_thread(self._sheets, sound)
        examined = await self._examined(sheets)
        graded = map(self._graded, sound, sheets, examined)
        return [
            kit if isinstance(kit := self._of(answer), VivaError) else next(graded)
            for answer in answers
        ]

    async def understand(
        self, messages: Sequence[Message], kit: str | None = None
    ) -> list[Read | VivaError]:
        """How each message reads, in order; an error where a language model failed.

        Raises:
            VivaError: the kit is not there.
        """
        opened = await self._opened(kit) if kit else None
        if isinstance(opened, VivaError):
            raise opened
        known = opened.syllabus.technologies if opened else ()
        sheets = [
            Sheet("probes", "core", each.question, unencoded(each.message), technologies=known)
            for each in messages
        ]
        return list(map(_read, messages, await self._examined(sheets)))

    async def _opened(self, name: str) -> KitAtDesk | VivaError:
        if name not in self._kits:
            try:
                self._kits[name] = KitAtDesk(await self._open_kit(name), self._embedder)
            except VivaError as error:
                self._kits[name] = error
        return self._kits[name]

    def _of(self, answer: Answer) -> KitAtDesk | VivaError | None:
        return self._kits[answer.kit] if answer.kit else None

    def _sheets(self, answers: Sequence[Answer]) -> list[Sheet]:
        batched = isinstance(self._examiner, Batched)
        needed = [
            (batched or bool(answer.kit)) and not says_nothing(answer.answer) for answer in answers
        ]
        texts = [answer.answer for answer in compress(answers, needed)]
        heard = iter(hear_all(texts, self._embedder))
        return [
            self._sheet(answer, next(heard) if encode else unencoded(answer.answer))
            for answer, encode in zip(answers, needed, strict=True)
        ]

    def _sheet(self, answer: Answer, heard: Utterance) -> Sheet:
        """Of one answer, with its own rubric, or else the kit's for this question."""
        own, kit = rubric_of(answer), self._of(answer)
        if not isinstance(kit, KitAtDesk):
            return Sheet("probes", "core", answer.question, heard, own)
        asked, flags = kit.asked(answer.question), kit.flags(heard, self._policy.retrieved)
        if asked is None:
            return Sheet("probes", "core", answer.question, heard, own, flags)
        return Sheet(
            stage="probes",
            kind="money" if asked.kind == "money" and not own else "core",
            question=asked.text if asked.id == answer.question.strip() else answer.question,
            message=heard,
            rubric=own or kit.rubric(asked),
            flags=flags,
            story=asked.question_kind in STORIES,
        )

    async def _examined(self, sheets: Sequence[Sheet]) -> list[Examination | VivaError]:
        if isinstance(self._examiner, Batched):
            return list(await asyncio.to_thread(self._examiner.examine_all, sheets))
        turns = asyncio.Semaphore(AT_ONCE)
        return await asyncio.gather(*(self._called(sheet, turns) for sheet in sheets))

    async def _called(self, sheet: Sheet, turns: asyncio.Semaphore) -> Examination | VivaError:
        from agent.model import ModelFailed

        if says_nothing(sheet.message.text):
            return Examination(intents=("answer",))
        async with turns:
            try:
                return await self._examiner.examine(sheet)
            except ModelFailed as failure:
                return VivaError(f"The language model failed: {failure}.", "Try again.")

    def _graded(self, answer: Answer, sheet: Sheet, examined: Examination | VivaError) -> Graded:
        text, examined = answer.answer, _as_counted(examined)
        marks = [grading.gate(mark, text, sheet.question) for mark in self._marks(sheet, examined)]
        counted = [mark for mark in marks if mark.role != "example"]
        score = self._score(sheet, counted)
        road = examined.other_road and locate(examined.other_road.text, text)
        return Graded(
            id=answer.id,
            score=score,
            anchor=grading.anchor(score, self._policy),
            review=grading.review(counted, score, road, self._policy),
            points=items(marks, "point"),
            positive=items(marks, "indicator", "positive"),
            negative=items(marks, "indicator", "negative"),
            flags=tuple(_flags(examined, text)),
            observations=tuple(_observations(examined, text)),
        )

    def _score(self, sheet: Sheet, marks: Sequence[Mark]) -> float | None:
        """The score of a question answered once, without help."""
        credits = grading.credits_after({}, marks, "unaided", self._policy)
        against, decided = grading.against(marks), grading.judged(marks)
        score = grading.score(sheet.rubric, credits, against, self._policy, decided)
        return None if score is None else round(score, 4)

    def _marks(self, sheet: Sheet, examined: Examination) -> list[Mark]:
        """A mark for each atom; what was not marked is open, unless nothing was answered."""
        given = {mark.atom: mark for mark in examined.marks}
        nothing = says_nothing(sheet.message.text) or _declines(examined)
        return [given.get(atom.id) or self._unmarked(atom, nothing) for atom in sheet.rubric]

    def _unmarked(self, atom: Atom, nothing: bool) -> Mark:
        return Mark(
            atom=atom.id,
            kind="point" if atom.kind == "point" else "indicator",
            text=atom.text,
            verdict="not_met" if nothing else "abstained",
            probability=0.0,
            source=self._examiner.source,
            polarity=atom.polarity,
            role=atom.role,
            group=atom.group,
        )


def _as_counted(examined: Examination | VivaError) -> Examination:
    """What may be counted: nothing where the examiner failed, or where somebody is unwell."""
    if isinstance(examined, VivaError):
        return Examination(intents=("answer",))
    if "distress" in examined.intents:
        return examined.model_copy(update={"marks": (), "flags": (), "other_road": None})
    return examined


def _declines(examined: Examination) -> bool:
    """Nothing was answered: to ask back, to skip and not to know earn nothing."""
    primary = examined.intents[0]
    return examined.readable and primary not in {"answer", "amend", "distress"}


def _flags(examined: Examination, text: str) -> Iterator[Shown]:
    for mark in examined.flags:
        gated = grading.gate(mark, text)
        if gated.verdict == "met" and gated.quote:
            yield Shown(text=gated.text, polarity=gated.polarity, quote=gated.quote.text)


def _observations(examined: Examination, text: str) -> Iterator[Observation]:
    if "steering" in examined.intents:
        steering = examined.steering and locate(examined.steering.text, text)
        yield Observation(kind="steering", quote=steering.text if steering else text)
    for kind in ("abuse", "distress", "technical_problem"):
        if kind in examined.intents:
            yield Observation(kind=kind, quote=None)
    way = examined.way_to_find_out
    if way and (found := locate(way.text, text)):
        yield Observation(kind="way_to_find_out", quote=found.text)


def _read(message: Message, examined: Examination | VivaError) -> Read | VivaError:
    if isinstance(examined, VivaError):
        return examined
    named = [
        Named(technology=mention.technology, claimed=mention.claimed, quote=quote.text)
        for mention in examined.mentions
        if (quote := locate(mention.quote.text, message.message))
    ]
    return Read(id=message.id, intents=examined.intents, mentions=tuple(named))
