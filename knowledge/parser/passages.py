"""Passages that are read rather than asked: facts, advice, notes and the parts of the hour."""

import re
from collections.abc import Sequence

from knowledge.atoms import Kind
from knowledge.blocks import Block
from knowledge.parser import exercises
from knowledge.parser.answers import sentences
from knowledge.parser.directing import directs
from knowledge.parser.languages import matches
from knowledge.parser.names import about_ones_own
from knowledge.parser.reader import Reader
from knowledge.parser.references import joined
from knowledge.parser.vocabulary import POLARITIES
from knowledge.parser.wording import label_purpose, lead, minutes_in, plain

PARTS_LISTED = re.compile(
    r"\b(involving|consists of|including|made up of|comprises):? (.+,.+)$", re.I
)
SPAN = re.compile(
    r"^\W*(?:min(?:ute|ute[ns]|\.)?\s*)?(\d{1,3})\s*(?:-|–|—|to|bis|à|a)\s*(\d{1,3})(?!\d|:)", re.I
)
CLOCK_LED = re.compile(r"^(?:[A-Z][\w ]{0,20}:\s+)?(\d{1,2})[:.](\d{2})\s+(?=[^\W\d])")
CLOCK = re.compile(r"\b(\d{1,2}):(\d{2})\s*(?:-|–|—|to)\s*(\d{1,2}):(\d{2})\b")


def passage(reader: Reader, block: Block) -> None:
    """Anything else: a fact, or advice when it exhorts."""
    text = plain(block.text)
    if reader.talks_of_money(text):
        reader.amend(purpose="money")
    if CLOCK_LED.match(text) and on_a_clock(reader):
        reader.b.add("format", text, block)
        return
    of_the_hour = re.search(r"\b(interview|panel|session|assessment)\b", text)
    if (of_the_hour and is_part(text)) or (reader.in_preamble() and minutes_in(text)):
        format_part(reader, block)
        return
    kind: Kind = "advice" if directs(text) else "fact"
    whole(reader, block, kind)


def on_a_clock(reader: Reader) -> bool:
    """Whether lines here begin, one after the other, with a later time."""
    said = [CLOCK_LED.match(plain(each.text)) for each in reader.around()]
    times = [int(found[1]) * 60 + int(found[2]) for found in said if found]
    return len(times) > 2 and times == sorted(times)


def whole(reader: Reader, block: Block, kind: Kind) -> None:
    """A passage with what stands further in below it, as one atom."""
    blocks = [block, *(reader.nested(block) if block.kind == "item" else ())]
    text = joined(blocks)
    if reader.frame.project:
        text = about_ones_own(text, reader.frame.project)
    if not re.search(r"\w", text):
        reader.b.skip(block, "Nothing to read.")
        return
    frame = reader.frame
    topic = frame.topic if frame.purpose in POLARITIES else frame.label or frame.topic
    reader.b.add(
        kind, text, block, frame_parent(reader), topic=topic, question=reader.frame.question
    )
    for inner in blocks[1:]:
        reader.b.cover(inner)


def frame_parent(reader: Reader) -> str | None:
    """What a passage belongs to: the exercise, question or competency it stands under."""
    frame = reader.frame
    exercise = frame.exercise.id if frame.exercise else None
    return exercise or frame.question or frame.competency


def advice(reader: Reader, block: Block) -> None:
    whole(reader, block, "advice")


def fact(reader: Reader, block: Block) -> None:
    whole(reader, block, "fact")


def note(reader: Reader, block: Block) -> None:
    """A quoted remark: advice when it says it is a note, a fact otherwise."""
    said = lead(block.text)
    is_note = said is not None and label_purpose(said.label) == "advice"
    text = plain(said.rest if said and is_note and said.rest else block.text)
    reader.b.add("advice" if is_note else "fact", text, block, frame_parent(reader))


def format_part(reader: Reader, block: Block) -> None:
    """Parts of the interview and how long they take; what speaks of neither is a fact."""
    if reader.frame.exercise:
        exercises.format_value(reader, block)
        return
    said = sentences(plain(block.text)) if block.kind == "paragraph" else [plain(block.text)]
    if not any(is_part(text) for text in said):
        whole(reader, block, "fact")
        return
    for text in said:
        aside = re.search(r"\b(end|start|beginning|out) of (the|a|an)\b", text)
        own = minutes_on_clock(text, [each.text for each in reader.around()])
        own = None if aside else own or minutes_in(text) or minutes_between(text)
        parts = listed_parts(text)
        for part in parts:
            minutes = minutes_in(part) if len(parts) > 1 else own
            reader.b.add("format" if is_part(text) else "fact", part, block, minutes=minutes or own)


def listed_parts(sentence: str) -> list[str]:
    """The parts that a sentence lists, or the sentence."""
    timed = re.split(r"[,;]\s+(?:and\s+|then\s+)?", sentence.rstrip("."))
    if all(map(minutes_in, timed)):
        return timed
    found = PARTS_LISTED.search(sentence)
    if not found or minutes_in(sentence):
        return [sentence]
    parts = re.split(r",\s+(?:and\s+)?|\s+and\s+", found[2].rstrip("."))
    return [part[:1].upper() + part[1:] for part in parts if part]


def minutes_between(text: str) -> float | None:
    """How long it is from one clock time to another, as in "0:45–0:55 Your questions"."""
    found = CLOCK.search(text)
    if not found:
        return None
    start, end = (int(found[n]) * 60 + int(found[n + 1]) for n in (1, 3))
    return float(end - start) if end > start else None


def minutes_on_clock(text: str, others: Sequence[str]) -> float | None:
    """How long a part takes that "5-20 min" tells from the start, where others go on from it."""
    found = SPAN.match(plain(text))
    if not found:
        return None
    start, end = int(found[1]), int(found[2])
    spans = [(int(other[1]), int(other[2])) for other in map(SPAN.match, others) if other]
    chained = any(each[1] == start or each[0] == end for each in spans if each != (start, end))
    return float(end - start) if chained and end > start else None


def is_part(text: str) -> bool:
    """Whether a sentence tells of a part of this interview."""
    other = re.search(
        r"\b(following|after|before|prior to) this\b|\bscheduled before\b", text, re.I
    )
    part = re.search(
        r"\b(introductions?|conclusion|wrap[- ]?up|components?|warm[- ]?up|break|closing|opening"
        r"|candidates? to ask)\b",
        text,
        re.I,
    )
    return not other and bool(
        part or matches("parts", text) or minutes_in(text) or minutes_between(text)
    )
