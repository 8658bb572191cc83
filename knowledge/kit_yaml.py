"""A kit as a YAML file that people read, edit and compare; see `docs/kit-format.md`."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

import yaml

from knowledge.atoms import (
    KINDS,
    LEVELS,
    About,
    Atom,
    Grade,
    Join,
    Kind,
    Kit,
    Link,
    Polarity,
    QuestionKind,
    Role,
    Source,
    atom_id,
)
from knowledge.errors import BadInput, NotFound
from knowledge.kit_tree import implied_question, implied_role, implied_topic, tree_order
from knowledge.merging import Find, merge, part
from knowledge.places import Place, compose, suggestion

CHOICES: dict[str, tuple[str, tuple[str, ...]]] = {
    "at": ("level", LEVELS),
    "as": ("question_kind", get_args(QuestionKind)),
    "polarity": ("polarity", get_args(Polarity)),
    "role": ("role", get_args(Role)),
    "grade": ("grade", get_args(Grade)),
}
KEYS = (
    *CHOICES,
    *("id", "group", "critical", "topic", "about", "from", "also", "aliases", "minutes"),
    *("proposed", "accepted", "span", "withdrawn"),
)
CITED = re.compile(r"(.+):([1-9][0-9]{0,8})(?: \((.+)\))?", re.S)
LINKS = ("with", "has")
KIT_KEYS = ("viva", "name", "title", "about", "merge", "atoms", "joins", "links")
MERGE_KEYS = ("kit", "only")
LARGEST = 16 * 1024 * 1024  # bytes


def load_kit(path: Path, known: Mapping[str, Kit] | None = None) -> Kit:
    """The kit in a YAML file.

    What it merges is looked for among the kits `known`, then among those that ship, then in a
    file NAME.yaml beside it.

    Raises:
        NotFound: there is no such file.
        BadInput: it is no kit; the message names file, line and path.
    """
    return _load(path, known or {}, ())


def _load(path: Path, known: Mapping[str, Kit], within: tuple[Path, ...]) -> Kit:
    within = (*within, path.resolve())
    return parse_kit(read_kit_text(path), path.name, partial(_found, path, known, within))


def _found(path: Path, known: Mapping[str, Kit], within: tuple[Path, ...], name: str) -> Kit | None:
    beside = path.with_name(f"{Path(name).name}.yaml")
    if (kit := known.get(name) or _shipped(name, within)) is not None:
        return kit
    if beside.resolve() in within or not beside.is_file():
        return None
    return _load(beside, known, within)


def shipped(name: str) -> Kit | None:
    """The kit of this name that comes with Viva, if there is one."""
    return _shipped(name, ())


def _shipped(name: str, within: tuple[Path, ...]) -> Kit | None:
    file = files("knowledge").joinpath("kits", f"{Path(name).name}.yaml")
    path = Path(str(file))
    return _load(path, {}, within) if path.is_file() and path.resolve() not in within else None


def read_kit_text(path: Path) -> str:
    """What a kit file holds.

    Raises:
        NotFound: there is no such file.
        BadInput: it is too large, unreadable or no text.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise BadInput(f"{path} is larger than 16 MiB.", "Split it into several kits.")
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise NotFound(f"There is no file {path}.", "Check the path.") from error
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.", "Check the file.") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{path} is not UTF-8 text.", "Give a kit file in YAML.") from error


def parse_kit(text: str, document: str, find: Find = shipped) -> Kit:
    """The kit in this text; `document` is its file name, for errors and sources.

    `find` gives the kits that it merges, by their names.

    Raises:
        BadInput: it is no kit; the message names document, line and path.
    """
    entries = _entries(compose(text, document), KIT_KEYS)
    if "viva" in entries and entries["viva"].text() != "1":
        entries["viva"].fail("this version of the format is not known", "Write `viva: 1`.")
    about = _about(entries, About())
    atoms = _atoms(entries, about)
    kit = Kit(
        name=_text(entries, "name") or Path(document).stem,
        title=_text(entries, "title"),
        about=about,
        atoms=tuple(atoms.values()),
        joins=tuple(_joins(entries, atoms)),
        links=tuple(_links(entries, atoms)),
    )
    for place in _list(entries, "merge"):
        kit = _merged(kit, _entries(place, MERGE_KEYS), place, find)
    return kit


