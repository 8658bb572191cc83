"""Words of a page as the file has them: their letters, their type, and where they stand."""

import math
import re
from collections.abc import Iterator
from ctypes import addressof, byref, c_double, c_int, c_ushort, create_string_buffer
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from knowledge.readers.pdf.drawing import Box, Colour, Drawing, colour_of, holding
from knowledge.readers.pdf.spelling import SOFT

BOLD = re.compile(r"bold|black|heavy|demi|\bcmb|cmssbx|sfbx|-bd\b|[-,]bd(?![a-z])", re.I)
MONO = re.compile(r"mono|courier|consol|menlo|typewriter|cmtt|lucidacons|fixed", re.I)
RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
SYMBOLS = re.compile(r"wingdings|webdings|dingbat|symbol", re.I)
FIXED_PITCH, FORCE_BOLD = 1 << 0, 1 << 18
UPRIGHT = 8
NO_SPACES = re.compile(r"\S+")
PARTS_WORDS = {2: "-", 0xFFFE: "-", 0xFFFF: " ", 0: " "} | dict.fromkeys(
    [*range(3, 9), *range(14, 32)], " "
)
DRAWN = "•◦▪●○■□✓✔✗✘❏❑➢–-"
LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "ft", "ﬆ": "st"}
READ_AS = str.maketrans(
    {chr(code): "•" for code in range(0xE000, 0xF900)}
    | LIGATURES
    | {"\u2010": SOFT, "\u2011": "-"}
    | dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff", "")
)


class Face(NamedTuple):
    """How a run of text is set."""

    size: float
    bold: bool
    mono: bool


class Style(NamedTuple):
    """What is the same for all letters of one text object."""

    face: Face
    turn: int
    invisible: bool
    colour: Colour | None
    order: int
    symbols: bool


class Raw(NamedTuple):
    """A word as it stands in the file; the box is in the page's own coordinates, y going up."""

    text: str
    box: Box
    origin: tuple[float, float]
    style: Style
    spaced: bool
    starts_line: bool


class Letters:
    """The letters of a page as the file has them, and how each is set.

    `unnamed` counts those that are only drawn: the file does not say which they are.
    """

    def __init__(self, text: Any, drawing: Drawing) -> None:
        self._text, self._drawing = text, drawing
        self._styles: dict[int, Style] = {}
        self._rect, self._x, self._y = pdfium.FS_RECTF(), c_double(), c_double()
        said = _signs(text)
        self.signs, self.unnamed = said.translate(PARTS_WORDS), said.count("\0")

    def style(self, at: int) -> Style | None:
        """How a letter is set; none for spaces that the file has not."""
        item = pdfium.FPDFText_GetTextObject(self._text, at)
        if not item:
            return None
        address = addressof(item.contents)
        if address not in self._styles:
            order = self._drawing.order.get(address, 0)
            self._styles[address] = _read_style(self._text, at, item, order)
        return self._styles[address]

    def box(self, at: int) -> Box:
        rect = self._rect
        pdfium.FPDFText_GetLooseCharBox(self._text, at, rect)
        return Box(rect.left, rect.bottom, rect.right, rect.top)

    def origin(self, at: int) -> tuple[float, float]:
        pdfium.FPDFText_GetCharOrigin(self._text, at, self._x, self._y)
        return self._x.value, self._y.value


def _signs(text: Any) -> str:
    """A page's letters, one for each that the file has; NUL where it does not name one."""
    count = pdfium.FPDFText_CountChars(text)
    buffer = (c_ushort * (count + 1))()
    pdfium.FPDFText_GetText(text, 0, count, buffer)
    said = bytes(buffer)[: 2 * count].decode("utf-16-le", "replace")
    if len(said) != count or "\0" in said or "\ufffd" in said:
        said = "".join(_sign(pdfium.FPDFText_GetUnicode(text, at)) for at in range(count))
    return said


def _sign(code: int) -> str:
    if 0xD800 <= code < 0xE000 or code > 0x10FFFF:
        return " "
    return chr(code)


def raw_words(letters: Letters) -> Iterator[Raw]:
    """Every word, in the order of the file."""
    end = 0
    for found in NO_SPACES.finditer(letters.signs):
        first, last = found.start(), found.end() - 1
        breaks = end == 0 or "\n" in letters.signs[end:first] or "\r" in letters.signs[end:first]
        end = found.end()
        style, other = letters.style(first), letters.style(last)
        box = letters.box(first)
        whole = holding([box, letters.box(last)]) if last > first else box
        same = style and other and (style is other or style._replace(order=other.order) == other)
        if style and same and _is_one(whole, box, last - first + 1, style, found[0]):
            said = _spelled(_plain(found[0], style))
            yield Raw(said, whole, letters.origin(first), style, True, breaks)
        else:
            yield from _pieces(letters, first, last, breaks)


