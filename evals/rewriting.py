"""Harmless changes to an answer: other spelling, other layout, the same content.

Whatever is drawn is drawn from a generator seeded by the answer's own text, so a run repeats.
"""

import random
import re
from collections.abc import Callable, Iterable
from functools import partial

Rewrite = Callable[[str], str]

NEIGHBOURS = {"a": "s", "e": "r", "i": "o", "n": "m", "o": "p", "r": "t", "s": "d", "t": "y"}
"""A key that stands beside it."""
SHORTEST_TYPO = 4
"""Letters of a word in which a typo is made."""

_sentence = re.compile(r"(?<=[.!?])\s+")
_word = re.compile(r"[^\W\d_]+")


def sentences(text: str) -> list[str]:
    """As written, closing marks included."""
    return _sentence.split(text.strip())


def typos(text: str, *, share: float) -> str:
    """A letter swapped, dropped, doubled or mistaken in this share of words, at least in one."""
    draw = random.Random(f"{share}:{text}")
    words = [m for m in _word.finditer(text) if len(m.group()) >= SHORTEST_TYPO]
    count = max(1, round(share * len(text.split())))
    chosen = sorted(draw.sample(words, min(count, len(words))), key=lambda m: -m.start())
    for match in chosen:
        text = text[: match.start()] + _mistyped(match.group(), draw) + text[match.end() :]
    return text


def _mistyped(word: str, draw: random.Random) -> str:
    at = draw.randrange(1, len(word) - 1)
    before, letter, after = word[:at], word[at], word[at + 1 :]
    slips = (
        before + after[:1] + letter + after[1:],
        before + after,
        before + letter + letter + after,
        before + NEIGHBOURS.get(letter, letter + letter) + after,
    )
    return draw.choice(slips)


def _reordered(text: str, *, shuffled: bool) -> str:
    parts = sentences(text)[::-1]
    if shuffled:
        random.Random(text).shuffle(parts)
    return " ".join(parts)


def _marked_up(text: str) -> str:
    first, *rest = sentences(text)
    bold = [re.sub(r"^\S+", r"**\g<0>**", sentence) for sentence in rest]
    return "\n\n".join((f"## {first}", *bold))


def _curly(text: str) -> str:
    opened = re.sub(r'"(?=\w)', "“", text)
    return opened.replace('"', "”").replace("'", "’")


REWRITES: dict[str, Rewrite] = {
    "typos in 3 % of words": partial(typos, share=0.03),
    "typos in 6 % of words": partial(typos, share=0.06),
    "bullets": lambda text: "\n".join(f"- {s}" for s in sentences(text)),
    "numbered list": lambda t: "\n".join(f"{i}. {s}" for i, s in enumerate(sentences(t), 1)),
    "sentences reversed": partial(_reordered, shuffled=False),
    "sentences shuffled": partial(_reordered, shuffled=True),
    "upper case": str.upper,
    "lower case": str.lower,
    "Markdown": _marked_up,
    "double spaces": lambda text: text.replace(" ", "  "),
    "a line each": lambda text: "\n\n".join(sentences(text)),
    "curly quotes": _curly,
    "no full stops": lambda text: re.sub(r"\.(?=\s)", ",", text).rstrip("."),
    "articles left out": lambda text: re.sub(r"\b(?:a|an|the) ", "", text, flags=re.I),
}


def swapped(text: str, pairs: Iterable[tuple[str, str]], *, back: bool = False) -> str:
    """Each whole word of the pairs for the other; `back` from the second to the first."""
    there = {(two if back else one): (one if back else two) for one, two in pairs}
    longest_first = sorted(map(re.escape, there), key=len, reverse=True)
    pattern = rf"(?<![\w'’])(?:{'|'.join(longest_first)})(?![\w'’])"
    return re.sub(pattern, lambda match: there[match.group()], text)
