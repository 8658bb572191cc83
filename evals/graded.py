"""Graded answers: short ones that people graded, and our own interview answers.

Nothing of the first is in the project: `VIVA_GRADED` names their folder, else `../shared/graded`
beside the repository is looked for. The second are `data/points.yaml`, marked by their author,
which is not agreement between people; one half of their questions is never fitted on.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np

from agent.hearing import sentences
from evals import questions

SETS = ("beetle", "scientsbank", "saf_v2")
SetName = Literal["beetle", "scientsbank", "saf_v2"]
Half = Literal["seen", "held out"]
Quality = Literal["weak", "middling", "usual", "terse", "good"]
QUALITIES: tuple[Quality, ...] = get_args(Quality)


@dataclass(frozen=True)
class GradedAnswer:
    """An answer with what a person gave it, 0..1."""

    question: str
    references: tuple[str, ...]
    """Statements to mark by, in the order of the set."""
    answer: str
    score: float
    split: str
    any_of: bool
    """One of the references is enough; else each is a point of its own."""


@dataclass(frozen=True)
class PointMark(GradedAnswer):
    """An answer of ours against one point; its score is 1 where it makes the point."""

    quality: Quality
    stands_on: str
    """Words of the sentence that makes the point, or none."""


def folder() -> Path | None:
    """Where the sets are, or None."""
    beside = Path(__file__).parents[2] / "shared" / "graded"
    path = Path(os.environ.get("VIVA_GRADED", beside))
    return path if path.is_dir() else None


def load(name: SetName, splits: Sequence[str] = ("training",)) -> list[GradedAnswer]:
    """The answers of these splits.

    Raises:
        FileNotFoundError: the sets are not here.
    """
    where = folder()
    if where is None:
        raise FileNotFoundError("The graded answers are not here; VIVA_GRADED can name them.")
    lines = (where / f"{name}.jsonl").read_text("utf-8").splitlines()
    rows = (json.loads(line) for line in lines)
    return [_graded(row) for row in rows if row["split"] in splits]


def point_marks(half: Half) -> list[PointMark]:
    """Every answer of ours against every point of its question, for this half of the questions."""
    rows = questions.load("points")
    rows.sort(key=lambda row: hashlib.sha256(row["question"].encode()).hexdigest())
    middle = len(rows) // 2
    chosen = rows[:middle] if half == "held out" else rows[middle:]
    return [mark for row in chosen for quality in QUALITIES for mark in _marks(row, quality, half)]


def _marks(row: dict[str, Any], quality: Quality, half: Half) -> Iterator[PointMark]:
    text, met = row[quality]["text"], row[quality]["met"]
    for number, point in enumerate(row["points"], 1):
        yield PointMark(
            question=row["question"],
            references=(point,),
            answer=text,
            score=float(number in met),
            split=half,
            any_of=False,
            quality=quality,
            stands_on=met.get(number, ""),
        )


def _graded(row: dict[str, Any]) -> GradedAnswer:
    accepted = row.get("all_references")
    stated = [span.text for span in sentences(row["reference_answer"])]
    return GradedAnswer(
        question=row["question"],
        references=tuple(accepted or stated),
        answer=row["student_answer"],
        score=float(row["score_avg"]) / float(row["max_score"]),
        split=row["split"],
        any_of=bool(accepted),
    )


def questions_of(answers: Iterable[GradedAnswer]) -> set[str]:
    """The texts of their questions, told apart as people would."""
    return {_plain(answer.question) for answer in answers}


def unseen(answers: Sequence[GradedAnswer], asked: set[str]) -> list[GradedAnswer]:
    """Those whose question's text is not among those `asked`, whatever its id."""
    return [answer for answer in answers if _plain(answer.question) not in asked]


def folds(answers: Sequence[GradedAnswer], count: int, seed: int = 0) -> np.ndarray:
    """A fold for each answer; those to one question share theirs. Shape [n]."""
    asked = sorted(questions_of(answers))
    order = np.random.default_rng(seed).permutation(len(asked))
    place = {asked[int(i)]: number % count for number, i in enumerate(order)}
    return np.array([place[_plain(answer.question)] for answer in answers])


def _plain(question: str) -> str:
    return " ".join(question.split()).casefold()
