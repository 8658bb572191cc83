"""Tables of a page: those of data as rows of cells, and those that only lay out the page."""

from collections.abc import Callable, Iterator

from knowledge.readers import grids
from knowledge.readers.grids import Grid
from knowledge.readers.header_rows import Span
from knowledge.readers.html.furniture import Element, Page, line_of, text_of
from knowledge.reading import Written

WIDEST = 1_000  # columns
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


class Layout:
    """The rows of one table, without those of the tables in it."""

    def __init__(self, table: Element, page: Page) -> None:
        self.table = table
        self.rows = [
            [cell for cell in row if cell.tag in ("td", "th") and not page.leaves_out(cell)]
            for row in rows_of(table)
            if not page.leaves_out(row)
        ]
        self.rows = [row for row in self.rows if row]

    @property
    def is_only_layout(self) -> bool:
        """Whether its cells are boxes of the page rather than values."""
        if self.table.get("role") in ("presentation", "none"):
            return True
        if max((sum(map(_speaks, row)) for row in self.rows), default=0) < 2:
            return True
        cells = [cell for row in self.rows for cell in row]
        if any(cell.tag == "th" for cell in cells):
            return False
        boxed = any(next(cell.iter("table", *HEADINGS), None) is not None for cell in cells)
        return len(self.rows) == 1 or (boxed and len(self.rows) < 4)

    @property
    def is_record(self) -> bool:
        """Whether each row is a name and its value."""
        return all(len(row) == 2 and row[0].tag == "th" and row[1].tag == "td" for row in self.rows)

    @property
    def is_headed(self) -> bool:
        """Whether the first row is marked as one of names."""
        first = self.rows[0]
        above = first[0].getparent()
        in_head = above is not None and getattr(above.getparent(), "tag", "") == "thead"
        return in_head or all(cell.tag == "th" for cell in first)


def _speaks(cell: Element) -> bool:
    """Whether a cell holds anything but buttons to press."""
    pressed = sum(len(text_of(each)) for each in cell.iter("button"))
    return not pressed or len(text_of(cell).strip()) > pressed


def rows_of(table: Element) -> Iterator[Element]:
    """A table's own rows."""
    for part in table:
        if part.tag == "tr":
            yield part
        elif part.tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in part if row.tag == "tr")


def write_rows(
    layout: Layout, written: Written, level: int, text_of: Callable[[Element], str]
) -> None:
    """Write a table of data; groups of its rows get headings of this level."""
    caption = next(iter(layout.table.iterchildren("caption")), None)
    if caption is not None:
        written.paragraph(text_of(caption), place(caption))
    if layout.is_record:
        for name, value in layout.rows:
            _write_record(written, text_of(name), text_of(value), place(value))
    else:
        grids.write(_grid(layout, text_of), written, level)


def _write_record(written: Written, name: str, value: str, at: str) -> None:
    """A name and its value: beside it, or as a list below it."""
    lines = value.split("\n")
    if len(lines) == 1:
        written.paragraph(f"**{name.rstrip(':')}:** {value}", at)
        return
    written.paragraph(f"**{name.rstrip(':')}:**", at)
    for line in lines:
        written.item(line, place=at)


def _grid(layout: Layout, text_of: Callable[[Element], str]) -> Grid:
    cells: dict[int, dict[int, str]] = {}
    places: dict[tuple[int, int], str] = {}
    merged: list[Span] = []
    taken: dict[int, int] = {}  # columns, and the last row to which a cell above takes each
    for row, held in enumerate(layout.rows):
        column = 0
        for cell in held:
            while taken.get(column, -1) >= row:
                column += 1
            if column > WIDEST:
                break
            wide = _span(cell, "colspan", WIDEST // 10)
            high = min(_span(cell, "rowspan", len(layout.rows)), len(layout.rows) - row)
            if wide * high > 1:
                merged.append(Span(row, column, row + high - 1, column + wide - 1))
                taken.update(dict.fromkeys(range(column, column + wide), row + high - 1))
            if text := text_of(cell):
                cells.setdefault(row, {})[column] = text
            places[row, column] = place(cell)
            column += wide
    return Grid(cells, lambda r, c: places.get((r, c), ""), merged, layout.is_headed)


def _span(cell: Element, name: str, most: int) -> int:
    text = cell.get(name, "1").strip()
    return max(1, min(int(text), most)) if text.isascii() and text.isdigit() else 1


def place(element: Element) -> str:
    """Where an element stands in its file."""
    return f"line {line_of(element)}"
