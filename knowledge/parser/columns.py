"""What the columns of a table hold, by their names and, where these do not tell, by their cells."""

import re
from collections.abc import Sequence
from typing import Literal, cast

from knowledge.blocks import Cell
from knowledge.parser.languages import named
from knowledge.parser.layout import SIGNS
from knowledge.parser.scales import grade_named
from knowledge.parser.scraped import is_level_name
from knowledge.parser.speech import poses
from knowledge.parser.vocabulary import GRADES, POLARITIES
from knowledge.parser.wording import label_purpose, plain, title

Column = Literal[
    "number", "question", "competency", "topic", "level", "at_level", "score", "scored", "minutes",
    "weight", "kind", "definition", "critical", "sign", "they_ask", "answer", "covers", "positive",
    "negative", "red", "green", "follow_up", "hint", "exceeds", "meets", "below", "rule", "why_ask",
    "advice", "retired", "other",
]  # fmt: skip
Row = Sequence[Cell]

BY_LABEL: frozenset[str | None] = frozenset(
    {"answer", "covers", "hint", "follow_up", "rule", "why_ask", "advice", "level", "question"}
) | {*POLARITIES, *GRADES}
POINTS_AT = re.compile(
    r"^(?:(?:score|mark|rating|points?|punkte?|nota?|note)\s*)?(\d{1,2})\b(?!\s*%)", re.I
)
POINTS_LAST = re.compile(
    r"\s[(\[](\d{1,2})(?:\s*(?:points?|pts?|punkte?|pontos|puntos))?[)\]]$", re.I
)
SIGNING: frozenset[Column] = frozenset({"other", "kind", "score"})
ROW_NAME = re.compile(r"\#?[A-Za-z]{0,3}[-. ]?\d{1,4}[a-z]?")
MOST = 0.5


def columns(header: Row, rows: Sequence[Row]) -> list[Column]:
    """What each column holds; at most one holds the questions."""
    names = [plain(cell.text) for cell in header]
    found = [column(name) for name in names]
    scored = [at for at, name in enumerate(names) if score_in(name) is not None]
    graded = {at: grade for at, name in enumerate(names) if (grade := grade_named(name))}
    if len(scored) > 1:
        found = ["scored" if at in scored else each for at, each in enumerate(found)]
    elif len(set(graded.values())) == len(GRADES):
        found = [graded.get(at, each) for at, each in enumerate(found)]
    elif (rise := _rising(names, found)) is not None:
        found = [*found[:rise], *("below", "meets", "exceeds"), *found[rise + 3 :]]
    if signs := [at for at, each in enumerate(found) if each in SIGNING and _signs(rows, at)]:
        found = ["other" if each in POLARITIES else each for each in found]
        found[signs[0]] = "sign"
    levels = found.count("at_level") > 1
    if "question" not in found and "they_ask" not in found and not levels:
        asking = [at for at, each in enumerate(found) if each in ("other", "topic", "competency")]
        most = max(asking, key=lambda at: _share_asked(rows, at), default=None)
        if most is not None and _share_asked(rows, most) >= MOST and _any_mark(rows, most):
            found[most] = "question"
    ids = [at for at, each in enumerate(found) if each == "other" and _counts(rows, at)]
    found = ["number" if at in ids else each for at, each in enumerate(found)]
    first = found.index("question") if "question" in found else -1
    return ["other" if c == "question" and n != first else c for n, c in enumerate(found)]


def _rising(names: Sequence[str], found: Sequence[Column]) -> int | None:
    """Where three columns begin that grow better in a team's own words, from a low grade on."""
    start = next((at for at, name in enumerate(names) if at and grade_named(name) == "below"), None)
    if (
        start is None
        or len(names) != start + 3
        or (names[0].strip() and found[0] not in ("other", "competency"))
    ):
        return None
    return (
        start
        if all(found[at] in ("other", "below", *GRADES) for at in range(start, start + 3))
        else None
    )


def column(name: str) -> Column:
    """What a column of this name holds."""
    said, mark = title(name).strip("?* "), plain(name).strip()
    if len(mark) < 3 and mark[:1] in SIGNS:
        return "positive" if SIGNS[mark[:1]] == "positive" else "negative"
    if known := named("columns", said):
        return cast("Column", known)
    if is_level_name(said):
        return "at_level"
    purpose = label_purpose(said)
    return cast("Column", purpose) if purpose in BY_LABEL else "other"


def headless(header: Row) -> bool:
    """Whether a table begins with its first question instead of with names."""
    texts = [cell.text for cell in header if cell.text]
    asked = [text for text in texts if "?" in text and poses(text) and len(text.split()) > 3]
    return bool(asked) and all(column(text) in ("other", "at_level", "scored") for text in texts)


def by_content(rows: Sequence[Row]) -> list[Column]:
    """What the columns of a table without names hold, by their cells."""
    found: list[Column] = ["other"] * max(map(len, rows))
    for at in range(len(found)):
        texts = _texts(rows, at)
        if texts and all(map(is_level_name, texts)):
            found[at] = "level"
        elif texts and all(len(text.split()) < 3 and re.match(r"\d", text) for text in texts):
            found[at] = "number"
    asked = max(range(len(found)), key=lambda at: _share_asked(rows, at))
    found[asked] = "question"
    rest = [at for at, each in enumerate(found) if each == "other" and _texts(rows, at)]
    longest = max(rest, key=lambda at: sum(map(len, _texts(rows, at))), default=None)
    if longest is not None and sum(map(len, _texts(rows, longest))) > 20 * len(rows):
        found[longest] = "answer"
    return found


def score_in(name: str) -> int | None:
    """The score that a column or rung is named by: 3 of "3 - Solid"."""
    found = POINTS_AT.match(plain(name)) or POINTS_LAST.search(plain(name))
    return int(found[1]) if found else None


def sign_of(text: str) -> str | None:
    """Whether a cell says that its row speaks for or against, and how: by a purpose's name."""
    mark = SIGNS.get(plain(text).strip()[:1])
    if mark:
        return mark
    said = title(text)
    purpose = label_purpose(said) or named("signs", said)
    return purpose if purpose in POLARITIES else None


def _counts(rows: Sequence[Row], at: int) -> bool:
    """Whether each cell is another number or name of its row, such as "Q-017"."""
    texts = _texts(rows, at)
    return len(set(texts)) == len(texts) > 1 and all(map(ROW_NAME.fullmatch, texts))


def _signs(rows: Sequence[Row], at: int) -> bool:
    texts = _texts(rows, at)
    return len(texts) > 1 and all(map(sign_of, texts)) and len({sign_of(t) for t in texts}) > 1


def _any_mark(rows: Sequence[Row], at: int) -> bool:
    return any("?" in text for text in _texts(rows, at))


def _share_asked(rows: Sequence[Row], at: int) -> float:
    texts = _texts(rows, at)
    asked = sum(poses(text) and ("?" in text or len(text.split()) > 4) for text in texts)
    return asked / len(texts) if texts else 0.0


def _texts(rows: Sequence[Row], at: int) -> list[str]:
    return [plain(row[at].text) for row in rows if at < len(row) and row[at].text]
