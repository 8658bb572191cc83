"""A kit changed by a person, one atom at a time; each change makes another version."""

from collections.abc import Iterator, Sequence
from typing import Any, Literal, get_args

from pydantic import ConfigDict, ValidationError

from knowledge.atoms import LEVELS, Atom, Frozen, Kind, Kit, Level, Polarity, Role, atom_id
from knowledge.errors import BadInput, Busy, NotFound
from knowledge.kit_tree import SUBJECTS, implied_question, implied_role, implied_topic, tree_order

LONGEST_TEXT = 4_000
LONGEST_GROUP = 100

ADDABLE: dict[Kind | None, tuple[Kind, ...]] = {
    None: ("competency", "question", "flag", "technology", "fact"),
    "competency": ("question", "indicator", "level", "flag"),
    "topic": ("question", "indicator", "flag"),
    "area": ("topic", "question"),
    "question": ("point", "indicator", "hint", "follow_up", "flag"),
    "money": ("point", "hint"),
    "reference": ("point",),
    "technology": ("money",),
    "exercise": ("point", "rule"),
    "candidate_question": ("sign", "fact"),
}
"""What a person may add below each kind; None: at the top of the kit."""

USES: dict[str, frozenset[Kind]] = {
    "level": frozenset({"question", "level", "indicator", "money", "exercise"}),
    "role": frozenset({"point"}),
    "group": frozenset({"point"}),
    "polarity": frozenset({"indicator", "flag", "sign"}),
    "critical": frozenset({"flag"}),
}
"""The kinds that have each field, beside their text."""

CHOICES: dict[str, tuple[str, ...]] = {
    "level": LEVELS,
    "role": get_args(Role),
    "polarity": get_args(Polarity),
}
NEEDED: dict[str, frozenset[Kind]] = {
    "role": frozenset({"point"}),
    "polarity": frozenset({"indicator", "flag", "sign"}),
}


class Wrong(BadInput):
    """One field of an edit cannot be used; `field` names it."""

    def __init__(self, field: str, message: str, remedy: str) -> None:
        super().__init__(f"{field}: {message}", remedy)
        self.field = field


class Outdated(Busy):
    """Somebody else changed the same thing meanwhile; `now` is the kit as it stands."""

    def __init__(self, now: Kit) -> None:
        super().__init__(
            "Somebody else has changed this meanwhile; nothing was saved.",
            "Look at what it says now, then save yours again or leave it.",
        )
        self.now = now


