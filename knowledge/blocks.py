"""Text into blocks: headings, paragraphs, list items, tables, code, quotes and rules.

One model serves Markdown and text copied from a page, where a line is usually a paragraph
and nothing is marked. Blocks know their lines as received; what they mean is the parser's.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import quantiles
from typing import Literal, NamedTuple
from unicodedata import normalize

BlockKind = Literal["heading", "paragraph", "item", "table", "code", "quote", "rule", "front"]

NARROWEST = 45  # columns; nobody wraps text at fewer
WIDE_GAP = re.compile(r"(\s\s{39})\s+")  # wider than any layout; patterns are slow in long ones
FENCE = re.compile(r"^\s*(```+|~~~+)")
HEADING = re.compile(r"^\s{0,3}(#{1,6})\s+(\S.*?)\s*#*\s*$")
KEY = re.compile(r"^[A-Za-z][\w -]*:(\s|$)|^\s+\S|^- |^\s*$|^#")
RULE = re.compile(r"^\s{0,3}([-*_=])(\s*\1){2,}\s*$")
UNDERLINE = re.compile(r"^\s{0,3}(=+|-{2,})\s*$")
QUOTE = re.compile(r"^\s{0,3}>\s?")
SIGN = r"[\[(][-+–][\])]|[✓✔✅➕👍✗✘❌➖👎]\ufe0f?"
COUNT = (  # 1. (2) a) ii. §3 ①, and where a sentence follows 1.2 or 1.a
    r"\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{2,5}|[IVX]{2,5})[.)]|§+\s?\d{1,3}[.:)]?|\d\ufe0f?\u20e3|🔟|[①-⑳]"
    r"|\d{1,3}(?:\.\d{1,3}|\.[a-z])+[.)]?(?=\s+(?:[(\[][*+!†][)\]]\s+)?[\"“¿*_]*[A-Z])"
)
ITEM = re.compile(rf"^(\s*)((?:[-*+•]\s+)?(?:{SIGN})|--?|[*+•◦‣▪●○·–]|{COUNT})(\s+)(\S.*)$")
TABLE_EDGE = re.compile(r"^\s*+\|?\s*+:?-{2,}+:?\s*+(\|\s*+:?-{2,}+:?\s*+)*+\|?\s*$")
BREAK = re.compile(r"(?:(?<!\s)\s++)?<br\s*+/?>\s*+", re.I)
ESCAPED = re.compile(r"^\\(?=[#>|+*~`-])")
OWN_LINE = re.compile(
    r"^\s*([*_]{1,2}[^*_]+[*_]{1,2}\s*:?\s*$|[*_]*[A-ZÀ-Þ][\w '’/-]{0,30}:(\s|[*_]|$))"
)


class Cell(NamedTuple):
    """What a table holds in one place: its text, its line, and which of the row it is, from 0."""

    text: str
    line: int
    cell: int = 0


@dataclass(frozen=True)
class Block:
    """One piece of a document.

    `text` is without markers; `line` and `end` are its first and last line. `level` is a
    heading's, 1 to 6, and 0 for a line underlined as a label; `column` is where a marker or
    the text begins; `marker` an item's, `rows` a table's, its header first. `part` says that
    the text is only a part of its lines, such as what follows a label, or `cell` of a row.
    """

    kind: BlockKind
    text: str
    line: int
    end: int
    level: int = 0
    column: int = 0
    marker: str = ""
    rows: tuple[tuple[Cell, ...], ...] = ()
    part: bool = False
    cell: int = 0

    @property
    def numbered(self) -> bool:
        """Whether an item's marker counts."""
        return self.marker[:1].isalnum() or self.marker[:1] == "("


