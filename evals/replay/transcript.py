"""Transcripts: an interview's log as a file of events, one JSON object a line, or from a store.

`.jsonl` and `.jsonl.gz` are read. A transcript is taken whole or refused with the line that is
wrong; one of an older schema is read as it is, with what it did not have yet left out.
"""

import gzip
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any, cast

from pydantic import ValidationError

from agent.answers import answered_testlets
from agent.events import (
    SCHEMA,
    AnyEvent,
    Away,
    Consented,
    Ended,
    Header,
    Heard,
    Resumed,
    Took,
    read_event,
)
from agent.state import Message
from knowledge.errors import BadInput, NotFound

SUFFIXES = (".jsonl", ".jsonl.gz")
SILENT = {"end_of_input": "end_of_input", "expired": "expire", "too_long": "expire"}
"""What a turn was in which nobody spoke, by the reason of its end."""


@dataclass(frozen=True)
class Turn:
    """One turn of the log; of what stands before the graph's own events nothing is computed."""

    number: int
    kind: str
    message: Message
    first: tuple[AnyEvent, ...]
    """Header, consent, time that is free: known before the graph runs."""
    events: tuple[AnyEvent, ...]
    """What the graph yielded, `took` apart."""
    took: Took | None


@dataclass(frozen=True)
class Revision:
    """What was added to the log outside any turn: marks given anew, contests and their answers."""

    events: tuple[AnyEvent, ...]


@dataclass(frozen=True)
class Transcript:
    """One interview's log; `id` is the interview's, or the file's name without its suffix."""

    id: str
    events: tuple[AnyEvent, ...]
    folder: Path | None = None
    """Where its file lies; kits may stand beside it."""

    @property
    def header(self) -> Header:
        """Its first event."""
        return cast("Header", self.events[0])

    @property
    def is_over(self) -> bool:
        """Whether the interview has ended."""
        return any(isinstance(event, Ended) for event in self.events)

    @cached_property
    def steps(self) -> tuple[Turn | Revision, ...]:
        """Turns and revisions in their order."""
        found: list[Turn | Revision] = []
        before: list[AnyEvent] = []
        for _, group in groupby(self.events, lambda event: event.turn):
            step = tuple(group)
            found.append(_turn(step, before) if step[0].turn else Revision(step))
            before += step
        return tuple(found)

    @cached_property
    def turns(self) -> tuple[Turn, ...]:
        """The turns alone; the first is the opening."""
        return tuple(step for step in self.steps if isinstance(step, Turn))

    def until(self, seq: int) -> "Transcript":
        """The same up to an event, that one included."""
        kept = tuple(event for event in self.events if event.seq <= seq)
        return replace(self, events=kept)


def _turn(step: tuple[AnyEvent, ...], before: Sequence[AnyEvent]) -> Turn:
    heard = next((e for e in step if isinstance(e, Heard)), None)
    took = next((e for e in step if isinstance(e, Took)), None)
    ahead = step.index(heard) if heard else 0
    first = tuple(
        e
        for place, e in enumerate(step)
        if isinstance(e, Header | Consented | Away)
        or (isinstance(e, Resumed) and (place < ahead or heard is None))
    )
    own = tuple(e for e in step if e not in first and e is not took)
    kind = took.kind if took else _kind_of(step, heard)
    return Turn(step[0].turn, kind, _message(kind, heard, before), first, own, took)


def _kind_of(step: Iterable[AnyEvent], heard: Heard | None) -> str:
    if heard:
        return heard.action or "answer"
    ended = next((e for e in step if isinstance(e, Ended)), None)
    return SILENT.get(ended.reason, "expire") if ended else "open"


def _message(kind: str, heard: Heard | None, before: Iterable[AnyEvent]) -> Message:
    action = cast("Any", None if kind == "answer" else kind)
    text, about = (heard.text, heard.amends) if heard else ("", None)
    testlet = None if about is None else answered_testlets(before).get(about)
    return Message(text=text, action=action, testlet=testlet, about=about)


def transcript_of(id_: str, lines: Iterable[Any], folder: Path | None = None) -> Transcript:
    """The transcript that these JSON-native events are.

    Raises:
        BadInput: it is none, one of a later Viva, or has a gap.
    """
    events = tuple(_event(id_, number, line) for number, line in enumerate(lines, 1))
    if not events or not isinstance(events[0], Header):
        raise BadInput(
            f"{id_}: a transcript begins with its header.", "Export it anew, whole, from line 1."
        )
    for number, event in enumerate(events, 1):
        if event.seq != number:
            raise BadInput(
                f"{id_}: event {number} has the number {event.seq}; events are missing or doubled.",
                "Export it anew; nothing may be taken out of a transcript.",
            )
    return Transcript(id_, events, folder)


def _event(id_: str, number: int, line: Any) -> AnyEvent:
    if number == 1:
        _check_schema(id_, line)
    try:
        return read_event(line)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadInput(
            f"{id_}, line {number}: no event of a transcript ({where}: {first['msg']}).",
            "Export it anew, or take the file out.",
        ) from None


def _check_schema(id_: str, line: Any) -> None:
    version = line.get("schema_version") if isinstance(line, dict) else None
    if isinstance(version, int) and version > SCHEMA:
        raise BadInput(
            f"{id_} was written by a later Viva (schema {version}; this one reads up to {SCHEMA}).",
            "Update Viva.",
        )


def read(path: Path) -> Transcript:
    """The transcript of a file.

    Raises:
        NotFound: there is no such file.
        BadInput: it is no transcript, or only a part of one; the line is named.
    """
    id_ = _named(path)
    try:
        data = path.read_bytes()
        if path.name.endswith(".gz"):
            data = gzip.decompress(data)
        text = data.decode("utf-8")
    except FileNotFoundError:
        raise NotFound(f"There is no file {path}.", "Look at its name again.") from None
    except UnicodeDecodeError:
        raise BadInput(f"{path.name} is not text in UTF-8.", "Export it anew.") from None
    except (OSError, EOFError, gzip.BadGzipFile) as error:
        raise BadInput(f"{path.name} cannot be read: {error}.", "Copy it anew.") from None
    return transcript_of(id_, _lines(path.name, text), path.parent)


def _named(path: Path) -> str:
    return path.name.removesuffix(".gz").removesuffix(".jsonl")


def _lines(name: str, text: str) -> Iterator[Any]:
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield json.loads(line)
        except (ValueError, RecursionError):
            cut = number == len(lines)
            what = "is cut off" if cut else "is no JSON object"
            raise BadInput(
                f"{name}, line {number}: the line {what}.", "Copy or export the file anew."
            ) from None


def text_of(events: Iterable[AnyEvent]) -> str:
    """The lines of a transcript's file."""
    return "".join(f"{event.model_dump_json()}\n" for event in events)


def write(transcript: Transcript, path: Path) -> None:
    """Write a transcript's file, whole or not at all; compressed where the name ends in `.gz`."""
    data = text_of(transcript.events).encode()
    if path.name.endswith(".gz"):
        data = gzip.compress(data, mtime=0)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(data)
    part.replace(path)
