"""Whether a score stays when only the manner of an answer changes: `data/invariance.yaml`.

Compared are an answer and the same answer changed, both graded; the change of an answer that is no
longer graded is the whole score it had.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import fmean
from string import Template
from typing import Any

from evals import other_roads
from evals.grader import Grader, Line
from evals.markdown import table
from evals.questions import QUALITIES, Question, load, own, shipped
from evals.rewriting import REWRITES, swapped

MEAN_AIM, MOST_AIM = 0.02, 0.15
COUNTED_FROM = 0.05
OF_THE_KIT = 8
"""Questions of the shipped kit whose exemplars are changed, evenly spread over it."""


@dataclass(frozen=True)
class Pair:
    """An answer before and after a change."""

    change: str
    question: Question
    before: str
    after: str


@dataclass(frozen=True)
class Moved:
    """A pair and how far its score moved, in 0..1."""

    pair: Pair
    by: float


def answers() -> list[Line]:
    """What is changed: answers of every quality, our own and the kit's exemplars."""
    kit = shipped()
    asked = [*own(), *kit[:: max(len(kit) // OF_THE_KIT, 1)][:OF_THE_KIT]]
    written = [(q, q.answers[quality].strip()) for q in asked for quality in QUALITIES]
    return [*written, *other_roads.lines()]


def pairs(written: Sequence[Line] | None = None) -> Iterator[Pair]:
    """Every change of every answer that it changes at all; of `answers()` if none are given."""
    changes = load("invariance")
    for question, text in written or answers():
        for name, before, after in _changed(text, changes):
            if before != after:
                yield Pair(name, question, before, after)


def _changed(text: str, changes: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for name in changes["rewritten"]:
        yield name, text, REWRITES[name](text)
    for name, words in (changes["both_ways"] | changes["one_way"]).items():
        yield name, text, swapped(text, words)
    for name, words in changes["both_ways"].items():
        yield f"{name}, the other way", text, swapped(text, words, back=True)
    for name, frame in changes["frames"].items():
        around = partial(_framed, text=text)
        yield from ((name, around(frame["plain"]), around(one)) for one in frame["changed"])


def _framed(frame: str, text: str) -> str:
    return Template(frame).substitute(answer=text)


def measure(grader: Grader, written: Sequence[Line] | None = None) -> list[Moved]:
    """How far each pair's score moved, of all of these answers."""
    return moved(grader, list(pairs(written)))


def moved(grader: Grader, every: Sequence[Pair]) -> list[Moved]:
    """How far each pair's score moved; each different text is graded once."""
    lines = {(p.question.question, t): (p.question, t) for p in every for t in (p.before, p.after)}
    graded = grader.grade(list(lines.values()))
    scores = {key: one.score for key, one in zip(lines, graded, strict=True)}

    def by(pair: Pair) -> float:
        before, after = (scores[pair.question.question, t] for t in (pair.before, pair.after))
        return abs((after or 0.0) - (before or 0.0))

    return [Moved(pair, by(pair)) for pair in every]


def report(grader: Grader, baseline: Grader, written: Sequence[Line] | None = None) -> str:
    """Mean and largest change by kind, word overlap beside; a constant never moves."""
    written = written or answers()
    found, beside = measure(grader, written), measure(baseline, written)
    kinds = dict.fromkeys(moved.pair.change for moved in found)
    rows = [_row(kind, _of(found, kind), _of(beside, kind)) for kind in kinds]
    rows.append(_row("all", found, beside))
    headings = (
        "change",
        "pairs",
        f"mean (aim {MEAN_AIM:g})",
        f"largest (aim {MOST_AIM:g})",
        f"share over {COUNTED_FROM:g}",
        f"over {MOST_AIM:g}",
        "word overlap: mean",
        "largest",
    )
    return f"{len(written)} answers.\n\n{table(headings, rows)}\n\n{_furthest(found)}"


def _row(name: str, found: list[Moved], beside: list[Moved]) -> list[object]:
    by = [moved.by for moved in found]
    other = [moved.by for moved in beside]
    over = sum(one > COUNTED_FROM for one in by) / len(by)
    far = sum(one > MOST_AIM for one in by)
    return [name, len(by), fmean(by), max(by), over, far, fmean(other), max(other)]


def _of(found: list[Moved], change: str) -> list[Moved]:
    return [moved for moved in found if moved.pair.change == change]


def _furthest(found: list[Moved], most: int = 12) -> str:
    far = sorted((m for m in found if m.by > MOST_AIM), key=lambda m: -m.by)[:most]
    rows = [(m.pair.change, m.pair.after[:90], m.by) for m in far]
    return table(("moved furthest by", "answer", "change of score"), rows) if rows else ""