def merged_names(text: str, document: str) -> list[str]:
    """The names of the kits that this text merges.

    Raises:
        BadInput: it is no kit file.
    """
    entries = _entries(compose(text, document), KIT_KEYS)
    asked = (_text(_entries(place, MERGE_KEYS), "kit") for place in _list(entries, "merge"))
    return [name for name in asked if name]


def _merged(kit: Kit, entries: Mapping[str, Place], place: Place, find: Find) -> Kit:
    name = _text(entries, "kit")
    if not name:
        place.fail("the kit to merge is not named", "Write `kit: NAME`.")
    other = find(name)
    if other is None:
        remedy = f"See `viva kit list`, or put {name}.yaml beside this file."
        entries["kit"].fail(f"there is no kit `{name}` to merge", remedy)
    if "only" not in entries:
        return merge(kit, other)
    names = list(entries["only"].items())
    for only in names:
        try:
            part(other, [only.text()])
        except NotFound as error:
            only.fail(error.message, error.remedy)
    some = part(other, [only.text() for only in names])
    return merge(kit, some.changed(title=None, about=About()))


@dataclass(frozen=True)
class _Draft:
    """A node that has been read but has no id yet; `parent` is its place in the file's order."""

    place: Place
    kind: Kind
    text: str
    entries: dict[str, Place]
    parent: int | None


def _atoms(kit: Mapping[str, Place], about: About) -> dict[str, Atom]:
    drafts = _drafts(kit)
    given = {
        number: wanted for number, d in enumerate(drafts) if (wanted := _text(d.entries, "id"))
    }
    taken: set[str] = set()
    for number, wanted in given.items():
        if wanted in taken:
            drafts[number].entries["id"].fail(f"the id `{wanted}` stands twice", "Change one.")
        taken.add(wanted)
    ids: list[str] = []
    atoms: dict[str, Atom] = {}
    for number, draft in enumerate(drafts):
        parent = None if draft.parent is None else ids[draft.parent]
        ids.append(given.get(number) or atom_id(draft.kind, draft.text, parent, taken))
        taken.add(ids[-1])
        atoms[ids[-1]] = _atom(draft, ids[-1], parent, atoms, about)
    for draft in drafts:
        if "with" in draft.entries:
            _known(draft.entries["with"], atoms)
    return atoms


def _drafts(kit: Mapping[str, Place]) -> list[_Draft]:
    """Every node of the tree, each before what it has."""
    drafts: list[_Draft] = []

    def read(places: Iterator[Place], parent: int | None) -> None:
        for place in places:
            number = len(drafts)
            drafts.append(_draft(place, parent))
            read(_list(drafts[number].entries, "has"), number)

    read(_list(kit, "atoms"), None)
    return drafts


def _draft(place: Place, parent: int | None) -> _Draft:
    entries = place.entries()
    first = next(iter(entries), "")
    kind = next((kind for kind in KINDS if kind == first), None)
    if kind is None:
        place.fail(f"`{first}` is no kind of atom", suggestion(first, KINDS))
    text = entries.pop(kind)
    if text.is_null() or not text.text():
        text.fail(f"the {kind} has no text", f"Write its text after `{kind}:`.")
    _refuse_unknown(entries, (*KEYS, *LINKS))
    return _Draft(place, kind, text.text(), entries, parent)


