"""What the lines of a section become, by what the section is for."""

import re
from collections.abc import Callable

from knowledge.blocks import Block
from knowledge.parser import asking, exercises, ladders, passages, rubrics
from knowledge.parser.answers import sentences
from knowledge.parser.reader import Reader
from knowledge.parser.vocabulary import GRADES, Purpose
from knowledge.parser.wording import lead, minutes_in, plain, title

Handler = Callable[[Reader, Block], None]
# Labels whose value stands on their own line; the line after it is something else.
ONE_LINE: frozenset[Purpose | None] = frozenset(
    {"tags", "about_topic", "minutes", "detail", "level", "hint", *GRADES}  # type: ignore[arg-type]
)
COMPETENCY = re.compile(
    r"^(?:(?:core|key) )?"
    r"(?:competenc\w+|kompetenz|competência|compétence|competenza|competentie)"
    r"(?:\s+(?:\d{1,2}|[A-Z]))?\s*[:–—.-]\s*(.+)$",
    re.I,
)


def read(reader: Reader, block: Block) -> None:
    """The atoms of a block that is no heading, label or question."""
    frame = reader.frame
    if block.kind == "quote":
        passages.note(reader, block)
    elif frame.asked == "money" and asking.CANDIDATE_MIGHT.match(plain(block.text)):
        asking.money_points(reader, block, plain(block.text))
    elif frame.answer is not None:
        frame.answer.append(block)
    else:
        HANDLERS.get(frame.purpose, passages.passage)(reader, block)


def contents(reader: Reader, block: Block) -> None:
    reader.b.skip(block, "A table of contents.")


def closing(reader: Reader, block: Block) -> None:
    reader.b.skip(block, "A farewell.")


# Sections


def topic(reader: Reader, block: Block) -> None:
    """A thing that may be asked, within its area."""
    text = plain(block.text)
    if block.kind == "paragraph":
        passages.passage(reader, block)
        return
    below = reader.blocks[reader.at] if reader.at < len(reader.blocks) else None
    if below and below.kind == "item" and below.column > block.column == 0:
        reader.amend(area=reader.b.add("area", text.rstrip(":"), block, topic=text.rstrip(":")))
        return
    reader.b.add("topic", text.rstrip(":"), block, reader.frame.area, topic=text.rstrip(":"))


def competency(reader: Reader, block: Block) -> None:
    """A competency of a list, with its description."""
    said = lead(block.text)
    if block.kind != "item":
        passages.passage(reader, block)
        return
    name = said.label if said else plain(block.text)
    identity = reader.b.add("competency", name, block, topic=name)
    if said and said.rest:
        reader.b.add("fact", plain(said.rest), block, identity, topic=name)


def hard(reader: Reader, block: Block) -> None:
    """Why a role is hard: each sentence is a demand that cuts across the competencies."""
    if block.kind == "item":
        reader.b.add("indicator", plain(block.text), block, polarity="positive")
        return
    for text in sentences(plain(block.text)):
        reader.b.add("indicator", demand(text), block, polarity="positive")


def demand(sentence: str) -> str:
    """What a sentence asks for, without its way of asking."""
    said = re.sub(r"^hiring\b.*?\bbecause\s+", "", sentence, flags=re.I)
    said = re.sub(r"^(most|many)\b[^,]*,\s*but (few|not all)\s+", "", said, flags=re.I)
    said = re.sub(
        r"^you(?:['’]ll)? need (to see )?((some|any)one who |people who )?", "", said, flags=re.I
    )
    return said[:1].upper() + said[1:]


def ask_back(reader: Reader, block: Block) -> None:
    """A question that a candidate may ask, or the name of a group of them."""
    text = plain(block.text)
    if block.kind == "item" and text.endswith(":"):
        reader.amend(topic=text.rstrip(":").strip())
        reader.b.skip(block, "A label: it says what the lines below it are.")
    else:
        passages.advice(reader, block)


def why_ask(reader: Reader, block: Block) -> None:
    frame = reader.frame
    reader.b.add(
        "advice",
        plain(block.text),
        block,
        frame.question,
        question=frame.question,
        topic=frame.topic,
    )


def open_section(reader: Reader, block: Block, purpose: Purpose | None) -> None:
    """What a heading itself is: an area, a competency, an exercise, or only a title."""
    frame = reader.frame
    outer = reader.stack[-2]
    if (taken := minutes_in(block.text)) and not frame.exercise:
        reader.b.add("format", title(block.text), block, minutes=taken)
    named = COMPETENCY.match(frame.title)
    if named or (
        outer.purpose in ("competencies", "attitudes", "competency_questions") and not purpose
    ):
        exercises.open_competency(reader, block, named[1] if named else frame.title)
    elif purpose in ("exercise", "resume"):
        exercises.open_exercise(reader, block)
    elif outer.purpose in ("areas", "progression") and not purpose:
        reader.amend(area=reader.b.add("area", frame.title, block, topic=frame.title))
    elif frame.purpose == "money" == outer.purpose and reader.asks(reader.at):
        asking.open_technology(reader, block)
    elif (
        not purpose and not frame.host and frame.topic and ladders.holds_levels(reader, block.level)
    ):
        exercises.open_competency(reader, block, frame.title)
    elif frame.exercise and not purpose:
        reader.amend(topic=outer.topic)


HANDLERS: dict[Purpose | None, Handler] = {
    "contents": contents,
    "closing": closing,
    "ask": ask_back,
    "why_ask": why_ask,
    "red": rubrics.judged,
    "green": rubrics.judged,
    "positive": rubrics.judged,
    "negative": rubrics.judged,
    "covers": rubrics.covers,
    "hint": rubrics.hint,
    "follow_up": rubrics.follow_up,
    "exceeds": rubrics.graded,
    "meets": rubrics.graded,
    "below": rubrics.graded,
    "scale": rubrics.scale,
    "rule": exercises.rule,
    "advice": passages.advice,
    "format": passages.format_part,
    "minutes": exercises.minutes,
    "level": rubrics.levelled,
    "tags": rubrics.tags,
    "about_topic": rubrics.about_topic,
    "detail": exercises.detail,
    "why_hard": hard,
    "requirement": exercises.requirement,
    "discipline": exercises.discipline,
    "exercise": exercises.prompt,
    "resume": exercises.criterion,
    "competencies": competency,
    "areas": topic,
    "money": passages.passage,
    "required": passages.fact,
}
