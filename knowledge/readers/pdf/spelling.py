"""Words that a line's end parted, made whole by how the document writes them elsewhere."""

import re
from collections import Counter
from collections.abc import Iterable

WORDS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
PARTED = re.compile(r"([^\W\d_]+)-$")
SOFT = "\u00ad"
"""A hyphen that surely only parts a word."""
BEGINS = re.compile(r"[^\W\d_]+")
WIDE = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")


def told(text: str) -> str:
    """A text whose hyphens are all as they are written."""
    return text.replace(SOFT, "-")


class Spelling:
    """How often each word stands in a document."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = Counter(
            found.lower()
            for word in words
            for found in WORDS.findall(word)
            if not word.endswith("-")
        )

    def together(self, before: str, text: str) -> str:
        """Two lines as one, without a hyphen that only parts a word."""
        if before.endswith("**") and text.startswith("**"):
            before, text = before[:-2], text[2:]
        if before.endswith(SOFT):
            return before[:-1] + text
        if (parted := PARTED.search(before)) and text[:1].islower():
            rest = BEGINS.match(text)
            compound = rest and self._is_compound(parted[1].lower(), rest[0].lower())
            return (before if compound else before[:-1]) + text
        if before.endswith("-") and before[-2:-1].isalpha() and text[:1].isalpha():
            return before + text
        if WIDE.search(before[-1:]) and WIDE.match(text):
            return before + text
        return f"{before} {text}"

    def _is_compound(self, first: str, rest: str) -> bool:
        """Whether a word is written with its hyphen elsewhere, or both parts are words."""
        if self._words[f"{first}-{rest}"]:
            return True
        return not self._words[first + rest] and bool(self._words[first] and self._words[rest])
