"""Rows of a question bank: a question, its answer, and what else stands beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from knowledge.atoms import Kind, Level
from knowledge.blocks import Cell
from knowledge.parser import asking, content
from knowledge.parser.columns import Column
from knowledge.parser.frames import Frame
from knowledge.parser.reader import Reader
from knowledge.parser.references import write_answer
from knowledge.parser.speech import poses
from knowledge.parser.table_cells import BULLET, as_block, by_sign, lines_of, statements_of
from knowledge.parser.vocabulary import GRADES, Purpose
from knowledge.parser.wording import (
    TAG,
    bare,
    label_purpose,
    lead,
    level_in,
    minutes_in,
    plain,
    section_kind,
)

if TYPE_CHECKING:
    from knowledge.parser.tables import Table

Row = Sequence[Cell]
LISTED: frozenset[Column] = frozenset({"covers", "positive", "negative", "red", "green"})
SAID_WITH_NAME: frozenset[Column] = frozenset({"other", "definition", "score", "scored", "sign"})


@dataclass
class Above:
    """What the rows before have said for those that leave it out, as merged cells do."""

    topic: str | None = None
    competency: str | None = None
    question: str | None = None


def read(table: Table) -> None:
    """Every question of a table, with what its row tells."""
    above = Above()
    for row in _in_use(table):
        said = [cell for cell in row if cell.text]
        alone = len({plain(cell.text) for cell in said}) == 1
        asked = table.first("question")
        if alone and len(table.holds) > 1 and not poses(said[0].text) and len(said[0].text) < 80:
            _theme(table.reader, said[0], above)
        elif table.text(row, asked):
            _question(table, row, above)
        elif above.question:
            _beside_all(table, row, above.question)
        else:
            _left(table, row)


def _in_use(table: Table) -> list[Row]:
    """The rows but those that are asked no more; dates beside every row tell nothing."""
    gone = table.first("retired")
    left = [row for row in table.rows if not table.text(row, gone)]
    if gone is None or not left:
        return table.rows
    for row in table.rows:
        if table.text(row, gone):
            table.reader.b.skip(row[0].line, "A question that is asked no more.")
    return left


def _theme(reader: Reader, cell: Cell, above: Above) -> None:
    """A row that is one cell names what the questions below it are about."""
    name = bare(cell.text)
    above.topic, above.competency, above.question = name, None, None
    reader.b.add("topic", name, cell, reader.frame.area, topic=name)


def _question(table: Table, row: Row, above: Above) -> None:
    reader = table.reader
    at = cast("int", table.first("question"))
    first, *more = _asked(row[at])
    _subject(table, row, above)
    topic = above.topic or reader.frame.topic
    changes = {"competency": above.competency} if above.competency else {}
    kind_at = table.first("kind")
    kind = section_kind(table.text(row, kind_at)) if kind_at is not None else None
    reader.push(reader.frame.inside(40, topic=topic, kind=kind or reader.frame.kind, **changes))
    stated, text = _stated(bare(first.text))
    level = _level(table, row) or stated
    asked: Kind = "candidate_question" if reader.frame.purpose == "ask" else "question"
    if reader.frame.purpose == "money":
        asked = "money"
    identity = asking.add_question(reader, as_block(first), text, asked, level)
    if reader.frame.ladder and (scenario := reader.frame.question):
        reader.b.change(scenario, group=scenario)
        reader.b.change(identity, parent=scenario, group=scenario)
    above.question = identity
    for line in more:
        reader.b.add("follow_up", bare(line.text), line, identity, question=identity, topic=topic)
    _beside_all(table, row, identity, asked)
    reader.stack.pop()


def _stated(text: str) -> tuple[Level | None, str]:
    """A level in brackets after a question, and the question without it."""
    found = TAG.search(text)
    level = level_in(found[0]) if found else None
    return (level, text[: found.start()]) if found and level else (None, text)


def _asked(cell: Cell) -> list[Cell]:
    """The question of a cell, and the follow-ups that it lists below it."""
    lines = [line for line in cell.text.split("\n") if line.strip()]
    below = [n for n, line in enumerate(lines) if n and (BULLET.match(line) or _is_probe(line))]
    end = below[0] if below else len(lines)
    texts = [" ".join(lines[:end]), *(BULLET.sub("", line) for line in lines[end:])]
    if not all(poses(_probe(text)) for text in texts[1:]):
        texts = [" ".join(lines)]
    return [Cell(_probe(text), cell.line, cell.cell) for text in texts]


def _is_probe(line: str) -> bool:
    said = lead(line)
    return bool(said and said.rest and label_purpose(said.label) == "follow_up")


def _probe(line: str) -> str:
    said = lead(line)
    return said.rest if said and _is_probe(line) else line


def _subject(table: Table, row: Row, above: Above) -> None:
    """The topic and the competency that a row, or one above it, names."""
    reader, asked = table.reader, cast("int", table.first("question"))
    topic_at = table.first("topic")
    if topic_at is not None and topic_at > asked and not table.text(row, topic_at):
        above.topic = None
    for at, holds in enumerate(table.holds):
        text = table.text(row, at)
        if not text or "\n" in text or holds not in ("topic", "competency"):
            continue
        if holds == "topic":
            above.topic = text
            reader.b.add("topic", text, row[at], reader.frame.area, topic=text)
        else:
            above.competency = reader.b.add(
                "competency", text, row[at], reader.frame.area, topic=text
            )
            if table.first("topic") is None:
                above.topic = text


def _level(table: Table, row: Row) -> Level | None:
    said = (table.text(row, at) for at, holds in enumerate(table.holds) if holds == "level")
    return next((level for text in said if (level := level_in(text))), None)


def _beside_all(table: Table, row: Row, question: str, asked: Kind = "question") -> None:
    for at, cell in enumerate(row[: len(table.holds)]):
        if cell.text:
            _beside(table, question, at, cell, asked)


def _beside(table: Table, question: str, at: int, cell: Cell, asked: Kind) -> None:
    """What stands beside a question in its row."""
    reader, holds, name = table.reader, table.holds[at], table.names[at]
    if holds in ("question", "topic", "competency", "number", "critical", "retired"):
        return
    if holds == "level" and level_in(cell.text):
        return
    purpose = (
        cast("Purpose", holds)
        if holds in (*LISTED, *GRADES, "follow_up", "hint", "advice")
        else None
    )
    purpose = purpose or label_purpose(name)
    frame = reader.frame.inside(60, question=question, asked=asked, purpose=purpose, label=name)
    if signed := by_sign(cell):
        for sign, lines in zip(("positive", "negative"), signed, strict=True):
            _listed(reader, frame._replace(purpose=cast("Purpose", sign)), lines)
    elif holds == "answer":
        kind = "item" if "\n" in cell.text else "paragraph"
        blocks = [as_block(line, kind) for line in lines_of(cell)]
        write_answer(reader.b, frame._replace(depth=61, answer=blocks, label=name))
    elif grade := table.grades.get(at):
        reader.b.add(
            "anchor",
            plain(cell.text).replace("\n", " "),
            cell,
            frame.host,
            grade=grade,
            question=question,
        )
    elif holds == "at_level":
        for line in lines_of(cell):
            reader.b.add(
                "level", line.text, line, question, level=level_in(name), question=question
            )
    elif holds == "minutes":
        minutes = minutes_in(cell.text) or minutes_in(f"{plain(cell.text)} min")
        said = plain(cell.text)
        said = said if minutes_in(said) else f"{name.capitalize()}: {said}"
        reader.b.add("format", said, cell, question, minutes=minutes, question=question)
    elif holds in ("weight", "kind") or (holds in SAID_WITH_NAME and not purpose):
        _fact(reader, question, name, cell)
    else:
        _listed(reader, frame, statements_of(cell) if holds in LISTED else lines_of(cell))


def _listed(reader: Reader, frame: Frame, lines: Sequence[Cell]) -> None:
    """Each statement of a cell, as its column has it."""
    reader.push(frame)
    for line in lines:
        content.read(reader, as_block(line))
    reader.stack.pop()


def _fact(reader: Reader, question: str, name: str, cell: Cell) -> None:
    text = plain(cell.text).replace("\n", " ")
    said = f"{name.capitalize()}: {text}" if name else text
    reader.b.add("fact", said, cell, question, question=question, topic=reader.frame.topic)


def _left(table: Table, row: Row) -> None:
    """A row without a question, and with none above it."""
    pairs = zip(table.names, row, strict=False)
    said = (f"{name}: {plain(c.text)}" if name else plain(c.text) for name, c in pairs if c.text)
    table.reader.b.add("fact", "; ".join(said), row[0], topic=table.reader.frame.topic)
