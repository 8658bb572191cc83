"""Figures drawn on the server: where an interval lies on the scale of levels."""

from typing import NamedTuple

from agent.report.model import Standing
from knowledge.atoms import LEVELS, Level

LOWEST, HIGHEST = -0.5, len(LEVELS) - 0.5
"""The scale's ends: each level is a band one wide around its number."""


class Interval(NamedTuple):
    """An interval in percent of the figure's width, and the band of the level asked."""

    low: float
    high: float
    middle: float
    band: float
    band_width: float
    words: str
    goes_below: bool
    """The interval begins before the figure does."""
    goes_above: bool

    @property
    def width(self) -> float:
        return round(self.high - self.low, 2)


def interval(standing: Standing, asked: Level) -> Interval | None:
    """The figure for this standing, or none where nothing is known."""
    if standing.level is None or standing.low is None or standing.high is None:
        return None
    each = 100 / len(LEVELS)
    return Interval(
        low=_percent(standing.low),
        high=_percent(standing.high),
        middle=_percent(standing.level),
        band=LEVELS.index(asked) * each,
        band_width=each,
        words=f"Level {in_words(standing)}; asked at {asked}.",
        goes_below=standing.low < LOWEST,
        goes_above=standing.high > HIGHEST,
    )


def in_words(standing: Standing) -> str:
    """`mid, 1.2 (0.4 to 2.0)`."""
    if standing.level is None:
        return "not known"
    name = LEVELS[min(max(round(standing.level), 0), len(LEVELS) - 1)]
    below = "below " if standing.level < LOWEST else ""
    return f"{below}{name}, {standing.level:.1f} ({standing.low:.1f} to {standing.high:.1f})"


def _percent(level: float) -> float:
    clamped = min(max(level, LOWEST), HIGHEST)
    return round(100 * (clamped - LOWEST) / (HIGHEST - LOWEST), 2)
