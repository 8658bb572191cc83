"""What a line of text is by its wording: its plain form, a question, a label, a level."""

import re
from collections.abc import Mapping
from contextvars import ContextVar
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple, cast

from knowledge.atoms import Level, QuestionKind
from knowledge.parser.languages import SPOKEN, Language, matches, named
from knowledge.parser.vocabulary import KINDS, LABELS, LEVEL_WORDS, MINUTES, Purpose

NUMBER = re.compile(
    r"^\s*(?:(?:q(?:uestion)?\s*#?\s*\d{1,3}(?:\s*[.:)]|\s*[-–—]\s)\s*|q\s*:\s*|question\s*:\s*)"
    r"|#?\d{1,3}(?:\.(?:\d{1,3}|[a-z]))*(?:[.):]|\s+[-–—])?\s+(?=\D)"
    r"|\(?(?:[a-z]|[ivx]{2,5})\)\s+"
    r"|\(\d{1,3}\)\s+|(?-i:[a-z]|[ivx]{2,5})\.\s+(?-i:(?=[\"“¿]?[A-Z]))|\d\ufe0f?\u20e3\s*|[①-⑳]\s*)",
    re.I,
)
TAG = re.compile(r"\s*[*_]{0,3}[\[(][^()\[\]]{2,40}[\])][*_]{0,3}\s*$")
DECORATION = re.compile(r"^[^\w¿¡\"'“‘(`<*_\[#$.~]+")
ASKS = re.compile(
    r"""^(what(['’]s|\s(is|are|was|were|do|does|did|would|will|should|could|can|has|have|kinds?|types?|makes?|
    happens?|factors?|steps?|tools?|techniques?|strategies|methods?|other|if)\b)|
    (why|how|when|where|which|who)\s(is|are|was|were|do|does|did|would|will|should|could|can|has|have|
    much|many|often|might|may)\b|which\s\w+|how['’]s\b|
    (can|could|would|will)\syou\b|(do|did|have|are|were)\syou\b)""",
    re.I | re.X,
)
PROMPTS = re.compile(
    r"""^(please\s)?(describe|explain|walk\s(me|us)|tell\s(me|us)|talk\s(me\s|us\s)?(through|about)|
    (lead|take|guide)\s(me|us)|design|discuss|
    compare|contrast|give\s(me|us|an?)\b|imagine|implement|write|define|share|suppose|outline|differentiate|
    sketch|you\s(need|have|are|inherit|join)\b|say\b|estimate|summari[sz]e|prepare|build|debug|review|show\s(me|us))\b""",
    re.I | re.X,
)
BEHAVIORAL = re.compile(
    r"\b(a time (when|you|that)"
    r"|(situation|example|workflow|project|moment|occasion) (where|when|in which) you)\b"
    r"|^((please )?(tell|talk)\b|describe|give|share)(?![^.?!]*\bwould\b)"
    r"[^.?!]*\b(an?|one|the (last|first|worst|best|most|\w+est))"
    r"\s[^.?!]*\b(was|were|had|did|went|yours|of you|turned|tried|you( have)?( \w+ed|r)?)\b"
    r"|^(when|whom?) did\b.*\byou\b",
    re.I,
)
QUOTATION = re.compile(r"\"[^\"]{2,600}\"|“[^”]{2,600}”|„[^“”]{2,600}[“”]|«[^»]{2,600}»")
REPORTED = re.compile(
    r"^(?!.*\b(?:not|never|avoid|instead)\b|.*n['’]t\b)[^\"“?]{0,60}\bask(?:ing)?\b[^\"“?.]{0,30}"
    r"(?:\"([^\"]+)\"|“([^”]+)”)$",
    re.I | re.S,
)
SLOT = re.compile(
    r"(?<![\w`\])])(\[[A-Za-z][\w '’/-]{2,40}\](?![(\[\w])"
    r"|\{[a-z][\w '’/-]{2,40}\}|<[a-z]+[ _-][\w '’/-]{2,40}>)"
)
SLOT_LAST = re.compile(
    r"\b(a|an|the|your|our|about|with|in|for|of|to|at|on|used?|as|and|or)\s+$", re.I
)
MARKS = re.compile(r"[*_`\[]")
IN_FIGURES = {
    "half an hour": "30 min", "a quarter of an hour": "15 min", "an hour and a half": "90 min",
    "an hour": "1 hour", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6",
    "eight": "8", "ten": "10", "twelve": "12", "fifteen": "15", "twenty": "20", "thirty": "30",
    "forty": "40", "forty-five": "45", "fifty": "50", "sixty": "60", "ninety": "90",
}  # fmt: skip
COUNTED = [name for name in IN_FIGURES if " " not in name]
AMOUNTS = re.compile(
    r"\b(half an hour|a quarter of an hour|an hour and a half|an hour(?= (for|long|of)\b)"
    rf"|({'|'.join(sorted(COUNTED, key=len, reverse=True))})(?=[ -](minute|hour)))\b",
    re.I,
)
SPACES = re.compile(r"[ \t\f\u00a0\u2028\u0085]+")
EMPHASIS = {
    **{
        m: re.compile(rf"{re.escape(m)}(?=\S)(.{{1,600}}?)(?<=\S){re.escape(m)}", re.S)
        for m in ("***", "**", "*")
    },
    **{
        m: re.compile(rf"(?<!\w){m}(?=\S)(?!\w+_)(.{{1,600}}?)(?<=\S){m}(?!\w)", re.S)
        for m in ("__", "_")
    },
}
CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")
SECTION_NUMBER = re.compile(
    r"^(section|part|chapter|module|unit|phase)\s+([\divx]+|[a-z])\s*[-–—:·.]\s*", re.I
)
QUESTIONS_AND_ANSWERS = re.compile(
    r"^(questions?\s*(and|&)\s*answers?|q\s*&\s*a)[\s:–—-]+(?=\w)", re.I
)
BOLD_LEAD = re.compile(r"^([*_]{1,3})(?=\S)(.{1,90}?)(:?)\1\s*(:?)\s*(.*)$", re.S)
PLAIN_LEAD = re.compile(r"^([A-Z¿(\"“]?[^:.?!|`]{0,60}?):(?:\s+(.*))?$", re.S)
DOTTED_LEAD = re.compile(r"^([A-Z][a-z]+(?: [a-z]+){0,3})\. (.+)$", re.S)


