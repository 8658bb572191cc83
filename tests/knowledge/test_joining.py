"""Subjects of several documents made one."""

from itertools import combinations

import numpy as np
import pytest

from knowledge.atoms import Atom, Join, Kind, Source
from knowledge.embedder import FloatArray, MiniLM, unit
from knowledge.joining import THRESHOLD, bare_name, join_subjects, subjects


def subject(name: str, document: str, kind: Kind = "topic", parent: str | None = None) -> Atom:
    source = Source(document=document, line=1)
    identity = f"{kind}-{name}-{document}"
    return Atom(id=identity, kind=kind, text=name, parent=parent, topic=name, source=source)


def apart(count: int) -> FloatArray:
    return np.eye(count, dtype=np.float32)


def names(joins: tuple[Join, ...]) -> list[tuple[str, int]]:
    return [(join.name, len(join.members)) for join in joins]


def test_the_same_name_is_one_subject_whatever_its_case() -> None:
    atoms = [subject("SQL", "a"), subject("Python", "a"), subject("sql skills (joins)", "b")]
    (join,) = join_subjects(atoms, apart(3))
    assert join == Join(name="SQL", members=(atoms[0].id, atoms[2].id), likeness=1.0)


def test_like_names_are_joined_across_documents_only() -> None:
    close = unit(np.array([[1, 0], [1, 0.1]], dtype=np.float32))
    assert names(join_subjects([subject("Tests", "a"), subject("Testing", "b")], close))
    assert not join_subjects([subject("Tests", "a"), subject("Testing", "a")], close)


def test_a_chain_of_neighbours_is_not_one_subject() -> None:
    angles = np.arccos(THRESHOLD) * np.array([0, 0.9, 1.8])
    chain = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    atoms = [subject("One", "a"), subject("Two", "b"), subject("Three", "c")]
    assert [size for _, size in names(join_subjects(atoms, chain))] == [2]


def test_a_competency_gives_the_name_and_else_the_shortest_member() -> None:
    same = np.ones((2, 1), dtype=np.float32)
    mixed = [subject("Models", "a"), subject("Data modelling", "b", "competency")]
    assert names(join_subjects(mixed, same)) == [("Data modelling", 2)]
    topics = [subject("Data modelling", "a"), subject("Models", "b")]
    assert names(join_subjects(topics, same)) == [("Models", 2)]


def test_opposites_and_parents_are_not_joined() -> None:
    same = np.ones((2, 1), dtype=np.float32)
    assert not join_subjects([subject("Batch jobs", "a"), subject("Streaming jobs", "b")], same)
    area = subject("Quality", "a", "area")
    assert not join_subjects([area, subject("Quality", "a", parent=area.id)], same)


def test_an_area_counts_only_if_it_holds_questions() -> None:
    empty, full = subject("Storage", "a", "area"), subject("Quality", "a", "area")
    question = Atom(id="q", kind="question", text="Why?", parent=full.id)
    assert subjects([empty, full, question]) == [full]


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("Python for analysts (pandas, dask)", "Python"),
        ("Preferred Skills: Prompting", "Prompting"),
        ("SQL proficiency", "SQL"),
        ("Questions", "Questions"),
        ("Data modelling", "Data modelling"),
    ],
)
def test_a_name_is_bared_of_asides_and_filler(text: str, bare: str) -> None:
    assert bare_name(text) == bare


def test_real_names_join_by_meaning(minilm: MiniLM) -> None:
    atoms = [
        subject("Cloud platforms", "a"),
        subject("Python", "a"),
        subject("Cloud infrastructure", "b"),
        subject("Java", "b"),
        subject("Mentoring", "b"),
    ]
    assert names(join_subjects(atoms, minilm.embed([a.text for a in atoms]))) == [
        ("Cloud platforms", 2)
    ]


def joined_pair_by_pair(atoms: list[Atom], vectors: FloatArray) -> list[set[str]]:
    """What `join_subjects` does, one pair after the other; opposites apart."""
    likeness = vectors @ vectors.T
    names = [bare_name(atom.text).casefold() for atom in atoms]
    alike = np.zeros(likeness.shape, dtype=bool)
    for a, b in combinations(range(len(atoms)), 2):
        one, other = atoms[a], atoms[b]
        if names[a] == names[b]:
            likeness[a, b] = likeness[b, a] = 1.0
        apart = one.source != other.source or names[a] == names[b]
        may = apart and one.parent != other.id and other.parent != one.id
        alike[a, b] = alike[b, a] = may and likeness[a, b] >= THRESHOLD
    groups = [{number} for number in range(len(atoms))]
    pairs = [pair for pair in combinations(range(len(atoms)), 2) if alike[pair]]
    for a, b in sorted(pairs, key=lambda pair: -likeness[pair]):
        whole = groups[a] | groups[b]
        if groups[a] != groups[b] and all(alike[m, n] for m in groups[a] for n in groups[b]):
            for member in whole:
                groups[member] = whole
    return [{atoms[n].id for n in g} for n, g in enumerate(groups) if min(g) == n and len(g) > 1]


@pytest.mark.parametrize("seed", range(12))
def test_many_subjects_join_as_they_would_pair_by_pair(seed: int) -> None:
    chance = np.random.default_rng(seed)
    atoms: list[Atom] = []
    for number in range(60):
        parent = atoms[chance.integers(len(atoms))].id if atoms and chance.random() < 0.2 else None
        name = f"n{chance.integers(25)}"
        atom = subject(name, f"d{chance.integers(3)}", parent=parent)
        atoms.append(atom.model_copy(update={"id": f"{number}"}))
    vectors = unit(chance.normal(size=(60, 3)).astype(np.float32))
    assert [set(join.members) for join in join_subjects(atoms, vectors)] == joined_pair_by_pair(
        atoms, vectors
    )


def test_no_subjects_are_joined_where_there_are_none() -> None:
    assert join_subjects([], np.zeros((0, 4), dtype=np.float32)) == ()
