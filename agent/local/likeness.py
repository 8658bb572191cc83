"""How near an answer comes to a statement: by sentence, by word in context, by word alone.

The strongest single signal on answers graded by people is, for each word of the statement, its
highest cosine with any word of the answer, averaged; the likeness of whole sentences and the
plain overlap of informative words add to it. Everything is a maximum over the answer's
sentences, so that padding, order and length change little.
"""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from agent.hearing import Span, Utterance, sentences, unencoded
from agent.local.spelling import folded, repaired, words
from agent.local.statements import asks, negated
from agent.local.steering import unmarked, without
from agent.wording import STOPWORDS, stems
from agent.wording import stem as cut
from knowledge.embedder import Embedder, Encoded, FloatArray

_letters = re.compile(r"[^\W_]+")
stem = lru_cache(maxsize=50_000)(cut)
denies = lru_cache(maxsize=4096)(negated)

REPEATED, REPEATED_WORDS = 0.75, 4
"""Share of a question's telling words, and how many, from which a sentence repeats it."""


@dataclass(frozen=True)
class Likeness:
    """Features of one statement against one answer, each in about 0..1."""

    sentence: float
    """Highest cosine of a sentence with the statement."""
    words: float
    """For each informative word that the question did not give, its highest cosine; the mean."""
    every: float
    """The same over every word, little ones too: they hold what the others are to each other."""
    overlap: float
    """Share of the stems of `words` that the answer has."""
    asked: float
    """Likeness of the best sentence to the question itself: a parrot scores high here."""
    told: float
    """For each new word of the best sentence, its highest cosine with the statement's; the mean."""
    act: float
    """Highest cosine of the statement's first telling word, which mostly says what is done."""
    opposed: float
    """1 where the best sentence denies and the statement does not, or the other way round."""
    span: int
    """Row of the sentence that comes nearest."""


class Heard(Utterance):
    """An answer's own sentences, with `encoded` of each as it is compared."""


def _own(answer: Utterance) -> Utterance:
    """The answer without what is not its own; its offsets are those of the message still."""
    others = unmarked(answer.text)
    if not others:
        return answer
    return unencoded(without(answer.text, others))


def stating(answer: Utterance, question: str) -> Utterance | None:
    """The answer's sentences that state something; None where none does."""
    rows = [row for row, span in enumerate(answer.spans) if states(span, question)]
    if len(rows) == len(answer.spans):
        return answer
    spans = tuple(answer.spans[row] for row in rows)
    encoded = tuple(answer.encoded[row] for row in rows)
    return replace(answer, spans=spans, encoded=encoded) if rows else None


def states(span: Span, question: str) -> bool:
    """Whether a stretch states something: it is no list, no question, and not the question."""
    return sentence_like(span) and not asks(span.text) and not _repeats(span.text, question)


def _repeats(sentence: str, question: str) -> bool:
    """The question said back: no word of its own, and most of one of the question's sentences."""
    said = stems(folded(sentence)) - _general
    if len(said) < REPEATED_WORDS or not said <= stems(folded(question)):
        return False
    asked = (stems(folded(span.text)) - _general for span in sentences(question))
    return any(len(said & part) >= REPEATED * len(part) > 0 for part in asked)


def _readings(answer: Utterance, wanted: Iterable[str]) -> list[str]:
    known = words(folded(text) for text in wanted)
    return [repaired(folded(span.text), known) for span in answer.spans]


