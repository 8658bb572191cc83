"""A candidate's words as they stand, with code set apart and quotes marked where they lie.

Offsets are Unicode code points of the message as stored. Quotes may overlap and may cross
from prose into code: the text is cut wherever a quote begins or ends, and each piece knows
all quotes it is part of.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

_fence = re.compile(
    r"^[ ]{0,3}(?P<ticks>`{3,}|~{3,})(?P<info>[^\n`]*)\n(?P<code>.*?)"
    r"(?:^[ ]{0,3}(?P=ticks)[`~]*[ \t]*(?:\n|\Z)|\Z)",
    re.MULTILINE | re.DOTALL,
)


class Span(NamedTuple):
    """Where a quote lies, and the number of the mark that stands on it."""

    number: int
    start: int
    end: int
    against: bool = False


class Piece(NamedTuple):
    """Text under one set of quotes; `begins` and `ends` are those that do so here."""

    text: str
    numbers: tuple[int, ...]
    against: bool
    begins: tuple[int, ...]
    ends: tuple[int, ...]


class Block(NamedTuple):
    """Prose or code."""

    code: bool
    pieces: tuple[Piece, ...]


def highlighted(text: str, spans: Iterable[Span]) -> list[Block]:
    """The blocks of a message, cut at its quotes."""
    wanted = [s for s in spans if 0 <= s.start < s.end <= len(text)]
    blocks = _blocks(text)
    visible = [(start, end) for _, start, end in blocks]
    first = {s: _first(s, visible) for s in wanted}
    last = {s: _last(s, visible) for s in wanted}
    return [
        Block(code, tuple(_pieces(text, start, end, wanted, first, last)))
        for code, start, end in blocks
    ]


def _blocks(text: str) -> list[tuple[bool, int, int]]:
    """Whether it is code, its start and its end; the fences themselves belong to neither."""
    blocks: list[tuple[bool, int, int]] = []
    at = 0
    for found in _fence.finditer(text):
        blocks += [(False, at, found.start()), (True, *found.span("code"))]
        at = found.end()
    blocks.append((False, at, len(text)))
    return [_trimmed(text, *block) for block in blocks if text[block[1] : block[2]].strip()]


def _trimmed(text: str, code: bool, start: int, end: int) -> tuple[bool, int, int]:
    """Without blank lines around it."""
    shown = text[start:end]
    ahead = len(shown) - len(shown.lstrip("\r\n"))
    return code, start + ahead, end - (len(shown) - len(shown.rstrip()))


def _first(span: Span, visible: Sequence[tuple[int, int]]) -> int | None:
    """Where the quote begins to be seen."""
    return next((max(s, span.start) for s, e in visible if span.start < e and s < span.end), None)


def _last(span: Span, visible: Sequence[tuple[int, int]]) -> int | None:
    seen = [min(e, span.end) for s, e in visible if span.start < e and s < span.end]
    return seen[-1] if seen else None


def _pieces(
    text: str,
    start: int,
    end: int,
    spans: Sequence[Span],
    first: dict[Span, int | None],
    last: dict[Span, int | None],
) -> Iterator[Piece]:
    edges = {edge for span in spans for edge in (span.start, span.end) if start < edge < end}
    cuts = sorted({start, end} | edges)
    for begin, stop in itertools.pairwise(cuts):
        over = [span for span in spans if span.start <= begin and stop <= span.end]
        yield Piece(
            text=shown(text[begin:stop]),
            numbers=tuple(dict.fromkeys(span.number for span in over)),
            against=bool(over) and all(span.against for span in over),
            begins=tuple(dict.fromkeys(span.number for span in over if first[span] == begin)),
            ends=tuple(dict.fromkeys(span.number for span in over if last[span] == stop)),
        )


def shown(text: str) -> str:
    """The text with each control character made visible, one for one."""
    return "".join("\ufffd" if _is_control(char) else char for char in text)


def _is_control(char: str) -> bool:
    return char not in "\n\t\r" and unicodedata.category(char) in {"Cc", "Cs"}
