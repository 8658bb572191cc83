"""Difficulties worked out from stored interviews, where the authors' word was all there was.

Marginal maximum a posteriori, by turns, until nothing moves: what all the other answers of an
interview say of the level behind one answer (its cavity); then each question's difficulty given
these, with the author's level, give or take `Measure.spread`, as its prior. The crowd's own mean
at each level asked is worked out with them, and the difficulties keep their authors' average: a
weak crowd does not make the questions look hard. So only differences between questions are
learned; what a level is stays the authors' word.

`LEAST_ANSWERS`: with 30 answers a difficulty is known to about 0.3 levels, where an author's word
is off by 0.5; with fewer the author still speaks louder. `LEAST_INTERVIEWS`: with 50 the crowd's
mean is known to about 0.2. Discrimination would take several hundred answers to each question and
stays as it is. Two practices of one person count as two people.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from agent.events import AnyEvent
from agent.measuring import GRID, Densities, Look, around, log_normal, model, reached
from agent.policy import Measure
from agent.report.findings import counts
from agent.report.ledger import Ledger, fold
from agent.report.notes import examiners
from agent.report.standings import look
from knowledge.atoms import LEVELS, Frozen, Level

LEAST_ANSWERS, LEAST_INTERVIEWS = 30, 50
DIFFICULTIES: Densities = np.linspace(-2.0, 5.0, 71)
"""Difficulties that are weighed against each other."""

MOST_ROUNDS, STILL = 100, 0.002
"""Rounds at most, and the movement in levels below which it has come to rest."""

CROWD_ROUNDS = 10
"""First rounds, in which only the crowd's mean is sought."""


@dataclass(frozen=True)
class Sitting:
    """The graded testlets of one interview, and the level it asked at."""

    looks: tuple[Look, ...]
    asked: Level


class Difficulty(Frozen):
    """A question's difficulty in levels, before and after; `error` is its standard error."""

    question: str
    author: float
    difficulty: float
    error: float
    answers: int

    @property
    def moved(self) -> float:
        """By how much it is harder than its author said."""
        return self.difficulty - self.author


class Calibration(Frozen):
    """What stored interviews tell of a kit's questions; those that moved most come first."""

    interviews: int
    answers: dict[str, int]
    """Graded answers by question, of all that were put."""
    questions: tuple[Difficulty, ...] = ()
    """Empty where there are too few."""


def sitting(events: Iterable[AnyEvent]) -> Sitting | str:
    """What an interview brings to a calibration, or why it brings nothing, in words."""
    ledger = fold(events)
    if ledger.header is None or ledger.ended is None:
        return "not over"
    looks = tuple(look(topic) for topic in ledger.topics if counts(topic))
    return _unfit(ledger) or (Sitting(looks, ledger.header.level) if looks else "nothing graded")


def _unfit(ledger: Ledger) -> str | None:
    if ledger.header and ledger.header.drill:
        return "a drill, which repeats what was practised"
    if any(given.fell_back for given in ledger.given):
        return "answers that wait to be marked anew"
    if {"local", "model"} <= examiners(ledger):
        return "marked by two examiners"
    return None


def calibrate(
    sittings: Sequence[Sitting],
    measure: Measure,
    *,
    least_answers: int = LEAST_ANSWERS,
    least_interviews: int = LEAST_INTERVIEWS,
) -> Calibration:
    """Work out what these interviews tell; an earlier calibration plays no part in it."""
    answers = Counter(look.question for each in sittings for look in each.looks)
    enough = [q for q, number in sorted(answers.items()) if number >= least_answers]
    found = Calibration(interviews=len(sittings), answers=dict(answers.most_common()))
    if len(sittings) < least_interviews or not enough:
        return found
    sample = _Sample(sittings, measure.model_copy(update={"calibrated": {}}))
    known = sample.difficulties(enough)
    questions = [
        Difficulty(
            question=question,
            author=round(sample.author(question)[0], 3),
            difficulty=round(difficulty, 3),
            error=round(error, 3),
            answers=answers[question],
        )
        for question, (difficulty, error) in known.items()
    ]
    most_first = sorted(questions, key=lambda each: -abs(each.moved))
    return found.model_copy(update={"questions": tuple(most_first)})


