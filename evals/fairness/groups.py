"""The file of groups: `transcript,<attribute>,<attribute>...`, one line a transcript."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from evals.agree.people import Problem
from knowledge.errors import BadInput, NotFound

ID = "transcript"
NOT_KNOWN = {"", "-", "?", "unknown", "not known", "n/a", "na", "none", "null", "prefer not to say"}
ACROSS = " x "


@dataclass(frozen=True)
class Groups:
    """Who belongs where: attributes in their order, and by transcript the group of each."""

    attributes: tuple[str, ...]
    of: Mapping[str, Mapping[str, str]]
    """A group is left out where it is not known."""
    problems: tuple[Problem, ...]

    def every(self) -> Iterator[tuple[str, dict[str, str]]]:
        """Each attribute, then each two together, with the group of each transcript."""
        for names in [*((a,) for a in self.attributes), *combinations(self.attributes, 2)]:
            yield (
                ACROSS.join(names),
                {
                    transcript: ACROSS.join(given[name] for name in names)
                    for transcript, given in self.of.items()
                    if all(name in given for name in names)
                },
            )


def read_groups(path: Path) -> Groups:
    """The groups of a file; lines that cannot be used are told with their numbers.

    Raises:
        NotFound: there is no such file.
        BadInput: it is no such table.
    """
    rows = _rows(path)
    if not rows or ID not in (head := [cell.strip().lower() for cell in rows[0][1]]):
        raise BadInput(
            f"{path.name} has no column {ID!r}.", f"Its first line is {ID} and the attributes."
        )
    names = [cell.strip() for cell in rows[0][1]]
    attributes = [name for name, low in zip(names, head, strict=True) if low != ID and name]
    if not attributes or len(set(head)) < len(head):
        raise BadInput(
            f"{path.name} names no attributes, or one of them twice.",
            f"Give each a column of its own beside {ID}.",
        )
    return _groups(path.name, tuple(attributes), names, rows[1:])


def _rows(path: Path) -> list[tuple[int, list[str]]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
        mark = ";" if text.split("\n")[0].count(";") > text.split("\n")[0].count(",") else ","
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
        return [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except FileNotFoundError:
        raise NotFound(f"There is no file {path}.", "Look at its name again.") from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadInput(
            f"{path.name} cannot be read as CSV: {error}.", "Save it as CSV in UTF-8."
        ) from None


def _groups(
    name: str,
    attributes: tuple[str, ...],
    columns: Sequence[str],
    rows: list[tuple[int, list[str]]],
) -> Groups:
    spelled: dict[tuple[str, str], str] = {}
    of, lines, problems = dict[str, dict[str, str]](), dict[str, int](), list[Problem]()
    for number, row in rows:
        cells = {column: cell.strip() for column, cell in zip(columns, row, strict=False)}
        id_ = next((cell for column, cell in cells.items() if column.lower() == ID), "")
        where = f"{name}, line {number}"
        if not id_ or len(row) != len(columns):
            why = "no transcript is named." if not id_ else "it has more or fewer cells."
            problems.append(Problem(where, why))
        elif id_ in of:
            why = f"{id_} stands there again; line {lines[id_]} counts."
            problems.append(Problem(where, why))
        else:
            lines[id_] = number
            of[id_] = {
                each: spelled.setdefault((each, cells[each].casefold()), cells[each])
                for each in attributes
                if cells[each].casefold() not in NOT_KNOWN
            }
    return Groups(attributes, of, tuple(problems))
