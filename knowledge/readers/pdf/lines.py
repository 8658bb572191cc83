"""Words of a page into lines, and lines into the order in which a person reads them."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise
from statistics import mean, median
from typing import Protocol

from knowledge.readers.pdf.drawing import Box, holding
from knowledge.readers.pdf.letters import RIGHT_TO_LEFT, Face
from knowledge.readers.pdf.page import Word
from knowledge.readers.pdf.spelling import WIDE

GAP = 0.85
"""In sizes of the type: a wider gap parts what stands side by side."""
FEWEST_IN_COLUMN = 3
NARROWEST = 70.0
"""Points a column is wide."""
BULLETS = "•◦▪▫●○■□‣·❏❑➢➤►▶✓✔✗✘❌✅–—*⁃∙"
MARKER = re.compile(
    rf"^([{BULLETS}-]|\(?(?:\d{{1,3}}|[a-zA-Z]|[ivxIVX]{{2,5}})[.)])$|^[{BULLETS}](?=\w)|^[o§]$"
)


class Placed(Protocol):
    """Anything that has a place on a page."""

    @property
    def box(self) -> Box: ...


@dataclass(frozen=True)
class Line:
    """Words that stand beside each other; `right` is where lines of their column may end."""

    words: tuple[Word, ...]
    page: int
    right: float = 0.0

    @cached_property
    def box(self) -> Box:
        return around(self.words)

    @cached_property
    def face(self) -> Face:
        """How most of the line is set."""
        counts: dict[Face, int] = {}
        for word in self.words:
            counts[word.face] = counts.get(word.face, 0) + len(word.text)
        return max(counts, key=lambda face: counts[face])

    @cached_property
    def size(self) -> float:
        return self.face.size

    @cached_property
    def base(self) -> float:
        """What the line stands on, from the page's top."""
        return median(w.base for w in self.words if w.face.size >= self.size * 0.9)

    @cached_property
    def bold(self) -> bool:
        """Whether all of it, but for a bullet, is bold."""
        words = self.words[1:] if len(self.words) > 1 and self.marker else self.words
        return all(w.face.bold for w in words if re.search(r"\w", w.text) or len(words) == 1)

    @cached_property
    def mono(self) -> bool:
        return all(w.face.mono for w in self.words)

    @cached_property
    def gapped(self) -> bool:
        """Whether parts of it stand far from each other."""
        words = self.words[1:] if self.marker else self.words
        return any(b.box.x0 - a.box.x1 > 2 * self.size for a, b in pairwise(words))

    @cached_property
    def marker(self) -> str:
        """A list's bullet, number or letter that the line begins with."""
        first = self.words[0].text
        found = MARKER.match(first)
        return found[0] if found and (len(self.words) > 1 or len(first) > len(found[0])) else ""

    @cached_property
    def plain(self) -> str:
        return joined(self.words)

    @cached_property
    def text_at(self) -> float:
        """Where the text after a bullet begins."""
        return self.words[1].box.x0 if self.marker and len(self.words) > 1 else self.box.x0


def around(placed: Iterable[Placed]) -> Box:
    """The box that holds all of these."""
    return holding([each.box for each in placed])


