"""Documents into kits: whole or not at all, and nothing done twice."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from knowledge.atoms import Atom, Kit
from knowledge.database import Database
from knowledge.embedder import WordHash
from knowledge.errors import BadInput, NotFound
from knowledge.ingest import Outcome, _each_technology_once, ingest
from knowledge.kit_yaml import dump_kit, parse_kit
from knowledge.library import Library
from knowledge.tables import kits, vectors

BANK = """\
# Question bank

## Streaming

### What is a watermark?
A watermark says up to which event time the stream is complete.

### How do you handle late events?
- Allow some lateness.
- Correct the result afterwards.
"""
GUIDE = """\
# Interview guide

## Streaming

### Why would you choose a log over a queue?
- Many readers read at their own pace.

## Red flags
- Edits production data by hand.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    documents = tmp_path / "documents"
    documents.mkdir()
    (documents / "bank.md").write_text(BANK)
    (documents / "guide.md").write_text(GUIDE)
    return documents


async def run(database: Database, *paths: Path) -> Outcome:
    return await ingest(paths, "role", database=database, embedder=WordHash())


async def kept(database: Database) -> Kit:
    return await Library(database).get("role")


async def test_a_folder_becomes_a_kit_with_its_outcome(database: Database, folder: Path) -> None:
    outcome = await run(database, folder)
    kit = await kept(database)
    assert kit.version == outcome.version
    assert [file.document for file in outcome.files] == ["bank.md", "guide.md"]
    assert outcome.files[0].atoms["question"] == 2
    assert sum(sum(file.atoms.values()) for file in outcome.files) == len(kit.atoms)
    (join,) = outcome.joins
    assert join.members == ("Streaming (bank.md)", "Streaming (guide.md)")


async def test_unchanged_documents_give_the_same_version_and_embed_nothing(
    database: Database, folder: Path
) -> None:
    first, second = await run(database, folder), await run(database, folder)
    assert first.embedded > 0
    assert (second.version, second.embedded) == (first.version, 0)


async def test_the_kit_survives_its_yaml(database: Database, folder: Path) -> None:
    await run(database, folder)
    kit = await kept(database)
    assert parse_kit(dump_kit(kit), "role.yaml") == kit


async def test_a_bad_file_among_others_is_told_and_left_out(
    database: Database, folder: Path
) -> None:
    (folder / "picture.md").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    outcome = await run(database, folder)
    assert [bool(file.error) for file in outcome.files] == [False, False, True]
    assert len((await kept(database)).atoms) > 4


async def nothing_is_left(database: Database) -> bool:
    async with database.read() as connection:
        counts = [
            await connection.scalar(sa.select(sa.func.count()).select_from(table))
            for table in (kits, vectors)
        ]
    return counts == [0, 0]


@pytest.mark.parametrize("content", [b"", b"  \n\n", b"\x89PNG\r\n\x1a\n\x00\x00"])
async def test_a_single_bad_file_is_an_error_and_leaves_nothing(
    database: Database, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "bad.md").write_bytes(content)
    with pytest.raises(BadInput, match=r"bad\.md"):
        await run(database, tmp_path / "bad.md")
    assert await nothing_is_left(database)


async def test_no_usable_file_at_all_is_an_error_and_leaves_nothing(
    database: Database, tmp_path: Path
) -> None:
    for name in ("one.md", "two.md"):
        (tmp_path / name).write_bytes(b"\x00\x01\x02")
    with pytest.raises(BadInput, match="None of the 2 files"):
        await run(database, tmp_path / "one.md", tmp_path / "two.md")
    assert await nothing_is_left(database)


async def test_a_missing_file_and_an_empty_folder_are_errors(
    database: Database, tmp_path: Path
) -> None:
    with pytest.raises(NotFound):
        await run(database, tmp_path / "none.md")
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadInput, match="no file"):
        await run(database, tmp_path / "empty")


async def test_a_name_that_cannot_be_one_is_refused_before_any_work(
    database: Database, folder: Path
) -> None:
    with pytest.raises(BadInput, match="cannot name a kit"):
        await ingest([folder], " ", database=database, embedder=WordHash())
    assert await nothing_is_left(database)


async def test_files_of_one_name_are_told_apart(database: Database, tmp_path: Path) -> None:
    for team, text in (("red", BANK), ("blue", GUIDE)):
        (tmp_path / "teams" / team).mkdir(parents=True)
        (tmp_path / "teams" / team / "notes.md").write_text(text)
    outcome = await run(database, tmp_path / "teams", tmp_path / "teams" / "red" / "notes.md")
    assert [file.document for file in outcome.files] == ["blue/notes.md", "red/notes.md"]


def test_a_technology_of_two_documents_stands_once() -> None:
    atoms = [
        Atom(id="t1", kind="technology", text="NumPy"),
        Atom(id="m1", kind="money", text="What is a view?", parent="t1"),
        Atom(id="t2", kind="technology", text="numpy "),
        Atom(id="m2", kind="money", text="What is broadcasting?", parent="t2"),
    ]
    kept = _each_technology_once(atoms)
    assert [(atom.id, atom.parent) for atom in kept] == [("t1", None), ("m1", "t1"), ("m2", "t1")]


async def test_a_company_given_is_that_of_the_documents_that_name_none(
    database: Database, tmp_path: Path
) -> None:
    (tmp_path / "ours.md").write_text("# Questions\n\n- What is an index?\n")
    (tmp_path / "theirs.md").write_text("Company: Northwind\n\n# Questions\n\n- What is MVCC?\n")
    await ingest([tmp_path], "role", company="Acme", database=database, embedder=WordHash())
    kit = await kept(database)
    spoken_of = {a.text: a.about.company for a in kit.atoms if a.kind == "question"}
    assert spoken_of == {"What is an index?": "Acme", "What is MVCC?": "Northwind"}
    assert kit.about.company == "Acme"


async def test_progress_is_told_of_reading_understanding_and_embedding(
    database: Database, folder: Path
) -> None:
    told: list[str] = []
    await ingest(
        [folder],
        "role",
        database=database,
        embedder=WordHash(),
        progress=lambda what, done, total: told.append(what),
    )
    assert list(dict.fromkeys(told)) == ["Reading", "Understanding", "Embedding"]


async def test_the_seeds_become_a_kit_that_survives_its_yaml(
    database: Database, seeds: Path, light: WordHash
) -> None:
    outcome = await ingest([seeds], "seeds", database=database, embedder=light)
    kit = await Library(database).get("seeds")
    assert all(file.error is None for file in outcome.files)
    assert parse_kit(dump_kit(kit), "seeds.yaml") == kit
