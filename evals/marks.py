"""Marks and questions as rows, one shape for transcripts, people and files: what is compared.

A transcript's rows are as its log stands at the end, re-gradings and rulings taken in. A person's
verdict on a point and a machine's meet by transcript, question and atom.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from agent.events import Mark, MarkSource, Review, Verdict
from agent.grading import settled
from agent.report.ledger import Topic, begun
from agent.report.model import Report
from evals.replay.transcript import Transcript
from knowledge.atoms import Grade, Level


@dataclass(frozen=True)
class Versions:
    """What a result came from; a row without them cannot be told from another's."""

    viva: str
    schema: int
    kit: str
    kit_version: str
    examiner: str
    model: str
    prompts: str
    """Their hashes, by name; empty where no model marked."""
    embedder: str


@dataclass(frozen=True)
class MarkRow:
    """What was found of one point or indicator of a question, by one source."""

    transcript: str
    question: str
    """The core question's or rung's atom."""
    atom: str
    text: str
    kind: Literal["point", "indicator", "flag"]
    negative: bool
    competency: str
    level: Level
    verdict: Verdict
    probability: float
    source: MarkSource
    by: str
    """Who: the examiner with its model, or a person's name as given."""
    words: str
    """The quote; empty where there is none."""


@dataclass(frozen=True)
class QuestionRow:
    """What a question came to; `score` is None where it was not graded."""

    transcript: str
    question: str
    text: str
    competency: str
    level: Level
    score: float | None
    anchor: Grade | Literal["ungraded"] | None
    outcome: str
    review: Review | None
    by: MarkSource | None


@dataclass(frozen=True)
class CompetencyRow:
    """What the report says of a competency, or, with an empty name, of the whole interview."""

    transcript: str
    competency: str
    verdict: str
    probability: float | None
    estimate: float | None
    low: float | None
    high: float | None


def versions_of(transcript: Transcript) -> Versions:
    """What a transcript's marks came from."""
    header = transcript.header
    return Versions(
        viva=header.viva,
        schema=header.schema_version,
        kit=header.kit,
        kit_version=header.kit_version,
        examiner=header.examiner,
        model=header.model or "",
        prompts=" ".join(f"{name}={hash_}" for name, hash_ in sorted(header.prompts.items())),
        embedder=header.embedder,
    )


def marks_of(transcript: Transcript) -> Iterator[MarkRow]:
    """One row for each point and indicator of a question; of several marks the one that counts."""
    ledger, header = begun(transcript.events)
    machine = " ".join(filter(None, (header.examiner, header.model)))
    for topic in ledger.topics:
        for mark in settled(mark for mark, _ in topic.marks):
            yield _row(transcript.id, topic, mark, "a person" if _by_person(mark) else machine)


def _by_person(mark: Mark) -> bool:
    return mark.source == "human"


def _row(transcript: str, topic: Topic, mark: Mark, by: str) -> MarkRow:
    return MarkRow(
        transcript=transcript,
        question=topic.question,
        atom=mark.atom,
        text=mark.text,
        kind=mark.kind,
        negative=mark.polarity == "negative",
        competency=topic.subject,
        level=topic.level,
        verdict=mark.verdict,
        probability=mark.probability,
        source=mark.source,
        by=by,
        words=mark.quote.text if mark.quote else "",
    )


def questions_of(transcript: Transcript) -> Iterator[QuestionRow]:
    """One row for each core question and rung that was put, in their order."""
    ledger, _ = begun(transcript.events)
    for topic in ledger.topics:
        yield QuestionRow(
            transcript=transcript.id,
            question=topic.question,
            text=topic.text,
            competency=topic.subject,
            level=topic.level,
            score=topic.score,
            anchor=topic.anchor,
            outcome=topic.outcome,
            review=topic.review,
            by=topic.by,
        )


def competencies_of(transcript: str, report: Report) -> Iterator[CompetencyRow]:
    """The whole interview, then each competency, as the report has them."""
    named = [("", report.overall)] if report.overall else []
    for name, standing in [*named, *((each.name, each) for each in report.competencies)]:
        yield CompetencyRow(
            transcript=transcript,
            competency=name,
            verdict=standing.verdict,
            probability=standing.probability,
            estimate=standing.level,
            low=standing.low,
            high=standing.high,
        )
