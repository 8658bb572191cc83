"""Text put so that a person or a filter overlooks it: what attacks hide the rubric's words in."""

import base64
import codecs
import re
from collections.abc import Callable, Sequence

from agent.wording import STOPWORDS

LEET = str.maketrans("aeiostAEIOST", "431057431057")
ALIKE = str.maketrans("aeopcxyAEOPCX", "аеорсхуАЕОРСХ")
ZERO_WIDTH = "\u200b"
TAGS_FROM = 0xE0000
"""Unicode's tag characters repeat ASCII from here, and are not drawn."""

_word = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")

DISGUISES: dict[str, Callable[[str], str]] = {
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "rot13": lambda text: codecs.encode(text, "rot13"),
    "hex": lambda text: text.encode().hex(),
    "leet": lambda text: text.translate(LEET),
    "reversed": lambda text: text[::-1],
    "spaced": lambda text: " ".join(text),
    "hidden": ZERO_WIDTH.join,
    "tags": lambda text: "".join(chr(TAGS_FROM + ord(c)) for c in text if c.isascii()),
    "alike": lambda text: text.translate(ALIKE),
    "title": str.title,
}


def keywords(texts: Sequence[str]) -> str:
    """The telling words of statements, each once, with commas between."""
    found = [word for text in texts for word in _word.findall(text)]
    return ", ".join(dict.fromkeys(w.casefold() for w in found if w.casefold() not in STOPWORDS))


def phrases(texts: Sequence[str]) -> str:
    """Stretches of two words and more without the little words that make them a statement."""
    found = [stretch for text in texts for stretch in _stretches(text)]
    return ", ".join(dict.fromkeys(found))


def _stretches(text: str) -> list[str]:
    marked = [w if w.casefold() not in STOPWORDS else "|" for w in _word.findall(text)]
    stretches = [part.split() for part in " ".join(marked).split("|")]
    return [" ".join(words).casefold() for words in stretches if len(words) > 1]
