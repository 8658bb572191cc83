"""Tables whose rows alone are parted by lines."""

from collections.abc import Iterator
from itertools import pairwise

from knowledge.readers.pdf.drawing import Box
from knowledge.readers.pdf.lines import Line, around, rows_of
from knowledge.readers.pdf.page import Sheet, Word
from knowledge.readers.pdf.spelling import Spelling
from knowledge.readers.pdf.tables import Table, long_rules, texts_of

FEWEST_BANDS = 3
TALLEST = 0.4
NEAR_RULE = 2.4
"""How far above the first line its header may stand, in sizes of the type."""


def banded(sheet: Sheet, words: list[Word], spelling: Spelling) -> tuple[list[Table], list[Word]]:
    """Tables with a line under each row, and the words that stand in none."""
    tables: list[Table] = []
    for rules in _stacks(sheet):
        bands = [band for band in _bands(rules, words) if band]
        table = _table(bands, sheet.number, spelling) if len(bands) >= FEWEST_BANDS else None
        if table:
            tables.append(table)
            gone = {id(word) for band in bands for word in band}
            words = [word for word in words if id(word) not in gone]
    return tables, words


def _stacks(sheet: Sheet) -> Iterator[list[Box]]:
    """Lines across that begin and end alike, from the top."""
    across, _ = long_rules(sheet.rules)
    left = sorted(across, key=lambda rule: rule.top)
    while left:
        first = left[0]
        stack = [first]
        for rule in left[1:]:
            alike = abs(rule.x0 - first.x0) < 6 and abs(rule.x1 - first.x1) < 6
            if alike and 4 < rule.top - stack[-1].top < TALLEST * sheet.height:
                stack.append(rule)
        taken = {id(rule) for rule in stack}
        left = [rule for rule in left if id(rule) not in taken]
        if len(stack) >= FEWEST_BANDS:
            yield stack


def _bands(rules: list[Box], words: list[Word]) -> Iterator[list[Word]]:
    """The words of each row: over the first line, where a header stands, and between lines."""
    within = [w for w in words if rules[0].x0 - 3 <= w.box.x0 and w.box.x1 <= rules[0].x1 + 3]
    above = [w for w in within if 0 < rules[0].top - w.base < NEAR_RULE * w.face.size]
    if above and len(rows_of(above, 0)[-1]) > 1:
        yield above
    for upper, lower in pairwise(rules):
        yield [w for w in within if upper.top < (w.box.top + w.box.bottom) / 2 < lower.top]


def _table(bands: list[list[Word]], page: int, spelling: Spelling) -> Table | None:
    box = around([word for band in bands for word in band])
    parts = [[part for row in rows_of(band, page) for part in row] for band in bands]
    columns = _columns([part for band in parts for part in band], 0.6 * box.width)
    if len(columns) < 2 or any(len({part.marker for part in band}) > 3 for band in parts):
        return None
    cells: dict[tuple[int, int], list[Word]] = {}
    for number, band in enumerate(bands):
        for word in band:
            cells.setdefault((number, _column(word, columns)), []).append(word)
    texts = texts_of(cells, page, spelling)
    rows = [[texts.get((row, n), "") for n in range(len(columns))] for row in range(len(bands))]
    if sum(sum(map(bool, row)) > 1 for row in rows) < max(FEWEST_BANDS, 0.6 * len(rows)):
        return None
    return Table(box, rows, [page] * len(rows), [column[0] for column in columns])


def _columns(parts: list[Line], widest: float) -> list[list[float]]:
    """Where the parts of all rows stand, one below the other."""
    columns: list[list[float]] = []
    for part in sorted(parts, key=lambda each: each.box.x0):
        if part.box.width > widest and len(parts) > 1:
            continue
        if columns and part.box.x0 < columns[-1][1] + 1:
            columns[-1][1] = max(columns[-1][1], part.box.x1)
        else:
            columns.append([part.box.x0, part.box.x1])
    return columns


def _column(word: Word, columns: list[list[float]]) -> int:
    middle = (word.box.x0 + word.box.x1) / 2
    return max((n for n, column in enumerate(columns) if column[0] <= middle), default=0)
