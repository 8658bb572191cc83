"""What a check has to say about a kit."""

from typing import Literal

from knowledge.atoms import Atom, Frozen, Source

Weight = Literal["error", "warning", "note"]


class Finding(Frozen):
    """Something about a kit that a person should look at, and what to do about it.

    `name` is the check's own, `atom` the id and `text` the words of what it is about (none: the
    kit as a whole).
    """

    name: str
    weight: Weight
    problem: str
    remedy: str
    atom: str | None = None
    text: str | None = None
    source: Source | None = None


def found(name: str, weight: Weight, atom: Atom | None, problem: str, remedy: str) -> Finding:
    """A finding about an atom, or about the whole."""
    return Finding(
        name=name,
        weight=weight,
        problem=problem,
        remedy=remedy,
        atom=atom.id if atom else None,
        text=atom.text if atom else None,
        source=atom.source if atom else None,
    )
