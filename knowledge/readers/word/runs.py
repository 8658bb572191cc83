"""The text of a Word paragraph, run by run: what a reader of the printed page would see."""

import re
from collections import Counter
from collections.abc import Iterator

from knowledge.readers.office import DRAWN, WORD, Element, Package, diagram, number, unwrapped
from knowledge.readers.office_text import Piece, is_white
from knowledge.readers.word.styles import Styles, is_dark, value

MATHS = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
VML = "{urn:schemas-microsoft-com:vml}"
SHAPE = "{http://schemas.microsoft.com/office/word/2010/wordprocessingShape}"
THROUGH = frozenset(
    f"{WORD}{name}"
    for name in "ins moveTo hyperlink smartTag sdt sdtContent customXml fldSimple dir bdo".split()
)
NEVER = frozenset(
    f"{WORD}{name}"
    for name in "del moveFrom sdtPr sdtEndPr smartTagPr customXmlPr pPr rPr delText".split()
)
BREAKS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
SYMBOLS = {0xFC: "✓", 0xFB: "✗", 0xA8: "☐", 0x6F: "☐", 0x71: "☐", 0xFE: "☑", 0xFD: "☒",
           0xE0: "→", 0xDF: "←", 0xA7: "•", 0xB7: "•", 0x4A: "🙂", 0x4C: "🙁"}  # fmt: skip
LISTING = re.compile(r"\s*(TOC|TOA|INDEX)\b")
SMALLEST = 4
"""Half points; nobody reads smaller letters."""


class Field:
    """What Word works out, such as a date: its code comes before what it shows."""

    def __init__(self) -> None:
        self.code, self.shows = "", False