class _Sample:
    """All answers in rows: of whom, on which competency, to which question, and what was seen."""

    def __init__(self, sittings: Sequence[Sitting], measure: Measure) -> None:
        self.measure = measure
        self.asked = np.array([float(LEVELS.index(each.asked)) for each in sittings])
        people = [(person, seen) for person, each in enumerate(sittings) for seen in each.looks]
        pairs = {(person, seen.subject): 0 for person, seen in people}
        places = {pair: place for place, pair in enumerate(pairs)}
        self._group = np.array([places[person, seen.subject] for person, seen in people])
        self._person = np.array([person for person, _ in pairs])
        marked_by = [seen.by or "human" for _, seen in people]
        away = np.array([seen.score for _, seen in people])[:, None]
        away = away - np.array([measure.seen_by(by) for by in marked_by])
        error = np.array([measure.error[by] for by in marked_by])
        self._seen: Densities = np.exp(log_normal(away / error[:, None], 1.0))
        self._rows: dict[str, NDArray[np.int_]] = _places([seen.question for _, seen in people])
        self._levels: dict[str, list[float]] = defaultdict(list)
        for _, put in people:
            self._levels[put.question].append(float(LEVELS.index(put.level)))

    def author(self, question: str) -> tuple[float, float]:
        """The level it was put at, and its spread; without a level of its own that varies."""
        levels = self._levels[question]
        return float(np.mean(levels)), float(np.hypot(self.measure.spread, np.std(levels)))

    def difficulties(self, questions: Sequence[str]) -> dict[str, tuple[float, float]]:
        """Difficulty and standard error of each."""
        known = {question: self.author(question) for question in self._rows}
        crowd = np.zeros(len(LEVELS))
        for round_ in range(MOST_ROUNDS):
            logs = self._logs(known)
            cavities, crowd = self._cavities(logs, crowd)
            if round_ < CROWD_ROUNDS:
                continue
            found = {q: self._difficulty(q, cavities[self._rows[q]]) for q in questions}
            after = self._as_their_authors(found)
            moved = max(abs(after[q][0] - known[q][0]) for q in questions)
            known |= after
            if moved < STILL:
                break
        return {question: known[question] for question in questions}

    def _logs(self, known: dict[str, tuple[float, float]]) -> Densities:
        """Log likelihoods [answers, grid]."""
        logs = np.empty((len(self._seen), len(GRID)))
        for question, rows in self._rows.items():
            difficulty, error = known[question]
            chances = reached(difficulty, error, *model(self.measure))
            logs[rows] = np.log(np.maximum(self._seen[rows] @ chances, 1e-12))
        return logs

    def _cavities(self, logs: Densities, crowd: Densities) -> tuple[Densities, Densities]:
        """The level behind each answer by all the others [answers, grid]; and the crowd's mean."""
        ways = around(self.measure.own_spread)
        own = _summed(logs, self._group, len(self._person))
        messages = np.log(np.maximum(_raised(own) @ ways.T, 1e-300))
        middle = self.asked + crowd[self.asked.astype(int)]
        spread = float(np.hypot(self.measure.general_spread, self.measure.common))
        general = log_normal(GRID - middle[:, None], spread)
        general = general + _summed(messages, self._person, len(self.asked))
        others = _normalised(general[self._person] - messages)
        prior = np.log(np.maximum(others @ ways, 1e-300))
        cavities = _normalised((prior + own)[self._group] - logs)
        return cavities, self._crowd(_normalised(general) @ GRID)

    def _crowd(self, means: Densities) -> Densities:
        """How far those asked at each level are above it, as if one more were just there."""
        away = np.zeros(len(LEVELS))
        for level in range(len(LEVELS)):
            mine = self.asked == level
            away[level] = (means - self.asked)[mine].sum() / (mine.sum() + 1)
        return away

    def _difficulty(self, question: str, cavities: Densities) -> tuple[float, float]:
        """Posterior mean and standard error of one question, its answers' levels integrated out."""
        chances = (cavities @ self._tables.T).reshape(len(cavities), len(DIFFICULTIES), -1)
        seen = np.einsum("ndc,nc->nd", chances, self._seen[self._rows[question]])
        author, spread = self.author(question)
        log = np.log(np.maximum(seen, 1e-12)).sum(axis=0)
        density = _normalised(log + log_normal(DIFFICULTIES - author, spread))
        mean = float(density @ DIFFICULTIES)
        return mean, float(np.sqrt(density @ (DIFFICULTIES - mean) ** 2))

    @cached_property
    def _tables(self) -> Densities:
        """P(category | level) for each difficulty [difficulties * categories, grid]."""
        tables = [reached(float(d), 0.0, *model(self.measure)) for d in DIFFICULTIES]
        return np.concatenate(tables)

    def _as_their_authors(
        self, found: dict[str, tuple[float, float]]
    ) -> dict[str, tuple[float, float]]:
        """The same, all moved together to their authors' average, which is itself off by some."""
        away = float(np.mean([found[q][0] - self.author(q)[0] for q in found]))
        off = self.measure.spread / math.sqrt(len(found))
        return {q: (middle - away, math.hypot(error, off)) for q, (middle, error) in found.items()}


def _places(names: Sequence[str]) -> dict[str, NDArray[np.int_]]:
    places: dict[str, list[int]] = defaultdict(list)
    for place, name in enumerate(names):
        places[name].append(place)
    return {name: np.array(rows) for name, rows in places.items()}


def _summed(rows: Densities, into: NDArray[np.int_], number: int) -> Densities:
    """The rows added up by where they belong."""
    sums = np.zeros((number, rows.shape[1]))
    np.add.at(sums, into, rows)
    return sums


def _raised(logs: Densities) -> Densities:
    """Of logs, row by row, without underflow; each row has a factor of its own."""
    return np.asarray(np.exp(logs - logs.max(axis=1, keepdims=True)))


def _normalised(logs: Densities) -> Densities:
    """Densities of logs; the last axis sums to 1."""
    raised = np.exp(logs - logs.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))
