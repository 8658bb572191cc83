"""Scales of scores: what "3 = ..." and "Solid (2): ..." say, and which grade a score is."""

import re
from collections.abc import Sequence
from itertools import pairwise

from knowledge.atoms import Grade
from knowledge.blocks import Block
from knowledge.parser.languages import named
from knowledge.parser.vocabulary import GRADES
from knowledge.parser.wording import label_purpose, lead, plain, title

RUNG = re.compile(r"^(?:score\s*)?(\d{1,2})\s*(?:points?)?\s*[-–—:.=)]\s*(\S.*)$", re.I | re.S)
NAMED_RUNG = re.compile(r"^[^:()]{2,30}[(\[](\d{1,2})[)\]]\s*[:–—=-]\s*(\S.*)$", re.S)


def rung(text: str) -> tuple[int, str] | None:
    """A score and what it is given for."""
    found = NAMED_RUNG.match(text) or RUNG.match(text)
    return (int(found[1]), found[2]) if found else None


def is_scale(blocks: Sequence[Block]) -> bool:
    """Whether most of these lines are rungs: they count evenly, or are called as grades are."""
    named_so = [grade for b in blocks if (grade := grade_led(b.text))]
    if len(named_so) > 2 and len(set(named_so)) > 1 and len(named_so) * 2 > len(blocks):
        return True
    unnumbered = [plain(b.text) for b in blocks if b.kind == "paragraph" or not b.numbered]
    scores = [found[0] for found in map(rung, unnumbered) if found]
    steps = {a - b for a, b in pairwise(scores)}
    evenly = steps in ({1}, {-1}) or (len(scores) > 2 and steps in ({2}, {-2}))
    return len(scores) > 1 and len(scores) * 2 > len(blocks) and evenly


def grade_of(score: int, scale: Sequence[int]) -> Grade | None:
    """The grade of a rung: a scale's top exceeds, its middle meets, its foot is below."""
    low, top = min(scale), max(scale)
    if score == top:
        return "exceeds"
    middle = (low + top + 1) // 2
    if score == low or (score <= 1 and score != middle):
        return "below"
    return "meets" if score == middle else None


def grade_named(text: str) -> Grade | None:
    """The grade that a rung of a scale is called by, such as "Strong hire" or "Not yet safe"."""
    said = title(text).strip(" .")
    return GRADES.get(named("rungs", said) or "") or GRADES.get(label_purpose(said) or "")


def grade_led(text: str) -> Grade | None:
    """The grade that a line begins with, as "Strong hire: ..." does."""
    said = lead(text)
    return grade_named(said.label) if said and said.rest else None
