"""Kits as YAML: lossless, and every mistake named by file, line and path."""

from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.atoms import (
    KINDS,
    LEVELS,
    About,
    Atom,
    Grade,
    Join,
    Kit,
    Polarity,
    QuestionKind,
    Role,
    Source,
    atom_id,
)
from knowledge.errors import BadInput, NotFound
from knowledge.kit_tree import tree_order
from knowledge.kit_yaml import dump_kit, load_kit, parse_kit

EXAMPLE = """\
viva: 1
name: data-engineer
about: {role: Data Engineer}
atoms:
- competency: Data modelling
  has:
  - level: Builds a star schema.
    at: junior
  - indicator: States the grain first.
    polarity: positive
  - question: How would you model orders that change?
    as: scenario
    has:
    - point: Keeps the old version.
    - question: And twice on one day?
      at: senior
      has:
      - point: A sequence number.
        role: any_of
        group: order
- technology: Apache Kafka
  aliases: [Kafka]
  has:
  - money: What does a consumer group give you?
    has:
    - hint: Think about how work is split.
- indicator: Came with a question but belongs to none.
  with: null
"""


def by_text(kit: Kit) -> dict[str, Atom]:
    return {atom.text: atom for atom in kit.atoms}


def test_the_tree_says_what_belongs_to_what() -> None:
    atoms = by_text(parse_kit(EXAMPLE, "kit.yaml"))
    scenario = atoms["How would you model orders that change?"]
    rung = atoms["And twice on one day?"]
    assert scenario.topic == rung.topic == atoms["Data modelling"].topic == "Data modelling"
    assert atoms["A sequence number."].topic == "Data modelling"
    assert rung.parent == rung.question == scenario.id
    assert atoms["A sequence number."].question == rung.id
    assert atoms["Keeps the old version."].role == "core"
    money = atoms["What does a consumer group give you?"]
    assert atoms["Think about how work is split."].question == money.id
    assert (money.topic, money.question) == (None, None)


def test_ids_and_sources_are_made_where_the_file_gives_none() -> None:
    atoms = by_text(parse_kit(EXAMPLE, "kit.yaml"))
    competency = atoms["Data modelling"]
    assert competency.id == atom_id("competency", "Data modelling", None, set())
    assert competency.source == Source(document="kit.yaml", line=5)
    assert competency.about == About(role="Data Engineer")


def test_a_kit_of_one_name_and_no_atoms_is_a_kit() -> None:
    assert parse_kit("title: Nothing yet", "role.yaml") == Kit(name="role", title="Nothing yet")


def test_a_written_kit_is_short_where_the_tree_says_it_already() -> None:
    written = dump_kit(parse_kit(EXAMPLE, "kit.yaml"))
    for word in ("id:", "core", "topic:", "with:", "parent"):
        assert word not in written
    assert "  aliases: [Kafka]" in written


words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
odd = st.sampled_from(
    "null|~|yes|1|1.5|- a|a: b|# x|'|\"|*a|&a|!x|%|@|`|line\nline|\n\n x\n |\ttab|a\r\nb|"
    "\x85|\u2028| |trailing \nspace |\ufeff|{a}|[b]|---|...|<<|=|é|\U0001f600|\x1b[0m".split("|")
)
texts = odd | words
optional = st.none() | texts
abouts = st.builds(About, company=optional, role=optional)


@st.composite
def kits(draw: st.DrawFn) -> Kit:
    """Kits with every kind of link, in any order."""
    count = draw(st.integers(0, 8))
    ids = draw(st.lists(words, min_size=count, max_size=count, unique=True))
    atoms: list[Atom] = []
    for number in range(count):
        atoms.append(draw(atom(ids, [a.id for a in atoms])))
        if draw(st.booleans()):
            atoms[-1] = as_derived(atoms[-1], atoms[:-1])
            ids[number] = atoms[-1].id
    known = [a.id for a in atoms]
    linked = [a.model_copy(update={"question": draw(one_of(known))}) for a in atoms]
    return Kit(
        name=draw(texts),
        title=draw(optional),
        about=draw(abouts),
        atoms=tree_order(linked),
        joins=tuple(draw(st.lists(joins(known), max_size=2))) if known else (),
    )


def one_of(values: list[str]) -> st.SearchStrategy[str | None]:
    return st.none() | st.sampled_from(values) if values else st.none()


def as_derived(atom: Atom, before: list[Atom]) -> Atom:
    derived = atom_id(atom.kind, atom.text, atom.parent, {a.id for a in before})
    return atom.model_copy(update={"id": derived})


def joins(known: list[str]) -> st.SearchStrategy[Join]:
    members = st.lists(st.sampled_from(known), min_size=1, max_size=3).map(tuple)
    likeness = st.none() | st.floats(0.01, 1)
    return st.builds(Join, name=texts, members=members, likeness=likeness)


