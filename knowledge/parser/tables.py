"""Tables: what each row is, by what its columns hold."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from knowledge.atoms import Grade, Kind
from knowledge.blocks import Block, Cell
from knowledge.parser import content, exercises, passages, question_rows, rubrics
from knowledge.parser.columns import (
    Column,
    by_content,
    columns,
    headless,
    score_in,
    sign_of,
)
from knowledge.parser.forms import as_row
from knowledge.parser.frames import INFORMATIONAL
from knowledge.parser.reader import Reader
from knowledge.parser.scales import grade_named, grade_of
from knowledge.parser.scraped import is_level_name
from knowledge.parser.table_cells import as_block, lines_of
from knowledge.parser.vocabulary import GRADES, POLARITIES
from knowledge.parser.wording import level_in, minutes_in, plain

Row = Sequence[Cell]
GRADED: frozenset[Column] = frozenset({"exceeds", "meets", "below"})
JUDGED: frozenset[Column] = frozenset({"positive", "negative", "red", "green", "covers"})
NAMED: frozenset[Column] = frozenset({"competency", "topic", "other"})
SPAN = re.compile(r"(?<!\d)(\d{1,3})\s*(?:-|–|—|to)\s*(\d{1,3})(?!\d)")
CLOCK_ONLY = re.compile(r"(\d{1,2}[:.h]\d{2}( ?[ap]m)?)?", re.I)
YES = re.compile(r"\W*(yes|y|x|true|ja|oui|s[iíì]|sim|✓|✔)\W*|.*\b(critical|high|knock)\b.*", re.I)


@dataclass
class Table:
    """A table being read: the names of its columns, what these hold, and its rows."""

    reader: Reader
    names: list[str]
    holds: list[Column]
    rows: list[Row]

    def first(self, *wanted: Column) -> int | None:
        """The first column that holds one of these."""
        return next((at for at, each in enumerate(self.holds) if each in wanted), None)

    def count(self, wanted: frozenset[Column]) -> int:
        """How many columns hold one of these."""
        return sum(each in wanted for each in self.holds)

    @property
    def grades(self) -> dict[int, Grade]:
        """The grade that each column stands for, where it stands for one."""
        found = {at: GRADES[each] for at, each in enumerate(self.holds) if each in GRADES}
        scores = {at: score_in(self.names[at]) for at, h in enumerate(self.holds) if h == "scored"}
        scale = [score for score in scores.values() if score is not None]
        for at, score in scores.items():
            if score is not None and (grade := grade_of(score, scale)):
                found[at] = grade
        return found

    def text(self, row: Row, at: int | None) -> str:
        """What a row says in a column, if it has it."""
        return plain(row[at].text) if at is not None and at < len(row) else ""


def read(reader: Reader, block: Block) -> None:
    """The atoms of a table, by what its columns hold."""
    if form := as_row(block.rows):
        names, holds, row = form
        question_rows.read(Table(reader, names, holds, [row]))
        for name, _ in block.rows:
            reader.b.skip(name.line, "A line of a form that is filled in during the interview.")
        return
    header, *rows = block.rows
    if headless(header) or (_lone(header) and any(map(headless, rows))):
        rows, holds = list(block.rows), by_content(block.rows)
        names = [""] * len(holds)
    else:
        names, holds = [plain(cell.text).lower() for cell in header], columns(header, rows)
        for line in sorted({cell.line for cell in header}):
            reader.b.skip(line, "A heading: it says what the lines below it are.")
    rows = [row for row in rows if any(cell.text for cell in row)]
    width = max(map(len, [header, *rows]))
    names += [""] * (width - len(names))
    holds += ["other"] * (width - len(holds))
    table = Table(reader, names, holds, [_filled(row, width) for row in rows])
    reader.scores = [score for row in rows if (score := score_in(row[0].text)) is not None]
    quoting = reader.frame.purpose in INFORMATIONAL and not reader.frame.question
    way = _way(table)
    (_each(_plain) if quoting and way is question_rows.read else way)(table)


def _lone(row: Row) -> bool:
    return len(row) > 1 and sum(bool(cell.text) for cell in row) == 1


def _filled(row: Row, width: int) -> Row:
    missing = range(len(row), width)
    return [*row, *(Cell("", row[0].line, at) for at in missing)]


def _way(table: Table) -> Callable[[Table], None]:
    """How a table's rows are read."""
    holds = table.holds
    named_first = bool(holds) and holds[0] in NAMED
    if "question" in holds:
        return question_rows.read
    if _is_by_level(table):
        return _each(_by_level)
    if holds.count("at_level") > 1:
        return _levels
    if holds[:1] == ["they_ask"] and len(holds) > 1:
        return _each(_reversed)
    if "rule" in holds:
        return _each(_rules)
    if table.count(GRADED) > (0 if named_first else 1) or holds.count("scored") > 1:
        return _each(_graded)
    if holds[:1] == ["score"] and table.count(JUDGED) == 1 and _is_scale(table):
        return _each(_rung)
    if "sign" in holds or table.count(JUDGED):
        return _each(_judged)
    if "minutes" in holds[1:] or holds[:1] == ["minutes"]:
        return _agenda
    if _is_scale(table):
        return _each(_rung)
    if holds[0] == "competency":
        return _each(_competency)
    return _each(_topic if holds[0] == "topic" else _plain)


