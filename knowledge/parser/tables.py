"""Tables: what each row is, by what the header says and the first column holds."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from knowledge.atoms import Grade, Kind
from knowledge.blocks import Block, Cell
from knowledge.parser import asking, content, exercises, passages, rubrics
from knowledge.parser.reader import Reader
from knowledge.parser.references import write_answer
from knowledge.parser.scraped import is_level_name
from knowledge.parser.vocabulary import GRADES, POLARITIES
from knowledge.parser.wording import bare, label_purpose, level_in, minutes_in, plain

Row = Sequence[Cell]
THEY_ASK = re.compile(r"\b(they|candidates?)( (may|might|can|often|will|usually))? asks?\b", re.I)


def read(reader: Reader, table: Block) -> None:
    """The atoms of a table, by what its header says."""
    header, *rows = table.rows
    names = [plain(cell.text).lower() for cell in header]
    rows = [row for row in rows if any(cell.text for cell in row)]
    for line in {cell.line for cell in header}:
        reader.b.skip(line, "A heading: it says what the lines below it are.")
    scores = (re.match(r"\d{1,4}", plain(row[0].text)) for row in rows)
    reader.scores = [int(found[0]) for found in scores if found]
    reads = _by_level if _is_by_level(names, rows) else _reader(names)
    for row in rows:
        reads(reader, names, row)


def _is_by_level(names: Sequence[str], rows: Sequence[Row]) -> bool:
    """Whether each row is a level, and tells what is expected there."""
    levels = [row for row in rows if is_level_name(plain(row[0].text))]
    return len(levels) > 1 and len(levels) * 2 > len(rows) and not any(map(_asks, names))


def _reader(names: Sequence[str]) -> Callable[[Reader, Sequence[str], Row], None]:
    """What reads a table's rows, by the names of its columns."""
    purposes = [label_purpose(name) for name in names]
    if sum(map(is_level_name, names[1:])) > 1:
        return _levels
    if len(names) > 1 and THEY_ASK.search(names[0]):
        return _reversed
    if any(map(_asks, names)):
        return _question
    if "rule" in purposes:
        return _rules
    if any(name in GRADES for name in (purpose or "" for purpose in purposes)):
        return _grades
    if any(re.search(r"\b(minutes?|duration|time)\b", name) for name in names[1:]):
        return _agenda
    if re.match(r"^(score|rating|points?|grade|level)$", names[0]):
        return _scale
    if re.search(r"\b(criteri(on|a)|requirements?|dimensions?|aspects?)\b", names[0]):
        return _criterion
    if re.search(r"\b(topics?|areas?|skills?|subjects?|themes?)\b", names[0]):
        return _topic
    return _plain


def _levels(reader: Reader, names: Sequence[str], row: Row) -> None:
    """A competency, and what it means at each level."""
    frame = reader.frame
    name = plain(row[0].text)
    competency = reader.b.add("competency", name, row[0], frame.area, topic=name)
    if frame.announced:
        frame.announced.counted += 1
    for heading, cell in zip(names[1:], row[1:], strict=False):
        level = level_in(heading)
        kind: Kind = "level" if level else "fact"
        if cell.text:
            reader.b.add(kind, plain(cell.text), cell, competency, level=level, topic=name)


def _by_level(reader: Reader, names: Sequence[str], row: Row) -> None:
    """What a level means: for what stands above, or for the competency that a column names."""
    level = level_in(row[0].text)
    frame = reader.frame
    for name, cell in zip(names[1:], row[1:], strict=False):
        parent = frame.competency or frame.question or frame.area
        if len(row) > 2 and not re.search(r"\b(expect|look|means?|signs?|descri)", name):
            parent = reader.b.add("competency", name.capitalize(), row[0], topic=name)
        if cell.text and level:
            reader.b.add(
                "level", plain(cell.text), cell, parent, level=level,
                question=frame.question, topic=frame.topic,
            )  # fmt: skip


def _reversed(reader: Reader, names: Sequence[str], row: Row) -> None:
    """What candidates ask, and what they are told of the company."""
    asked, *answers = (cell for cell in row if cell.text)
    question = reader.b.add("candidate_question", bare(asked.text), asked)
    for cell in answers:
        reader.b.add("fact", plain(cell.text), cell, question)


def _rules(reader: Reader, names: Sequence[str], row: Row) -> None:
    """What is to be done and what is not, side by side."""
    frame = reader.frame
    parent = frame.exercise.id if frame.exercise else frame.question
    for name, cell in zip(names, row, strict=False):
        if cell.text:
            reader.b.add("rule", plain(cell.text), cell, parent, topic=name)


def _criterion(reader: Reader, names: Sequence[str], row: Row) -> None:
    """A criterion and what its row says about it."""
    frame = reader.frame
    if frame.rubric is None:
        _plain(reader, names, row)
        return
    text = " – ".join(plain(cell.text) for cell in row if cell.text)
    parent = frame.exercise.id if frame.exercise else frame.question
    reader.b.add(
        "point", text, row[0], parent, question=frame.rubric, role="core", topic=frame.topic
    )


