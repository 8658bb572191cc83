"""Boxes that a page shows as titles, where it has no headings: told by what they are called."""

import re

from knowledge.readers.html.furniture import Element, text_of

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
NAMES = frozenset({"title", "heading", "headline", "category"})
WORDS = re.compile(r"[\W_]+|(?<=[a-z])(?=[A-Z])")
WITHIN = frozenset({"li", "a", "button", "table", "dl"})
BOXES = WITHIN | {"div", "p", "ul", "ol", "input"}
LONGEST = 12
"""Words of a title."""


def titles_of(root: Element) -> dict[Element, int]:
    """The level of each box that is a title: those called alike are alike, the first the highest.

    A page that has headings needs none; a single box says too little.
    """
    if next(root.iter(*HEADINGS), None) is not None:
        return {}
    named = [(box, name) for box in root.iter("div", "p") if (name := _name(box))]
    order = list(dict.fromkeys(name for _, name in named))
    highest = 1 if sum(name in order[:1] for _, name in named) == 1 else 2
    levels = {name: min(level, 6) for level, name in enumerate(order, highest)}
    return {box: levels[name] for box, name in named} if len(named) > 1 else {}


def _name(box: Element) -> str | None:
    """What a title is called; nothing if the box is none."""
    calls = box.get("class", "").split()
    name = next((each for each in calls if _is_title(WORDS.split(each))), None)
    if not name or not 0 < len(text_of(box).split()) <= LONGEST:
        return None
    inner = any(each.tag in BOXES for each in box.iterdescendants())
    outer = any(each.tag in WITHIN for each in box.iterancestors())
    return None if inner or outer else name


def _is_title(words: list[str]) -> bool:
    return words[-1].lower() in NAMES and words[0].lower() != "sub"
