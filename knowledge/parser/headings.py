"""Which headings that read like questions are asked, and which only head a section.

A heading's words do not tell: "Who is this for?" is as much a question as "What is a lock?". What
stands around it and below it does: questions come among questions, or have answers.
"""

import re
from collections.abc import Sequence
from functools import cached_property
from itertools import takewhile

from knowledge.blocks import Block
from knowledge.parser.frames import ASKING
from knowledge.parser.languages import SPOKEN
from knowledge.parser.vocabulary import Purpose
from knowledge.parser.wording import (
    ASKS,
    PROMPTS,
    bare,
    is_question,
    label_purpose,
    lead,
    title_purpose,
)

OF_AN_ANSWER: frozenset[Purpose | None] = frozenset(
    {"answer", "hint", "follow_up", "covers", "positive", "negative"}
)
QUESTION_NUMBER = re.compile(r"^\W*(q|question|frage|pregunta)\s*#?\d", re.I)
DEIXIS = re.compile(r"\b(this|these|here)\b", re.I)
SECOND_PERSON = re.compile(r"\b(you|your|yours|yourself)\b", re.I)
NEAR = 12


class Family:
    """The headings of one level below the same one above; what is told of them is found once."""

    def __init__(self, headings: "Headings", level: int) -> None:
        self.headings, self.level = headings, level
        self.members: list[int] = []

    @cached_property
    def counts(self) -> tuple[int, int]:
        """How many of these are questions, and how many there are, known sections apart."""
        texts = [self.headings.blocks[at].text for at in self.members]
        asked = sum(map(is_question, texts))
        return asked, asked + sum(not is_question(t) and title_purpose(t) is None for t in texts)

    @cached_property
    def hold_questions(self) -> bool:
        """Whether one of them says that questions stand below it."""
        return any(map(self.headings.holds_questions, self.members))

    @cached_property
    def first_and_last(self) -> tuple[int, int]:
        """The places of the first and last question that is not about the document."""
        blocks, seems = self.headings.blocks, self.headings.seems_about_document
        asked = [at for at in self.members if is_question(blocks[at].text) and not seems(at)]
        return (asked[0], asked[-1]) if asked else (len(blocks), -1)


class Headings:
    """The headings of a document that might be questions, and those beside them."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = blocks
        self.places: dict[int, tuple[int, Family]] = {}
        open_: list[Family] = []
        for at, block in enumerate(blocks):
            if block.kind != "heading" or not block.level:
                continue
            while open_ and open_[-1].level > block.level:
                open_.pop()
            if not open_ or open_[-1].level < block.level:
                open_.append(Family(self, block.level))
            open_[-1].members.append(at)
            self.places[block.line] = at, open_[-1]

    def asked(self, block: Block, among_questions: bool) -> bool:
        """Whether a heading that reads like a question is one; `among_questions` by its section."""
        at, family = self.places.get(block.line, (-1, Family(self, 0)))
        if family.members and self.is_about_document(family, at):
            return False
        marked = "?" in block.text or bool(PROMPTS.match(bare(block.text)))
        if QUESTION_NUMBER.match(block.text) or (marked and among_questions):
            return True
        asked, of_all = family.counts
        if marked:
            usual = asked * 2 >= of_all and not family.hold_questions
            return usual or self.has_answer(at)
        return asked * 2 > of_all and (of_all > 1 or among_questions)

    def holds_questions(self, at: int) -> bool:
        """Whether a heading says that questions stand below it, and something does."""
        block, following = self.blocks[at], self.blocks[at + 1 : at + 2]
        empty = not following or 0 < following[0].level <= block.level
        return not empty and "?" not in block.text and title_purpose(block.text) in ASKING

    def has_answer(self, at: int) -> bool:
        """Whether something below a heading is said to be an answer or a help."""
        return any(
            (said := lead(b.text)) and label_purpose(said.label) in OF_AN_ANSWER
            for b in self.below(at)
        )

    def below(self, at: int) -> Sequence[Block]:
        section = self.blocks[at + 1 : at + 1 + NEAR]
        return list(takewhile(lambda b: b.kind != "heading" or not b.level, section))

    def is_about_document(self, family: Family, at: int) -> bool:
        """Whether it asks about the pages it stands in, before or after all other questions."""
        first, last = family.first_and_last
        return (at <= first or at >= last) and self.seems_about_document(at)

    def seems_about_document(self, at: int) -> bool:
        """Whether it points at what lies before the reader, or asks by halves; over prose."""
        text = bare(self.blocks[at].text)
        if SECOND_PERSON.search(text) or PROMPTS.match(text) or QUESTION_NUMBER.match(text):
            return False
        if not DEIXIS.search(text) and (ASKS.match(text) or SPOKEN.get()):
            return False
        below = self.below(at)
        return bool(below) and all(b.kind == "paragraph" for b in below) and not self.has_answer(at)