class Lead(NamedTuple):
    """The label a text begins with, and the text after it."""

    label: str
    rest: str
    bold: bool


class Meaning(NamedTuple):
    """What a title announces, and the kind of question it promises."""

    purpose: Purpose
    kind: QuestionKind | None = None


# What the titles of the document at hand mean that no word list knows, in small letters.
MEANT: ContextVar[Mapping[str, Meaning]] = ContextVar("MEANT", default=MappingProxyType({}))
LABEL_PURPOSES = frozenset(name for name, _ in LABELS)


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Text without Markdown marks; what stands in code spans is kept letter for letter."""
    if MARKS.search(text):
        text = re.sub(r"\[([^\]]{1,600})\]\([^)\s]{0,2000}\)", r"\1", text)
        code = [span[1] for span in CODE_SPAN.findall(text)]
        text = _without_emphasis(CODE_SPAN.sub("\0", text))
        for span in code:
            text = text.replace("\0", span, 1)
    if "  " in text or not text.isprintable():
        text = SPACES.sub(" ", text)
    return text.strip()


def untagged(text: str) -> str:
    """Text without the level or time in brackets at its end."""
    return TAG.sub("", text) if text.rstrip().endswith((")", "]", "*", "_")) else text


def _without_emphasis(text: str) -> str:
    for mark, pattern in EMPHASIS.items():
        if mark in text:
            text = pattern.sub(r"\1", text)
    return text


def unquoted(text: str) -> str:
    """Text without the one pair of quotation marks that encloses it."""
    if len(text) > 2 and text[0] + text[-1] in ('""', "“”", "''", "‘’", "«»", "„“"):
        inner = text[1:-1]
        return text if '"' in inner or "”" in inner or "“" in inner else inner.strip()
    return text


def quotation(text: str) -> str | None:
    """What is said in a line that is one quotation and nothing else."""
    said = plain(text)
    inner = unquoted(said)
    if inner == said and said.endswith(('"', "”")) and (reported := REPORTED.match(said)):
        return reported[1] or reported[2]
    return inner if inner != said else None


def slot(text: str) -> str | None:
    """A place in a question where a word is to be put, as in "Where did you use [tool]?"."""
    if "[" not in text and "{" not in text and "<" not in text:
        return None
    text = CODE_SPAN.sub("", text)
    for found in SLOT.finditer(text):
        before, after = text[: found.start()].strip(), text[found.end() :].strip()
        tag = (not after or not re.search(r"\w", before)) and not SLOT_LAST.search(f"{before} ")
        if after[:1] in (".", "?", "!", ",") or not tag:
            return found[1]
    return None


def bare(text: str) -> str:
    """A title or question without marks, leading numbers, emoji and enclosing quotes."""
    return _bare(text, SPOKEN.get())


@lru_cache(maxsize=4096)
def _bare(text: str, others: tuple[Language, ...]) -> str:
    text = DECORATION.sub("", plain(text))
    shorter = NUMBER.sub("", text, count=1)
    for other in others:
        shorter = other.numbers.sub("", shorter, count=1)
    return unquoted(plain(DECORATION.sub("", shorter) or text))


def title(text: str) -> str:
    """A heading as a person would say it: "SECTION 2 — Basics" is "Basics"."""
    words = bare(text)
    if "_" in words and " " not in words:
        words = _spelled(words)
    rest = QUESTIONS_AND_ANSWERS.sub("", SECTION_NUMBER.sub("", words))
    return rest.strip().rstrip(":").strip() or words


def _spelled(name: str) -> str:
    words = [word for word in name.split("_") if word]
    if not name.isupper():
        return " ".join(words)
    return " ".join(
        w if len(w) <= 3 and w not in ("AND", "THE", "FOR") else w.capitalize() for w in words
    )


def is_question(text: str) -> bool:
    """Whether a text asks for an answer: a question, or a prompt such as "Describe ..."."""
    asks = _asks(text, SPOKEN.get())
    return asks and ("?" in text or not MEANT.get() or not meaning(title(text)))


@lru_cache(maxsize=4096)
def _asks(text: str, others: tuple[Language, ...]) -> bool:
    said = untagged(bare(text))
    if '"' in said or "“" in said or "„" in said or "«" in said:
        said = quotation(said) or QUOTATION.sub('"…"', said)
    words = len(said.split())
    if "?" in said and words > 1 and not re.search(r"[\w)][.;]\s+\S[^?]*$", said.split("?")[0]):
        return True
    if said.rstrip().endswith("?"):
        return words > 1
    if said.endswith(":") or words < 2:
        return False
    if PROMPTS.match(said) or (words > 2 and ASKS.match(said)):
        return True
    return any(other.prompts.match(said) or other.asks.match(said) for other in others)


@lru_cache(maxsize=4096)
def lead(text: str) -> Lead | None:
    """The label before a colon, or in bold, at the beginning of a text."""
    if ":" not in text and text[:1] not in ("*", "_"):
        return None
    if bold := BOLD_LEAD.match(text):
        rest = bold[5]
        if not rest and ":" in bold[2]:
            return lead(bold[2])
        if bold[3] or bold[4] or not rest:
            return Lead(plain(bold[2]).strip(": "), rest.strip(), True)
        stopped = bold[2].endswith(".") and not bold[2][0].isdigit()  # "1 - Poor." is a rung
        if stopped and label_purpose(bold[2].rstrip(".")):
            return Lead(plain(bold[2]).rstrip("."), rest.strip(), True)
    if colon := PLAIN_LEAD.match(plain(text)):
        start = text.index(":") + 1
        return Lead(colon[1].strip(), text[start:].strip().lstrip("*_ "), False)
    return None


def label_purpose(label: str) -> Purpose | None:
    """What a label announces, or nothing if it is no known label."""
    said = title(label)
    if found := named("labels", said):
        return cast("Purpose", found)
    meant = meaning(said)
    return meant.purpose if meant and meant.purpose in LABEL_PURPOSES else None


def title_purpose(heading: str) -> Purpose | None:
    """What a section's title announces."""
    said = title(heading)
    if found := named("titles", said.rstrip("? ")):
        return cast("Purpose", found)
    meant = meaning(said)
    return meant.purpose if meant else None


