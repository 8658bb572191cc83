"""How near an answer comes to a statement: by sentence, by word in context, by word alone.

The strongest single signal on answers graded by people is, for each word of the statement, its
highest cosine with any word of the answer, averaged; the likeness of whole sentences and the
plain overlap of informative words add to it.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from agent.hearing import Span, Utterance
from agent.wording import STOPWORDS, stem, stems
from knowledge.embedder import Embedder, Encoded

_letters = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Likeness:
    """Features of one statement against one answer, each in about 0..1."""

    sentence: float
    words: float
    overlap: float
    asked: float
    """Likeness of the best sentence to the question itself: a parrot scores high here."""
    span: int
    """Row of the sentence that comes nearest."""


class Comparer:
    """Compares answers with statements; each statement is encoded once and kept."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._encoded: dict[str, Encoded] = {}

    def learn(self, texts: Sequence[str]) -> None:
        """Encode in one batch what is not known yet."""
        new = list(dict.fromkeys(text for text in texts if text not in self._encoded))
        if new:
            self._encoded.update(zip(new, self._embedder.encode(new), strict=True))

    def compare(self, statement: str, question: str, answer: Utterance) -> Likeness:
        """The statement against every sentence of the answer, the best of them."""
        self.learn([statement, question])
        encoded = self._encoded[statement]
        sentence = answer.vectors @ encoded.vector
        by_word = _word_likeness(encoded, _informative(encoded.words, question), answer)
        best = int(np.argmax(sentence + by_word.best_by_span))
        asked = float(answer.vectors[best] @ self._encoded[question].vector)
        return Likeness(
            sentence=float(sentence.max()),
            words=by_word.mean,
            overlap=_overlap(statement, question, answer.text),
            asked=asked,
            span=best,
        )

    def likeness(self, text: str, answer: Utterance) -> float:
        """The highest cosine of a text with any sentence of the answer."""
        self.learn([text])
        return float((answer.vectors @ self._encoded[text].vector).max())


@dataclass(frozen=True)
class _ByWord:
    mean: float
    best_by_span: np.ndarray


def _word_likeness(statement: Encoded, rows: list[int], answer: Utterance) -> _ByWord:
    """Highest cosine of each informative word with the answer's words; overall and by span."""
    wanted = statement.word_vectors[rows]
    highest = [
        (wanted @ span.word_vectors.T).max(axis=1)
        if len(span.word_vectors)
        else np.zeros(len(rows), dtype=np.float32)
        for span in answer.encoded
    ]
    table = np.stack(highest)
    return _ByWord(float(table.max(axis=0).mean()), table.mean(axis=1))


def _informative(words: Sequence[str], question: str) -> list[int]:
    """Rows of the words that carry meaning and that the question did not already give."""
    given = stems(question)
    content = [
        i for i, w in enumerate(words) if _letters.search(w) and w.casefold() not in STOPWORDS
    ]
    fresh = [i for i in content if stem(words[i]) not in given]
    return fresh or content or list(range(len(words)))


def _overlap(statement: str, question: str, answer: str) -> float:
    wanted = stems(statement) - stems(question) or stems(statement)
    return len(wanted & stems(answer)) / len(wanted) if wanted else 0.0


def sentence_like(span: Span) -> bool:
    """Whether a stretch of text states something: a list of keywords has no little words."""
    words = [word.casefold() for word in re.findall(r"[^\W_]+(?:['’][^\W_]+)?", span.text)]
    little = sum(word in STOPWORDS or "'" in word or "’" in word for word in words)
    return len(words) >= 4 and little >= max(1, math.floor(len(words) * 0.12))
