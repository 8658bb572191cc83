"""Small drawings, as SVG: a bar, and an interval on a scale."""

from markupsafe import Markup

WIDTH, HEIGHT = 200, 18
EDGE = 4
"""Room left and right, so that a mark at the end of the scale is whole."""


def bar(value: float, of: float, label: str, *, alarm: bool = False) -> Markup:
    """A bar that is full at `of`; nothing where that is zero."""
    length = WIDTH * min(max(value / of, 0.0), 1.0) if of > 0 else 0.0
    shapes = (
        Markup('<rect class="ground" width="{}" height="10" y="4"/>').format(WIDTH),
        Markup('<rect class="{}" width="{}" height="10" y="4"/>').format(
            "bar alarm" if alarm else "bar", _at(length)
        ),
    )
    return _drawing(label, *shapes)


def stacked(counts: dict[str, int], label: str) -> Markup:
    """Shares of a whole beside each other; the keys are classes of the style sheet."""
    whole, start, shapes = sum(counts.values()) or 1, 0.0, []
    for kind, count in counts.items():
        length = WIDTH * count / whole
        shapes.append(
            Markup('<rect class="part {}" x="{}" width="{}" height="10" y="4"/>').format(
                kind, _at(start), _at(length)
            )
        )
        start += length
    return _drawing(label, *shapes)


def interval(
    value: float,
    low: float | None,
    high: float | None,
    label: str,
    *,
    scale: tuple[float, float] = (0.0, 1.0),
    beside: float | None = None,
) -> Markup:
    """A value with its interval; `beside` is a second value, drawn as a hollow mark."""
    shapes = [Markup('<line class="axis" x1="0" x2="{}" y1="9" y2="9"/>').format(WIDTH)]
    if scale[0] < 0 < scale[1]:
        zero = _on(0.0, scale)
        shapes.append(Markup('<line class="axis" x1="{0}" x2="{0}" y1="2" y2="16"/>').format(zero))
    if low is not None and high is not None:
        ends = _on(low, scale), _on(high, scale)
        shapes.append(Markup('<line class="range" x1="{}" x2="{}" y1="9" y2="9"/>').format(*ends))
    if beside is not None:
        at = _on(beside, scale)
        shapes.append(Markup('<circle class="beside" cx="{}" cy="9" r="3.5"/>').format(at))
    shapes.append(Markup('<circle class="value" cx="{}" cy="9" r="4"/>').format(_on(value, scale)))
    return _drawing(label, *shapes)


def _on(value: float, scale: tuple[float, float]) -> str:
    share = min(max((value - scale[0]) / (scale[1] - scale[0]), 0.0), 1.0)
    return _at(EDGE + share * (WIDTH - 2 * EDGE))


def _at(place: float) -> str:
    return f"{place:.1f}"


def _drawing(label: str, *shapes: Markup) -> Markup:
    inner = Markup("").join(shapes)
    return Markup(
        '<svg role="img" aria-label="{}" viewBox="0 0 {} {}" width="{}" height="{}">{}</svg>'
    ).format(label, WIDTH, HEIGHT, WIDTH, HEIGHT, inner)
