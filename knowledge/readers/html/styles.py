"""What a page's style sheets and attributes say of an element, as far as a reader must know."""

import re
from collections.abc import Iterable

from lxml import etree

Look = dict[str, str]

KNOWN = frozenset(
    {"display", "visibility", "opacity", "font-size", "font-weight", "color", "background"}
)
COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.S)
AT_RULE = re.compile(r"@[^@{};]*(?:;|\{(?:[^{}]*\{[^{}]*\})*[^{}]*\})")
RULE = re.compile(r"(?<![^{}])([^{}]++)\{([^{}]*+)\}")
SIMPLE = re.compile(r"^(?:[a-z]\w*)?(?:[.#][\w-]+)?$", re.I)
LIGHT = re.compile(
    r"^(?:white|#fff(?:fff)?|transparent"
    r"|rgba?\(\s*255\s*[,\s]\s*255\s*[,\s]\s*255\s*(?:[,/]\s*1(?:\.0)?\s*)?\))$"
)
UNSEEN_SIZE = re.compile(r"^0*(?:\.0+|[01])?(?:px|pt|em|rem|%)?$")


class Styles:
    """Style sheets of a page: rules for a tag, a class, an id, or a tag with one of these."""

    def __init__(self, sheets: Iterable[str]) -> None:
        self._rules: dict[str, Look] = {}
        for sheet in sheets:
            for selectors, declared in RULE.findall(AT_RULE.sub("", COMMENT.sub("", sheet))):
                look = declarations(declared)
                for selector in selectors.split(",") if look else ():
                    if SIMPLE.match(name := selector.strip()):
                        self._rules.setdefault(name, {}).update(look)

    def of(self, element: etree._Element) -> Look:
        """What holds for this element by itself: by rules, then by its own attribute."""
        said = element.attrib
        if not self._rules and not ("style" in said or "bgcolor" in said or "color" in said):
            return {}
        tag, look = str(element.tag), dict[str, str]()
        own = element.get("id")
        names = [f".{each}" for each in element.get("class", "").split()]
        for name in (tag, *names, *(f"{tag}{n}" for n in names), f"#{own}", f"{tag}#{own}"):
            look.update(self._rules.get(name, {}))
        look.update(declarations(element.get("style", "")))
        if tag == "font" and element.get("color"):
            look["color"] = element.get("color", "").lower()
        if element.get("bgcolor"):
            look["background"] = element.get("bgcolor", "").lower()
        return look


def declarations(text: str) -> Look:
    """The known properties of a `style` attribute, in small letters."""
    look: Look = {}
    for each in text.split(";") if text else ():
        name, _, value = each.partition(":")
        name = name.strip().lower().replace("background-color", "background")
        if name in KNOWN:
            look[name] = value.replace("!important", "").strip().lower()
    return look


def is_bold(look: Look) -> bool | None:
    """Whether text is bold; nothing where that is not said."""
    weight = look.get("font-weight")
    if weight in (None, "inherit"):
        return None
    return weight in ("bold", "bolder") or (str(weight).isdigit() and int(str(weight)) >= 600)


def is_unseen(look: Look) -> bool:
    """Whether nobody sees an element that looks so."""
    return (
        look.get("display") == "none"
        or look.get("visibility") in ("hidden", "collapse")
        or bool(re.match(r"^0(\.0+)?%?$", look.get("opacity", "1")))
        or ("font-size" in look and bool(UNSEEN_SIZE.match(look["font-size"])))
    )


def is_light(colour: str | None) -> bool:
    """Whether this is the colour of paper."""
    return bool(colour and LIGHT.match(colour))
