"""Answers that go another way than the rubric: substantial, on the topic, and unlike its points.

Whether such an answer is right, likeness cannot see; it is for a person. What can be seen is
that something is said in it: words of its own beyond the question's, in sentences that tell a
reason or a step, and not of the general kind that would fit any question. Whether it earned
little is seen from its score, elsewhere. The thresholds were chosen with both halves of
`evals/data/roads.yaml` in sight (`python -m evals.roads`), and measured on other answers.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from agent.events import Mark, Quote
from agent.examiner import Sheet
from agent.hearing import Utterance
from agent.local.likeness import Comparer, sentence_like
from agent.wording import stems
from knowledge.embedder import Embedder, FloatArray, unit

GENERAL = (
    "I would make sure that everything works well and follow best practices.",
    "It is important to communicate well and find the best solution for everyone.",
    "It depends on the situation and on many factors.",
    "I have many years of experience and have always delivered great results.",
    "I am very good at this and everyone was always happy with my work.",
    "I would analyse the problem thoroughly and fix it with the right tools.",
    "This topic is very important to me and I take it very seriously.",
    "I would handle it professionally and support the team as much as possible.",
)
"""What fits any question."""
GENERAL_FROM = 0.34
"""Likeness to these from which a sentence is not counted."""
TOPIC_FROM = 0.25
"""Likeness of what is told, as a whole, to the question and its points."""
POINT_MOST = 0.5
"""From this likeness on a sentence speaks of a listed point, well or badly."""
OWN_WORDS = 10
STEPS = 2

_step = re.compile(
    r"\b(?:because|since|so that|so (?:the|it|we|they|there|nobody|no|each|that|whatever)|"
    r"therefore|otherwise|until|unless|if|when|while|before|after|then|once|instead|rather than|"
    r"each|every|by \w{2,20}ing|which|whose|where|whatever|whoever|even if|as soon as|only|"
    r"as (?:a|the|it|they|we|nobody|people)|\d{1,9}|\w{2,20}ing (?:it|them|the|a))\b",
    re.IGNORECASE,
)
"""Words that join a step, a condition, a reason or a number to what is said."""


class Roads:
    """Looks for another road in an answer."""

    def __init__(self, comparer: Comparer, embedder: Embedder) -> None:
        self._comparer = comparer
        self._embedder = embedder
        self._topics: dict[tuple[str, ...], FloatArray] = {}

    def other(self, sheet: Sheet, marks: Sequence[Mark]) -> Quote | None:
        """The sentence with most words of its own, where the answer goes another way."""
        points = [atom.text for atom in sheet.rubric if atom.kind == "point"]
        if not points or sheet.story or sheet.kind == "money" or _contradicts(marks):
            return None
        telling = self._telling(sheet.message)
        if telling is None or not self._elsewhere(telling, sheet.question, points):
            return None
        own = [len(stems(span.text) - stems(sheet.question)) for span in telling.spans]
        best = telling.spans[own.index(max(own))]
        return Quote(text=best.text, start=best.start, end=best.end)

    def _telling(self, answer: Utterance) -> Utterance | None:
        """The answer without its keywords and its general sentences."""
        general = (answer.vectors @ self._general.T).max(axis=1)
        rows = [
            row
            for row, span in enumerate(answer.spans)
            if general[row] < GENERAL_FROM and sentence_like(span)
        ]
        if not rows:
            return None
        return replace(
            answer,
            spans=tuple(answer.spans[row] for row in rows),
            encoded=tuple(answer.encoded[row] for row in rows),
        )

    @cached_property
    def _general(self) -> FloatArray:
        return self._embedder.embed(GENERAL)

    def _elsewhere(self, telling: Utterance, question: str, points: Sequence[str]) -> bool:
        said = [span.text for span in telling.spans]
        if len(frozenset[str]().union(*map(stems, said)) - stems(question)) < OWN_WORDS:
            return False
        if sum(len(_step.findall(text)) for text in said) < STEPS:
            return False
        near = max(self._comparer.likeness(point, telling) for point in points)
        topic = self._topic((question, *points))
        return near < POINT_MOST and float(unit(telling.vectors.mean(axis=0)) @ topic) >= TOPIC_FROM

    def _topic(self, texts: tuple[str, ...]) -> FloatArray:
        """The direction that a question and its points have in common. Shape [dim]."""
        if texts not in self._topics:
            self._topics[texts] = unit(self._embedder.embed(texts).mean(axis=0))
        return self._topics[texts]


def _contradicts(marks: Sequence[Mark]) -> bool:
    """What is known to be against a point goes no other road."""
    return any(mark.verdict == "contradicted" for mark in marks)
