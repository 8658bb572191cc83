"""Word files (DOCX, and their templates and macro kinds) into readings.

Headings, lists and tables come from styles and numbering, in whatever language these are named;
bold lines and titles in larger letters do where an author used no styles. Tracked changes count as
accepted. Paragraphs are counted from 1 as they follow each other outside of tables.
"""

import re
from collections.abc import Iterator

from knowledge.errors import BadInput
from knowledge.readers.office import SEND_TEXT, WORD, Element, Package, counted, opened, unwrapped
from knowledge.readers.office_text import TYPED, Piece, marked, text_of
from knowledge.readers.word.lists import Label, Numbering
from knowledge.readers.word.runs import THROUGH, Runs, is_hidden
from knowledge.readers.word.styles import Styles
from knowledge.readers.word.tables import Cell, is_coloured, is_layout, paragraphs, rows_of
from knowledge.reading import Received, Written

TICK = re.compile(r"[☐☑☒□❏]\s*")
LARGER, LONGEST_HEADING = 1.15, 12
LONGEST_LABEL = 100
LONGEST_KEY = 6


def read(data: bytes, name: str) -> Received:
    """Read a Word file.

    Raises:
        BadInput: it is encrypted or broken, or holds no text.
    """
    with opened(data, name) as package:
        path, root = package.main(f"{WORD}document", "word/document.xml")
        body = root.find(f"{WORD}body")
        reader = _Reader(package, path, root if body is None else body)
        reader.walk(reader.body)
        reader.footnotes()
        return reader.received()


