"""Titles that no word list knows: understood by what they mean, or left alone."""

import os
from collections import Counter
from pathlib import Path

import pytest

from knowledge.atoms import Atom
from knowledge.blocks import scan
from knowledge.database import Database
from knowledge.embedder import Embedder, MiniLM, WordHash
from knowledge.ingest import ingest
from knowledge.library import Library
from knowledge.parser import parse, texts_to_embed
from knowledge.parser.meaning import families
from knowledge.parser.titles import Title, titles
from knowledge.readers import read_document
from knowledge.reading import Received

BESIDE = Path(__file__).parents[3] / "shared" / "seeds"
SEEDS = Path(os.environ.get("VIVA_SEEDS", BESIDE))

GUIDE = """\
# Notes for the panel

## Fields to go through

- Partitioning and clustering
- Slowly changing dimensions
- Cost of storage

## Settling in together

1. Which report did you last switch off?
2. Who shouted when you did?

## Turn-offs

- Blames the source team for every defect
- Never asks who reads the numbers

## What won us over in the past

- Asks who reads the numbers before drawing a table
- Deletes a column and tells everybody why

## Columns in the warehouse

Two hundred of them, most of them empty.

## Please refrain from this

- Never ask about age.
- Do not finish the candidate's sentences.
"""
QUESTIONS = """\
# Bank

## Warehouses

### How would you load a file that comes twice?

#### Convincing replies

- Gives each file an identity and checks it before loading

#### Mediocre replies, wrong track

- Deletes the table without looking and never asks why

#### To drill down further

- What if half of the file was new?

#### Clues you may give

- Think about what a file could be recognised by.
"""


@pytest.fixture(scope="module")
def minilm() -> Embedder:
    return MiniLM()


def read(text: str, embedder: Embedder | None) -> tuple[Atom, ...]:
    return parse(Received(document="guide.md", text=text), embedder=embedder).atoms


def said(atoms: tuple[Atom, ...], kind: str) -> list[tuple[str, str | None]]:
    return [(atom.text.split()[0], atom.polarity) for atom in atoms if atom.kind == kind]


def test_sections_are_known_by_what_their_titles_mean(minilm: Embedder) -> None:
    atoms = read(GUIDE, minilm)
    assert said(atoms, "topic") == [("Partitioning", None), ("Slowly", None), ("Cost", None)]
    assert [a.question_kind for a in atoms if a.kind == "question"] == ["opening", "opening"]
    assert said(atoms, "flag") == [
        ("Blames", "negative"),
        ("Never", "negative"),
        ("Asks", "positive"),
        ("Deletes", "positive"),
    ]
    assert len([a for a in atoms if a.kind == "rule"]) == 2


def test_a_title_about_nothing_that_is_sorted_stays_unknown(minilm: Embedder) -> None:
    assert [a.kind for a in read(GUIDE, minilm) if a.text.startswith("Two hundred")] == ["fact"]


def test_labels_below_a_question_belong_to_it(minilm: Embedder) -> None:
    atoms = read(QUESTIONS, minilm)
    (question,) = [a for a in atoms if a.kind == "question"]
    assert said(atoms, "indicator") == [("Gives", "positive"), ("Deletes", "negative")]
    for kind in ("indicator", "follow_up", "hint"):
        found = [a for a in atoms if a.kind == kind]
        assert found
        assert {a.question for a in found} == {question.id}


def test_what_stands_below_tells_praise_from_blame() -> None:
    below = "# Guide\n\n## Signals\n\n- Cannot name a failure\n- Blames others\n"
    assert list(titles(scan(below))) == [Title("Signals", "section", False, "statements", 0.75)]


@pytest.mark.parametrize("text", [GUIDE, QUESTIONS])
def test_the_light_embedder_tells_nothing(text: str) -> None:
    assert read(text, WordHash()) == read(text, None)
    assert texts_to_embed([Received(document="a.md", text=text)], WordHash()) == []


def test_words_that_are_listed_win_over_what_is_near(minilm: Embedder) -> None:
    text = "# Guide\n\n## Red flags\n\n- Asks good questions\n- Explains the trade-off\n"
    assert {a.polarity for a in read(text, minilm) if a.kind == "flag"} == {"negative"}


def test_the_meaning_of_one_document_is_forgotten_in_the_next(minilm: Embedder) -> None:
    read(GUIDE, minilm)
    assert not [a for a in read(GUIDE, None) if a.kind == "flag"]


def test_each_family_has_phrases_and_none_is_in_two() -> None:
    phrases = Counter(phrase for family in families() for phrase in family.phrases)
    assert max(phrases.values()) == 1
    assert all(len(family.phrases) >= 8 for family in families())


async def test_titles_are_embedded_once_and_kept(
    database: Database, tmp_path: Path, minilm: Embedder
) -> None:
    path = tmp_path / "guide.md"
    path.write_text(GUIDE)
    await ingest([path], "role", database=database, embedder=minilm)
    again = Refusing(minilm)
    outcome = await ingest([path], "role", database=database, embedder=again)
    assert outcome.embedded == 0
    assert len(list((await Library(database).get("role")).of("flag"))) == 4


class Refusing(MiniLM):
    """A MiniLM that has nothing left to embed."""

    def __init__(self, other: Embedder) -> None:
        super().__init__()
        self.same = other.identity

    def embed(self, texts):  # type: ignore[no-untyped-def]
        raise AssertionError(f"{len(texts)} texts were embedded again")


@pytest.mark.skipif(
    len(list(SEEDS.glob("00[0-4]_*"))) != 5,
    reason="the five seed documents are not here; set VIVA_SEEDS to their folder",
)
@pytest.mark.parametrize("number", range(5))
def test_real_documents_bring_no_less_by_meaning(number: int, minilm: Embedder) -> None:
    received = read_document(sorted(SEEDS.glob("00[0-4]_*"))[number])
    known = Counter(atom.kind for atom in parse(received).atoms)
    meant = Counter(atom.kind for atom in parse(received, embedder=minilm).atoms)
    assert meant == known
