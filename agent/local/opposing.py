"""What speaks against somebody, and flags: likeness alone cannot see attitude or sign.

A sentence counts only where it is the candidate's own statement, present where that matters,
and says or denies as the indicator does. Among those a logistic decides; its weights come from
`evals.opposing`, which also says how far they carry.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from agent.events import Mark, Quote, Verdict
from agent.hearing import Span, Utterance
from agent.local import statements
from agent.local.likeness import Comparer, Likeness, sentence_like
from knowledge.atoms import Atom


class Weights(NamedTuple):
    """Of a logistic over a sentence's features, fitted by `python -m evals.opposing fit`."""

    bias: float
    sentence: float
    words: float
    careless: float
    careful: float
    first_person: float
    left_out: float


AGAINST = Weights(-4.27, 4.7, 3.43, 0.35, -0.63, 1.55, 0.51)
FOR = Weights(-4.73, 2.75, 3.04, 0.01, 0.29, 2.29, 0.0)

NEGATIVE_FROM, UNSURE_FROM = 0.75, 0.3
RED_FROM, GREEN_FROM = 0.75, 0.55
"""A false accusation is worse than a miss: nine in ten were right from here on seen data."""
CAME_UP_FROM = 0.45
"""Likeness from which a thing said to be missing has come up."""


@dataclass(frozen=True)
class Evidence:
    """The sentence that comes nearest to showing a statement, and the chance that it does."""

    row: int = 0
    chance: float = 0.0
    came_up: bool = False
    """A sentence of the candidate's own is about the matter, whatever it says of it."""


class Opposer:
    """Marks negative indicators and flags of one answer."""

    def __init__(self, comparer: Comparer) -> None:
        self._comparer = comparer

    def negative(self, atom: Atom, question: str, answer: Utterance) -> Mark:
        """Met where the answer shows the indicator in words; in between it abstains.

        What is said to be missing ("no mention of tests") is not shown by silence: the mark
        abstains unless the candidate says so, or speaks of the thing as being there.
        """
        shown = self._evidence(atom, answer, AGAINST, stated)
        if shown.chance >= NEGATIVE_FROM:
            return _marked(atom, "met", shown, answer)
        silent = statements.lacking(atom.text) and not shown.came_up
        unsure = silent or shown.chance >= UNSURE_FROM
        return _marked(atom, "abstained" if unsure else "not_met", shown, answer)

    def flag(self, atom: Atom, question: str, answer: Utterance) -> Mark | None:
        """The flag where the answer states it, else None."""
        if atom.polarity == "negative":
            shown = self._evidence(atom, answer, AGAINST, statements.own_and_present)
            return _marked(atom, "met", shown, answer) if shown.chance >= RED_FROM else None
        shown = self._evidence(atom, answer, FOR, statements.own)
        return _marked(atom, "met", shown, answer) if shown.chance >= GREEN_FROM else None

    def _evidence(
        self, atom: Atom, answer: Utterance, weights: Weights, counts: Callable[[str], bool]
    ) -> Evidence:
        best, came_up = Evidence(), False
        for row, likeness in self._likenesses(atom.text, answer, counts):
            came_up = came_up or likeness.sentence >= CAME_UP_FROM
            text = answer.spans[row].text
            if statements.says_the_same(atom.text, text):
                chance = probability(weights, features(atom.text, text, likeness))
                best = max(best, Evidence(row, chance), key=lambda found: found.chance)
        return Evidence(best.row, best.chance, came_up)

    def _likenesses(
        self, statement: str, answer: Utterance, counts: Callable[[str], bool]
    ) -> Iterator[tuple[int, Likeness]]:
        for row, span in enumerate(answer.spans):
            if _counts(span, counts):
                alone = Utterance(span.text, (span,), (answer.encoded[row],))
                yield row, self._comparer.compare(statement, "", alone)


@lru_cache(maxsize=4096)
def _counts(span: Span, counts: Callable[[str], bool]) -> bool:
    return sentence_like(span) and counts(span.text)


def stated(sentence: str) -> bool:
    """The candidate's own, and not a practice they have left; past and planned both count."""
    return statements.own(sentence) and not statements.abandoned(sentence)


def features(statement: str, sentence: str, likeness: Likeness) -> tuple[float, ...]:
    """What the logistic sees of a sentence, in the order of `Weights` after its bias.

    A careful tone speaks against a plain statement only: "I don't check" is a denial of care.
    """
    left_out = statements.leaves_out(statement)
    return (
        likeness.sentence,
        likeness.words,
        float(statements.careless(sentence)),
        float(statements.careful(sentence) and not left_out),
        float(statements.in_first_person(sentence)),
        float(left_out),
    )


def probability(weights: Weights, values: tuple[float, ...]) -> float:
    """The chance that a person would say the sentence shows the statement."""
    total = weights.bias + sum(w * value for w, value in zip(weights[1:], values, strict=True))
    return 1 / (1 + math.exp(-total))


def _marked(atom: Atom, verdict: Verdict, shown: Evidence, answer: Utterance) -> Mark:
    span = answer.spans[shown.row]
    met = verdict == "met"
    return Mark(
        atom=atom.id,
        kind="flag" if atom.kind == "flag" else "indicator",
        text=atom.text,
        verdict=verdict,
        probability=round(shown.chance, 4),
        source="local",
        quote=Quote(text=span.text, start=span.start, end=span.end) if met else None,
        polarity=atom.polarity,
        role=atom.role,
        group=atom.group,
    )
