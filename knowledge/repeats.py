"""The same question twice in other words: kept once, with what both say below it.

Likeness of sentences cannot tell a question from its opposite ("before" and "after" the join are at
.99), so two texts are the same only where their telling words are the same too. A question that is
lost is worse than one that stands twice: in doubt both stay.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

import numpy as np

from knowledge.atoms import Atom, Kind, Source
from knowledge.embedder import FloatArray
from knowledge.telling_words import Said, said, swapped

ALIKE = 0.75
"""Cosine from which two texts of the same telling words say the same."""
NEARLY = 0.955
"""Cosine from which a word or two more on one side make no difference."""
MANY = 4
"""Telling words in common, without which one more always makes a difference."""
BLOCK = 1024
"""Rows compared with all others at once."""
RUN = 256
"""Texts of the same telling words that are compared with each other."""
MOST_NEAR = 8
"""Texts that one is compared with by its words, where a collection is made by a pattern."""
TURNS = frozenset(
    {"<not>", "<when>", "<what is>", "from", "why", "who", "where", "all", "only"}
    | {"on", "off", "discover", "up", "down"}
)
"""What makes another question of one, if only one of two has it."""

REPEATED: tuple[Kind, ...] = ("question", "money", "follow_up", "point", "indicator", "hint")


def without_repeats(atoms: Sequence[Atom], vectors: FloatArray) -> tuple[Atom, ...]:
    """The atoms with each question, and what is said below one, kept once.

    `vectors` [n, dim] are those of the atoms' texts, in their order. What is kept is the first; it
    cites the places of the others in `also`, and what came with them comes with it. Follow-ups,
    points, indicators and hints are compared within their question, money questions within their
    technology, questions with all questions of no other level.
    """
    rows = {atom.id: number for number, atom in enumerate(atoms)}
    same: dict[str, str] = {}
    kept = list(atoms)
    for kinds in (("question",), REPEATED[1:]):
        found = _same_as(kept, vectors[[rows[atom.id] for atom in kept]], kinds)
        kept = _gathered(kept, found)
        same |= found
    return tuple(kept)


def same_texts(texts: Sequence[str], vectors: FloatArray) -> list[tuple[int, int]]:
    """Pairs (rows, the earlier first) of texts that say the same in other words.

    `vectors` [n, dim] are those of the texts. Each later text comes with the first it repeats.
    """
    told = [said(text) for text in texts]
    first: dict[int, int] = {}
    for one, other in sorted(_candidates(told, vectors)):
        if other not in first and one not in first and not swapped(told[one], told[other]):
            first[other] = one
    return [(one, other) for other, one in sorted(first.items())]


def _candidates(told: Sequence[Said], vectors: FloatArray) -> Iterator[tuple[int, int]]:
    by_words: dict[frozenset[str], list[int]] = defaultdict(list)
    for row, each in enumerate(told):
        if each.words:
            by_words[each.words].append(row)
    for every in by_words.values():
        for first in range(0, len(every), RUN):
            rows = every[first : first + RUN]
            near = vectors[rows] @ vectors[rows].T >= ALIKE
            for one, other in np.argwhere(np.triu(near, 1)).tolist():
                yield rows[one], rows[other]
    for start in range(0, len(told), BLOCK):
        for one, other in _nearest_pairs(vectors[start : start + BLOCK], vectors[start:]):
            if _one_says_more(told[start + one], told[start + other]):
                yield start + one, start + other


def _nearest_pairs(some: FloatArray, later: FloatArray) -> list[list[int]]:
    """Rows of `some` [m, dim] with rows of `later` [n, dim], of which they are the first, that are
    nearly the same; of a row with many such only with the nearest.
    """
    scores = np.triu(some @ later.T, 1)
    near = scores >= NEARLY
    if near.sum() > MOST_NEAR * len(some):
        best = np.argpartition(-scores, min(MOST_NEAR, scores.shape[1] - 1), axis=1)[:, :MOST_NEAR]
        among = np.zeros_like(near)
        np.put_along_axis(among, best, True, axis=1)
        near &= among
    pairs: list[list[int]] = np.argwhere(near).tolist()
    return pairs


def _one_says_more(one: Said, other: Said) -> bool:
    more, less = one.words - other.words, other.words - one.words
    added = more or less
    shared = len(one.words & other.words)
    return shared >= MANY and not (more and less) and added.isdisjoint(TURNS)


def _same_as(atoms: Sequence[Atom], vectors: FloatArray, kinds: Sequence[Kind]) -> dict[str, str]:
    """Ids of atoms of these kinds that repeat an earlier one, with the id of that."""
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for row, atom in enumerate(atoms):
        if atom.kind in kinds and atom.withdrawn is None and atom.proposed is None:
            groups[_within(atom)].append(row)
    same: dict[str, str] = {}
    for rows in groups.values():
        for one, other in same_texts([atoms[row].text for row in rows], vectors[rows]):
            if _agree(atoms[rows[one]], atoms[rows[other]]):
                same[atoms[rows[other]].id] = atoms[rows[one]].id
    return same


def _within(atom: Atom) -> Hashable:
    """Only what has the same is compared."""
    if atom.kind == "question":
        return atom.kind, atom.parent if atom.group else None
    if atom.kind == "money":
        return atom.kind, atom.parent
    return atom.kind, atom.question or atom.parent, atom.polarity, atom.group


def _agree(one: Atom, other: Atom) -> bool:
    """Two levels are two questions, and so is a question and one below it."""
    levels = {one.level, other.level} - {None}
    return len(levels) < 2 and one.id != other.parent and one.parent != other.id


def _gathered(atoms: Sequence[Atom], same: Mapping[str, str]) -> list[Atom]:
    """What belonged to or came with a repeat belongs to what is kept, which cites both."""
    places: dict[str, list[Source]] = defaultdict(list)
    for atom in atoms:
        if atom.id in same:
            places[same[atom.id]] += [*([atom.source] if atom.source else []), *atom.also]
    kept = (atom for atom in atoms if atom.id not in same)
    return [_citing(_moved(atom, same), places.get(atom.id, ())) for atom in kept]


def _moved(atom: Atom, same: Mapping[str, str]) -> Atom:
    links = {"parent": atom.parent, "question": atom.question}
    moved = {name: same[id_] for name, id_ in links.items() if id_ and id_ in same}
    return atom.model_copy(update=moved) if moved else atom


def _citing(atom: Atom, places: Iterable[Source]) -> Atom:
    known = {atom.source, *atom.also}
    further = tuple(dict.fromkeys(place for place in places if place not in known))
    return atom.model_copy(update={"also": atom.also + further}) if further else atom
