"""Slides (PPTX, and their templates, shows and macro kinds) into readings.

A slide's title is a heading; what stands below it is read as a person would, column by column. What
its speaker noted follows, with its place. Slides are counted from 1, the hidden ones too, as
PowerPoint counts them.
"""

import re
from collections import Counter

from knowledge.errors import BadInput
from knowledge.readers.office import (
    DRAWN,
    LINK,
    SEND_TEXT,
    SLIDE,
    Element,
    Package,
    counted,
    diagram,
    number,
    opened,
)
from knowledge.readers.office_text import TYPED, marked, text_of
from knowledge.readers.slides.shapes import (
    FURNITURE,
    TITLES,
    Shape,
    Sheet,
    in_order,
    shapes,
    sheets,
)
from knowledge.readers.slides.text import Told, paragraphs, pieces_of
from knowledge.reading import Received, Written

USUAL_SIZE = 12_192_000, 6_858_000
CONTINUED = re.compile(r"\s*[\[(](cont(inued|['’.]?d|\.)?|\d+\s*(/|of)\s*\d+)\.?[\])]\s*$", re.I)
LONGEST_TITLE = 12


def read(data: bytes, name: str) -> Received:
    """Read a presentation.

    Raises:
        BadInput: it is encrypted or broken, or holds no text.
    """
    with opened(data, name) as package:
        path, root = package.main(f"{SLIDE}presentation", "ppt/presentation.xml")
        reader = _Reader(package, root)
        for at, each in enumerate(root.iter(f"{SLIDE}sldId"), 1):
            slide = package.linked(path, each.get(f"{LINK}id"))
            reader.slide(at, sheets(package, slide or ""))
        return reader.received()


