"""The index of a kit: everything in it, found by meaning, filtered by what it is."""

import gc

import numpy as np
import pytest

from knowledge import index as index_module
from knowledge.atoms import Atom, Kit
from knowledge.database import Database
from knowledge.embedder import WordHash
from knowledge.index import KitIndex, open_index

ATOMS = (
    Atom(id="a", kind="point", text="Kafka splits a topic into partitions.", role="core"),
    Atom(id="b", kind="flag", text="Edits production data by hand.", polarity="negative"),
    Atom(id="c", kind="flag", text="Writes a test before a fix.", polarity="positive"),
    Atom(id="d", kind="money", text="What is a partition of a Kafka topic?"),
)


@pytest.fixture
async def index(database: Database, light: WordHash) -> KitIndex:
    return await open_index(database, light, Kit(name="x", atoms=ATOMS))


def test_the_nearest_atom_comes_first_with_its_cosine(index: KitIndex, light: WordHash) -> None:
    vector = light.embed([ATOMS[0].text])[0]
    hits = index.query(vector, k=2)
    assert [hit.atom.id for hit in hits] == ["a", "d"]
    assert hits[0].score == pytest.approx(1)
    assert hits[1].score == pytest.approx(float(index.vectors(["d"])[0] @ vector))


def test_a_query_can_name_kinds(index: KitIndex, light: WordHash) -> None:
    vector = light.embed(["kafka"])[0]
    assert {hit.atom.id for hit in index.query(vector, kinds=["flag"])} == {"b", "c"}
    both = index.query(vector, kinds=["flag", "money"])
    assert {hit.atom.id for hit in both} == {"b", "c", "d"}
    assert index.query(vector, kinds=["hint"]) == []


def test_the_matrix_answers_by_id(index: KitIndex, light: WordHash) -> None:
    assert np.allclose(index.vectors(["c", "a"]), light.embed([ATOMS[2].text, ATOMS[0].text]))


async def test_an_open_index_is_opened_once(database: Database, light: WordHash) -> None:
    kit = Kit(name="x", atoms=ATOMS[:2])
    assert await open_index(database, light, kit) is await open_index(database, light, kit)


async def test_only_a_few_indexes_stay_open_and_those_in_use_still_work(
    database: Database, light: WordHash
) -> None:
    first = await open_index(database, light, Kit(name="x", atoms=ATOMS[:1]))
    versions = []
    for number in range(2 * index_module.KEPT_OPEN):
        atom = Atom(id="n", kind="fact", text=f"number {number}")
        kit = Kit(name="x", atoms=(atom,))
        await open_index(database, light, kit)
        versions.append(kit.version)
    gc.collect()
    names = [collection.name for collection in index_module._client().list_collections()]
    assert sum(name.split("-")[1] in versions for name in names) == index_module.KEPT_OPEN
    assert first.query(light.embed(["kafka"])[0])[0].atom.id == "a"


async def test_an_empty_kit_has_an_index_without_hits(database: Database, light: WordHash) -> None:
    index = await open_index(database, light, Kit(name="empty"))
    assert index.query(light.embed(["kafka"])[0]) == []
