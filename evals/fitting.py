"""Makes the local examiner's head from graded answers: `python -m evals.fitting`.

Read are the training splits of Beetle and SciEntsBank, which people graded, and one half of the
questions of `data/points.yaml`: longer answers as interviews have them, but marked by the author
who wrote them. Each of the three weighs the same. Slopes are those of a logistic with an intercept
for every question, so that they tell good answers from bad ones to the same question and not easy
questions from hard ones; a slope may not go against its feature's sense. Where several references
are accepted, an answer stands against the one it comes nearest to. The numbers are then calibrated
(Platt) on answers to questions that were left out, in five folds by the question's text. There is
one map for all: that interview answers make a point more often at the same likeness would be a
guess from how many good answers an author wrote.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from agent.hearing import unencoded
from agent.local.head import Head
from agent.local.likeness import Comparer, Likeness, stating
from evals.fit_report import Judged, printed
from evals.graded import GradedAnswer, SetName, folds, load, point_marks
from knowledge.embedder import Embedder, Encoded, FloatArray, open_embedder

SENSE = {"words": 1, "every": 1, "told": 1, "overlap": 1, "opposed": -1, "asked": -1}
"""The features of the head, and whether more of each speaks for an answer or against it."""
SETS: tuple[SetName, ...] = ("beetle", "scientsbank")
FOLDS = 5
SLOPES, INTERCEPTS = 3.0, 0.3
"""Strength of the penalty on squares."""
BATCH = 256
HEAD = Path(__file__).parents[1] / "agent" / "local" / "head.json"

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Pairs:
    """Answers of one set against each of their references."""

    answers: Sequence[GradedAnswer]
    likenesses: list[Likeness]
    rows: npt.NDArray[np.intp]
    """The answer of each likeness. Shape [pairs], as of `likenesses`."""
    quotes: list[str]
    """The sentence that each likeness is of. Shape [pairs]."""

    @property
    def right(self) -> Numbers:
        """1 where a person gave half or more. Shape [answers]."""
        return np.array([float(answer.score >= 0.5) for answer in self.answers])

    @property
    def crowd(self) -> Numbers:
        """Logarithm of how many references are accepted. Shape [answers]."""
        return np.log([len(a.references) if a.any_of else 1 for a in self.answers])

    def values(self) -> Numbers:
        """Features in the order of SENSE. Shape [pairs, features]."""
        return np.array([[getattr(like, name) for name in SENSE] for like in self.likenesses])

    def best(self, worth: Numbers) -> Numbers:
        """The highest of the pairs of each answer. Shape [answers]."""
        highest = np.full(len(self.answers), -np.inf)
        np.maximum.at(highest, self.rows, worth)
        return highest

    def nearest(self, worth: Numbers) -> npt.NDArray[np.intp]:
        """The pair of each answer that is worth most. Shape [answers]."""
        order = np.lexsort((worth, self.rows))
        last = np.append(np.diff(self.rows[order]) > 0, True)
        return np.asarray(order[last], dtype=np.intp)


class Remembering:
    """An embedder that encodes every text once: references and answers recur."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.known: dict[str, Encoded] = {}
        self.identity, self.dimension = embedder.identity, embedder.dimension

    def embed(self, texts: Sequence[str]) -> FloatArray:
        """Sentence vectors. Shape [n, dim]."""
        return np.stack([encoded.vector for encoded in self.encode(texts)])

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        """As of the embedder, from memory where it can be."""
        new = list(dict.fromkeys(text for text in texts if text not in self.known))
        if new:
            self.known.update(zip(new, self._embedder.encode(new), strict=True))
        return [self.known[text] for text in texts]


def compared(answers: Sequence[GradedAnswer], embedder: Embedder) -> Pairs:
    """Every answer against each of its references; blocking, minutes for thousands."""
    answers = [answer for answer in answers if answer.answer.strip()]
    comparer, likenesses, rows = Comparer(embedder), list[Likeness](), list[int]()
    quotes = list[str]()
    for start in range(0, len(answers), BATCH):
        batch = answers[start : start + BATCH]
        comparer.learn([text for a in batch for text in (a.question, *a.references)])
        heard = comparer.hear_all(
            [(unencoded(a.answer), (a.question, *a.references)) for a in batch]
        )
        for row, (answer, said) in enumerate(zip(batch, heard, strict=True), start):
            telling = stating(said, answer.question) or said
            for reference in answer.references:
                likenesses.append(comparer.compare(reference, answer.question, telling))
                rows.append(row)
                quotes.append(telling.spans[likenesses[-1].span].text)
    return Pairs(answers, likenesses, np.array(rows, dtype=np.intp), quotes)


def fitted(sets: Sequence[Pairs], left_out: Sequence[npt.NDArray[np.bool_]] | None = None) -> Head:
    """A head from these sets, without the answers `left_out` of each; not calibrated yet."""
    kept = [~out for out in left_out] if left_out else [np.full(len(s.answers), True) for s in sets]
    head = Head(tuple(SENSE), tuple(float(sense) for sense in SENSE.values()), 0.0)
    for _ in range(2):
        chosen = [s.nearest(odds(head, s))[keep] for s, keep in zip(sets, kept, strict=True)]
        head = _logistic(sets, chosen)
    return head


def odds(head: Head, pairs: Pairs) -> Numbers:
    """Calibrated log odds of every pair. Shape [pairs]."""
    raw = pairs.values() @ np.array(head.weights) + head.bias
    return np.asarray(head.slope * raw + head.shift + head.crowd * pairs.crowd[pairs.rows])


