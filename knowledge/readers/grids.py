"""Tables out of a grid of cells: where each begins, what its header is, what only stands around.

People write titles and notes above a table, groups between its rows, and several tables on one
sheet; a merged cell speaks for every row beside it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median

from knowledge.parser.wording import is_question, label_purpose
from knowledge.readers.header_rows import (
    LONGEST_NAME,
    Span,
    grouped,
    is_header,
    is_known,
    names_a_list,
    names_by_content,
    tells_about,
)
from knowledge.reading import Written

FORESEEN = 6
"""Rows looked at to tell what the first of them is."""


@dataclass
class Grid:
    """The filled cells of one sheet by row and column, from 0; `place` names a cell to a person."""

    cells: dict[int, dict[int, str]]
    place: Callable[[int, int], str]
    merged: Sequence[Span] = ()
    headed: bool = False  # whether the first row is known to name the columns
    stood: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)

    wide: dict[int, list[Span]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for span in self.merged:
            if span.right > span.left:
                self.wide.setdefault(span.top, []).append(span)
        for span in self.merged:
            text = self.cells.get(span.top, {}).get(span.left)
            for row in range(span.top + 1, span.bottom + 1) if text else ():
                if self.cells.get(row):
                    self.put(row, span.left, text or "", (span.top, span.left))

    def put(self, row: int, column: int, text: str, stood: tuple[int, int]) -> None:
        """Let a cell say again what stands in another."""
        self.cells[row][column] = text
        self.stood[row, column] = self.stood.get(stood, stood)

    def told(self, row: int, column: int) -> str:
        """The place of what a cell says."""
        return self.place(*self.stood.get((row, column), (row, column)))

    def spans(self, row: int) -> list[Span]:
        """The cells of this row that are merged with ones beside them."""
        return self.wide.get(row, [])

    def own(self, row: int) -> dict[int, str]:
        """A row's cells but those filled down from above."""
        return {c: text for c, text in self.cells[row].items() if (row, c) not in self.stood}


def write(grid: Grid, written: Written, level: int) -> None:
    """Everything a grid holds; groups of its rows are headings of this level."""
    for columns in _side_by_side(grid):
        Stack(grid, columns, written, level).write()


def _side_by_side(grid: Grid) -> list[list[int]]:
    """The columns of each table; those of one beside another stand apart.

    One column left free within a table has as many rows on its right as on its left.
    """
    used = sorted({column for row in grid.cells.values() for column in row})
    parts: list[list[int]] = []
    for column in used:
        if parts and column - parts[-1][-1] == 1:
            parts[-1].append(column)
        else:
            parts.append([column])
    joined: list[list[int]] = []
    for part in parts:
        if joined and part[0] - joined[-1][-1] == 2 and _of_one(grid, joined[-1], part):
            joined[-1] = joined[-1] + part
        else:
            joined.append(part)
    return joined


def _of_one(grid: Grid, left: Sequence[int], right: Sequence[int]) -> bool:
    if min(len(left), len(right)) == 1:
        return True
    rows = [
        {n for n, row in grid.cells.items() if row.keys() & set(part)} for part in (left, right)
    ]
    return len(rows[0] & rows[1]) > 0.6 * max(map(len, rows))


