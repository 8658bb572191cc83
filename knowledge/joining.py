"""One list of subjects from many documents: topics and competencies that mean the same."""

import re
from collections.abc import Iterable, Sequence
from itertools import combinations

import numpy as np

from knowledge.atoms import Atom, Join
from knowledge.embedder import FloatArray

THRESHOLD = 0.68  # cosine of two names; below it MiniLM likens neighbours, not equals

_aside = re.compile(r"\([^)]*\)|\bfor\b.*|.*:(?=.)", re.IGNORECASE)
_empty = re.compile(
    r"\b(questions?|topics?|skills?|knowledge|proficiency|fundamentals|basics|concepts)\b",
    re.IGNORECASE,
)
_word = re.compile(r"\w[\w+#]*")
_opposites = (
    {"batch", "streaming"},
    {"batch", "stream"},
    {"frontend", "backend"},
    {"sql", "nosql"},
    {"etl", "elt"},
    {"oltp", "olap"},
    {"upstream", "downstream"},
    {"internal", "external"},
    {"junior", "senior"},
    {"aws", "gcp"},
    {"aws", "azure"},
    {"azure", "gcp"},
)


def subjects(atoms: Iterable[Atom]) -> list[Atom]:
    """What can be joined: topics, competencies, and areas that hold questions themselves."""
    atoms = list(atoms)
    asked = [atom for atom in atoms if atom.kind == "question"]
    held = {q.parent for q in asked} | {q.topic for q in asked}
    return [
        atom
        for atom in atoms
        if atom.kind in ("topic", "competency")
        or (atom.kind == "area" and not held.isdisjoint({atom.id, atom.text}))
    ]


def bare_name(text: str) -> str:
    """The name without asides and filler: `Python questions (pandas, dask)` is `Python`."""
    bare = " ".join(_empty.sub(" ", _aside.sub(" ", text)).split())
    return bare or text


def join_subjects(subjects: Sequence[Atom], vectors: FloatArray) -> tuple[Join, ...]:
    """Groups of subjects that mean the same, from the vectors of their bare names [n, dim].

    Every member is like every other (complete linkage), so that a chain of neighbours does
    not become one subject. Within one document only the same name is the same subject.
    """
    likeness = vectors @ vectors.T
    names = [bare_name(atom.text).casefold() for atom in subjects]
    groups = [[number] for number in range(len(subjects))]
    alike = np.zeros(likeness.shape, dtype=bool)
    for a, b in combinations(range(len(subjects)), 2):
        if names[a] == names[b]:
            likeness[a, b] = likeness[b, a] = 1.0
        alike[a, b] = alike[b, a] = likeness[a, b] >= THRESHOLD and _may_join(
            subjects[a], subjects[b], names[a], names[b]
        )
    pairs = [(a, b) for a, b in combinations(range(len(subjects)), 2) if alike[a, b]]
    for a, b in sorted(pairs, key=lambda pair: -likeness[pair]):
        if groups[a] is not groups[b] and alike[np.ix_(groups[a], groups[b])].all():
            groups[a] += groups[b]
            for member in groups[b]:
                groups[member] = groups[a]
    distinct = [group for n, group in enumerate(groups) if group[0] == n and len(group) > 1]
    return tuple(_join([subjects[n] for n in sorted(g)], likeness[np.ix_(g, g)]) for g in distinct)


def _may_join(a: Atom, b: Atom, name: str, other: str) -> bool:
    if a.parent == b.id or b.parent == a.id:
        return False
    if name == other:
        return True
    words, others = set(_word.findall(name)), set(_word.findall(other))
    differing = (words - others, others - words)
    opposed = any(
        not pair.isdisjoint(differing[0]) and not pair.isdisjoint(differing[1])
        for pair in _opposites
    )
    return not opposed and _document(a) != _document(b)


def _document(atom: Atom) -> str | None:
    return atom.source.document if atom.source else None


def _join(members: list[Atom], likeness: FloatArray) -> Join:
    named = [atom for atom in members if atom.kind == "competency"] or members
    name = min((bare_name(atom.text) for atom in named), key=len)
    lowest = round(min(float(likeness.min()), 1.0), 2)
    return Join(name=name, members=tuple(atom.id for atom in members), likeness=lowest)
