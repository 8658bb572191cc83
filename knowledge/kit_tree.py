"""What a kit's tree says without words: order, and links that follow from where an atom hangs."""

from collections.abc import Iterable, Mapping

from knowledge.atoms import Atom, Kind, Role

ASKED: tuple[Kind, ...] = ("question", "money", "exercise", "candidate_question")
SUBJECTS: tuple[Kind, ...] = ("area", "topic", "competency")


def tree_order(atoms: Iterable[Atom]) -> tuple[Atom, ...]:
    """Every atom right after what it belongs to, siblings as they came."""
    atoms = tuple(atoms)
    ids = {atom.id for atom in atoms}
    children: dict[str | None, list[Atom]] = {}
    for atom in atoms:
        children.setdefault(atom.parent if atom.parent in ids else None, []).append(atom)
    ordered: list[Atom] = []
    waiting = children.get(None, [])[::-1]
    while waiting:
        ordered.append(waiting.pop())
        waiting.extend(children.get(ordered[-1].id, [])[::-1])
    return tuple(ordered)


def implied_question(parent: str | None, atoms: Mapping[str, Atom]) -> str | None:
    """What an atom came with: the nearest question, money question or exercise above it."""
    while parent is not None and atoms[parent].kind not in ASKED:
        parent = atoms[parent].parent
    return parent


def implied_topic(
    kind: Kind, text: str, parent: str | None, atoms: Mapping[str, Atom]
) -> str | None:
    """A subject is its own topic, anything else has the topic of what it belongs to."""
    if kind in SUBJECTS:
        return text
    return atoms[parent].topic if parent is not None else None


def implied_role(kind: Kind) -> Role | None:
    """A point is core unless it says otherwise."""
    return "core" if kind == "point" else None
