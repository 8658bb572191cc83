"""A kit as the team reads it: its atoms in parts, each a row with where it stands and what of it
is a worry."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from knowledge.atoms import Atom, Kind, Kit, Level
from knowledge.concerns import Concern, concerns_of
from knowledge.kit_tree import tree_order
from knowledge.proposals import Proposal, proposals

PART_OF: dict[Kind, str] = {
    "question": "questions",
    "area": "subjects",
    "topic": "subjects",
    "competency": "subjects",
    "flag": "flags",
    "technology": "quick",
    "money": "quick",
    "exercise": "exercises",
}
"""The kinds that stand in a part by themselves; others stand with what they belong to."""

LOOSE: dict[Kind, str] = {"indicator": "subjects", "level": "subjects", "point": "questions"}
"""Where the others stand when they belong to nothing."""

PARTS = {
    "questions": "Questions",
    "subjects": "Topics and competencies",
    "flags": "Flags",
    "quick": "Quick questions",
    "exercises": "Exercises",
    "rest": "Facts and advice",
}
FILTERS = {"proposed": "Proposed", "concerns": "With a warning", "withdrawn": "Withdrawn"}
ON_A_PAGE = 40
DEEPEST = 4


@dataclass(frozen=True)
class Row:
    """An atom in a list; `above` is the text of what it belongs to, where that is not in view."""

    atom: Atom
    part: str
    depth: int
    above: str | None
    concerns: tuple[Concern, ...]
    goes_with: bool
    """It is withdrawn because what it belongs to is."""


@dataclass(frozen=True)
class Shown:
    """The rows of one page, of `pages` from 1, and how many there are in each part and filter."""

    rows: Sequence[Row]
    page: int
    pages: int
    found: int
    counts: dict[str, int]
    links: Sequence[Proposal] = ()
    """Those that wait, for the first page of what is proposed."""

    @property
    def proposed(self) -> list[str]:
        """The ids of what waits on this page."""
        return [each.id for each in self.links] + [row.atom.id for row in self.rows]


def rows_of(kit: Kit) -> list[Row]:
    """Every atom once, in the kit's order, after what it belongs to."""
    rows: list[Row] = []
    at: dict[str, Row] = {}
    for atom in tree_order(kit.atoms):
        parent = at.get(atom.parent or "")
        part = PART_OF.get(atom.kind) or (parent.part if parent else LOOSE.get(atom.kind, "rest"))
        same = parent is not None and parent.part == part
        row = Row(
            atom=atom,
            part=part,
            depth=min(parent.depth + 1, DEEPEST) if parent and same else 0,
            above=parent.atom.text if parent and not same else None,
            concerns=concerns_of(atom),
            goes_with=atom.withdrawn is None and atom.id in kit.withdrawn,
        )
        at[atom.id] = row
        rows.append(row)
    return rows


@dataclass(frozen=True)
class Wanted:
    """What a reader looks at: a part or filter, or in every part what holds all the words `find`,
    is of a topic whose name holds `topic`, or of a level.
    """

    part: str
    find: str = ""
    topic: str = ""
    level: Level | None = None

    @property
    def narrowed(self) -> bool:
        """Whether it is more than a part or filter."""
        return bool(self.find or self.topic or self.level)

    @property
    def query(self) -> str:
        """The same in an address, its page apart."""
        fields = {name: value for name, value in vars(self).items() if value}
        return urlencode(fields)


def shown(kit: Kit, wanted: Wanted, page: int) -> Shown:
    """The rows that are wanted, a page of them; a page past the last is the last."""
    rows = rows_of(kit)
    joined = {kit.by_id[id_].text: join.name for join in kit.joins for id_ in join.members}
    chosen = [row for row in rows if _is_wanted(row, wanted, joined)]
    pages = max(-(-len(chosen) // ON_A_PAGE), 1)
    page = min(max(page, 1), pages)
    first = (page - 1) * ON_A_PAGE
    links = [each for each in proposals(kit) if each.what == "link"]
    return Shown(
        rows=_with_context(kit, chosen[first : first + ON_A_PAGE]),
        page=page,
        pages=pages,
        found=len(chosen),
        counts=_counts(rows, len(links)),
        links=links[:ON_A_PAGE] if page == 1 and wanted.part == "proposed" else (),
    )


def _is_wanted(row: Row, wanted: Wanted, joined: Mapping[str, str]) -> bool:
    """Whether a row is to be shown; `joined` has the name under which a topic is asked about."""
    if not wanted.narrowed:
        return _is_in(row, wanted.part)
    text, topic = row.atom.text.casefold(), row.atom.topic or ""
    told = f"{topic}\n{joined.get(topic, '')}".casefold()
    return (
        wanted.level in (None, row.atom.level)
        and wanted.topic.casefold() in told
        and all(word in text for word in wanted.find.casefold().split())
    )


def _is_in(row: Row, part: str) -> bool:
    if part == "concerns":
        return bool(row.concerns) and not row.goes_with and row.atom.withdrawn is None
    if part == "proposed":
        return row.atom.proposed is not None and row.atom.withdrawn is None
    if part == "withdrawn":
        return row.atom.withdrawn is not None
    return row.part == part


def _with_context(kit: Kit, rows: list[Row]) -> list[Row]:
    """A row whose parent is not on the page says what it belongs to."""
    here = {row.atom.id for row in rows}
    told: list[Row] = []
    for row in rows:
        parent = kit.by_id.get(row.atom.parent or "")
        away = parent is not None and parent.id not in here
        above = parent.text if parent and away else None
        told.append(Row(**{**vars(row), "above": above, "depth": 0 if away else row.depth}))
    return told


def _counts(rows: Iterable[Row], links: int) -> dict[str, int]:
    counts = Counter[str](proposed=links)
    for row in rows:
        counts[row.part] += 1
        for name in FILTERS:
            counts[name] += _is_in(row, name)
    return counts