def _question(reader: Reader, names: Sequence[str], row: Row) -> None:
    """A question, with its answer and what else its row tells."""
    cells = {name: cell for name, cell in zip(names, row, strict=False) if cell.text}
    asked = next(filter(_asks, cells), None)
    if not asked:
        _plain(reader, names, row)
        return
    block = _as_block(cells.pop(asked))
    known = {
        name: cell for name, cell in cells.items() if name not in ("#", "no", "no.", "id", "nr")
    }
    level = next((level_in(c.text) for n, c in known.items() if _tells_level(n)), None)
    topic = next((plain(c.text) for n, c in known.items() if _tells_topic(n)), None)
    if topic:
        reader.b.add("topic", topic, block, reader.frame.area, topic=topic)
    reader.push(reader.frame.inside(40, topic=topic or reader.frame.topic))
    text = bare(block.text)
    kind: Kind = "candidate_question" if reader.frame.purpose == "ask" else "question"
    identity = asking.add_question(reader, block, text, kind, level)
    if reader.frame.ladder and (scenario := reader.frame.question):
        reader.b.change(scenario, group=scenario)
        reader.b.change(identity, parent=scenario, group=scenario)
    for name, cell in known.items():
        if not _tells_level(name) and not _tells_topic(name):
            _beside(reader, identity, name, cell)
    reader.stack.pop()


def _beside(reader: Reader, question: str, name: str, cell: Cell) -> None:
    """What stands beside a question in its row."""
    block, purpose = _as_block(cell), label_purpose(name)
    frame = reader.frame.inside(
        60, question=question, asked="question", purpose=purpose, label=name
    )
    if purpose == "answer" or re.search(r"\b(answers?|solution|expected)\b", name):
        write_answer(reader.b, frame.inside(61, answer=[block], label=name))
        return
    reader.push(frame)
    for text in rubrics.statements(purpose, cell.text):
        content.read(reader, replace(block, text=text))
    reader.stack.pop()


def _grades(reader: Reader, names: Sequence[str], row: Row) -> None:
    """What is below, meets and exceeds for each criterion."""
    criterion = "" if label_purpose(names[0]) in GRADES else plain(row[0].text)
    for name, cell in zip(names, row, strict=False):
        grade: Grade | None = GRADES.get(label_purpose(name) or "")
        if grade and cell.text:
            text = f"{criterion}: {plain(cell.text)}" if criterion else plain(cell.text)
            frame = reader.frame
            reader.b.add("anchor", text, cell, frame.host, grade=grade, question=frame.rubric)


def _scale(reader: Reader, names: Sequence[str], row: Row) -> None:
    """A rung of a scale: a number or a grade, and what it means."""
    text = " – ".join(plain(cell.text) for cell in row[1:] if cell.text)
    block = _as_block(row[0])
    number = re.match(r"\d{1,4}", block.text)
    grade = GRADES.get(label_purpose(block.text) or "")
    if grade and text:
        reader.b.add("anchor", text, block, reader.frame.host, grade=grade)
    elif number and text:
        exercises.add_rung(reader, block, int(number[0]), text, reader.scores)
    else:
        _plain(reader, names, row)


def _topic(reader: Reader, names: Sequence[str], row: Row) -> None:
    """A topic, and the things its row lists under it."""
    name = plain(row[0].text)
    topic = reader.b.add("topic", name, row[0], reader.frame.area, topic=name)
    for cell in row[1:]:
        for part in re.split(r",\s+(?:and\s+)?(?![^(]*\))", plain(cell.text)):
            if part:
                reader.b.add("fact", part, cell, topic, topic=name)


def _agenda(reader: Reader, names: Sequence[str], row: Row) -> None:
    """A part of the hour, and its minutes."""
    timed = next(n for n, name in enumerate(names) if re.search(r"minutes?|duration|time", name))
    said = row[timed].text if timed < len(row) else ""
    minutes = minutes_in(said) or minutes_in(f"{said} min")
    text = " – ".join(plain(cell.text) for n, cell in enumerate(row) if cell.text and n != timed)
    parent = reader.frame.exercise.id if reader.frame.exercise else None
    reader.b.add("format", text or said, row[0], parent, minutes=minutes)


def _plain(reader: Reader, names: Sequence[str], row: Row) -> None:
    """Any other row, said with its header."""
    pairs = zip(names, row, strict=False)
    text = "; ".join(
        f"{name}: {plain(c.text)}" if name else plain(c.text) for name, c in pairs if c.text
    )
    polarity = POLARITIES.get(reader.frame.purpose or "")
    if polarity:
        content.read(reader, Block("item", text, row[0].line, row[0].line))
    else:
        reader.b.add(
            "fact", text, row[0], passages.frame_parent(reader), topic=reader.frame.topic
        )


def _tells_level(name: str) -> bool:
    return bool(re.search(r"\b(level|difficulty|seniority|grade)\b", name))


def _asks(name: str) -> bool:
    return bool(re.search(r"\bquestions?\b", name)) or name in ("q", "prompt", "we ask", "ask")


def _tells_topic(name: str) -> bool:
    return bool(re.search(r"\b(topic|category|area|skill|theme)\b", name))


def _as_block(cell: Cell) -> Block:
    return Block("paragraph", cell.text, cell.line, cell.line, part=True, cell=cell.cell)
