"""How a head does on answers to questions that it has not seen, as tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata

from agent.policy import Policy
from evals.agreement import Result, macro_f1, reliability
from evals.graded import QUALITIES, GradedAnswer, PointMark
from evals.markdown import share, table

Numbers = npt.NDArray[np.float64]
POLICY = Policy()


@dataclass(frozen=True)
class Judged:
    """A set's answers with the chance each got and the sentence it stands on. Shape [answers]."""

    name: str
    answers: Sequence[GradedAnswer]
    chances: Numbers
    quotes: Sequence[str]

    @property
    def given(self) -> Numbers:
        """What the set's graders gave, 0..1."""
        return np.array([answer.score for answer in self.answers])

    @property
    def credits(self) -> Numbers:
        """What each chance is worth, 0..1."""
        width = POLICY.credit_full - POLICY.credit_from
        return np.clip((self.chances - POLICY.credit_from) / width, 0.0, 1.0)


def auc(right: npt.NDArray[np.bool_], chances: Numbers) -> float:
    """The chance that a right one stands above a wrong one; a half where there is but one kind."""
    ranks, many = rankdata(chances), int(right.sum())
    if not 0 < many < len(right):
        return 0.5
    over = ranks[right].sum() - many * (many + 1) / 2
    return float(over / (many * (len(right) - many)))


def quoted_right(judged: Judged) -> tuple[int, int]:
    """How many points rightly found met quote the sentence marked, and how many there are."""
    found = [
        _shares(answer.stands_on, quote)
        for answer, chance, quote in zip(judged.answers, judged.chances, judged.quotes, strict=True)
        if isinstance(answer, PointMark) and answer.stands_on and chance >= POLICY.credit_from
    ]
    return sum(found), len(found)


def _shares(words: str, quote: str) -> bool:
    """Whether one holds the other: the words marked may reach over a cut in a long sentence."""
    one, other = (" ".join(text.split()) for text in (words, quote))
    return one in other or other in one


def scores(judged: Judged) -> dict[str, dict[str, float]]:
    """Of our own answers, the score of each quality by question, from its points' credits."""
    credits: dict[tuple[str, str], list[float]] = {}
    for answer, credit in zip(judged.answers, judged.credits, strict=True):
        if isinstance(answer, PointMark):
            credits.setdefault((answer.question, answer.quality), []).append(float(credit))
    found: dict[str, dict[str, float]] = {}
    for (question, quality), each in credits.items():
        full = min(len(each), POLICY.full_answer)
        found.setdefault(question, {})[quality] = min(sum(each) / full, 1.0)
    return found


HEADINGS = ("set", "pairs", "AUC", "within questions", "macro-F1", "RMSE of credit", "right quote")


def row(judged: Judged) -> list[object]:
    """One line of the table of sets."""
    right, asked = judged.given >= 0.5, np.array([a.question for a in judged.answers])
    each = [auc(right[asked == q], judged.chances[asked == q]) for q in np.unique(asked)]
    hits, met = quoted_right(judged)
    return [
        judged.name,
        len(right),
        auc(right, judged.chances),
        fmean(each),
        macro_f1(right, judged.credits >= 0.5),
        float(np.sqrt(((judged.given - judged.credits) ** 2).mean())),
        share(hits, met) if met else "",
    ]


ORDERS = (("weak", "middling"), ("middling", "good"), ("middling", "terse"), ("weak", "usual"))


def ranked(judged: Judged) -> list[object]:
    """Mean score by quality, and for how many questions each pair of ORDERS stands in order."""
    found = list(scores(judged).values())
    means = [fmean(each[quality] for each in found) for quality in QUALITIES]
    orders = [sum(each[low] < each[high] for each in found) for low, high in ORDERS]
    return [judged.name, *means, *(share(count, len(found)) for count in orders)]


def printed(every: Sequence[Judged]) -> str:
    """The tables: sets, ranks of our own answers, and ten bins of the chances of each set."""
    own = [judged for judged in every if scores(judged)]
    headings = ("set", *QUALITIES, *(f"{low} < {high}" for low, high in ORDERS))
    tables = [table(HEADINGS, [row(judged) for judged in every])]
    tables += [table(headings, [ranked(judged) for judged in own])]
    return "\n\n".join([*tables, *(f"{j.name}\n\n{reliability([_result(j)])}" for j in every)])


def _result(judged: Judged) -> Result:
    return Result(judged.name, list(judged.answers), judged.credits, judged.chances)