class _Reader:
    def __init__(self, package: Package, path: str, body: Element) -> None:
        self.body, self._package, self._path = body, package, path
        self._styles = Styles(self._part("styles"))
        self._numbering = Numbering(self._part("numbering"), self._styles)
        self._runs = Runs(package, path, body, self._styles)
        self._written = Written(package.name, "docx")
        self._code: list[tuple[str, str]] = []
        self._paragraphs = self._tables = self._embedded = 0
        self._deepest = 0
        levels = [self._styles.heading(p) for p in body.iter(f"{WORD}p")]
        self._shift = int(0 in levels)
        self._sizes: list[int] = []

    def walk(self, parent: Element, place: str = "", coloured: bool = False) -> None:
        """Write what an element holds; `place` for what is in a table or box."""
        for block in unwrapped(parent, THROUGH, is_hidden):
            if block.tag == f"{WORD}p":
                self._paragraphs += not place
                self._paragraph(block, place or f"paragraph {self._paragraphs}", coloured)
            elif block.tag == f"{WORD}tbl":
                self._tables += not place.startswith("table")
                self._table(block, place if place.startswith("table") else "")
            elif block.tag == f"{WORD}altChunk":
                self._embedded += 1
        if not place:
            self._end_code()

    def footnotes(self) -> None:
        """Write what stands at the foot of the pages, and at the end."""
        for kind in ("footnote", "endnote"):
            root = self._part(f"{kind}s")
            notes = [] if root is None else root.findall(f"{WORD}{kind}")
            texts = [note for note in notes if not note.get(f"{WORD}type")]
            if any("".join(t.text or "" for t in note.iter(f"{WORD}t")).strip() for note in texts):
                self._written.heading(f"{kind.capitalize()}s", 1)
            for number, note in enumerate(texts, 1):
                self.walk(note, f"{kind} {number}")
                self._end_code()

    def received(self) -> Received:
        """The reading, with what was left out of it."""
        notes, runs = self._written.notes, self._runs
        for reason, times in runs.left_out.items():
            notes.append(f"Left out text that {reason}, in {counted(times, 'paragraph')}.")
        comments = self._part("comments")
        found = 0 if comments is None else len(comments.findall(f"{WORD}comment"))
        for number, noun in (
            (runs.pictures, "picture"),
            (found, "comment"),
            (self._embedded, "embedded file"),
        ):
            if number:
                notes.append(f"Left out {counted(number, noun)}.")
        if any(True for _ in self.body.iter(f"{WORD}ins", f"{WORD}del")):
            notes.append("Read as if all tracked changes were accepted.")
        try:
            return self._written.received()
        except BadInput:
            if runs.pictures:
                raise BadInput(f"{self._package.name} holds only pictures.", SEND_TEXT) from None
            if self._embedded:
                raise BadInput(
                    f"{self._package.name} holds only another file.", "Send that file itself."
                ) from None
            raise

    def _part(self, kind: str) -> Element | None:
        path = next(iter(self._package.related(self._path, kind)), "")
        return self._package.xml(path)

    def _paragraph(self, paragraph: Element, place: str, coloured: bool) -> None:
        pieces = self._runs.pieces(paragraph, coloured)
        if not text_of(pieces) and paragraph.find(f"{WORD}pPr/{WORD}rPr/{WORD}del") is not None:
            return
        label = self._numbering.label(paragraph)
        if self._styles.is_contents(paragraph):
            return
        if text_of(pieces).strip():
            self._told(paragraph, pieces, label, place)
        elif self._code:
            self._code.append(("", place))
        for text in self._runs.diagrams(paragraph):
            self._written.item(text, place=place)
        for box, filled in self._runs.boxes(paragraph):
            self.walk(box, place, filled)

    def _told(
        self, paragraph: Element, pieces: list[Piece], label: Label | None, place: str
    ) -> None:
        """Write a paragraph as what it is."""
        text, level = text_of(pieces), self._level(paragraph, pieces, label)
        is_code = self._styles.is_code(paragraph) or all(p.code for p in pieces if p.text.strip())
        if is_code and not label and level is None:
            self._code.append((text, place))
            return
        self._end_code()
        if level is not None:
            shown = label.shown if label else ""
            self._written.heading(f"{shown} {text}", level, place)
        elif self._styles.is_quote(paragraph):
            self._written.quote(text, place)
        else:
            self._lines(marked(pieces), label, place)

    def _lines(self, lines: list[str], label: Label | None, place: str) -> None:
        """Write the lines of a paragraph, the first with what stands before it."""
        for number, line in enumerate(lines):
            self._line(line, label if number == 0 else None, place)

    def _line(self, line: str, label: Label | None, place: str) -> None:
        typed = TYPED.match(line)
        if label and label.marker:
            self._written.item(TICK.sub("", line, count=1), label.depth, label.marker, place)
        elif label and label.shown:
            self._written.paragraph(_with_label(line, label.shown), place)
        elif len(TICK.findall(line)) == 1 and (tick := TICK.match(line)):
            self._written.item(line[tick.end() :], place=place)
        elif typed:
            self._written.item(line[typed.end() :], marker=typed[1], place=place)
        else:
            self._written.paragraph(line, place)

    def _level(self, paragraph: Element, pieces: list[Piece], label: Label | None) -> int | None:
        """The level of a heading, by its style or by its size."""
        level = self._styles.heading(paragraph)
        if level is not None:
            if len(text_of(pieces)) > 2 * LONGEST_LABEL:
                return None
            self._deepest = level + self._shift if level else 1
            self._sizes = []
            return self._deepest
        size = min(piece.size for piece in pieces if piece.text.strip())
        text = text_of(pieces).strip()
        if label or size < LARGER * self._runs.usual_size or text.endswith((".", ",", ";")):
            return None
        if len(text.split()) > LONGEST_HEADING or "\n" in text:
            return None
        self._sizes = [*(each for each in self._sizes if each > size), size]
        return self._deepest + len(self._sizes)

    def _end_code(self) -> None:
        if self._code:
            self._written.code("\n".join(text for text, _ in self._code), self._code[0][1])
            self._code = []

    # Tables

    def _table(self, table: Element, inside: str) -> None:
        self._end_code()
        rows = rows_of(table)
        if is_layout(rows, self._styles):
            self._boxes(table, rows, inside)
            return
        texts = self._texts(table, rows)
        places = [inside or f"table {self._tables}, row {row}" for row in range(1, len(rows) + 1)]
        if _are_keys(texts):
            for (key, told), place in zip(texts, places, strict=True):
                self._lines(_key_and_value(key, told), None, place)
            return
        self._parts(texts, [_is_title(row) for row in rows], places)

    def _boxes(self, table: Element, rows: list[list[Cell | None]], inside: str) -> None:
        """Write the cells of a table that only lays text out, one after the other."""
        for number, row in enumerate(rows, 1):
            for cell in row:
                if cell and not cell.above:
                    coloured = is_coloured(cell.element, table, self._styles)
                    self.walk(
                        cell.element, inside or f"table {self._tables}, row {number}", coloured
                    )
                    self._end_code()

    def _texts(self, table: Element, rows: list[list[Cell | None]]) -> list[list[str]]:
        """The text of each cell; what is merged with the cell above has its text again."""
        texts: list[list[str]] = []
        for row in rows:
            line: list[str] = []
            for cell in row:
                column = len(line)
                if cell and cell.above and texts and column < len(texts[-1]):
                    line.append(texts[-1][column])
                else:
                    line.append(self._cell(cell.element, table) if cell else "")
                line += [""] * (cell.spans - 1 if cell else 0)
            texts.append(line)
        return texts

    def _cell(self, cell: Element, table: Element) -> str:
        coloured = is_coloured(cell, table, self._styles)
        lines = [line for each in paragraphs(cell) for line in self._inside(each, coloured)]
        if lines and all(re.fullmatch(r"\*\*[^*]+\*\*", line) for line in lines):
            lines = [line.strip("*") for line in lines] if len(lines) == 1 else lines
        return "\n".join(lines)

    def _inside(self, block: Element, coloured: bool) -> Iterator[str]:
        """The lines that a paragraph or a table within a cell has there."""
        if block.tag == f"{WORD}tbl":
            for row in self._texts(block, rows_of(block)):
                yield " – ".join(text.replace("\n", "; ") for text in row if text)
            return
        label = self._numbering.label(block)
        lines = marked(self._runs.pieces(block, coloured))
        before = (label.marker or label.shown) if label else ""
        yield from (
            f"{before} {line}" if n == 0 and before else line for n, line in enumerate(lines)
        )
        yield from self._runs.diagrams(block)
        for box, filled in self._runs.boxes(block):
            for each in paragraphs(box):
                yield from self._inside(each, filled)

    def _parts(self, texts: list[list[str]], titles: list[bool], places: list[str]) -> None:
        """Write a table; a row that is one cell says what those below it are about."""
        header = next((n for n, title in enumerate(titles) if not title), -1)
        part: list[int] = []
        told = False
        for row, title in enumerate(titles):
            if not title:
                part.append(row)
                continue
            if len(part) > 1:
                self._rows(texts, part, places)
                told = True
            self._lines(_titled(texts[row][0]), None, places[row])
            part = [] if row < header else [header]
        if len(part) > 1 or (part and not told):
            self._rows(texts, part, places)

    def _rows(self, texts: list[list[str]], rows: list[int], places: list[str]) -> None:
        self._written.table([texts[n] for n in rows], [[places[n]] for n in rows])


def _with_label(line: str, shown: str) -> str:
    """A paragraph and the words Word shows before it, bold where it is."""
    return f"**{shown} {line[2:]}" if line.startswith("**") else f"{shown} {line}"


def _is_title(row: list[Cell | None]) -> bool:
    return len(row) == 1 and row[0] is not None and row[0].spans > 1


def _titled(text: str) -> list[str]:
    lines = text.split("\n")
    short = len(lines) == 1 and 0 < len(text) <= LONGEST_LABEL and "**" not in text
    return [f"**{text}**"] if short else lines


def _are_keys(texts: list[list[str]]) -> bool:
    """Whether each row is a name and its value, and none is a header."""
    return all(
        len(row) == 2 and row[0].endswith(":") and len(row[0].split()) <= LONGEST_KEY
        for row in texts
    )


def _key_and_value(key: str, told: str) -> list[str]:
    first, *others = told.split("\n")
    return [f"**{key}** {first}", *others]
