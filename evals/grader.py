"""The grader as people use it, by the path of `viva grade`; and a baseline on the same path."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from itertools import chain

from agent.desk import Desk
from agent.events import Mark, MarkSource, ModelCalled, Quote, Verdict
from agent.examiner import Brief, Examination, Examiner, Sheet, Spoken
from agent.lines import Answer, Graded
from agent.local import LocalExaminer
from agent.model.errors import ModelFailed
from agent.policy import Policy
from agent.wording import stems
from evals.questions import Question
from knowledge.atoms import Atom
from knowledge.embedder import Embedder, open_embedder
from knowledge.errors import NotFound, VivaError
from knowledge.index import KitIndex

Line = tuple[Question, str]

PLAIN = Policy(credit_from=0.0, credit_full=1.0)
"""A met mark's credit is its probability."""


class Grader:
    """Grades answers with one examiner; nothing of an interview or of a person is around them."""

    def __init__(
        self, examiner: Examiner, embedder: Embedder, policy: Policy | None = None
    ) -> None:
        self._desk = Desk(examiner, embedder, _no_kit, policy)

    def grade(self, lines: Sequence[Line]) -> list[Graded]:
        """The marks of each answer, in order."""
        answers = [_answer(number, *line) for number, line in enumerate(lines)]
        return asyncio.run(self._grade(answers))

    async def _grade(self, answers: Sequence[Answer]) -> list[Graded]:
        size = self._desk.batch
        batches = [answers[start : start + size] for start in range(0, len(answers), size)]
        graded = chain.from_iterable([await self._desk.grade(batch) for batch in batches])
        return [_sound(one) for one in graded]


def local(embedder: Embedder | None = None) -> Grader:
    """The local examiner on the embedder that ships."""
    embedder = embedder or open_embedder()
    return Grader(LocalExaminer(embedder), embedder)


def word_overlap() -> Grader:
    """The lexical baseline, on the same gate and arithmetic; a share of words is its credit."""
    return Grader(WordOverlap(), open_embedder("light"), PLAIN)


class WordOverlap:
    """A statement is made as far as its words are there, those of the question apart."""

    name = "word overlap"
    source: MarkSource = "local"

    async def examine(self, sheet: Sheet) -> Examination:
        """Marks alone: it sees neither sense nor intent."""
        marks = tuple(_overlapping(atom, sheet) for atom in sheet.rubric)
        return Examination(intents=("answer",), marks=marks)

    def examine_all(self, sheets: Sequence[Sheet]) -> list[Examination]:
        """A batch, one by one."""
        return [asyncio.run(self.examine(sheet)) for sheet in sheets]

    async def phrase(self, brief: Brief) -> AsyncIterator[str]:
        """What it was given."""
        yield brief.ask


class Counted:
    """An examiner whose calls are kept, and which messages (their texts) it failed on."""

    def __init__(self, examiner: Examiner) -> None:
        self._examiner = examiner
        self.name, self.source = examiner.name, examiner.source
        self.calls: list[ModelCalled] = []
        self.failed: set[str] = set()

    async def examine(self, sheet: Sheet) -> Examination:
        """As the examiner does.

        Raises:
            ModelFailed: it failed.
        """
        try:
            examination = await self._examiner.examine(sheet)
        except ModelFailed as failed:
            self.calls += failed.calls
            self.failed.add(sheet.message.text)
            raise
        self.calls += examination.calls
        return examination

    def phrase(self, brief: Brief) -> AsyncIterator[Spoken]:
        """As the examiner does."""
        return self._examiner.phrase(brief)


MET_FROM = 0.5
"""Share of a statement's informative words."""


def _overlapping(atom: Atom, sheet: Sheet) -> Mark:
    text = sheet.message.text
    wanted = stems(atom.text) - stems(sheet.question) or stems(atom.text)
    found = len(wanted & stems(text)) / max(len(wanted), 1)
    met = atom.polarity != "negative" and found >= MET_FROM
    verdict: Verdict = "met" if met else "not_met"
    return Mark(
        atom=atom.id,
        kind="point" if atom.kind == "point" else "indicator",
        text=atom.text,
        verdict=verdict,
        probability=found,
        source="local",
        quote=Quote(text=text, start=0, end=len(text)) if met else None,
        polarity=atom.polarity,
        role=atom.role,
        group=atom.group,
    )


def _answer(number: int, question: Question, text: str) -> Answer:
    return Answer.model_validate(
        {
            "id": number,
            "question": question.question,
            "answer": text,
            "reference_points": list(question.points),
            "positive_indicators": list(question.positive),
            "negative_indicators": list(question.negative),
        }
    )


def _sound(graded: Graded | VivaError) -> Graded:
    if isinstance(graded, VivaError):
        raise graded
    return graded


async def _no_kit(name: str) -> KitIndex:
    raise NotFound(f"There is no kit {name!r} here.", "Questions bring their own rubric.")
