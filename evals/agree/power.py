"""How often the gate fails by chance alone, and how often it sees a real loss, on made-up marks.

`python -m evals.agree.power`: both sides and the reference mark the same points with errors of
their own, independent of each other, so that the truth is known.
"""

import random
from collections.abc import Iterator

from evals.agree.gate import gate
from evals.agree.people import PersonMark
from evals.agree.sides import Side
from evals.markdown import table
from evals.marks import MarkRow, Versions

TRIALS = 100
POINTS = 20
"""In each interview; two of five are met."""
REFERENCE = 0.1
"""Share of points on which the reference itself is wrong."""
SETTINGS = ((60, 0.1), (20, 0.1), (60, 0.15), (20, 0.15), (60, 0.2), (20, 0.2))
"""Interviews, and the candidate's share of wrong marks; the baseline's is 0.1."""
BASELINE = 0.1

Truth = dict[tuple[str, str], bool]
_versions = Versions("1", 2, "made-up", "v", "local", "", "", "none")


def _seen(truth: Truth, wrong: float, rng: random.Random) -> Truth:
    return {place: met != (rng.random() < wrong) for place, met in truth.items()}


def _side(name: str, seen: Truth) -> Side:
    side = Side(name, versions={transcript: _versions for transcript, _ in seen})
    for (transcript, atom), met in seen.items():
        row = MarkRow(
            transcript=transcript,
            question="q",
            atom=atom,
            text=atom,
            kind="point",
            negative=False,
            competency="all",
            level="mid",
            verdict="met" if met else "not_met",
            probability=0.5,
            source="local",
            by=name,
            words="",
        )
        side.marks.append(row)
    return side


def failed(seed: int, interviews: int, wrong: float) -> bool:
    """Whether the gate fails in one trial."""
    rng = random.Random(seed)
    places = [(f"t{i}", f"p{j}") for i in range(interviews) for j in range(POINTS)]
    truth = {place: rng.random() < 0.4 for place in places}
    marks = [
        PersonMark(transcript, "q", atom, "met" if met else "not_met", "reference", "person")
        for (transcript, atom), met in _seen(truth, REFERENCE, rng).items()
    ]
    before = _side("baseline", _seen(truth, BASELINE, rng))
    after = _side("candidate", _seen(truth, wrong, rng))
    return not gate(before, after, marks, {}).passed


def _rows() -> Iterator[tuple[object, ...]]:
    for interviews, wrong in SETTINGS:
        times = sum(failed(seed, interviews, wrong) for seed in range(TRIALS))
        yield interviews, interviews * POINTS, f"{wrong:.0%}", f"{times} of {TRIALS}"


if __name__ == "__main__":
    print(table(("interviews", "points", "candidate wrong on", "gate fails"), _rows()))
