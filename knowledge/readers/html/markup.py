"""A page's elements in the order they stand, written as the blocks a reader sees."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from lxml import etree

from knowledge.parser.wording import is_question, label_purpose
from knowledge.readers.html.furniture import Element, Page, line_of, text_of
from knowledge.readers.html.styles import is_bold
from knowledge.readers.html.tables import Layout, write_rows
from knowledge.readers.html.titles import titles_of
from knowledge.reading import Written

HEADINGS = {f"h{n}": n for n in range(1, 7)}
BLOCKS = frozenset(
    """address article aside blockquote body caption center dd details dir div dl dt fieldset
    figcaption figure footer form header hgroup hr label legend li main menu nav ol option p pre
    section summary table tbody td tfoot th thead tr ul""".split()
)
BOXED = "ul ol dl table pre details h1 h2 h3 h4 h5 h6".split()
LISTS = frozenset({"ul", "ol", "menu", "dir"})
BOLD = frozenset({"b", "strong"})
CODE = frozenset({"code", "kbd", "samp", "tt"})
GONE = frozenset({"del", "s", "strike"})
COUNTS = frozenset({"num", "number", "no", "nr", "index", "counter"})
PERMALINK = frozenset("¶#§🔗")
LAST_LINE = 65_535  # beyond it the parser does not count
GOOGLE_LIST = re.compile(r"\blst-kix_\w+-(\d)\b")
OFFICE_LIST = re.compile(r"mso-list:[^;]*\blevel(\d)")
UNSEEN = str.maketrans(dict.fromkeys("\u00ad\u200b\u200c\u2060\ufeff"))
EMOTICONS = {"(tick)": "✓", "(error)": "✗", "(/)": "✓", "(x)": "✗", "(plus)": "+", "(minus)": "–"}


class Run(NamedTuple):
    """A piece of text that looks the same throughout."""

    text: str
    bold: bool
    code: bool


@dataclass
class List:
    """A list that is open: what its next item is marked with."""

    ordered: bool
    number: int
    step: int
    letters: str = ""
    depth: int = 0
    plain: bool = False  # its items are sections of their own, not items

    def mark(self, item: Element) -> str:
        """The mark of its next item."""
        if not self.ordered:
            return "-"
        self.number = _number(item.get("value"), self.number)
        shown = self.number
        self.number += self.step
        if self.letters and 0 < shown <= 26:
            return f"{chr(ord(self.letters) + shown - 1)}."
        return f"{shown}."


class Walker:
    """Goes through a page from top to bottom without ever going deeper in the program itself."""

    joins = True  # whether a line may go on below a line break

    def __init__(self, page: Page, written: Written) -> None:
        self.page, self.written = page, written
        self.runs: list[Run] = []
        self.line = 1
        self.at = ""
        self.level = 1  # of the last heading
        self.heading = 0  # of the one that is open
        self.bold = [False]
        self.code = 0
        self.lists: list[List] = []
        self.marker: str | None = None
        self.quote: list[str] | None = None
        self.label = ""
        self.outer_levels: list[int] = []
        self.gone = self.pictures = 0
        self.titles: dict[Element, int] = {}

    def walk(self, root: Element) -> None:
        """Write what an element holds."""
        self.titles = titles_of(root)
        self.count(root)
        self.say(root.text)
        walk, skipped = etree.iterwalk(root, events=("start", "end")), None
        for event, element in walk:
            if element is root:
                continue
            if event == "start":
                self.count(element)
                if self.passes(element):
                    skipped = element
                    walk.skip_subtree()
                else:
                    self.start(element)
                    self.say(element.text)
                continue
            if element is skipped:
                skipped = None
            else:
                self.end(element)
            self.say(element.tail)
        self.flush()
        self.say_label()

    def count(self, element: Element) -> None:
        """Keep the line at hand; the parser itself counts only so far."""
        if (line := line_of(element)) < LAST_LINE:
            self.line = line

    def say(self, text: str | None) -> None:
        """Take a piece of text."""
        if not text:
            return
        lead = len(text) - len(text.lstrip())
        if text.strip() and not any(run.text.strip() for run in self.runs):
            self.at = f"line {self.line + text.count(chr(10), 0, lead)}"
        self.line += text.count("\n")
        said = re.sub(r"\s+", " ", text.translate(UNSEEN))
        self.runs.append(Run(said, self.bold[-1], self.code > 0))

    # Elements

    def passes(self, element: Element) -> bool:
        """Read what is read as a whole; whether nothing of the element is left to read."""
        tag = element.tag
        if tag == "br":
            self.runs.append(Run("\n", False, False))
        elif tag == "img":
            self.picture(element)
        elif tag in GONE and self.page.chars(element):
            self.gone += 1
        elif self.page.leaves_out(element) or _is_reference(element):
            self.runs.append(Run(" ", False, False))
        elif tag == "pre":
            self.flush()
            self.write_code(text_of(element))
        elif tag == "table":
            return self.table(element)
        else:
            return "mso-list:ignore" in element.get("style", "").lower()
        return True

    def picture(self, element: Element) -> None:
        alt = element.get("alt", "").strip()
        sign = EMOTICONS.get(alt) or (alt if len(alt) < 4 and not alt.isascii() else "")
        self.pictures += not sign
        self.runs.append(Run(sign or " ", self.bold[-1], False))

    def start(self, element: Element) -> None:
        tag = str(element.tag)
        look = is_bold(self.page.styles.of(element))
        self.bold.append(look if look is not None else tag in BOLD or self.bold[-1])
        self.code += tag in CODE
        if tag == "q":
            self.runs.append(Run("“", self.bold[-1], False))
        if tag in BLOCKS or tag in HEADINGS:
            self.flush()
            self.open_block(tag, element)

    def open_block(self, tag: str, element: Element) -> None:
        if tag in HEADINGS or _is_title(element) or element in self.titles:
            self.heading = self.titles.get(element) or HEADINGS.get(tag, 1)
        elif tag in LISTS:
            self.open_list(tag, element)
        elif tag == "li" and self.lists and not self.lists[-1].plain:
            self.marker = self.lists[-1].mark(element)
        elif tag == "details":
            self.outer_levels.append(self.level)
        elif tag in ("dt", "dl"):
            self.say_label()
        elif tag == "blockquote" and self.quote is None:
            self.quote = [] if next(element.iter(*BOXED), None) is None else None
        elif tag == "p" and (office := OFFICE_LIST.search(element.get("style", ""))):
            self.open_office_item(element, int(office[1]))

    def open_list(self, tag: str, element: Element) -> None:
        items = [each for each in element if each.tag == "li"]
        toggles = bool(items) and all(len(i) and i[0].tag == "details" for i in items)
        step = -1 if "reversed" in element.attrib else 1
        first = _number(element.get("start"), len(items) if step < 0 else 1)
        kind = element.get("type", "")
        kix = GOOGLE_LIST.search(element.get("class", ""))
        depth = int(kix[1]) if kix else sum(not each.plain for each in self.lists)
        letters = kind if kind in ("a", "A") else ""
        self.lists.append(List(tag == "ol", first, step, letters, depth, toggles))

    def open_office_item(self, element: Element, level: int) -> None:
        """An item of a list as Word saves it: a paragraph that shows its own mark."""
        shown = next((e for e in element.iter() if "ignore" in e.get("style", "").lower()), None)
        text = text_of(shown).strip() if shown is not None else ""
        self.lists.append(List(False, 1, 1, depth=level - 1))
        self.marker = text if re.fullmatch(r"\(?\w{1,3}[.)]", text) else "-"

    def end(self, element: Element) -> None:
        tag = str(element.tag)
        self.bold.pop()
        if tag == "q":
            self.runs.append(Run("”", self.bold[-1], False))
        if tag in ("dt", "summary"):
            self.entitle(tag)
        elif tag in BLOCKS or tag in HEADINGS:
            self.flush()
            self.close_block(tag, element)
        elif tag == "span" and _is_number(element, self.runs):
            self.runs.append(Run(".", self.bold[-1], False))
        self.code -= tag in CODE

    def close_block(self, tag: str, element: Element) -> None:
        if tag in HEADINGS or _is_title(element) or element in self.titles:
            self.heading = 0
        elif tag in LISTS or (tag == "p" and OFFICE_LIST.search(element.get("style", ""))):
            self.lists.pop()
            self.marker = None
        elif tag == "li":
            self.marker = None
        elif tag == "details":
            self.level = self.outer_levels.pop()
            self.say_label()
        elif tag in ("dd", "dl"):
            self.say_label()
        elif tag == "blockquote" and self.quote is not None:
            self.written.quote("\n".join(self.quote), self.at)
            self.quote = None

    def table(self, element: Element) -> bool:
        """Write a table of data; one that only lays out its page is read like boxes."""
        layout = Layout(element, self.page)
        if layout.is_only_layout:
            return False
        self.flush()
        self.say_label(colon=True)
        write_rows(layout, self.written, self.level + 1, lambda cell: cell_text(self.page, cell))
        return True

    # Blocks

    def flush(self) -> None:
        """Write the text at hand as the block it stands in."""
        if not self.runs:
            return
        lines = list(self.lines())
        at = self.at
        self.runs = []
        if self.heading and lines:
            self.write_heading(" ".join(lines), self.heading, at)
            return
        for line in lines:
            self.write_line(line, at)

    def lines(self) -> Iterator[str]:
        """The text at hand; a line goes on with the next where that plainly continues it."""
        held: list[list[Run]] = [[]]
        for run in self.runs:
            if run.text == "\n":
                held.append([])
            else:
                held[-1].append(run)
        before = ""
        for line in filter(None, map(marked, held)):
            if self.joins and before and line[0].islower() and before[-1] not in ".!?:;":
                before += f" {line}"
                continue
            if before:
                yield before
            before = line
        if before:
            yield before

    def write_heading(self, text: str, level: int, at: str) -> None:
        self.say_label()
        self.level, self.marker = level, None
        if self.lists:
            self.lists[-1].plain = True
        self.written.heading(_unbold(text), level, at)

    def write_line(self, text: str, at: str) -> None:
        if self.quote is not None:
            self.quote.append(text)
        elif self.marker is not None:
            self.say_label(colon=True)
            self.written.item(text, self.lists[-1].depth, self.marker, at)
            self.marker = None
        else:
            label = f"**{self.label}:** " if self.label else ""
            self.label = ""
            inside = self.lists and not self.lists[-1].plain
            self.written.paragraph(label + text, at, self.lists[-1].depth + 1 if inside else 0)

    def write_code(self, text: str) -> None:
        self.say_label(colon=True)
        self.written.code(text, f"line {self.line}")

    def entitle(self, tag: str) -> None:
        """A term or a summary: a question or a title is a heading, a label goes before its text."""
        text, at = _unbold(" ".join(self.lines())).strip(), self.at
        self.runs = []
        if not text:
            return
        if not label_purpose(text) and (tag == "summary" or is_question(text)):
            outer = self.level
            self.write_heading(text, min(self.level + 1, 6), at)
            self.level = outer if tag == "dt" else self.level
        else:
            self.say_label()
            self.label = text.rstrip(": ")

    def say_label(self, colon: bool = False) -> None:
        """Write a label that has nothing beside it, or whose text is a block below."""
        if self.label:
            self.written.paragraph(f"**{self.label}{':' if colon else ''}**", self.at)
            self.label = ""


class InCell(Walker):
    """The same within a cell of a table: only its lines."""

    joins = False

    def __init__(self, page: Page) -> None:
        super().__init__(page, Written("", "html"))
        self.held: list[str] = []

    def table(self, element: Element) -> bool:
        return False

    def open_block(self, tag: str, element: Element) -> None:
        if tag in ("td", "th") and self.held and element.getprevious() is not None:
            self.runs.append(Run(f"{self.held.pop()} – ", False, False))

    def close_block(self, tag: str, element: Element) -> None:
        pass

    def write_line(self, text: str, at: str) -> None:
        self.held.append(_unbold(text))

    def write_code(self, text: str) -> None:
        self.held += text.split("\n")

    def entitle(self, tag: str) -> None:
        self.flush()


def cell_text(page: Page, cell: Element) -> str:
    """The lines of a cell."""
    walker = InCell(page)
    walker.walk(cell)
    return "\n".join(walker.held)


def marked(runs: list[Run]) -> str:
    """A line of runs with bold and code marked, white space outside of the marks."""
    said = ""
    for (bold, code), group in groupby(runs, key=lambda run: (run.bold, run.code)):
        text = "".join(run.text for run in group)
        inner = text.strip()
        if inner and (bold or code):
            mark = "**" if bold else ""
            tick = "`" if code and "`" not in inner else ""
            lead, trail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
            text = f"{lead}{mark}{tick}{inner}{tick}{mark}{trail}"
        said += text
    said = re.sub(r"(?<=\S)\*\*( ?)\*\*(?=[`\w])", r"\1", said)
    return re.sub(r"\s+", " ", said).strip()


def _unbold(text: str) -> str:
    return text.replace("**", "")


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and re.fullmatch(r"-?\d{1,6}", text.strip()) else otherwise


def _is_title(element: Element) -> bool:
    """A paragraph that Word or Google Docs made the document's title."""
    return element.tag == "p" and bool({"title", "MsoTitle"} & {*element.get("class", "").split()})


def _is_number(element: Element, runs: list[Run]) -> bool:
    """Whether all that has been said is a number that stands apart from the text it counts."""
    said = "".join(run.text for run in runs).strip()
    called = set(re.split(r"[\W_]+", element.get("class", "").lower()))
    follows = (element.tail or "").lstrip()[:1]
    return bool(re.fullmatch(r"\d{1,3}", said)) and bool(called & COUNTS) and follows.isupper()


def _is_reference(element: Element) -> bool:
    """A sign that only leads to a footnote or to the heading it stands in."""
    text = text_of(element).strip() if element.tag in ("a", "sup") else ""
    if element.tag == "a":
        return text in PERMALINK and bool(text)
    return element.tag == "sup" and next(element.iter("a"), None) is not None
