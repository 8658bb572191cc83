"""The tables of a Word file: their rows as they are seen, and what only looks like one."""

from collections.abc import Iterator
from typing import NamedTuple

from knowledge.readers.office import WORD, Element, number, unwrapped
from knowledge.readers.word.runs import THROUGH, is_hidden
from knowledge.readers.word.styles import Styles, is_dark, value

MOST_COLUMNS = 200
SEVERAL = 3


class Cell(NamedTuple):
    """A cell as it stands in its row: `spans` columns, `above` if it goes on from the row above."""

    element: Element
    spans: int
    above: bool


def rows_of(table: Element) -> list[list[Cell | None]]:
    """The cells of each row; None for what a row leaves out at its beginning."""
    return [_cells(row) for row in unwrapped(table, THROUGH, is_hidden) if _is_shown(row)]


def paragraphs(parent: Element) -> list[Element]:
    """The paragraphs and tables of a cell or a box."""
    return [
        each
        for each in unwrapped(parent, THROUGH, is_hidden)
        if each.tag in (f"{WORD}p", f"{WORD}tbl")
    ]


def is_layout(rows: list[list[Cell | None]], styles: Styles) -> bool:
    """Whether a table is none but only lays text out: as a box, or in columns."""
    cells = [cell.element for row in rows for cell in row if cell]
    if all(len(row) == 1 for row in rows) or any(_is_section(cell, styles) for cell in cells):
        return True
    return len(rows) == 1 and any(len(paragraphs(cell)) >= SEVERAL for cell in cells)


def is_coloured(cell: Element, table: Element, styles: Styles) -> bool:
    """Whether a cell, or its table's style, may put a dark colour behind the text."""
    style = value(table.find(f"{WORD}tblPr/{WORD}tblStyle")) or ""
    return is_dark(cell.find(f"{WORD}tcPr/{WORD}shd")) or styles.is_shaded(style)


def _is_shown(row: Element) -> bool:
    about = row.find(f"{WORD}trPr")
    if row.tag != f"{WORD}tr":
        return False
    return about is None or all(about.find(f"{WORD}{no}") is None for no in ("del", "hidden"))


def _cells(row: Element) -> list[Cell | None]:
    before = number(value(row.find(f"{WORD}trPr/{WORD}gridBefore")))
    return [*[None] * min(max(before, 0), MOST_COLUMNS), *_told(row)]


def _told(row: Element) -> Iterator[Cell]:
    for each in unwrapped(row, THROUGH, is_hidden):
        if each.tag != f"{WORD}tc":
            continue
        merged = each.find(f"{WORD}tcPr/{WORD}vMerge")
        spans = number(value(each.find(f"{WORD}tcPr/{WORD}gridSpan")), 1)
        above = merged is not None and value(merged) != "restart"
        yield Cell(each, min(max(spans, 1), MOST_COLUMNS), above)


def _is_section(cell: Element, styles: Styles) -> bool:
    """Whether a cell holds a heading and what belongs to it."""
    inside = paragraphs(cell)
    headed = [p.tag == f"{WORD}p" and styles.heading(p) is not None for p in inside]
    return any(headed) and not all(headed)
