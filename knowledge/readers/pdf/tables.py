"""Tables of a page that are drawn as such: by the lines between their cells."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from knowledge.readers.pdf.drawing import THIN, Box, holding
from knowledge.readers.pdf.lines import Line, Placed, joined, rows_of
from knowledge.readers.pdf.page import Sheet, Word
from knowledge.readers.pdf.spelling import Spelling, told

NEAR = 3.0
"""Points within which lines meet."""
MOST_RULES = 600
"""More lines than this are a drawing."""


@dataclass
class Table:
    """Rows of cells, `pages` has one for each row; `edges` are where its columns begin and end."""

    box: Box
    rows: list[list[str]]
    pages: list[int]
    edges: list[float]
    ruled: bool = True


@dataclass
class Grid:
    """Lines that meet: where they stand, and which of them are there at all."""

    across: list[Box] = field(default_factory=list)
    down: list[Box] = field(default_factory=list)

    @property
    def box(self) -> Box:
        return holding([*self.across, *self.down])


def ruled(sheet: Sheet, spelling: Spelling) -> tuple[list[Table], list[Word]]:
    """Tables that are drawn as such, and the words that stand in none."""
    tables, words = [], sheet.words
    for grid in _grids(sheet.rules):
        table, words = _read_grid(grid, words, sheet.number, spelling)
        tables += [table] if table else []
    return tables, words


# Lines that meet


def long_rules(rules: Sequence[Box]) -> tuple[list[Box], list[Box]]:
    """Lines across and down, put together from their pieces."""
    across = [box for box in rules if box.height <= THIN < box.width]
    down = [box for box in rules if box.width <= THIN < box.height]
    flipped = [Box(b.top, b.x0, b.bottom, b.x1) for b in down]
    return _merged(across), [Box(b.top, b.x0, b.bottom, b.x1) for b in _merged(flipped)]


def _merged(across: list[Box]) -> list[Box]:
    """Lines across, those that go on from each other as one."""
    done: list[Box] = []
    for box in sorted(across, key=lambda b: (round((b.top + b.bottom) / 4), b.x0)):
        last = done[-1] if done else None
        if last and abs(last.top - box.top) <= 2 and box.x0 <= last.x1 + NEAR:
            done[-1] = Box(last.x0, last.top, max(last.x1, box.x1), last.bottom)
        else:
            done.append(box)
    return done


def _grids(rules: Sequence[Box]) -> Iterator[Grid]:
    across, down = long_rules(rules)
    if len(across) + len(down) > MOST_RULES:
        return
    left = [(box, True) for box in across] + [(box, False) for box in down]
    while left:
        group, front = [left.pop()], 0
        while front < len(group):
            box = group[front][0]
            group += (touching := [each for each in left if _touch(box, each[0])])
            taken = {id(each) for each in touching}
            left = [each for each in left if id(each) not in taken]
            front += 1
        grid = Grid([b for b, flat in group if flat], [b for b, flat in group if not flat])
        if grid.across and grid.down:
            yield grid


def _touch(one: Box, other: Box) -> bool:
    return (
        one.x0 - NEAR <= other.x1
        and other.x0 - NEAR <= one.x1
        and one.top - NEAR <= other.bottom
        and other.top - NEAR <= one.bottom
    )


def _apart(places: list[float]) -> list[float]:
    done: list[float] = []
    for place in sorted(places):
        if not done or place - done[-1] > 2 * NEAR:
            done.append(place)
    return done


# Cells


def _read_grid(
    grid: Grid, words: list[Word], page: int, spelling: Spelling
) -> tuple[Table | None, list[Word]]:
    box = grid.box
    xs = _apart([*(b.x0 for b in grid.down), box.x0, box.x1])
    ys = _apart([*(b.top for b in grid.across), box.top, box.bottom])
    if len(xs) < 3 or len(ys) < 3:
        return None, words
    inside = [w for w in words if box.holds(*_middle(w))]
    cells: dict[tuple[int, int], list[Word]] = {}
    for word in inside:
        x, y = _middle(word)
        at = _owner(grid, xs, ys, _slot(ys, y), _slot(xs, x))
        cells.setdefault(at, []).append(word)
    rows = [
        [_owner(grid, xs, ys, row, column) for column in range(len(xs) - 1)]
        for row in range(len(ys) - 1)
    ]
    texts = texts_of(cells, page, spelling)
    read = [_row(owners, texts, row) for row, owners in enumerate(rows)]
    kept = [row for row in read if any(row)]
    if len(kept) < 2 or sum(any(row[n] for row in kept) for n in range(len(xs) - 1)) < 2:
        return None, words
    kept = _without_empty(kept)
    gone = {id(word) for word in inside}
    rest = [word for word in words if id(word) not in gone]
    return Table(box, kept, [page] * len(kept), xs), rest


def _middle(word: Word) -> tuple[float, float]:
    return (word.box.x0 + word.box.x1) / 2, (word.box.top + word.box.bottom) / 2


def _slot(places: list[float], at: float) -> int:
    return min(max(bisect_right(places, at) - 1, 0), len(places) - 2)


def _owner(grid: Grid, xs: list[float], ys: list[float], row: int, column: int) -> tuple[int, int]:
    """The upper left cell of those that are one with this."""
    y = (ys[row] + ys[row + 1]) / 2
    while column and not any(
        abs(b.x0 - xs[column]) <= 2 * NEAR and _spans(b, y) for b in grid.down
    ):
        column -= 1
    x = (xs[column] + xs[column + 1]) / 2
    while row and not any(abs(b.top - ys[row]) <= 2 * NEAR and _crosses(b, x) for b in grid.across):
        row -= 1
    return row, column


def _spans(rule: Box, y: float) -> bool:
    return rule.top - NEAR <= y <= rule.bottom + NEAR


def _crosses(rule: Box, x: float) -> bool:
    return rule.x0 - NEAR <= x <= rule.x1 + NEAR


def _row(owners: list[tuple[int, int]], texts: dict[tuple[int, int], str], row: int) -> list[str]:
    """A row's cells: one over several rows is told in each, one over several columns once."""
    return [texts.get(at, "") if at[1] == column else "" for column, at in enumerate(owners)]


