"""Forms: a table for one question, which names on the left what stands on the right."""

import re
from collections.abc import Sequence

from knowledge.blocks import Cell
from knowledge.parser.columns import Column, column
from knowledge.parser.wording import lead, plain

Row = Sequence[Cell]
SUBJECTS: frozenset[Column] = frozenset({"competency", "topic"})
BESIDE: frozenset[Column] = frozenset(
    {"answer", "covers", "positive", "negative", "red", "green", "follow_up", "hint"}
)
LONGEST_NAME = 6  # words
PROMPTS = re.compile(r"prompts?\b.*", re.I)
TO_MARK = re.compile(r"(\W*\d{1,2}\b){2,}\W*")
"""Scores that the interviewer circles: "1 2 3 4 5"."""


def as_row(rows: Sequence[Row]) -> tuple[list[str], list[Column], Row] | None:
    """A form's names, what each holds, and what stands beside them; nothing if it is none."""
    if len(rows) < 3 or any(len(row) != 2 or not row[0].text for row in rows):
        return None
    said = [_entry(row) for row in rows]
    holds = [each[1] for each in said]
    names = [each[0] for each in said]
    known = sum(each != "other" for each in holds)
    if holds.count("question") != 1 or not BESIDE & set(holds) or known * 2 < len(holds):
        return None
    if any(len(name.split()) > LONGEST_NAME for name in names):
        return None
    return names, holds, [each[2] for each in said]


def _entry(row: Row) -> tuple[str, Column, Cell]:
    """A name of a form, what stands beside it, and its cell; a subject may be named there."""
    name, cell = plain(row[0].text).lower(), row[1]
    said = lead(cell.text)
    if said and said.rest and (subject := column(said.label)) in SUBJECTS:
        return said.label.lower(), subject, Cell(said.rest, cell.line, cell.cell)
    if TO_MARK.fullmatch(plain(cell.text)):
        return name, "number", cell
    return name, "follow_up" if PROMPTS.fullmatch(name) else column(name), cell
