"""Cells of tables: their lines, each a statement of its own, as blocks."""

import re

from knowledge.blocks import Block, Cell
from knowledge.parser.wording import plain

BULLET = re.compile(r"^\s*(?:[-*+•◦‣▪●○·–—]|\(?\d{1,2}[.)]|\(?[a-z]\))\s+(?=\S)")

SIGNED = re.compile(r"^\s*([-+–−])\s*(?=\S)(.+)$")


def lines_of(cell: Cell) -> list[Cell]:
    """Each line of a cell, without its bullet or number."""
    texts = (plain(BULLET.sub("", line)) for line in cell.text.split("\n"))
    return [Cell(text, cell.line, cell.cell) for text in texts if text]


def by_sign(cell: Cell) -> tuple[list[Cell], list[Cell]] | None:
    """What speaks for and what against, where the lines of a cell begin with plus and minus."""
    signed = [
        (found[1], found[2]) for line in cell.text.split("\n") if (found := SIGNED.match(line))
    ]
    if not {"+"} < {sign for sign, _ in signed} or len(signed) < len(cell.text.split("\n")):
        return None
    good = [Cell(plain(text), cell.line, cell.cell) for sign, text in signed if sign == "+"]
    bad = [Cell(plain(text), cell.line, cell.cell) for sign, text in signed if sign != "+"]
    return good, bad


def statements_of(cell: Cell) -> list[Cell]:
    """Each thing that a cell lists: its lines, or what semicolons part."""
    lines = lines_of(cell)
    if len(lines) > 1:
        return lines
    parts = [part.strip() for part in (lines[0].text if lines else "").split(";")]
    return [Cell(part, cell.line, cell.cell) for part in parts if part]


def as_block(cell: Cell, kind: str = "paragraph") -> Block:
    """A cell as a block of the text."""
    return Block(
        "item" if kind == "item" else "paragraph",
        cell.text,
        cell.line,
        cell.line,
        part=True,
        cell=cell.cell,
    )
