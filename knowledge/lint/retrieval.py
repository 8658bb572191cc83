"""The self-test: does a question, or an answer, find the rubric that it belongs to?

A *rubric* is a question's own points, indicators and references (those that came with it). A text
looks for its rubric among those of all questions that have one. A rubric is as near as the nearest
of its pieces (cosine); its rank is one more than the number of rubrics that are nearer, and half
of those that are equally near count too. *Recall@5* is the share of texts whose rubric has a rank
of at most five, *MRR* the mean of one over the rank.

The pieces are the kit's own statements. In the *baseline* they are the same words as plain text, in
the kit's order with the questions between them, cut every 500 characters; a chunk is a piece of
every rubric of which a statement stands in it, whole or in part.
"""

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np

from knowledge.atoms import Atom, Frozen, Kit
from knowledge.embedder import FloatArray

CHUNK = 500
"""Characters."""
NEAR = 5

Vectors: TypeAlias = Callable[[Sequence[str]], FloatArray]


class Measure(Frozen):
    """How well texts find their rubrics."""

    recall: float
    """At five."""
    mrr: float


class Retrieval(Frozen):
    """The self-test of a kit; `missed` are the ids of those whose rubric is not in the top five."""

    questions: int
    own: Measure
    baseline: Measure
    missed: tuple[str, ...] = ()


def rubrics(kit: Kit) -> dict[str, list[Atom]]:
    """What each question is marked by, under its id; questions without any are left out."""
    asked = (
        (q, kit.came_with(q.id, "point", "indicator", "reference")) for q in kit.of("question")
    )
    return {question.id: atoms for question, atoms in asked if atoms}


def self_test(kit: Kit, vectors: Vectors) -> Retrieval | None:
    """Each question looks for its own rubric; None where no question has one."""
    ids = list(rubrics(kit))
    return retrieve(kit, [(id_, kit.by_id[id_].text) for id_ in ids], vectors) if ids else None


def retrieve(kit: Kit, texts: Sequence[tuple[str, str]], vectors: Vectors) -> Retrieval:
    """The same for any texts, each with the id of the question whose rubric it should find."""
    known = rubrics(kit)
    queries = vectors([text for _, text in texts])
    wanted = [list(known).index(id_) for id_, _ in texts]
    pieces = [(atom.text, [n]) for n, atoms in enumerate(known.values()) for atom in atoms]
    own = _ranks(queries, wanted, pieces, len(known), vectors)
    plain = _ranks(queries, wanted, _chunks(kit, known), len(known), vectors)
    missed = (id_ for (id_, _), rank in zip(texts, own, strict=True) if rank > NEAR)
    return Retrieval(
        questions=len(texts),
        own=_measure(own),
        baseline=_measure(plain),
        missed=tuple(dict.fromkeys(missed)),
    )


def _chunks(kit: Kit, known: dict[str, list[Atom]]) -> list[tuple[str, list[int]]]:
    """Plain text of questions and rubrics, cut; each chunk with the numbers of its rubrics."""
    text, spans = "", []
    for number, (id_, atoms) in enumerate(known.items()):
        text += kit.by_id[id_].text + "\n"
        start = len(text)
        text += "\n".join(atom.text for atom in atoms) + "\n\n"
        spans.append((start, len(text) - 2, number))
    return [
        (text[at : at + CHUNK], [n for a, b, n in spans if a < at + CHUNK and b > at])
        for at in range(0, len(text), CHUNK)
    ]


def _ranks(
    queries: FloatArray,
    wanted: Sequence[int],
    pieces: Sequence[tuple[str, list[int]]],
    count: int,
    vectors: Vectors,
) -> FloatArray:
    likeness = queries @ vectors([text for text, _ in pieces]).T
    nearest = np.full((len(queries), count), -1.0, dtype=np.float32)
    for column, (_, numbers) in enumerate(pieces):
        for number in numbers:
            nearest[:, number] = np.maximum(nearest[:, number], likeness[:, column])
    mine = nearest[np.arange(len(wanted)), list(wanted)][:, None]
    ranks: FloatArray = 1 + (nearest > mine).sum(axis=1) + ((nearest == mine).sum(axis=1) - 1) / 2
    return ranks


def _measure(ranks: FloatArray) -> Measure:
    recall, mrr = float((ranks <= NEAR).mean()), float((1 / ranks).mean())
    return Measure(recall=round(recall, 3), mrr=round(mrr, 3))
