"""Spreadsheets as they are received: workbooks, and lines of values between commas."""

import csv
import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time, timedelta
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from knowledge.errors import BadInput
from knowledge.parser.wording import is_question
from knowledge.readers import grids
from knowledge.readers.grids import Grid
from knowledge.readers.header_rows import Span, names_a_list
from knowledge.readers.text import decoded
from knowledge.reading import Received, Written

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

MOST_CELLS = 400_000
"""Filled cells of one file."""

WIDEST = 20_000_000
"""Cells, filled or not, between the first and the last of a sheet."""

BROKEN = (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, EOFError)
MOST_UNPACKED = 200 * 2**20
SMALLER = "Send the part that is about the interview."
SAVE_AGAIN = "Open it, save it again and send that."
LONGEST_TITLE = 12  # words
DELIMITERS = ",;\t|"
SEP = re.compile(r"^\"?sep=(.)\"?\s*$", re.I)
CELL = re.compile(rb"<(?:\w+:)?c\s(?:[^>]*?\s)?r=\"([A-Z]{1,3})(\d{1,7})\"[^>]*[^/]>")
OVERLAP = 200  # bytes of a cell's tag that may stand on both sides of a piece
DEFAULT_NAME = re.compile(r"^(sheet|tabelle|feuil|feuille|hoja|foglio|planilha|blad)\s?\d*$", re.I)


def read(data: bytes, name: str) -> Received:
    """Read a workbook or a file of separated values.

    Raises:
        BadInput: it is broken, empty, encrypted, too large, or holds only charts.
    """
    return _workbook(data, name) if data.startswith(b"PK") else _separated(data, name)


# Values between commas, semicolons, tabs or bars


def _separated(data: bytes, name: str) -> Received:
    repairs: list[str] = []
    written = Written(name, "csv")
    text = decoded(data, name, repairs)
    try:
        grid = Grid(_filled(_records(text, name), name), a1)
    except csv.Error as error:
        raise BadInput(f"{name} is broken: {error}.", SAVE_AGAIN) from error
    _write_sheet(grid, written)
    written.repairs += repairs
    return written.received()


def _records(text: str, name: str) -> Iterator[Sequence[str]]:
    """The rows, as a spreadsheet counts them; a `sep=;` line is no row of them but is counted."""
    csv.field_size_limit(max(len(text) + 1, csv.field_size_limit()))
    first, _, rest = text.partition("\n")
    said = SEP.match(first)
    delimiter = said[1] if said else delimiter_of(text)
    if said:
        yield ()
    body = rest if said else text
    if line := _never_closed(body, delimiter):
        raise BadInput(
            f"{name}, line {line + bool(said)}: a quotation mark opens here and is never closed.",
            "Close it, or save the sheet as XLSX and send that.",
        )
    yield from csv.reader(io.StringIO(body, newline=""), delimiter=delimiter)


def _never_closed(text: str, delimiter: str) -> int:
    """The line on which the record begins whose quotation mark is not closed, or 0."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for _ in rows:
            begins = rows.line_num + 1
    except csv.Error as error:
        return begins if "end of data" in str(error) else 0
    return 0


def delimiter_of(text: str) -> str:
    """What separates the values: that by which the most rows have as many values as each other."""

    def agree(delimiter: str) -> tuple[float, int]:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        widths = Counter(len(row) for row in islice(rows, 100) if row)
        if not widths:
            return (0.0, 0)
        width, rows_of_it = max(widths.items(), key=lambda each: (each[0] > 1, each[1]))
        return (rows_of_it / widths.total() if width > 1 else 0.0, width)

    return max(DELIMITERS, key=agree)


# Workbooks


def _workbook(data: bytes, name: str) -> Received:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    written = Written(name, "xlsx")
    try:
        _check_size(data, name)
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            _write_book(book, written, name)
    except PasswordError as error:
        raise BadInput(f"{name} is encrypted.", "Save it without a password.") from error
    except (*BROKEN, CalamineError) as error:
        raise BadInput(f"{name} is broken and cannot be read.", SAVE_AGAIN) from error
    return written.received()


def _write_book(book: "CalamineWorkbook", written: Written, name: str) -> None:
    """Every sheet that a person sees, each below its name."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    sheets = [each for each in book.sheets_metadata if each.typ == SheetTypeEnum.WorkSheet]
    shown = [each.name for each in sheets if each.visible == SheetVisibleEnum.Visible]
    hidden = [each.name for each in sheets if each.name not in shown]
    if not shown:
        held = "only hidden sheets" if sheets else "only charts"
        raise BadInput(f"{name} holds {held}.", "Send the sheets with the texts.")
    if hidden:
        written.notes.append(f"Left out hidden sheets: {', '.join(hidden)}.")
    left = MOST_CELLS
    for number, title in enumerate(shown):
        sheet = book.get_sheet_by_name(title)
        cells = _filled(map(partial(map, shown_value), sheet.iter_rows()), name, left)
        left -= sum(map(len, cells.values()))
        merged = [Span(*first, *last) for first, last in sheet.merged_cell_ranges or ()]
        _write_sheet(Grid(cells, partial(_place, title), merged), written, title, number == 0)