def _atom(
    draft: _Draft, name: str, parent: str | None, atoms: Mapping[str, Atom], about: About
) -> Atom:
    entries = draft.entries
    fields: dict[str, Any] = {"role": implied_role(draft.kind)}
    for key, (field, allowed) in CHOICES.items():
        if key in entries:
            fields[field] = entries[key].choice(field, allowed)
    return Atom(
        id=name,
        kind=draft.kind,
        text=draft.text,
        parent=parent,
        question=_text(entries, "with", implied_question(parent, atoms)),
        topic=_text(entries, "topic", implied_topic(draft.kind, draft.text, parent, atoms)),
        group=_text(entries, "group"),
        critical="critical" in entries and entries["critical"].boolean(),
        about=_about(entries, about),
        source=_source(draft),
        aliases=tuple(alias.text() for alias in _list(entries, "aliases")),
        minutes=entries["minutes"].number() if "minutes" in entries else None,
        withdrawn=_text(entries, "withdrawn") or None,
        proposed=_text(entries, "proposed") or None,
        accepted=_text(entries, "accepted") or None,
        span=_text(entries, "span") or None,
        also=tuple(_cited(place, place.text()) for place in _list(entries, "also")),
        **fields,
    )


def _about(entries: Mapping[str, Place], default: About) -> About:
    if "about" not in entries:
        return default
    if entries["about"].is_null():
        return About()
    fields = _entries(entries["about"], ("company", "role"))
    return About(company=_text(fields, "company"), role=_text(fields, "role"))


def _source(draft: _Draft) -> Source | None:
    if "from" not in draft.entries:
        return Source(document=draft.place.document, line=draft.place.line)
    place = draft.entries["from"]
    written = place.optional()
    if written is None:
        return None
    return _cited(place, written)


def _cited(place: Place, written: str) -> Source:
    found = CITED.fullmatch(written)
    if not found:
        place.fail(
            f"`{written}` names no document and line",
            "Write it like `guide.md:12`, or `guide.pdf:12 (page 3)`.",
        )
    return Source(document=found[1], line=int(found[2]), place=found[3])


def _citation(source: Source) -> str:
    place = f" ({source.place})" if source.place else ""
    return f"{source.document}:{source.line}{place}"


def _joins(kit: Mapping[str, Place], atoms: Mapping[str, Atom]) -> Iterator[Join]:
    for place in _list(kit, "joins"):
        entries = _entries(place, ("name", "members", "likeness"))
        members = list(_list(entries, "members"))
        name = _text(entries, "name")
        if not name or not members:
            place.fail("a join needs a name and members", "Write `name:` and `members: [id, id]`.")
        likeness = entries["likeness"].number() if "likeness" in entries else None
        ids = tuple(_member(member, atoms) for member in members)
        yield Join(name=name, members=ids, likeness=likeness)


def _links(kit: Mapping[str, Place], atoms: Mapping[str, Atom]) -> Iterator[Link]:
    for place in _list(kit, "links"):
        entries = _entries(place, tuple(Link.model_fields))
        if not {"question", "competency"} <= entries.keys():
            place.fail("a link needs a question and a competency", "Write the ids of both.")
        yield Link(
            question=_member(entries["question"], atoms),
            competency=_member(entries["competency"], atoms),
            likeness=entries["likeness"].number() if "likeness" in entries else None,
            proposed=_text(entries, "proposed") or None,
            withdrawn=_text(entries, "withdrawn") or None,
        )


def _member(place: Place, atoms: Mapping[str, Atom]) -> str:
    return _known(place, atoms) or place.fail(
        "a member is named by its id", "Write an atom's `id:`."
    )


def _known(place: Place, atoms: Mapping[str, Atom]) -> str:
    wanted = place.optional()
    if wanted is not None and wanted not in atoms:
        place.fail(f"no atom has the id `{wanted}`", "Give that atom an `id:`, or mend this one.")
    return wanted or ""


def _entries(place: Place, allowed: tuple[str, ...]) -> dict[str, Place]:
    entries = place.entries()
    _refuse_unknown(entries, allowed)
    return entries


def _refuse_unknown(entries: Mapping[str, Place], allowed: tuple[str, ...]) -> None:
    for key, place in entries.items():
        if key not in allowed:
            place.fail(f"the key `{key}` is not known here", suggestion(key, allowed))


