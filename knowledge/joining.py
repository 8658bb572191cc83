"""One list of subjects from many documents: topics and competencies that mean the same."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from knowledge.atoms import Atom, Join
from knowledge.embedder import FloatArray

BoolArray: TypeAlias = npt.NDArray[np.bool_]

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
    _, named = np.unique(names, return_inverse=True)
    same = named[:, None] == named[None, :]
    likeness[same] = 1.0
    groups = [[number] for number in range(len(subjects))]
    alike = (likeness >= THRESHOLD) & _may_join(subjects, names, same)
    for a, b in _closest_first(alike, likeness):
        if groups[a] is not groups[b] and alike[np.ix_(groups[a], groups[b])].all():
            groups[a] += groups[b]
            for member in groups[b]:
                groups[member] = groups[a]
    distinct = [group for n, group in enumerate(groups) if group[0] == n and len(group) > 1]
    return tuple(_join([subjects[n] for n in sorted(g)], likeness[np.ix_(g, g)]) for g in distinct)


def _closest_first(alike: BoolArray, likeness: FloatArray) -> Iterator[tuple[int, int]]:
    """The pairs that are alike, the likest first; of equals, as they come."""
    rows, columns = np.nonzero(np.triu(alike, 1))
    order = np.argsort(-likeness[rows, columns], kind="stable")
    return zip(rows[order].tolist(), columns[order].tolist(), strict=True)


def _may_join(subjects: Sequence[Atom], names: Sequence[str], same: BoolArray) -> BoolArray:
    """Which pairs may be one subject, whatever their likeness, [n, n]."""
    number = {atom.id: n for n, atom in enumerate(subjects)}
    _, documents = np.unique([_document(atom) or "" for atom in subjects], return_inverse=True)
    may: BoolArray = same | (documents[:, None] != documents[None, :]) & ~_opposed(names)
    for n, atom in enumerate(subjects):
        if (above := number.get(atom.parent or "")) is not None:
            may[n, above] = may[above, n] = False
    np.fill_diagonal(may, False)
    return may


def _opposed(names: Sequence[str]) -> BoolArray:
    """Which pairs of names differ by a pair of opposites, one in each, [n, n]."""
    words = [set(_word.findall(name)) for name in names]
    opposed = np.zeros((len(names), len(names)), dtype=bool)
    for one, other in map(sorted, _opposites):
        left, right = (np.array([w in each for each in words], dtype=bool) for w in (one, other))
        turned = (left & ~right)[:, None] & (right & ~left)[None, :]
        opposed |= turned | turned.T
    return opposed


def _document(atom: Atom) -> str | None:
    return atom.source.document if atom.source else None


def _join(members: list[Atom], likeness: FloatArray) -> Join:
    named = [atom for atom in members if atom.kind == "competency"] or members
    name = min((bare_name(atom.text) for atom in named), key=len)
    lowest = round(min(float(likeness.min()), 1.0), 2)
    return Join(name=name, members=tuple(atom.id for atom in members), likeness=lowest)
