"""Where two events first differ; numbers may lie a rounding apart, times may not."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

EXACT = {"at", "seconds", "clock"}
NEAR = 1.01e-4
"""How far numbers may lie apart: another batch, or another processor, moves a vector's last
digits, and scores are rounded to four."""
ROUGH = {"mean": 1.01e-3, "low": 1.01e-3, "high": 1.01e-3}
"""Estimates are rounded to three."""


class Found(NamedTuple):
    """A field by its path, with both values."""

    field: str
    then: str
    now: str


def first_difference(then: Mapping[str, Any], now: Mapping[str, Any]) -> Found | None:
    """The first field in which two events differ."""
    if then.get("type") != now.get("type"):
        return Found("event", str(then.get("type")), str(now.get("type")))
    return _first(_ordered(then), _ordered(now), "")


def _ordered(event: Mapping[str, Any]) -> Any:
    """Hits of like score may change places."""
    if event.get("type") != "retrieved":
        return event
    return {**event, "hits": sorted(event["hits"], key=lambda hit: str(hit["atom"]))}


def _first(then: Any, now: Any, path: str) -> Found | None:
    if isinstance(then, Mapping) and isinstance(now, Mapping) and then.keys() == now.keys():
        parts = [(f"{path}.{key}".lstrip("."), then[key], now[key]) for key in then]
    elif isinstance(then, list | tuple) and isinstance(now, list | tuple) and len(then) == len(now):
        parts = [(f"{path}[{i}]", a, b) for i, (a, b) in enumerate(zip(then, now, strict=True))]
    else:
        return None if _same(then, now, path) else Found(path or "event", str(then), str(now))
    return next(_found(parts), None)


def _found(parts: list[tuple[str, Any, Any]]) -> Iterator[Found]:
    for path, then, now in parts:
        if found := _first(then, now, path):
            yield found


def _same(then: Any, now: Any, path: str) -> bool:
    name = path.rpartition(".")[2].partition("[")[0]
    if isinstance(then, float) and isinstance(now, float) and name not in EXACT:
        return abs(then - now) <= ROUGH.get(name, NEAR)
    return type(then) is type(now) and bool(then == now)
