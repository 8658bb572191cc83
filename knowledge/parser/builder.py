"""Atoms as they are found: ids, links, nothing twice, every line accounted for."""

import re
from typing import Any, TypeAlias

from knowledge.atoms import About, Atom, Frozen, Kind, Source, atom_id
from knowledge.blocks import Block, Cell
from knowledge.reading import Received

At: TypeAlias = Block | Cell | int
"""Where something stands: a block, a cell of a table, or a line."""

ONE_OF_A_KIND: frozenset[Kind] = frozenset({"area", "topic", "competency", "technology"})
WORD = re.compile(r"\w+")


class Skipped(Frozen):
    """A line that became no atom, and why."""

    line: int
    text: str
    reason: str
    place: str | None = None


class Builder:
    """Collects the atoms of one document."""

    def __init__(self, received: Received, about: About, taken: set[str]) -> None:
        self.received = received
        self.lines = received.text.split("\n")
        self.about = about
        self.taken = taken
        self.atoms: dict[str, Atom] = {}
        self.skipped: dict[int, Skipped] = {}
        self.notes: list[str] = []
        self.covered: set[int] = set()
        self.answered: set[str] = set()
        self._seen: dict[tuple[Kind, str, str | None], str] = {}

    def add(self, kind: Kind, text: str, at: At, parent: str | None = None, **rest: Any) -> str:
        """The id of an atom that says this; what was said before arrives once.

        A text without a word is skipped; its id is empty, and belonging to it is to nothing.
        """
        if not WORD.search(text):
            self.skip(at, "Nothing to read.")
            return ""
        parent = parent or None
        key = (kind, _normal(text), None if kind in ONE_OF_A_KIND else parent)
        if key in self._seen:
            self._say_again(self._seen[key], at)
            return self._seen[key]
        known = {name: value for name, value in rest.items() if value}
        identity = atom_id(kind, text, parent, self.taken)
        self.taken.add(identity)
        line, cell = _stands(at)
        source = Source(
            document=self.received.document, line=line, place=self.received.place(line, cell)
        )
        self.atoms[identity] = Atom(
            id=identity,
            kind=kind,
            text=text,
            parent=parent,
            about=self.about,
            source=source,
            **known,
        )
        self._seen[key] = identity
        self.cover(at)
        return identity

    def change(self, identity: str, **fields: Any) -> None:
        """Tell more about an atom than was known when it was found."""
        self.atoms[identity] = self.atoms[identity].model_copy(update=fields)

    def cover(self, at: At) -> None:
        """These lines are in an atom."""
        self.covered.update(_lines(at))

    def skip(self, at: At, reason: str) -> None:
        """These lines are no atom, for a reason that is told."""
        for line in _lines(at):
            text = self.lines[line - 1].strip()
            if text and line not in self.covered and line not in self.skipped:
                self.skipped[line] = Skipped(
                    line=line, text=text[:80], reason=reason, place=self.received.place(line)
                )

    def in_order(self) -> tuple[Atom, ...]:
        """The atoms by the line they begin on."""
        return tuple(sorted(self.atoms.values(), key=lambda a: a.source.line if a.source else 0))

    def sweep(self, blocks: list[Block]) -> None:
        """Whatever no rule wanted stays readable as a fact, so that nothing is lost."""
        self.skipped = {n: s for n, s in self.skipped.items() if n not in self.covered}
        for block in blocks:
            if any(line in self.covered or line in self.skipped for line in _lines(block)):
                self.skip(block, "Marks around a text, such as a table's frame.")
            elif block.kind == "rule":
                self.skip(block, "A ruled line.")
            elif block.kind == "heading":
                self.skip(block, "A heading: it says what the lines below it are.")
            else:
                self.add("fact", _whole(block), block)

    def _say_again(self, identity: str, at: At) -> None:
        first = self.atoms[identity].source
        if first and first.line not in _lines(at):
            self.skip(at, f"Said before, on line {first.line}.")
        else:
            self.cover(at)


def _lines(at: At) -> range:
    first, _ = _stands(at)
    return range(first, at.end + 1 if isinstance(at, Block) else first + 1)


def _stands(at: At) -> tuple[int, int]:
    """Its first line, and which cell of a row it is."""
    if isinstance(at, int):
        return at, 0
    return at.line, at.cell


def _whole(block: Block) -> str:
    if block.rows:
        return "\n".join(" | ".join(cell.text for cell in row) for row in block.rows)
    return block.text


def _normal(text: str) -> str:
    return " ".join(WORD.findall(text)).casefold() or text
