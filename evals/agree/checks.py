"""The gate's checks: two sides on the transcripts they share, figure by figure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from agent.grading import anchor
from evals.agree.cases import PUT_TO_A_PERSON, Case
from evals.agree.pairs import ANCHORS, DECIDED
from evals.agree.people import PersonMark
from evals.agree.series import FigureName, Series, mean_over
from evals.agree.sides import Side
from evals.agree.statistics import FEWEST_TRANSCRIPTS, Floats, Ints, interval, ratio, resamples
from evals.marks import MarkRow, QuestionRow

MASS = 0.95
"""Of the interval of a difference: several checks look at the same noise."""
FEWEST = 20
"""Points or questions; of fewer a check says nothing."""
Better = Literal["higher", "lower"]


@dataclass(frozen=True)
class Check:
    """One figure on both sides; `worse` is above 0 where the candidate is worse."""

    name: str
    better: Better
    baseline: float | None
    candidate: float | None
    worse: float | None
    low: float | None
    high: float | None
    count: int
    transcripts: int
    failed: bool
    why: str = ""
    """Why nothing is said of it."""

    @property
    def judged(self) -> bool:
        """Whether it says anything."""
        return not self.why


Figures = Callable[[Ints], tuple[Floats, Floats]]
"""Baseline and candidate over resamples of the transcripts."""


@dataclass(frozen=True)
class _Scored:
    """A question with the reference's score and anchor, and both sides' rows."""

    transcript: str
    score: float
    anchor: int
    sides: tuple[QuestionRow, QuestionRow]


class Judging:
    """Two sides on the transcripts they share, and resamples of these."""

    def __init__(
        self, shared: Sequence[str], baseline: Side, candidate: Side, max_drop: float
    ) -> None:
        self._place = {transcript: number for number, transcript in enumerate(shared)}
        self._sides = baseline, candidate
        self._max_drop = max_drop
        self._draws = resamples(len(shared), seed=0)
        self._marks = tuple({_key(row): row for row in side.marks} for side in self._sides)
        self._questions = tuple(
            {(row.transcript, row.question): row for row in side.questions} for side in self._sides
        )
        self._verdicts = tuple(
            {row.transcript: row.verdict for row in side.competencies if not row.competency}
            for side in self._sides
        )

    def on_points(self, reference: Sequence[PersonMark]) -> Iterable[Check]:
        """Agreement where both sides have a verdict, and whether the candidate still has one."""
        keys = [(mark.transcript, mark.question, mark.atom) for mark in reference]
        found = [[marks.get(key) for key in keys] for marks in self._marks]
        both = [i for i, rows in enumerate(zip(*found, strict=True)) if all(map(_decided, rows))]
        places = self._places(reference[i].transcript for i in both)
        theirs = _column(reference[i].verdict == "met" for i in both)
        sides = [Series(places, _column(_met(rows[i]) for i in both), theirs) for rows in found]
        yield self._agreeing("points: agreement with the reference", "agreement", sides)
        yield self._agreeing("points: kappa with the reference", "kappa", sides)
        yield self._share(
            "points of the reference that have a mark",
            "higher",
            [
                [(key[0], _decided(row)) for key, row in zip(keys, rows, strict=True)]
                for rows in found
            ],
        )

    def on_questions(
        self, reference: Sequence[PersonMark], cases: Mapping[str, Case]
    ) -> Iterable[Check]:
        """Agreement on scores and anchors, where both sides and the reference have one."""
        given = _scores(reference, cases)
        rows = list(self._scored(given, cases))
        places = self._places(row.transcript for row in rows)
        scores = [
            Series(
                places, _column(row.sides[i].score for row in rows), _column(r.score for r in rows)
            )
            for i in (0, 1)
        ]
        anchors = [
            Series(
                places,
                _column(ANCHORS.index(row.sides[i].anchor) for row in rows),
                _column(row.anchor for row in rows),
            )
            for i in (0, 1)
        ]
        yield self._agreeing("questions: QWK of anchors", "QWK, 3 anchors", anchors)
        yield self._agreeing("questions: mean absolute error", "MAE", scores, "lower")
        told = {id_: case.verdict_of(found) for id_, case, found in _by_case(given, cases)}
        yield self._share(
            "interviews with the reference's verdict",
            "higher",
            [
                [(t, verdicts.get(t) == told[t]) for t in told if told[t]]
                for verdicts in self._verdicts
            ],
        )

    def _scored(self, given: "Scores", cases: Mapping[str, Case]) -> Iterator["_Scored"]:
        """Questions that the reference and both sides have a score of."""
        for (transcript, question), score in given.items():
            was, now = (side.get((transcript, question)) for side in self._questions)
            if was and now and _is_scored(was) and _is_scored(now):
                level = ANCHORS.index(anchor(score, cases[transcript].policy))
                yield _Scored(transcript, score, level, (was, now))

    def by_themselves(self) -> Iterable[Check]:
        """Shares of what could not be marked, and the interviewer's faults."""
        graded = [
            [
                (row.transcript, row.score is None)
                for row in side.questions
                if row.outcome in {"answered", "ungraded"} and row.review != "set_aside"
            ]
            for side in self._sides
        ]
        yield self._share("answered questions that are ungraded", "lower", graded)
        for verdict in ("unsupported", "abstained"):
            marks = [[(r.transcript, r.verdict == verdict) for r in s.marks] for s in self._sides]
            yield self._share(f"marks {verdict}", "lower", marks)
        yield self._faults()
        yield self._coverage()

    def _faults(self) -> Check:
        name = "faults of the interviewer, per interview"
        if any(side.conduct is None for side in self._sides):
            return _silent(name, "lower", 0, 0, "not both have a conduct.parquet")
        faults = (
            [(each.transcript, each.severity == "fault") for each in side.conduct or ()]
            for side in self._sides
        )
        return self._per_interview(name, "lower", [self._counted(each) for each in faults])

    def _coverage(self) -> Check:
        name = "planned competencies that were asked about"
        if any(self._place.keys() - side.coverage.keys() for side in self._sides):
            return _silent(name, "higher", 0, 0, "not both have a figures.parquet with them all")
        covered = [np.array([side.coverage[t] for t in self._place]) for side in self._sides]
        return self._per_interview(name, "higher", covered)

    def _per_interview(self, name: str, better: Better, totals: Sequence[Floats]) -> Check:
        interviews = len(self._place)

        def figures(draws: Ints) -> tuple[Floats, Floats]:
            was, now = (draws @ total / interviews for total in totals)
            return was, now

        return self._check(name, better, figures, interviews, interviews, fewest=1)

    def _agreeing(
        self, name: str, figure: FigureName, sides: Sequence[Series], better: Better = "higher"
    ) -> Check:
        def figures(draws: Ints) -> tuple[Floats, Floats]:
            was, now = (mean_over([side], figure, draws) for side in sides)
            return was, now

        places = sides[0].places
        return self._check(name, better, figures, len(places), len(set(places.tolist())))

    def _share(
        self, name: str, better: Better, sides: Sequence[Sequence[tuple[str, bool]]]
    ) -> Check:
        """Of the shares of what is true of rows, by transcript."""
        parts = [self._counted(side) for side in sides]
        wholes = [self._counted((transcript, True) for transcript, _ in side) for side in sides]

        def figures(draws: Ints) -> tuple[Floats, Floats]:
            was, now = (ratio(draws @ p, draws @ w) for p, w in zip(parts, wholes, strict=True))
            return was, now

        count = int(min(whole.sum() for whole in wholes))
        transcripts = int(min(np.count_nonzero(whole) for whole in wholes))
        return self._check(name, better, figures, count, transcripts)

    def _check(
        self, name: str, better: Better, figures: Figures, count: int, transcripts: int,
        fewest: int = FEWEST,
    ) -> Check:  # fmt: skip
        """The figure on both sides, and whether the candidate's is worse outside the noise."""
        if count < fewest or transcripts < FEWEST_TRANSCRIPTS:
            why = f"too few to say: {count}, from {transcripts} interviews"
            return _silent(name, better, count, transcripts, why)
        once = np.ones((1, len(self._place)), dtype=np.int64)
        was, now = (float(value[0]) for value in figures(once))
        if not np.isfinite(was):
            why = "not defined: one of the two never varies"
            return _silent(name, better, count, transcripts, why)
        if not np.isfinite(now):
            return replace(_silent(name, better, count, transcripts), baseline=was, failed=True)
        sign = 1 if better == "lower" else -1
        before, after = figures(self._draws)
        bounds = interval(sign * (after - before) + 0.0, transcripts, MASS)
        low, high = bounds or (None, None)
        worse = sign * (now - was) + 0.0  # no -0
        failed = worse > self._max_drop and low is not None and low > 0
        return Check(name, better, was, now, worse, low, high, count, transcripts, failed)

    def _counted(self, rows: Iterable[tuple[str, bool]]) -> Floats:
        """How many are true, by transcript."""
        totals = np.zeros(len(self._place))
        for transcript, is_true in rows:
            if transcript in self._place:
                totals[self._place[transcript]] += is_true
        return totals

    def _places(self, transcripts: Iterable[str]) -> Ints:
        return np.array([self._place[transcript] for transcript in transcripts], dtype=np.int64)


