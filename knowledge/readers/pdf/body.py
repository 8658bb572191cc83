"""What a whole PDF has in common: how its body is set, its headings, what every page repeats."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeVar

from knowledge.readers.pdf.lines import Line, Placed

EDGE = 0.13
"""How much of a page, from its top and its foot, may hold what every page repeats."""
MOST_EDGE_LINES = 4
PAGE_NUMBER = re.compile(
    r"^\W*+(?:page|seite|p\.|página|pagina)?\s*+\d{1,4}(?:\s*+(?:of|/|von|de|sur|di)\s*\d{1,4})?\W*$",
    re.I,
)
DEEP_NUMBER = re.compile(r"^\d{1,2}((?:\.\d{1,2})+)\.?\s+\w")
T = TypeVar("T")
LONGEST_HEADING = 200


@dataclass
class Body:
    """How running text is set, and what is told apart from it.

    `levels` are sizes of headings, the largest first; `outline` the bookmarks' titles by page.
    """

    size: float = 10.0
    bold: bool = False
    mono: bool = False
    levels: list[float] = field(default_factory=list)
    leading: float = 1.2
    outline: dict[tuple[int, str], int] = field(default_factory=dict)

    def level(self, line: Line) -> int:
        """A heading's level, from 1, or 0 for a line that is none."""
        if (line.mono and not self.mono) or not re.search(r"\w", line.plain):
            return 0
        if self.is_large(line):
            return 1 + next(n for n, size in enumerate(self.levels) if line.size >= size - 0.1)
        if (depth := self.outline.get((line.page, same(line.plain)))) is not None:
            return len(self.levels) + 1 + depth
        if line.bold and not self.bold and (number := DEEP_NUMBER.match(line.plain)):
            return len(self.levels) + number[1].count(".")
        return 0

    def is_large(self, line: Line) -> bool:
        """Whether the type alone makes it a heading."""
        stands_out = line.bold and not self.bold
        return line.size >= self.size * (1.04 if stands_out else 1.12) and line.size > self.size


def body_of(lines: Sequence[Line], outline: dict[tuple[int, str], int]) -> Body:
    """What most of these lines have in common."""
    sizes, bold, mono = Counter[float](), Counter[bool](), Counter[bool]()
    body = Body(outline=outline)
    for line in lines:
        for word in line.words:
            sizes[word.face.size] += len(word.text)
            bold[word.face.bold] += len(word.text)
            mono[word.face.mono] += len(word.text)
    body.size = _most(sizes, 10.0)
    body.bold, body.mono = _most(bold, False), _most(mono, False)
    large = sorted({line.size for line in lines if body.is_large(line)}, reverse=True)
    for size in large:
        if not body.levels or size < body.levels[-1] * 0.96:
            body.levels.append(size)
        else:
            body.levels[-1] = size
    body.leading = _leading(lines, body.size)
    return body


def _most(counts: Counter[T], otherwise: T) -> T:
    return counts.most_common(1)[0][0] if counts else otherwise


def _leading(lines: Sequence[Line], size: float) -> float:
    """From one line to the next within a paragraph, in sizes of the type."""
    steps = [
        (line.base - before.base) / size
        for before, line in pairwise(lines)
        if line.page == before.page and line.size == before.size == size
    ]
    steps = sorted(step for step in steps if 0.9 < step < 2.6)
    return steps[len(steps) // 5] if steps else 1.2


def same(text: str) -> str:
    """A title as it is compared: letters and digits."""
    return re.sub(r"\W+", "", text).casefold()


# What every page repeats


def without_running(pages: list[list[Placed]], heights: list[float]) -> bool:
    """Take from each page what its top and foot have in common with others; tell if there is any.

    `pages` hold what stands on each from the top down, and lose it.
    """
    found: dict[tuple[bool, str, int], list[int]] = defaultdict(list)
    for number, (page, height) in enumerate(zip(pages, heights, strict=True)):
        for line, foot in _edges(page, height):
            found[_key(line, foot)].append(number)
    running = {key for key, told in found.items() if _runs(told, len(pages))}
    taken = False
    for page, height in zip(pages, heights, strict=True):
        for foot in (False, True):
            for line, at_foot in _edges(page, height):
                if at_foot != foot:
                    continue
                if _key(line, foot) not in running and not PAGE_NUMBER.match(line.plain):
                    break
                page.remove(line)
                taken = True
    return taken


def _edges(page: list[Placed], height: float) -> list[tuple[Line, bool]]:
    """The lines at the top of a page, then those at its foot, from the outside in."""
    top = [(each, False) for each in page[:MOST_EDGE_LINES] if each.box.bottom < EDGE * height]
    foot = [
        (each, True) for each in page[::-1][:MOST_EDGE_LINES] if each.box.top > (1 - EDGE) * height
    ]
    return [(each, at_foot) for each, at_foot in (*top, *foot) if isinstance(each, Line)]


def _key(line: Line, foot: bool) -> tuple[bool, str, int]:
    text = line.plain if line.bold else re.sub(r"\d+", "#", line.plain)
    return foot, text, round(line.base / 8)


def _runs(pages: list[int], among: int) -> bool:
    """Whether a line stands on so many pages that it is of none."""
    if len(pages) >= max(2, 0.3 * among) and (len(pages) > 2 or among <= 4):
        return True
    near = sum(after - before <= 2 for before, after in pairwise(pages))
    return near >= 2 and near >= 0.6 * (pages[-1] - pages[0]) / 2
