"""What a page of a PDF draws beside its text: lines, filled boxes and pictures, and their order."""

from collections.abc import Iterator, Sequence
from ctypes import addressof, byref, c_float, c_int, c_uint
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

THIN = 3.0
"""Points up to which a filled box is a line."""
MOST_OBJECTS, MOST_SEGMENTS, DEEPEST = 50_000, 20_000, 8
FLAT = 0.6
DOT = (1.5, 12.0)
"""Points that a drawn bullet or check-box is wide and high."""

Colour = tuple[int, int, int]
Matrix = tuple[float, float, float, float, float, float]
SAME: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class Box(NamedTuple):
    """A rectangle in points, from the page's upper left corner."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def holds(self, x: float, y: float, slack: float = 0.0) -> bool:
        return (
            self.x0 - slack <= x <= self.x1 + slack and self.top - slack <= y <= self.bottom + slack
        )


def holding(boxes: Sequence[Box]) -> Box:
    """The smallest box that holds all of these; there is at least one."""
    x0s, tops, x1s, bottoms = zip(*boxes, strict=True)
    return Box(min(x0s), min(tops), max(x1s), max(bottoms))


class Fill(NamedTuple):
    """A filled box and when it was drawn."""

    box: Box
    colour: Colour
    order: int


@dataclass
class Drawing:
    """A page's drawing; boxes are in the page's own coordinates until it is set upright."""

    order: dict[int, int] = field(default_factory=dict)
    fills: list[Fill] = field(default_factory=list)
    rules: list[Box] = field(default_factory=list)
    frames: list[Box] = field(default_factory=list)
    pictures: list[Fill] = field(default_factory=list)
    dots: list[Box] = field(default_factory=list)
    paths: int = 0
    segments: int = 0


def drawn(page: Any) -> Drawing:
    """What this page draws; very crowded pages only in part."""
    drawing = Drawing()
    for number, (item, kind, matrix) in enumerate(_objects(page)):
        if number >= MOST_OBJECTS:
            break
        drawing.order[addressof(item.contents)] = number
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            drawing.paths += 1
            _path(drawing, item, matrix, number)
        elif kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_SHADING):
            drawing.pictures.append(Fill(_bounds(item, matrix), (0, 0, 0), number))
    return drawing


def _objects(page: Any) -> Iterator[tuple[Any, int, Matrix]]:
    count = pdfium.FPDFPage_CountObjects(page)
    for number in range(count):
        if item := pdfium.FPDFPage_GetObject(page, number):
            yield from _within(item, SAME, 0)


def _within(item: Any, matrix: Matrix, depth: int) -> Iterator[tuple[Any, int, Matrix]]:
    kind = pdfium.FPDFPageObj_GetType(item)
    yield item, kind, matrix
    if kind != pdfium.FPDF_PAGEOBJ_FORM or depth >= DEEPEST:
        return
    inner = _times(_matrix(item), matrix)
    for number in range(max(pdfium.FPDFFormObj_CountObjects(item), 0)):
        if part := pdfium.FPDFFormObj_GetObject(item, number):
            yield from _within(part, inner, depth + 1)


def _matrix(item: Any) -> Matrix:
    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, byref(found)):
        return SAME
    return (found.a, found.b, found.c, found.d, found.e, found.f)


def _times(m: Matrix, n: Matrix) -> Matrix:
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


def _moved(x: float, y: float, m: Matrix) -> tuple[float, float]:
    return m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]


def _around(points: list[tuple[float, float]]) -> Box:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Box(min(xs), min(ys), max(xs), max(ys))


def _bounds(item: Any, matrix: Matrix) -> Box:
    left, bottom, right, top = c_float(), c_float(), c_float(), c_float()
    pdfium.FPDFPageObj_GetBounds(item, byref(left), byref(bottom), byref(right), byref(top))
    xs, ys = (left.value, right.value), (bottom.value, top.value)
    return _around([_moved(x, y, matrix) for x in xs for y in ys])


def colour_of(item: Any, stroke: bool = False) -> tuple[Colour | None, int]:
    """An object's colour, or none where it is a pattern, and how opaque it is (0 to 255)."""
    red, green, blue, alpha = c_uint(), c_uint(), c_uint(), c_uint()
    read = pdfium.FPDFPageObj_GetStrokeColor if stroke else pdfium.FPDFPageObj_GetFillColor
    if not read(item, byref(red), byref(green), byref(blue), byref(alpha)):
        return None, 255
    return (red.value, green.value, blue.value), alpha.value


def _path(drawing: Drawing, item: Any, matrix: Matrix, order: int) -> None:
    fill, stroke = c_int(), c_int()
    pdfium.FPDFPath_GetDrawMode(item, byref(fill), byref(stroke))
    if not (fill.value or stroke.value) or drawing.segments > MOST_SEGMENTS:
        return
    colour, alpha = colour_of(item)
    big: list[Box] = []
    for points, straight in _outlines(drawing, item, _times(_matrix(item), matrix)):
        box = _around(points)
        if _is_dot(box):
            drawing.dots.append(box)
        elif min(box.width, box.height) <= THIN:
            drawing.rules += [box] if stroke.value or alpha else []
        else:
            big.append(box)
            if stroke.value and straight:
                drawing.rules += _sides(points)
                drawing.frames.append(box)
    if fill.value and colour and alpha > 200 and big:
        _fill(drawing, big, colour, order)


def _is_dot(box: Box) -> bool:
    sizes = sorted((box.width, box.height))
    return DOT[0] <= sizes[0] and sizes[1] <= DOT[1] and sizes[1] < 1.4 * sizes[0]


def _fill(drawing: Drawing, boxes: list[Box], colour: Colour, order: int) -> None:
    """Filled boxes; one inside another is a hole, and what is left is a border."""
    outer = max(boxes, key=lambda box: box.width * box.height)
    if any(box is not outer and _inside(box, outer) for box in boxes):
        x0, top, x1, bottom = outer
        drawing.rules += _sides([(x0, top), (x1, top), (x1, bottom), (x0, bottom), (x0, top)])
        drawing.frames.append(outer)
    else:
        drawing.fills += [Fill(box, colour, order) for box in boxes]


def _inside(box: Box, outer: Box) -> bool:
    return outer.holds(box.x0, box.top) and outer.holds(box.x1, box.bottom)


def _sides(points: list[tuple[float, float]]) -> Iterator[Box]:
    for (x, y), (u, v) in pairwise(points):
        if abs(x - u) < FLAT or abs(y - v) < FLAT:
            yield Box(min(x, u), min(y, v), max(x, u), max(y, v))


def _outlines(
    drawing: Drawing, item: Any, matrix: Matrix
) -> Iterator[tuple[list[tuple[float, float]], bool]]:
    """Each part of a path: its points, and whether it has only straight lines."""
    points: list[tuple[float, float]] = []
    straight = True
    x, y = c_float(), c_float()
    for number in range(max(pdfium.FPDFPath_CountSegments(item), 0)):
        drawing.segments += 1
        segment = pdfium.FPDFPath_GetPathSegment(item, number)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            if len(points) > 1:
                yield points, straight
            points, straight = [], True
        pdfium.FPDFPathSegment_GetPoint(segment, byref(x), byref(y))
        points.append(_moved(x.value, y.value, matrix))
        straight = straight and kind != pdfium.FPDF_SEGMENT_BEZIERTO
        if pdfium.FPDFPathSegment_GetClose(segment) and len(points) > 1:
            points.append(points[0])
        if drawing.segments > MOST_SEGMENTS:
            break
    if len(points) > 1:
        yield points, straight
