"""What speaks against somebody, and flags, measured: `python -m evals.opposing [fit]`.

The sentences of `data/opposing.yaml` each stand in an answer between two neutral ones of the
same field; each statement also meets what was said about others of its field. Statements are
split by a hash of their text. Rules were improved and weights fitted on the seen half only, with
thresholds chosen on predictions for statements left out of the fit, eight folds by statement.
"""

import hashlib
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import yaml

from agent.hearing import Span, Utterance, sentences
from agent.local import statements
from agent.local.likeness import Comparer, Likeness
from agent.local.opposing import GREEN, NEGATIVE, RED, Opposer, Weights, features
from knowledge.atoms import Atom
from knowledge.embedder import Embedder, Encoded, open_embedder

DATA = Path(__file__).parent / "data" / "opposing.yaml"

Sort = Literal["negative", "red", "green"]
Half = Literal["seen", "held out"]
MARKED_BY = {"negative": NEGATIVE, "red": RED, "green": GREEN}
FloatArray = npt.NDArray[np.float64]
FOLDS = 8
RIDGE = 0.5
NEARBY = 8
ALIKE_FROM = 0.4
"""Cosine from which two statements are too near for what shows one not to show the other."""
SORTS: tuple[Sort, ...] = ("negative", "red", "green")


@dataclass(frozen=True)
class Case:
    """One answer against one statement; `kind` is `shows` or what tempts."""

    sort: Sort
    statement: str
    kind: str
    sentence: str
    answer: str
    field: str
    first: bool = False

    @property
    def pair(self) -> tuple[str, str]:
        return self.statement, self.sentence

    @property
    def half(self) -> Half:
        return half(self.statement)


@dataclass
class Tally:
    """Verdicts by what the answers really do; probabilities with whether they were right."""

    shown: Counter[str] = field(default_factory=Counter)
    tempted: Counter[str] = field(default_factory=Counter)
    wrongly: Counter[str] = field(default_factory=Counter)
    """Verdict `met` by the kind of temptation."""
    chances: list[tuple[float, bool]] = field(default_factory=list)

    @property
    def precision(self) -> float:
        met = self.shown["met"] + self.tempted["met"]
        return self.shown["met"] / met if met else 1.0

    @property
    def recall(self) -> float:
        return self.shown["met"] / max(self.shown.total(), 1)

    def precision_at(self, shown: float) -> float:
        """What precision would be where this share of the pairs shows the statement."""
        right = shown * self.recall
        wrong = (1 - shown) * self.tempted["met"] / max(self.tempted.total(), 1)
        return right / (right + wrong) if right + wrong else 1.0

    @property
    def abstained(self) -> float:
        both = self.shown + self.tempted
        return both["abstained"] / max(both.total(), 1)


def half(statement: str) -> Half:
    """Which half a statement belongs to, by its text alone."""
    odd = hashlib.blake2b(statement.encode(), digest_size=1).digest()[0] % 2
    return "held out" if odd else "seen"


def load() -> dict[str, Any]:
    """The data as they are written."""
    data: dict[str, Any] = yaml.safe_load(DATA.read_text("utf-8"))
    return data


def cases(embedder: Embedder) -> list[Case]:
    """Every sentence in its answer, and for each statement what was said about others."""
    data = load()
    written = [case for item in data["items"] for case in _written(item, data["around"])]
    statements = list(dict.fromkeys(case.statement for case in written))
    vectors = dict(zip(statements, embedder.embed(statements), strict=True))
    return written + [
        replace(case, sort=own.sort, statement=own.statement, kind="another")
        for own in written
        if own.kind == "shows" and own.first
        for case in _nearby(own, written)
        if float(vectors[own.statement] @ vectors[case.statement]) < ALIKE_FROM
    ]


def _written(item: dict[str, Any], around: dict[str, list[str]]) -> Iterator[Case]:
    sort = next(sort for sort in SORTS if sort in item)
    sentences = [("shows", text) for text in item["shows"]] + [*item["tempts"].items()]
    for number, (kind, text) in enumerate(sentences):
        answer = _between(text, around[item["field"]])
        yield Case(sort, item[sort], kind, text, answer, item["field"], first=number == 0)


def _nearby(own: Case, written: list[Case]) -> list[Case]:
    """Eight sentences about other statements of the same sort, of the same field if it has them."""
    good = own.sort == "green"
    others = [
        case
        for case in written
        if (case.sort == "green") == good
        and case.half == own.half
        and case.statement != own.statement
        and case.kind in ("shows", "opposite")
    ]
    others.sort(key=lambda case: (case.field != own.field, _digest(own.statement + case.sentence)))
    return others[:NEARBY]


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=8).digest()


def _between(sentence: str, around: list[str]) -> str:
    first = _digest(sentence)[0] % len(around)
    before, after = around[first], around[(first + 1) % len(around)]
    return f"{before} {sentence} {after}"


def atom(case: Case) -> Atom:
    """The statement as a kit would hold it."""
    return Atom(
        id="statement",
        kind="indicator" if case.sort == "negative" else "flag",
        text=case.statement,
        polarity="positive" if case.sort == "green" else "negative",
    )


def measure(embedder: Embedder | None = None) -> dict[tuple[Sort, Half], Tally]:
    """Tallies by kind of statement and half."""
    embedder = embedder or open_embedder()
    opposer = Opposer(Comparer(embedder))
    tallies: dict[tuple[Sort, Half], Tally] = {}
    found = cases(embedder)
    heard = _heard({case.answer for case in found}, embedder)
    for case in found:
        tally = tallies.setdefault((case.sort, case.half), Tally())
        _count(tally, case, *_verdict(opposer, case, heard[case.answer]))
    return tallies