def _check_size(data: bytes, name: str) -> None:
    """Refuse what would exhaust memory: a sheet is laid out whole when it is opened."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(each.file_size for each in archive.infolist()) > MOST_UNPACKED:
            raise BadInput(f"{name} has more than 200 MB when it is unpacked.", SMALLER)
        for each in archive.namelist():
            if re.search(r"worksheets/[^/]+\.xml$", each) and _extent(archive, each) > WIDEST:
                raise BadInput(f"{name} has a sheet with cells too far apart.", SMALLER)


def _extent(archive: zipfile.ZipFile, sheet: str) -> int:
    """How many cells lie between the first and the last filled one."""
    rows, columns, rest = [0, 0], [0, 0], b""
    with archive.open(sheet) as file:
        while piece := file.read(1 << 20):
            for column, row in CELL.findall(rest + piece):
                number = _column(column.decode())
                rows = [min(rows[0] or int(row), int(row)), max(rows[1], int(row))]
                columns = [min(columns[0] or number, number), max(columns[1], number)]
            rest = piece[-OVERLAP:]
    return (rows[1] - rows[0] + 1) * (columns[1] - columns[0] + 1)


def shown_value(value: Any) -> str:
    """A cell's value as a person writes it."""
    match value:
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:.10g}" if abs(value) < 1e15 else str(value)
        case datetime():
            return value.isoformat(" ", "minutes").removesuffix(" 00:00")
        case time():
            return value.isoformat("minutes")
        case timedelta():
            return f"{value.total_seconds() / 60:.10g} min"
    return str(value)


# Both


def _filled(
    rows: Iterable[Iterable[str]], name: str, most: int = MOST_CELLS
) -> dict[int, dict[int, str]]:
    """The cells that hold something, by row and column from 0.

    Raises:
        BadInput: they are too many.
    """
    grid: dict[int, dict[int, str]] = {}
    for number, row in enumerate(rows):
        cells = {column: text.strip() for column, text in enumerate(row) if text.strip()}
        most -= len(cells)
        if most < 0:
            raise BadInput(f"{name} has more than {MOST_CELLS:,} filled cells.", SMALLER)
        if cells:
            grid[number] = cells
    return grid


def _write_sheet(grid: Grid, written: Written, title: str = "", first: bool = True) -> None:
    """A sheet below its name; the first line of the first one may be the title of it all."""
    if not grid.cells:
        return
    if first:
        _write_title(grid, written)
    if title and not DEFAULT_NAME.match(title):
        written.heading(title, 2, title)
    grids.write(grid, written, 3)


def _write_title(grid: Grid, written: Written) -> None:
    """A short text alone in the first row of a file is the document's title."""
    first, *below = sorted(grid.cells)
    column, text = next(iter(grid.cells[first].items()))
    alone = len(grid.cells[first]) == 1 and len(text.split()) <= LONGEST_TITLE
    if not alone or not below:
        return
    listed = all(len(grid.cells[row]) == 1 for row in below)
    if listed and names_a_list({0: text}, [grid.cells[row] for row in below[:5]]):
        return
    if not is_question(text) and not text.endswith("."):
        del grid.cells[first]
        written.heading(text, 1, grid.told(first, column))


def _place(sheet: str, row: int, column: int) -> str:
    return f"{sheet}!{a1(row, column)}"


def a1(row: int, column: int) -> str:
    """The name of a cell, row and column from 0: "C7"."""
    name, left = "", column + 1
    while left:
        left, letter = divmod(left - 1, 26)
        name = chr(ord("A") + letter) + name
    return f"{name}{row + 1}"


def _column(letters: str) -> int:
    """A column's number, from 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
