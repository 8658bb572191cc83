"""Ladders: one scenario with a question for each level, and what things mean at each level."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice, takewhile
from typing import TYPE_CHECKING

from knowledge.atoms import Level
from knowledge.blocks import Block
from knowledge.parser import exercises
from knowledge.parser.answers import sentences
from knowledge.parser.frames import soft_depth
from knowledge.parser.reader import NEAR, Reader
from knowledge.parser.speech import poses
from knowledge.parser.wording import bare, label_purpose, lead, level_in, plain

if TYPE_CHECKING:
    from knowledge.parser.outline import Walker

LEVEL_LABEL = re.compile(
    r"(rung \d+\W+)?(for |at |an? )?(entry|junior|jr|mid|middle|senior|sr|staff|principal)\b"
    r"([ -]?(levels?|answers?|candidates?|engineers?|question))?s?\W*",
    re.I,
)
LEVEL_SENTENCE = re.compile(
    r"^(an?|the|most|our|your|for an?|from an?)?\s*"
    r"(entry|junior|mid|middle|senior|staff|principal)([ -]level)?s?\s+"
    r"(([\w-]+\s)?(candidate|answer|applicant|response)s?\b,?\s+\w|([\w-]+\s){0,2}?(will|would|should|can|could"
    r"|might|may|must|also|only|usually|typically|often)\b)",
    re.I,
)
LEADING_TAG = re.compile(r"^[\[(]([^()\[\]]{2,40})[\])]\W*\s(\S.*)$", re.S)
LOWEST = 6
RUNG = 0.25  # a rung is within its scenario, and its labels are within it


def open_scenario(walker: Walker, block: Block) -> bool:
    """A passage from which a question for each of several levels goes on."""
    if block.kind not in ("paragraph", "quote") or not rungs_below(walker):
        return False
    headed = walker.blocks[walker.at].kind == "heading"
    depth = walker.frame.depth + RUNG if headed else soft_depth(block.column)
    walker.ask(block, bare(block.text), depth)
    walker.amend(ladder=True)
    walker.b.change(walker.frame.question or "", question_kind="scenario")
    return True


def open_rung(walker: Walker, block: Block) -> bool:
    """What is asked at one level about the scenario above."""
    rung = rung_of(block) if block.kind in ("item", "paragraph") else None
    frame = walker.frame
    if frame.ladder and frame.purpose == "level" and frame.level and poses(block.text):
        rung = rung or (frame.level, bare(block.text))
    above = (f.question for f in reversed(walker.stack) if f.question and not f.rung)
    scenario = next(above, None) if rung and frame.asked == "question" else None
    if not rung or not scenario or not (frame.ladder or lead(block.text)):
        return False
    walker.leave_list(block)
    walker.ask(block, rung[1], soft_depth(block.column) + RUNG, rung[0])
    walker.b.change(scenario, group=scenario)
    walker.b.change(walker.frame.question or scenario, parent=scenario, group=scenario)
    walker.amend(rung=True)
    return True


def open_path(walker: Walker, block: Block) -> bool:
    """ "A senior nurse would also ..." below a question: what an answer holds at that level."""
    frame = walker.frame
    if block.kind not in ("item", "paragraph") or not frame.question or frame.ladder:
        return False
    said = sentences(plain(block.text))
    first = next((n for n, each in enumerate(said) if LEVEL_SENTENCE.match(each)), None)
    if first is None or (first and frame.answer is None) or not level_in(block.text):
        return False
    if poses(block.text):
        return False
    if first and frame.answer is not None:
        frame.answer.append(replace(block, text=" ".join(said[:first]), part=True))
    question, topic = frame.question, frame.topic
    for path in by_level(said[first:]):
        level = level_in(" ".join(path.split()[:4]))
        walker.b.add("level", path, block, question, level=level, question=question, topic=topic)
    return True


def open_named(walker: Walker, block: Block) -> bool:
    """A competency's name on a line of its own, over what it means at each level."""
    if walker.frame.question or walker.frame.exercise:
        return False
    text, below = plain(block.text), _named(walker, walker.at - 1)
    if not below:
        return False
    walker.close(LOWEST)
    walker.push(walker.frame.inside(LOWEST, title=text, topic=text))
    exercises.open_competency(walker, block, text)
    for each in below:
        walker.at += 1
        walker.take(each)
    walker.close(LOWEST)
    return True


