"""Lines of a PDF into headings, paragraphs, items, quotes and code, over columns and pages."""

import re
from dataclasses import dataclass, field
from typing import Literal

from knowledge.readers.pdf.body import LONGEST_HEADING, Body, same
from knowledge.readers.pdf.letters import RIGHT_TO_LEFT
from knowledge.readers.pdf.lines import BULLETS, Line, joined
from knowledge.readers.pdf.page import Word
from knowledge.readers.pdf.spelling import WIDE, Spelling, told
from knowledge.readers.pdf.tables import Table, continued, extend
from knowledge.reading import Written

ENDED = re.compile(r"[.!?:;…。！？][\"”’')\]*]*$")
BEGINS = re.compile(r"^(Q(uestion)?\s*\d+\b|[A-Z][\w '’/-]{0,30}:(\s|$))")
LEADERS = re.compile(r"\s*(\.\s?){4,}\s*[\divxlc]*\s*$", re.I)
SIGNS = "✓✔✗✘✅❌"
Kind = Literal["heading", "paragraph", "item", "code", "quote"]


@dataclass
class Piece:
    """A block as it grows, line by line; `place` is where it begins, `left` within its column."""

    kind: Kind
    lines: list[Line]
    text: str
    place: str
    level: int = 0
    marker: str = ""
    box: int | None = None
    column: float = 0.0

    @property
    def last(self) -> Line:
        return self.lines[-1]

    @property
    def left(self) -> float:
        return self.lines[0].box.x0 - self.column


@dataclass
class Flow:
    """Writes a document block by block; `column` is how far right of the page's first one it is."""

    written: Written
    body: Body
    spelling: Spelling
    piece: Piece | None = None
    table: Table | None = None
    indents: list[float] = field(default_factory=list)
    markers: list[str] = field(default_factory=list)
    later: list[tuple[str, str]] = field(default_factory=list)
    column: float = 0.0

    def take(self, line: Line, box: int | None = None) -> None:
        """The next line; `box` tells in which box of its page it stands, if in any."""
        piece = self.piece
        if self.table:
            self._end_table()
            self._write_later()
        if piece and self._goes_on(piece, line, box):
            self._add(piece, line)
            return
        if piece and box is not None and (piece.kind, piece.box) == ("quote", box):
            piece.text += "\n" + self._text(line)
            piece.lines.append(line)
            return
        self.end_piece()
        self._write_later()
        self.piece = self._begun(line, box)
        self.piece.column = self.column

    def take_table(self, table: Table) -> None:
        """The next table, or more of the one before it."""
        if self.table and not self.piece and continued(self.table, table):
            extend(self.table, table, self.spelling)
            return
        self.end()
        self.table = table

    def take_aside(self, text: str, place: str) -> None:
        """What stands beside the text, written when the block at hand has ended."""
        self.later.append((text, place))

    def end(self) -> None:
        """Write what is still open."""
        self.end_piece()
        self._end_table()
        self._write_later()

    # Beginning

    def _begun(self, line: Line, box: int | None) -> Piece:
        place = f"page {line.page}"
        if line.mono and not self.body.mono:
            return Piece("code", [line], "", place)
        if level := self.body.level(line):
            return Piece("heading", [line], joined(line.words), place, level)
        if line.marker and self._is_bullet(line):
            return Piece("item", [line], self._text(line, bare=True), place, marker=line.marker)
        kind: Kind = "paragraph" if box is None else "quote"
        return Piece(kind, [line], self._text(line), place, box=box)

    def _is_bullet(self, line: Line) -> bool:
        return line.marker != "o" or line.words[0].face.mono

    def _text(self, line: Line, bare: bool = False) -> str:
        words = _without_marker(line) if bare else line.words
        return LEADERS.sub("", joined(words, marks=True, bold=self.body.bold))

    # Going on

    def _goes_on(self, piece: Piece, line: Line, box: int | None) -> bool:
        last = piece.last
        if piece.kind == "code":
            return line.mono and (line.page != last.page or line.base - last.base < 4 * line.size)
        if (piece.box is None) != (box is None) or (line.mono and not self.body.mono):
            return False
        if abs(line.size - last.size) > 0.08 * last.size or not _same_weight(last, line):
            return False
        if last.gapped or LEADERS.search(last.plain):
            return False
        if BEGINS.match(line.plain) and ENDED.search(last.plain):
            return False
        if piece.kind == "heading":
            return self._heading_goes_on(piece, line)
        if self.body.level(line) or (line.marker and not _is_dash_within(last, line)):
            return False
        if line.page != last.page or line.base <= last.base:
            return self._goes_over(piece, line)
        near = line.base - last.base <= 1.17 * self.body.leading * max(last.size, line.size)
        return near and _indent_fits(piece, line) and _unfinished(last, line)

    def _heading_goes_on(self, piece: Piece, line: Line) -> bool:
        last = piece.last
        close = line.page == last.page and 0 < line.base - last.base < 1.5 * line.size
        starts = line.marker or re.match(r"\d", line.plain) or last.plain.endswith("?")
        marked = (last.page, same(piece.text)) in self.body.outline
        return close and not starts and not marked and self.body.level(line) == piece.level

    def _goes_over(self, piece: Piece, line: Line) -> bool:
        """Whether a line at the top of a page or column goes on with what ended the one before."""
        last = piece.last
        turns_bold = line.words[0].face.bold and not last.words[-1].face.bold
        if ENDED.search(last.plain) or turns_bold:
            return False
        return line.plain[:1].islower() or _full(last, line)

    def _add(self, piece: Piece, line: Line) -> None:
        piece.lines.append(line)
        if piece.kind != "code":
            text = joined(line.words) if piece.kind == "heading" else self._text(line)
            piece.text = self.spelling.together(piece.text, text)

    # Writing

    def end_piece(self) -> None:
        """Write the block at hand."""
        piece, self.piece = self.piece, None
        if not piece:
            return
        piece.text = told(piece.text)
        if piece.kind == "heading" and len(piece.text) > LONGEST_HEADING:
            piece.kind = "paragraph"
        if piece.kind == "item":
            depth = self._depth(piece)
            marker = _as_marker(piece.marker, self.markers[depth])
            self.markers[depth] = piece.marker
            self.written.item(piece.text, depth, marker, piece.place)
            return
        inside = piece.kind in ("paragraph", "code") and self.indents
        if not inside or piece.left < self.indents[0] + 4:
            self.indents, self.markers = [], []
        self._write(piece)

    def _write(self, piece: Piece) -> None:
        if piece.kind == "heading":
            self.written.heading(piece.text, piece.level, piece.place)
        elif piece.kind == "code":
            self.written.code(_code(piece.lines), piece.place)
        elif piece.kind == "quote":
            self.written.quote(piece.text, piece.place)
        else:
            inside = sum(piece.left > indent + 4 for indent in self.indents)
            self.written.paragraph(piece.text, piece.place, inside)

    def _depth(self, piece: Piece) -> int:
        at, slack = piece.left, 0.45 * piece.last.size
        while self.indents and self.indents[-1] > at + slack:
            self.indents.pop()
            self.markers.pop()
        if not self.indents or at > self.indents[-1] + slack:
            self.indents.append(at)
            self.markers.append("")
        return len(self.indents) - 1

    def _write_later(self) -> None:
        for text, place in self.later:
            self.written.paragraph(text, place)
        self.later = []

    def _end_table(self) -> None:
        table, self.table = self.table, None
        if table:
            self.indents, self.markers = [], []
            width = len(table.rows[0])
            places = [[f"page {page}"] * width for page in table.pages]
            self.written.table(table.rows, places)


