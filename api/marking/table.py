"""Marks as CSV: `transcript,question,atom,verdict,words,by,role,at,blind`, out and in.

`transcript` is an interview's id, `question` and `atom` are ids of its kit. Columns may come in any
order; `words`, `at` and `blind` may be missing.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from api.hiring import audit
from api.hiring.reviewing import FOUND, LONGEST_NAME, PersonMark, ToMark, checked_marks
from api.hiring.safe_csv import defused, write_csv
from api.identity.caller import Caller
from api.marking.marks import MarkRow
from api.marking.model import Entry, Mark, Place, Points
from api.marking.sets import check_open, entries_of, set_in
from api.marking.settling import put
from api.marking.tables import marking_sheets
from knowledge.database import Database, insert_into, unix_now
from knowledge.errors import BadInput

COLUMNS = ("transcript", "question", "atom", "verdict", "words", "by", "role", "at", "blind")
NEEDED = ("transcript", "question", "atom", "verdict", "by", "role")
ROLES = ("person", "author", "adjudicated")
MOST_BYTES = 2 * 2**20
LATEST = 5e9
"""Unix seconds, in 2128: nobody has marked anything after."""
IMPORTED = "It came in as a table."
_YES_NO = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


@dataclass(frozen=True)
class Wrong:
    """A line that could not be used, counted from 1, and why."""

    line: int
    why: str


@dataclass(frozen=True)
class Line:
    """A line that names all it has to; whether it fits the interview is looked at later."""

    number: int
    row: MarkRow


def written(rows: Iterable[MarkRow]) -> str:
    """The rows as a table that no spreadsheet takes for formulas."""
    body = [
        (r.transcript, r.question, r.atom, r.verdict, r.words, r.by, r.role, _iso(r.at), r.blind)
        for r in rows
    ]
    return write_csv([COLUMNS, *body])


def read(file: bytes) -> tuple[list[Line], list[Wrong]]:
    """The lines of a table, and those that cannot be used.

    Raises:
        BadInput: it is no such table.
    """
    if len(file) > MOST_BYTES:
        raise BadInput(f"The table is larger than {MOST_BYTES:,} bytes.", "Split it.")
    try:
        text = file.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput("The table is not text in UTF-8.", "Save it as CSV in UTF-8.") from None
    lines, wrong = list[Line](), list[Wrong]()
    for number, cells in _cells(text):
        row = cells if isinstance(cells, str) else _row(cells)
        if isinstance(row, str):
            wrong.append(Wrong(number, row))
        else:
            lines.append(Line(number, row))
    if not lines and not wrong:
        raise BadInput("There are no marks in that table.", "Give a line for each mark.")
    return lines, wrong


async def bring_in(
    database: Database,
    caller: Caller,
    set_id: str,
    lines: Sequence[Line],
    points: Mapping[str, Points],
) -> tuple[int, list[Wrong]]:
    """Keep what fits; how many marks, and the lines that could not be used.

    A mark that came in before is replaced by one of the same person for the same point.

    Args:
        points: by interview, of those in the set.

    Raises:
        TooEarly: the set is closed.
    """
    wrong: list[Wrong] = []
    kept = 0
    async with database.write() as connection:
        check_open(await set_in(connection, caller.workspace or "", set_id, lock=True))
        entries = {entry.interview: entry for entry in await entries_of(connection, set_id)}
        groups: dict[tuple[str, str, str], list[tuple[Line, Mark]]] = defaultdict(list)
        for line in lines:
            found = _fitting(line, points, entries)
            if isinstance(found, str):
                wrong.append(Wrong(line.number, found))
            else:
                row = line.row
                whose = "" if row.role == "adjudicated" else row.by.casefold()
                groups[row.transcript, whose, row.role].append((line, found))
        for (interview, _, role), given in groups.items():
            kept += len({mark.place for _, mark in given})
            keep = _rulings if role == "adjudicated" else _sheet
            await keep(connection, set_id, interview, given)
        about = f"marking:{set_id}"
        await audit.record(connection, caller, "brought in marks", about, marks=kept)
    return kept, wrong


def _fitting(line: Line, points: Mapping[str, Points], entries: Mapping[str, Entry]) -> Mark | str:
    """The line as a mark, or why it is none."""
    row = line.row
    if row.transcript not in points or row.transcript not in entries:
        return f"the set has no interview {row.transcript!r}."
    point = _point(points[row.transcript], row)
    if isinstance(point, str):
        return point
    by = row.by.casefold()
    kept = entries[row.transcript].kept
    if row.role == "adjudicated" and any(
        each.place == (point.question, point.atom) and each.reason != IMPORTED
        for each in entries[row.transcript].rulings
    ):
        return "somebody has settled that point here already."
    if row.role != "adjudicated" and any(
        sheet.name.casefold() == by and sheet.source != "csv" for sheet in kept
    ):
        return f"{row.by} has marked this interview here already."
    try:
        given = PersonMark(point.question, point.atom, row.verdict, row.words)
        [mark] = checked_marks([point], [given])
    except BadInput as error:
        return error.message
    return Mark(mark.question, row.question, mark.atom, mark.verdict, mark.words)


def _point(points: Points, row: MarkRow) -> ToMark | str:
    """The point that a row is of, or why there is none."""
    of_question = [p for p in points.asked if points.questions[p.question] == row.question]
    if not of_question:
        return f"no answered question of the interview is {row.question!r}."
    found = next((point for point in of_question if point.atom == row.atom), None)
    return found or f"its question is not marked by a point {row.atom!r}."


async def _sheet(
    connection: AsyncConnection,
    set_id: str,
    interview: str,
    given: Sequence[tuple[Line, Mark]],
) -> None:
    """One person's marks of an interview, those that came in before among them."""
    rows = [line.row for line, _ in given]
    key: dict[str, Any] = {"set_id": set_id, "interview_id": interview}
    key |= {"marker": f"csv:{rows[0].by.casefold()}"}
    mine = sa.and_(*(marking_sheets.c[name] == value for name, value in key.items()))
    before = await connection.scalar(sa.select(marking_sheets.c.marks).where(mine))
    marks: dict[Place, Mark] = {mark.place: mark for mark in (Mark(**m) for m in before or ())}
    marks |= {mark.place: mark for _, mark in given}
    new: dict[str, Any] = {"name": rows[0].by, "marks": [asdict(m) for m in marks.values()]}
    new |= {"is_author": rows[0].role == "author", "blind": all(row.blind for row in rows)}
    new |= {"at": max(row.at for row in rows) or unix_now(), "touched": unix_now(), "text": ""}
    insert = insert_into(marking_sheets, connection).values(**key, **new)
    await connection.execute(insert.on_conflict_do_update(index_elements=list(key), set_=new))


