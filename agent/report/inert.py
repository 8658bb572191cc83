"""A candidate's words made harmless in Markdown: they are shown, never interpreted."""

import re
import unicodedata
from collections.abc import Iterable

_live = re.compile(r"<(?=[a-z/!?])|\](?=[(:\[])", re.IGNORECASE)


def one_line(text: str) -> str:
    return " ".join(printable(text).split())


def printable(text: str) -> str:
    """Without control characters, which a terminal would obey."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc")


def quoted(text: str) -> str:
    return inert(one_line(text))


def inert(text: str) -> str:
    """A candidate's words with no HTML, link or image in them; `a < b` and `rows[0]` stay."""
    return _live.sub(lambda found: f"&#{ord(found.group())};", text)


def cell(text: str) -> str:
    return one_line(text).replace("|", "\\|")


def blockquote(text: str) -> Iterable[str]:
    return (f"> {inert(line)}".rstrip() for line in printable(text).splitlines())
