"""Where the reader of a document is, and what it can see from there."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from knowledge.blocks import Block
from knowledge.parser.builder import Builder
from knowledge.parser.frames import SOFT, Announced, Exercise, Frame, marker_kind, number_of
from knowledge.parser.references import write_answer
from knowledge.parser.vocabulary import FURNITURE, MONEY_TALK
from knowledge.parser.wording import is_question, label_purpose, lead, plain

WHOLLY_BOLD = re.compile(r"^(\*\*|__)(?!.*\1.*\1).+\1\W*$")


class Reader:
    """A place in a document: the blocks to come, and the frames that are open.

    What headings, labels and questions open, and what lines become, is told elsewhere.
    """

    def __init__(self, builder: Builder, blocks: Sequence[Block]) -> None:
        self.b = builder
        self.blocks = blocks
        self.at = 0
        self.stack: list[Frame] = [Frame(purpose="questions" if self.asks(0) else None)]

    @property
    def frame(self) -> Frame:
        """What holds for the line at hand."""
        return self.stack[-1]

    def push(self, frame: Frame) -> None:
        """Open what follows."""
        self.stack.append(frame)

    def amend(self, **changes: object) -> None:
        """Change what holds from here on, within the innermost frame."""
        self.stack[-1] = replace(self.frame, **changes)  # type: ignore[arg-type]

    def close(self, depth: float) -> None:
        """Close the frames of this depth and deeper; a question that closes has its answer."""
        while len(self.stack) > 1 and self.frame.depth >= depth:
            frame = self.stack.pop()
            if frame.answer:
                write_answer(self.b, frame)
            if frame.announced and self.frame.announced is not frame.announced:
                self.tell(frame.announced)

    def leave_list(self, block: Block, label: bool = False) -> None:
        """An item further out closes what items further in opened; a label keeps its question."""
        if block.kind != "item":
            return
        while self.frame.depth >= SOFT and self.is_left_by(block, self.frame, label):
            self.close(self.frame.depth)
        if label:
            return
        for frame in self.stack:
            if frame.depth >= SOFT and self.goes_on_from(frame, block):
                self.close(frame.depth)
                return

    def is_left_by(self, item: Block, frame: Frame, label: bool) -> bool:
        same_list = bool(frame.marker) and frame.marker == marker_kind(item) and not label
        return frame.column > item.column or (frame.column == item.column and same_list)

    def goes_on_from(self, frame: Frame, item: Block) -> bool:
        """Whether an item is the next in the list that a question began, past its labels."""
        if frame.answer is None or frame.column != item.column or frame.marker != marker_kind(item):
            return False
        if frame.number is not None:
            return number_of(item) == frame.number + 1
        return is_question(item.text) and self.frame.purpose not in ("follow_up", "hint")

    def tell(self, announced: Announced) -> None:
        """Remark when a page shows less than it says it has."""
        if announced.here != announced.total:
            self.b.notes.append(
                f"{announced.total} {announced.noun} announced, {announced.here} here."
            )

    # Looking ahead

    def nested(self, block: Block) -> Iterator[Block]:
        """The items below this one, further in; they are read with it."""
        while self.at < len(self.blocks):
            inner = self.blocks[self.at]
            if inner.kind not in ("item", "paragraph") or inner.column <= block.column:
                return
            self.at += 1
            yield inner

    def following(self, *kinds: str) -> Iterator[Block]:
        """The blocks of these kinds that come next, as long as they are plain."""
        while self.at < len(self.blocks):
            block = self.blocks[self.at]
            said = lead(block.text)
            if (
                block.kind not in kinds
                or (said and label_purpose(said.label))
                or FURNITURE.match(block.text)
            ):
                return
            self.at += 1
            yield block

    def listed_below(self) -> bool:
        """Whether items stand in the section at hand."""
        for block in self.blocks[self.at : self.at + 50]:
            if block.kind in ("item", "heading"):
                return block.kind == "item"
        return False

    def section(self, start: int) -> Iterator[Block]:
        """The blocks from here to the next heading."""
        for block in self.blocks[start:]:
            if block.kind == "heading" and block.level:
                return
            yield block

    def asks(self, start: int) -> bool:
        """Whether most of what is listed from here to the next heading are questions."""
        blocks = list(self.section(start))
        lines = [b for b in blocks if b.kind == "paragraph"]
        bold = [b for b in lines if WHOLLY_BOLD.match(b.text)]
        items = [b for b in blocks if b.kind == "item" and not b.column]
        open_lines = [b for b in lines if b.text.endswith("?") and is_question(b.text)]
        return mostly_questions(bold) or mostly_questions(items) or len(open_lines) > 1

    # What the lines at hand tell about those to come

    def talks_of_money(self, text: str) -> bool:
        return bool(MONEY_TALK.search(text)) and self.frame.purpose in (None, "questions")

    def new_exercise(self, identity: str) -> Exercise:
        exercise = Exercise(identity)
        self.amend(exercise=exercise, purpose="exercise", question=None)
        return exercise

    def announce(self, total: int, noun: str) -> None:
        plural = noun if noun.endswith(("s", "criteria")) else f"{noun}s"
        self.amend(announced=Announced(total, plural.lower()))


def mostly_questions(blocks: Sequence[Block]) -> bool:
    """Whether more than half of these are questions, and end as questions do."""
    asked = [
        b
        for b in blocks
        if is_question(b.text) and plain(b.text).rstrip('"”)').endswith(("?", "."))
    ]
    return bool(asked) and len(asked) * 2 > len(blocks)