Scores = dict[tuple[str, str], float]
"""The reference's, by transcript and question."""


def _scores(reference: Iterable[PersonMark], cases: Mapping[str, Case]) -> Scores:
    given: dict[tuple[str, str], dict[str, PersonMark]] = {}
    for mark in reference:
        given.setdefault((mark.transcript, mark.question), {})[mark.atom] = mark
    scores = {
        (transcript, question): cases[transcript].score_of(question, found)
        for (transcript, question), found in given.items()
        if transcript in cases
    }
    return {key: score for key, score in scores.items() if score is not None}


def _by_case(
    scores: Scores, cases: Mapping[str, Case]
) -> Iterator[tuple[str, Case, dict[str, float]]]:
    for id_ in sorted({transcript for transcript, _ in scores}):
        yield id_, cases[id_], {q: score for (t, q), score in scores.items() if t == id_}


def _silent(name: str, better: Better, count: int, transcripts: int, why: str = "") -> Check:
    return Check(name, better, None, None, None, None, None, count, transcripts, False, why)


def _key(row: MarkRow) -> tuple[str, str, str]:
    return row.transcript, row.question, row.atom


def _decided(row: MarkRow | None) -> bool:
    return row is not None and row.verdict in DECIDED


def _met(row: MarkRow | None) -> bool:
    return row is not None and row.verdict == "met"


def _is_scored(row: QuestionRow) -> bool:
    return row.score is not None and row.review not in PUT_TO_A_PERSON and row.anchor in ANCHORS


def _column(values: Iterable[float | None]) -> Floats:
    return np.array(list(values), dtype=float)