def rows_of(words: Sequence[Word], page: int) -> list[list[Line]]:
    """Words that stand on one line, parted where a wide gap is; from the top."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda w: w.base):
        if rows and _beside(rows[-1][0], word):
            rows[-1].append(word)
        else:
            rows.append([word])
    return [_parted(_in_order(row), page) for row in rows]


def _beside(first: Word, word: Word) -> bool:
    return word.base - first.base < 0.42 * max(first.face.size, word.face.size, 4)


def _in_order(row: list[Word]) -> list[Word]:
    if sum(bool(RIGHT_TO_LEFT.search(word.text)) for word in row) * 2 > len(row):
        return sorted(row, key=lambda w: -w.box.x1)
    return sorted(row, key=lambda w: w.box.x0)


def _parted(row: list[Word], page: int) -> list[Line]:
    parts = [[row[0]]]
    for before, word in pairwise(row):
        gap = max(word.box.x0 - before.box.x1, before.box.x0 - word.box.x1)
        alone = len(parts[-1]) == 1 and MARKER.match(before.text)
        allowed = 5 * GAP if alone else GAP
        if gap > allowed * max(before.face.size, word.face.size):
            parts.append([word])
        else:
            parts[-1].append(word)
    return [Line(tuple(part), page) for part in parts]


# Text


def joined(words: Sequence[Word], marks: bool = False, bold: bool = False) -> str:
    """The words as text; `marks` keeps what is bold, unless all text is, and what is code."""
    pieces: list[str] = []
    kinds = [_kind(word, bold) if marks else "" for word in words]
    at = 0
    for kind, run in groupby(kinds):
        length = len(list(run))
        text = _spelled(words[at : at + length])
        before = at and _space(words[at - 1], words[at])
        pieces.append(f"{' ' if before else ''}{_marked(text, kind)}")
        at += length
    return "".join(pieces)


def _kind(word: Word, bold: bool) -> str:
    if word.face.mono:
        return "`"
    return "**" if word.face.bold and not bold else ""


def _marked(text: str, kind: str) -> str:
    return f"{kind}{text}{kind}" if kind and re.search(r"\w", text) and kind not in text else text


def _spelled(words: Sequence[Word]) -> str:
    spelled = words[0].text
    for before, word in pairwise(words):
        spelled += f"{' ' if _space(before, word) else ''}{word.text}"
    return spelled


def _space(before: Word, word: Word) -> bool:
    if WIDE.match(word.text) and WIDE.search(before.text[-1:]):
        return False
    gap = max(word.box.x0 - before.box.x1, before.box.x0 - word.box.x1)
    return (word.spaced and gap > -0.1 * word.face.size) or gap > 0.15 * word.face.size


# Order


def in_order(placed: Sequence[Placed]) -> list[list[Placed]]:
    """What stands on a page as columns in the order they are read, each from its top."""
    rest = sorted(placed, key=lambda each: (each.box.top, each.box.x0))
    parted = max(_splits(rest), key=lambda each: len(each[1]) + len(each[2]), default=None)
    if not parted:
        return [rest] if rest else []
    return [column for part in parted for column in in_order(part)]


def _splits(placed: list[Placed]) -> Iterator[tuple[list[Placed], ...]]:
    """Every way to see two columns: what is above, left, right and below."""
    starts = Counter(round(each.box.x0 / 2) for each in placed)
    left_end = min((each.box.x0 for each in placed), default=0.0)
    for start, count in starts.items():
        if count < FEWEST_IN_COLUMN or start * 2 < left_end + NARROWEST:
            continue
        gutter = start * 2 - 2.0
        for split in _at_gutter(placed, gutter):
            yield split
            yield from _at_gutter(placed, around(split[1]).x1 + 2)


def _at_gutter(placed: list[Placed], gutter: float) -> Iterator[tuple[list[Placed], ...]]:
    for first, last in _runs(placed, gutter):
        run = placed[first:last]
        left = [each for each in run if each.box.x1 <= gutter]
        right = [each for each in run if each.box.x1 > gutter]
        if _are_columns(left, right):
            yield placed[:first], left, right, placed[last:]


def _runs(placed: list[Placed], gutter: float) -> Iterator[tuple[int, int]]:
    """Stretches in which nothing crosses the gutter."""
    first = 0
    for at, each in enumerate(placed):
        if each.box.x0 < gutter < each.box.x1:
            yield first, at
            first = at + 1
        elif at > first and _begins_anew(placed[first:at], each, placed[at + 1 : at + 3], gutter):
            yield first, at
            first = at
    yield first, len(placed)


def _begins_anew(above: list[Placed], each: Placed, below: list[Placed], gutter: float) -> bool:
    """Whether a heading stands below all of these: what it heads is not of their columns."""
    if not isinstance(each, Line) or each.box.x0 > gutter:
        return False
    if any(one.box.x0 > gutter and one.box.top < each.box.bottom for one in below):
        return False
    if each.box.top < max(one.box.bottom for one in above):
        return False
    sizes = [one.size for one in above if isinstance(one, Line)]
    return bool(sizes) and each.size > 1.12 * median(sizes)


def _are_columns(left: list[Placed], right: list[Placed]) -> bool:
    if min(len(left), len(right)) < FEWEST_IN_COLUMN:
        return False
    one, other = around(left), around(right)
    if other.x0 - one.x1 < 7:
        return False
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    if shared < 0.5 * min(one.height, other.height):
        return False
    return all(
        box.width > NARROWEST and mean(each.box.width for each in side) > 0.4 * box.width
        for box, side in ((one, left), (other, right))
    )


def joined_rows(column: Sequence[Placed]) -> list[Placed]:
    """A column whose lines are whole: what stands on one base is one line; with their right end."""
    lines = [each for each in column if isinstance(each, Line)]
    others = [each for each in column if not isinstance(each, Line)]
    right = max((line.box.x1 for line in lines), default=0.0)
    whole: list[Line] = []
    for line in sorted(lines, key=lambda each: each.base):
        if whole and _beside(whole[-1].words[0], line.words[0]):
            words = tuple(_in_order([*whole[-1].words, *line.words]))
            whole[-1] = Line(words, line.page, right)
        else:
            whole.append(Line(line.words, line.page, right))
    return sorted([*others, *whole], key=lambda each: each.box.top)