async def _rulings(
    connection: AsyncConnection,
    set_id: str,
    interview: str,
    given: Sequence[tuple[Line, Mark]],
) -> None:
    for line, mark in given:
        key: dict[str, Any] = {"set_id": set_id, "interview_id": interview}
        key |= {"question": mark.question, "atom": mark.atom}
        told: dict[str, Any] = {"asked": mark.asked, "verdict": mark.verdict, "words": mark.words}
        told |= {"reason": IMPORTED, "by": line.row.by, "is_marker": False}
        await put(connection, key, told | {"at": line.row.at or unix_now()})


def _cells(text: str) -> Iterator[tuple[int, dict[str, str] | str]]:
    """Each line's number with its cells by column, or what is wrong with it."""
    first = text.partition("\n")[0]
    mark = ";" if first.count(";") > first.count(",") else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    try:
        columns = {(name or "").strip().lower(): name for name in reader.fieldnames or ()}
        if lacking := [name for name in NEEDED if name not in columns]:
            raise BadInput(
                f"The table has no columns {', '.join(lacking)}.",
                f"Its first line names them: {','.join(COLUMNS)}.",
            )
        for row in reader:
            yield reader.line_num, {name: _plain(row.get(c)) for name, c in columns.items()}
    except csv.Error as error:
        yield reader.line_num, f"it is no CSV from here on ({error})."


def _plain(cell: str | list[str] | None) -> str:
    """The cell without the mark that keeps spreadsheets from running it."""
    text = cell.strip() if isinstance(cell, str) else ""
    return text[1:] if text.startswith("'") and defused(text[1:]) == text else text


def _row(cells: Mapping[str, str]) -> MarkRow | str:
    if empty := [name for name in NEEDED if not cells[name]]:
        return f"nothing stands under {', '.join(empty)}."
    verdict, role = cells["verdict"].lower(), cells["role"].lower()
    if verdict not in FOUND:
        return f"there is no verdict {verdict!r}; it is one of {', '.join(FOUND)}."
    if role not in ROLES:
        return f"there is no role {role!r}; it is one of {', '.join(ROLES)}."
    if any("\0" in cell for cell in cells.values()):
        return "it holds a NUL character."
    if len(cells["by"]) > LONGEST_NAME:
        return f"the name is longer than {LONGEST_NAME} characters."
    blind = _YES_NO.get(cells.get("blind", "").lower() or "no")
    at = _seconds(cells.get("at", ""))
    if blind is None or at is None:
        return "blind is yes or no." if blind is None else "at is a time like 2026-11-22T14:03:00Z."
    said = (verdict, cells.get("words", ""), cells["by"])
    names = (cells["transcript"], cells["question"], cells["atom"])
    row = MarkRow(*names, *said, role="person", at=at, blind=blind)
    return replace(row, role=cast("Any", role))


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _seconds(text: str) -> float | None:
    """A time in ISO 8601 as Unix seconds, 0 where there is none; None: it is no time of now."""
    if not text:
        return 0.0
    try:
        when = datetime.fromisoformat(text)
        at = (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
        return at if 0 <= at < LATEST else None
    except (ValueError, OverflowError):
        return None
