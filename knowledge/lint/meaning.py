"""What can only be told by meaning: doubles, hints that give the answer away, anchors alike."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from knowledge.atoms import Atom, Kind, Kit
from knowledge.embedder import FloatArray
from knowledge.lint.finding import Finding, found
from knowledge.repeats import same_texts
from knowledge.telling_words import said

Vectors: TypeAlias = Callable[[Sequence[str]], FloatArray]
"""The vectors of texts, [n, dim]."""

GIVES = ((0.74, 0.5), (0.6, 0.8))
"""Cosines of a hint and a point, each with the share of the point's telling words it has."""
REPEATS = 0.85
"""Cosine of a hint and its question, if it has no telling word of its own."""


def meaning(kit: Kit, vectors: Vectors) -> Iterator[Finding]:
    """All findings of these checks."""
    yield from doubles(kit, vectors)
    yield from same_follow_ups(kit, vectors)
    yield from telling_hints(kit, vectors)
    yield from same_anchors(kit, vectors)


def doubles(kit: Kit, vectors: Vectors) -> Iterator[Finding]:
    """The same question twice in other words."""
    groups = [list(kit.of("question"))]
    groups += [kit.children(technology.id, "money") for technology in kit.of("technology")]
    for atoms in groups:
        for one, other in _same(atoms, vectors):
            if atoms[one].level in (None, atoms[other].level) or not atoms[other].level:
                problem = f"It asks what {atoms[one].id} asks: {atoms[one].text!r}"
                yield found("double", "warning", atoms[other], problem, "Keep one of them.")


def same_follow_ups(kit: Kit, vectors: Vectors) -> Iterator[Finding]:
    """Follow-ups that ask the question again, or each other."""
    for question in kit.of("question"):
        atoms = [question, *kit.children(question.id, "follow_up")]
        for one, other in _same(atoms, vectors):
            again = "its question" if one == 0 else "another follow-up"
            yield found(
                *("follow-up-repeats", "warning", atoms[other], f"It asks {again} again."),
                "Ask for what an answer may leave out, or take it out.",
            )


def telling_hints(kit: Kit, vectors: Vectors) -> Iterator[Finding]:
    """Hints that say what a point says, or only say the question again."""
    for question in kit.of("question", "money", "exercise"):
        hints = kit.came_with(question.id, "hint")
        points = [p for p in kit.came_with(question.id, "point") if p.role != "example"]
        if not hints:
            continue
        rows = vectors([atom.text for atom in (*hints, question, *points)])
        for hint, row in zip(hints, rows, strict=False):
            if repeats(hint.text, question.text, float(row @ rows[len(hints)])):
                yield found(
                    *("hint-repeats", "warning", hint, "It only says the question again."),
                    "Point at a part of the problem that one may overlook.",
                )
            for point, other in zip(points, rows[len(hints) + 1 :], strict=True):
                if gives_away(hint.text, point.text, question.text, float(row @ other)):
                    yield found(
                        *(
                            "hint-tells",
                            "warning",
                            hint,
                            f"It says what the point says: {point.text!r}",
                        ),
                        "Describe a situation that leads there, without the answer in it.",
                    )


def gives_away(hint: str, point: str, question: str, likeness: float) -> bool:
    """Whether a hint says what a point says; words of the question itself tell nothing."""
    told = said(point).words - said(question).words
    given = told & said(hint).words
    share = len(given) / max(len(told), 1)
    return any(likeness >= least and share >= words for least, words in GIVES)


def repeats(hint: str, question: str, likeness: float) -> bool:
    """Whether a hint adds nothing to its question."""
    return likeness >= REPEATS and said(hint).words <= said(question).words


def same_anchors(kit: Kit, vectors: Vectors) -> Iterator[Finding]:
    """Anchors and exemplars of two grades, and levels, that say the same."""
    kinds: tuple[Kind, ...] = ("anchor", "exemplar", "level")
    for kind in kinds:
        groups: dict[str, list[Atom]] = defaultdict(list)
        for atom in kit.of(kind):
            groups[atom.parent or atom.question or ""].append(atom)
        for atoms in groups.values():
            for one, other in _same(atoms, vectors):
                a, b = atoms[one], atoms[other]
                if (a.grade, a.level) != (b.grade, b.level):
                    problem = f"It says what the one for {a.grade or a.level} says."
                    remedy = "Say what tells one from the other."
                    yield found("no-difference", "warning", b, problem, remedy)


def _same(atoms: Sequence[Atom], vectors: Vectors) -> list[tuple[int, int]]:
    if len(atoms) < 2:
        return []
    texts = [atom.text for atom in atoms]
    return same_texts(texts, vectors(texts))