def _each(way: Callable[[Table, Row], None]) -> Callable[[Table], None]:
    def all_rows(table: Table) -> None:
        for row in table.rows:
            way(table, row)

    return all_rows


# Levels


def _is_by_level(table: Table) -> bool:
    """Whether each row is a level, and tells what is expected there."""
    levels = [row for row in table.rows if is_level_name(plain(row[0].text))]
    return len(levels) > 1 and len(levels) * 2 > len(table.rows)


def _levels(table: Table) -> None:
    """Competencies, and what each means at each level; a column before them may name its area."""
    b, frame = table.reader.b, table.reader.frame
    start = table.holds.index("at_level")
    named = _name_column(table, start)
    area = frame.area
    for row in table.rows:
        if named > 0 and (text := table.text(row, 0)):
            area = b.add("area", text, row[0], topic=text)
        name = table.text(row, named)
        if not name:
            continue
        competency = b.add("competency", name, row[named], area, topic=name)
        if frame.announced:
            frame.announced.counted += 1
        for at, cell in enumerate(row):
            if at == named or at < min(named, start) or not cell.text:
                continue
            level = level_in(table.names[at]) if at < len(table.names) else None
            kind: Kind = "level" if level else "fact"
            for line in lines_of(cell):
                b.add(kind, line.text, line, competency, level=level, topic=name)


def _name_column(table: Table, start: int) -> int:
    """The column before the levels that names what they are of; one that repeats is its area."""
    if "competency" in table.holds[:start]:
        return table.holds.index("competency")
    texts = [at for at in range(start) if table.holds[at] in NAMED]
    areas = {table.text(row, 0) for row in table.rows} - {""}
    grouped = len(texts) > 1 and len(areas) < len(table.rows)
    return texts[1] if grouped else (texts[0] if texts else 0)


def _by_level(table: Table, row: Row) -> None:
    """What a level means: for what stands above, or for the competency that a column names."""
    level = level_in(row[0].text)
    frame, b = table.reader.frame, table.reader.b
    for name, cell in zip(table.names[1:], row[1:], strict=False):
        parent = frame.competency or frame.question or frame.area
        if len(row) > 2 and not re.search(r"\b(expect|look|means?|signs?|descri)", name):
            parent = b.add("competency", name.capitalize(), row[0], topic=name)
        if cell.text and level:
            for line in lines_of(cell):
                b.add(
                    "level", line.text, line, parent, level=level,
                    question=frame.question, topic=frame.topic,
                )  # fmt: skip


# Scores and grades


def _graded(table: Table, row: Row) -> None:
    """What is below, meets and exceeds: of a criterion, or of the competency that the row names."""
    reader = table.reader
    grades = table.grades
    named = next((at for at, each in enumerate(table.holds) if each in NAMED), None)
    name = table.text(row, named) if named is not None and named not in grades else ""
    if not any(table.text(row, at) for at in grades):
        _plain(table, row)
        return
    competency = None
    if name and not reader.frame.host:
        area = reader.frame.area
        competency = reader.b.add("competency", name, row[named or 0], area, topic=name)
        name = ""
    frame = reader.frame
    for at, cell in enumerate(row):
        if not cell.text or at == named:
            continue
        text = plain(cell.text).replace("\n", " ")
        said = f"{name}: {text}" if name else text
        host, shared = competency or frame.host, {"question": frame.rubric}
        if grade := grades.get(at):
            reader.b.add("anchor", said, cell, host, grade=grade, **shared)
        elif at < len(table.holds) and table.holds[at] != "number":
            label = table.names[at]
            reader.b.add("fact", f"{label}: {said}" if label else said, cell, host, topic=label)


