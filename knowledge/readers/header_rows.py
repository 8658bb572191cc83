"""What the columns of a table are called: by its header, or by what they hold."""

import re
from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from knowledge.parser.wording import is_question, label_purpose, level_in, title_purpose

LONGEST_NAME = 7  # words of a column's name
ABOUT = re.compile(
    r"^(job|role|position|company|team|department|location|version|owner|author|date|created"
    r"|(last )?updated|status|interviewers?|candidate|hiring manager)\b",
    re.I,
)
SHORTENED = re.compile(r"([^\W\d_]{1,6}\.){1,2}")  # "Nr.", "Sec.", "z.B."
MINUTES = re.compile(r"^\d{1,3}\s*(min(ute)?s?|['’′m])?$", re.I)


class Span(NamedTuple):
    """A merged cell: its first and last row and column, from 0."""

    top: int
    left: int
    bottom: int
    right: int


def is_known(text: str) -> bool:
    """Whether a text is a name that columns are known to have."""
    return bool(label_purpose(text) or (title_purpose(text) and len(text.split()) < 4))


def _is_name(text: str) -> bool:
    asks = is_question(text) and len(text.split()) > 2
    return (
        len(text.split()) <= LONGEST_NAME
        and len(text) < 60
        and not asks
        and (not text.endswith((".", "!", ";")) or bool(SHORTENED.fullmatch(text)))
        and bool(re.search(r"[^\W\d]|^#$|^\d$", text))
    )


def is_header(cells: dict[int, str], below: Sequence[dict[int, str]]) -> bool:
    """Whether a row names the columns of the rows below it."""
    texts = list(cells.values())
    if len(set(texts)) < 2 or not below or not all(map(_is_name, texts)):
        return False
    if sum(text.isdigit() for text in texts) * 2 > len(texts) + 1:
        return False
    if any(map(is_known, texts)) or not any(below):
        return True
    held = [text for row in below for column, text in row.items() if column in cells]
    if not held or _counts(cells, below):
        return bool(held)
    return sum(map(len, held)) / len(held) > 1.5 * sum(map(len, texts)) / len(texts)


def _counts(cells: dict[int, str], below: Sequence[dict[int, str]]) -> bool:
    """Whether a column's first cell is in words and the others are numbers."""
    held = {c: [row[c] for row in below if c in row] for c in cells if not _is_number(cells[c])}
    return any(len(texts) > 1 and all(map(_is_number, texts)) for texts in held.values())


def _is_number(text: str) -> bool:
    return bool(re.match(r"\W?\d", text))


def names_a_list(cells: dict[int, str], below: Sequence[dict[int, str]]) -> bool:
    """Whether a lone column's cell is the name of the questions below it."""
    text = next(iter(cells.values()), "")
    asked = sum(is_question(t) for row in below for t in row.values())
    return _is_name(text) and not is_question(text) and asked * 2 > len(below)


def tells_about(rows: Sequence[dict[int, str]]) -> bool:
    """Whether these rows are names and values that speak of the whole document."""
    if not all(len(row) <= 2 for row in rows):
        return False
    names = [next(iter(row.values())) for row in rows if len(row) == 2]
    return any(ABOUT.match(name) or name.endswith(":") for name in names) and all(
        len(name.split()) < 5 and not name.isdigit() for name in names
    )


def grouped(names: dict[int, str], below: dict[int, str], groups: Sequence[Span]) -> dict[int, str]:
    """The names of the lower row, with that of their group where they stand in several."""
    over = {c: names.get(g.left, "") for g in groups for c in range(g.left, g.right + 1)}
    found: dict[int, str] = {}
    for column in sorted(names.keys() | below.keys()):
        own = below.get(column, "")
        again = [*below.values()].count(own) > 1
        first = over.get(column) or names.get(column, "")
        found[column] = f"{first} {own}" if own and again and first != own else own or first
    return found


def names_by_content(rows: Sequence[dict[int, str]], columns: Sequence[int]) -> dict[int, str]:
    """Names for columns that have none, by what stands in them; empty ones if nothing is asked."""
    held = {c: [row[c] for row in rows if c in row] for c in columns}
    asked = {c: sum(map(is_question, texts)) for c, texts in held.items()}
    asking = max(columns, key=lambda c: asked[c])
    if asked[asking] * 2 <= len(held[asking]) or not asked[asking]:
        return {}
    names = {c: _named(texts, c < asking) for c, texts in held.items() if texts and c != asking}
    names[asking] = "Question"
    longest = [c for c in names if names[c] == "Notes" and c > asking]
    if longest:
        names[max(longest, key=lambda c: sum(map(len, held[c])))] = "Answer"
    return dict(sorted(names.items()))


def _named(texts: Sequence[str], first: bool) -> str:
    if all(level_in(text) and len(text.split()) < 4 for text in texts):
        return "Level"
    if all(map(MINUTES.match, texts)):
        return "#" if first else "Minutes" if any("m" in text for text in texts) else "Number"
    short = median(len(text.split()) for text in texts) < 4
    return "Topic" if short and (first or len(set(texts)) < len(texts)) else "Notes"
