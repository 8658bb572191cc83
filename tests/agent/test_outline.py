"""What the lobby tells of a kit: topics and advice, never a question or what marks it."""

from pathlib import Path

import pytest
from held import KIT

from agent.outline import Outline, outline
from agent.syllabus import Syllabus
from knowledge.atoms import Kit
from knowledge.database import Database
from knowledge.embedder import WordHash
from knowledge.ingest import ingest
from knowledge.kit_yaml import parse_kit
from knowledge.library import Library

MORE = """
- advice: Read the job description once more.
- advice: Be ready for "A column is renamed upstream. How do you notice before the readers do?"
- topic: Two tables disagree. Which one do you trust?
  id: heading
  has:
  - question: Two tables disagree. Which one do you trust?
    has: [{point: The one nearer to its source.}]
- topic: Team work
  has:
  - question: Tell me about a conflict.
"""
NEVER = (
    "question",
    "follow_up",
    "hint",
    "money",
    "point",
    "indicator",
    "reference",
    "flag",
    "sample_answer",
    "exemplar",
    "anchor",
)


def texts(told: Outline) -> str:
    return told.model_dump_json().casefold()


def test_it_names_what_may_be_asked_and_what_that_means_at_the_level() -> None:
    kit = parse_kit(KIT + MORE, "kit.yaml")
    told = outline(kit, "mid")
    assert [(s.name, s.about) for s in told.subjects] == [
        ("Modelling", "Draws one table with help from a colleague."),
        ("Streaming", None),
    ]
    assert outline(kit, "senior").subjects[0].about is None
    assert told.technologies == ("Kafka",)


def test_advice_and_headings_that_hold_a_question_are_left_out() -> None:
    told = outline(parse_kit(KIT + MORE, "kit.yaml"), "mid")
    assert told.advice == ("Read the job description once more.",)
    assert "which one do you trust" not in texts(told)


def assert_nothing_is_given_away(kit: Kit) -> None:
    for level in ("junior", "mid", "senior", "principal"):
        told = outline(kit, level)
        names = {subject.name for subject in told.subjects}
        assert names == set(Syllabus(kit).subjects)
        for atom in kit.of(*NEVER):
            if len(atom.text.split()) > 3:
                assert atom.text.casefold() not in texts(told)


def test_the_shipped_kit_gives_nothing_away(shipped: Kit) -> None:
    assert_nothing_is_given_away(shipped)
    told = outline(shipped, "mid")
    assert told.subjects
    assert all(subject.about for subject in told.subjects)
    assert told.technologies
    assert told.advice


@pytest.mark.parametrize("document", ["000", "001", "002", "003", "004", ""])
async def test_kits_of_documents_give_nothing_away(
    database: Database, seeds: Path, light: WordHash, document: str
) -> None:
    await ingest([_document(seeds, document)], "seeds", database=database, embedder=light)
    assert_nothing_is_given_away(await Library(database).get("seeds"))


def _document(seeds: Path, start: str) -> Path:
    return next(seeds.glob(f"{start}_*")) if start else seeds