@dataclass
class Scanner:
    """Reads lines one block at a time."""

    lines: list[str]
    at: int = 0
    blocks: list[Block] = field(default_factory=list)
    width: int = 0
    has_headings: bool = False

    def __post_init__(self) -> None:
        self.width = wrap_width(self.lines)
        self.has_headings = any(HEADING.match(line) for line in self.lines if "#" in line)

    def scan(self) -> Iterator[Block]:
        """Every block of the text, in order."""
        if front := self.front_matter():
            yield front
        while self.at < len(self.lines):
            if not self.lines[self.at].strip():
                self.at += 1
                continue
            yield self.fenced() or self.marked() or self.table() or self.running()

    def front_matter(self) -> Block | None:
        """Names and values between two lines of dashes, before everything else."""
        if self.lines[0].rstrip() != "---":
            return None
        end = next((n for n, line in enumerate(self.lines) if n and line.rstrip() == "---"), 0)
        inner = self.lines[1:end]
        if not any(inner) or not all(map(KEY.match, inner)):
            return None
        self.at = end + 1
        return Block("front", "\n".join(inner), 1, end + 1)

    def fenced(self) -> Block | None:
        """A block between fences; one that is never closed reaches to the end."""
        line = self.lines[self.at]
        opening = FENCE.match(line) if "```" in line or "~~~" in line else None
        if not opening:
            return None
        start, mark = self.at, opening[1]
        self.at += 1
        while self.at < len(self.lines) and not self.lines[self.at].strip().startswith(mark):
            self.at += 1
        text = "\n".join(self.lines[start + 1 : self.at])
        self.at = min(self.at + 1, len(self.lines))
        return Block("code", text or "```", start + 1, self.at)

    def marked(self) -> Block | None:
        """A heading, a rule, a line underlined with dashes, or a quote."""
        line, start = self.lines[self.at], self.at
        first = line.lstrip()[0]
        if first == "#" and (heading := HEADING.match(line)):
            return self.step(Block("heading", heading[2], start + 1, start + 1, len(heading[1])))
        if first in "-*_=" and RULE.match(line):
            return self.step(Block("rule", line.strip(), start + 1, start + 1))
        below = self.peek(1)
        if UNDERLINE.match(below) and "|" not in line and len(below) > 2 and is_title(line, below):
            level = 0 if self.has_headings else (1 if below.strip()[0] == "=" else 2)
            return self.step(Block("heading", line.strip(), start + 1, start + 2, level), 2)
        if first == ">" and QUOTE.match(line):
            while self.at < len(self.lines) and QUOTE.match(self.lines[self.at]):
                self.at += 1
            text = "\n".join(QUOTE.sub("", each) for each in self.lines[start : self.at])
            return Block("quote", text.strip() or ">", start + 1, self.at)
        return None

    def table(self) -> Block | None:
        """Rows of cells between bars, or between tabs where three lines agree."""
        if TABLE_EDGE.match(self.lines[self.at]):
            return None
        if "|" in self.lines[self.at] and TABLE_EDGE.match(self.peek(1)) and "-" in self.peek(1):
            return self.rows("|")
        if "\t" not in self.lines[self.at]:
            return None
        tabs = [self.peek(n).strip().count("\t") for n in range(2)]
        if min(tabs) >= 1 and tabs[0] == tabs[1]:
            return self.rows("\t")
        return None

    def rows(self, bar: str) -> Block:
        start, rows = self.at, []
        while self.at < len(self.lines) and bar in self.lines[self.at].strip():
            line = self.lines[self.at]
            if not TABLE_EDGE.match(line):
                texts = cells(line, bar)
                rows.append(tuple(Cell(text, self.at + 1, n) for n, text in enumerate(texts)))
            self.at += 1
        return Block("table", "", start + 1, self.at, rows=tuple(rows))

    def running(self) -> Block:
        """An item or a paragraph, with the lines that continue it."""
        start, line = self.at, self.lines[self.at]
        item = ITEM.match(line)
        parts = [item[4] if item else ESCAPED.sub("", line.strip())]
        column = indent_of(line)
        self.at += 1
        while self.at < len(self.lines) and self.continues(column, bool(item)):
            parts.append(self.lines[self.at].strip())
            self.at += 1
        text, marker = " ".join(parts), marker_of(item[2]) if item else ""
        return Block("item" if item else "paragraph", text, start + 1, self.at, 0, column, marker)

    def continues(self, column: int, item: bool) -> bool:
        """Whether the line at hand goes on with the one before it."""
        line, before = self.lines[self.at], self.lines[self.at - 1]
        if not line.strip() or starts_block(line) or UNDERLINE.match(self.peek(1)):
            return False
        if OWN_LINE.match(line):
            return False
        if item and indent_of(line) > column:
            return True
        if before.rstrip().endswith("  "):
            return False
        if self.width and len(before.rstrip()) > 0.6 * self.width:
            return True
        if line.strip()[0] == "(":
            return True
        return line.strip()[0].islower() and before.strip()[-1] not in ".!?:;"

    def peek(self, ahead: int) -> str:
        return self.lines[self.at + ahead] if self.at + ahead < len(self.lines) else ""

    def step(self, block: Block, lines: int = 1) -> Block:
        self.at += lines
        return block