def _named(reader: Reader, at: int) -> list[Block]:
    """The lines that tell of levels below a name, if one stands here."""
    block = reader.blocks[at]
    text = plain(block.text)
    short = block.kind == "paragraph" and len(text.split()) < 7 and text[-1:].isalnum()
    if not short or lead(block.text):
        return []
    below = list(takewhile(_levels, reader.blocks[at + 1 : at + NEAR]))
    return below if sum(map(_levels, below)) > 1 else []


def _levels(block: Block) -> int:
    """How many levels a line tells of: two in "Junior: tests on one. Senior: has a budget."."""
    said = [lead(each) for each in sentences(plain(block.text))] if ":" in block.text else []
    return sum(bool(each and each.rest and _is_level(each.label)) for each in said)


def _is_level(label: str) -> bool:
    return bool(LEVEL_LABEL.fullmatch(label)) or label_purpose(label) == "level"


def by_level(said: Sequence[str]) -> list[str]:
    """Sentences, with those that name no level joined to the one before."""
    paths: list[str] = []
    for sentence in said:
        if LEVEL_SENTENCE.match(sentence) or not paths:
            paths.append(sentence)
        else:
            paths[-1] += f" {sentence}"
    return paths


def rung_of(block: Block) -> tuple[Level, str] | None:
    """A level and what is asked there, from "Junior: What ...?" or "(Junior) What ...?"."""
    if ":" not in block.text and not block.text.startswith(("[", "(", "*", "_")):
        return None
    said = lead(block.text)
    bracket = LEADING_TAG.match(plain(block.text))
    label, asked = said[:2] if said and LEVEL_LABEL.fullmatch(said.label) else ("", "")
    if bracket and LEVEL_LABEL.fullmatch(bracket[1]):
        label, asked = bracket[1], bracket[2]
    level = level_in(label)
    return (level, bare(asked)) if level and asked and poses(asked) else None


def rungs_below(reader: Reader) -> bool:
    """Whether the section goes on with a question for each of several levels."""
    below = reader.blocks[reader.at] if reader.at < len(reader.blocks) else None
    if below and below.kind == "table":
        names = [plain(cell.text).lower() for cell in below.rows[0]]
        return "question" in names and bool({"level", "seniority", "grade"} & set(names))
    if below and below.kind == "heading":
        ahead = reader.blocks[reader.at : reader.at + NEAR]
        rungs = [b for b in ahead if b.kind == "heading" and LEVEL_LABEL.fullmatch(bare(b.text))]
        asked = reader.blocks[reader.at + 1 : reader.at + 2]
        return len(rungs) > 1 and rungs[0] is below and all(poses(b.text) for b in asked)
    if not below or not rung_of(below):
        return False
    return sum(bool(rung_of(block)) for block in islice(reader.section(reader.at), NEAR)) > 1


def holds_levels(reader: Reader, level: int) -> bool:
    """Whether a section tells what something means at several levels."""
    if reader.at < len(reader.blocks) and _named(reader, reader.at):
        return False
    names = [lead(b.text) for b in islice(reader.section(reader.at), NEAR)]
    labels = [said.label for said in names if said]
    for block in reader.blocks[reader.at : reader.at + 4 * NEAR]:
        if block.kind == "heading" and block.level:
            if block.level <= level:
                break
            labels.append(bare(block.text))
    levels = [label for label in labels if LEVEL_LABEL.fullmatch(label)]
    return len(levels) > 1 and len(levels) * 2 > len(labels)
