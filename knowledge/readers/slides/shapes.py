"""The shapes of a slide: where they stand, in which order they are read, and what they inherit."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from knowledge.readers.office import DRAWN, SLIDE, Element, Package, number, unwrapped

SHAPES = {f"{SLIDE}{name}" for name in "sp pic graphicFrame grpSp cxnSp contentPart".split()}
TITLES = {"title", "ctrTitle"}
FURNITURE = {"dt", "ftr", "sldNum", "hdr"}
OVERLAP = 0.2
"""How much of its size a shape may reach into its neighbour and still stand beside it."""


class Box(NamedTuple):
    """Where a shape stands, in the units of the slide."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass
class Shape:
    """A shape with what it inherits: the same placeholder of the layout and of the master."""

    element: Element
    box: Box
    role: str = ""
    inherits: list[Element] = field(default_factory=list)


class Sheet(NamedTuple):
    """A slide, its layout or the master: its path and its root."""

    path: str
    root: Element


def sheets(package: Package, path: str) -> list[Sheet]:
    """A slide, then its layout, then the master of that."""
    found = []
    for kind in ("slideLayout", "slideMaster", ""):
        root = package.xml(path) if path else None
        if root is None:
            break
        found.append(Sheet(path, root))
        path = next(iter(package.related(path, kind)), "")
    return found


def shapes(slide: list[Sheet]) -> list[Shape]:
    """The shapes of a slide that are not hidden, those of a group one by one."""
    return [
        shape
        for element, place in _placed(tree_of(slide[0].root), lambda box: box)
        if (shape := _shape(element, place, slide)) and not is_hidden(element)
    ]


def tree_of(root: Element) -> list[Element]:
    """What stands on a slide, groups as one."""
    tree = root.find(f"{SLIDE}cSld/{SLIDE}spTree")
    return [] if tree is None else _children(tree)


def is_hidden(element: Element) -> bool:
    """Whether a shape is hidden."""
    about = next((each.find(f"{SLIDE}cNvPr") for each in element), None)
    return about is not None and about.get("hidden") in ("1", "true")


def in_order(found: list[Shape]) -> list[Shape]:
    """Shapes as a person reads them: parted where the widest gaps are, across or down."""
    if len(found) < 2:
        return found
    down = _parted(found, lambda box: (box.top, box.bottom))
    across = _parted(found, lambda box: (box.left, box.right))
    _, parts = max(down, across, key=lambda parted: parted[0])
    if len(parts) < 2:
        return sorted(found, key=lambda shape: (shape.box.top, shape.box.left))
    return [shape for part in parts for shape in in_order(part)]


def role_of(element: Element) -> str:
    """The role of a placeholder, such as `title`; `body` for one that names none."""
    holder = element.find(f"./*/{SLIDE}nvPr/{SLIDE}ph")
    return "" if holder is None else holder.get("type", "obj")


def bodies(shape: Shape) -> Iterator[Element]:
    """The text of a shape, and of the placeholders that it takes its looks from."""
    for element in (shape.element, *shape.inherits):
        body = element.find(f"{SLIDE}txBody")
        if body is not None:
            yield body


def _children(tree: Element) -> list[Element]:
    return [each for each in unwrapped(tree, frozenset(), lambda _: False) if each.tag in SHAPES]


def _placed(
    elements: list[Element], to_slide: Callable[[Box], Box]
) -> Iterator[tuple[Element, Callable[[Box], Box]]]:
    """Each shape, and what tells its place on the slide from its place in its groups."""
    for element in elements:
        if element.tag != f"{SLIDE}grpSp":
            yield element, to_slide
        elif not is_hidden(element):
            yield from _placed(_children(element), _scaled(element, to_slide))


def _scaled(group: Element, to_slide: Callable[[Box], Box]) -> Callable[[Box], Box]:
    frame = group.find(f"{SLIDE}grpSpPr/{DRAWN}xfrm")
    outer, inner = _box(frame, "off", "ext"), _box(frame, "chOff", "chExt")
    if outer is None or inner is None:
        return to_slide
    wide = (outer.right - outer.left) / ((inner.right - inner.left) or 1)
    high = (outer.bottom - outer.top) / ((inner.bottom - inner.top) or 1)

    def scaled(box: Box) -> Box:
        return to_slide(
            Box(
                outer.left + (box.left - inner.left) * wide,
                outer.top + (box.top - inner.top) * high,
                outer.left + (box.right - inner.left) * wide,
                outer.top + (box.bottom - inner.top) * high,
            )
        )

    return scaled


def _shape(element: Element, to_slide: Callable[[Box], Box], slide: list[Sheet]) -> Shape | None:
    holder = element.find(f"./*/{SLIDE}nvPr/{SLIDE}ph")
    inherits = [] if holder is None else _inherited(holder, slide[1:])
    boxes = (own_box(each) for each in (element, *inherits))
    box = next((box for box in boxes if box), Box(0, 0, 0, 0))
    return Shape(element, to_slide(box), role_of(element), inherits)


def _inherited(holder: Element, above: list[Sheet]) -> list[Element]:
    """The placeholders of the layout and the master that stand for the same."""
    found, kind, index = [], holder.get("type", "obj"), holder.get("idx", "0")
    for sheet in above:
        candidates = [
            (each, each.find(f"./*/{SLIDE}nvPr/{SLIDE}ph")) for each in tree_of(sheet.root)
        ]
        same = [
            (each, held)
            for each, held in candidates
            if held is not None
            and (held.get("idx", "0") == index or _kind(held.get("type", "obj")) == _kind(kind))
        ]
        same.sort(key=lambda pair: (pair[1].get("idx", "0") != index, pair[1].get("type") != kind))
        if same:
            found.append(same[0][0])
            kind = same[0][1].get("type", "obj")
    return found


def _kind(role: str) -> str:
    return {"ctrTitle": "title", "subTitle": "body", "obj": "body"}.get(role, role)


def own_box(element: Element) -> Box | None:
    """Where a shape says that it stands, on the slide or in its group."""
    ways = (f"{SLIDE}spPr/{DRAWN}xfrm", f"{SLIDE}grpSpPr/{DRAWN}xfrm", f"{SLIDE}xfrm")
    frames = map(element.find, ways)
    return next((box for frame in frames if (box := _box(frame, "off", "ext"))), None)


def _box(frame: Element | None, corner: str, size: str) -> Box | None:
    if frame is None:
        return None
    at, wide = frame.find(f"{DRAWN}{corner}"), frame.find(f"{DRAWN}{size}")
    if at is None or wide is None:
        return None
    left, top = number(at.get("x")), number(at.get("y"))
    return Box(left, top, left + number(wide.get("cx")), top + number(wide.get("cy")))


def _parted(
    found: list[Shape], ends: Callable[[Box], tuple[float, float]]
) -> tuple[float, list[list[Shape]]]:
    """The widest gap between shapes along one direction, and the parts between the wide ones."""
    order = sorted(found, key=lambda shape: ends(shape.box))
    gaps: dict[int, float] = {}
    end = reach = float("-inf")
    for at, shape in enumerate(order):
        first, last = ends(shape.box)
        if at and first >= reach:
            gaps[at] = first - end
        end, reach = max(end, last), max(reach, last - OVERLAP * (last - first))
    widest = max(gaps.values(), default=float("-inf"))
    cuts = [0, *(at for at, gap in gaps.items() if gap >= widest / 2 or widest <= 0), len(order)]
    return widest, [order[start:stop] for start, stop in pairwise(cuts)]
