"""Where in a document the reader is: what the headings, labels and questions above say."""

import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from knowledge.atoms import Kind, Level, QuestionKind
from knowledge.blocks import Block
from knowledge.parser.vocabulary import Purpose

INFORMATIONAL: frozenset[Purpose] = frozenset(
    {"contents", "advice", "fact", "format", "closing", "why_hard", "furniture"}
)
ASKING: frozenset[Purpose | None] = frozenset(
    {"questions", "money", "ask", "competency_questions", "attitudes", "question"}
)
SOFT = 50.0  # questions and labels that no heading made; every heading closes them


@dataclass
class Exercise:
    """An exercise and the questions that are its prompts."""

    id: str
    prompts: list[str] = field(default_factory=list)

    @property
    def question(self) -> str:
        """What its criteria came with: its one prompt, or the exercise when it has several."""
        return self.prompts[0] if len(self.prompts) == 1 else self.id


@dataclass
class Announced:
    """How many of something a page says it has, and how many it shows."""

    total: int
    noun: str
    counted: int = 0
    shown: int = 0

    @property
    def here(self) -> int:
        """By the page's own "1 of 3" where it has them, else by what was read."""
        return self.shown or self.counted


class Frame(NamedTuple):
    """What holds for the lines at hand; an inner frame inherits what it does not change.

    `depth` is a heading's level, or 50 and more for items and labels, by their column.
    """

    depth: float = 0.0
    purpose: Purpose | None = None
    title: str = ""
    line: int = 0
    topic: str | None = None
    kind: QuestionKind | None = None
    level: Level | None = None
    area: str | None = None
    competency: str | None = None
    technology: str | None = None
    exercise: Exercise | None = None
    question: str | None = None
    asked: Kind | None = None
    label: str | None = None
    project: str | None = None
    announced: Announced | None = None
    answer: list[Block] | None = None
    column: int = -1
    marker: str = ""
    number: int | None = None
    numbered: bool = False
    listed: bool = False
    question_level: int = 0
    form: str = ""
    last: int = 0
    rung: bool = False
    ladder: bool = False

    def inside(self, depth: float, **changes: Any) -> "Frame":
        """A frame within this one."""
        return self._replace(**{**OWN, "depth": depth, **changes})

    @property
    def rubric(self) -> str | None:
        """The question or exercise that indicators and criteria came with."""
        if self.exercise:
            return self.exercise.question
        return self.question

    @property
    def host(self) -> str | None:
        """What indicators and anchors belong to."""
        return (self.exercise.id if self.exercise else None) or self.competency or self.question


# What an inner frame does not inherit.
OWN: dict[str, Any] = {
    "answer": None, "column": -1, "marker": "", "number": None, "listed": False, "form": "",
    "question_level": 0,
}  # fmt: skip


def soft_depth(column: int, label: bool = False) -> float:
    """How deep an item or a label stands; a label is within the item of its column."""
    return SOFT + column + (0.5 if label else 0.0)


def number_of(block: Block) -> int | None:
    """What an item's marker counts to."""
    digits = re.search(r"(\d+)\W*$", block.marker) if block.marker else None
    return int(digits[1]) if digits else None


def marker_kind(block: Block) -> str:
    """Items whose markers are of one kind stand in one list."""
    if block.kind != "item":
        return ""
    return re.sub(r"\d+", "1", re.sub(r"[a-zA-Z]+", "a", block.marker))
