"""The paragraphs of a slide's shapes: their text, their bullets and how deep these are."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from knowledge.readers.office import DRAWN, SLIDE, Element, number
from knowledge.readers.office_text import Piece, written
from knowledge.readers.slides.colours import hides_white, is_white_run
from knowledge.readers.slides.shapes import Shape, Sheet, bodies

FORMS = {"alphaLc": "lowerLetter", "alphaUc": "upperLetter", "romanLc": "lowerRoman",
         "romanUc": "upperRoman"}  # fmt: skip
SIGNS = {"✓": "✓", "✔": "✓", "✗": "✗", "✘": "✗", "ü": "✓", "û": "✗"}
SMALLEST = 200
"""Hundredths of a point; nobody reads smaller letters."""


class Told(NamedTuple):
    """A paragraph; `marker` is empty where it has neither bullet nor number."""

    pieces: list[Piece]
    level: int
    marker: str


def paragraphs(shape: Shape, slide: list[Sheet], left_out: Counter[str]) -> Iterator[Told]:
    """The paragraphs of a shape; why a text was left out is counted."""
    body = shape.element.find(f"{SLIDE}txBody")
    white = any(map(is_white_run, shape.element.iter(f"{DRAWN}rPr")))
    on_white = white and hides_white(shape, slide)
    counts: Counter[int] = Counter()
    for paragraph in () if body is None else body.findall(f"{DRAWN}p"):
        pieces = pieces_of(paragraph, left_out, on_white=on_white)
        if not any(piece.text.strip() for piece in pieces):
            continue
        about = paragraph.find(f"{DRAWN}pPr")
        level = min(max(number(None if about is None else about.get("lvl")), 0), 8)
        bullet = _bullet(shape, slide, about, level)
        for deeper in [each for each in counts if each > level]:
            del counts[deeper]
        counts[level] = counts[level] + 1 if bullet is not None and _counts(bullet) else 0
        yield Told(pieces, level, "" if bullet is None else _marker(bullet, counts[level]))


def pieces_of(paragraph: Element, left_out: Counter[str], *, on_white: bool = False) -> list[Piece]:
    """The runs of a paragraph that can be seen; why others cannot is counted."""
    found = []
    for run in paragraph:
        if run.tag == f"{DRAWN}br":
            found.append(Piece("\n"))
        if run.tag not in (f"{DRAWN}r", f"{DRAWN}fld"):
            continue
        about, text = run.find(f"{DRAWN}rPr"), run.findtext(f"{DRAWN}t") or ""
        looks = dict[str, str]() if about is None else {str(k): str(v) for k, v in about.items()}
        size = number(looks.get("sz"))
        if text.strip() and 0 < size <= SMALLEST:
            left_out["is too small to be seen"] += 1
        elif text.strip() and looks.get("strike", "noStrike") != "noStrike":
            left_out["is crossed out"] += 1
        elif text.strip() and on_white and is_white_run(about):
            left_out["is white"] += 1
        else:
            bold, underlined = looks.get("b") in ("1", "true"), looks.get("u", "none") != "none"
            found.append(Piece(text.replace("\v", "\n"), bold, underlined, size=size))
    return found


def _bullet(shape: Shape, slide: list[Sheet], about: Element | None, level: int) -> Element | None:
    """What stands before a paragraph: its own, or what its placeholder has at this level."""
    styles = [body.find(f"{DRAWN}lstStyle/{DRAWN}lvl{level + 1}pPr") for body in bodies(shape)]
    if shape.role in ("obj", "body", "subTitle"):
        master = slide[-1].root.find(f"{SLIDE}txStyles/{SLIDE}bodyStyle/{DRAWN}lvl{level + 1}pPr")
        styles.append(master)
    for each in (about, *styles):
        for kind in ("buNone", "buChar", "buAutoNum", "buBlip"):
            bullet = None if each is None else each.find(f"{DRAWN}{kind}")
            if bullet is not None:
                return None if kind == "buNone" else bullet
    return None


def _counts(bullet: Element) -> bool:
    return bullet.tag == f"{DRAWN}buAutoNum"


def _marker(bullet: Element, count: int) -> str:
    if not _counts(bullet):
        return SIGNS.get(bullet.get("char", ""), "-")
    kind = bullet.get("type", "")
    form = next((form for name, form in FORMS.items() if kind.startswith(name)), "decimal")
    shown = written(count + number(bullet.get("startAt"), 1) - 1, form)
    if len(shown) > 1 and not shown.isdecimal():
        shown = str(count)
    return (
        f"({shown})" if kind.endswith("ParenBoth") else f"{shown}{')' if 'Paren' in kind else '.'}"
    )
