"""The languages a document is written in, and the words each has for what a document holds.

English is always known (see `vocabulary`); any other only in a document that is written in it,
so that a word which means something else in English is left alone. Their words stand in `words`.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

import yaml

from knowledge.atoms import Level, QuestionKind
from knowledge.parser.table_vocabulary import COLUMNS, RUNGS, SIGN_WORDS
from knowledge.parser.vocabulary import LABELS, TITLES, Listed, phrases

ENGLISH: dict[str, Listed] = {
    "labels": LABELS, "titles": TITLES, "columns": COLUMNS, "signs": SIGN_WORDS,
    "rungs": RUNGS,
}  # fmt: skip
# Words that every text of a language is full of, and few of another.
COMMON: dict[str, str] = {
    "en": """the and of to is that it for with you are this was on have not be what how they or
        from a an when would your who their do will can about which we has if""",
    "de": """der die das und ist nicht ein eine einen einem einer mit sie wie was auf für von den
        dem des zu wird werden auch sich bei oder wenn dass haben hat sind im am ihre ihr
        wir ich kein keine über nach aus zum zur""",
    "fr": """le la les des du et est une un vous que qui dans pour sur avec pas ce cette au aux
        se ne plus votre vos comment quelle quel quels nous être ou par sont il elle leur
        ses son d l qu""",
    "es": """el la los las y es una un que en por con para del se no su sus al lo como cómo qué
        cuál más usted le ha cuando está son o este esta sobre si nos""",
    "pt": """o a os as e é uma um que em por com para do da dos das no na nos nas se não seu sua
        ao como qual mais você ou são está foi quando ele ela pelo pela sobre""",
    "it": """il lo la i gli le e è una un che di del della dei delle in per con non si come cosa
        quale più nel nella al alla sono ha dal dalla suo sua o quando anche ti""",
    "nl": """de het een en van is niet met dat die voor op te zijn wat hoe je u wij bij ook aan
        er om of als wordt worden heeft naar uit over dit deze uw hun""",
}
FOREIGN = tuple(code for code in COMMON if code != "en")
WORD = re.compile(r"[^\W\d_]+")
WINDOW, SAMPLE = 2000, 700  # characters: how often a text is looked at, how much each time
MOST_SAMPLES = 400
ENOUGH, AHEAD = 4, 1.3  # common words in a sample, and how far ahead of the next language


@dataclass(frozen=True, eq=False)
class Language:
    """The words of one language; patterns as in `vocabulary`, and what ends with a full stop."""

    code: str
    tables: dict[str, Listed]
    kinds: tuple[tuple[QuestionKind, re.Pattern[str]], ...]
    levels: tuple[tuple[Level, re.Pattern[str]], ...]
    asks: re.Pattern[str]
    prompts: re.Pattern[str]
    told: re.Pattern[str]
    own: re.Pattern[str]
    critical: re.Pattern[str]
    exhorts: re.Pattern[str]
    likes: re.Pattern[str]
    fears: re.Pattern[str]
    parts: re.Pattern[str]
    numbers: re.Pattern[str]
    shortened: re.Pattern[str]
    role: re.Pattern[str]
    company: re.Pattern[str]
    guide: re.Pattern[str]
    jobs: re.Pattern[str]
    at: re.Pattern[str]


# Those of the document at hand, English apart; the one it is mostly in comes first.
SPOKEN: ContextVar[tuple[Language, ...]] = ContextVar("SPOKEN", default=())
_MAINLY: ContextVar[str] = ContextVar("MAINLY", default="en")


@contextmanager
def spoken_in(text: str) -> Iterator[str]:
    """Know the words of the languages of a text while it is read; gives the main one's code."""
    codes = languages_of(text)
    token = SPOKEN.set(tuple(language(code) for code in codes if code != "en"))
    main = _MAINLY.set(codes[0])
    try:
        yield codes[0]
    finally:
        SPOKEN.reset(token)
        _MAINLY.reset(main)


