"""Text copied from a page, given the headings and tables it lost.

Nothing is marked there: a title is a short line that stands alone and ends without a full
stop, and a table is a run-together header followed by its cells, one to a paragraph.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from knowledge.atoms import LEVELS
from knowledge.blocks import Block, Cell
from knowledge.parser.layout import laid_out
from knowledge.parser.vocabulary import ANNOUNCED, FURNITURE, ONE_OF, Purpose
from knowledge.parser.wording import (
    is_question,
    label_purpose,
    lead,
    level_in,
    plain,
    title_purpose,
)

PARTS: frozenset[Purpose] = frozenset(
    {
        "competency_questions",
        "attitudes",
        "progression",
        "questions",
        "ask",
        "money",
        "areas",
        "competencies",
    }
)
SECTIONS: frozenset[Purpose] = frozenset({"why_hard", "fact", "required", "contents"})
STAGE = re.compile(r"^(stage|phase|round|step)\s+\d", re.I)
RUN_TOGETHER = re.compile(
    r"^.{0,40}?(Junior|Entry)\W{0,3}(Mid(?:dle|-level)?)\W{0,3}(Senior)(?:\W{0,3}(Principal|Staff|Lead|Expert))?$",
    re.I,
)


def with_structure(blocks: Sequence[Block]) -> list[Block]:
    """The blocks of a page with its titles as headings and its flattened tables as tables."""
    blocks = laid_out(flattened_tables(blocks))
    if any(block.kind == "heading" for block in blocks):
        return blocks
    return Titles(blocks).found()


class Titles:
    """Tells which lines of a page are titles, and of what."""

    def __init__(self, blocks: list[Block]) -> None:
        self.blocks = blocks
        self.part: Purpose | None = None
        self.in_exercise = False
        self.value_due = False
        self.roles = False
        self.purposes = Counter(self.known(block) for block in blocks)

    def found(self) -> list[Block]:
        """The blocks, with titles as headings: parts 2, exercises 3, names 4, labels 0."""
        return [self.seen(at, block) for at, block in enumerate(self.blocks)]

    def seen(self, at: int, block: Block) -> Block:
        known = self.known(block)
        value, self.value_due = self.value_due and known is None, False
        if known:
            return self.heading(block, known)
        self.roles = self.roles and not known
        if value or self.roles or not self.looks_like_title(at, block):
            return block
        return self.unknown_heading(at, block)

    def known(self, block: Block) -> Purpose | None:
        """What a title of known words announces."""
        text = block.text.rstrip(":").strip()
        if block.kind not in ("paragraph", "item") or len(text) > 70 or text.endswith((".", "?")):
            return None
        if ANNOUNCED.match(text):
            return title_purpose(re.sub(r"^\d+\s+", "", text)) if "uestion" in text else None
        indented_label = block.column and block.text.endswith(":")
        if indented_label or (block.kind == "item" and not block.numbered):
            return None
        if (
            STAGE.match(text)
            or ("·" in text and self.value_due)
            or (":" in text and not _is_exercise(text))
        ):
            return None
        return label_purpose(text) or title_purpose(text)

    def heading(self, block: Block, purpose: Purpose) -> Block:
        exercise = purpose in ("exercise", "resume")
        if purpose in PARTS or exercise or purpose in SECTIONS:
            self.in_exercise, self.part, self.roles = exercise, purpose, False
            return as_heading(block, 3 if exercise else 2)
        self.value_due = True
        self.roles = purpose == "detail" and "role" in block.text.lower()
        lone = purpose in ("red", "green") and self.purposes[purpose] == 1
        return as_heading(block, 2 if lone else 0)

    def looks_like_title(self, at: int, block: Block) -> bool:
        text = plain(block.text)
        alone = at == 0 or block.line - self.blocks[at - 1].end > 1
        if block.kind != "paragraph" or not alone or len(text) > 70 or len(text.split()) > 9:
            return False
        if STAGE.match(text):
            return True
        if ("·" in text and _is_exercise(text.split("·")[-1])) or ANNOUNCED.match(text):
            return False
        if (
            text[-1:] in ".?!;,:"
            or FURNITURE.match(text)
            or ONE_OF.match(text)
            or is_question(text)
        ):
            return False
        return text[0].isupper() and not (lead(text) and not _is_exercise(text))

    def unknown_heading(self, at: int, block: Block) -> Block:
        """A name within a part, or the title of a section of its own."""
        ahead = self.blocks[at + 1 : at + 7]
        if self.in_exercise and ahead and len(ahead[0].text) > 70:
            return as_heading(block, 4)
        if self.part == "progression" or (self.part in PARTS and leads_to_question(ahead)):
            return as_heading(block, 4)
        self.part, self.in_exercise = None, False
        return as_heading(block, 1 if at == 0 else 2)


def as_heading(block: Block, level: int) -> Block:
    """The block as a heading of this level; 0 is a label."""
    return replace(block, kind="heading", text=block.text.rstrip(":"), level=level)


def leads_to_question(blocks: Sequence[Block]) -> bool:
    """Whether a question comes before the next short line."""
    for block in blocks:
        if is_question(block.text):
            return True
        if len(block.text) < 60 and not lead(block.text) and not ONE_OF.match(block.text):
            return False
    return False


def _is_exercise(text: str) -> bool:
    return title_purpose(text) in ("exercise", "resume")


def flattened_tables(blocks: Sequence[Block]) -> list[Block]:
    """Level tables whose header ran together and whose cells became paragraphs, put back."""
    done: list[Block] = []
    at = 0
    while at < len(blocks):
        header = RUN_TOGETHER.match(blocks[at].text) if blocks[at].kind == "paragraph" else None
        rows = _rows_below(blocks[at + 1 :], sum(map(bool, header.groups()))) if header else []
        if header and rows:
            names = ("Competency", *(each for each in header.groups() if each))
            top = tuple(Cell(name, blocks[at].line) for name in names)
            end = rows[-1][-1].line
            done.append(Block("table", "", blocks[at].line, end, rows=(top, *rows)))
            at += 1 + len(rows) * len(names)
        else:
            done.append(blocks[at])
            at += 1
    return done


def _rows_below(blocks: Sequence[Block], levels: int) -> list[tuple[Cell, ...]]:
    """A name and one paragraph for each level, as often as they come."""
    rows = []
    size = levels + 1
    for at in range(0, len(blocks) - levels, size):
        name, *texts = blocks[at : at + size]
        is_row = len(name.text) < 60 and all(len(text.text.split()) > 3 for text in texts)
        if not is_row or any(block.kind != "paragraph" for block in (name, *texts)):
            break
        rows.append(tuple(Cell(block.text, block.line) for block in (name, *texts)))
    return rows


def is_level_name(text: str) -> bool:
    """Whether a table's column is a level."""
    return len(text.split()) < 4 and level_in(text) in LEVELS
