"""Sections: what a heading says, and where it does not, what stands below it."""

import re

from knowledge.blocks import Block
from knowledge.parser import content
from knowledge.parser.frames import ASKING, INFORMATIONAL
from knowledge.parser.names import about_ones_own, project_name
from knowledge.parser.reader import Reader
from knowledge.parser.scales import is_scale
from knowledge.parser.scraped import is_level_name
from knowledge.parser.titles import Shape
from knowledge.parser.vocabulary import Purpose
from knowledge.parser.wording import (
    TAG,
    is_question,
    level_in,
    minutes_in,
    section_kind,
    title_purpose,
)

OPEN_TO_QUESTIONS: frozenset[Purpose | None] = frozenset(
    {None, "required", "areas", "competencies", "level", "tags"}
)
NAMES_TOPIC: frozenset[Purpose | None] = frozenset({None, "questions", "ask"})
LEAVES_EXERCISE: frozenset[Purpose | None] = frozenset(
    {"money", "ask", "areas", "competencies", "progression", "exercise", "resume", "attitudes"}
)
WITHIN_EXERCISE: dict[Purpose | None, Purpose] = {
    "required": "covers",
    "competencies": "covers",
    "follow_up": "questions",
}
GENERIC = re.compile(r"(the )?((interview|core|main|other|more|example|sample) )?questions", re.I)


def open_section(reader: Reader, block: Block, said: str, purpose: Purpose | None) -> None:
    """A section, with what its title says about what stands in it."""
    outer = reader.frame
    first = is_document_title(reader, block)
    if first and (purpose in {*INFORMATIONAL, "detail"} or names_exercise_below(reader, purpose)):
        purpose = None
    if outer.exercise and purpose in WITHIN_EXERCISE:
        purpose = WITHIN_EXERCISE[purpose]
    if purpose in LEAVES_EXERCISE:
        outer = outer._replace(exercise=None, competency=None, question=None)
    if (
        purpose in OPEN_TO_QUESTIONS
        and outer.purpose not in INFORMATIONAL
        and reader.asks(reader.at)
    ):
        purpose = outer.purpose if outer.purpose in ASKING else "questions"
    if not purpose and not first:
        purpose = purpose_by_shape(reader, block)
    elif purpose == "covers" and is_scale(list(reader.section(reader.at))):
        purpose = "scale"
    said = without_minutes(said)
    alone = " " not in said and title_purpose(said) == "questions"  # "Fragen"
    of_level = bool(level_in(said)) and said.lower().endswith(" questions")
    names = not is_level_name(said) and not alone and not of_level and not GENERIC.fullmatch(said)
    names_topic = names and (not first or leads_to_a_question(reader))
    project = project_name(said) or outer.project
    if project:
        said = about_ones_own(said, project)
    section = outer.inside(
        block.level,
        purpose=purpose or outer.purpose,
        title=said,
        line=block.line,
        topic=said if purpose in NAMES_TOPIC and names_topic else None,
        kind=section_kind(said) or outer.kind,
        level=(None if first else level_in(said)) or outer.level,
        label=said if purpose else outer.label,
        project=project,
    )
    reader.push(section)
    content.open_section(reader, block, purpose)


def without_minutes(said: str) -> str:
    """A title without the time in brackets after it."""
    shorter = TAG.sub("", said)
    return shorter if minutes_in(said) and not minutes_in(shorter) else said


def purpose_by_shape(reader: Reader, block: Block) -> Purpose | None:
    """What a section of unknown title is for, by what stands in it."""
    outer = reader.frame
    if outer.purpose not in (None, "exercise") or outer.question:
        return None
    if is_scale(list(reader.section(reader.at))):
        return "scale"
    if outer.exercise:
        return "rule" if reader.shape_below() == "orders" else None
    if reader.holds_areas(block.level):
        return "areas"
    by_shape: dict[Shape | None, Purpose] = {"orders": "advice", "times": "format"}
    return by_shape.get(reader.shape_below())


def is_document_title(reader: Reader, block: Block) -> bool:
    """Whether a heading names the whole document and not a section of it."""
    if block is not reader.blocks[0]:
        return False
    sections = [b for b in reader.blocks if b.kind == "heading" and b.level and b is not block]
    others = [b for b in sections if not is_question(b.text)]
    return bool(others) and all(b.level > block.level for b in others)


def leads_to_a_question(reader: Reader) -> bool:
    ahead = (reader.blocks[at] for at in range(reader.at, len(reader.blocks)))
    headings = (b for b in ahead if b.kind == "heading" and b.level)
    following = next(headings, None)
    return following is not None and is_question(following.text)


def names_exercise_below(reader: Reader, purpose: Purpose | None) -> bool:
    headings = (b for b in reader.blocks[1:] if b.kind == "heading" and b.level)
    return purpose == "exercise" and any(title_purpose(b.text) == "exercise" for b in headings)
