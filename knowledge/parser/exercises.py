"""Competencies and exercises: the parts of a hiring kit that carry a rubric of their own."""

import re
from collections.abc import Sequence

from knowledge.atoms import Kind
from knowledge.blocks import Block
from knowledge.parser.answers import sentences
from knowledge.parser.directing import binds, orders
from knowledge.parser.reader import Reader
from knowledge.parser.references import joined
from knowledge.parser.scales import grade_of
from knowledge.parser.wording import is_question, level_in, minutes_in, plain, section_kind

CASTS = re.compile(r"^(?:the )?(?:interviewer|you)s? plays?\b|^you are (?:an?|the) (?!given)", re.I)
OF_CANDIDATE = re.compile(
    r"\bthe (?:candidate|applicant)s?\b"
    r"|\b(?:la|el|der|die|den|le|il|lo|de|o|a) (?:persona )?"
    r"(?:candidat|kandidat|sollicitant|bewerber)\w*",
    re.I,
)
GOOD_ONE = re.compile(
    r"^(?:(?:they|the candidate|candidates) should"
    r"|(?:an?|the) (?:good|strong|great) (?:one|answer|candidate|solution))\s+"
    r"((?!not\b|be\b)\w.*)$",
    re.I | re.S,
)


def open_competency(reader: Reader, block: Block, name: str) -> None:
    """A competency that has a heading of its own."""
    identity = reader.b.add("competency", name, block, topic=name)
    reader.amend(competency=identity, topic=name, title=name, label=None)


def open_exercise(reader: Reader, block: Block) -> None:
    """An exercise; a title that only announces several waits for their own titles."""
    frame = reader.frame
    if re.search(r"\bquestions$", frame.title, re.I):
        reader.amend(purpose="questions", kind="screening", topic=None)
        return
    name = re.sub(r"\s+criteria$", "", frame.title, flags=re.I)
    identity = reader.b.add("exercise", name, block, topic=name)
    is_resume = frame.purpose == "resume"
    if frame.announced:
        frame.announced.counted += 1
    reader.new_exercise(identity)
    kind = section_kind(name) or "scenario"
    reader.amend(kind=kind, topic=name, title=frame.title, competency=None, announced=None)
    if is_resume:
        reader.amend(purpose="resume")


def prompt(reader: Reader, block: Block) -> None:
    """What the candidate is given to do: the paragraphs before the first label, as one question."""
    frame = reader.frame
    exercise = frame.exercise
    if exercise and brief(reader, block, exercise.id):
        return
    is_prompt = block.kind == "paragraph" or is_question(block.text)
    if not exercise or not is_prompt or plain(block.text).endswith(":"):
        reader.b.add(
            "fact", joined([block]), block, exercise.id if exercise else None, topic=frame.topic
        )
        return
    more = reader.following("paragraph", "item") if block.kind == "paragraph" else ()
    blocks = [block, *more]
    text = re.sub(r"^Scenario[.:]\s+", "", joined(blocks))
    name = reader.b.atoms[exercise.id].text
    variant = name if frame.title.startswith(name) else f"{name}: {frame.title}"
    identity = reader.b.add(
        "question",
        text,
        block,
        exercise.id,
        question_kind=frame.kind,
        topic=variant,
        level=frame.level,
    )
    for each in blocks[1:]:
        reader.b.cover(each)
    if identity not in exercise.prompts:
        exercise.prompts.append(identity)
    if frame.announced:
        frame.announced.counted += 1


def brief(reader: Reader, block: Block, exercise: str) -> bool:
    """What interviewers are told: whom they play, how they hold it, what a good answer does."""
    said = sentences(plain(block.text))
    told = any(CASTS.match(each) or OF_CANDIDATE.search(each) for each in said)
    if not told and not (block.kind == "item" and any(orders(s) or binds(s) for s in said)):
        return False
    for each in said:
        if each.endswith("?"):
            continue
        hears = GOOD_ONE.match(each)
        kind: Kind = "point" if hears else "rule" if orders(each) or binds(each) else "fact"
        role = "core" if hears else None
        text = hears[1][:1].upper() + hears[1][1:] if hears else each
        shared = {"question": reader.frame.rubric, "role": role, "topic": reader.frame.topic}
        reader.b.add(kind, text, block, exercise, **shared)
    return True


