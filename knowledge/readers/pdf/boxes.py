"""Boxes beside the text and bars before it: what stands in them is a quote."""

from collections.abc import Sequence
from itertools import pairwise

from knowledge.readers.pdf.body import Body
from knowledge.readers.pdf.drawing import Box
from knowledge.readers.pdf.lines import Line, Placed
from knowledge.readers.pdf.page import Sheet

NARROWEST, LOWEST, TALLEST = 80.0, 12.0, 0.4
BAR = 8.0
MOST_BOXED = 1 / 3


def boxes_of(sheet: Sheet, columns: Sequence[Sequence[Placed]], body: Body) -> dict[int, int]:
    """The lines of a page that stand in a box of their own, by their ids.

    A box with headings, lists or many paragraphs in it, or a page of boxes, is only its design.
    """
    lines = [line for column in columns for line in column if isinstance(line, Line)]
    told: dict[int, int] = {}
    for number, box in enumerate(_boxes(sheet, lines), 1000 * sheet.number):
        inside = [line for line in lines if _stands_in(line, box)]
        design = any(_is_design(line, body) for line in inside) or _paragraphs(inside, body) > 2
        if inside and not design:
            told |= {id(line): number for line in inside if id(line) not in told}
    return told if len(told) <= MOST_BOXED * len(lines) else {}


def _boxes(sheet: Sheet, lines: list[Line]) -> list[Box]:
    right = max((line.box.x1 for line in lines), default=0.0)
    boxes = [
        box
        for box in sheet.boxes
        if box.width > NARROWEST and LOWEST < box.height < TALLEST * sheet.height
    ]
    bars = [
        Box(box.x0, box.top - 2, right, box.bottom + 2)
        for box in (*sheet.rules, *sheet.boxes)
        if box.width <= BAR and LOWEST < box.height < TALLEST * sheet.height
    ]
    return sorted([*boxes, *bars], key=lambda box: box.width * box.height)


def _stands_in(line: Line, box: Box) -> bool:
    middle = (line.box.top + line.box.bottom) / 2
    return box.top <= middle <= box.bottom and box.x0 <= line.box.x0 and line.box.x1 <= box.x1 + 2


def _is_design(line: Line, body: Body) -> bool:
    return bool(body.level(line) or line.marker or (line.words[0].face.bold and not body.bold))


def _paragraphs(lines: list[Line], body: Body) -> int:
    steps = [(line.base - before.base) / line.size for before, line in pairwise(lines)]
    return 1 + sum(step > 1.17 * body.leading for step in steps)
