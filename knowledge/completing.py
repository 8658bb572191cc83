"""Questions that came without a rubric, linked to the competency that their words are nearest."""

from collections.abc import Iterator

from knowledge.atoms import Atom, Kit, Link
from knowledge.database import Database
from knowledge.embedder import Embedder
from knowledge.proposals import LIKENESS
from knowledge.vectors import Progress, vectors_for

NEAR = 0.28
"""Cosine of a question and a competency's text from which they are proposed to go together; chosen
on half of tests/knowledge/completing.yaml, see docs/kits.md."""


def without_rubric(kit: Kit) -> Iterator[Atom]:
    """The questions in use that nothing marks: no points or indicators, and no competency's."""
    above = kit.competencies
    for question in kit.of("question"):
        rungs = [rung for rung in kit.children(question.id, "question") if rung.level]
        own = kit.came_with(question.id, "point", "indicator")
        parent = above.get(question.id, question.parent or "")
        if not own and not rungs and not kit.children(parent, "indicator"):
            yield question


async def proposed_links(
    database: Database, embedder: Embedder, kit: Kit, progress: Progress | None = None
) -> tuple[Link, ...]:
    """A link for each question without a rubric that is near enough to a competency.

    A pair that was proposed before is left as it is, whatever a person made of it.
    """
    known = {(link.question, link.competency) for link in kit.links}
    questions = list(without_rubric(kit))
    graded = [c for c in kit.of("competency") if kit.children(c.id, "indicator")]
    if not questions or not graded:
        return ()
    texts = [*(q.text for q in questions), *(described(kit, c) for c in graded)]
    vectors = await vectors_for(database, embedder, texts, progress)
    likeness = vectors[: len(questions)] @ vectors[len(questions) :].T
    found = zip(questions, likeness.argmax(axis=1).tolist(), likeness.max(axis=1), strict=True)
    return tuple(
        Link(
            question=q.id,
            competency=graded[n].id,
            likeness=round(float(score), 2),
            proposed=LIKENESS,
        )
        for q, n, score in found
        if score >= NEAR and (q.id, graded[n].id) not in known
    )


def described(kit: Kit, competency: Atom) -> str:
    """A competency in one text: its name, and what it is seen by."""
    seen_by = (atom.text for atom in kit.children(competency.id, "indicator"))
    return " ".join((f"{competency.text}.", *seen_by))
