"""What of a page is content: the rest of it is hidden, or stands on every page of its site."""

import re
from collections.abc import Iterator
from typing import cast

from lxml import etree

from knowledge.readers.html.styles import Styles, is_light, is_unseen

Element = etree._Element

SILENT = frozenset(
    """script style template noscript svg canvas iframe object embed audio video map head link meta
    select option textarea input datalist progress meter dialog annotation""".split()
)
ROLES = {
    "navigation": "navigation",
    "banner": "header",
    "contentinfo": "footer",
    "complementary": "aside",
    "search": "search",
    "dialog": "dialog",
    "alertdialog": "dialog",
    "menu": "menu",
    "menubar": "menu",
    "toolbar": "menu",
}
TAGS = {"nav": "navigation", "aside": "aside", "footer": "footer", "header": "header"}
NAMED = {
    **dict.fromkeys(("cookie", "cookies", "consent", "gdpr"), "cookie banner"),
    **dict.fromkeys(("breadcrumb", "breadcrumbs"), "breadcrumbs"),
    **dict.fromkeys(("share", "sharing", "social"), "share bar"),
    **dict.fromkeys(("nav", "navbar", "menu", "sidebar", "pagination", "pager"), "navigation"),
    **dict.fromkeys(("newsletter", "subscribe", "advert", "ads", "promo", "related"), "promotion"),
    **dict.fromkeys(("metadata", "byline"), "byline"),
    "footer": "footer",
}
BOXES = frozenset("div section ul ol form p figure".split())
FEW = 400  # characters of furniture that is known by its name alone
MANY = 1_500  # characters of a cookie banner
FEWEST_LINKS = 3


