"""Two kits made one: a role's kit and a company's, or a part of one kit taken into another.

What both hold stands once. The first kit wins wherever there can be only one: its name, its
format, its wording of a technology's name.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from knowledge.atoms import About, Atom, Join, Kind, Kit, Link, atom_id
from knowledge.errors import NotFound
from knowledge.kit_tree import SUBJECTS, tree_order
from knowledge.places import suggestion

OF_A_COMPANY: frozenset[Kind] = frozenset({"fact", "candidate_question", "sign", "advice"})
"""What is only the same if it speaks of the same company and role."""

Key: TypeAlias = tuple[object, ...]


def merge(first: Kit, second: Kit, name: str | None = None) -> Kit:
    """Everything of both under one name (the first's, if none is given), the first's ids kept.

    The same competency or topic, by its exact name, stands once with what both say below it; so
    does the same technology, by any of its names, with the aliases of both. An atom of the same
    words in the same place is one atom. The first kit's format is the whole's, if it has any.
    Links and joins follow what they point at.
    """
    timed = any(atom.kind == "format" for atom in first.atoms)
    placed = _Placed(first)
    for atom in tree_order(second.atoms):
        if not (timed and atom.kind == "format") and atom.parent not in placed.left_out:
            placed.put(atom)
        else:
            placed.left_out.add(atom.id)
    about = About(
        company=first.about.company or second.about.company,
        role=first.about.role or second.about.role,
    )
    return Kit(
        name=name or first.name,
        title=first.title or second.title,
        about=about,
        atoms=tree_order(placed.linked()),
        joins=_joined(first.joins, (_renamed(join, placed.ids) for join in second.joins)),
        links=tuple(dict.fromkeys((*first.links, *_linked(second.links, placed.ids)))),
    )


class _Placed:
    """Atoms of a first kit and, one after the other, those of a second in their places."""

    def __init__(self, first: Kit) -> None:
        self.atoms = dict(first.by_id)
        self.ids: dict[str, str] = {}
        """Where each atom of the second stands now."""
        self.left_out: set[str] = set()
        self._new: set[str] = set()
        self._known: dict[Key, list[str]] = defaultdict(list)
        self._technologies: dict[str, str] = {}
        for atom in first.atoms:
            self._known[_key(atom, atom.parent)].append(atom.id)
            if atom.kind == "technology":
                self._technologies.setdefault(atom.text.casefold(), atom.id)
        for atom in first.atoms:
            self._call(atom)

    def _call(self, atom: Atom) -> None:
        """Know a technology by all its names; its own name goes before another's alias."""
        if atom.kind == "technology":
            for called in (atom.text, *atom.aliases):
                self._technologies.setdefault(called.casefold(), atom.id)

    def put(self, atom: Atom) -> None:
        """See that the atom stands there; what it belongs to is there already."""
        parent = self.ids.get(atom.parent or "")
        same = self._same(atom, parent)
        if same is None:
            id_ = atom.id
            if id_ in self.atoms:
                id_ = atom_id(atom.kind, atom.text, parent, set(self.atoms))
            self.atoms[id_] = atom.model_copy(update={"id": id_, "parent": parent})
            self._new.add(id_)
        elif atom.kind == "technology":
            self.atoms[same] = _under_all_names(self.atoms[same], atom)
        self.ids[atom.id] = same or id_
        self._call(self.atoms[self.ids[atom.id]])

    def _same(self, atom: Atom, parent: str | None) -> str | None:
        known = self._known[_key(atom, parent)]
        if known:
            return known.pop(0)
        if atom.kind == "technology":
            named = (self._technologies.get(each.casefold()) for each in (atom.text, *atom.aliases))
            return next((id_ for id_ in named if id_ and self._one_is_named(id_, atom)), None)
        return None

    def _one_is_named(self, id_: str, other: Atom) -> bool:
        """Two that only share an alias are two things."""
        mine = self.atoms[id_]
        name, theirs = mine.text.casefold(), other.text.casefold()
        return theirs in _names(mine) or name in _names(other)

    def linked(self) -> Iterable[Atom]:
        """All atoms, the second's links to questions brought along."""
        for id_, atom in self.atoms.items():
            if id_ in self._new and atom.question:
                yield atom.model_copy(update={"question": self.ids.get(atom.question)})
            else:
                yield atom


def _key(atom: Atom, parent: str | None) -> Key:
    """Two atoms of one key say the same in the same place."""
    if atom.kind in SUBJECTS or atom.kind == "technology":
        return atom.kind, atom.text, parent
    told = (atom.about.company, atom.about.role) if atom.kind in OF_A_COMPANY else None
    return atom.kind, atom.text, parent, atom.level, atom.polarity, atom.grade, told


def _names(atom: Atom) -> set[str]:
    return {called.casefold() for called in (atom.text, *atom.aliases)}


def _under_all_names(mine: Atom, other: Atom) -> Atom:
    known, aliases = _names(mine), list(mine.aliases)
    for called in (other.text, *other.aliases):
        if called.casefold() not in known:
            known.add(called.casefold())
            aliases.append(called)
    return mine.model_copy(update={"aliases": tuple(aliases)})


def _renamed(join: Join, ids: Mapping[str, str]) -> Join | None:
    members = tuple(dict.fromkeys(ids[id_] for id_ in join.members if id_ in ids))
    return join.model_copy(update={"members": members}) if members else None


def _joined(first: Sequence[Join], more: Iterable[Join | None]) -> tuple[Join, ...]:
    """Joins of both; two that share a member are one, under the first's name."""
    joins = list(first)
    for join in more:
        if join is None or any(set(join.members) <= set(known.members) for known in joins):
            continue
        shared = (n for n, known in enumerate(joins) if set(known.members) & set(join.members))
        at = next(shared, None)
        if at is None:
            joins.append(join)
        else:
            joins[at] = _united(joins[at], join)
    return tuple(joins)


def _linked(links: Iterable[Link], ids: Mapping[str, str]) -> Iterator[Link]:
    for link in links:
        if link.question in ids and link.competency in ids:
            ends = {"question": ids[link.question], "competency": ids[link.competency]}
            yield link.model_copy(update=ends)


def _united(one: Join, other: Join) -> Join:
    told = [join.likeness for join in (one, other) if join.likeness is not None]
    members = tuple(dict.fromkeys((*one.members, *other.members)))
    return Join(name=one.name, members=members, likeness=min(told, default=None))


def part(kit: Kit, names: Sequence[str]) -> Kit:
    """Only what is called so: competencies, topics, areas, technologies and joins by name.

    Each comes with all below it, a join with all its members. What hung below something that is
    left out stands at the top.

    Raises:
        NotFound: the kit has nothing of that name; the remedy lists what there is.
    """
    wanted: set[str] = set()
    for name in names:
        wanted |= _called(kit, name)
    for atom in tree_order(kit.atoms):
        if atom.parent in wanted:
            wanted.add(atom.id)
    atoms = [_cut(atom, wanted) for atom in kit.atoms if atom.id in wanted]
    joins = (_renamed(join, {id_: id_ for id_ in wanted}) for join in kit.joins)
    return kit.changed(
        atoms=tree_order(atoms),
        joins=tuple(join for join in joins if join and len(join.members) > 1),
        links=tuple(_linked(kit.links, {id_: id_ for id_ in wanted})),
    )


def _cut(atom: Atom, kept: set[str]) -> Atom:
    links = {"parent": atom.parent, "question": atom.question}
    return atom.model_copy(update={k: id_ if id_ in kept else None for k, id_ in links.items()})


def _called(kit: Kit, name: str) -> set[str]:
    there = [atom for atom in kit.atoms if atom.kind in (*SUBJECTS, "technology")]
    called = name.casefold()
    found = {atom.id for atom in there if called in _names(atom)}
    found.update(*(join.members for join in kit.joins if join.name.casefold() == called))
    if not found:
        names = list(dict.fromkeys(atom.text for atom in there))
        problem = f"the kit {kit.name} has no competency or technology {name!r}"
        raise NotFound(problem, suggestion(name, names))
    return found


Find: TypeAlias = Callable[[str], Kit | None]
"""A kit by its name, if there is one."""
