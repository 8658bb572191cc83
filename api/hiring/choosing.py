"""Which candidates of a table are shown, and in which order."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from agent.measuring import Phrase
from api.hiring.standing_rows import Standing, Status

Flag = Literal["critical", "red", "green"]
Needs = Literal["anything", "wishes", "ungraded", "needs_person", "contests"]
Decided = Literal["none", "advance", "hold", "decline"]
SortKey = Literal["when", "name", "reference", "status", "verdict", "flags", "needs", "decision"]
FLAGS: tuple[Flag, ...] = get_args(Flag)
STATUSES: tuple[Status, ...] = get_args(Status)
PHRASES: tuple[Phrase, ...] = get_args(Phrase)
PER_PAGE = 50
MOST_PER_PAGE = 100
LONGEST_SEARCH = 200


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What is wanted of a table; all of it is told by the query string."""

    q: str = ""
    """Words that name, reference or e-mail address hold, whatever their case."""
    status: Status | None = None
    verdict: Phrase | None = None
    flag: Flag | None = None
    needs: Needs | None = None
    decision: Decided | None = None
    unread: bool = False
    sort: SortKey = "when"
    descending: bool = True


@dataclass(frozen=True)
class Page:
    """A page of a table, from 1; `counts` are of all candidates, whatever is chosen."""

    rows: Sequence[Standing]
    number: int
    pages: int
    found: int
    total: int
    counts: dict[str, int] = field(default_factory=dict)


def page(
    rows: Sequence[Standing], choice: Choice, number: int = 1, per_page: int = PER_PAGE
) -> Page:
    """The page of this number, or the last there is."""
    found = chosen(rows, choice)
    pages = max(-(-len(found) // per_page), 1)
    number = min(max(number, 1), pages)
    shown = found[(number - 1) * per_page : number * per_page]
    return Page(shown, number, pages, len(found), len(rows), _counts(rows))


def chosen(rows: Sequence[Standing], choice: Choice) -> list[Standing]:
    """Those that are wanted, in order; who has nothing to sort by comes last."""
    found = rows
    for fits in _filters(choice):
        found = [row for row in found if fits(row)]
    keyed = [(KEYS[choice.sort](row), row) for row in found]
    known = sorted(
        (each for each in keyed if each[0] is not None),
        key=lambda each: each[0],
        reverse=choice.descending,
    )
    return [row for _, row in known] + [row for key, row in keyed if key is None]


def _filters(choice: Choice) -> Iterator[Callable[[Standing], bool]]:
    """What is asked for; nothing of what is not, for there are thousands of rows."""
    c, words = choice, _folded(choice.q).split()
    if c.status:
        yield lambda row: row.status == c.status
    if c.verdict:
        yield lambda row: c.verdict in {row.verdict, row.overridden}
    if flag := c.flag:
        yield lambda row: row.count(flag) > 0
    if needs := c.needs:
        yield lambda row: _needs(row, needs)
    if c.decision:
        yield lambda row: (row.decision or _undecided(row)) == c.decision
    if c.unread:
        yield lambda row: row.unread
    if words:
        yield lambda row: _holds(row, words)


def _needs(row: Standing, what: Needs) -> bool:
    return (row.open_points if what == "anything" else row.count(what)) > 0


def _undecided(row: Standing) -> str | None:
    """Nothing is decided of who has nothing to decide about yet."""
    return "none" if row.status in {"not decided", "technical failure", "abandoned"} else None


def _holds(row: Standing, words: Sequence[str]) -> bool:
    text = _folded(f"{row.name}\n{row.reference}\n{row.email}")
    return all(word in text for word in words)


def _folded(text: str) -> str:
    """Without case and without marks above or below, so that `Osterberg` finds Österberg."""
    if text.isascii():
        return text.casefold()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def _counts(rows: Sequence[Standing]) -> dict[str, int]:
    told = Counter[str](row.status for row in rows)
    told["unread"] = sum(row.unread for row in rows)
    told["needs"] = sum(row.open_points > 0 for row in rows)
    return dict(told)


_ORDER = {status: place for place, status in enumerate(STATUSES)}

KEYS: dict[SortKey, Callable[[Standing], Any]] = {
    "when": lambda row: row.when,
    "name": lambda row: _folded(row.name) or None,
    "reference": lambda row: _folded(row.reference) or None,
    "status": lambda row: _ORDER[row.status],
    "verdict": lambda row: row.probability,
    "flags": lambda row: tuple(map(row.count, FLAGS)) if row.verdict is not None else None,
    "needs": lambda row: row.open_points if row.verdict is not None else row.open_points or None,
    "decision": lambda row: row.decision,
}
"""What a column is sorted by; None: nothing there."""
