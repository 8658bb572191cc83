"""Transcripts: an interview's log as a file of events, one JSON object a line, or from a store.

`.jsonl` and `.jsonl.gz` are read. A transcript is taken whole or refused with the line that is
wrong; one of an older schema is read as it is, with what it did not have yet left out.
"""

import gzip
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any, cast

from agent.answers import answered_testlets
from agent.events import AnyEvent, Away, Consented, Ended, Header, Heard, Resumed, Said, Took
from agent.state import Message
from agent.words import KEPT_ONLY
from evals.replay.checking import checked
from evals.replay.lines import lines_of

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

    @property
    def timed(self) -> bool:
        """Whether its times can be told again: by its readings, or there was but one."""
        return self.took is not None or self.is_only_kept

    @property
    def is_only_kept(self) -> bool:
        """Whether no attempt could run it: it was heard, and not answered."""
        return any(isinstance(event, Said) and event.text == KEPT_ONLY for event in self.events)


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
    if any(isinstance(e, Said) and e.text == KEPT_ONLY for e in step):
        return "end_of_input"  # nobody spoke, and nothing came of it: all such leave the same
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
        BadInput: it is none, one of a later Viva, has a gap, or is not whole; the event is named.
    """
    return Transcript(id_, checked(id_, lines), folder)


def read(path: Path) -> Transcript:
    """The transcript of a file.

    Raises:
        NotFound: there is no such file.
        BadInput: it is no transcript, or only a part of one; the line is named.
    """
    id_ = path.name.removesuffix(".gz").removesuffix(".jsonl")
    return transcript_of(id_, lines_of(path), path.parent)


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
