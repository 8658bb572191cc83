"""Passages of a document that are to be looked at again, with the lines around them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from knowledge.atoms import Atom
from knowledge.reading import Received

BEFORE, AFTER = 8, 3
"""Lines shown around a passage."""
MOST_LINES = 30
"""Of one passage."""
AT_ONCE = 12
LARGEST = 6_000
"""Passages, and characters of them, that are looked at in one request."""
WIDEST = 800
"""Characters of a line that are shown around a passage."""

_heading = re.compile(r"#{1,6}\s")
_marks = re.compile(r"[*_`]+")


@dataclass(frozen=True)
class Passage:
    """A fact as its document has it: lines from `first` (1-based), under a mark such as `f1`."""

    mark: str
    fact: Atom
    first: int
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """Its lines as they were read."""
        return "\n".join(self.lines)

    @cached_property
    def plain(self) -> str:
        """The same without marks of emphasis and code; line for line."""
        return _marks.sub("", self.text)


def passages(atoms: Sequence[Atom], received: Received) -> Iterator[tuple[Passage, ...]]:
    """The facts among the atoms of a document, in groups that fit one request."""
    lines = received.text.split("\n")
    starts = sorted({a.source.line for a in atoms if a.source and not a.proposed})
    group: list[Passage] = []
    for fact in _facts(atoms):
        assert fact.source  # `_facts` sees to it
        end = next((line for line in starts if line > fact.source.line), len(lines) + 1)
        found = Passage(f"f{len(group) + 1}", fact, fact.source.line, _own(lines, fact, end))
        if group and (len(group) == AT_ONCE or _size([*group, found]) > LARGEST):
            yield tuple(group)
            group, found = [], replace(found, mark="f1")
        group.append(found)
    if group:
        yield tuple(group)


def shown(received: Received, some: Sequence[Passage]) -> str:
    """The lines of these passages and around them, numbered, the passages marked."""
    lines = received.text.split("\n")
    marked = {p.first + n: p.mark for p in some for n in range(len(p.lines))}
    wanted = set(_headings(lines, some[0].first))
    for each in some:
        wanted |= set(range(each.first - BEFORE, each.first + len(each.lines) + AFTER))
    told: list[str] = []
    before = 0
    for number in sorted(n for n in wanted if 1 <= n <= len(lines) and lines[n - 1].strip()):
        if any(lines[n - 1].strip() for n in range(before + 1, number)):
            told.append("      ...")
        mark = f"{marked[number]}>" if number in marked else ""
        text = lines[number - 1] if mark else lines[number - 1][:WIDEST]
        told.append(f"{mark:4}{number:5} | {text}")
        before = number
    return "\n".join(told)


def _facts(atoms: Sequence[Atom]) -> Iterator[Atom]:
    """The first fact of each line; one that was proposed or withdrawn is none."""
    seen: set[int] = set()
    for atom in sorted(atoms, key=lambda a: a.source.line if a.source else 0):
        used = atom.kind == "fact" and not atom.proposed and atom.withdrawn is None
        if used and atom.source and atom.source.line not in seen:
            seen.add(atom.source.line)
            yield atom


def _own(lines: Sequence[str], fact: Atom, end: int) -> tuple[str, ...]:
    """The lines of a fact: to the next atom, heading or limit, without empty ones at the end."""
    first = fact.source.line if fact.source else 1
    own = list(lines[first - 1 : min(end - 1, first - 1 + MOST_LINES)])
    for number, line in enumerate(own[1:], 1):
        if _heading.match(line):
            own = own[:number]
            break
    while len(own) > 1 and not own[-1].strip():
        own.pop()
    return tuple(own)


def _headings(lines: Sequence[str], first: int) -> Iterator[int]:
    """The numbers of the headings that a line stands under, from the nearest up."""
    least = 7
    for number in range(min(first, len(lines)), 0, -1):
        depth = len(lines[number - 1]) - len(lines[number - 1].lstrip("#"))
        if 0 < depth < least and _heading.match(lines[number - 1]):
            least = depth
            yield number


def _size(some: Sequence[Passage]) -> int:
    return sum(len(each.text) for each in some)