def _list(entries: Mapping[str, Place], key: str) -> Iterator[Place]:
    return entries[key].items() if key in entries else iter(())


def _text(entries: Mapping[str, Place], key: str, default: str | None = None) -> str | None:
    return entries[key].optional() if key in entries else default


def dump_kit(kit: Kit) -> str:
    """The kit as YAML; read again it is the same kit, its atoms in `tree_order`."""
    joins = [join.model_dump(mode="json", exclude_none=True) for join in kit.joins]
    written = {
        "viva": 1,
        "name": kit.name,
        "title": kit.title,
        "about": kit.about.model_dump(),
        "atoms": _forest(kit),
        "joins": [join | {"members": _Flow(join["members"])} for join in joins],
        "links": [link.model_dump(mode="json", exclude_none=True) for link in kit.links],
    }
    text: str = yaml.dump(
        {key: value for key, value in written.items() if value not in (None, [])},
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        width=100,
    )
    return text


def _forest(kit: Kit) -> list[dict[str, Any]]:
    """The tree of nodes; an id is written where it would not come out the same, or is named."""
    atoms = tree_order(kit.atoms)
    named = {member for join in kit.joins for member in join.members}
    named.update(id_ for link in kit.links for id_ in (link.question, link.competency))
    named.update(
        atom.question
        for atom in atoms
        if atom.question and atom.question != implied_question(atom.parent, kit.by_id)
    )
    taken = set(named)
    nodes: dict[str | None, dict[str, Any]] = {None: {}}
    for atom in atoms:
        written = atom.id in named or atom.id != atom_id(atom.kind, atom.text, atom.parent, taken)
        taken.add(atom.id)
        nodes[atom.id] = _node(atom, kit, written)
        nodes[atom.parent].setdefault("has", []).append(nodes[atom.id])
    tops: list[dict[str, Any]] = nodes[None].get("has", [])
    return tops


def _node(atom: Atom, kit: Kit, with_id: bool) -> dict[str, Any]:
    topic = implied_topic(atom.kind, atom.text, atom.parent, kit.by_id)
    values: list[tuple[str, Any, Any]] = [
        ("id", atom.id if with_id else None, None),
        ("at", atom.level, None),
        ("as", atom.question_kind, None),
        ("polarity", atom.polarity, None),
        ("role", atom.role, implied_role(atom.kind)),
        ("group", atom.group, None),
        ("grade", atom.grade, None),
        ("critical", atom.critical, False),
        ("topic", atom.topic, topic),
        ("about", atom.about.model_dump(), kit.about.model_dump()),
        ("aliases", _Flow(atom.aliases), []),
        ("minutes", atom.minutes, None),
        ("withdrawn", atom.withdrawn, None),
        ("with", atom.question, implied_question(atom.parent, kit.by_id)),
        ("proposed", atom.proposed, None),
        ("accepted", atom.accepted, None),
        ("span", atom.span, None),
        ("from", atom.source and _citation(atom.source), ""),
        ("also", [_citation(source) for source in atom.also], []),
    ]
    return {atom.kind: atom.text} | {key: value for key, value, usual in values if value != usual}


class _Flow(list[str]):
    """A list that is written on one line."""


class _Dumper(yaml.CSafeDumper):
    """Blocks for texts of several lines, no anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _represent_text(dumper: _Dumper, text: str) -> yaml.Node:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _represent_flow(dumper: _Dumper, items: _Flow) -> yaml.Node:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=True)


def _represent_number(dumper: _Dumper, number: float) -> yaml.Node:
    tag, text = ("int", f"{number:.0f}") if number.is_integer() else ("float", repr(number))
    return dumper.represent_scalar(f"tag:yaml.org,2002:{tag}", text)


_Dumper.add_representer(float, _represent_number)
_Dumper.add_representer(str, _represent_text)
_Dumper.add_representer(_Flow, _represent_flow)
