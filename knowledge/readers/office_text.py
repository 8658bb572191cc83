"""What the text of Word files and of slides has in common: runs, typed bullets, shown numbers."""

import re
from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

TYPED = re.compile(r"([-*+•▪●◦‣·–])\s+(?=\S)")
"""A bullet that somebody typed."""

NUMERALS = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"),
            (4, "iv"), (1, "i"))  # fmt: skip


class Piece(NamedTuple):
    """A run of text of one look; `size` in half points."""

    text: str
    bold: bool = False
    underlined: bool = False
    code: bool = False
    size: int = 0


def text_of(pieces: Iterable[Piece]) -> str:
    """The text alone, with its line breaks."""
    return "".join(piece.text for piece in pieces)


def marked(pieces: list[Piece]) -> list[str]:
    """The lines of a paragraph, what is bold in them between `**`."""
    lines = _lines(pieces)
    if pieces and all(piece.underlined for piece in pieces if piece.text.strip()):
        lines = [[piece._replace(bold=True) for piece in line] for line in lines]
    return [text for line in lines if (text := _line(line)).strip()]


def _lines(pieces: list[Piece]) -> list[list[Piece]]:
    lines: list[list[Piece]] = [[]]
    for piece in pieces:
        first, *others = piece.text.split("\n")
        lines[-1].append(piece._replace(text=first))
        lines += [[piece._replace(text=each)] for each in others]
    return lines


def _line(pieces: list[Piece]) -> str:
    """A line; blank runs take the look of what stands before them."""
    looks: list[tuple[bool, str]] = []
    for piece in pieces:
        blank = not piece.text.strip() and looks
        looks.append((looks[-1][0] if blank else piece.bold, piece.text))
    runs = [
        (bold, "".join(text for _, text in group))
        for bold, group in groupby(looks, key=lambda look: look[0])
    ]
    texts = [text for _, text in runs]
    return "".join(
        _bold(text) if bold and not _within_word(texts, at) else text
        for at, (bold, text) in enumerate(runs)
    )


def _bold(text: str) -> str:
    inner = text.strip()
    if not any(map(str.isalnum, inner)):
        return text
    start = text.index(inner)
    return f"{text[:start]}**{inner}**{text[start + len(inner) :]}"


def _within_word(texts: list[str], at: int) -> bool:
    """Whether only a part of a word looks otherwise."""
    before, here = "".join(texts[:at])[-1:], texts[at]
    after = "".join(texts[at + 1 :])[:1]
    return (before.isalnum() and here[:1].isalnum()) or (here[-1:].isalnum() and after.isalnum())


def written(count: int, form: str) -> str:
    """A number as a list shows it: 3, c, C, iii, III."""
    if form in ("lowerLetter", "upperLetter") and count > 0:
        text = chr(ord("a") + (count - 1) % 26) * min((count - 1) // 26 + 1, 5)
    elif form in ("lowerRoman", "upperRoman") and 0 < count < 400:
        text = ""
        for worth, numeral in NUMERALS:
            text += numeral * (count // worth)
            count %= worth
    else:
        return f"{count:02}" if form == "decimalZero" else str(count)
    return text.upper() if form.startswith("upper") else text


def is_white(colour: str | None) -> bool:
    """Whether a colour cannot be seen on paper."""
    return bool(colour and re.fullmatch(r"(?i)(?:f[0-9a-f]){3}", colour))
