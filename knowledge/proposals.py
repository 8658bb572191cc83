"""What a model or likeness proposes for a kit, until a person has looked at it.

A proposal is an atom or a link of the kit with `proposed` set, and nothing is done by it. Taken
in, an atom keeps who had proposed it in `accepted`. Rejected, it stays as it is with `withdrawn`
set as well, so that it is known and not proposed again.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator
from typing import Literal

from knowledge.atoms import Atom, Frozen, Kind, Kit, Level, Link, Polarity, Role, Source
from knowledge.errors import NotFound
from knowledge.kit_tree import tree_order

REJECTED = "rejected"
LIKENESS = "likeness"
"""Who proposes a link that was found by retrieval."""


class Proposal(Frozen):
    """One thing that waits for a person.

    `above` is what it would belong to, in words; of a link, `text` is the question and `above` the
    competency. `span` is what it rests on in the document at `source`, `likeness` a link's cosine.
    """

    id: str
    what: Kind | Literal["link"]
    text: str
    above: str | None
    by: str
    level: Level | None = None
    polarity: Polarity | None = None
    role: Role | None = None
    span: str | None = None
    source: Source | None = None
    likeness: float | None = None


def proposals(kit: Kit) -> tuple[Proposal, ...]:
    """What waits in this kit, links first, then in the kit's order."""
    links = (_of_link(kit, link) for link in kit.links if _waits(link))
    return (*links, *(_of_atom(kit, atom) for atom in kit.atoms if _waits(atom)))


def accepted(kit: Kit, ids: Collection[str]) -> Kit:
    """The kit with these proposals in use.

    Raises:
        NotFound: one of them does not wait in this kit.
    """
    ids = _waiting(kit, ids)
    return kit.changed(
        atoms=tuple(
            atom.model_copy(update={"proposed": None, "accepted": atom.proposed})
            if atom.id in ids
            else atom
            for atom in kit.atoms
        ),
        links=tuple(
            link.model_copy(update={"proposed": None}) if link_id(link) in ids else link
            for link in kit.links
        ),
    )


def rejected(kit: Kit, ids: Collection[str]) -> Kit:
    """The kit with these proposals kept as what is not wanted.

    Raises:
        NotFound: one of them does not wait in this kit.
    """
    ids = _waiting(kit, ids)
    gone = {"withdrawn": REJECTED}
    return kit.changed(
        atoms=tuple(a.model_copy(update=gone) if a.id in ids else a for a in kit.atoms),
        links=tuple(
            k.model_copy(update=gone) if _waits(k) and link_id(k) in ids else k for k in kit.links
        ),
    )


def carried(before: Kit, after: Kit) -> Kit:
    """A kit that was made anew, with what was proposed, accepted and rejected in the one before.

    An atom comes along where what it belongs to is still there; one that still waits, only where
    its document is, too. A link needs both its ends.
    """
    documents = {atom.source.document for atom in after.atoms if atom.source}
    there = set(after.by_id)
    atoms: list[Atom] = []
    for atom in before.atoms:
        cited = atom.source is None or atom.source.document in documents
        hangs = {atom.parent, atom.question} - {None} <= there and atom.id not in there
        if (atom.accepted or atom.proposed) and hangs and (cited or not _waits(atom)):
            atoms.append(atom)
            there.add(atom.id)
    ends = (k for k in before.links if k.question in there and k.competency in there)
    known = {(link.question, link.competency) for link in after.links}
    links = [link for link in ends if (link.question, link.competency) not in known]
    if not atoms and not links:
        return after
    joined = tree_order([*after.atoms, *atoms])
    return after.changed(atoms=joined, links=(*after.links, *links))


def link_id(link: Link) -> str:
    """The id by which a link is named in a list of proposals, e.g. `link-3f2a9c1e55`."""
    return f"link-{hashlib.sha256(f'{link.question} {link.competency}'.encode()).hexdigest()[:10]}"


def waiting(kit: Kit) -> Iterator[str]:
    """The ids of what waits."""
    return (each.id for each in proposals(kit))


def _waiting(kit: Kit, ids: Iterable[str]) -> frozenset[str]:
    """These ids, all of which wait."""
    ids, there = frozenset(ids), frozenset(waiting(kit))
    for id_ in ids:
        if id_ not in there:
            raise NotFound(
                f"Nothing that is proposed for {kit.name} has the id {id_[:80]!r}.",
                f"See `viva kit proposals {kit.name}`.",
            )
    return ids


def _waits(each: Atom | Link) -> bool:
    return each.proposed is not None and each.withdrawn is None


def _of_link(kit: Kit, link: Link) -> Proposal:
    question = kit.by_id[link.question]
    return Proposal(
        id=link_id(link),
        what="link",
        text=question.text,
        above=kit.by_id[link.competency].text,
        by=link.proposed or "",
        source=question.source,
        likeness=link.likeness,
    )


def _of_atom(kit: Kit, atom: Atom) -> Proposal:
    parent = kit.by_id.get(atom.parent or "")
    return Proposal(
        id=atom.id,
        what=atom.kind,
        text=atom.text,
        above=parent.text if parent else None,
        by=atom.proposed or "",
        level=atom.level,
        polarity=atom.polarity,
        role=atom.role,
        span=atom.span or (atom.text if atom.source else None),
        source=atom.source,
    )
