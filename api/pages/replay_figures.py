"""The estimate as it moved: for each subject one figure, its intervals from left to right."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from agent.events import Estimated
from agent.report.telling import HIGHEST, LEVEL_NUMBERS, LOWEST, end_in_words, level_name
from knowledge.atoms import LEVELS, Level

OVERALL = "All together"
NAMES_END = 20.0
"""Percent of the width that the levels' names have to themselves."""
MOST_MOVES = 60
"""Of one subject, the newest; an interview has seldom half as many questions in all."""


class Row(NamedTuple):
    """A level's field, in percent of the figure's height from its top."""

    name: str
    start: float
    middle: float
    height: float
    asked: bool


class Dot(NamedTuple):
    """An estimate with its interval, in percent of the figure's width and height."""

    x: float
    top: float
    bottom: float
    middle: float
    newest: bool


class Trace(NamedTuple):
    """How one subject's estimate has moved so far."""

    name: str
    dots: tuple[Dot, ...]
    lines: tuple[tuple[Dot, Dot], ...]
    here: float
    """Where the step that is looked at lies, in percent of the width."""
    now: Estimated
    before: Estimated | None
    """The one that `now` took the place of in this step; None where it did not move in it."""
    words: str


def traces(events: Iterable[Estimated], turn: int, turns: int, asked: Level) -> list[Trace]:
    """One figure for each subject that has an estimate by this turn, all together first."""
    by_subject: dict[str | None, dict[int, Estimated]] = {None: {}}
    for event in events:
        if event.turn <= turn:
            by_subject.setdefault(event.subject, {})[event.turn] = event
    return [
        _trace(subject, list(moves.values())[-MOST_MOVES:], turn, turns, asked)
        for subject, moves in by_subject.items()
        if moves
    ]


def rows(asked: Level) -> tuple[Row, ...]:
    """The fields of the levels from bottom to top, the one asked for marked."""
    each = 100 / len(LEVELS)
    return tuple(
        Row(name.capitalize(), 100 - (place + 1) * each, 100 - (place + 0.5) * each, each, at)
        for place, name in enumerate(LEVELS)
        for at in (name == asked,)
    )


def told(event: Estimated) -> str:
    """`mid, 0.9 (below junior to 2.2), from 4 questions`."""
    counted = "1 question" if event.testlets == 1 else f"{event.testlets} questions"
    reach = f"{end_in_words(event.low)} to {end_in_words(event.high)}"
    return f"{level_name(event.mean)}, {event.mean:.1f} ({reach}), from {counted}"


def _trace(
    subject: str | None, moves: Sequence[Estimated], turn: int, turns: int, asked: Level
) -> Trace:
    dots = tuple(_dot(each, turns, newest=each is moves[-1]) for each in moves)
    moved = moves[-1].turn == turn and len(moves) > 1
    name = subject or OVERALL
    return Trace(
        name=name,
        dots=dots,
        lines=tuple(pairwise(dots)),
        here=_across(turn, turns),
        now=moves[-1],
        before=moves[-2] if moved else None,
        words=f"{name}, on the scale of levels ({LEVEL_NUMBERS}), turn by turn: "
        + "; ".join(f"turn {each.turn}: {told(each)}" for each in moves),
    )


def _dot(event: Estimated, turns: int, *, newest: bool) -> Dot:
    return Dot(
        x=_across(event.turn, turns),
        top=_down(event.high),
        bottom=_down(event.low),
        middle=_down(event.mean),
        newest=newest,
    )


def _across(turn: int, turns: int) -> float:
    share = (min(turn, turns) - 0.5) / max(turns, 1)
    return round(NAMES_END + (100 - NAMES_END) * share, 2)


def _down(level: float) -> float:
    clamped = min(max(level, LOWEST), HIGHEST)
    return round(100 * (HIGHEST - clamped) / (HIGHEST - LOWEST), 2)
