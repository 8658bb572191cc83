"""People's marks as CSV: `transcript,question,atom,verdict,words,by,role,at`, in any order.

A further column `blind` (yes or no) tells who had seen the machine's marks; without it a person's
marks are taken as blind. Lines that cannot be used are told with their numbers.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path

from api.hiring.reviewing import FOUND
from api.hiring.safe_csv import defused
from evals.agree.people import ROLES, PersonMark, Problem

NEEDED = ("transcript", "question", "atom", "verdict", "by", "role")
LONGEST_FIELD = 100_000
_YES_NO = {"": True, "yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


def read_marks(path: Path) -> tuple[list[PersonMark], dict[int, int], list[Problem]]:
    """The marks of a file, the line of each, and what could not be used.

    Whether transcripts, questions and points are known is looked at elsewhere.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        why = f"cannot be read ({error.strerror}). Look at its name again."
        return [], {}, [Problem(path.name, why)]
    except UnicodeDecodeError:
        why = "is not text in UTF-8. Save it as CSV in UTF-8."
        return [], {}, [Problem(path.name, why)]
    return _marks(path.name, text)


def _marks(name: str, text: str) -> tuple[list[PersonMark], dict[int, int], list[Problem]]:
    marks, lines, problems = list[PersonMark](), dict[int, int](), list[Problem]()
    seen: dict[tuple[str, ...], int] = {}
    for number, found in _rows(text):
        where = f"{name}, line {number}"
        if isinstance(found, str):
            problems.append(Problem(where, found))
            continue
        key = (found.transcript, found.question, found.atom, found.rater, found.role)
        if key in seen:
            why = f"the same point marked again by {found.by}; line {seen[key]} counts."
            problems.append(Problem(where, why))
            continue
        seen[key] = lines[len(marks)] = number
        marks.append(found)
    return marks, lines, problems


def _rows(text: str) -> Iterator[tuple[int, PersonMark | str]]:
    """Each line's number with its mark, or why there is none."""
    csv.field_size_limit(LONGEST_FIELD)
    first = text.partition("\n")[0]
    mark = ";" if first.count(";") > first.count(",") else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    try:
        columns = {(name or "").strip().lower(): name for name in reader.fieldnames or ()}
        if lacking := [name for name in NEEDED if name not in columns]:
            yield 1, f"columns are missing: {', '.join(lacking)}. Nothing of it can be used."
            return
        for row in reader:
            cells = {name: _plain(row.get(column)) for name, column in columns.items()}
            yield reader.line_num, _mark(cells)
    except csv.Error as error:
        yield reader.line_num, f"no CSV from here on ({error}). Save it anew as CSV in UTF-8."


def _plain(cell: str | list[str] | None) -> str:
    """The cell without the mark that keeps spreadsheets from running it."""
    text = cell.strip() if isinstance(cell, str) else ""
    return text[1:] if text.startswith("'") and defused(text[1:]) == text else text


def _mark(cells: Mapping[str, str]) -> PersonMark | str:
    if empty := [name for name in NEEDED if not cells[name]]:
        return f"nothing stands under {', '.join(empty)}."
    verdict, role = cells["verdict"].lower(), cells["role"].lower()
    if verdict not in FOUND:
        return f"there is no verdict {verdict!r}; one of {', '.join(FOUND)}."
    if role not in ROLES:
        return f"there is no role {role!r}; one of {', '.join(ROLES)}."
    blind = _YES_NO.get(cells.get("blind", "").lower())
    if blind is None:
        return "blind is yes or no."
    return PersonMark(
        transcript=cells["transcript"],
        question=cells["question"],
        atom=cells["atom"],
        verdict=verdict,
        by=cells["by"],
        role=role,
        words=cells.get("words", ""),
        blind=blind,
        at=cells.get("at", ""),
    )
