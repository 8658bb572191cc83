"""Tables of contents: lists before the first section that say what sections follow."""

import re
from collections.abc import Sequence
from itertools import takewhile

from knowledge.blocks import Block
from knowledge.parser.wording import bare, plain

LINK = re.compile(r"^\W{0,20}\[[^\]]+\]\(#[^)]*\)\W*$")
PAGED = re.compile(r"^.{2,80}?(\.{3,}+|…|\t|\s{2,}+|\s\.\s)\s*+\d{1,3}$")
WORD = re.compile(r"\w{4,}")
MOST_WORDS, STEM, FEWEST = 12, 4, 3


def contents_lines(blocks: Sequence[Block]) -> frozenset[int]:
    """The lines of the list that tells what follows, with the line that introduces it.

    It may name sections in other words than they do themselves, as long as it goes through them
    in their order.
    """
    start = next((at for at, block in enumerate(blocks) if block.kind == "item"), len(blocks))
    before = blocks[:start]
    if len(blocks) - start < FEWEST or sum(b.kind == "heading" for b in before) > 2:
        return frozenset()
    items = list(takewhile(lambda b: b.kind == "item", blocks[start:]))
    headings = [bare(b.text) for b in blocks[start:] if b.kind == "heading" and b.level]
    if not tells_sections(items, headings):
        return frozenset()
    label = before[-1:] if before and before[-1].text.endswith(":") else []
    return frozenset(b.line for b in (*label, *items))


def tells_sections(items: Sequence[Block], headings: Sequence[str]) -> bool:
    """Whether items are links into the document, have page numbers, or name what follows."""
    if len(items) < 2 or not headings:
        return False
    if all(LINK.match(b.text) for b in items) or all(PAGED.match(b.text) for b in items):
        return True
    texts = [plain(b.text) for b in items]
    short = all(len(text.split()) <= MOST_WORDS and not text.endswith((".", ";")) for text in texts)
    if len(items) < FEWEST or not short or abs(len(headings) - len(items)) > len(items) // 2:
        return False
    return named_in_order(texts, headings) * 2 > len(items)


def named_in_order(texts: Sequence[str], headings: Sequence[str]) -> int:
    """How many texts share a word with a heading, each with a later one than the text before."""
    found, at = 0, 0
    for text in texts:
        words = stems(text)
        place = next((n for n in range(at, len(headings)) if words & stems(headings[n])), None)
        if place is not None:
            found, at = found + 1, place + 1
    return found


def stems(text: str) -> set[str]:
    return {word[:STEM] for word in WORD.findall(text.casefold())}
