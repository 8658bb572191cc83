"""The numbers and bullets that Word shows before paragraphs, counted as Word counts them."""

import re
from typing import NamedTuple

from knowledge.readers.office import WORD, Element, number
from knowledge.readers.office_text import written
from knowledge.readers.word.styles import Styles, value

PLAIN = re.compile(r"\(?(?:[0-9]{1,3}|[a-zA-Z])[.)]")
WORDS = re.compile(r"[^\W\d_]{2,}|[^\W\d_]\W?[0-9]")
ROMAN = re.compile(r"\W*[ivxlc]+\W*", re.I)
SIGNS = {"\uf0fc": "✓", "\uf0fb": "✗", "✓": "✓", "✔": "✓", "✗": "✗", "✘": "✗", "✅": "✓", "❌": "✗"}
STYLE_DEPTH = re.compile(r"list (?:bullet|number|continue)? ?([2-5])", re.I)
DEEPEST = 8


class Label(NamedTuple):
    """What stands before a paragraph: `marker` as Markdown has it, `shown` as Word shows it.

    A label in words, such as "Question 3:", has no marker.
    """

    depth: int
    marker: str
    shown: str


class Numbering:
    """Counts the paragraphs of all lists; each is to be asked for once and in order."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        self._styles = styles
        lists = [] if root is None else root.findall(f"{WORD}num")
        kinds = [] if root is None else root.findall(f"{WORD}abstractNum")
        self._lists = {each.get(f"{WORD}numId", ""): each for each in lists}
        self._kinds = {each.get(f"{WORD}abstractNumId", ""): each for each in kinds}
        self._counts: dict[tuple[str, int], int] = {}
        self._begun: set[tuple[str, int]] = set()
        self._levels: dict[tuple[str, int], Element | None] = {}

    def label(self, paragraph: Element) -> Label | None:
        """What Word shows before a paragraph, or None where it is in no list."""
        identity, level = self._place(paragraph)
        kind = self._kind(identity)
        if kind is None or (definition := self._level(identity, kind, level)) is None:
            return None
        pattern = value(definition.find(f"{WORD}lvlText")) or ""
        form = value(definition.find(f"{WORD}numFmt")) or "decimal"
        count = self._count(identity, kind, level)
        depth = level or self._depth_by_style(paragraph)
        if form == "bullet":
            return Label(depth, SIGNS.get(pattern, "-"), "")
        if form == "none" or not pattern.strip():
            return None
        shown = re.sub(r"%([1-9])", lambda at: self._shown(identity, kind, int(at[1]) - 1), pattern)
        return Label(depth, _marker(shown.strip(), count), shown.strip())

    def _place(self, paragraph: Element) -> tuple[str, int]:
        """The list that a paragraph is in and how deep, by itself or through its style."""
        identity = level = None
        style = ""
        own = paragraph.find(f"{WORD}pPr/{WORD}numPr")
        through = self._styles.chain(self._styles.style_of(paragraph))
        for properties in (own, *(each.find(f"{WORD}pPr/{WORD}numPr") for each in through)):
            if properties is None:
                continue
            level = level or value(properties.find(f"{WORD}ilvl"))
            if identity := value(properties.find(f"{WORD}numId")):
                holder = properties.getparent().getparent()  # type: ignore[union-attr]
                style = "" if holder is None else holder.get(f"{WORD}styleId", "")
                break
        if identity and level is None and style:
            level = self._level_of_style(identity, style)
        return identity or "", min(max(number(level), 0), DEEPEST)

    def _level_of_style(self, identity: str, style: str) -> str | None:
        """Which level of its list a style stands for."""
        kind = self._kind(identity)
        levels = () if kind is None else kind.findall(f"{WORD}lvl")
        return next(
            (
                each.get(f"{WORD}ilvl")
                for each in levels
                if value(each.find(f"{WORD}pStyle")) == style
            ),
            None,
        )

    def _kind(self, identity: str, hops: int = 3) -> Element | None:
        """What a list looks like; some say it through a style."""
        if identity not in self._lists:
            return None
        named = value(self._lists[identity].find(f"{WORD}abstractNumId"))
        kind = self._kinds.get(named or "")
        style = None if kind is None else value(kind.find(f"{WORD}numStyleLink"))
        for each in self._styles.chain(style) if style and hops else ():
            linked = value(each.find(f"{WORD}pPr/{WORD}numPr/{WORD}numId"))
            if linked and linked != identity:
                return self._kind(linked, hops - 1)
        return kind

    def _level(self, identity: str, kind: Element, level: int) -> Element | None:
        key = identity, level
        if key not in self._levels:
            override = self._override(identity, level)
            own = None if override is None else override.find(f"{WORD}lvl")
            self._levels[key] = _at_level(kind, "lvl", level) if own is None else own
        return self._levels[key]

    def _override(self, identity: str, level: int) -> Element | None:
        return _at_level(self._lists[identity], "lvlOverride", level)

    def _count(self, identity: str, kind: Element, level: int) -> int:
        """One more at this level; the levels below it begin anew."""
        name = kind.get(f"{WORD}abstractNumId", "")
        start = self._start(identity, kind, level)
        override = self._override(identity, level)
        restarts = override is not None and override.find(f"{WORD}startOverride") is not None
        if restarts and (identity, level) not in self._begun:
            self._counts.pop((name, level), None)
        self._begun.add((identity, level))
        self._counts[name, level] = self._counts.get((name, level), start - 1) + 1
        for deeper in range(level + 1, DEEPEST + 1):
            definition = self._level(identity, kind, deeper)
            rule = None if definition is None else value(definition.find(f"{WORD}lvlRestart"))
            if rule is None or level < number(rule):
                self._counts.pop((name, deeper), None)
        return self._counts[name, level]

    def _start(self, identity: str, kind: Element, level: int) -> int:
        override = self._override(identity, level)
        told = None if override is None else value(override.find(f"{WORD}startOverride"))
        definition = self._level(identity, kind, level)
        usual = None if definition is None else value(definition.find(f"{WORD}start"))
        return number(told or usual, 1)

    def _shown(self, identity: str, kind: Element, level: int) -> str:
        """A level's count so far, written as that level writes it."""
        count = self._counts.get(
            (kind.get(f"{WORD}abstractNumId", ""), level), self._start(identity, kind, level)
        )
        definition = self._level(identity, kind, level)
        form = None if definition is None else value(definition.find(f"{WORD}numFmt"))
        return written(count, form or "decimal")

    def _depth_by_style(self, paragraph: Element) -> int:
        """Built-in styles such as "List Bullet 2" tell how deep they are by their name alone."""
        found = (STYLE_DEPTH.fullmatch(name) for name in self._styles.names(paragraph))
        return next((int(each[1]) - 1 for each in found if each), 0)


def _marker(shown: str, count: int) -> str:
    """A number as Markdown has it, its tail kept; nothing for words."""
    if PLAIN.fullmatch(shown):
        return shown
    if WORDS.search(shown) and not ROMAN.fullmatch(shown):
        return ""
    return f"{count})" if shown.endswith(")") else f"{count}."


def _at_level(parent: Element, name: str, level: int) -> Element | None:
    children = parent.findall(f"{WORD}{name}")
    return next((each for each in children if number(each.get(f"{WORD}ilvl"), -1) == level), None)