def _heard(answers: set[str], embedder: Embedder) -> dict[str, Utterance]:
    """Every answer with its sentences encoded, all in one batch."""
    spans = {answer: tuple(sentences(answer)) for answer in answers}
    texts = list({span.text for parts in spans.values() for span in parts})
    encoded = dict(zip(texts, embedder.encode(texts), strict=True))
    return {
        answer: Utterance(answer, parts, tuple(encoded[span.text] for span in parts))
        for answer, parts in spans.items()
    }


def _verdict(opposer: Opposer, case: Case, answer: Utterance) -> tuple[str, float]:
    if case.sort == "negative":
        mark = opposer.negative(atom(case), "", answer)
        return mark.verdict, mark.probability
    flag = opposer.flag(atom(case), "", answer)
    return ("met", flag.probability) if flag else ("not_met", 0.0)


def _count(tally: Tally, case: Case, verdict: str, chance: float) -> None:
    shows = case.kind == "shows"
    (tally.shown if shows else tally.tempted)[verdict] += 1
    tally.chances.append((chance, shows))
    if verdict == "met" and not shows:
        tally.wrongly[case.kind] += 1


def fit(sorts: tuple[Sort, ...], embedder: Embedder) -> tuple[Weights, FloatArray, FloatArray]:
    """Weights from the seen half; left-out chances and truths [n] of the sentences that count."""
    found = [case for case in cases(embedder) if case.sort in sorts and case.half == "seen"]
    found = [case for case in found if counts(case) and statements.says_the_same(*case.pair)]
    comparer = Comparer(embedder)
    texts = list(dict.fromkeys(case.sentence for case in found))
    encoded = dict(zip(texts, embedder.encode(texts), strict=True))
    rows = [features(*case.pair, _alone(comparer, case, encoded)) for case in found]
    values = np.array([(1.0, *row) for row in rows])
    truths = np.array([case.kind == "shows" for case in found], dtype=float)
    folds = np.array([_digest(case.statement)[1] % FOLDS for case in found])
    chances = np.zeros(len(found))
    for fold in range(FOLDS):
        out = folds == fold
        chances[out] = _chances(values[out], _logistic(values[~out], truths[~out]))
    return Weights(*_logistic(values, truths).round(2).tolist()), chances, truths


def counts(case: Case) -> bool:
    """Whether the sentence is one that may count for this sort of statement."""
    return MARKED_BY[case.sort].counts(case.sentence)


def _alone(comparer: Comparer, case: Case, encoded: dict[str, Encoded]) -> Likeness:
    sentence = Span(case.sentence, 0, len(case.sentence))
    heard = Utterance(case.sentence, (sentence,), (encoded[case.sentence],))
    return comparer.compare(case.statement, "", heard)


def _logistic(values: FloatArray, truths: FloatArray) -> FloatArray:
    """Ridge logistic by Newton's method; the bias is not held back."""
    weights = np.zeros(values.shape[1])
    ridge = np.diag([0.0] + [RIDGE] * (values.shape[1] - 1))
    for _ in range(30):
        chances = _chances(values, weights)
        slope = values.T @ (truths - chances) - ridge @ weights
        bend = (values.T * (chances * (1 - chances))) @ values + ridge
        weights = weights + np.linalg.solve(bend, slope)
    return weights


def _chances(values: FloatArray, weights: FloatArray) -> FloatArray:
    return 1 / (1 + np.exp(-(values @ weights)))


def contradictions() -> dict[Half, tuple[int, int, int]]:
    """Pairs by half: contradictions found, paraphrases taken for one, and how many of each."""
    counted: dict[Half, tuple[int, int, int]] = {}
    for pair in load()["pairs"]:
        right, wrong, n = counted.get(half(pair["statement"]), (0, 0, 0))
        right += statements.denies(pair["statement"], pair["against"])
        wrong += statements.denies(pair["statement"], pair["agrees"])
        counted[half(pair["statement"])] = (right, wrong, n + 1)
    return counted


def print_fit() -> None:
    """Print weights, and precision and recall by threshold on statements left out of the fit."""
    embedder = open_embedder()
    for sorts in (("negative", "red"), ("green",)):
        weights, chances, truths = fit(sorts, embedder)
        print(", ".join(sorts), weights, f"shown {_share_shown(sorts, embedder):.3f}")
        for least in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
            met = chances >= least
            right = truths[met].mean() if met.any() else 1.0
            print(f"  {least:.1f}: precision {right:.2f}, found {truths[met].sum():.0f}")


def _share_shown(sorts: tuple[Sort, ...], embedder: Embedder) -> float:
    """Share of the seen pairs where the statement is shown."""
    pairs = [case for case in cases(embedder) if case.sort in sorts and case.half == "seen"]
    return sum(case.kind == "shows" for case in pairs) / len(pairs)


def main() -> None:
    """Print precision, recall and abstentions by kind and half."""
    for (sort, which), tally in sorted(measure().items()):
        shown = MARKED_BY[sort].shown
        wrongly = ", ".join(f"{kind} {n}" for kind, n in tally.wrongly.items()) or "none"
        print(
            f"{sort:9}{which:9} precision {tally.precision:.2f}  "
            f"(of {shown:.0%} shown: {tally.precision_at(shown):.2f})  "
            f"recall {tally.recall:.2f}  abstained {tally.abstained:.2f}  "
            f"n {tally.shown.total()}+{tally.tempted.total()}  "
            f"wrongly met: {wrongly}"
        )
    for which, (right, wrong, n) in sorted(contradictions().items()):
        precision, recall = right / max(right + wrong, 1), right / n
        print(f"denies   {which:9}precision {precision:.2f}  recall {recall:.2f}  n {n}+{n}")


if __name__ == "__main__":
    print_fit() if "fit" in sys.argv[1:] else main()