def _logistic(sets: Sequence[Pairs], chosen: Sequence[npt.NDArray[np.intp]]) -> Head:
    values = np.concatenate([s.values()[rows] for s, rows in zip(sets, chosen, strict=True)])
    right = np.concatenate([s.right[s.rows[rows]] for s, rows in zip(sets, chosen, strict=True)])
    weights = np.concatenate([np.full(len(rows), 1 / len(rows)) for rows in chosen])
    asked = [
        s.answers[s.rows[i]].question for s, rows in zip(sets, chosen, strict=True) for i in rows
    ]
    _, question = np.unique(asked, return_inverse=True)
    mean, spread = values.mean(axis=0), values.std(axis=0) + 1e-6
    slopes = _slopes((values - mean) / spread, right, question, weights * len(right) / len(sets))
    slopes = slopes / spread
    slope, shift, _ = platt(values @ slopes, right, weights)
    return Head(tuple(SENSE), tuple((slope * slopes).tolist()), shift)


def _slopes(
    values: Numbers, right: Numbers, question: npt.NDArray[np.intp], weights: Numbers
) -> Numbers:
    """Maximum a posteriori, with an intercept for each question."""
    count, questions = values.shape[1], int(question.max()) + 1

    def loss(at: Numbers) -> tuple[float, Numbers]:
        slopes, common, own = at[:count], at[count], at[count + 1 :]
        z = values @ slopes + common + own[question]
        total = weights @ (np.logaddexp(0, z) - right * z)
        penalty = SLOPES * slopes @ slopes + INTERCEPTS * own @ own
        error = weights * (1 / (1 + np.exp(-z)) - right)
        by_question = np.bincount(question, error, questions)
        slope = values.T @ error + SLOPES * slopes
        return float(total + penalty / 2), np.r_[slope, error.sum(), by_question + INTERCEPTS * own]

    bounds = [(0, None) if sense > 0 else (None, 0) for sense in SENSE.values()]
    start = np.zeros(count + 1 + questions)
    free = [(None, None)] * (1 + questions)
    found = minimize(loss, start, jac=True, bounds=bounds + free, method="L-BFGS-B")
    return np.asarray(found.x[:count])


def platt(
    z: Numbers, right: Numbers, weights: Numbers, crowd: Numbers | None = None
) -> tuple[float, float, float]:
    """Slope and shift of log odds that make them frequencies (Platt 1999), and what a `crowd`
    of accepted references takes off: the best of many is near by chance."""
    spread = float(z.std()) or 1.0
    crowd = np.zeros(len(z)) if crowd is None else crowd

    def loss(at: Numbers) -> float:
        odds = at[0] * z / spread + at[1] + at[2] * crowd
        return float(weights @ (np.logaddexp(0, odds) - right * odds) / weights.sum())

    bounds = [(0, None), (None, None), (None, 0)]
    slope, shift, less = minimize(loss, np.array([1.0, 0.0, 0.0]), bounds=bounds).x
    return float(slope / spread), float(shift), float(less)


def out_of_fold(sets: Sequence[Pairs]) -> list[Numbers]:
    """Log odds of each answer by a head that has not seen its question. Shape [answers] each."""
    numbers = [folds(s.answers, FOLDS) for s in sets]
    found = [np.zeros(len(s.answers)) for s in sets]
    for fold in range(FOLDS):
        out = [number == fold for number in numbers]
        head = fitted(sets, out)
        for s, left, z in zip(sets, out, found, strict=True):
            z[left] = s.best(odds(head, s))[left]
    return found


def calibrated(sets: Sequence[Pairs]) -> tuple[Head, list[Numbers]]:
    """The head of all these answers, with a map fitted on what was left out; and by that map, the
    log odds of each answer when its question was left out. Shape [answers] each."""
    found = out_of_fold(sets)
    weights = np.concatenate([np.full(len(z), 1 / len(z)) for z in found])
    right = np.concatenate([s.right for s in sets])
    crowd = np.concatenate([s.crowd for s in sets])
    slope, shift, less = platt(np.concatenate(found), right, weights, crowd)
    left_out = [slope * z + shift + less * s.crowd for s, z in zip(sets, found, strict=True)]
    return replace(fitted(sets), slope=slope, shift=shift, crowd=less), left_out


def judged(name: str, pairs: Pairs, z: Numbers) -> Judged:
    """A set with the chances that its answers got from log odds `z`. Shape [answers]."""
    nearest = pairs.nearest(z[pairs.rows])
    quotes = [pairs.quotes[row] for row in nearest]
    return Judged(name, pairs.answers, 1 / (1 + np.exp(-z)), quotes)


def main() -> None:
    """Write the head's file, and print how it does on questions that it has not seen."""
    parser = argparse.ArgumentParser(description="Fit the local examiner's head.")
    parser.add_argument("--out", type=Path, default=HEAD)
    path = parser.parse_args().out
    embedder = Remembering(open_embedder())
    sets = [compared(load(name), embedder) for name in SETS]
    sets.append(compared(point_marks("seen"), embedder))
    head, left_out = calibrated(sets)
    path.write_text(head.to_json() + "\n", "utf-8")
    names = (*SETS, "points, seen half")
    found = [judged(*each) for each in zip(names, sets, left_out, strict=True)]
    held = compared(point_marks("held out"), embedder)
    found.append(judged("points, held out", held, held.best(odds(head, held))))
    print(path.read_text("utf-8"), printed(found), sep="\n")


if __name__ == "__main__":
    main()
