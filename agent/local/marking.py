"""Marks by likeness and rules. Where likeness cannot see, the mark abstains."""

import math
from collections.abc import Sequence

from agent.events import Mark, Quote, Verdict
from agent.hearing import Utterance
from agent.local.likeness import Comparer, Likeness, sentence_like
from agent.local.statements import agrees_in_sign, own, own_and_present
from agent.wording import is_label
from knowledge.atoms import Atom

FEATURES = ("sentence", "words", "overlap", "asked")
WEIGHTS = (4.0, 5.0, 2.0, -1.0)
BIAS = -5.0
"""Authors' opinions, of the shape a logistic fit on answers graded by people has."""

MET_FROM = 0.35
"""Where right and wrong exemplars of the shipped kit part best (highest Youden index)."""
NEGATIVE_FROM = 0.72
"""Likeness says little about what speaks against somebody, so it has to be strong."""
UNSURE_FROM = 0.45
DENIED = 0.8
NAMED_FROM = 0.5
"""Share of a bite-size answer's telling words that is enough: "time travel" is an answer."""

ON_TOPIC_FROM = 0.35
"""Likeness of an answer to its question; a word off the topic is no mark."""
RED_FROM, GREEN_FROM = 1.15, 1.2
"""Likeness of sentence and of words together from which a flag is stated."""
LEAST_EACH = 0.45


def features(likeness: Likeness) -> tuple[float, ...]:
    """The features of a likeness, in the order of FEATURES."""
    return tuple(getattr(likeness, name) for name in FEATURES)


def probability(likeness: Likeness) -> float:
    """The chance that a person would say the statement is made, by a logistic of its features."""
    pairs = zip(WEIGHTS, features(likeness), strict=True)
    return _logistic(BIAS + sum(weight * value for weight, value in pairs))


def named(likeness: Likeness) -> float:
    """The same for a label of a few words ("structured logging"): its words decide, for a
    whole sentence is never much like so short a text."""
    return _logistic(10 * (likeness.words - 0.5) + 3 * (likeness.sentence - 0.3))


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-value))


class Marker:
    """Marks one answer against points, indicators and flags."""

    def __init__(self, comparer: Comparer) -> None:
        self._comparer = comparer

    def rubric(
        self, atoms: Sequence[Atom], question: str, answer: Utterance, *, story: bool = False
    ) -> list[Mark]:
        """A mark for each point and indicator, in order.

        In a `story` of the candidate's own, a point that only labels an aspect ("communication
        with stakeholders") cannot be told from its likeness, and is left open.
        """
        self._comparer.learn([question, *(atom.text for atom in atoms)])
        return [self._mark(atom, question, answer, story) for atom in atoms]

    def _mark(self, atom: Atom, question: str, answer: Utterance, story: bool) -> Mark:
        likeness = self._comparer.compare(atom.text, question, answer)
        span = answer.spans[likeness.span]
        label = is_label(atom.text)
        judged = named if label else probability
        chance = judged(likeness) if sentence_like(span) else 0.0
        if label and self._comparer.likeness(question, answer) < ON_TOPIC_FROM:
            chance = 0.0
        agrees = agrees_in_sign(atom.text, span.text)
        verdict: Verdict
        if atom.polarity == "negative":
            verdict = _negative(chance, agrees and own(span.text))
        else:
            chance = chance if agrees else chance * DENIED
            missed: Verdict = "abstained" if story and is_label(atom.text) else "not_met"
            verdict = "met" if chance >= MET_FROM else missed
        return _marked(atom, verdict, chance, answer, likeness.span)

    def bite(self, atoms: Sequence[Atom], question: str, answer: Utterance) -> list[Mark]:
        """Marks of a bite-size answer, where a name alone is enough."""
        self._comparer.learn([question, *(atom.text for atom in atoms)])
        marks = []
        for atom in atoms:
            likeness = self._comparer.compare(atom.text, question, answer)
            told = likeness.overlap if likeness.overlap >= NAMED_FROM else 0.0
            chance = max(probability(likeness), told)
            verdict: Verdict = "met" if chance >= MET_FROM else "not_met"
            marks.append(_marked(atom, verdict, min(chance, 1.0), answer, likeness.span))
        return marks

    def flags(self, atoms: Sequence[Atom], question: str, answer: Utterance) -> list[Mark]:
        """The flags that the answer states; those it does not are left out."""
        self._comparer.learn([question, *(atom.text for atom in atoms)])
        found = []
        for atom in atoms:
            likeness = self._comparer.compare(atom.text, "", answer)
            if _states(atom, likeness, answer):
                chance = probability(likeness)
                found.append(_marked(atom, "met", chance, answer, likeness.span))
        return found


def _states(flag: Atom, likeness: Likeness, answer: Utterance) -> bool:
    sentence = answer.spans[likeness.span]
    together = likeness.sentence + likeness.words
    if min(likeness.sentence, likeness.words) < LEAST_EACH or not sentence_like(sentence):
        return False
    if not agrees_in_sign(flag.text, sentence.text):
        return False
    if flag.polarity == "negative":
        return together >= RED_FROM and own_and_present(sentence.text)
    return together >= GREEN_FROM and own(sentence.text)


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