class _Reader:
    def __init__(self, package: Package, root: Element) -> None:
        self._package = package
        size = root.find(f"{SLIDE}sldSz")
        told = (None, None) if size is None else (size.get("cx"), size.get("cy"))
        self._width, self._height = map(number, told, USUAL_SIZE)
        self._written = Written(package.name, "pptx")
        self._left_out: Counter[str] = Counter()
        self._hidden: list[int] = []
        self._missing = self._pictures = self._outside = 0
        self._above, self._title = 0, ""
        self._opened = False

    def slide(self, number: int, slide: list[Sheet]) -> None:
        """Write one slide."""
        if not slide or slide[0].root.tag != f"{SLIDE}sld":
            self._missing += 1
            return
        if slide[0].root.get("show") in ("0", "false"):
            self._hidden.append(number)
            return
        place = f"slide {number}"
        found = [each for each in shapes(slide) if each.role not in FURNITURE]
        title, others = self._parted([each for each in found if self._is_seen(each)], slide)
        if title:
            opens = any(each.role == "subTitle" for each in found)
            self._heading(title, slide, place, opens=opens)
        for shape in in_order(others):
            self._shape(shape, slide, place)
        self._notes(slide[0].path, place)

    def received(self) -> Received:
        """The reading, with what was left out of it."""
        notes = self._written.notes
        if self._hidden:
            listed = ", ".join(map(str, self._hidden))
            notes.append(f"Left out {counted(len(self._hidden), 'hidden slide')}: {listed}.")
        for reason, times in self._left_out.items():
            notes.append(f"Left out text that {reason}, in {counted(times, 'place')}.")
        for times, noun in (
            (self._pictures, "picture"),
            (self._outside, "shape beside its slide"),
            (self._missing, "slide that the file does not hold"),
        ):
            if times:
                notes.append(f"Left out {counted(times, noun)}.")
        try:
            return self._written.received()
        except BadInput:
            if self._pictures:
                raise BadInput(f"{self._package.name} holds only pictures.", SEND_TEXT) from None
            raise

    def _is_seen(self, shape: Shape) -> bool:
        """Whether a shape stands on its slide."""
        box = shape.box
        beside = box.right < 0 or box.bottom < 0 or box.left > self._width or box.top > self._height
        self._outside += beside and not _is_empty(shape)
        return not beside

    def _parted(self, found: list[Shape], slide: list[Sheet]) -> tuple[Shape | None, list[Shape]]:
        """The title of a slide, and what else has something to read."""
        titles = (each for each in found if each.role in TITLES)
        title = next((each for each in titles if _text(each, slide)), None)
        filled = [each for each in found if each is not title and not _is_empty(each)]
        title = title or _largest(filled, slide)
        return title, [each for each in filled if each is not title]

    def _heading(self, shape: Shape, slide: list[Sheet], place: str, *, opens: bool) -> None:
        """Write a title: of the whole if it `opens`, of a part, or of a slide, and that once."""
        text = CONTINUED.sub("", " ".join(_text(shape, slide).split()))
        kind = slide[1].root.get("type") if len(slide) > 1 else None
        first = not self._title
        opens = first and (opens or shape.role == "ctrTitle" or kind == "title")
        if kind == "secHead" or opens:
            self._opened = self._opened or opens
            self._above = 1 + (self._opened and not opens)
            self._written.heading(text, self._above, place)
        elif text != self._title:
            self._written.heading(text, self._above + 1, place)
        self._title = text

    def _shape(self, shape: Shape, slide: list[Sheet], place: str) -> None:
        drawn = shape.element
        if shape.element.tag == f"{SLIDE}sp":
            for told in paragraphs(shape, slide, self._left_out):
                self._paragraph(told, place)
        elif (table := next(drawn.iter(f"{DRAWN}tbl"), None)) is not None:
            self._written.table(self._rows(table), place=place)
        elif texts := diagram(self._package, slide[0].path, drawn):
            for text in texts:
                self._written.item(text, place=place)
        else:
            self._pictures += drawn.tag != f"{SLIDE}cxnSp"

    def _paragraph(self, told: Told, place: str) -> None:
        """Write the lines of a paragraph."""
        for row, line in enumerate(marked(told.pieces)):
            typed = TYPED.match(line)
            if row == 0 and (told.marker or told.level):
                self._written.item(line, told.level, told.marker or "-", place)
            elif typed:
                self._written.item(line[typed.end() :], marker=typed[1], place=place)
            else:
                self._written.paragraph(line, place)

    def _rows(self, table: Element) -> list[list[str]]:
        """The texts of a table; what is merged with the cell above has its text again."""
        rows: list[list[str]] = []
        for row in table.findall(f"{DRAWN}tr"):
            texts: list[str] = []
            for cell in row.findall(f"{DRAWN}tc"):
                above = cell.get("vMerge") in ("1", "true") and rows and len(texts) < len(rows[-1])
                texts.append(rows[-1][len(texts)] if above else self._cell(cell))
            rows.append(texts)
        return rows

    def _cell(self, cell: Element) -> str:
        if cell.get("hMerge") in ("1", "true"):
            return ""
        pieces = (pieces_of(each, self._left_out) for each in cell.iter(f"{DRAWN}p"))
        return "\n".join(text_of(each) for each in pieces)

    def _notes(self, path: str, place: str) -> None:
        """Write what the speaker noted."""
        for target in self._package.related(path, "notesSlide")[:1]:
            sheet = sheets(self._package, target)
            holders = [each for each in shapes(sheet) if each.role == "body"] if sheet else []
            told = [
                each for holder in holders for each in paragraphs(holder, sheet, self._left_out)
            ]
            for each in told:
                self._paragraph(each, f"{place}, notes")


def _text(shape: Shape, slide: list[Sheet]) -> str:
    """What can be seen of a shape's text."""
    return "\n".join(text_of(told.pieces) for told in paragraphs(shape, slide, Counter()))


def _is_empty(shape: Shape) -> bool:
    texts = (each.text or "" for each in shape.element.iter(f"{DRAWN}t"))
    return shape.element.tag == f"{SLIDE}sp" and not "".join(texts).strip()


def _largest(found: list[Shape], slide: list[Sheet]) -> Shape | None:
    """What serves as a title where none is marked: a line in larger letters than the rest."""
    sizes = sorted(((_size(each), at) for at, each in enumerate(found)), reverse=True)
    if not sizes or sizes[0][0] == 0 or (len(sizes) > 1 and sizes[1][0] >= sizes[0][0]):
        return None
    largest = found[sizes[0][1]]
    return largest if len(_text(largest, slide).split()) <= LONGEST_TITLE else None


def _size(shape: Shape) -> int:
    """The size of a shape's largest letters, where it is told."""
    runs = shape.element.iterfind(f"{SLIDE}txBody/{DRAWN}p/{DRAWN}r/{DRAWN}rPr")
    return max((number(run.get("sz")) for run in runs), default=0)
