"""The self-test: does a question, or an answer, find the rubric that it belongs to?

A *rubric* is a question's own points, indicators and references (those that came with it). A text
looks for its rubric among those of all questions that have one. Its rank is one more than the
number of rubrics that are nearer, and half of those that are equally near count too. *Recall@5* is
the share of texts whose rubric has a rank of at most five, *MRR* the mean of one over the rank.

A question finds a rubric by the mean of its statements' vectors (cosine), the question itself left
out; an answer by the vector of the question and its statements read as one text. In the *baseline*
the same words stand as plain text, in the kit's order and with the questions between them, cut
every 500 characters; a rubric is as near as the nearest chunk in which a part of it stands.
"""

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np

from knowledge.atoms import Atom, Frozen, Kit
from knowledge.embedder import FloatArray, unit

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
    texts = [(id_, kit.by_id[id_].text) for id_ in ids]
    return _retrieved(kit, texts, _means(kit, vectors), vectors) if ids else None


def retrieve(kit: Kit, answers: Sequence[tuple[str, str]], vectors: Vectors) -> Retrieval:
    """Each answer's text, with the id of its question, looks for that question's rubric."""
    known = rubrics(kit)
    whole = [
        "\n".join((kit.by_id[id_].text, *(atom.text for atom in atoms)))
        for id_, atoms in known.items()
    ]
    return _retrieved(kit, answers, vectors(whole), vectors)


def _means(kit: Kit, vectors: Vectors) -> FloatArray:
    said = (vectors([atom.text for atom in atoms]) for atoms in rubrics(kit).values())
    return unit(np.stack([rows.mean(axis=0) for rows in said]))


def _retrieved(
    kit: Kit, texts: Sequence[tuple[str, str]], rows: FloatArray, vectors: Vectors
) -> Retrieval:
    known = rubrics(kit)
    queries = vectors([text for _, text in texts])
    row_of = {id_: row for row, id_ in enumerate(known)}
    wanted = [row_of[id_] for id_, _ in texts]
    own = _ranks(queries @ rows.T, wanted)
    plain = _ranks(_nearest(queries, _chunks(kit, known), len(known), vectors), wanted)
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
    held: list[list[int]] = [[] for _ in range(0, len(text), CHUNK)]
    for first, end, number in spans:
        for chunk in range(first // CHUNK, (end - 1) // CHUNK + 1):
            held[chunk].append(number)
    return [(text[n * CHUNK : (n + 1) * CHUNK], numbers) for n, numbers in enumerate(held)]


def _nearest(
    queries: FloatArray, pieces: Sequence[tuple[str, list[int]]], count: int, vectors: Vectors
) -> FloatArray:
    """How near each rubric's nearest piece is, [queries, rubrics]."""
    likeness = queries @ vectors([text for text, _ in pieces]).T
    nearest = np.full((len(queries), count), -1.0, dtype=np.float32)
    for column, (_, numbers) in enumerate(pieces):
        for number in numbers:
            nearest[:, number] = np.maximum(nearest[:, number], likeness[:, column])
    return nearest


def _ranks(near: FloatArray, wanted: Sequence[int]) -> FloatArray:
    mine = near[np.arange(len(wanted)), list(wanted)][:, None]
    ranks: FloatArray = 1 + (near > mine).sum(axis=1) + ((near == mine).sum(axis=1) - 1) / 2
    return ranks


def _measure(ranks: FloatArray) -> Measure:
    recall, mrr = float((ranks <= NEAR).mean()), float((1 / ranks).mean())
    return Measure(recall=round(recall, 3), mrr=round(mrr, 3))