def _without_marker(line: Line) -> tuple[Word, ...]:
    first, *rest = line.words
    if first.text == line.marker:
        return tuple(rest)
    return (first._replace(text=first.text[len(line.marker) :]), *rest)


def _as_marker(marker: str, before: str) -> str:
    """A marker as Markdown has it; Roman numbers, known by what came before, as numbers."""
    if marker in SIGNS:
        return marker
    if marker in "o§-" or marker in BULLETS:
        return "-"
    inner, previous = marker.strip("()."), before.strip("().")
    follows = len(inner) == len(previous) == 1 and ord(inner) == ord(previous) + 1
    if re.fullmatch(r"[ivx]+", inner, re.I) and not (follows and previous.lower() not in "iv"):
        return f"{_roman(inner.lower())}{marker[-1]}"
    return marker


def _roman(letters: str) -> int:
    values = [{"i": 1, "v": 5, "x": 10}[letter] for letter in letters]
    return sum(
        -value if value < after else value
        for value, after in zip(values, [*values[1:], 0], strict=True)
    )


def _same_weight(last: Line, line: Line) -> bool:
    if line.bold == last.bold:
        return True
    return last.words[-1].face.bold == line.words[0].face.bold


def _is_dash_within(last: Line, line: Line) -> bool:
    """Whether a line begins with a dash because the line before had no place for it."""
    return line.marker in "-–—" and not ENDED.search(last.plain) and _full(last, line)


def _indent_fits(piece: Piece, line: Line) -> bool:
    em, last = line.size, piece.last
    middle = (line.box.x0 + line.box.x1) - (last.box.x0 + last.box.x1)
    if abs(middle) < 4 or RIGHT_TO_LEFT.search(line.plain):
        return True
    if piece.kind == "item":
        return (
            line.box.x0 > piece.lines[0].box.x0 - 2
            and line.box.x0 < piece.lines[0].text_at + 2 * em
        )
    if len(piece.lines) == 1:
        return abs(line.box.x0 - last.box.x0) < 6 * em
    return abs(line.box.x0 - last.box.x0) < 0.8 * em


def _unfinished(last: Line, line: Line) -> bool:
    """Whether a line ended for want of room."""
    if RIGHT_TO_LEFT.search(line.plain) or WIDE.search(line.plain):
        return not ENDED.search(last.plain) or _full(last, line)
    return _full(last, line) or (line.plain[:1].islower() and not ENDED.search(last.plain))


def _full(last: Line, line: Line) -> bool:
    word = line.words[0].box.width
    return last.box.x1 + word + 0.2 * last.size > last.right - 1


def _code(lines: list[Line]) -> str:
    """Lines of code with their indents and empty lines."""
    left = min(line.box.x0 for line in lines)
    width = _letter_width(lines)
    rows: list[str] = []
    for number, line in enumerate(lines):
        before = lines[number - 1] if number else line
        if line.page == before.page and line.base - before.base > 1.9 * line.size:
            rows.append("")
        text = ""
        for word in line.words:
            column = round((word.box.x0 - left) / width)
            text += " " * max(column - len(text), 1 if text and word.spaced else 0) + word.text
        rows.append(text)
    return "\n".join(rows)


def _letter_width(lines: list[Line]) -> float:
    widths = [word.box.width / len(word.text) for line in lines for word in line.words]
    return max(sorted(widths)[len(widths) // 2], 1.0)
