"""Search for a person: names first, then meaning."""

import pytest

from knowledge.atoms import Atom, Kit
from knowledge.database import Database
from knowledge.embedder import WordHash
from knowledge.index import KitIndex, open_index
from knowledge.search import search

KIT = Kit(
    name="x",
    atoms=(
        Atom(id="t1", kind="technology", text="Apache Spark", aliases=("Spark", "PySpark")),
        Atom(id="q1", kind="question", text="Why is a Spark job slow when one key is skewed?"),
        Atom(id="q2", kind="question", text="What is a job?", topic="Work", level="junior"),
        Atom(id="q3", kind="question", text="What is work?", topic="Work", level="senior"),
        Atom(id="f1", kind="fact", text="The team meets on Mondays."),
    ),
)


@pytest.fixture
async def index(database: Database, light: WordHash) -> KitIndex:
    return await open_index(database, light, KIT)


async def test_what_is_called_so_comes_first(index: KitIndex, light: WordHash) -> None:
    hits = await search(index, light, " pyspark ")
    assert (hits[0].atom.id, hits[0].score) == ("t1", 1.0)
    assert sorted(hit.atom.id for hit in hits) == ["f1", "q1", "q2", "q3", "t1"]


async def test_an_id_finds_its_atom(index: KitIndex, light: WordHash) -> None:
    assert (await search(index, light, "f1"))[0].atom.id == "f1"


async def test_words_find_what_means_something_alike(index: KitIndex, light: WordHash) -> None:
    hits = await search(index, light, "slow job with a skewed key", kinds=["question", "fact"], k=1)
    assert [hit.atom.id for hit in hits] == ["q1"]


async def test_a_topic_and_a_level_narrow_what_is_found(index: KitIndex, light: WordHash) -> None:
    text = "slow job with a skewed key"
    hits = await search(index, light, text, topic="work")
    assert [hit.atom.id for hit in hits] == ["q2", "q3"]
    assert [h.atom.id for h in await search(index, light, text, level="senior")] == ["q3"]
    assert await search(index, light, text, topic="Cooking") == []