def scan(text: str) -> list[Block]:
    """The blocks of a text whose lines end with `\\n`."""
    lines = text.split("\n")
    if WIDE_GAP.search(text):
        lines = [WIDE_GAP.sub(r"\1", line) for line in lines]
    return list(Scanner(lines).scan())


def indent_of(line: str) -> int:
    """The column at which a line's text begins, from 0."""
    bare = line.lstrip()
    return len(line[: len(line) - len(bare)].expandtabs(4)) if len(bare) < len(line) else 0


def is_title(line: str, below: str) -> bool:
    """Whether a line above dashes is a title; one that counts is, if they are as long as it is."""
    if not ITEM.match(line):
        return True
    counts = re.match(rf"{COUNT}\s", line) and line.rstrip()[-1] not in ".?!,;:"
    return bool(counts) and abs(len(line.rstrip()) - len(below.rstrip())) <= 2


def starts_block(line: str) -> bool:
    """Whether a line begins a block of its own by how it is marked."""
    first = line.lstrip()[:1]
    marks = (ITEM,) if first.isalpha() else (FENCE, HEADING, RULE, QUOTE, ITEM)
    return first == "|" or any(mark.match(line) for mark in marks)


def cells(line: str, bar: str) -> tuple[str, ...]:
    """A row's cells, trimmed; a bar escaped with a backslash is text, `<br>` begins a line."""
    inner = line.strip().removeprefix(bar).removesuffix(bar) if bar == "|" else line.strip()
    return tuple(
        BREAK.sub("\n", cell.replace("\\|", "|")).strip()
        for cell in re.split(rf"(?<!\\){re.escape(bar)}", inner)
    )


def marker_of(text: str) -> str:
    """An item's marker as it is usually written: "①", "1️⃣" and "§ 1" count like "1."."""
    marker = text.split()[-1].rstrip("\ufe0f")
    counts = normalize("NFKC", marker.replace("🔟", "10")).strip("§\ufe0f\u20e3")
    return f"{counts}." if counts.isdigit() else counts if counts[:1].isdigit() else marker


def wrap_width(lines: list[str]) -> int:
    """Where an editor wrapped the text, or 0 when a line is a paragraph."""
    lengths = [len(line.rstrip()) for line in lines if len(line.split()) > 3]
    if len(lengths) < 3 or max(lengths) > 120:
        return 0
    width = max(lengths)
    neighbours = sum(
        len(a.rstrip()) > 0.75 * width and bool(b.strip()) and not starts_block(b)
        for a, b in pairwise(lines)
    )
    typical = quantiles(lengths, n=4)[2]
    return width if neighbours >= 2 and typical > 0.5 * width and width >= NARROWEST else 0