@st.composite
def atom(draw: st.DrawFn, ids: list[str], before: list[str]) -> Atom:
    kind = draw(st.sampled_from(KINDS))
    source = st.builds(Source, document=texts, line=st.integers(1, 10_000))
    fields: dict[str, Any] = {
        "parent": one_of(before),
        "topic": optional,
        "level": st.none() | st.sampled_from(LEVELS),
        "polarity": st.none() | st.sampled_from(get_args(Polarity)),
        "question_kind": st.none() | st.sampled_from(get_args(QuestionKind)),
        "role": st.none() | st.sampled_from(get_args(Role)),
        "group": optional,
        "grade": st.none() | st.sampled_from(get_args(Grade)),
        "critical": st.booleans(),
        "about": abouts,
        "source": st.none() | source,
        "aliases": st.lists(texts, max_size=2).map(tuple),
        "minutes": st.none() | st.floats(0.5, 1e6),
    }
    drawn = {name: draw(strategy) for name, strategy in fields.items()}
    text = draw(texts)
    if kind == "topic":  # its own topic, always
        drawn["topic"] = text
    return Atom(id=ids[len(before)], kind=kind, text=text, **drawn)


@given(kits())
def test_a_kit_written_and_read_again_is_the_same(kit: Kit) -> None:
    assert parse_kit(dump_kit(kit), "elsewhere.yaml") == kit


MISTAKES = {
    "- questoin: Why?": ("line 2 at `atoms[0]`: `questoin` is no kind", "Did you mean `question`?"),
    "- fact: A\n- fact: B\n  wiht: A": ("line 4 at `atoms[1].wiht`", "Did you mean `with`?"),
    "- fact: A\n  has:\n  - level: B\n    at: senor": (
        "line 5 at `atoms[0].has[0].at`: `senor` is no level",
        "Did you mean `senior`?",
    ),
    "- point: B\n  minutes: soon": ("`soon` is no positive number", "Write a number"),
    "- flag: B\n  critical: maybe": ("`maybe` is neither true nor false", "true or false"),
    "- fact:": ("the fact has no text", "after `fact:`"),
    "- fact: [A]": ("text is expected", "Write one text"),
    "- fact: A\n  has: B": ("a list is expected", "`- `"),
    "- A fact": ("`key: value` lines are expected", "docs/kit-format.md"),
    "- fact: A\n  fact: B": ("the key stands twice", "Remove one"),
    "- fact: A\n  from: somewhere": ("names no document and line", "guide.md:12"),
    "- fact: A\n  with: nobody": ("no atom has the id `nobody`", "Give that atom an `id:`"),
    "- fact: A\n  id: x\n- fact: B\n  id: x": ("line 5 at `atoms[1].id`: the id `x`", "Change one"),
    "- fact: A\njoins:\n- name: J\n  members: [x]": ("`joins[0].members[0]`: no atom", "id"),
    "- fact: A\njoins:\n- name: J\n  members: [null]": ("`joins[0].members[0]`: a member", "id"),
    "- fact: A\njoins:\n- name: J": ("a join needs a name and members", "members"),
    "- fact: A\nparent: B": ("the key `parent` is not known here", "atoms"),
    "- fact: A\nviva: 2": ("this version of the format is not known", "viva: 1"),
    "- fact: 'A": ("is not YAML", "quotes"),
    "- fact: A: B": ("line 2 is not YAML", "quotes"),
    "- fact: &a A\n- fact: *a": ("line 3: aliases", "Write the text out"),
}


@pytest.mark.parametrize("atoms", MISTAKES)
def test_a_mistake_is_named_by_file_line_and_path(atoms: str) -> None:
    problem, remedy = MISTAKES[atoms]
    with pytest.raises(BadInput) as raised:
        parse_kit(f"atoms:\n{atoms}\n", "role.yaml")
    assert raised.value.message.startswith("role.yaml")
    assert problem in raised.value.message
    assert remedy in raised.value.remedy


@pytest.mark.parametrize("text", ["", "# nothing\n", "- a\n", "word", "a: 1\n---\nb: 2\n", "\x01"])
def test_what_is_no_kit_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match=r"role\.yaml"):
        parse_kit(text, "role.yaml")


@pytest.mark.parametrize("text", ["[" * 100_000, "- " * 100_000, "a:\n" + "- has:\n " * 5_000])
def test_bottomless_nesting_is_refused_at_once(text: str) -> None:
    with pytest.raises(BadInput):
        parse_kit(text, "deep.yaml")


def test_a_bomb_of_aliases_is_refused_at_once() -> None:
    layers = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    with pytest.raises(BadInput, match="aliases"):
        parse_kit("\n".join(["a0: &a0 [x]", *layers]), "bomb.yaml")


def test_files_that_cannot_be_read_are_errors_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        load_kit(tmp_path / "none.yaml")
    with pytest.raises(BadInput):
        load_kit(tmp_path)
    binary = tmp_path / "kit.yaml"
    binary.write_bytes(b"\x89PNG\xff\x00")
    with pytest.raises(BadInput, match="UTF-8"):
        load_kit(binary)


def test_a_file_is_read_by_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "role.yaml").write_text("atoms:\n- fact: A", encoding="utf-8-sig")
    (atom,) = load_kit(tmp_path / "role.yaml").atoms
    assert atom.source == Source(document="role.yaml", line=2)
