"""Where an examiner's words stand in a message: exactly, or near enough to be the same words."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz import fuzz

from agent.events import Quote
from agent.wording import STOPWORDS

NEAR = 90.0
"""Likeness, in per cent of rapidfuzz's partial ratio, from which a near quote is re-anchored."""
SLIP = 84.0
"""Likeness of two words from which one is the other with a slip in it."""
NEAR_WORDS = 4
"""A shorter quote has to stand exactly as it is."""

_word = re.compile(r"\w+")
_alike = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-"})
_decisive = re.compile(
    r"\b(?:not?|never|none|nothing|nobody|without|cannot|hardly|neither|nor|unless)\b|n't\b|\d+",
    re.IGNORECASE,
)
"""Words whose loss turns a sentence round: a near quote has to agree in all of them."""


def locate(words: str, message: str) -> Quote | None:
    """Where `words` stand in `message`, whatever their case, white space or Unicode form.

    The quote returned is the message's own text, with offsets in Unicode code points: the first
    place where it begins and ends with a word, or else the first place.
    """
    needle, _ = _folded(words)
    hay, offsets = _folded(message)
    first = at = hay.find(needle) if needle else -1
    while at >= 0:
        quote = _quote(message, offsets, at, at + len(needle))
        if whole_words(quote, message):
            return quote
        at = hay.find(needle, at + 1)
    return _quote(message, offsets, first, first + len(needle)) if first >= 0 else None


def anchor_near(words: str, message: str) -> Quote | None:
    """The stretch of the message that `words` misquote by a letter or a little word.

    None where nothing aligns, or where a number or a negation would be lost or added.
    """
    needle, _ = _folded(words)
    hay, offsets = _folded(message)
    if len(needle.split()) < NEAR_WORDS or len(hay) < len(needle) // 2:
        return None
    found = fuzz.partial_ratio_alignment(needle, hay, score_cutoff=NEAR)
    if found is None or found.dest_end <= found.dest_start:
        return None
    start, end = _widened(hay, found.dest_start, found.dest_end)
    near = hay[start:end]
    if _turns(needle) != _turns(near) or not _same_words(needle, near):
        return None
    quote = _quote(message, offsets, start, end)
    return quote.model_copy(update={"near": True})


def whole_words(quote: Quote, message: str) -> bool:
    """ "lock" is not said by "block", nor anything by a full stop."""
    starts = (
        not message[max(quote.start - 1, 0) : quote.start].isalnum() or not quote.text[0].isalnum()
    )
    ends = not message[quote.end : quote.end + 1].isalnum() or not quote.text[-1].isalnum()
    return starts and ends and any(letter.isalnum() for letter in quote.text)


def _quote(message: str, offsets: Sequence[int], start: int, end: int) -> Quote:
    first, after = offsets[start], offsets[end - 1] + 1
    return Quote(text=message[first:after], start=first, end=after)


def _widened(text: str, start: int, end: int) -> tuple[int, int]:
    while start > 0 and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum():
        end += 1
    while start < end and text[start] == " ":
        start += 1
    while end > start and text[end - 1] == " ":
        end -= 1
    return start, end


def _same_words(words: str, stretch: str) -> bool:
    """Whether all that differs is little words and slips: "increases" is not "decreases"."""
    one, other = set(_word.findall(words)), set(_word.findall(stretch))
    return _slips(one - other, other) and _slips(other - one, one)


def _slips(left: set[str], others: set[str]) -> bool:
    return all(
        word in STOPWORDS or any(fuzz.ratio(word, other) >= SLIP for other in others)
        for word in left
    )


def _turns(text: str) -> list[str]:
    return sorted(_decisive.findall(text))


@lru_cache(maxsize=256)
def _folded(text: str) -> tuple[str, tuple[int, ...]]:
    """The text normalised, with the offset each character came from."""
    letters: list[str] = []
    offsets: list[int] = []
    for offset, char in enumerate(text):
        if unicodedata.category(char) == "Cf":  # a character nobody sees
            continue
        for letter in unicodedata.normalize("NFKD", char).casefold().translate(_alike):
            letter = " " if letter.isspace() else letter
            if letter == " " and (not letters or letters[-1] == " "):
                continue
            letters.append(letter)
            offsets.append(offset)
    while letters and letters[-1] == " ":
        letters.pop()
        offsets.pop()
    return "".join(letters), tuple(offsets)