def meaning(said: str) -> Meaning | None:
    """What a title of the document at hand means, where the words do not tell."""
    return MEANT.get().get(said.casefold())


def dotted_lead(text: str) -> Lead | None:
    """A page's "Scenario. A model fails ..." where the words before the full stop are a label."""
    found = DOTTED_LEAD.match(text)
    return Lead(found[1], found[2], False) if found and len(found[1].split()) < 4 else None


def section_kind(text: str) -> QuestionKind | None:
    """The kind of question that a section's title promises."""
    own = (pair for language in SPOKEN.get() for pair in language.kinds)
    known = next((kind for kind, words in (*own, *KINDS) if words.search(text)), None)
    meant = None if known else meaning(title(text))
    return meant.kind if meant else known


def question_kind(text: str, promised: QuestionKind | None) -> QuestionKind:
    """The kind of a question: what its section promises, else how it is worded."""
    if promised:
        return promised
    if BEHAVIORAL.search(text) or matches("told", text):
        return "behavioral"
    return (
        "system_design" if re.match(r"(how would you )?design an?\b", text, re.I) else "technical"
    )


def level_in(text: str) -> Level | None:
    """The first level that a text names, the most senior first."""
    own = (pair for language in SPOKEN.get() for pair in language.levels)
    return next((level for level, words in (*LEVEL_WORDS, *own) if words.search(text)), None)


def minutes_in(text: str) -> float | None:
    """How long a text says something takes, in minutes; of a range the upper end."""
    found = MINUTES.search(AMOUNTS.sub(lambda said: IN_FIGURES[said[0].lower()], text))
    if not found:
        return None
    amount = float((found[2] or found[1]).replace(",", "."))
    return (amount if found[3].lower() in ("min", "'", "’", "′") else amount * 60) or None
