"""Short messages by what they mean, where no cue knows them.

A message is as near to an intent as the phrases most like it; the phrases are data, in
`prototypes.txt`. An embedder that knows words only by their letters tells nothing.
"""

from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import cast

import numpy as np

from agent.events import Intent
from knowledge.embedder import FloatArray
from knowledge.parser.meaning import Likeness, tells

ENOUGH = 0.4
MARGIN = 0.1
"""How like its phrases a message has to be, and how much more so than any answer."""
NEAREST = 3
"""Phrases of an intent that tell; all three chosen so that no seen answer is lost."""


@lru_cache(maxsize=1)
def phrases() -> tuple[tuple[Intent, str], ...]:
    """Every phrase with its intent, as they stand in their file."""
    text = files(__package__).joinpath("prototypes.txt").read_text("utf-8")
    found: list[tuple[Intent, str]] = []
    intent: Intent = "answer"
    for line in text.splitlines():
        if line.startswith("["):
            intent = cast("Intent", line.strip("[]"))
        elif line and not line.startswith("#"):
            found.append((intent, line))
    return tuple(found)


def nearest(messages: Sequence[str], likeness: Likeness) -> list[Intent]:
    """What each message wants; `answer` where nothing else is clearly nearer."""
    if not messages or not tells(likeness):
        return ["answer"] * len(messages)
    near = likeness.embed(messages) @ _vectors(likeness).T
    return [_nearest(row) for row in near]


def _nearest(row: FloatArray) -> Intent:
    rows: dict[Intent, list[float]] = {}
    for (intent, _), value in zip(phrases(), row, strict=True):
        rows.setdefault(intent, []).append(float(value))
    scores = {intent: float(np.mean(sorted(own)[-NEAREST:])) for intent, own in rows.items()}
    best = max(scores, key=lambda intent: scores[intent])
    clear = scores[best] >= ENOUGH and scores[best] - scores["answer"] >= MARGIN
    return best if clear else "answer"


_kept: dict[str, FloatArray] = {}


def _vectors(likeness: Likeness) -> FloatArray:
    """[n_phrases, dim], kept for the embedder used last."""
    rows = _kept.get(likeness.identity)
    if rows is None:
        rows = likeness.embed([phrase for _, phrase in phrases()])
        _kept.clear()
        _kept[likeness.identity] = rows
    return rows