class Page:
    """Tells of each element of a page whether it is read; keeps what was left out, and where."""

    def __init__(self, root: Element, styles: Styles) -> None:
        self.root, self.styles = root, styles
        self.size: dict[Element, tuple[int, int]] = dict(measured(root))
        self.opened = set(_opened(root))
        self.hidden: dict[Element, str] = {}
        self.furniture: dict[Element, str] = {}

    def chars(self, element: Element) -> int:
        """How many characters of text an element holds."""
        return self.size[element][0]

    def content(self) -> Element:
        """What the page says is its main part, unless that leaves out half of what is there."""
        marked = [e for e in self.root.iter() if e.tag == "main" or e.get("role") == "main"]
        found = max(marked or self.root.iter("article"), key=self.chars, default=None)
        if found is not None and self.chars(found) * 2 >= self.kept():
            return found
        return self.root

    def kept(self) -> int:
        """Characters of the whole page without its furniture."""
        total, walk = 0, etree.iterwalk(self.root, events=("start", "end"))
        for event, element in walk:
            if event == "start" and element is not self.root and self.leaves_out(element):
                walk.skip_subtree()
                total -= self.chars(element)
        self.hidden, self.furniture = {}, {}
        return self.chars(self.root) + total

    def leaves_out(self, element: Element) -> bool:
        """Whether an element is no content; what it is instead is kept in `furniture`."""
        if element.tag in SILENT:
            return True
        if not self.chars(element) or self.is_most(element):
            return False
        if self.is_hidden(element):
            self.hidden[element] = text_of(element)
        elif what := self.furniture_named(element):
            self.furniture[element] = what
        else:
            return element.tag == "button" and not self.is_switch(element)
        return True

    def is_most(self, element: Element) -> bool:
        return self.chars(element) * 2 > self.chars(self.root)

    def is_hidden(self, element: Element) -> bool:
        """Whether nobody sees it; what a press on the page opens is seen."""
        if element.get("id") in self.opened or element.get("hidden") == "until-found":
            return False
        if "hidden" in element.attrib or element.get("aria-hidden") == "true":
            return True
        look = self.styles.of(element)
        return bool(look) and (is_unseen(look) or self.is_white(element, look.get("color")))

    def is_white(self, element: Element, colour: str | None) -> bool:
        """Whether text has the colour of the paper: nothing around it says another background."""
        if not is_light(colour) or element.tag in ("th", "thead", "tr", "table", "a", "body"):
            return False
        around = (
            self.styles.of(each).get("background") for each in (element, *element.iterancestors())
        )
        return all(each is None or is_light(each.split()[0]) for each in around)

    def furniture_named(self, element: Element) -> str | None:
        tag = str(element.tag)
        what = ROLES.get(element.get("role", "")) or TAGS.get(tag)
        if what in ("header", "footer"):
            return what if self.is_frame(element) else None
        if what:
            return what
        if tag in BOXES:
            return self.by_name(element) or self.by_links(element)
        return None

    def is_frame(self, element: Element) -> bool:
        """Whether a header or footer is of the page: no title in it, and little to read."""
        inside = any(each.tag == "blockquote" for each in element.iterancestors())
        titled = next(element.iter("h1", "h2", "h3", "h4", "h5", "h6"), None) is not None
        return not inside and (self.is_links(element) or (not titled and self.chars(element) < FEW))

    def by_name(self, element: Element) -> str | None:
        words = re.split(
            r"[\W_]+|(?<=[a-z])(?=[A-Z])", f"{element.get('class')} {element.get('id')}"
        )
        what = next((NAMED[word.lower()] for word in words if word.lower() in NAMED), None)
        most = MANY if what == "cookie banner" else FEW
        return what if what and (self.chars(element) < most or self.is_links(element)) else None

    def by_links(self, element: Element) -> str | None:
        """A list of links: to places on the same page it is its contents, if short a menu."""
        links = list(element.iter("a")) if self.is_links(element) else []
        if len(links) < FEWEST_LINKS:
            return None
        if all(link.get("href", "").startswith("#") for link in links):
            return "contents"
        texts = [text_of(link) for link in links]
        short = sum(len(text.split()) for text in texts) < 3 * len(links)
        inside = any(e.tag in ("main", "article") for e in element.iterancestors())
        small = self.chars(element) * 5 < self.chars(self.root)
        return "navigation" if short and small and not inside else None

    def is_links(self, element: Element) -> bool:
        chars, linked = self.size[element]
        return linked > 0.8 * chars

    def is_switch(self, button: Element) -> bool:
        """Whether a button is the title of what it opens."""
        within = any(
            str(e.tag) in ("h1", "h2", "h3", "h4", "h5", "h6") for e in button.iterancestors()
        )
        return within or bool(button.get("aria-controls") or "aria-expanded" in button.attrib)


def text_of(element: Element) -> str:
    """All the text in an element, as it stands."""
    return "".join(map(str, element.itertext()))


def line_of(element: Element) -> int:
    """The line an element begins on, from 1; the parser counts to 65,535 only."""
    return cast("int | None", element.sourceline) or 1


def measured(root: Element) -> Iterator[tuple[Element, tuple[int, int]]]:
    """Each element with how many characters of text it holds, and how many of them in links."""
    open_: list[list[int]] = [[0, 0]]
    links = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            links += element.tag == "a"
            own = 0 if element.tag in SILENT else _chars(element.text)
            open_.append([own, own if links else 0])
            continue
        chars, linked = open_.pop()
        if element.tag in SILENT:
            chars = linked = 0
        links -= element.tag == "a"
        yield element, (chars, linked)
        tail = _chars(element.tail) if element is not root else 0
        open_[-1][0] += chars + tail
        open_[-1][1] += linked + (tail if links else 0)


def _chars(text: str | None) -> int:
    return len("".join(text.split())) if text else 0


def _opened(root: Element) -> Iterator[str]:
    """The ids of what a press on the page opens."""
    for element in root.iter():
        if controls := element.get("aria-controls") or element.get("data-target"):
            yield from (each.lstrip("#") for each in controls.split())
        if (
            element.get("role") == "tab"
            or element.get("data-toggle")
            or element.get("data-bs-toggle")
        ):
            yield (element.get("href") or element.get("data-bs-target") or "").lstrip("#")
        if element.get("role") == "tabpanel":
            yield element.get("id", "")
