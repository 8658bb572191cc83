"""What is withdrawn from a kit: readable for ever, and used for nothing."""

import asyncio
from pathlib import Path

from knowledge.atoms import Kit, with_withdrawn
from knowledge.database import Database
from knowledge.embedder import WordHash
from knowledge.index import open_index
from knowledge.ingest import ingest
from knowledge.kit_yaml import dump_kit, load_kit, parse_kit
from knowledge.library import Library, withdraw
from knowledge.search import search

TEXT = """
viva: 1
name: small
atoms:
- question: How long is a message kept?
  id: kept
  has:
  - reference: It is deleted when it was read. Its offset stays.
    id: answer
    has:
    - point: A message is deleted when it was read.
      id: deleted
    - point: The offset of the reader stays.
      id: offset
"""
KIT = parse_kit(TEXT, "small.yaml")
WHY = "It stays until its retention is over: see the manual."
GONE = with_withdrawn(KIT, {"deleted": WHY})


def test_what_is_withdrawn_stays_to_be_read_and_belongs_to_nothing() -> None:
    assert GONE.by_id["deleted"].withdrawn == WHY
    assert [atom.id for atom in GONE.came_with("kept", "point")] == ["offset"]
    assert [atom.id for atom in GONE.children("answer")] == ["offset"]
    assert "deleted" not in {atom.id for atom in GONE.of("point")}


def test_a_reference_that_says_it_is_no_model_answer_any_more() -> None:
    assert list(GONE.of("reference")) == []
    assert GONE.withdrawn == {"deleted", "answer"}


def test_with_a_reference_go_its_points() -> None:
    gone = with_withdrawn(KIT, {"answer": WHY})
    assert gone.withdrawn == {"answer", "deleted", "offset"}


def test_a_kit_without_anything_withdrawn_keeps_its_version() -> None:
    shipped = Path(__file__).parents[2] / "knowledge" / "kits" / "data-engineer.yaml"
    assert "withdrawn" not in load_kit(shipped).model_dump_json()
    assert GONE.version != KIT.version


def test_a_withdrawn_atom_goes_through_yaml_and_json() -> None:
    assert f"withdrawn: '{WHY}'" in dump_kit(GONE)
    assert parse_kit(dump_kit(GONE), "small.yaml").version == GONE.version
    assert Kit.model_validate_json(GONE.model_dump_json()).version == GONE.version


def test_the_first_reason_stays() -> None:
    assert with_withdrawn(GONE, {"deleted": "another"}) == GONE


async def test_it_is_not_found_by_meaning_nor_by_name(database: Database, light: WordHash) -> None:
    index = await open_index(database, light, GONE)
    (hits,) = [index.query(light.embed([KIT.by_id["deleted"].text])[0], kinds=("point",), k=5)]
    assert [hit.atom.id for hit in hits] == ["offset"]
    assert "deleted" not in {hit.atom.id for hit in await search(index, light, "deleted")}


async def test_two_withdrawals_at_once_both_stand(database: Database) -> None:
    library = Library(database)
    await library.save(KIT)

    async def one(atom: str) -> None:
        async with database.write() as connection:
            await withdraw(connection, "small", {atom: WHY})

    await asyncio.gather(one("deleted"), one("offset"))
    assert {"deleted", "offset"} <= (await library.get("small")).withdrawn
    assert await library.get("small", KIT.version) == KIT


async def test_what_the_kit_does_not_hold_makes_no_version(database: Database) -> None:
    library = Library(database)
    await library.save(KIT)
    async with database.write() as connection:
        await withdraw(connection, "small", {"elsewhere": WHY})
        await withdraw(connection, "no-such-kit", {"deleted": WHY})
    assert (await library.get("small")).version == KIT.version


async def test_reading_the_documents_again_brings_nothing_withdrawn_back(
    database: Database, light: WordHash, tmp_path: Path
) -> None:
    guide = tmp_path / "guide.md"
    guide.write_text(
        "# Questions\n\n## What is a broker for?\n\n**Answer:**\n- It keeps messages.\n"
        "- It forgets them.\n"
    )
    library = Library(database)

    async def read() -> Kit:
        await ingest([guide], "guide", database=database, embedder=light)
        return await library.get("guide")

    wrong = next(atom for atom in (await read()).atoms if "forgets" in atom.text)
    async with database.write() as connection:
        await withdraw(connection, "guide", {wrong.id: WHY})
    again = await read()
    assert again.by_id[wrong.id].withdrawn == WHY
