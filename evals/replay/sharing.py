"""Transcripts to give away: names, addresses and numbers of people are blocked out.

Each character gives way to a block, so that quotes stand where they stood. Names are those of the
invite or account; others that somebody wrote are not known here and stay.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any
from unicodedata import normalize

from agent.events import AnyEvent, Heard, read_event
from agent.wording import STOPWORDS
from evals.replay.transcript import Transcript

BLOCK = "█"
TEXTS = {"text", "reason", "reply", "failure", "technology"}
"""Fields that hold what was said or written."""
OF_THE_KIT = {"atom", "kind", "verdict"}
"""Whatever has these is a mark, whose own text is the kit's."""
SOMEBODY = "a person"
SHORTEST = 3
"""Letters of a part of a name from which it is blocked however it is written."""
HOSTS = "com|org|net|io|dev|me|ai|app|page|info|eu|de|at|ch|nl|uk|fr|in"
_patterns = (
    re.compile(r"[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+"),
    re.compile(r"(?:(?:https?|ftp)://|www\.|mailto:)[^\s<>\"]+", re.I),
    re.compile(rf"\b[\w-]+(?:\.[\w-]+)*\.(?:{HOSTS})/[^\s<>\"]+", re.I),
    re.compile(rf"\b[\w-]+(?:\.[\w-]+)+\.(?:{HOSTS})(?!\w)", re.I),
    re.compile(r"(?<![\w.])(?:\+\d|\(?0\d)[\d ()./-]{6,}\d(?!\w)"),
    re.compile(r"(?<![\w.])(?:\+?\d{1,2}[ .-])?\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?!\w)"),
    re.compile(r"(?<![\w.])\d{10,15}(?![\w.])"),
)
_alike = str.maketrans(
    dict.fromkeys("\u2018\u2019\u02bc`\u00b4", "'")
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-")
)
_accents = "[\u0300-\u036f]*"


class Blocking:
    """Blocks out some people's names, and whatever looks like an address or a number."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        whole = [name.strip() for name in names if name.strip()]
        parts = sorted({part for name in whole for part in _parts(name)})
        escaped = (json.dumps(part)[1:-1] for part in parts if not part.isascii())
        self._patterns = [*_patterns, *map(_whole, whole), *map(_part, parts)]
        self._patterns += [re.compile(re.escape(each), re.I) for each in escaped]

    def text(self, text: str) -> str:
        """The same text with blocks, as long as before."""
        plain, blocked = _plain(text), list(text)
        for pattern in self._patterns:
            for found in pattern.finditer(plain):
                blocked[found.start() : found.end()] = BLOCK * len(found.group())
        return "".join(blocked)

    def transcript(self, transcript: Transcript) -> Transcript:
        """The same interview without names; a quote is what stands in its message now."""
        heard = [event.text for event in transcript.events if isinstance(event, Heard)]
        known = [(text, self.text(text)) for text in reversed(heard)]
        return replace(
            transcript, events=tuple(self._event(event, known) for event in transcript.events)
        )

    def _event(self, event: AnyEvent, heard: Sequence[tuple[str, str]]) -> AnyEvent:
        body = self._value(event.model_dump(mode="json"), heard)
        if "locale" in body:
            body["locale"] = ""
        return read_event(body)

    def _value(self, value: Any, heard: Sequence[tuple[str, str]]) -> Any:
        if isinstance(value, list):
            return [self._value(each, heard) for each in value]
        if not isinstance(value, dict):
            return value
        if value.keys() >= {"text", "start", "end"}:
            return value | {"text": self._quote(value, heard)}
        is_mark = value.keys() >= OF_THE_KIT
        return {
            name: self._field(name, each, heard, is_mark=is_mark) for name, each in value.items()
        }

    def _field(
        self, name: str, value: Any, heard: Sequence[tuple[str, str]], *, is_mark: bool
    ) -> Any:
        if name == "by" and isinstance(value, str):
            return SOMEBODY
        if isinstance(value, str):
            return self.text(value) if name in TEXTS and not is_mark else value
        return self._value(value, heard)

    def _quote(self, quote: dict[str, Any], heard: Sequence[tuple[str, str]]) -> str:
        text, start, end = quote["text"], quote["start"], quote["end"]
        for said, blocked in heard:
            if said[start:end] == text:
                return blocked[start:end]
        return self.text(text)


def _plain(text: str) -> str:
    """The text as long as it is: letters without their accents, dashes and quotes of one kind."""
    if text.isascii():
        return text
    return "".join(normalize("NFKD", letter)[0] for letter in text.translate(_alike))


def _parts(name: str) -> Iterator[str]:
    """Words of a name, and of what a hyphen joins those that may be names by themselves."""
    for part in filter(None, re.split(r"[\s,;]+", name)):
        yield part
        joined = part.split("-") if "@" not in part else []
        yield from (each for each in joined if len(each) >= SHORTEST and each[0].isalpha())


def _whole(name: str) -> re.Pattern[str]:
    return _pattern(name.split(), re.I)


def _part(part: str) -> re.Pattern[str]:
    """A short or everyday word is a name only where it is written like one."""
    everyday = len(part) < SHORTEST or part.casefold() in STOPWORDS
    return _pattern([part], 0 if everyday else re.I)


def _pattern(words: Sequence[str], flags: int) -> re.Pattern[str]:
    """The words however their accents are written; a digit may follow a letter, and before it."""
    bare = [_plain(normalize("NFC", word)) for word in words]
    spelled = r"\s+".join(_accents.join(map(re.escape, word)) + _accents for word in bare)
    before, after = (r"\w" if end.isdigit() else r"[^\W\d_]" for end in (bare[0][0], bare[-1][-1]))
    return re.compile(f"(?<!{before}){spelled}(?!{after})", flags)
