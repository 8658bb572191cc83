"""Fit the local examiner's few weights on answers that people graded.

Run it with the folder of graded sets: `python -m evals.fit_likeness DIR`. It reads the training
splits of `beetle.jsonl` and `scientsbank.jsonl`, fits a logistic regression of "correct" on the
features of `agent.local.likeness`, and prints the weights to copy into `agent.local.marking`,
with the area under the ROC curve on unseen questions. Nothing of the answers is kept.
"""

import json
import random
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from agent.hearing import hear
from agent.local.likeness import Comparer
from agent.local.marking import FEATURES, features
from knowledge.embedder import Embedder, FloatArray, open_embedder

SETS = ("beetle", "scientsbank")
MOST_ROWS = 4_000
RIDGE = 1.0


def main() -> None:
    """Print weights, then how well they separate answers to questions never fitted on."""
    folder = Path(sys.argv[1])
    embedder = open_embedder()
    rows = [row for name in SETS for row in _rows(folder / f"{name}.jsonl")]
    train = [row for row in rows if row["split"] == "training"]
    texts = {row["question"] for row in train}
    unseen = [row for row in rows if row["split"] != "training" and row["question"] not in texts]
    weights = fit(*_table(_sample(train), embedder))
    for name, weight in zip(("bias", *FEATURES), weights, strict=True):
        print(f"{name:10} {weight:7.3f}")
    for name in SETS:
        held_out = [row for row in unseen if row["set"] == name]
        if held_out:
            table, graded = _table(_sample(held_out), embedder)
            print(f"{name}: AUC {area(table @ weights, graded):.3f} on unseen questions")


def fit(table: FloatArray, graded: FloatArray) -> FloatArray:
    """Weights of a ridge logistic regression, by Newton's method. `table` is [n, features]."""
    weights = np.zeros(table.shape[1], dtype=np.float64)
    for _ in range(25):
        chance = 1 / (1 + np.exp(-table @ weights))
        slope = table.T @ (chance - graded) + RIDGE * weights
        curve = (table.T * (chance * (1 - chance))) @ table + RIDGE * np.eye(len(weights))
        weights -= np.linalg.solve(curve, slope)
    return weights.astype(np.float32)


def area(scores: FloatArray, graded: FloatArray) -> float:
    """Area under the ROC curve: the chance that a right answer scores above a wrong one."""
    order = np.argsort(np.argsort(scores)) + 1
    right = graded == 1
    above = order[right].sum() - right.sum() * (right.sum() + 1) / 2
    return float(above / (right.sum() * (~right).sum()))


def _rows(path: Path) -> Iterable[dict[str, Any]]:
    for line in path.read_text("utf-8").splitlines():
        yield {**json.loads(line), "set": path.stem}


def _sample(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return random.Random(0).sample(rows, min(len(rows), MOST_ROWS))


def _table(rows: list[dict[str, Any]], embedder: Embedder) -> tuple[FloatArray, FloatArray]:
    comparer = Comparer(embedder)
    table = []
    for row in rows:
        answer = hear(row["student_answer"] or "-", embedder)
        likeness = comparer.compare(row["reference_answer"], row["question"], answer)
        table.append([1.0, *features(likeness)])
    graded = [row["score_avg"] / row["max_score"] >= 0.5 for row in rows]
    return np.array(table, dtype=np.float32), np.array(graded, dtype=np.float32)


if __name__ == "__main__":
    main()
