"""Right answers that go another way than the reference, and weak ones: `data/other_roads.yaml`.

A right answer is not called wrong if its anchor is not `below`, or if it is put to a person. Beside
it stands how many weak answers are put to a person too: a grader that asks a person about
everything calls nothing wrong.
"""

from collections.abc import Sequence
from typing import Any

from agent.lines import Graded
from evals.grader import Grader, Line
from evals.markdown import share, table
from evals.questions import Question, load


def lines() -> list[Line]:
    """Right and weak answers in turn."""
    return [
        (_question(entry), entry[kind].strip())
        for entry in load("other_roads")
        for kind in ("right", "weak")
    ]


def _question(entry: dict[str, Any]) -> Question:
    return Question(question=entry["question"], points=tuple(entry["points"]))


def measure(grader: Grader) -> tuple[list[Graded], list[Graded]]:
    """The right answers graded, and the weak ones."""
    graded = grader.grade(lines())
    return graded[::2], graded[1::2]


def called_wrong(graded: Graded) -> bool:
    """Below, and no person is asked."""
    return graded.anchor == "below" and graded.review is None


def report(grader: Grader, baseline: Grader) -> str:
    """Who is called wrong, who is put to a person, and which right answers are missed."""
    right, weak = measure(grader)
    rows: list[Sequence[object]] = [
        _row("examiner", right, weak),
        _row("word overlap", *measure(baseline)),
        ["a constant `below`", *_shares((len(right), len(weak), 0, 0), len(right))],
        ["a constant `meets`", *_shares((0, 0, 0, 0), len(right))],
    ]
    headings = (
        "grader",
        "right, called wrong",
        "weak, called wrong",
        "right, put to a person",
        "weak, put to a person",
    )
    return f"{table(headings, rows)}\n\n{_missed(right)}"


def _row(name: str, right: Sequence[Graded], weak: Sequence[Graded]) -> list[object]:
    counts = (
        sum(map(called_wrong, right)),
        sum(map(called_wrong, weak)),
        sum(graded.review is not None for graded in right),
        sum(graded.review is not None for graded in weak),
    )
    return [name, *_shares(counts, len(right))]


def _shares(counts: Sequence[int], whole: int) -> list[str]:
    return [share(count, whole) for count in counts]


def _missed(right: Sequence[Graded]) -> str:
    asked = [question.question for question, _ in lines()[::2]]
    rows = [(q, g.score) for q, g in zip(asked, right, strict=True) if called_wrong(g)]
    return table(("right and called wrong", "score"), rows) if rows else ""
