"""Texts as they may be meant: without tricks of spelling, order or encoding.

Two texts with the same skeleton look or read alike. A reading is one way to take a text apart
into words; a hidden text that stands in any of them was said.
"""

import base64
import binascii
import codecs
import html
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote

_lookalikes = str.maketrans(
    "0134578lабеорсухіјѕԁһкмтοαειικνρτυχ",
    "oieastbiabeopcyxijsdhkmtoaeiikvptux",
)
"""Leetspeak, `l` beside `i`, and Cyrillic and Greek letters that look Latin."""
_tags = {0xE0000 + code: code for code in range(32, 127)}
"""Unicode's tag characters repeat ASCII and are not drawn."""
_symbols = str.maketrans("@$€|!", "aseii")
_word = re.compile(r"[^\W_]+")
_base64 = re.compile(r"[A-Za-z0-9+/_-]{16,}")
_hex = re.compile(r"(?:(?:0x|\\x|%)?[0-9a-fA-F]{2}[\s:,;-]*){12,}")
_hex_mark = re.compile(r"0x|\\x|[^0-9a-fA-F]")
DEEPEST = 2
"""How many encodings inside one another are undone."""


def fold(text: str) -> str:
    """The text without case, accents, and characters that cannot be seen."""
    letters = unicodedata.normalize("NFKD", text.translate(_tags)).casefold()
    return "".join(c for c in letters if unicodedata.category(c) not in {"Mn", "Cf"})


def words_of(text: str) -> list[str]:
    """The words of a text, folded."""
    return _word.findall(fold(text))


def skeleton(word: str) -> str:
    """What a folded word looks like, whatever letters or digits it is written with."""
    return word.translate(_lookalikes)


def readings(text: str, depth: int = DEEPEST) -> Iterator[list[str]]:
    """The words of a text: as they stand, turned round, shifted, thinned out or decoded."""
    yield words_of(text.translate(_symbols))
    words = words_of(text)
    for said in (words, [codecs.encode(word, "rot13") for word in words]):
        yield said
        yield said[::-1]
        yield [word[::-1] for word in said]
        yield [word[::-1] for word in reversed(said)]
        yield said[::2]
        yield said[1::2]
        yield [word for word in said if not word.isdecimal()]
    for decoded in _decoded(text) if depth else ():
        yield from readings(decoded, depth - 1)


def _decoded(text: str) -> Iterator[str]:
    plain = html.unescape(unquote(text))
    if plain != text:
        yield plain
    blobs = _base64.findall(text)
    for blob in {*blobs, "".join(blobs)} - {""}:
        for start in range(4):
            yield _from_base64(blob[start:])
    for pairs in _hex.findall(text):
        digits = _hex_mark.sub("", pairs)
        yield bytes.fromhex(digits[: len(digits) // 2 * 2]).decode("utf-8", "ignore")


def _from_base64(blob: str) -> str:
    blob = blob.translate({ord("-"): "+", ord("_"): "/"})
    try:
        return base64.b64decode(blob[: len(blob) // 4 * 4]).decode("utf-8", "ignore")
    except binascii.Error:
        return ""
