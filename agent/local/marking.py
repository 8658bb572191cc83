"""Marks by likeness and rules. Where likeness cannot see, the mark abstains."""

import math
from collections.abc import Sequence

from agent.events import Mark, Quote, Verdict
from agent.hearing import Utterance
from agent.local.head import Head, shipped
from agent.local.likeness import Comparer, Likeness, states, stating
from agent.local.opposing import Opposer
from agent.local.spelling import folded
from agent.local.statements import agrees_in_sign
from agent.policy import Policy
from agent.wording import is_label
from knowledge.atoms import Atom
from knowledge.embedder import WORD

MET_FROM = Policy().credit_from
"""The chance from which a point is met: below it, it would earn nothing."""
DENIED = 0.8
NAMED_FROM = 0.5
"""Share of a bite-size answer's telling words that is enough: "time travel" is an answer."""
TERSE = 3
"""Words of a whole answer that are too few to be a list: "evaporate it" is an answer."""
ON_TOPIC_FROM, FEW_WORDS, SHORT_ANSWER = 0.35, 3, 20
"""Likeness of a long answer to its question: off the topic, a label of few words is no mark."""


def named(likeness: Likeness) -> float:
    """The chance for a label of a few words ("structured logging"): its words decide, for a
    whole sentence is never much like so short a text."""
    return 1 / (1 + math.exp(-(10 * (likeness.words - 0.5) + 3 * (likeness.sentence - 0.3))))


class Marker:
    """Marks one answer against points, indicators and flags, by `head` or the one that ships."""

    def __init__(self, comparer: Comparer, head: Head | None = None) -> None:
        self._comparer = comparer
        self._head = head or shipped()
        self._opposer = Opposer(comparer)

    def rubric(
        self, atoms: Sequence[Atom], question: str, answer: Utterance, *, story: bool = False
    ) -> list[Mark]:
        """A mark for each point and indicator, in order.

        In a `story` of the candidate's own, a point that only labels an aspect ("communication
        with stakeholders") cannot be told from its likeness, and is left open.
        """
        heard = self._heard(atoms, question, answer)
        telling = stating(heard, question)
        return [
            self._opposer.negative(atom, question, heard)
            if atom.polarity == "negative"
            else self._mark(atom, question, telling or heard, _alternatives(atom, atoms), story)
            for atom in atoms
        ]

    def _heard(self, atoms: Sequence[Atom], question: str, answer: Utterance) -> Utterance:
        texts = [question, *(atom.text for atom in atoms)]
        self._comparer.learn(texts)
        return self._comparer.hear(answer, texts) if atoms else answer

    def _mark(
        self, atom: Atom, question: str, answer: Utterance, alternatives: int, story: bool
    ) -> Mark:
        likeness = self._comparer.compare(atom.text, question, answer)
        chance = self._chance(atom, likeness, question, answer, alternatives)
        missed: Verdict = "abstained" if story and is_label(atom.text) else "not_met"
        verdict: Verdict = "met" if chance >= MET_FROM else missed
        return _marked(atom, verdict, chance, answer, likeness.span)

    def _chance(
        self, atom: Atom, near: Likeness, question: str, answer: Utterance, alternatives: int
    ) -> float:
        sentence = answer.spans[near.span]
        if not (states(sentence, question) or _terse(answer)):
            return 0.0
        chance = self._head.probability(near, alternatives)
        if is_label(atom.text):
            telling = len(atom.text.split()) > FEW_WORDS or len(answer.text.split()) <= SHORT_ANSWER
            on_topic = telling or self._comparer.likeness(question, answer) >= ON_TOPIC_FROM
            chance = named(near) if on_topic else 0.0
        return chance if agrees_in_sign(atom.text, folded(sentence.text)) else chance * DENIED

    def bite(self, atoms: Sequence[Atom], question: str, answer: Utterance) -> list[Mark]:
        """Marks of a bite-size answer, where a name alone is enough."""
        heard = self._heard(atoms, question, answer)
        marks = []
        for atom in atoms:
            likeness = self._comparer.compare(atom.text, question, heard)
            told = likeness.overlap if likeness.overlap >= NAMED_FROM else 0.0
            chance = max(self._head.probability(likeness), told)
            verdict: Verdict = "met" if chance >= MET_FROM else "not_met"
            marks.append(_marked(atom, verdict, chance, heard, likeness.span))
        return marks

    def flags(self, atoms: Sequence[Atom], question: str, answer: Utterance) -> list[Mark]:
        """The flags that the answer states; of several on one sentence, the one most like it."""
        heard = self._heard(atoms, question, answer)
        found = [mark for atom in atoms if (mark := self._opposer.flag(atom, question, heard))]
        found.sort(key=lambda mark: -self._comparer.likeness(mark.text, heard))
        nearest: dict[int, Mark] = {}
        for mark in found:
            if mark.quote:
                nearest.setdefault(mark.quote.start, mark)
        return list(nearest.values())


def _terse(answer: Utterance) -> bool:
    return len(WORD.findall(answer.text)) <= TERSE and "," not in answer.text


def _alternatives(atom: Atom, atoms: Sequence[Atom]) -> int:
    """How many statements stand in for each other where this is one of them."""
    if atom.role != "any_of" or not atom.group:
        return 1
    where = (atom.question, atom.group)
    return sum(a.role == "any_of" and (a.question, a.group) == where for a in atoms)


def _marked(atom: Atom, verdict: Verdict, chance: float, answer: Utterance, row: int) -> Mark:
    span = answer.spans[row]
    return Mark(
        atom=atom.id,
        kind="point" if atom.kind == "point" else "indicator",
        text=atom.text,
        verdict=verdict,
        probability=round(chance, 4),
        source="local",
        quote=Quote(text=span.text, start=span.start, end=span.end) if verdict == "met" else None,
        polarity=atom.polarity,
        role=atom.role,
        group=atom.group,
    )
