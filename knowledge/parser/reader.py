"""Where the reader of a document is, and what it can see from there."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from knowledge.blocks import Block
from knowledge.parser.answers import sentences
from knowledge.parser.builder import Builder
from knowledge.parser.contents import contents_lines
from knowledge.parser.frames import ASKING, SOFT, Announced, Exercise, Frame, marker_kind, number_of
from knowledge.parser.headings import Headings
from knowledge.parser.names import stated
from knowledge.parser.references import write_answer
from knowledge.parser.speech import poses, quoted_question
from knowledge.parser.titles import Shape, shape_of
from knowledge.parser.vocabulary import FURNITURE, MONEY_TALK, Purpose
from knowledge.parser.wording import (
    ASKS,
    REPORTED,
    Lead,
    bare,
    is_question,
    label_purpose,
    lead,
    level_in,
    plain,
    untagged,
)

ENDS = (".", "?", "!", ";", ",")
NEAR = 12  # blocks before and after one that may be of the same scale
BOLD_THEN_ANSWER = re.compile(r"^\*\*(.+?)\*\*\s*[-–—:]?\s+([^\s([].*)$", re.S)
WHOLLY_BOLD = re.compile(r"^(\*\*|__)(?!.*\1.*\1).+\1\W*$")


class Reader:
    """A place in a document: the blocks to come, and the frames that are open.

    What headings, labels and questions open, and what lines become, is told elsewhere.
    """

    def __init__(self, builder: Builder, blocks: Sequence[Block]) -> None:
        self.b = builder
        self.blocks = blocks
        self.at = 0
        self.scores: list[int] = []
        self.by_number: dict[int, str] = {}
        self.headings = Headings(blocks)
        self.contents = contents_lines(blocks)
        level = level_in(stated(blocks, "level|seniority|grade") or "")
        purpose: Purpose | None = "questions" if self.asks(0) else None
        self.stack: list[Frame] = [Frame(purpose=purpose, level=level)]

    @property
    def frame(self) -> Frame:
        """What holds for the line at hand."""
        return self.stack[-1]

    def push(self, frame: Frame) -> None:
        """Open what follows."""
        self.stack.append(frame)

    def amend(self, **changes: object) -> None:
        """Change what holds from here on, within the innermost frame."""
        self.stack[-1] = self.frame._replace(**changes)  # type: ignore[arg-type]

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

    def leave_question(self, block: Block) -> None:
        """A question closes the one before it that had the same form, labels and all."""
        numbered, form = bool(re.match(r"\W*\d", block.text)), form_of(block)
        for frame in self.stack:
            same = frame.answer is not None and not frame.marker and frame.column == block.column
            same = same and frame.numbered == numbered and form in ("bold", frame.form)
            if frame.depth >= SOFT and same:
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

    def next_to_label(self, block: Block) -> bool:
        """Whether a line stands next to the label that says what it is, with no line between."""
        before = self.blocks[self.at - 2] if self.at > 1 else None
        of_a_question = self.frame.purpose in ("follow_up", "hint", "answer")
        return of_a_question and before is not None and block.line <= before.end + 1

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
        for at in range(start, len(self.blocks)):  # a slice would copy the rest of the document
            block = self.blocks[at]
            if block.kind == "heading" and block.level:
                return
            yield block

    def around(self) -> Iterator[Block]:
        """The blocks of the section at hand, before and after this one."""
        start = self.at - 1
        while start and not self.blocks[start].level and self.at - start < NEAR:
            start -= 1
        yield from islice(self.section(start + 1 if self.blocks[start].level else start), 2 * NEAR)

    def asks(self, start: int) -> bool:
        """Whether most of what is listed from here to the next heading are questions."""
        blocks = list(self.section(start))
        lines = [b for b in blocks if b.kind == "paragraph"]
        bold = [b for b in lines if is_bold(b)]
        items = [b for b in blocks if b.kind == "item" and not b.column]
        open_lines = [b for b in lines if b.text.endswith("?") and is_question(b.text)]
        quoted = [REPORTED.match(plain(b.text)) for b in lines if form_of(b) == "quoted"]
        said = len(quoted) > 1 or quoted == [None]
        return said or mostly_questions(bold) or mostly_questions(items) or len(open_lines) > 1

    def in_preamble(self) -> bool:
        """Whether no section has begun but the one that the whole document is."""
        return len(self.stack) <= 2 and self.frame.depth <= 1 and self.frame.purpose is None

    def asked_among_others(self, block: Block) -> bool:
        """Whether a heading is a question: "What is SQL" is one only among questions."""
        return self.headings.asked(block, self.frame.purpose in ASKING)

    def leads(self, block: Block) -> Lead | None:
        """The label a block begins with, or is when a list stands below it."""
        said = None if block.text.startswith(('"', "“", "‘", "'")) else lead(block.text)
        if said or not self.over_a_list(block):
            return said
        return Lead(plain(block.text), "", False)

    def over_a_list(self, block: Block) -> bool:
        """Whether a short line has items below it that are its own."""
        text = plain(block.text)
        below = self.blocks[self.at] if self.at < len(self.blocks) else None
        if not below or below.kind != "item" or len(text.split()) > 10 or text.endswith(ENDS):
            return False
        return block.kind == "paragraph" or below.column > block.column

    def shape_below(self) -> Shape | None:
        """What the items from here to the next heading mostly are; lines may be times too."""
        blocks = list(islice(self.section(self.at), 4 * NEAR))
        items = [block.text for block in blocks if block.kind == "item"]
        if items:
            return shape_of(items)
        lines = shape_of([block.text for block in blocks if block.kind == "paragraph"])
        return lines if lines == "times" else None

    def holds_areas(self, level: int) -> bool:
        """Whether the sections of this one each list a few things by name."""
        listed: list[str] = []
        sections = 0
        for at in range(self.at, len(self.blocks)):
            block = self.blocks[at]
            if block.kind == "heading" and block.level and block.level <= level:
                break
            if block.kind == "heading" and is_question(block.text):
                return False
            if block.kind == "heading" and block.level:
                own = [plain(b.text) for b in self.section(at + 1) if b.kind == "item"]
                sections += bool(own)
                listed += own
        short = sum(len(text.split()) for text in listed) <= 7 * len(listed)
        return sections > 1 and short and shape_of(listed) == "topics"

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


def is_bold(block: Block) -> bool:
    """Whether a whole line is bold, a level or time in brackets after it apart."""
    text = block.text
    return text.startswith(("**", "__")) and any(map(WHOLLY_BOLD.match, (text, untagged(text))))


def form_of(block: Block) -> str:
    """How a line of its own is set off: in bold, as a quotation, or not at all."""
    if block.kind != "paragraph":
        return ""
    if is_bold(block):
        return "bold"
    if (inline := BOLD_THEN_ANSWER.match(block.text)) and is_question(inline[1]):
        return "inline"
    return "quoted" if block.marker == ">" or quoted_question(block.text) else ""


def form_of_line(block: Block) -> str:
    """Whether a line is one question and nothing else; a second sentence makes it talk."""
    text = plain(block.text)
    alone = block.kind == "paragraph" and not block.part and text.endswith("?")
    return "line" if alone and len(sentences(text)) == 1 and ASKS.match(bare(text)) else ""


def mostly_questions(blocks: Sequence[Block]) -> bool:
    """Whether more than half of these are questions, and end as questions do."""
    asked = [
        b
        for b in blocks
        if poses(b.text) and untagged(plain(b.text)).rstrip('"”)').endswith(("?", "."))
    ]
    return bool(asked) and len(asked) * 2 > len(blocks)
