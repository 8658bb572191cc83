"""What differs between two kits, atom by atom, for a person to read."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Literal

from rapidfuzz import fuzz
from rapidfuzz.utils import default_process

from knowledge.atoms import About, Atom, Frozen, Kind, Kit
from knowledge.kit_tree import tree_order

ALIKE = 60.0
"""Likeness of letters (0 to 100) from which a text in the same place was reworded."""

What = Literal["added", "removed", "reworded", "moved", "changed", "withdrawn", "put back"]
PASSED_OVER = frozenset({"id", "kind", "text", "parent", "question", "topic", "source", "also"})


class Difference(Frozen):
    """What became of one atom, or of the kit itself (`kind` is "kit")."""

    what: What
    kind: Kind | Literal["kit"]
    id: str
    text: str
    before: str | None = None
    """Its text before, or what it belonged to before it was moved."""
    fields: tuple[str, ...] = ()
    """What else of it changed."""


def differences(before: Kit, after: Kit) -> tuple[Difference, ...]:
    """What was changed to come from one kit to the other, in the order of the second.

    Atoms are the same by id, else by the same text, else by a like text in the same place. Where
    something comes from, and the name of the kit, make no difference.
    """
    same = _matched(before, after)
    old = {new: before.by_id[id_] for id_, new in same.items()}
    return (
        *_of_the_kit(before, after, same),
        *(
            told
            for atom in after.atoms
            for told in _of_one(old.get(atom.id), atom, before, same, (before.about, after.about))
        ),
        *(_told("removed", atom) for atom in before.atoms if atom.id not in same),
    )


def _matched(before: Kit, after: Kit) -> dict[str, str]:
    """Ids of the first kit's atoms with those they have in the second."""
    same = {id_: id_ for id_, a in before.by_id.items() if _kept(a, after.by_id.get(id_))}
    taken = set(same.values())
    free: dict[Kind, dict[str, Atom]] = defaultdict(dict)
    for atom in after.atoms:
        if atom.id not in taken:
            free[atom.kind][atom.id] = atom
    for atom in tree_order(before.atoms):
        if atom.id not in same and (found := _likest(atom, free[atom.kind].values(), same)):
            same[atom.id] = found.id
            del free[atom.kind][found.id]
    return same


def _kept(old: Atom, new: Atom | None) -> bool:
    return new is not None and new.kind == old.kind


def _likest(atom: Atom, free: Collection[Atom], same: Mapping[str, str]) -> Atom | None:
    parent = same.get(atom.parent or "")
    here = [other for other in free if other.parent == parent]
    for others in (here, free):
        if exact := next((other for other in others if other.text == atom.text), None):
            return exact
    alike = [(_likeness(atom.text, other.text), n) for n, other in enumerate(here)]
    likeness, n = max(alike, key=lambda pair: (pair[0], -pair[1]), default=(0.0, 0))
    return here[n] if likeness >= ALIKE else None


def _likeness(one: str, other: str) -> float:
    """Of letters, whatever the order of the words."""
    in_order = fuzz.token_sort_ratio(one, other, processor=default_process)
    return max(fuzz.ratio(one, other), in_order)


def _of_one(
    old: Atom | None, new: Atom, before: Kit, same: Mapping[str, str], abouts: tuple[About, About]
) -> Iterator[Difference]:
    """`abouts` are those of the two kits, which their atoms take over unless they say otherwise."""
    if old is None:
        yield _told("added", new)
        return
    fields = tuple(
        name
        for name in Atom.model_fields
        if name not in PASSED_OVER and getattr(old, name) != getattr(new, name)
    )
    if (old.about, new.about) == abouts:
        fields = tuple(name for name in fields if name != "about")
    moved = same.get(old.parent or "") != new.parent
    if "withdrawn" in fields and (old.withdrawn is None) != (new.withdrawn is None):
        yield _told("put back" if new.withdrawn is None else "withdrawn", new, fields=fields)
    elif old.text != new.text:
        yield _told("reworded", new, before=old.text, fields=("parent", *fields)[not moved :])
    elif moved:
        above = before.by_id.get(old.parent or "")
        yield _told("moved", new, before=above.text if above else None, fields=fields)
    elif fields or same.get(old.question or "") != new.question:
        yield _told("changed", new, fields=fields or ("question",))


def _of_the_kit(before: Kit, after: Kit, same: Mapping[str, str]) -> Iterator[Difference]:
    def points(kit: Kit, ids: Mapping[str, str]) -> dict[str, object]:
        joins = {(j.name, *(ids.get(id_, id_) for id_ in j.members)) for j in kit.joins}
        links = {
            (ids.get(k.question, ""), ids.get(k.competency, ""), k.proposed) for k in kit.links
        }
        return {"title": kit.title, "about": kit.about, "joins": joins, "links": links}

    old = points(before, same)
    new = points(after, {id_: id_ for id_ in after.by_id})
    for name in old:
        if old[name] != new[name]:
            yield Difference(what="changed", kind="kit", id="", text=name)


def _told(
    what: What, atom: Atom, *, before: str | None = None, fields: Iterable[str] = ()
) -> Difference:
    return Difference(
        what=what,
        kind=atom.kind,
        id=atom.id,
        text=atom.text,
        before=before,
        fields=tuple(fields),
    )
