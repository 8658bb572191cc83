"""The shipped kit's exemplars, graded: do they come out in their authors' order?

Beside them stand the poor, middling and good answers to our own questions of other fields.
"""

import math
from collections.abc import Sequence
from statistics import fmean

from evals.grader import Grader
from evals.markdown import share, table
from evals.questions import QUALITIES, Question, own, shipped

Scores = tuple[float, float, float]
"""Of one question: below, meets, exceeds."""


def measure(grader: Grader, questions: Sequence[Question] | None = None) -> dict[str, Scores]:
    """The three scores by question; one that was not graded is NaN, and in no order."""
    questions = questions or shipped()
    lines = [(q, q.answers[quality]) for q in questions for quality in QUALITIES]
    scores = [math.nan if g.score is None else g.score for g in grader.grade(lines)]
    return {q.question: _three(scores, 3 * i) for i, q in enumerate(questions)}


def _three(scores: list[float], start: int) -> Scores:
    below, meets, exceeds = scores[start : start + 3]
    return below, meets, exceeds


def ordered(scores: Scores, *, strictly: bool = True) -> bool:
    """below < meets < exceeds; not strictly, exceeds may equal meets."""
    below, meets, exceeds = scores
    return below < meets and (meets < exceeds or (meets == exceeds and not strictly))


def report(grader: Grader, baseline: Grader) -> str:
    """The order by question, beside word overlap and a constant."""
    found, beside = measure(grader), measure(baseline)
    rows = [
        _row("examiner", found),
        _row("word overlap", beside),
        _row("a constant", dict.fromkeys(found, (0.5, 0.5, 0.5))),
        _row("examiner, our own eight questions", measure(grader, own())),
        _row("word overlap, our own eight questions", measure(baseline, own())),
    ]
    headings = (
        "grader",
        "below < meets < exceeds",
        "below < meets ≤ exceeds",
        "below < meets",
        "meets ≤ exceeds",
        "mean below",
        "mean meets",
        "mean exceeds",
    )
    return f"{table(headings, rows)}\n\n{_out_of_order(found)}"


def _row(name: str, by_question: dict[str, Scores]) -> list[object]:
    every = list(by_question.values())
    counts = (
        sum(ordered(scores) for scores in every),
        sum(ordered(scores, strictly=False) for scores in every),
        sum(below < meets for below, meets, _ in every),
        sum(meets <= exceeds for _, meets, exceeds in every),
    )
    means = [fmean(column) for column in zip(*every, strict=True)]
    return [name, *(share(count, len(every)) for count in counts), *means]


def _out_of_order(by_question: dict[str, Scores]) -> str:
    rows = [(_short(q), *scores) for q, scores in by_question.items() if not ordered(scores)]
    return table(("not strictly in order", "below", "meets", "exceeds"), rows) if rows else ""


def _short(text: str, most: int = 70) -> str:
    return text if len(text) <= most else f"{text[:most].rsplit(' ', 1)[0]} ..."
