"""A message as it was heard: its sentences, where they stand, and their vectors."""

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from knowledge.embedder import Embedder, Encoded, FloatArray

_ends = re.compile(r"(?<=[.!?])[\"')\]]*\s+|(?<!\s)\s*\n\s*")
_joints = re.compile(
    r"(?<=[;:])\s+|,\s+(?=(?:and|but|so|then|because|while|whereas)\s)", re.IGNORECASE
)
_abbreviated = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|approx|no|fig|dr|mr|ms)|\b[a-z])\.$", re.IGNORECASE
)
_bullet = re.compile(r"\s*(?:[-*•·–]|\(?\d{1,2}[.)])\s+")
LONG_WORDS = 28


@dataclass(frozen=True)
class Span:
    """A stretch of the message, with offsets in code points."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Utterance:
    """A message with its sentences encoded, one row of `encoded` each."""

    text: str
    spans: tuple[Span, ...]
    encoded: tuple[Encoded, ...]

    @cached_property
    def vectors(self) -> FloatArray:
        """The sentences' unit vectors. Shape [sentences, dim]."""
        return np.stack([encoded.vector for encoded in self.encoded])


def hear(text: str, embedder: Embedder) -> Utterance:
    """Split a message into sentences and encode each of them once."""
    spans = tuple(sentences(text)) or (Span(text, 0, len(text)),)
    return Utterance(text, spans, tuple(embedder.encode([span.text for span in spans])))


def sentences(text: str) -> list[Span]:
    """The sentences and list items of a message; long ones are cut at their joints."""
    spans: list[Span] = []
    start = 0
    for end, following in _breaks(text):
        spans += _parts(text, start, end)
        start = following
    return spans


def _breaks(text: str) -> list[tuple[int, int]]:
    found = [
        (m.start(), m.end())
        for m in _ends.finditer(text)
        if "\n" in m.group() or not _abbreviated.search(text[: m.start()][-12:])
    ]
    return [*found, (len(text), len(text))]


def _parts(text: str, start: int, end: int) -> list[Span]:
    bullet = _bullet.match(text, start, end)
    start = bullet.end() if bullet else start
    cuts = [start, end]
    if len(text[start:end].split()) > LONG_WORDS:
        cuts = [start, *(m.end() for m in _joints.finditer(text, start, end)), end]
    parts = []
    for left, right in pairwise(cuts):
        words = text[left:right].strip()
        if words:
            at = text.index(words, left)
            parts.append(Span(words, at, at + len(words)))
    return parts
