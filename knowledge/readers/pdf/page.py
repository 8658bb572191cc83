"""A page of a PDF as words that a person sees, set upright, with where and how each stands."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from knowledge.readers.pdf.drawing import Box, Colour, Drawing, Fill, drawn
from knowledge.readers.pdf.letters import UPRIGHT, Face, Letters, Raw, raw_words

SMALLEST = 3.0
"""Points below which nobody reads."""
ALIKE = 24
"""How far colours may differ, of 255, and look the same."""
SCANNED = 0.6
"""How much of a page a picture covers whose words a machine recognised."""
WHITE: Colour = (255, 255, 255)
MOST_DOTS, FARTHEST = 300, 2.5


class Word(NamedTuple):
    """A word without spaces; `base` is what it stands on, `spaced` that a space was before it."""

    text: str
    box: Box
    base: float
    face: Face
    spaced: bool


@dataclass
class Sheet:
    """One page, seen with most of its text upright.

    `aside` is what is set in another direction, line by line; `hidden` counts the letters nobody
    sees, `unnamed` those that the file draws without naming them; `recognised` says that the words
    are what a machine read in a picture.
    """

    number: int
    width: float
    height: float
    words: list[Word] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)
    rules: list[Box] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    pictured: bool = False
    recognised: bool = False
    hidden: int = 0
    unnamed: int = 0


def sheet(page: Any, number: int) -> Sheet:
    """Read one page.

    Raises:
        PdfiumError: it is broken.
    """
    drawing = drawn(page.raw)
    text = page.get_textpage()
    try:
        letters = Letters(text.raw, drawing)
        raw = [word for word in raw_words(letters) if word.text]
    finally:
        text.close()
    made = _seen(raw, drawing, Box(*page.get_cropbox()), number)
    made.unnamed = letters.unnamed
    return made


def _seen(raw: list[Raw], drawing: Drawing, crop: Box, number: int) -> Sheet:
    turns = Counter[int]()
    for word in raw:
        turns[word.style.turn] += len(word.text)
    turns.pop(UPRIGHT, None)
    turn = max(turns, key=lambda each: turns[each], default=0)
    size = (crop.width, crop.height) if turn % 2 == 0 else (crop.height, crop.width)
    made = Sheet(number, *size)
    made.rules = [_upright(box, crop, turn) for box in drawing.rules]
    made.boxes = [
        _upright(box, crop, turn)
        for box in (*drawing.frames, *(f.box for f in drawing.fills if f.colour != WHITE))
    ]
    made.recognised = _is_recognised(raw, drawing, crop)
    visible = [w for w in raw if made.recognised or not _is_hidden(w, drawing, crop)]
    made.hidden = sum(len(w.text) for w in raw) - sum(len(w.text) for w in visible)
    made.words = [_word(w, crop, turn) for w in visible if w.style.turn == turn]
    made.words = _with_bullets(made.words, [_upright(box, crop, turn) for box in drawing.dots])
    made.aside = _aside([w for w in visible if w.style.turn != turn])
    made.pictured = not visible and bool(drawing.pictures or drawing.paths > 20)
    return made


def _upright(box: Box, crop: Box, turn: int) -> Box:
    """A box of the page's own coordinates from the upper left corner, after so many quarters."""
    left, bottom, right, top = crop
    x0, y0, x1, y1 = box
    if turn == 1:
        return Box(y0 - bottom, x0 - left, y1 - bottom, x1 - left)
    if turn == 2:
        return Box(right - x1, y0 - bottom, right - x0, y1 - bottom)
    if turn == 3:
        return Box(top - y1, right - x1, top - y0, right - x0)
    return Box(x0 - left, top - y1, x1 - left, top - y0)


def _word(raw: Raw, crop: Box, turn: int) -> Word:
    x, y = raw.origin
    base = _upright(Box(x, y, x, y), crop, turn).top
    return Word(raw.text, _upright(raw.box, crop, turn), base, raw.style.face, raw.spaced)


def _aside(words: list[Raw]) -> list[str]:
    lines: list[str] = []
    for word in words:
        if word.starts_line or not lines:
            lines.append(word.text)
        else:
            lines[-1] += f"{' ' if word.spaced else ''}{word.text}"
    return lines


def _with_bullets(words: list[Word], dots: list[Box]) -> list[Word]:
    """The words, and a bullet for each dot that is drawn before one."""
    bullets = [bullet for dot in dots[:MOST_DOTS] if (bullet := _bullet(words, dot))]
    return [*words, *bullets]


def _bullet(words: list[Word], dot: Box) -> Word | None:
    y = (dot.top + dot.bottom) / 2
    beside = [word for word in words if word.box.top < y < word.box.bottom]
    after = [word for word in beside if -1 < word.box.x0 - dot.x1 < FARTHEST * word.face.size]
    if not after or any(-1 < dot.x0 - word.box.x1 < word.face.size for word in beside):
        return None
    word = min(after, key=lambda each: each.box.x0)
    box = Box(dot.x0, word.box.top, dot.x1, word.box.bottom)
    return Word("•", box, word.base, word.face._replace(bold=False), True)


# What nobody sees


def _is_recognised(raw: list[Raw], drawing: Drawing, crop: Box) -> bool:
    """Whether this is a scan with the words that a machine recognised behind the picture."""
    area = max(crop.width * crop.height, 1.0)
    scanned = any(p.box.width * p.box.height > SCANNED * area for p in drawing.pictures)
    return scanned and bool(raw) and all(word.style.invisible for word in raw)


def _is_hidden(word: Raw, drawing: Drawing, crop: Box) -> bool:
    style = word.style
    x, y = (word.box.x0 + word.box.x1) / 2, (word.box.top + word.box.bottom) / 2
    if style.invisible or style.face.size < SMALLEST or not crop.holds(x, y, 1.0):
        return True
    if not drawing.fills and not drawing.pictures:
        return style.colour is not None and _alike(style.colour, WHITE)
    later = [f for f in drawing.fills if f.order > style.order and f.box.holds(x, y)]
    if any(_covers(fill.box, word.box) for fill in later):
        return True
    if style.colour is None:
        return False
    below = _below(drawing.fills, style.order, x, y)
    picture = _below(drawing.pictures, style.order, x, y)
    if picture and (not below or picture.order > below.order):
        return False
    return _alike(style.colour, below.colour if below else WHITE)


def _covers(fill: Box, word: Box) -> bool:
    return fill.x0 <= word.x0 + 1 and fill.x1 >= word.x1 - 1 and fill.height > word.height * 0.6


def _below(fills: list[Fill], order: int, x: float, y: float) -> Fill | None:
    """What was drawn last at this place before the text."""
    return next((f for f in reversed(fills) if f.order < order and f.box.holds(x, y)), None)


def _alike(one: Colour, other: Colour) -> bool:
    return all(abs(a - b) <= ALIKE for a, b in zip(one, other, strict=True))