def named(which: str, said: str) -> str | None:
    """What a title, label or column of this wording is for; `which` is a table of `Language`."""
    return _named(which, said, SPOKEN.get(), _MAINLY.get() == "en")


@lru_cache(maxsize=4096)
def _named(which: str, said: str, others: tuple[Language, ...], english_first: bool) -> str | None:
    own = [language.tables[which] for language in others]
    tables = [ENGLISH[which], *own] if english_first else [*own, ENGLISH[which]]
    return next((name for table in tables for name, words in table if words.fullmatch(said)), None)


def matches(which: str, text: str) -> bool:
    """Whether a language other than English finds a pattern (a field of `Language`) in a text."""
    return any(getattr(language, which).search(text) for language in SPOKEN.get())


def languages_of(text: str) -> list[str]:
    """The languages of a text, the most used first; English where no other can be told."""
    found: Counter[str] = Counter()
    for sample in _samples(text):
        hits = _common(sample)
        (best, most), (_, next_) = hits.most_common(2)
        if most >= ENOUGH and most >= AHEAD * next_:
            found[best] += most
    return [code for code, _ in found.most_common()] or ["en"]


def language_of(text: str) -> str:
    """The language of a passage, among those of the document at hand."""
    codes = {language.code for language in SPOKEN.get()}
    if not codes:
        return "en"
    hits = _common(text)
    most = max(codes | {"en"}, key=lambda code: (hits[code], code == _MAINLY.get()))
    return most if hits[most] else _MAINLY.get()


def unbroken(sentences: Iterable[str]) -> list[str]:
    """Sentences put together again where one seemed to end with what is only shortened."""
    done: list[str] = []
    for each in sentences:
        if done and any(language.shortened.fullmatch(done[-1]) for language in SPOKEN.get()):
            done[-1] += f" {each}"
        else:
            done.append(each)
    return done


def _common(text: str) -> Counter[str]:
    known = _languages_of_words()
    hits: Counter[str] = Counter(dict.fromkeys(COMMON, 0))
    for word in filter(known.__contains__, WORD.findall(text.lower())):
        for code in known[word]:
            hits[code] += 1
    return hits


def _samples(text: str) -> Iterator[str]:
    starts = [0, *(found.end() for found in re.finditer(r"\n(?=#)", text))]
    ends = [*starts[1:], len(text)]
    windows = [at for a, b in zip(starts, ends, strict=True) for at in range(a, b, WINDOW)]
    nexts = dict(pairwise([*windows, len(text)]))
    for start in windows[:: max(1, len(windows) // MOST_SAMPLES)]:
        yield text[start : min(start + SAMPLE, nexts[start])]


@lru_cache(maxsize=1)
def _languages_of_words() -> dict[str, tuple[str, ...]]:
    words = {word for listed in COMMON.values() for word in listed.split()}
    return {
        word: tuple(code for code, listed in COMMON.items() if word in listed.split())
        for word in words
    }


@lru_cache(maxsize=len(FOREIGN))
def language(code: str) -> Language:
    """A language's words, as they stand in their file."""
    said: dict[str, Any] = yaml.safe_load(
        files(__package__).joinpath("words", f"{code}.yaml").read_text("utf-8")
    )
    tables = {name: _listed(said.get(name, {})) for name in ENGLISH}
    tables["titles"] = (
        *_listed(said["whole_titles"]), *tables["labels"], *_listed(said["titles"])
    )  # fmt: skip
    patterns = {
        name: phrases(said.get(name) or "(?!)")
        for name in (
            "asks", "prompts", "told", "own", "critical", "exhorts", "likes", "fears",
            "parts", "numbers",
            "shortened", "role", "company", "guide", "jobs", "at",
        )
    }  # fmt: skip
    return Language(
        code=code, tables=tables, kinds=_listed(said["kinds"]), levels=_listed(said["levels"]),
        **patterns,
    )  # fmt: skip


def _listed(said: dict[str, str]) -> Any:
    return tuple((name, phrases(lines)) for name, lines in said.items())
