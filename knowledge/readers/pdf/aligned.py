"""Tables without lines between their cells: what stays in line over several rows."""

from collections.abc import Iterator
from itertools import pairwise
from statistics import median

from knowledge.readers.pdf.drawing import Box
from knowledge.readers.pdf.lines import Line, around
from knowledge.readers.pdf.page import Sheet
from knowledge.readers.pdf.spelling import Spelling
from knowledge.readers.pdf.tables import Table, cell_text, long_rules

FEWEST_ROWS = 3


def unruled(
    rows: list[list[Line]], sheet: Sheet, spelling: Spelling
) -> tuple[list[Table], list[Line]]:
    """Tables without lines between their cells, and the lines that stand in none."""
    tables: list[Table] = []
    rest: list[Line] = []
    across, _ = long_rules(sheet.rules)
    at = 0
    while at < len(rows):
        run, columns = _in_line(rows, at)
        table = _aligned(run, columns, across, spelling)
        if table:
            tables.append(table)
            at += len(run)
        else:
            rest += rows[at]
            at += 1
    return tables, rest


def _in_line(rows: list[list[Line]], at: int) -> tuple[list[list[Line]], list[list[float]]]:
    """The rows from here on that keep the columns of the first, and these."""
    columns = [[part.box.x0, part.box.x1] for part in rows[at]]
    if len(columns) < 2:
        return [], []
    run = [rows[at]]
    for before, row in pairwise(rows[at:]):
        if _top(row) - _top(before) > 4 * row[0].size or not _fits(row, columns):
            break
        run.append(row)
    while run and len(run[-1]) < 2 and _top(run[-1]) - _top(run[-2]) > 1.7 * run[-1][0].size:
        run.pop()
    return run, columns


def _top(row: list[Line]) -> float:
    return median(part.base for part in row)


def _fits(row: list[Line], columns: list[list[float]]) -> bool:
    """Whether each part of a row stands in one column; these are widened by it."""
    row[:] = [piece for part in row for piece in _split(part, columns)]
    found = []
    for part in row:
        over = [c for c in columns if part.box.x0 < c[1] + 3 and part.box.x1 > c[0] - 3]
        if len(over) != 1 or over[0] in found:
            return False
        found.append(over[0])
    if len(row) == 1 and found[0] is columns[0] and row[0].box.x0 < columns[0][0] - 3:
        return False
    for part, column in zip(row, found, strict=True):
        column[:] = [min(column[0], part.box.x0), max(column[1], part.box.x1)]
    return True


def _split(part: Line, columns: list[list[float]]) -> list[Line]:
    """A part that reaches over two columns, where one of its spaces stands between them."""
    for before, column in pairwise(columns):
        for at, (word, after) in enumerate(pairwise(part.words), 1):
            parted = before[0] < word.box.x1 < column[0] - 2 <= after.box.x0
            if parted and after.box.x0 < column[0] + 3 and not (at == 1 and part.marker):
                first = Line(part.words[:at], part.page)
                return [first, *_split(Line(part.words[at:], part.page), columns)]
    return [part]


def _aligned(
    run: list[list[Line]], columns: list[list[float]], across: list[Box], spelling: Spelling
) -> Table | None:
    if sum(len(row) > 1 for row in run) < FEWEST_ROWS or _is_prose(run, columns):
        return None
    if _is_listed(run, columns) or _is_contents(run) or _runs_past(run, columns):
        return None
    groups = list(_logical(run, columns, across))
    full = sum(
        len({_column(part, columns) for row in group for part in row}) > 1 for group in groups
    )
    if full < FEWEST_ROWS or full < 0.6 * len(groups):
        return None
    rows = [
        [
            cell_text(
                [p for row in group for p in row if _column(p, columns) == n], column[1], spelling
            )
            for n, column in enumerate(columns)
        ]
        for group in groups
    ]
    box = around([part for row in run for part in row])
    edges = [column[0] for column in columns]
    return Table(box, rows, [run[0][0].page] * len(rows), edges, ruled=False)


def _column(part: Line, columns: list[list[float]]) -> int:
    return next(
        n for n, c in enumerate(columns) if part.box.x0 < c[1] + 3 and part.box.x1 > c[0] - 3
    )


def _is_prose(run: list[list[Line]], columns: list[list[float]]) -> bool:
    """Whether these are columns of running text rather than cells."""
    if len(columns) > 3 or any(c[1] - c[0] < 100 for c in columns):
        return False
    steps = [_top(row) - _top(before) for before, row in pairwise(run)]
    even = max(steps) < 1.3 * min(steps)
    parts = [part for row in run for part in row]
    wide = sum(
        p.box.width > 0.75 * (c[1] - c[0]) for p in parts for c in [columns[_column(p, columns)]]
    )
    breaks = sum(step > 1.3 * min(steps) for step in steps)
    return wide > 0.6 * len(parts) and (even or breaks < 2)


def _is_listed(run: list[list[Line]], columns: list[list[float]]) -> bool:
    """Whether lists stand side by side."""
    parts = [part for row in run for part in row if _column(part, columns) > 0]
    return sum(bool(part.marker) for part in parts) > 0.3 * len(parts)


def _runs_past(run: list[list[Line]], columns: list[list[float]]) -> bool:
    """Whether columns as wide as each other have lines, and titles, that heed no row."""
    widths = [column[1] - column[0] for column in columns]
    if min(widths) < 100 or min(widths) < 0.8 * max(widths):
        return False
    between = sum(
        _top(row) - _top(before) < 0.9 * row[0].size
        and _column(row[0], columns) != _column(before[0], columns)
        for before, row in pairwise(run)
    )
    sizes = [part.size for row in run for part in row]
    titles = sum(size > 1.12 * median(sizes) for size in sizes[1:])
    return between > 2 and (between > 0.2 * len(run) or titles > 1)


def _is_contents(run: list[list[Line]]) -> bool:
    """Whether every row ends with a page's number."""
    ends = [row[-1].plain for row in run]
    numbers = [int(end) for end in ends if end.isdecimal() and len(end) < 5]
    return len(numbers) == len(ends) and numbers == sorted(numbers)


def _logical(
    run: list[list[Line]], columns: list[list[float]], across: list[Box]
) -> Iterator[list[list[Line]]]:
    """Lines that are one row, by what is drawn or left free between, or by their first cell."""
    steps = [_top(row) - _top(before) for before, row in pairwise(run)]
    least = min(steps)
    wrapped = least < 1.6 * run[0][0].size and max(steps) > 1.2 * least
    group = [run[0]]
    for step, row, before in zip(steps, run[1:], run, strict=False):
        top, bottom = _top(before), _top(row)
        between = any(top < rule.top < bottom and _reaches(rule, row) for rule in across)
        first = _column(row[0], columns) == 0
        if between or (step > 1.2 * least if wrapped else first):
            yield group
            group = [row]
        else:
            group.append(row)
    yield group


def _reaches(rule: Box, row: list[Line]) -> bool:
    return rule.x0 <= row[0].box.x0 + 4 and rule.x1 >= row[-1].box.x0
