"""Words compared as words: what two texts share, stems and all."""

import re
from functools import lru_cache

STOPWORDS = frozenset(
    "a an the and or but nor so yet of in on at to for from by with without into onto over "
    "under about as than then that this these those there here it its is are was were be been "
    "being am do does did done have has had having will would can could should may might must "
    "shall not no i you he she we they them us me my your his her our their what which who whom "
    "whose when where why how if because while until since during before after again also just "
    "only very more most much many some any each every all both few other such own same too "
    "can't don't e.g i.e etc use uses used using make makes made get gets got one two".split()
)
_letters = re.compile(r"[^\W_]+")
_LONG_ENDINGS = ("isations", "izations", "isation", "ization", "ations", "ation", "ingly", "ings")
_ENDINGS = ("ing", "ies", "ied", "ers", "ion", "ed", "er", "es", "ly", "s", "e", "y")


def stem(word: str) -> str:
    """A rough stem: endings off, so that "partitioning" meets "partitions"."""
    lowered = word.casefold()
    for endings, shortest in ((_LONG_ENDINGS, 4), (_ENDINGS, 3)):
        for ending in endings:
            if lowered.endswith(ending) and len(lowered) - len(ending) >= shortest:
                return lowered[: -len(ending)]
    return lowered


@lru_cache(maxsize=50_000)
def stems(text: str) -> frozenset[str]:
    """The informative words of a text, cut to a rough stem."""
    words = (word.casefold() for word in _letters.findall(text))
    return frozenset(stem(word) for word in words if word not in STOPWORDS)


def likeness_of_wording(one: str, other: str) -> float:
    """Share of informative words in common (Jaccard), 0..1."""
    left, right = stems(one), stems(other)
    return len(left & right) / len(left | right) if left | right else 0.0


LABEL_WORDS = 5


def is_label(text: str) -> bool:
    """A few words that name an aspect and state nothing ("post-mortem analysis")."""
    words = _letters.findall(text)
    return len(words) <= LABEL_WORDS and not text.rstrip().endswith(".")
