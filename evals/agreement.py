"""Whether the local examiner agrees with people: `python -m evals.agreement [SET:SPLIT ...]`.

By the path of `viva grade`, with the head that ships: of the sets graded by people it was fitted on
the training splits of Beetle and SciEntsBank alone, so every other split, and all of SAF, is new to
it. (Half of our own `data/points.yaml` is in the fit too.)
"""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
import numpy.typing as npt

from agent.desk import Desk
from agent.lines import Answer, Graded
from agent.local import LocalExaminer
from evals.graded import GradedAnswer, SetName, load, questions_of, unseen
from evals.markdown import table
from knowledge.embedder import Embedder, open_embedder
from knowledge.errors import NotFound
from knowledge.index import KitIndex

Numbers = npt.NDArray[np.float64]

WANTED = (
    "beetle:unseen_questions",
    "beetle:unseen_answers",
    "scientsbank:unseen_domains",
    "scientsbank:unseen_questions",
    "scientsbank:unseen_answers",
    "saf_v2:unseen_questions",
    "saf_v2:unseen_answers",
    "saf_v2:training",
)
BINS = 10


@dataclass(frozen=True)
class Result:
    """A split with what people gave, and our scores and highest probabilities. Shape [answers]."""

    name: str
    answers: list[GradedAnswer]
    scores: Numbers
    chances: Numbers

    @property
    def given(self) -> Numbers:
        """What people gave, 0..1."""
        return np.array([answer.score for answer in self.answers])

    def of(self, name: str, kept: Sequence[bool]) -> "Result":
        """The same for some of the answers."""
        where = np.array(kept)
        answers = [answer for answer, keep in zip(self.answers, kept, strict=True) if keep]
        return Result(name, answers, self.scores[where], self.chances[where])


def graded(name: str, embedder: Embedder, *, single: bool = False) -> Result:
    """A set's split (`beetle:unseen_questions`), graded; `single` keeps the first reference."""
    which, _, split = name.partition(":")
    answers = load(cast("SetName", which), (split,))
    desk = Desk(LocalExaminer(embedder), embedder, _no_kit)
    lines = [_line(i, answer, single) for i, answer in enumerate(answers)]
    found = [g for g in asyncio.run(_all(desk, lines)) if isinstance(g, Graded)]
    return Result(
        name,
        answers,
        np.array([g.score or 0.0 for g in found]),
        np.array([max((item.probability for item in g.points), default=0.0) for g in found]),
    )


async def _no_kit(name: str) -> KitIndex:
    raise NotFound(f"There is no kit {name!r} here.", "Answers bring their own references.")


async def _all(desk: Desk, lines: Sequence[Answer]) -> list[object]:
    batches = [lines[i : i + desk.batch] for i in range(0, len(lines), desk.batch)]
    return [g for batch in batches for g in await desk.grade(batch)]


def _line(number: int, answer: GradedAnswer, single: bool) -> Answer:
    given: dict[str, object] = {"reference": "\n".join(answer.references)}
    if answer.any_of:
        accepted = answer.references[:1] if single else answer.references
        points = [{"text": t, "role": "any_of", "group": "accepted"} for t in accepted]
        given = {"reference_points": points}
    line = {"id": number, "question": answer.question, "answer": answer.answer, **given}
    return Answer.model_validate(line)


def macro_f1(right: npt.NDArray[np.bool_], said: npt.NDArray[np.bool_]) -> float:
    """The mean of the F1 of both classes."""
    both = [(right, said), (~right, ~said)]
    return float(np.mean([2 * (r & s).sum() / max(r.sum() + s.sum(), 1) for r, s in both]))


def correlation(one: Numbers, other: Numbers) -> float:
    """Pearson's r; 0 where one of them does not vary."""
    varies = one.std() > 0 and other.std() > 0
    return float(np.corrcoef(one, other)[0, 1]) if varies else 0.0


def within(result: Result) -> float:
    """The mean of r by question, where both vary."""
    asked = np.array([answer.question for answer in result.answers])
    each = [asked == question for question in np.unique(asked)]
    given, scores = result.given, result.scores
    found = [correlation(given[q], scores[q]) for q in each if given[q].std() and scores[q].std()]
    return float(np.mean(found)) if found else 0.0


def row(result: Result) -> list[object]:
    """One line of the table of agreement."""
    given, scores = result.given, result.scores
    two = set(given) <= {0.0, 1.0}
    return [
        result.name,
        len(given),
        macro_f1(given >= 0.5, scores >= 0.5) if two else "",
        macro_f1(given >= 0.5, np.full(len(given), given.mean() >= 0.5)) if two else "",
        correlation(given, scores),
        within(result),
        float(np.sqrt(((given - scores) ** 2).mean())),
        float(given.std()),
    ]


def reliability(results: Sequence[Result]) -> str:
    """Ten bins of the probability with the share that people called right, and the ECE."""
    chances = np.concatenate([result.chances for result in results])
    right = np.concatenate([result.given >= 0.5 for result in results])
    number = np.minimum((chances * BINS).astype(int), BINS - 1)
    filled = [number == i for i in range(BINS) if (number == i).any()]
    rows = [(int(b.sum()), chances[b].mean(), right[b].mean()) for b in filled]
    error = sum(n * abs(said - true) for n, said, true in rows) / len(chances)
    printed = [(int(n), float(said), float(true)) for n, said, true in rows]
    return f"{table(('answers', 'predicted', 'right'), printed)}\n\nECE {error:.3f}"


HEADINGS = ("split", "answers", "macro-F1", "a constant's", "r", "r within", "RMSE", "a constant's")


def main(embedder: Embedder | None = None) -> None:
    """Print the tables."""
    embedder = embedder or open_embedder()
    results = [graded(name, embedder) for name in sys.argv[1:] or WANTED]
    extra = [more for r in results if r.name == WANTED[0] for more in _beside(r, embedder)]
    print(table(HEADINGS, [row(result) for result in [*results, *extra]]), "\n")
    held_out = [result for result in results if not result.name.startswith("saf")]
    if held_out:
        print(reliability(held_out))


def _beside(result: Result, embedder: Embedder) -> list[Result]:
    """Without questions whose text training has too; and with one accepted reference alone."""
    asked = questions_of(load("beetle"))
    kept = [bool(unseen([answer], asked)) for answer in result.answers]
    one = graded(result.name, embedder, single=True)
    return [
        result.of(f"{result.name}, text not in training", kept),
        replace(one, name=f"{result.name}, one reference"),
    ]


if __name__ == "__main__":
    main()
