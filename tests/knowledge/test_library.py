"""Kits that are kept: versions, the current one, and those that come with Viva."""

import pytest
import sqlalchemy as sa

from knowledge.atoms import Atom, Kit
from knowledge.database import Database
from knowledge.errors import NotFound
from knowledge.library import SHARED, Library
from knowledge.tables import kits


def kit(name: str, *texts: str) -> Kit:
    atoms = tuple(Atom(id=f"fact-{n}", kind="fact", text=text) for n, text in enumerate(texts))
    return Kit(name=name, title="A role", atoms=atoms)


async def test_a_saved_kit_comes_back_equal_and_old_versions_stay(database: Database) -> None:
    library = Library(database)
    old, new = kit("role", "One."), kit("role", "One.", "Two.")
    version = await library.save(old)
    await library.save(new)
    assert await library.get("role") == new
    assert await library.get("role", version) == old


async def test_saving_an_old_version_again_makes_it_current(database: Database) -> None:
    library = Library(database)
    old, new = kit("role", "One."), kit("role", "Two.")
    for each in (old, new, old):
        await library.save(each)
    assert await library.get("role") == old
    assert len(await library.list()) == 1


async def test_the_list_tells_what_a_kit_holds(database: Database) -> None:
    library = Library(database)
    await library.save(kit("role", "One.", "Two."))
    (summary,) = await library.list()
    assert (summary.name, summary.title, summary.counts) == ("role", "A role", {"fact": 2})


async def test_a_missing_kit_is_an_error_that_names_those_there_are(database: Database) -> None:
    library = Library(database)
    with pytest.raises(NotFound) as none:
        await library.get("role")
    assert "viva ingest" in none.value.remedy
    await library.save(kit("analyst", "One."))
    with pytest.raises(NotFound) as one:
        await library.get("role")
    assert "analyst" in one.value.remedy


async def test_the_shipped_kits_are_kept_once(database: Database) -> None:
    library = Library(database)
    await library.ensure_shipped()
    before = await library.list()
    await library.ensure_shipped()
    assert await library.list() == before
    assert "data-engineer" in [summary.name for summary in before]


async def test_a_kit_of_ones_own_is_never_replaced_by_a_shipped_one(database: Database) -> None:
    library = Library(database)
    own = kit("data-engineer", "Ours.")
    await library.save(own)
    await library.ensure_shipped()
    assert await library.get("data-engineer") == own


async def test_a_newer_shipped_kit_takes_the_place_of_an_older_one(database: Database) -> None:
    library = Library(database)
    await Library(database, SHARED).save(kit("data-engineer", "Last year's."))
    async with database.write() as connection:
        await connection.execute(sa.update(kits).values(shipped="of an older file"))
    await library.ensure_shipped()
    assert len((await library.get("data-engineer")).atoms) > 1