class Comparer:
    """Compares answers with statements; each statement is encoded once and kept."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._encoded: dict[str, Encoded] = {}

    def learn(self, texts: Sequence[str]) -> None:
        """Encode in one batch what is not known yet."""
        new = list(dict.fromkeys(text for text in texts if text not in self._encoded))
        if new:
            vectors = self._embedder.encode([folded(text) for text in new])
            self._encoded.update(zip(new, vectors, strict=True))

    def hear(self, answer: Utterance, wanted: Iterable[str]) -> "Heard":
        """One answer of `hear_all`; one that was heard before stays as it is."""
        return answer if isinstance(answer, Heard) else self.hear_all([(answer, wanted)])[0]

    def hear_all(self, answers: Sequence[tuple[Utterance, Iterable[str]]]) -> "list[Heard]":
        """Answers as they are compared: folded, misspelt words of what is `wanted` put right.

        Text and spans stay the candidate's own; only what is encoded differs, in one batch.
        """
        known = {
            span.text: encoded
            for answer, _ in answers
            for span, encoded in zip(answer.spans, answer.encoded, strict=False)
        }
        answers = [(_own(answer), wanted) for answer, wanted in answers]
        read = [_readings(answer, wanted) for answer, wanted in answers]
        new = list(dict.fromkeys(t for texts in read for t in texts if t not in known))
        known.update(zip(new, self._embedder.encode(new) if new else (), strict=True))
        return [
            Heard(answer.text, answer.spans, tuple(known[text] for text in texts))
            for (answer, _), texts in zip(answers, read, strict=True)
        ]

    def compare(self, statement: str, question: str, answer: Utterance) -> Likeness:
        """The statement against every sentence of the answer, the best of them."""
        self.learn([statement, question])
        return _compared(self._encoded[statement], self._encoded[question], answer)

    def likeness(self, text: str, answer: Utterance) -> float:
        """The highest cosine of a text with any sentence of the answer."""
        self.learn([text])
        return float((answer.vectors @ self._encoded[text].vector).max())


def _compared(statement: Encoded, question: Encoded, answer: Utterance) -> Likeness:
    given = {stem(word) for word in question.words}
    fresh = _informative(statement.words, given)
    table = _highest(statement.word_vectors, answer)
    cosines = answer.vectors @ statement.vector
    within = table[:, fresh].mean(axis=1)
    best = int(np.argmax(cosines + within))
    sentence = answer.encoded[best]
    highest = table.max(axis=0)
    said = {stem(word) for encoded in answer.encoded for word in encoded.words}
    stems = [stem(word) for word in statement.words]
    return Likeness(
        sentence=float(cosines.max()),
        words=float(highest[fresh].mean()),
        every=float(highest.mean()),
        overlap=sum(stems[i] in said for i in fresh) / len(fresh),
        asked=float(sentence.vector @ question.vector),
        told=_told(sentence, statement, given),
        act=float(highest[_act(statement.words)]),
        opposed=float(denies(" ".join(statement.words)) != denies(" ".join(sentence.words))),
        span=best,
    )


def _highest(wanted: FloatArray, answer: Utterance) -> FloatArray:
    """Highest cosine of each wanted word with a word of each sentence. [sentences, wanted]."""
    table = np.zeros((len(answer.encoded), len(wanted)), dtype=np.float32)
    for row, span in enumerate(answer.encoded):
        if len(span.word_vectors):
            table[row] = (span.word_vectors @ wanted.T).max(axis=0)
    return table


def _told(sentence: Encoded, statement: Encoded, given: set[str]) -> float:
    rows = [i for i in _content(sentence.words) if stem(sentence.words[i]) not in given]
    if not rows or not len(statement.word_vectors):
        return 0.3
    return float((sentence.word_vectors[rows] @ statement.word_vectors.T).max(axis=1).mean())


def _act(words: Sequence[str]) -> int:
    content = _content(words) or list(range(len(words)))
    return next((i for i in content if not denies(words[i])), content[0])


def _informative(words: Sequence[str], given: set[str]) -> list[int]:
    """Rows of the words that carry meaning and that the question did not already give."""
    content = _content(words) or list(range(len(words)))
    return [i for i in content if stem(words[i]) not in given] or content


def _content(words: Sequence[str]) -> list[int]:
    return [i for i, w in enumerate(words) if _letters.search(w) and w.casefold() not in STOPWORDS]


@lru_cache(maxsize=8192)
def sentence_like(span: Span) -> bool:
    """Whether a stretch of text states something: a list of keywords, framed or not, does not."""
    text = folded(span.text)
    words = [word.casefold() for word in _spoken.findall(text)]
    little = sum(word in STOPWORDS or "'" in word or "’" in word for word in words)
    spelt_out = sum(len(word) == 1 for word in words) * 2 > len(words)
    told = len(words) >= 4 and little >= max(1, math.floor(len(words) * 0.12))
    return told and not spelt_out and not _lists(text)


_spoken = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_between = re.compile(r"[,;:/|•·#\n+&]|\s[-–—]+\s|\b(?:and|or|as well as|plus)\b", re.IGNORECASE)
_general = stems(
    "know known familiar experience experienced expert understand understanding concept topic "
    "term keyword important importance relevant include included cover covered mention talk about "
    "think consider considered involve answer question point aspect thing matter area word phrase "
    "idea subject list name say said discuss learn learnt read study studied heard worked skill "
    "good great well deep strong aware comfortable confident knowledge everything always come "
    "came like especially namely related regarding mind play role part big crucial essential here "
    "basically relate need needed look love enjoy value apply remember recall forget forgotten "
    "care note attention focus stress highlight bring first second third finally etc many several "
    "various engineer developer professional specialist person people career background job work "
    "working year end sum short summary general tag hashtag must best main critical vital central "
    "core mean called course sure certain certainly definitely obviously clear clearly"
)
_covering = stems(
    "include includes covers involves mentions means contains needs concerns considers"
)
_actors = frozenset("i we you they he she it".split())
_joining = frozenset("about of on with for in".split())
_articles = frozenset("a an the".split())
LISTED = 3
"""Bare items from which a stretch lists rather than tells."""
ITEM_WORDS = 4
MANY = 8
"""Items that a stretch may have for each word of its own around them, and still only list."""


def _lists(text: str) -> bool:
    """Bare items, with nothing around them but that they are known, important or to be said."""
    items, frame = 0, list[str]()
    for part in _between.split(text):
        words = _spoken.findall(part)
        items += _is_bare(words)
        frame += _around_item(words)
    around = stems(" ".join(frame))
    framed = bool(around) and around <= _general
    return items + framed >= LISTED and len(around - _general) <= items // MANY


def _is_bare(words: list[str]) -> bool:
    item = [word.casefold() for word in words]
    item = item[1:] if item and item[0] in _articles else item
    return 0 < len(item) <= ITEM_WORDS and not any(word in STOPWORDS for word in item)


def _around_item(words: list[str]) -> list[str]:
    """The words of a part beside its last item; what somebody does with it is among them."""
    little = [word.casefold() in STOPWORDS for word in words]
    end = max((i + 1 for i, each in enumerate(little) if not each), default=0)
    start = max((i + 1 for i in range(end) if little[i]), default=0)
    since = max((i + 1 for i in range(start) if not little[i]), default=0)
    run = [word.casefold() for word in words[since:start]]
    acts = start < end and bool(_actors & set(run)) and run[-1] not in _joining
    verb = next((i for i in range(start, end - 1) if stems(words[i]) <= _covering), start)
    return words[: max(start + acts, verb)] + words[end:]
