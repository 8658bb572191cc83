"""Pages as they are received: HTML of any kind, and web archives of one page."""

import codecs
import email
import email.policy
import re
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import islice

import lxml.html
from lxml import etree

from knowledge.errors import BadInput
from knowledge.readers.html.furniture import Element, Page, line_of, text_of
from knowledge.readers.html.markup import Walker
from knowledge.readers.html.styles import Styles
from knowledge.readers.html.tables import place
from knowledge.readers.html.titles import titles_of
from knowledge.readers.kinds import ARCHIVED_PAGE
from knowledge.readers.text import decoded
from knowledge.reading import Received, Written

SAVE_AGAIN = "Open the page, copy its text and save that as plain text."
CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.I)
NEUTRAL_TAGS = re.compile(r"</?(?:div|span|font|section|b|i|em|strong|big|small)\b[^<>]*>", re.I)
PRODUCT = re.compile(
    r"\s+[-–—|·]\s+"
    r"(confluence|notion|google (docs|drive)|sharepoint|wiki\w*|[\w.-]+\.(com|org|io|net))$",
    re.I,
)
NO_TITLE = re.compile(
    r"^(untitled|document|index|home|new page|page)\b.{0,12}$|\.(html?|docx?)$", re.I
)
MOST_TOLD = 5


def read(data: bytes, name: str) -> Received:
    """Read the main content of a page.

    Raises:
        BadInput: it is empty, holds only scripts or furniture, or is nested beyond reading.
    """
    repairs: list[str] = []
    if ARCHIVED_PAGE.search(data[:2000]):
        data = _archived(data, name)
    text = _text(data, name, repairs)
    root = _parsed(text, name)
    body = next(root.iter("body"), root)
    page = Page(body, Styles(_sheets(root)))
    if (pre := _only_text(page)) is not None:
        return _as_text(pre, name)
    written = Written(name, "html")
    written.repairs += repairs
    content = page.content()
    _write_title(root, page, content, written)
    walker = Walker(page, written)
    walker.walk(content)
    if page.chars(content) < page.chars(page.root):
        written.notes.append(f"Read the main part of the page, from {place(content)}.")
    written.notes += _notes(page, walker)
    try:
        return written.received()
    except BadInput:
        raise BadInput(
            f"{name} holds no text to read: it has only scripts, pictures or menus.", SAVE_AGAIN
        ) from None


def _text(data: bytes, name: str, repairs: list[str]) -> str:
    """The page's characters: by its mark, as UTF-8 where it is that, else as it says itself."""
    said = CHARSET.search(data[:4096])
    label = said[1].decode().lower() if said else ""
    if label and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            try:
                codec = codecs.lookup("cp1252" if label in ("iso-8859-1", "latin1") else label)
                return data.decode(codec.name).replace("\0", "\ufffd")
            except (LookupError, UnicodeDecodeError):
                repairs.append(f"The page says that it is {label}, and it is not.")
    return decoded(data, name, repairs)


def _archived(data: bytes, name: str) -> bytes:
    """The page within a web archive (MHTML)."""
    for part in email.message_from_bytes(data, policy=email.policy.default).walk():
        if part.get_content_type() == "text/html":
            page = part.get_payload(decode=True)
            if isinstance(page, bytes) and page.strip():
                return page
    raise BadInput(f"{name} is a web archive without a page in it.", "Save the page as HTML.")


def _parsed(text: str, name: str) -> Element:
    """The tree of a page; one that is nested too deeply loses its boxes, not its text."""
    for source in (text, NEUTRAL_TAGS.sub(" ", text)):
        parser = lxml.html.HTMLParser(
            encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True
        )
        try:
            root = lxml.html.document_fromstring(source.encode(errors="replace"), parser=parser)
        except (etree.ParserError, etree.XMLSyntaxError) as error:
            raise BadInput(f"{name} holds no text.", SAVE_AGAIN) from error
        if not any("depth" in each.message.lower() for each in parser.error_log):
            return root
    raise BadInput(f"{name} is nested too deeply to be read.", SAVE_AGAIN)


def _sheets(root: Element) -> list[str]:
    return [style.text or "" for style in root.iter("style") if style.get("media") != "print"]


def _only_text(page: Page) -> Element | None:
    """A text file that a browser saved as a page."""
    pre = next(page.root.iter("pre"), None)
    whole = pre is not None and page.chars(pre) > 0.9 * page.chars(page.root)
    return pre if whole else None


def _as_text(pre: Element, name: str) -> Received:
    text = text_of(pre)
    if not text.strip():
        raise BadInput(f"{name} holds no text.", SAVE_AGAIN)
    first, lines = line_of(pre), text.count("\n") + 1
    places = tuple((f"line {first + n}",) for n in range(lines))
    return Received(document=name, text=text, format="html", places=places)


def _write_title(root: Element, page: Page, content: Element, written: Written) -> None:
    """What the page is called, where its content does not say it."""
    boxes = titles_of(content)
    if next(content.iter("h1"), None) is not None or 1 in boxes.values():
        return
    above = list(page.root.iter("h1"))
    title = above[0] if len(above) == 1 else next(root.iter("title"), None)
    text = " ".join(text_of(title).split()) if title is not None else ""
    text = PRODUCT.sub("", text)
    if title is None or not text or NO_TITLE.search(text):
        return
    marked = boxes or next(content.iter("h2", "h3", "h4", "h5", "h6"), None) is not None
    write = partial(written.heading, level=1) if marked else written.paragraph
    write(text, place=place(title))


def _notes(page: Page, walker: Walker) -> Iterator[str]:
    """What was left out, and where."""
    if page.furniture:
        yield f"Left out as furniture of the page: {_listed(page.furniture)}."
    if page.hidden:
        said = {each: f"“{' '.join(text.split())[:40]}”" for each, text in page.hidden.items()}
        yield f"Left out text that the page hides: {_listed(said)}."
    if walker.gone:
        yield f"Left out text that is struck through, in {walker.gone} places."
    if walker.pictures:
        yield f"Left out pictures: {walker.pictures}."


def _listed(found: Mapping[Element, str]) -> str:
    told = [f"{what} ({place(element)})" for element, what in islice(found.items(), MOST_TOLD)]
    more = len(found) - len(told)
    return ", ".join([*told, f"and {more} more"] if more else told)
