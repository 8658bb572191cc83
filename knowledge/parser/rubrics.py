"""What an answer is judged by: indicators, flags, signs, points, anchors, levels, hints."""

import re

from knowledge.atoms import Kind
from knowledge.blocks import Block
from knowledge.parser import exercises
from knowledge.parser.answers import ONE_OF_THESE, listed
from knowledge.parser.languages import matches
from knowledge.parser.layout import SIGNS
from knowledge.parser.passages import passage
from knowledge.parser.reader import Reader
from knowledge.parser.references import joined
from knowledge.parser.scales import grade_led, rung
from knowledge.parser.vocabulary import CRITICAL, EXHORTATION, GRADES, POLARITIES, Purpose
from knowledge.parser.wording import Lead, bare, lead, level_in, plain

LISTED: frozenset[Purpose | None] = frozenset({"covers", *POLARITIES})  # type: ignore[arg-type]


def judged(reader: Reader, block: Block) -> None:
    """An indicator, a flag, or a sign when it is about what an employer answers."""
    frame = reader.frame
    purpose = frame.purpose or ""
    polarity = POLARITIES[purpose]
    text = plain(block.text)
    if block.kind == "paragraph" and not block.part and beside_a_list(reader, text):
        passage(reader, block)
        return
    if block.kind == "item":
        reader.amend(listed=True)
        text = joined([block, *covered(reader, block)])
    shared = {"polarity": polarity, "question": frame.rubric, "topic": frame.topic}
    if frame.asked == "candidate_question":
        reader.b.add("sign", text, block, frame.question, **shared)
    elif purpose in ("red", "green") or not frame.host:
        critical = any(map(is_critical, (text, frame.label or ""))) or None
        reader.b.add(
            "flag", text, block, frame.question or frame.competency, critical=critical, **shared
        )
    else:
        reader.b.add("indicator", text, block, frame.host, level=frame.level, **shared)


def is_critical(text: str) -> bool:
    """Whether a flag or its label says that a person must look at it first."""
    return bool(CRITICAL.search(text)) or matches("critical", text)


def signed(reader: Reader, block: Block) -> None:
    """A bullet that is plus or minus: an indicator of what stands above, else a flag."""
    frame = reader.frame
    own = POLARITIES.get(frame.purpose or "")
    polarity = "negative" if "negative" in (own, SIGNS[block.marker]) else "positive"
    text = joined([block, *covered(reader, block)])
    kind: Kind = "flag" if frame.host is None or frame.purpose in ("red", "green") else "indicator"
    parent = frame.host if kind == "indicator" else frame.question or frame.competency
    reader.b.add(
        kind, text, block, parent, polarity=polarity, question=frame.rubric, topic=frame.topic
    )


def statements(purpose: Purpose | None, text: str) -> list[str]:
    """What a label's own line lists, one by one."""
    if purpose in LISTED:
        return [each.strip() for each in text.split(";") if each.strip()]
    return [text]


def beside_a_list(reader: Reader, text: str) -> bool:
    """Whether a passage only introduces a list or follows it."""
    return (
        text.endswith(":")
        or reader.frame.listed
        or reader.listed_below()
        or bool(EXHORTATION.match(text))
    )


def covered(reader: Reader, block: Block) -> list[Block]:
    """What stands further in below an item, taken as part of it."""
    inner = list(reader.nested(block))
    for each in inner:
        reader.b.cover(each)
    return inner


def covers(reader: Reader, block: Block) -> None:
    """A criterion or a thing that a good answer says: a point."""
    frame = reader.frame
    text = plain(block.text)
    if not text.endswith(":"):
        parent = frame.exercise.id if frame.exercise else frame.question or frame.competency
        question = frame.rubric
        if parent is None:
            reader.b.add("fact", text, block, topic=frame.label)
            return
        ways = re.split(r"\s+/\s+", text.rstrip("."))
        group = f"one-of-{block.line}" if len(ways) > 1 else None
        for way in ways if group else [text]:
            reader.b.add(
                "point", way, block, parent, question=question, topic=frame.topic,
                role="any_of" if group else "core", group=group,
            )  # fmt: skip


def one_of(reader: Reader, block: Block, said: Lead) -> bool:
    """The points after "Good answers mention one of these", of which one is enough."""
    frame = reader.frame
    ways = listed(said.rest) if ONE_OF_THESE.search(said.label) else []
    if frame.purpose != "covers" or not frame.rubric or len(ways) < 2:
        return False
    for way in ways:
        reader.b.add(
            "point", way, block, frame.question or frame.host, question=frame.rubric,
            topic=frame.topic, role="any_of", group=f"one-of-{block.line}",
        )  # fmt: skip
    return True


def hint(reader: Reader, block: Block) -> None:
    child(reader, block, "hint")


def follow_up(reader: Reader, block: Block) -> None:
    child(reader, block, "follow_up")


def child(reader: Reader, block: Block, kind: Kind) -> None:
    """A hint or follow-up of the question at hand."""
    frame = reader.frame
    text = bare(block.text) if kind == "follow_up" else plain(block.text)
    if frame.question is None:
        passage(reader, block)
    else:
        reader.b.add(kind, text, block, frame.question, question=frame.question, topic=frame.topic)


def graded(reader: Reader, block: Block) -> None:
    """An anchor: what exceeds, meets or stays below looks like."""
    grade = GRADES[reader.frame.purpose or ""]
    frame = reader.frame
    reader.b.add(
        "anchor",
        plain(block.text),
        block,
        frame.host,
        grade=grade,
        question=frame.rubric,
        topic=frame.topic,
    )


def scale(reader: Reader, block: Block) -> None:
    """A rung of a numeric scale: its ends and middle are anchors, the rest facts."""
    found = rung(numbered_text(block))
    said, grade = lead(block.text), grade_led(block.text)
    if found:
        here = [rung(numbered_text(each)) for each in reader.around()]
        exercises.add_rung(reader, block, *found, [each[0] for each in here if each])
    elif said and grade:
        reader.amend(purpose=grade)
        graded(reader, Block("paragraph", said.rest, block.line, block.end))
        reader.amend(purpose="scale")
    else:
        passage(reader, block)


def numbered_text(block: Block) -> str:
    """An item's text with its number, which is a score and not a count here."""
    marker = f"{block.marker} " if block.kind == "item" and block.numbered else ""
    return marker + plain(block.text)


def levelled(reader: Reader, block: Block) -> None:
    """What is expected at a level."""
    frame = reader.frame
    level = level_in(frame.label or "")
    reader.b.add(
        "level", plain(block.text), block, frame.competency or frame.question, level=level,
        question=frame.question, topic=frame.topic,
    )  # fmt: skip


def tags(reader: Reader, block: Block) -> None:
    """A question's difficulty or level."""
    level, frame = level_in(block.text), reader.frame
    if level and frame.question:
        reader.b.change(frame.question, level=level)
        reader.b.skip(block, "The level of the question above.")
    elif frame.question:
        reader.b.add("fact", plain(block.text), block, frame.question, topic=frame.label)


def about_topic(reader: Reader, block: Block) -> None:
    """A question's topic."""
    frame = reader.frame
    if frame.question:
        text = plain(block.text)
        reader.b.add("topic", text, block)
        reader.b.change(frame.question, topic=text)
