"""Transcripts to give away: names, addresses and numbers of people are blocked out.

Each character gives way to a block, so that quotes stand where they stood. Names are those of the
invite or account; others that somebody wrote are not known here and stay.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

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
_patterns = (
    re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    re.compile(r"(?:https?://|www\.)[^\s<>\"]+", re.I),
    re.compile(
        r"\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|dev|me|ai|eu|de|uk|fr|in)/[^\s<>\"]+", re.I
    ),
    re.compile(r"(?<![\w.])(?:\+\d|\(?0\d)[\d ()./-]{6,}\d(?!\w)"),
    re.compile(r"(?<![\w.])\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?!\w)"),
)


class Blocking:
    """Blocks out some people's names, and whatever looks like an address or a number."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        whole = [name.strip() for name in names if name.strip()]
        parts = {part for name in whole for part in re.split(r"[\s,;]+", name) if part}
        self._patterns = [*_patterns, *map(_whole, whole), *map(_part, sorted(parts))]

    def text(self, text: str) -> str:
        """The same text with blocks, as long as before."""
        for pattern in self._patterns:
            text = pattern.sub(lambda found: BLOCK * len(found.group()), text)
        return text

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


def _whole(name: str) -> re.Pattern[str]:
    spaced = r"\s+".join(map(re.escape, name.split()))
    return re.compile(rf"(?<!\w){spaced}(?!\w)", re.I)


def _part(part: str) -> re.Pattern[str]:
    """A short or everyday word is a name only where it is written like one."""
    everyday = len(part) < SHORTEST or part.casefold() in STOPWORDS
    return re.compile(rf"(?<!\w){re.escape(part)}(?!\w)", 0 if everyday else re.I)