class Runs:
    """Reads paragraphs, and keeps what it left out of them."""

    def __init__(self, package: Package, path: str, body: Element, styles: Styles) -> None:
        self._package, self._path, self._styles = package, path, styles
        self._fields: list[Field] = []
        kinds = Counter(each.get(f"{WORD}fldCharType") for each in body.iter(f"{WORD}fldChar"))
        self._fields_end = kinds["begin"] == kinds["end"]
        self.left_out: Counter[str] = Counter()
        self.pictures = 0
        self.usual_size, self._usually_bold = self._usual(body)

    def pieces(self, paragraph: Element, coloured: bool = False) -> list[Piece]:
        """What can be read of a paragraph; `coloured` where it stands on something dark."""
        if not self._fields_end or not any(LISTING.match(field.code) for field in self._fields):
            self._fields = []
        coloured = coloured or is_dark(self._styles.of_paragraph(paragraph, "shd"))
        found: list[Piece] = []
        hidden = set()
        for element in unwrapped(paragraph, THROUGH, is_hidden):
            if element.tag == f"{WORD}r":
                piece = self._piece(element, paragraph)
                reason = piece.text.strip() and self._reason(element, paragraph, coloured)
                hidden |= {reason} if reason else set()
                found += [] if reason else [piece]
            elif element.tag in (f"{MATHS}oMath", f"{MATHS}oMathPara"):
                found.append(Piece("".join(t.text or "" for t in element.iter(f"{MATHS}t"))))
        self.left_out.update(hidden)
        return [piece for piece in found if piece.text]

    def boxes(self, paragraph: Element) -> Iterator[tuple[Element, bool]]:
        """The text boxes that hang on a paragraph, and whether each is coloured."""
        for drawn in _drawn(paragraph):
            for box in drawn.iter(f"{WORD}txbxContent"):
                if next(box.iterancestors(f"{WORD}txbxContent"), None) is None:
                    yield box, _is_filled(drawn)

    def diagrams(self, paragraph: Element) -> list[str]:
        """What the diagrams that hang on a paragraph say; its pictures are counted."""
        texts = []
        for drawn in _drawn(paragraph):
            texts += diagram(self._package, self._path, drawn)
            self.pictures += any(True for _ in drawn.iter(f"{DRAWN}blip", f"{VML}imagedata"))
        return texts

    def _piece(self, run: Element, paragraph: Element) -> Piece:
        is_on = self._styles.is_on
        return Piece(
            "".join(self._texts(run)),
            bold=not self._usually_bold and is_on(run, paragraph, "b"),
            underlined=is_on(run, paragraph, "u"),
            code=self._styles.is_monospaced(run, paragraph),
            size=self._styles.size(run, paragraph),
        )

    def _texts(self, run: Element) -> Iterator[str]:
        for element in unwrapped(run, THROUGH, is_hidden):
            name = element.tag.removeprefix(WORD)
            if name in ("fldChar", "instrText"):
                yield self._field(element)
            elif any(not field.shows or LISTING.match(field.code) for field in self._fields):
                continue
            elif name == "t":
                yield (element.text or "").replace("\n", " ")
            elif name == "sym":
                yield SYMBOLS.get(int(element.get(f"{WORD}char") or "0", 16) & 0xFF, "")
            elif name == "ruby":
                for base in element.iter(f"{WORD}rubyBase"):
                    yield "".join(each.text or "" for each in base.iter(f"{WORD}t"))
            else:
                yield BREAKS.get(name, "")

    def _field(self, element: Element) -> str:
        """Follow where a field begins and ends; what a box to tick in a form shows."""
        kind = element.get(f"{WORD}fldCharType")
        if element.tag == f"{WORD}instrText":
            if self._fields:
                self._fields[-1].code += element.text or ""
        elif kind == "begin":
            self._fields.append(Field())
            box = element.find(f"{WORD}ffData/{WORD}checkBox")
            if box is not None:
                ticks = [value(box.find(f"{WORD}{name}")) for name in ("checked", "default")]
                return "☒" if "1" in ticks else "☐"
        elif self._fields and kind == "separate":
            self._fields[-1].shows = True
        elif self._fields and kind == "end":
            self._fields.pop()
        return ""

    def _reason(self, run: Element, paragraph: Element, coloured: bool) -> str:
        """Why nobody is to read a run, if so."""
        is_on = self._styles.is_on
        if is_on(run, paragraph, "vanish"):
            return "is hidden"
        if self._styles.size(run, paragraph) <= SMALLEST:
            return "is too small to be seen"
        if is_on(run, paragraph, "strike") or is_on(run, paragraph, "dstrike"):
            return "is crossed out"
        if coloured or not is_white(value(self._styles.of_run(run, paragraph, "color"))):
            return ""
        marked = value(self._styles.of_run(run, paragraph, "highlight")) not in (
            None,
            "none",
            "white",
        )
        return "" if marked or is_dark(self._styles.of_run(run, paragraph, "shd")) else "is white"

    def _usual(self, body: Element) -> tuple[int, bool]:
        """The size of most letters, and whether most of them are bold."""
        sizes: Counter[int] = Counter()
        bold = 0
        for run in body.iter(f"{WORD}r"):
            length = sum(len(text.text or "") for text in run.findall(f"{WORD}t"))
            paragraph = next(run.iterancestors(f"{WORD}p"), None)
            if length and paragraph is not None:
                sizes[self._styles.size(run, paragraph)] += length
                bold += length * self._styles.is_on(run, paragraph, "b")
        usual = max(sizes, key=lambda size: sizes[size], default=0)
        return usual, bold > 0.6 * sizes.total()


def is_hidden(element: Element) -> bool:
    """Deleted text, properties, tables of contents, and what a form shows until it is filled in."""
    if element.tag == f"{WORD}sdt" and (about := element.find(f"{WORD}sdtPr")) is not None:
        gallery = value(about.find(f"{WORD}docPartObj/{WORD}docPartGallery"))
        placeholder = about.find(f"{WORD}showingPlcHdr")
        return gallery == "Table of Contents" or (
            placeholder is not None and value(placeholder) not in ("0", "false")
        )
    return element.tag in NEVER


def _drawn(paragraph: Element) -> Iterator[Element]:
    """What is drawn in a paragraph, each once."""
    for element in unwrapped(paragraph, THROUGH, is_hidden):
        if element.tag == f"{WORD}r":
            for child in unwrapped(element, THROUGH, is_hidden):
                if child.tag in (f"{WORD}drawing", f"{WORD}pict", f"{WORD}object"):
                    yield child


def _is_filled(drawn: Element) -> bool:
    """Whether a shape has a colour of its own, so that white text in it can be read."""
    shape = next(drawn.iter(f"{SHAPE}spPr"), None)
    if shape is not None and shape.find(f"{DRAWN}noFill") is None:
        filled = any(shape.find(f"{DRAWN}{kind}") is not None for kind in ("solidFill", "gradFill"))
        style = next(drawn.iter(f"{DRAWN}fillRef"), None)
        return filled or (style is not None and number(style.get("idx")) > 0)
    return any(each.get("fillcolor") for each in drawn.iter(f"{VML}shape", f"{VML}rect"))
