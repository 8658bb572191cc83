"""A document as Viva reads it: lines of Markdown, and where each stands in the file it is from.

Whatever a file is (see `knowledge.readers`), it becomes these lines, so that one parser serves
all. A text file's lines are its own; of any other file each line tells its place.
"""

from typing import Literal

from knowledge.atoms import Frozen
from knowledge.errors import BadInput

Format = Literal["text", "html", "pdf", "docx", "pptx", "csv", "xlsx", "json"]

NOTHING_IN_IT = "Give a document with some text in it."


class Received(Frozen):
    """A document's lines, and what had to be repaired or was left out of them.

    `places` has an entry for each line of `text`, or none at all where lines are places enough:
    what a person would look for in the file ("page 3", "slide 2", "Questions!C7"), one for each
    cell where the line is a row of a table, nothing where it has no place of its own. `notes` say
    what a person should know about the reading, such as pages that hold only pictures.
    """

    document: str
    text: str
    format: Format = "text"
    places: tuple[tuple[str, ...], ...] = ()
    repairs: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def place(self, line: int, cell: int = 0) -> str | None:
        """Where a line (1-based), or a cell of it (from 0), stands in the file, if that is told."""
        told = self.places[line - 1] if self.places else ()
        return (told[min(cell, len(told) - 1)] or None) if told else None


class Written:
    """Writes a reading block by block, for readers of files that are no text.

    Every method takes plain text of any number of lines and keeps it one block; marks within a
    line (`**bold**`, code spans, links) may be written as Markdown has them.
    """

    def __init__(self, document: str, format: Format) -> None:
        self._document, self._format = document, format
        self._lines: list[str] = []
        self._places: list[tuple[str, ...]] = []
        self.notes: list[str] = []
        self.repairs: list[str] = []

    def heading(self, text: str, level: int, place: str = "") -> None:
        """A heading of this level, from 1."""
        if one := _one_line(text):
            self._block()
            self._line(f"{'#' * min(max(level, 1), 6)} {one}", place)

    def paragraph(self, text: str, place: str = "", depth: int = 0) -> None:
        """A paragraph; one of an item stands a list deeper than it."""
        if one := _one_line(text):
            self._block()
            self._line("    " * depth + _unmarked(one), place)

    def item(self, text: str, depth: int = 0, marker: str = "-", place: str = "") -> None:
        """An item of a list, `depth` lists deep; `marker` as it is shown: `-`, `3.`, `b)`."""
        if one := _one_line(text):
            if self._lines and self._lines[-1].startswith("|"):
                self._block()
            self._line(f"{'    ' * depth}{marker} {one}", place)

    def table(
        self, rows: list[list[str]], places: list[list[str]] | None = None, place: str = ""
    ) -> None:
        """Rows of cells, the header first; `places` has one for each cell, else all have `place`.

        A cell may have several lines.
        """
        width = max(map(len, rows), default=0)
        if not any(cell.strip() for row in rows for cell in row):
            return
        self._block()
        for number, row in enumerate(rows):
            cells = [_cell(text) for text in (*row, *[""] * (width - len(row)))]
            told = tuple(places[number]) if places else (place,)
            self._line(f"| {' | '.join(cells)} |", *told)
            if number == 0:
                self._line(f"|{' --- |' * width}", *told)

    def code(self, text: str, place: str = "") -> None:
        """Lines that stand as they are."""
        if not text.strip():
            return
        fence = "```" if "```" not in text else "~~~~"
        self._block()
        for line in (fence, *text.strip("\n").splitlines(), fence):
            self._line(line, place)

    def quote(self, text: str, place: str = "") -> None:
        """What somebody says, or a box beside the text."""
        if text.strip():
            self._block()
            for line in text.strip().splitlines():
                self._line(f"> {line.strip()}", place)

    def received(self) -> Received:
        """The reading.

        Raises:
            BadInput: nothing was written.
        """
        if not any(line.strip() for line in self._lines):
            raise BadInput(f"{self._document} holds no text.", NOTHING_IN_IT)
        return Received(
            document=self._document,
            text="\n".join(self._lines),
            format=self._format,
            places=tuple(self._places),
            repairs=tuple(self.repairs),
            notes=tuple(self.notes),
        )

    def _block(self) -> None:
        if self._lines and self._lines[-1]:
            self._line("")

    def _line(self, text: str, *places: str) -> None:
        self._lines.append(text)
        self._places.append(places)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _unmarked(text: str) -> str:
    """A paragraph that begins with what would be a mark; a backslash says that it is none."""
    return f"\\{text}" if text.startswith(("#", ">", "|", "```", "~~~", "- ", "+ ", "* ")) else text


def _cell(text: str) -> str:
    lines = (_one_line(line) for line in text.splitlines())
    return "<br>".join(line for line in lines if line).replace("|", "\\|")
