"""Checking a kit: what a person should look at before anybody is interviewed with it."""

from collections.abc import Sequence

from knowledge.atoms import Frozen, Kit
from knowledge.embedder import Embedder, FloatArray
from knowledge.lint.finding import Finding, Weight, found
from knowledge.lint.meaning import meaning
from knowledge.lint.retrieval import Measure, Retrieval, self_test
from knowledge.lint.structure import structure

__all__ = ["Checked", "Finding", "Measure", "Retrieval", "Weight", "check", "texts_of"]

ORDER: tuple[Weight, ...] = ("error", "warning", "note")
LEAST_RECALL = 0.9
"""Recall@5 below which the rubrics of a kit are too much alike."""


class Checked(Frozen):
    """What a check found, the gravest first, and how the self-test went."""

    kit: str
    version: str
    findings: tuple[Finding, ...]
    retrieval: Retrieval | None

    def count(self, weight: Weight) -> int:
        """How many findings have this weight."""
        return sum(finding.weight == weight for finding in self.findings)

    def exit_status(self, *, strict: bool) -> int:
        """0: nothing to mend; 1: errors, or with `strict` warnings."""
        return int(bool(self.count("error") or (strict and self.count("warning"))))


def texts_of(kit: Kit) -> list[str]:
    """What a check compares by meaning, each text once."""
    return list(dict.fromkeys(a.text for a in kit.atoms if a.id not in kit.unused))


def check(kit: Kit, embedder: Embedder, rows: FloatArray | None = None) -> Checked:
    """Look a kit through; blocking.

    `rows` are the vectors of `texts_of` it, [n, dim] in that order, where they are known already.
    """
    vectors = _Vectors(texts_of(kit), embedder, rows)
    retrieval = self_test(kit, vectors)
    findings = [*structure(kit), *meaning(kit, vectors), *_lost(retrieval)]
    return Checked(
        kit=kit.name,
        version=kit.version,
        findings=tuple(sorted(findings, key=lambda each: ORDER.index(each.weight))),
        retrieval=retrieval,
    )


def _lost(retrieval: Retrieval | None) -> list[Finding]:
    if retrieval is None or retrieval.own.recall >= LEAST_RECALL:
        return []
    problem = (
        f"Only {retrieval.own.recall:.0%} of the questions find their own rubric among the five "
        "nearest."
    )
    remedy = "Let points speak of what their question asks; see the questions that miss."
    return [found("rubrics-alike", "warning", None, problem, remedy)]


class _Vectors:
    """Vectors of texts, each made once."""

    def __init__(self, texts: list[str], embedder: Embedder, rows: FloatArray | None) -> None:
        self._embedder = embedder
        self._rows = embedder.embed(texts) if rows is None else rows
        self._at = {text: row for row, text in enumerate(texts)}

    def __call__(self, texts: Sequence[str]) -> FloatArray:
        if all(text in self._at for text in texts):
            rows: FloatArray = self._rows[[self._at[text] for text in texts]]
            return rows
        return self._embedder.embed(texts)