def _is_one(whole: Box, box: Box, length: int, style: Style, text: str) -> bool:
    """Whether a word stands in one piece from left to right."""
    if style.turn % 2:
        return whole.width < 1.5 * box.width and not RIGHT_TO_LEFT.search(text)
    even = whole.height < 1.5 * box.height and whole.width < length * 1.6 * style.face.size
    return even and not RIGHT_TO_LEFT.search(text)


def _pieces(letters: Letters, first: int, last: int, breaks: bool) -> Iterator[Raw]:
    """What stands between spaces, parted where the type changes or a gap is."""
    styles = [(at, style) for at in range(first, last + 1) if (style := letters.style(at))]
    runs: list[list[tuple[int, Style, Box]]] = []
    for at, style in styles:
        box = letters.box(at)
        if runs and not _differs(style, runs[-1][-1][1], runs[-1][-1][2], box):
            runs[-1].append((at, style, box))
        else:
            runs.append([(at, style, box)])
    for number, run in enumerate(runs):
        at, style, _ = run[0]
        if all(RIGHT_TO_LEFT.match(letters.signs[each]) for each, _, _ in run):
            run.sort(key=lambda each: -each[2].x0)
        said = _spelled(_plain("".join(letters.signs[each] for each, _, _ in run), style))
        whole = holding([box for _, _, box in run])
        yield Raw(said, whole, letters.origin(at), style, number == 0, breaks and number == 0)


def _differs(style: Style, other: Style, before: Box, box: Box) -> bool:
    """Whether a letter is of another word than the one before it."""
    if style is not other and style._replace(order=other.order) != other:
        return True
    if style.turn in (1, 3):
        return abs(box.x0 - before.x0) > style.face.size * 0.5
    gap = max(box.x0 - before.x1, before.x0 - box.x1)
    return gap > style.face.size * 0.25 or abs(box.top - before.top) > style.face.size * 0.5


def _spelled(word: str) -> str:
    """A word, without the places at which it might have been parted."""
    return word[:-1].replace(SOFT, "") + word[-1:]


def _plain(text: str, style: Style) -> str:
    """Signs as they are read: ligatures in letters, and pictures of bullets as one."""
    if style.symbols:
        return "".join(sign if sign.isalnum() or sign in DRAWN else "•" for sign in text)
    return text if text.isascii() else text.translate(READ_AS)


def _read_style(text: Any, at: int, item: Any, order: int) -> Style:
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(text, at, byref(matrix))
    size = pdfium.FPDFText_GetFontSize(text, at) * math.hypot(matrix.c, matrix.d)
    mode = pdfium.FPDFTextObj_GetTextRenderMode(item)
    strokes = mode in (pdfium.FPDF_TEXTRENDERMODE_STROKE, pdfium.FPDF_TEXTRENDERMODE_STROKE_CLIP)
    colour, alpha = colour_of(item, strokes)
    unseen = (pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP)
    name, bold, mono = _font(text, at)
    thick = mode == pdfium.FPDF_TEXTRENDERMODE_FILL_STROKE
    face = Face(round(size * 4) / 4, bold or thick, mono)
    symbols = bool(SYMBOLS.search(name))
    return Style(face, _turn(matrix), mode in unseen or alpha < 16, colour, order, symbols)


def _turn(matrix: Any) -> int:
    """How many quarters the text is turned against the clock; UPRIGHT for anything between."""
    angle = math.degrees(math.atan2(matrix.b, matrix.a)) % 360
    quarter = round(angle / 90)
    return quarter % 4 if abs(angle - quarter * 90) < 5 else UPRIGHT


def _font(text: Any, at: int) -> tuple[str, bool, bool]:
    flags = c_int()
    buffer = create_string_buffer(256)
    pdfium.FPDFText_GetFontInfo(text, at, buffer, 256, byref(flags))
    name = buffer.value.decode("utf-8", "replace")
    bold = bool(BOLD.search(name)) or bool(flags.value & FORCE_BOLD)
    return name, bold, bool(MONO.search(name)) or bool(flags.value & FIXED_PITCH)