def _without_empty(rows: list[list[str]]) -> list[list[str]]:
    filled = [n for n in range(len(rows[0])) if any(row[n] for row in rows)]
    return [[row[n] for n in filled] for row in rows]


def texts_of(
    cells: dict[tuple[int, int], list[Word]], page: int, spelling: Spelling
) -> dict[tuple[int, int], str]:
    """The text of each cell, by its row and column."""
    lines = {
        at: [
            Line(tuple(w for part in row for w in part.words), page) for row in rows_of(words, page)
        ]
        for at, words in cells.items()
    }
    ends: dict[int, float] = {}
    for (_, column), said in lines.items():
        ends[column] = max(ends.get(column, 0.0), *(line.box.x1 for line in said))
    return {at: cell_text(said, ends[at[1]], spelling) for at, said in lines.items()}


def cell_text(lines: list[Line], right: float, spelling: Spelling) -> str:
    """A cell's text: what wraps is one line, what begins a line of its own stays one."""
    whole = all(line.bold for line in lines)
    texts: list[str] = []
    for at, line in enumerate(lines):
        text = joined(line.words, marks=True, bold=whole)
        if at and wraps(lines[at - 1], line, right):
            texts[-1] = spelling.together(texts[-1], text)
        else:
            texts.append(text)
    return told("\n".join(texts))


def wraps(before: Line, line: Line, right: float) -> bool:
    """Whether a line of a cell goes on with the one before it."""
    if line.marker or line.base - before.base > 1.75 * max(line.size, before.size):
        return False
    first = line.words[0].box.width + 0.25 * line.size
    return before.box.x1 + first > right - 1 or line.plain[:1].islower()


# Over pages


def continued(before: Placed | Table | None, table: Table) -> bool:
    """Whether a table goes on with the one that ended the page before."""
    if not isinstance(before, Table) or before.ruled != table.ruled:
        return False
    return len(before.rows[0]) == len(table.rows[0]) and (
        before.rows[0] == table.rows[0]
        or all(abs(a - b) < 8 for a, b in zip(before.edges, table.edges, strict=False))
    )


def extend(before: Table, table: Table, spelling: Spelling) -> None:
    """Put a table to the one it goes on with; its header, said again, is left out."""
    rows, pages = table.rows, table.pages
    if rows[0] == before.rows[0]:
        rows, pages = rows[1:], pages[1:]
    if rows and _is_rest(before.rows[-1], rows[0]):
        cells = zip(before.rows[-1], rows[0], strict=True)
        before.rows[-1] = [spelling.together(one, rest) if rest else one for one, rest in cells]
        rows, pages = rows[1:], pages[1:]
    before.rows += rows
    before.pages += pages
    before.edges = table.edges


def _is_rest(row: list[str], rest: list[str]) -> bool:
    """Whether a row is the end of one that a page's end parted."""
    cells = [(one, other) for one, other in zip(row, rest, strict=True) if other]
    return not rest[0] and all(one and one[-1] not in ".!?" for one, _ in cells)
