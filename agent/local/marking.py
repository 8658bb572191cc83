"""Marks by likeness and rules. Where likeness cannot see, the mark abstains."""

import math
from collections.abc import Sequence

from agent.events import Mark, Quote, Verdict
from agent.hearing import Utterance
from agent.local.likeness import Comparer, Likeness, sentence_like
from agent.local.statements import agrees_in_sign, own, own_and_present
from knowledge.atoms import Atom

MET_FROM = 0.5
NEGATIVE_FROM = 0.75
"""Likeness says little about what speaks against somebody, so it has to be strong."""
UNSURE_FROM = 0.4
RED_FROM = 0.8
GREEN_FROM = 0.65

FEATURES = ("sentence", "words", "overlap", "asked")
WEIGHTS = (4.0, 5.0, 2.0, -1.0)
BIAS = -5.0


def features(likeness: Likeness) -> tuple[float, ...]:
    """The features of a likeness, in the order of FEATURES."""
    return tuple(getattr(likeness, name) for name in FEATURES)


def probability(likeness: Likeness) -> float:
    """The chance that a person would say the statement is made, by a logistic of its features."""
    pairs = zip(WEIGHTS, features(likeness), strict=True)
    return 1 / (1 + math.exp(-BIAS - sum(weight * value for weight, value in pairs)))


class Marker:
    """Marks one answer against points, indicators and flags."""

    def __init__(self, comparer: Comparer) -> None:
        self._comparer = comparer

    def rubric(self, atoms: Sequence[Atom], question: str, answer: Utterance) -> list[Mark]:
        """A mark for each point and indicator, in order."""
        self._comparer.learn([question, *(atom.text for atom in atoms)])
        return [self._mark(atom, question, answer) for atom in atoms]

    def _mark(self, atom: Atom, question: str, answer: Utterance) -> Mark:
        likeness = self._comparer.compare(atom.text, question, answer)
        span = answer.spans[likeness.span]
        chance = probability(likeness) if sentence_like(span) else 0.0
        agrees = agrees_in_sign(atom.text, span.text)
        if atom.polarity == "negative":
            verdict = _negative(chance, agrees and own(span.text))
        else:
            chance = chance if agrees else chance * 0.8
            verdict = "met" if chance >= MET_FROM else "not_met"
        return _marked(atom, verdict, chance, answer, likeness.span)

    def flags(self, atoms: Sequence[Atom], question: str, answer: Utterance) -> list[Mark]:
        """The flags that the answer states; those it does not are left out."""
        self._comparer.learn([question, *(atom.text for atom in atoms)])
        found = []
        for atom in atoms:
            likeness = self._comparer.compare(atom.text, question, answer)
            if self._states(atom, likeness, answer):
                chance = probability(likeness)
                found.append(_marked(atom, "met", chance, answer, likeness.span))
        return found

    def _states(self, flag: Atom, likeness: Likeness, answer: Utterance) -> bool:
        sentence = answer.spans[likeness.span]
        if not sentence_like(sentence) or not agrees_in_sign(flag.text, sentence.text):
            return False
        if flag.polarity == "negative":
            return probability(likeness) >= RED_FROM and own_and_present(sentence.text)
        return probability(likeness) >= GREEN_FROM and own(sentence.text)


def _negative(chance: float, stated: bool) -> Verdict:
    if stated and chance >= NEGATIVE_FROM:
        return "met"
    return "abstained" if chance >= UNSURE_FROM else "not_met"


def _marked(atom: Atom, verdict: Verdict, chance: float, answer: Utterance, row: int) -> Mark:
    span = answer.spans[row]
    return Mark(
        atom=atom.id,
        kind="flag" if atom.kind == "flag" else "point" if atom.kind == "point" else "indicator",
        text=atom.text,
        verdict=verdict,
        probability=round(chance, 4),
        source="local",
        quote=Quote(text=span.text, start=span.start, end=span.end) if verdict == "met" else None,
        polarity=atom.polarity,
        role=atom.role,
        group=atom.group,
    )
