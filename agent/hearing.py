"""A message as it was heard: its sentences, where they stand, and their vectors."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from knowledge.embedder import Embedder, Encoded, FloatArray

_ends = re.compile(r"(?<=[.!?])[\"')\]]*\s+|(?<!\s)\s*\n\s*")
_joints = re.compile(
    r"(?<=[;:])\s+|,\s+(?=(?:and|but|so|then|because|while|whereas|i|we|you|they|he|she|it|there|"
    r"i['’]\w+|(?:this|that|the\s+\w{2,20})\s+(?:is|are|was|were|has|have|can|will|would|must))\s)"
    r"|\s(?=(?:and\s+then|(?:and|then)\s+(?:i|we|it|they)|because|also|"
    r"so\s+(?!that|far|much|many|on|as|long)\w{1,20})\s)",
    re.IGNORECASE,
)
_pauses = re.compile(r",\s+")
_gaps = re.compile(r"\s+")
_control = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_abbreviated = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|approx|no|fig|dr|mr|ms)|\b[a-z])\.$", re.IGNORECASE
)
_bullet = re.compile(r"\s*(?:[-*•·–]|\(?\d{1,2}[.)])\s+")
LONG_WORDS = 28
SHORT_WORDS = 6
"""A long stretch is not cut into pieces of fewer words than this."""
WORD_LENGTH = 24
"""Characters, with white space, that a word is given at most where words are counted."""

_word = re.compile(r"[^\W\d_]+")
_latin = "AaBEeKMHOoPpCcTXxYyIiJjSsVvNZ"
_foreign = "АаВЕеКМНОоРрСсТХхУуІіЈјЅѕѴѵΝΖ"
_greek = "ΑαΒΕΗΙιΚΜΟοΡρΤΥνΧ"
_alike = str.maketrans(_foreign + _greek, _latin + "AaBEHIiKMOoPpTYvX")
"""Letters of other alphabets that look like a Latin one."""
_unseen_marks = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0") | frozenset(
    map(chr, (*range(0x180B, 0x180E), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
)


@dataclass(frozen=True)
class Span:
    """A stretch of the message, with offsets in code points."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Utterance:
    """A message with its sentences encoded, one row of `encoded` each, or none of them."""

    text: str
    spans: tuple[Span, ...]
    encoded: tuple[Encoded, ...]

    @cached_property
    def vectors(self) -> FloatArray:
        """The sentences' unit vectors. Shape [sentences, dim]."""
        return np.stack([encoded.vector for encoded in self.encoded])


def hear(text: str, embedder: Embedder) -> Utterance:
    """Split a message into sentences and encode each of them once."""
    return hear_all([text], embedder)[0]


def hear_all(texts: Sequence[str], embedder: Embedder) -> list[Utterance]:
    """Messages in their order; every sentence of theirs is encoded once, in one batch."""
    read = [unencoded(text) for text in texts]
    known = list(dict.fromkeys(span.text for message in read for span in message.spans))
    encoded = dict(zip(known, embedder.encode(known), strict=True))
    return [
        Utterance(heard.text, heard.spans, tuple(encoded[span.text] for span in heard.spans))
        for heard in read
    ]


def unencoded(text: str) -> Utterance:
    """A message that is to be read only: it has no vectors, and cannot be marked by likeness."""
    return Utterance(text, tuple(sentences(text)) or (Span(text, 0, len(text)),), ())


@dataclass(frozen=True)
class Seen:
    """A text as a reader sees it; `offsets[i]` is where its i-th character was written.

    Characters nobody sees are left out, look-alikes of other alphabets are Latin letters, and
    compatibility forms are plain ones. The last offset is the length of what was written.
    """

    text: str
    offsets: Sequence[int]

    def span(self, written: str, start: int, end: int) -> Span:
        """The stretch of the written text that is read as `text[start:end]`."""
        first = self.offsets[start]
        after = self.offsets[end - 1] + 1 if end > start else first
        return Span(written[first:after], first, after)


@lru_cache(maxsize=256)
def seen(written: str) -> Seen:
    """What is there to be read."""
    if written.isascii() and not _control.search(written):
        return Seen(written, range(len(written) + 1))
    letters: list[str] = []
    offsets: list[int] = []
    for offset, char in enumerate(written):
        for letter in "" if _unseen(char) else unicodedata.normalize("NFKC", char):
            letters.append(letter)
            offsets.append(offset)
    text = _word.sub(_in_latin, "".join(letters))
    return Seen(text, (*offsets, len(written)))


def _unseen(char: str) -> bool:
    if char.isspace():
        return False
    return unicodedata.category(char) in {"Cf", "Cc", "Cn", "Co"} or char in _unseen_marks


def _in_latin(found: re.Match[str]) -> str:
    word = found.group()
    read = word if word.isascii() else word.translate(_alike)
    return read if read.isascii() else word


def sentences(text: str) -> list[Span]:
    """The sentences and list items of a message; long ones are cut at their joints."""
    read = seen(text)
    spans: list[Span] = []
    start = 0
    for end, following in _breaks(read.text):
        spans += (read.span(text, *part) for part in _parts(read.text, start, end))
        start = following
    return spans


def _breaks(text: str) -> list[tuple[int, int]]:
    found = [
        (m.start(), m.end())
        for m in _ends.finditer(text)
        if "\n" in m.group() or not _abbreviated.search(text[max(m.start() - 12, 0) : m.start()])
    ]
    return [*found, (len(text), len(text))]


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where the parts of a sentence begin and end, without bullet and white space."""
    bullet = _bullet.match(text, start, end)
    start = bullet.end() if bullet else start
    pieces = [(start, end)]
    for joints, at_least in _tiers:
        pieces = [part for piece in pieces for part in _cut(text, *piece, joints, at_least)]
    for left, right in pieces:
        yield from _stripped(text, left, right)


_tiers = ((_joints, SHORT_WORDS), (_pauses, LONG_WORDS * 2 // 3), (_gaps, LONG_WORDS))


def _cut(
    text: str, start: int, end: int, joints: re.Pattern[str], at_least: int
) -> Iterator[tuple[int, int]]:
    """A stretch whole if it is short, else cut at joints that leave `at_least` words before."""
    if _words_in(text, start, end, LONG_WORDS + 1) > LONG_WORDS:
        for joint in joints.finditer(text, start, end):
            before = _words_in(text, start, joint.start(), at_least)
            if before >= at_least and _words_in(text, joint.end(), end, SHORT_WORDS) >= SHORT_WORDS:
                yield start, joint.end()
                start = joint.end()
    yield start, end


def _words_in(text: str, start: int, end: int, most: int) -> int:
    """How many words a stretch has, counted up to about `most`."""
    return len(text[start : min(end, start + most * WORD_LENGTH)].split())


def _stripped(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    words = text[start:end].strip()
    if words:
        at = text.index(words, start)
        yield at, at + len(words)