def _is_scale(table: Table) -> bool:
    """Whether the first cells are rungs: scores or grades."""
    texts = [table.text(row, 0) for row in table.rows]
    rungs = [text for text in texts if score_in(text) is not None or grade_named(text)]
    by_name = table.holds[0] in ("score", "level", "exceeds", "meets", "below")
    named = sum(bool(grade_named(text)) for text in texts)
    return len(table.holds) > 1 and bool(rungs) and (by_name or named * 2 > len(texts))


def _rung(table: Table, row: Row) -> None:
    """A rung of a scale: a number or a grade, and what it means."""
    reader = table.reader
    said = [cell for cell in row[1:] if cell.text]
    said = [cell for cell in said if not grade_named(cell.text)] or said
    text = " – ".join(plain(cell.text).replace("\n", " ") for cell in said)
    block, number = as_block(row[0]), score_in(row[0].text)
    grade = None if number is not None and len(reader.scores) > 1 else grade_named(block.text)
    at = said[0] if said else row[0]
    if grade and text:
        reader.b.add("anchor", text, at, reader.frame.host, grade=grade)
    elif number is not None and text:
        exercises.add_rung(reader, as_block(at), number, text, reader.scores)
    else:
        _plain(table, row)


# What speaks for and against


def _judged(table: Table, row: Row) -> None:
    """What speaks for and against a candidate: in all, or of the competency that the row names."""
    beside = [at for at, each in enumerate(table.holds) if each in JUDGED]
    named = next((at for at, each in enumerate(table.holds) if each in NAMED), None)
    sign_at = table.first("sign")
    sign = sign_of(table.text(row, sign_at)) if sign_at is not None else None
    if sign and named is not None:
        _say(table, row[named], sign, row)
        return
    of_each = named is not None and (table.holds[named] == "competency" or len(beside) > 1)
    if of_each and table.text(row, named):
        _competency(table, row)
        return
    for at, cell in enumerate(row):
        if at in beside and cell.text:
            _say(table, cell, table.holds[at], row)
        elif cell.text and table.holds[at] not in ("critical", "number"):
            said = f"{table.names[at]}: {plain(cell.text)}"
            parent = passages.frame_parent(table.reader)
            table.reader.b.add("fact", said, cell, parent, topic=table.reader.frame.topic)


def _flag(purpose: str) -> str:
    """What speaks for or against a candidate without belonging to anything is a flag."""
    return {"positive": "green", "negative": "red"}.get(purpose, purpose)


def _say(table: Table, cell: Cell, purpose: str, row: Row) -> None:
    reader = table.reader
    critical = table.first("critical")
    grave = critical is not None and bool(YES.fullmatch(table.text(row, critical)))
    heading = table.names[cell.cell] if cell.cell < len(table.names) else ""
    label = "critical" if grave or rubrics.is_critical(heading) else None
    purpose = purpose if reader.frame.host else _flag(purpose)
    reader.push(reader.frame.inside(60, purpose=purpose, label=label))
    for line in lines_of(cell):
        if purpose in POLARITIES:
            rubrics.judged(reader, as_block(line))
        else:
            content.read(reader, as_block(line))
    reader.stack.pop()


