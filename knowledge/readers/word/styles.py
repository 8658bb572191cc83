"""What a Word file says of its paragraphs and runs, by themselves and through their styles."""

import re

from knowledge.readers.office import WORD, Element, number
from knowledge.readers.office_text import is_white

HEADING = re.compile(r"heading ?([1-9])", re.I)
OUTLINE = re.compile(r"(?:toc|table of (?:figures|authorities)|index)\b.*", re.I)
CODE = re.compile(r"(?:html preformatted|preformatted text|(?:source )?code.*|plain code)", re.I)
QUOTED = re.compile(r"(?:(?:intense |block )?quot(?:e|ations?)|block text)", re.I)
MONOSPACED = re.compile(
    r"\bmono|\bcourier|\bconsolas|\bmenlo|\bmonaco|\blucida console|\bcode\b", re.I
)
OFF = {"0", "false", "off", "none"}
BODY_TEXT = 9
USUAL_SIZE = 20


class Styles:
    """The styles of a file, each with those that it is based on."""

    def __init__(self, root: Element | None) -> None:
        found = () if root is None else root.findall(f"{WORD}style")
        self._styles = {each.get(f"{WORD}styleId", ""): each for each in found}
        self._default = next(
            (
                identity
                for identity, each in self._styles.items()
                if each.get(f"{WORD}default") in ("1", "true")
                and each.get(f"{WORD}type") == "paragraph"
            ),
            "",
        )
        default = None if root is None else root.find(f"{WORD}docDefaults//{WORD}sz")
        self._size = number(value(default), USUAL_SIZE)
        self._chains: dict[str, list[Element]] = {}
        self._known: dict[tuple[str, str], Element | None] = {}

    def chain(self, identity: str) -> list[Element]:
        """A style, what it is based on, and so on."""
        if identity not in self._chains:
            chain: list[Element] = []
            at: str | None = identity
            while at and (style := self._styles.get(at)) is not None and style not in chain:
                chain.append(style)
                at = value(style.find(f"{WORD}basedOn"))
            self._chains[identity] = chain
        return self._chains[identity]

    def style_of(self, paragraph: Element) -> str:
        """The id of a paragraph's style."""
        return value(paragraph.find(f"{WORD}pPr/{WORD}pStyle")) or self._default

    def names(self, paragraph: Element) -> list[str]:
        """The names of a paragraph's style and of those it is based on."""
        styles = self.chain(self.style_of(paragraph))
        return [value(style.find(f"{WORD}name")) or "" for style in styles]

    def of_paragraph(self, paragraph: Element, name: str) -> Element | None:
        """A property of a paragraph: its own, or of its style."""
        own = paragraph.find(f"{WORD}pPr/{WORD}{name}")
        return self._of_style(self.style_of(paragraph), f"pPr/{name}") if own is None else own

    def of_run(self, run: Element, paragraph: Element, name: str) -> Element | None:
        """A property of a run: its own, of its style, or of its paragraph's style."""
        own = run.find(f"{WORD}rPr/{WORD}{name}")
        if own is None and (style := value(run.find(f"{WORD}rPr/{WORD}rStyle"))):
            own = self._of_style(style, f"rPr/{name}")
        return self._of_style(self.style_of(paragraph), f"rPr/{name}") if own is None else own

    def is_on(self, run: Element, paragraph: Element, name: str) -> bool:
        """Whether a run is bold, hidden and so on."""
        found = self.of_run(run, paragraph, name)
        return found is not None and (value(found) or "1").lower() not in OFF

    def size(self, run: Element, paragraph: Element) -> int:
        """The size of a run's letters in half points."""
        return number(value(self.of_run(run, paragraph, "sz")), self._size)

    def is_monospaced(self, run: Element, paragraph: Element) -> bool:
        """Whether a run is set as code is."""
        fonts = self.of_run(run, paragraph, "rFonts")
        font = "" if fonts is None else fonts.get(f"{WORD}ascii") or ""
        return bool(MONOSPACED.search(font))

    def heading(self, paragraph: Element) -> int | None:
        """The level of a heading, from 1; 0 for the title of the document."""
        names = self.names(paragraph)
        if any(name.lower() == "title" for name in names):
            return 0
        if any(name.lower() == "subtitle" for name in names):
            return 1
        outline = self.of_paragraph(paragraph, "outlineLvl")
        if outline is not None and (level := number(value(outline), BODY_TEXT)) < BODY_TEXT:
            return level + 1
        named = (HEADING.fullmatch(each) for each in (*names, self.style_of(paragraph)))
        return next((int(found[1]) for found in named if found), None)

    def is_contents(self, paragraph: Element) -> bool:
        """Whether a paragraph belongs to a table of contents."""
        return any(OUTLINE.fullmatch(name) for name in self.names(paragraph))

    def is_code(self, paragraph: Element) -> bool:
        """Whether a paragraph's style is one for code."""
        return any(CODE.fullmatch(name) for name in self.names(paragraph))

    def is_quote(self, paragraph: Element) -> bool:
        """Whether a paragraph's style is one for quotations."""
        return any(QUOTED.fullmatch(name) for name in self.names(paragraph))

    def is_shaded(self, table_style: str) -> bool:
        """Whether a table's style colours some of its cells."""
        return any(
            is_dark(shade)
            for style in self.chain(table_style)
            for shade in style.iter(f"{WORD}shd")
        )

    def _of_style(self, identity: str, path: str) -> Element | None:
        key = identity, path
        if key not in self._known:
            way = "/".join(f"{WORD}{step}" for step in path.split("/"))
            found = (style.find(way) for style in self.chain(identity))
            self._known[key] = next((each for each in found if each is not None), None)
        return self._known[key]


def value(element: Element | None) -> str | None:
    """What an element has as its `w:val`."""
    return None if element is None else element.get(f"{WORD}val")


def is_dark(shade: Element | None) -> bool:
    """Whether a shading has a colour on which white can be read."""
    fill = None if shade is None else shade.get(f"{WORD}fill")
    return bool(fill and fill.lower() != "auto" and not is_white(fill))