class Stack:
    """The tables of some columns, one below the other, and what stands around them."""

    def __init__(self, grid: Grid, columns: Sequence[int], written: Written, level: int) -> None:
        self.grid, self.columns, self.written, self.level = grid, columns, written, level
        self.held = set(columns)
        self.rows = [n for n in sorted(grid.cells) if grid.cells[n].keys() & self.held]
        self.is_list = len(columns) == 1 and bool(
            names_by_content(list(map(self.cells, self.rows)), columns)
        )
        self.width = median(len(self.cells(row)) for row in self.rows)
        self.names: dict[int, str] = {}
        self.named = -1  # the row of the header, or -1
        self.used = False  # whether rows of this header were written
        self.body: list[int] = []
        self.group = -1  # the row of a group's title whose rows are still to come, or -1

    def cells(self, row: int) -> dict[int, str]:
        """A row's filled cells within these columns."""
        held = self.grid.cells[row]
        return {column: held[column] for column in sorted(held.keys() & self.held)}

    def write(self) -> None:
        """Every row, in order."""
        at = 0
        while at < len(self.rows):
            at += self.take(at)
        self.flush()

    def take(self, at: int) -> int:
        """Read what begins with this row; how many rows that was."""
        row, cells = self.rows[at], self.cells(self.rows[at])
        apart = at == 0 or row - self.rows[at - 1] > 1
        if self.names and [*self.names.values()] == [*cells.values()]:
            return 1
        if self.begins(at, apart):
            self.flush()
            return self.header(at)
        if self.names:
            self.go_on(row, cells, apart)
            return 1
        if self.is_list or not self.is_about(at, cells):
            return self.unnamed(self.band(at, len(self.rows)))
        self.say(row, cells)
        return 1

    def is_about(self, at: int, cells: dict[int, str]) -> bool:
        """Whether a row stands around a table: alone, or with what tells about the document."""
        if len(cells) == 1:
            return True
        return tells_about([self.cells(row) for row in self.band(at, FORESEEN)])

    def band(self, at: int, most: int) -> list[int]:
        """The rows from here to the next empty one, or to a header; at most so many."""
        found = [self.rows[at]]
        for n in range(at + 1, min(at + most, len(self.rows))):
            apart = self.rows[n] - found[-1] > 1 and len(self.columns) > 1
            if apart or self.begins(n, False):
                break
            found.append(self.rows[n])
        return found

    def begins(self, at: int, apart: bool) -> bool:
        """Whether this row is the header of a table."""
        below = [self.cells(row) for row in self.rows[at + 1 : at + FORESEEN]]
        cells = self.cells(self.rows[at])
        if self.names and not (apart and any(map(is_known, cells.values()))):
            return False
        if self.grid.headed:
            return at == 0
        if len(self.columns) == 1:
            return names_a_list(cells, below)
        band = [cells]
        for n in range(at + 1, min(at + FORESEEN, len(self.rows))):
            if self.rows[n] - self.rows[n - 1] > 1:
                break
            band.append(self.cells(self.rows[n]))
        return not tells_about(band) and is_header(cells, below)

    def header(self, at: int) -> int:
        """Take the names of the columns, of two rows where one groups those of the other."""
        row = self.rows[at]
        self.named, self.names = row, self.cells(row)
        groups = self.grid.spans(row)
        below = self.cells(self.rows[at + 1]) if at + 1 < len(self.rows) else {}
        if (
            not groups
            or not below
            or not is_header(below, [{}])
            or any(map(is_question, below.values()))
        ):
            return 1
        self.names = grouped(self.names, below, groups)
        self.grid.stood.update(
            {(row, c): (self.rows[at + 1], c) for c in self.grid.own(self.rows[at + 1])}
        )
        return 2

    def go_on(self, row: int, cells: dict[int, str], apart: bool) -> None:
        """A row below a header: of its table, the title of a group, or a note after it."""
        own = {c: text for c, text in self.grid.own(row).items() if c in cells}
        only = next(iter(own.values())) if len(own) == 1 else ""
        if only and self.is_group(row, own):
            self.flush(keep=True)
            self.group = row
        elif not cells.keys() & self.names.keys() or (only and apart and self.is_aside(own)):
            self.flush(keep=True)
            self.say(row, cells)
        else:
            self.open_group()
            self.body.append(row)

    def open_group(self) -> None:
        """The title of a group, now that there is a row below it."""
        if self.group >= 0:
            column, text = next(iter(self.grid.own(self.group).items()))
            self.written.heading(text, self.level, self.grid.told(self.group, column))
            self.group = -1

    def is_group(self, row: int, own: dict[int, str]) -> bool:
        column, text = next(iter(own.items()))
        if len(text.split()) > LONGEST_NAME or is_question(text) or text.endswith((".", "?")):
            return False
        if self.grid.spans(row):
            return True
        return column == self.columns[0] and len(self.names) > 1 and self.width > 1.5

    def is_aside(self, own: dict[int, str]) -> bool:
        """Whether a lone text after an empty row is no row: not in the column that asks."""
        column, text = next(iter(own.items()))
        return not is_question(text) and column == self.columns[0] and len(self.names) > 1

    def unnamed(self, band: list[int]) -> int:
        """A table without a header: the columns get names by what they hold."""
        rows = [self.cells(row) for row in band]
        self.names, self.named, self.body = names_by_content(rows, self.columns), -1, [*band]
        self.flush(keep=True)
        return len(band)

    def say(self, row: int, cells: dict[int, str]) -> None:
        """What stands around a table: a title, a note, or a name and its value."""
        texts = list(cells.values())
        if len(texts) == 2 and not texts[0].endswith((".", "?")):
            texts = [f"{texts[0].rstrip(':')}: {texts[1]}"]
        self.written.paragraph(" – ".join(texts), self.grid.told(row, next(iter(cells))))

    def flush(self, keep: bool = False) -> None:
        """Write the table at hand; its header holds on for the next group of rows if kept."""
        if self.body:
            self.write_table()
            self.used = True
        elif self.names and not keep and not self.used:
            self.say(self.named, self.names)
        if self.group >= 0:
            self.say(self.group, self.cells(self.group))
        self.body, self.group = [], -1
        if not keep:
            self.names, self.named, self.used = {}, -1, False

    def write_table(self) -> None:
        columns = [c for c in self.columns if c in self.names or self.has(c)]
        self.fill_groups()
        rows = [[self.names.get(c, "") for c in columns]]
        told = [[self.grid.told(self.named, c) if self.named >= 0 else "" for c in columns]]
        for row in self.body:
            cells = self.cells(row)
            rows.append([cells.get(c, "") for c in columns])
            told.append([self.grid.told(row, c) for c in columns])
        self.written.table(rows, told)

    def has(self, column: int) -> bool:
        return any(column in self.cells(row) for row in self.body)

    def fill_groups(self) -> None:
        """A theme written beside the first of its rows is that of the rows below it too."""
        for column, name in self.names.items():
            themes = [self.cells(row).get(column) for row in self.body]
            if label_purpose(name) != "about_topic" or not themes[0] or all(themes):
                continue
            above = self.body[0]
            for row in self.body:
                if column in self.cells(row):
                    above = row
                else:
                    self.grid.put(row, column, self.grid.cells[above][column], (above, column))
