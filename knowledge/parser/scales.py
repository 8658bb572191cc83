"""Scales of scores: what "3 = ..." and "Solid (2): ..." say, and which grade a score is."""

import re
from collections.abc import Sequence
from itertools import pairwise

from knowledge.atoms import Grade
from knowledge.blocks import Block
from knowledge.parser.wording import plain

RUNG = re.compile(r"^(?:score\s*)?(\d{1,2})\s*(?:points?)?\s*[-–—:.=)]\s*(\S.*)$", re.I | re.S)
NAMED_RUNG = re.compile(r"^[^:()]{2,30}[(\[](\d{1,2})[)\]]\s*[:–—=-]\s*(\S.*)$", re.S)


def rung(text: str) -> tuple[int, str] | None:
    """A score and what it is given for."""
    found = NAMED_RUNG.match(text) or RUNG.match(text)
    return (int(found[1]), found[2]) if found else None


def is_scale(blocks: Sequence[Block]) -> bool:
    """Whether most of these lines are rungs that count without a gap, up or down."""
    unnumbered = [plain(b.text) for b in blocks if b.kind == "paragraph" or not b.numbered]
    scores = [found[0] for found in map(rung, unnumbered) if found]
    steps = {a - b for a, b in pairwise(scores)}
    return len(scores) > 1 and len(scores) * 2 > len(blocks) and steps in ({1}, {-1})


def grade_of(score: int, scale: Sequence[int]) -> Grade | None:
    """The grade of a rung: a scale's top exceeds, its middle meets, its foot is below."""
    low, top = min(scale), max(scale)
    if score == top:
        return "exceeds"
    if score == low or score <= 1:
        return "below"
    return "meets" if score == (low + top + 1) // 2 else None
