"""What speaks against somebody, and flags: likeness alone cannot see attitude or sign.

A sentence counts only where it is the candidate's own statement, present where that matters,
and says or denies as the indicator does. Among those a logistic decides, corrected for how much
rarer such statements are in interviews than where it was fitted; and the sentence has to carry the
statement's act. The weights come from `evals.opposing`, which also says how far they carry.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from agent.events import Mark, Quote, Verdict
from agent.hearing import Span, Utterance
from agent.local import statements
from agent.local.acts import carries
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
    acts: float


AGAINST = Weights(-4.2, 4.65, 3.12, 0.33, -0.61, 1.51, 0.4, 0.96)
FOR = Weights(-4.68, 2.73, 2.93, 0.03, 0.28, 2.24, 0.0, 0.38)

SHOWN_IN_BENCH = 0.19
"""Share of the pairs that the weights were fitted on where the sentence shows the statement."""
MET_FROM = 0.5
"""More likely than not, at the share assumed in interviews."""
UNSURE_FROM = 0.1
CAME_UP_FROM = 0.45
"""Likeness from which a thing said to be missing has come up."""


class Sort(NamedTuple):
    """What a sort of statement is marked by."""

    weights: Weights
    shown: float
    """Share of (answer, statement) pairs in interviews where it is shown: assumed, not measured."""
    counts: Callable[[str], bool]
    """Whether a sentence may count at all."""


@dataclass(frozen=True)
class Evidence:
    """The sentence that comes nearest to showing a statement, and the chance that it does."""

    row: int = 0
    chance: float = 0.0
    """At the share assumed in interviews."""
    acts: bool = False
    """It carries what is said to be done, not only its nouns; not asked of what speaks for them."""
    came_up: bool = False
    """A sentence of the candidate's own is about the matter, whatever it says of it."""

    @property
    def met(self) -> bool:
        """Whether it is enough for a mark."""
        return self.acts and self.chance >= MET_FROM


class Opposer:
    """Marks negative indicators and flags of one answer."""

    def __init__(self, comparer: Comparer) -> None:
        self._comparer = comparer

    def negative(self, atom: Atom, question: str, answer: Utterance) -> Mark:
        """Met where the answer shows the indicator in words; in between it abstains.

        What is said to be missing ("no mention of tests") is not shown by silence: the mark
        abstains unless the candidate says so, or speaks of the thing as being there.
        """
        shown = self._evidence(atom, answer, NEGATIVE)
        if shown.met:
            return _marked(atom, "met", shown, answer)
        silent = statements.lacking(atom.text) and not shown.came_up
        unsure = silent or shown.chance >= UNSURE_FROM
        return _marked(atom, "abstained" if unsure else "not_met", shown, answer)

    def flag(self, atom: Atom, question: str, answer: Utterance) -> Mark | None:
        """The flag where the answer states it, else None."""
        sort = RED if atom.polarity == "negative" else GREEN
        shown = self._evidence(atom, answer, sort)
        return _marked(atom, "met", shown, answer) if shown.met else None

    def _evidence(self, atom: Atom, answer: Utterance, sort: Sort) -> Evidence:
        best, came_up = Evidence(), False
        for row, likeness in self._likenesses(atom.text, answer, sort.counts):
            came_up = came_up or likeness.sentence >= CAME_UP_FROM
            text = answer.spans[row].text
            if statements.says_the_same(atom.text, text):
                seen = features(atom.text, text, likeness)
                chance = at_share(sort.shown, probability(sort.weights, seen))
                acts = sort is GREEN or carries(atom.text, text, likeness)
                found = Evidence(row, chance, acts)
                best = max(best, found, key=lambda each: (each.met, each.chance))
        return replace(best, came_up=came_up)

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


NEGATIVE = Sort(AGAINST, 0.05, stated)
RED = Sort(AGAINST, 0.02, statements.own_and_present)
GREEN = Sort(FOR, SHOWN_IN_BENCH, statements.own)
"""Most people do nothing that a red flag is about; an indicator belongs to the question asked."""


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
        float(carries(statement, sentence, likeness)),
    )


def probability(weights: Weights, values: tuple[float, ...]) -> float:
    """The chance that a person would say the sentence shows the statement."""
    total = weights.bias + sum(w * value for w, value in zip(weights[1:], values, strict=True))
    return 1 / (1 + math.exp(-total))


def at_share(shown: float, chance: float) -> float:
    """A chance of the bench where statements are shown this seldom: its odds times those of the
    shares (Saerens, Latinne and Decaestecker, 2002). What a sentence that shows one looks like is
    taken to be the same."""
    odds = _odds(chance) * _odds(shown) / _odds(SHOWN_IN_BENCH)
    return odds / (1 + odds)


def _odds(chance: float) -> float:
    return chance / (1 - chance)


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
