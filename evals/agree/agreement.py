"""The figures of agreement: over several pairs of raters, each with its noise beside it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from evals.agree.cases import Case
from evals.agree.pairs import (
    By,
    Pair,
    QuestionPair,
    anchored,
    between_people,
    by_rater,
    category,
    groups,
    with_machine,
)
from evals.agree.people import SORTS, PersonMark, Sort, newest, settled
from evals.agree.series import FigureName, Series, mean_over
from evals.agree.statistics import interval, resamples

FEWEST_POINTS = 30
FEWEST_QUESTIONS = 10
"""Of fewer nothing is said."""
SEED = 20_250_101
Of = Literal["points", "questions", "scores"]
"""Verdicts on points; questions scored from the verdicts of both alike; the machine's scores as
they counted."""


@dataclass(frozen=True)
class Figure:
    """One figure over one or more pairs of raters; None where there is too little to say it."""

    sort: Sort
    first: str
    second: str
    """Who was compared; of several, `people`."""
    pairs: int
    by: str
    group: str
    """What it is restricted to; both empty: nothing."""
    of: Of
    name: FigureName
    value: float | None
    low: float | None
    high: float | None
    constant: float | None
    """What a rater comes to who always gives the people's most frequent verdict, or their median
    score; None between people, and where such a rater has no figure."""
    count: int
    transcripts: int


@dataclass(frozen=True)
class Compared:
    """One sort of people's marks, beside the machine's and beside each other."""

    sort: Sort
    machine: list[Pair]
    people: list[Pair]


def compared(cases: Mapping[str, Case], marks: Sequence[PersonMark]) -> list[Compared]:
    """Each sort of marks there is, the most telling first."""
    found, marks = [], settled(newest(marks))
    for sort in SORTS:
        if raters := by_rater(marks, sort):
            machine = [with_machine(cases, rater, raters[rater]) for rater in sorted(raters)]
            people = between_people(cases, raters)
            found.append(Compared(sort, machine, people))
    return found


def figures(found: Sequence[Compared], by: By | None = None, seed: int = SEED) -> Iterator[Figure]:
    """Of all pairs together, of each pair where there are several, and of each group."""
    for each in found:
        for pairs in (each.machine, each.people):
            several = [[pair] for pair in pairs] if len(pairs) > 1 else []
            for some in ([pairs] if pairs else []) + several:
                yield from _of(each.sort, some, seed)
            for group in groups(pairs, by) if by else ():
                within = [pair.within(by, group) for pair in pairs] if by else []
                yield from _of(each.sort, within, seed, by or "", group)


def _of(
    sort: Sort, pairs: Sequence[Pair], seed: int, by: str = "", group: str = ""
) -> Iterator[Figure]:
    first, second = _names(pairs)
    for of, named in _series(pairs).items():
        for name, series in named.items():
            if not (count := len({key for pair in pairs for key in _keys(pair, of)})):
                continue
            transcripts = len(set().union(*(each.places.tolist() for each in series)))
            value, low, high = _measured(series, name, seed, FEWEST[of], count, transcripts)
            constant = _constant(series, name) if first == "the machine" else None
            yield Figure(
                sort, first, second, len(pairs), by, group, of, name, value, low, high, constant,
                count, transcripts,
            )  # fmt: skip


FEWEST: dict[Of, int] = {
    "points": FEWEST_POINTS,
    "questions": FEWEST_QUESTIONS,
    "scores": FEWEST_QUESTIONS,
}


def _keys(pair: Pair, of: Of) -> Iterator[tuple[str, ...]]:
    """What a pair is compared on; two readers of one point are one point."""
    if of == "points":
        yield from ((p.about.transcript, p.about.question, p.atom) for p in pair.points)
    else:
        found = pair.questions if of == "questions" else pair.counted
        yield from ((q.about.transcript, q.about.question) for q in found)


def _names(pairs: Sequence[Pair]) -> tuple[str, str]:
    firsts, seconds = {pair.first for pair in pairs}, {pair.second for pair in pairs}
    return (
        firsts.pop() if len(firsts) == 1 else "people",
        seconds.pop() if len(pairs) == 1 else "people",
    )


def _measured(
    series: Sequence[Series], name: FigureName, seed: int, fewest: int, count: int, transcripts: int
) -> tuple[float | None, float | None, float | None]:
    """The figure with its interval; nothing of too few, or where it is not defined."""
    width = 1 + max(int(each.places.max()) for each in series if len(each.places))
    value = float(mean_over(series, name, np.ones((1, width), dtype=np.int64))[0])
    if count < fewest or not np.isfinite(value):
        return None, None, None
    bounds = interval(mean_over(series, name, resamples(width, seed)), transcripts)
    return value, *(bounds or (None, None))


ON_QUESTIONS: tuple[FigureName, ...] = (
    "QWK, 3 anchors",
    "QWK, 4 categories",
    "Spearman",
    "MAE",
)


def _series(pairs: Sequence[Pair]) -> dict[Of, dict[FigureName, list[Series]]]:
    """The columns of each figure, pair by pair."""
    every = {about.transcript for pair in pairs for about in pair.abouts}
    place = {transcript: number for number, transcript in enumerate(sorted(every))}
    points = [point_series(pair, place) for pair in pairs]
    found: dict[Of, dict[FigureName, list[Series]]]
    found = {"points": {"agreement": points, "kappa": points}, "questions": {}, "scores": {}}
    for name in ON_QUESTIONS:
        found["questions"][name] = [question_series(p.questions, place, name) for p in pairs]
        found["scores"][name] = [question_series(p.counted, place, name) for p in pairs]
    return found


def point_series(pair: Pair, place: Mapping[str, int]) -> Series:
    """Met as 1, not met as 0."""
    return Series(
        np.array([place[each.about.transcript] for each in pair.points], dtype=np.int64),
        np.array([each.first for each in pair.points], dtype=float),
        np.array([each.second for each in pair.points], dtype=float),
    )


def question_series(
    questions: Sequence[QuestionPair], place: Mapping[str, int], name: FigureName
) -> Series:
    """The questions' scores, or the categories that a figure takes them as."""

    def as_taken(score: float, pair: QuestionPair) -> float:
        if name == "QWK, 3 anchors":
            return anchored(score, pair.policy)
        return category(score, pair.policy.measure) if name == "QWK, 4 categories" else score

    return Series(
        np.array([place[each.about.transcript] for each in questions], dtype=np.int64),
        np.array([as_taken(each.first, each) for each in questions], dtype=float),
        np.array([as_taken(each.second, each) for each in questions], dtype=float),
    )


def _constant(series: Sequence[Series], name: FigureName) -> float | None:
    """Chosen with the people's marks known, so that it is rather too good."""
    theirs = np.concatenate([each.second for each in series])
    if name == "agreement":
        return float(max(theirs.mean(), 1 - theirs.mean()))
    if name == "MAE":
        return float(np.abs(theirs - np.median(theirs)).mean())
    return None if name == "Spearman" else 0.0
