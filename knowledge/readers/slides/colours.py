"""Whether white text on a slide could be seen. In doubt it could."""

from knowledge.readers.office import DRAWN, SLIDE, Element, number
from knowledge.readers.office_text import is_white
from knowledge.readers.slides.shapes import Box, Shape, Sheet, own_box, tree_of

LIGHT = {"bg1", "lt1"}
FILLS = {f"{DRAWN}{name}" for name in "solidFill gradFill blipFill pattFill grpFill".split()}


def hides_white(shape: Shape, slide: list[Sheet]) -> bool:
    """Whether nothing of a colour stands behind a shape's text."""
    if not _is_white_sheet(slide) or any(map(_is_filled, (shape.element, *shape.inherits))):
        return False
    behind = (each for sheet in slide for each in tree_of(sheet.root) if each is not shape.element)
    return not any(_is_filled(each) and _touch(own_box(each), shape.box) for each in behind)


def is_white_run(about: Element | None) -> bool:
    """Whether a run says that its letters are white."""
    return about is not None and _is_white_fill(about.find(f"{DRAWN}solidFill"))


def _is_white_sheet(slide: list[Sheet]) -> bool:
    found = (sheet.root.find(f"{SLIDE}cSld/{SLIDE}bg") for sheet in slide)
    background = next((each for each in found if each is not None), None)
    colours = slide[-1].root.find(f"{SLIDE}clrMap")
    if colours is not None and colours.get("bg1", "lt1") != "lt1":
        return False
    if background is None:
        return True
    named = background.find(f"{SLIDE}bgRef")
    return _is_white_fill(
        background.find(f"{SLIDE}bgPr/{DRAWN}solidFill") if named is None else named
    )


def _is_white_fill(fill: Element | None) -> bool:
    colour = None if fill is None or not len(fill) else fill[0]
    if colour is None or len(colour):
        return False
    return is_white(colour.get("val")) or colour.get("val") in LIGHT


def _is_filled(element: Element) -> bool:
    """Whether a shape has a colour, or may have one: pictures, groups, diagrams and tables do."""
    if element.tag != f"{SLIDE}sp":
        return element.tag != f"{SLIDE}cxnSp"
    about = element.find(f"{SLIDE}spPr")
    fill = next((each for each in (() if about is None else about) if each.tag in FILLS), None)
    if fill is not None:
        return not _is_white_fill(fill)
    style = element.find(f"{SLIDE}style/{DRAWN}fillRef")
    none = about is not None and about.find(f"{DRAWN}noFill") is not None
    return style is not None and number(style.get("idx")) > 0 and not none


def _touch(one: Box | None, other: Box) -> bool:
    """Whether two boxes overlap; one whose place is not told may."""
    return one is None or (
        one.left < other.right
        and other.left < one.right
        and one.top < other.bottom
        and other.top < one.bottom
    )