def _competency(table: Table, row: Row) -> None:
    """A competency, with its definition, weight and what speaks for and against it."""
    reader = table.reader
    named = table.first("competency")
    named = (table.first(*NAMED) or 0) if named is None else named
    name = table.text(row, named)
    frame = reader.frame
    if frame.exercise or frame.question:
        _criterion(table, row)
        return
    if not name:
        return
    area_at = table.first("topic") if table.first("topic") != named else None
    area = table.text(row, area_at) if area_at is not None else ""
    parent = reader.b.add("area", area, row[area_at or 0], topic=area) if area else frame.area
    competency = reader.b.add("competency", name, row[named], parent, topic=name)
    reader.push(frame.inside(55, competency=competency, topic=name))
    for at, cell in enumerate(row):
        holds = table.holds[at] if at < len(table.holds) else "other"
        if not cell.text or at in (named, area_at) or holds == "number":
            continue
        if holds in JUDGED:
            _say(table, cell, holds, row)
            continue
        label = table.names[at]
        bare_text = holds == "definition" or not label
        said = plain(cell.text) if bare_text else f"{label.capitalize()}: {plain(cell.text)}"
        reader.b.add("fact", said.replace("\n", " "), cell, competency, topic=name)
    reader.stack.pop()


def _criterion(table: Table, row: Row) -> None:
    """A criterion of a question or exercise, and what its row says about it."""
    frame = table.reader.frame
    text = " – ".join(plain(cell.text).replace("\n", " ") for cell in row if cell.text)
    parent = frame.exercise.id if frame.exercise else frame.question
    table.reader.b.add(
        "point", text, row[0], parent, question=frame.rubric, role="core", topic=frame.topic
    )


# The rest


def _reversed(table: Table, row: Row) -> None:
    """What candidates ask, and what they are told of the company."""
    asked, *answers = (cell for cell in row if cell.text)
    b = table.reader.b
    question = b.add("candidate_question", plain(asked.text).strip("\"“”'"), asked)
    for cell in answers:
        b.add("fact", plain(cell.text), cell, question)


def _rules(table: Table, row: Row) -> None:
    """What is to be done and what is not, side by side."""
    frame = table.reader.frame
    parent = frame.exercise.id if frame.exercise else frame.question
    for name, cell in zip(table.names, row, strict=False):
        for line in lines_of(cell):
            table.reader.b.add("rule", line.text, line, parent, topic=name)


def _topic(table: Table, row: Row) -> None:
    """A topic, and the things its row lists under it."""
    name = plain(row[0].text)
    b = table.reader.b
    topic = b.add("topic", name, row[0], table.reader.frame.area, topic=name)
    for cell in row[1:]:
        for part in re.split(r"\n|,\s+(?:and\s+)?(?![^(]*\))", plain(cell.text)):
            if part:
                b.add("fact", part, cell, topic, topic=name)


def _agenda(table: Table) -> None:
    """The parts of the hour, each with its minutes."""
    timed = _timed(table)
    exercise = table.reader.frame.exercise
    spans = [SPAN.search(table.text(row, timed)) for row in table.rows]
    ends = [(int(found[1]), int(found[2])) for found in spans if found]
    on_a_clock = len(ends) > 1 and all(a[1] == b[0] for a, b in pairwise(ends))
    for row, span in zip(table.rows, spans, strict=True):
        said = table.text(row, timed)
        minutes = passages.minutes_between(said) or minutes_in(said) or minutes_in(f"{said} min")
        if span and on_a_clock:
            minutes = float(int(span[2]) - int(span[1]))
        cells = [cell for at, cell in enumerate(row) if cell.text and at != timed]
        texts = [plain(cell.text).replace("\n", "; ") for cell in cells]
        at = cells[0] if cells else row[0]
        parent = exercise.id if exercise else None
        table.reader.b.add("format", " – ".join(texts) or said, at, parent, minutes=minutes or None)


def _timed(table: Table) -> int:
    """The column that says how long a part takes, not at what o'clock it begins."""
    columns = [at for at, holds in enumerate(table.holds) if holds == "minutes"]
    o_clock = [
        at for at in columns if all(CLOCK_ONLY.fullmatch(table.text(r, at)) for r in table.rows)
    ]
    return next((at for at in columns if at not in o_clock), columns[0])


def _plain(table: Table, row: Row) -> None:
    """Any other row, said with its header."""
    reader = table.reader
    pairs = zip(table.names, row, strict=False)
    text = "; ".join(
        f"{name}: {plain(c.text)}" if name else plain(c.text) for name, c in pairs if c.text
    )
    if POLARITIES.get(reader.frame.purpose or ""):
        content.read(reader, Block("item", text, row[0].line, row[0].line))
    else:
        parent = passages.frame_parent(reader)
        reader.b.add("fact", text, row[0], parent, topic=reader.frame.topic)
