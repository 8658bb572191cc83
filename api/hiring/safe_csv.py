"""Tables for spreadsheets that run nothing: the one place that writes CSV.

A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@` for a formula, and one that reads
semicolons where commas were written finds cells inside of cells. What people typed is neither.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence

Cell = str | int | float | bool | None

_FORMULA = re.compile(
    r"^(?=[\t\r\n]|[\s'\"]*[=+\-@＝＋－＠])"
    r"|(?<=[;\t\r\n])(?=[ '\"]*[=+\-@＝＋－＠])"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff]")


def write_csv(rows: Iterable[Sequence[Cell]]) -> str:
    """The rows as CSV (commas, CRLF, texts in quotes) with the mark by which Excel knows UTF-8.

    Numbers stay numbers, None is empty; a text that would be a formula gets a `'` before it.
    """
    out = io.StringIO(newline="")
    out.write("\ufeff")
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerows([_cell(each) for each in row] for row in rows)
    return out.getvalue()


def _cell(value: Cell) -> str | int | float:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return ""
    return defused(value) if isinstance(value, str) else value


def defused(text: str) -> str:
    """The text with a `'` where a spreadsheet would begin a formula, inside of it too."""
    return _FORMULA.sub("'", _CONTROL.sub("", text))
