"""Figures drawn on the server: where an interval lies on the scale of levels."""

from typing import NamedTuple

from agent.report.argument import Compared
from agent.report.model import Standing
from agent.report.telling import HIGHEST, LEVEL_NUMBERS, LOWEST, standing_in_words
from knowledge.atoms import LEVELS, Level

INSIDE = 2.5
"""Percent of the width from either end that keep the dot of a middle beyond it in the figure."""


class Band(NamedTuple):
    """A level's field on the scale, in percent of the figure's width."""

    name: str
    start: float
    middle: float
    width: float
    asked: bool


class Interval(NamedTuple):
    """An interval in percent of the figure's width, on the bands of the levels."""

    low: float
    high: float
    middle: float
    bands: tuple[Band, ...]
    words: str
    goes_below: bool
    """The interval begins before the figure does."""
    goes_above: bool

    @property
    def width(self) -> float:
        return round(self.high - self.low, 2)


def interval(standing: Standing | Compared, asked: Level) -> Interval | None:
    """The figure for this standing, or none where nothing is known."""
    if standing.level is None or standing.low is None or standing.high is None:
        return None
    return Interval(
        low=_percent(standing.low),
        high=_percent(standing.high),
        middle=min(max(_percent(standing.level), INSIDE), 100 - INSIDE),
        bands=bands(asked),
        words=f"On the scale of levels ({LEVEL_NUMBERS}): {standing_in_words(standing)}; "
        f"asked at {asked}.",
        goes_below=standing.low < LOWEST,
        goes_above=standing.high > HIGHEST,
    )


def bands(asked: Level) -> tuple[Band, ...]:
    """The fields of the levels from left to right, the one asked for marked."""
    each = 100 / len(LEVELS)
    return tuple(
        Band(name.capitalize(), place * each, (place + 0.5) * each, each, name == asked)
        for place, name in enumerate(LEVELS)
    )


def _percent(level: float) -> float:
    clamped = min(max(level, LOWEST), HIGHEST)
    return round(100 * (clamped - LOWEST) / (HIGHEST - LOWEST), 2)