class Wording(Frozen):
    """What a person may say of an atom; what the atom's kind does not have is left empty."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    text: str
    level: Level | None = None
    role: Role | None = None
    group: str | None = None
    polarity: Polarity | None = None
    critical: bool = False


def wording(kind: Kind, given: dict[str, Any]) -> Wording:
    """What was given for an atom of this kind, checked; empty texts count as nothing.

    Raises:
        Wrong: a field has a value that cannot be, or that this kind does not have.
    """
    said = {name: value for name, value in given.items() if value not in (None, "", False)}
    for name in said:
        if name != "text" and kind not in USES.get(name, ()):
            raise Wrong(name, f"a {_plain(kind)} has none.", "Leave it empty.")
    for name, allowed in CHOICES.items():
        if name in said and said[name] not in allowed:
            raise Wrong(name, f"{said[name]!r} is none.", f"Choose one of: {', '.join(allowed)}.")
        if name not in said and kind in NEEDED.get(name, ()):
            raise Wrong(name, f"a {_plain(kind)} needs one.", f"Choose: {', '.join(allowed)}.")
    _check_text("text", said.get("text", ""), LONGEST_TEXT)
    if said.get("role") == "any_of":
        remedy = "Write one word, the same for all points of which one is enough."
        _check_text("group", said.get("group", ""), LONGEST_GROUP, remedy)
    elif "group" in said:
        raise Wrong("group", "only a point that is one of several has a group.", "Leave it empty.")
    try:
        return Wording.model_validate(said)
    except ValidationError as error:
        first = error.errors()[0]
        raise Wrong(str(first["loc"][0]), f"{first['msg']}.", "Correct it.") from error


def _check_text(field: str, text: object, longest: int, missing: str = "Write it.") -> None:
    if not isinstance(text, str) or not text.strip():
        raise Wrong(field, "there is none.", missing)
    if len(text) > longest:
        raise Wrong(
            field, f"it has {len(text):,} characters, of {longest:,} at most.", "Shorten it."
        )
    if any(not (c.isprintable() or c in "\n\r\t") for c in text):
        raise Wrong(field, "it holds characters that cannot be shown.", "Remove them.")


def found(kit: Kit, id_: str) -> Atom:
    """The atom of this id, withdrawn or not.

    Raises:
        NotFound: the kit has none.
    """
    if id_ not in kit.by_id:
        raise NotFound(f"The kit has nothing of the id {id_[:80]!r}.", "Look for it in the kit.")
    return kit.by_id[id_]


def check_untouched(before: Kit, now: Kit, id_: str | None) -> None:
    """See that an atom and what it hangs on are as they were when the edit began.

    Raises:
        Outdated: they are not.
    """
    if _chain(before, id_) != _chain(now, id_):
        raise Outdated(now)


def _chain(kit: Kit, id_: str | None) -> list[Atom | None]:
    chain: list[Atom | None] = []
    while id_ is not None:
        chain.append(kit.by_id.get(id_))
        id_ = chain[-1].parent if chain[-1] else None
    return chain


def reworded(kit: Kit, id_: str, new: Wording) -> Kit:
    """The kit with this atom saying something else; its id, place and source stay.

    A subject's new name goes to everything that is filed under the old one. A proposal that
    somebody words is accepted with it.
    """
    old = found(kit, id_)
    said = new.model_dump()
    if old.proposed and old.withdrawn is None:
        said |= {"proposed": None, "accepted": old.proposed}
    atoms = [atom.model_copy(update=said) if atom.id == id_ else atom for atom in kit.atoms]
    if old.kind in SUBJECTS and old.text != new.text:
        below = _below(kit, id_) | {id_}
        atoms = [
            atom.model_copy(update={"topic": new.text})
            if atom.id in below and atom.topic == old.text
            else atom
            for atom in atoms
        ]
    return _with(kit, atoms)


def _below(kit: Kit, id_: str) -> set[str]:
    below: set[str] = set()
    fresh = {id_}
    while fresh:
        fresh = {atom.id for atom in kit.atoms if atom.parent in fresh} - below
        below |= fresh
    return below


def extended(kit: Kit, parent: str | None, kind: Kind, new: Wording) -> tuple[Kit, Atom]:
    """The kit with another atom at the end of what this one has, or at its own end; and the atom.

    Raises:
        NotFound: there is no such atom.
        Wrong: nothing of this kind goes there.
    """
    above = None if parent is None else found(kit, parent)
    allowed = ADDABLE.get(above.kind if above else None, ())
    if kind not in allowed:
        told = f"Choose one of: {', '.join(map(_plain, allowed))}." if allowed else "Add elsewhere."
        raise Wrong("kind", f"a {_plain(kind)} does not go there.", told)
    made = Atom(
        id=atom_id(kind, new.text, parent, set(kit.by_id)),
        kind=kind,
        parent=parent,
        question=implied_question(parent, kit.by_id),
        topic=implied_topic(kind, new.text, parent, kit.by_id),
        question_kind="technical" if kind == "question" else None,
        about=above.about if above else kit.about,
        **new.model_dump(exclude={"role"}),
        role=new.role or implied_role(kind),
    )
    return _with(kit, tree_order([*kit.atoms, made])), made


def withdrawn(kit: Kit, id_: str, reason: str) -> Kit:
    """The kit with this atom, and all that belongs to it, kept but not used any more.

    Raises:
        Wrong: there is no reason, or it is too long.
    """
    _check_text("reason", reason, LONGEST_TEXT)
    return _marked(kit, id_, reason.strip())


def put_back(kit: Kit, id_: str) -> Kit:
    """The kit with this atom in use again."""
    return _marked(kit, id_, None)


def _marked(kit: Kit, id_: str, reason: str | None) -> Kit:
    found(kit, id_)
    marked = {"withdrawn": reason}
    return _with(kit, [a.model_copy(update=marked) if a.id == id_ else a for a in kit.atoms])


def _with(kit: Kit, atoms: Sequence[Atom]) -> Kit:
    return kit.changed(atoms=tuple(atoms))


What = Literal[
    "added", "removed", "changed", "withdrawn", "put back", "proposed", "accepted", "rejected"
]


class Change(Frozen):
    """What became of one atom from a version to the next; `fields` says what of it changed."""

    what: What
    id: str
    kind: Kind
    text: str
    before: str | None = None
    """Its text before, where that is what changed."""
    fields: tuple[str, ...] = ()


def changes(before: Kit, after: Kit) -> tuple[Change, ...]:
    """What a version changed, in the kit's order; what is gone comes last."""
    return (
        *(told for atom in after.atoms for told in _change(before.by_id.get(atom.id), atom)),
        *(_told("removed", atom) for atom in before.atoms if atom.id not in after.by_id),
    )


def _change(old: Atom | None, new: Atom) -> Iterator[Change]:
    if old is None:
        yield _told("proposed" if new.proposed else "added", new)
    elif old.proposed and not new.proposed and old.text == new.text:
        yield _told("accepted", new)
    elif old != new:
        fields = tuple(n for n in Atom.model_fields if getattr(old, n) != getattr(new, n))
        if "withdrawn" in fields and (old.withdrawn is None) != (new.withdrawn is None):
            gone: What = "rejected" if new.proposed else "withdrawn"
            yield _told(gone if new.withdrawn is not None else "put back", new)
        elif fields != ("source",):
            yield Change(
                what="changed",
                id=new.id,
                kind=new.kind,
                text=new.text,
                before=old.text if "text" in fields else None,
                fields=fields,
            )


def _told(what: What, atom: Atom) -> Change:
    return Change(what=what, id=atom.id, kind=atom.kind, text=atom.text)


def _plain(kind: str) -> str:
    return kind.replace("_", " ")
