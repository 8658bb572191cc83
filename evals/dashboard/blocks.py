"""What a dashboard is made of: sections of tiles, tables, bars and text."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import Markup


@dataclass(frozen=True)
class Tile:
    """A number large enough to be read across a room."""

    label: str
    value: str
    note: str = ""
    alarm: bool = False


@dataclass(frozen=True)
class Tiles:
    """Some numbers beside each other."""

    tiles: Sequence[Tile]
    shape: str = "tiles"


@dataclass(frozen=True)
class Table:
    """Cells are text or drawings; of each row the first is its heading."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[object]]
    note: str = ""
    shape: str = "table"


@dataclass(frozen=True)
class Case:
    """Something to be read: behind a line that opens."""

    line: str
    parts: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Cases:
    """A list of them."""

    title: str
    cases: Sequence[Case]
    note: str = ""
    shape: str = "cases"


@dataclass(frozen=True)
class Text:
    """Markdown that is already HTML, with nothing in it that could act."""

    html: Markup
    shape: str = "text"


Block = Tiles | Table | Cases | Text


@dataclass(frozen=True)
class Section:
    """One part of the results."""

    id: str
    title: str
    intro: str
    blocks: list[Block] = field(default_factory=list)