def criterion(reader: Reader, block: Block) -> None:
    """One criterion of a résumé review; a question of it is to be answered yes or no."""
    frame = reader.frame
    if frame.exercise:
        reader.b.add(
            "point", plain(block.text), block, frame.exercise.id,
            question=frame.exercise.id, role="core", topic=frame.topic,
        )  # fmt: skip
        if frame.announced:
            frame.announced.counted += 1


def rule(reader: Reader, block: Block) -> None:
    """A constraint, tension, piece of guidance or do-not, under its label."""
    frame = reader.frame
    parent = frame.exercise.id if frame.exercise else frame.question
    reader.b.add("rule", plain(block.text), block, parent, question=frame.rubric, topic=frame.label)


def minutes(reader: Reader, block: Block) -> None:
    """How long the exercise or the answer may take."""
    format_value(reader, block)


def format_value(reader: Reader, block: Block) -> None:
    """How an exercise is held and for how long."""
    frame = reader.frame
    text, taken = plain(block.text), minutes_in(block.text)
    if frame.exercise and taken and reader.b.atoms[frame.exercise.id].minutes is None:
        reader.b.change(frame.exercise.id, minutes=taken)
    said = f"{frame.label}: {text}" if frame.purpose == "minutes" and frame.label else text
    parent = frame.exercise.id if frame.exercise else frame.question
    reader.b.add("format", said, block, parent, minutes=taken, topic=frame.label)


def requirement(reader: Reader, block: Block) -> None:
    """The competency a page asks about, then what the job requires of it."""
    frame = reader.frame
    text = plain(block.text)
    if len(text) < 70 and not text.endswith("."):
        identity = reader.b.add("competency", text, block, frame.area, topic=text)
        remember(reader, competency=identity, topic=text)
        return
    level = _expected_level(reader)
    if level and frame.competency:
        reader.b.add("level", text, block, frame.competency, level=level, topic=frame.topic)
    else:
        reader.b.add("fact", text, block, frame.competency, topic=frame.topic)


def discipline(reader: Reader, block: Block) -> None:
    """The area that a page's competency is of."""
    name = plain(block.text)
    remember(reader, area=reader.b.add("area", name, block, topic=name))


def remember(reader: Reader, **changes: object) -> None:
    """Let the section at hand, not only its label, know this."""
    label = reader.stack.pop()
    reader.amend(**changes)
    reader.push(label)
    reader.amend(**changes)


def detail(reader: Reader, block: Block) -> None:
    """Who takes part, who listens, in which round: said with its label."""
    frame = reader.frame
    parent = frame.exercise.id if frame.exercise else frame.question or frame.competency
    reader.b.add("fact", f"{frame.label}: {plain(block.text)}", block, parent, topic=frame.label)


def _expected_level(reader: Reader) -> str | None:
    """The level that the page goes on to speak of, with the words "Expected at ..."."""
    for block in reader.blocks[reader.at : reader.at + 3]:
        if re.match(r"^expected (at|for)\b", block.text, re.I):
            return level_in(block.text)
    return None


def add_rung(reader: Reader, block: Block, score: int, text: str, scale: Sequence[int]) -> None:
    """A rung of a scale: its ends and its middle are anchors, the rest facts."""
    frame = reader.frame
    grade = grade_of(score, scale) if len(scale) > 1 else None
    if grade:
        reader.b.add("anchor", text, block, frame.host, grade=grade, question=frame.rubric)
    else:
        reader.b.add("fact", f"{score}: {text}", block, frame.host, topic=frame.label)
