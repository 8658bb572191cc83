"""How well the shipped kit's rubrics are found by answers: `make bench-kits`.

Each answer's text alone looks for the rubric of its question; `knowledge.lint.retrieval` says how,
and what the baseline beside it is. Answers are the kit's exemplars and those of our own people of
four levels (`evals/candidates/answers.yaml`); all were written for this, none is a candidate's.
"""

from collections.abc import Iterator
from pathlib import Path

import yaml

from evals.markdown import table
from evals.questions import SHIPPED
from knowledge.atoms import Kit
from knowledge.embedder import open_embedder
from knowledge.kit_yaml import shipped
from knowledge.lint.retrieval import Retrieval, retrieve, self_test

ANSWERS = Path(__file__).parent / "candidates" / "answers.yaml"
HEADINGS = ("text", "texts", "recall@5", "MRR", "chunks: recall@5", "chunks: MRR")


def main() -> None:
    """Print the table."""
    kit = shipped(SHIPPED)
    assert kit is not None
    vectors = open_embedder().embed
    measured = {
        "the questions themselves": self_test(kit, vectors),
        "exemplars": retrieve(kit, exemplars(kit), vectors),
        "exemplars that meet or exceed": retrieve(kit, exemplars(kit, "meets exceeds"), vectors),
        "answers of our own people": retrieve(kit, list(people(kit)), vectors),
    }
    print(table(HEADINGS, [_row(name, made) for name, made in measured.items() if made]))


def exemplars(kit: Kit, grades: str = "below meets exceeds") -> list[tuple[str, str]]:
    """The kit's exemplars of these grades, each with its question's id."""
    found = (atom for atom in kit.of("exemplar") if atom.grade in grades.split())
    return [(atom.question, atom.text) for atom in found if atom.question]


def people(kit: Kit) -> Iterator[tuple[str, str]]:
    """The answers of our own people that are not meant to be wrong, each with its question's id."""
    ids = {question.text: question.id for question in kit.of("question")}
    for entry in yaml.safe_load(ANSWERS.read_text("utf-8")):
        for level, answers in entry["answers"].items():
            if level != "wrong" and entry["question"] in ids:
                yield from ((ids[entry["question"]], answer) for answer in answers)


def _row(name: str, made: Retrieval) -> list[object]:
    own, plain = made.own, made.baseline
    return [name, made.questions, own.recall, own.mrr, plain.recall, plain.mrr]


if __name__ == "__main__":
    main()
