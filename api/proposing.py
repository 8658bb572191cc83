"""Proposals for kits that are kept: found, drafted, and saved for a person to look at."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from agent.drafting import Drafted, draft
from agent.proposing import Proposed, propose, with_proposed
from knowledge.atoms import Atom, Frozen, Kit, Link
from knowledge.completing import proposed_links, without_rubric
from knowledge.database import Database
from knowledge.library import OWN, Library, revise
from knowledge.reading import Received
from knowledge.vectors import Progress

if TYPE_CHECKING:
    from agent.model import Endpoint
    from knowledge.embedder import Embedder


class Completion(Frozen):
    """What was proposed to complete a kit; `without_rubric` questions had nothing to mark by."""

    kit: str
    version: str
    without_rubric: int
    links: int
    drafted: Drafted | None = None


async def complete(
    database: Database,
    embedder: "Embedder",
    name: str,
    *,
    shelf: str = OWN,
    by: str = "",
    endpoint: "Endpoint | None" = None,
    progress: Progress | None = None,
) -> Completion:
    """Propose links for the questions of a kit that lack a rubric, and drafts where a model is
    given; nothing is used until it is accepted.

    Raises:
        NotFound: there is no such kit.
    """
    kit = await Library(database, shelf).get(name)
    links = await proposed_links(database, embedder, kit, progress)
    drafted = await draft(endpoint, kit, progress) if endpoint else None
    atoms = drafted.atoms if drafted else ()
    saved = await _save(database, kit, shelf, by, links=links, atoms=atoms)
    return Completion(
        kit=name,
        version=saved.version,
        without_rubric=sum(1 for _ in without_rubric(kit)),
        links=len(links),
        drafted=drafted,
    )


async def read_again(
    database: Database,
    endpoint: "Endpoint",
    name: str,
    paths: Sequence[Path],
    *,
    shelf: str = OWN,
    progress: Progress | None = None,
) -> tuple[str, Proposed]:
    """Have a model propose what the facts of a kit hold, from the documents it was made of; the
    kit's version with that.
    """
    import asyncio

    from knowledge.readers.batch import readings

    kit = await Library(database, shelf).get(name)
    found = (await asyncio.to_thread(readings, paths)).values()
    read = {each.document: each for each in found if isinstance(each, Received)}
    proposed = await propose(endpoint, kit, read, progress)
    saved = await _save(database, kit, shelf, "", atoms=proposed.atoms)
    return saved.version, proposed


async def _save(
    database: Database,
    kit: Kit,
    shelf: str,
    by: str,
    *,
    links: Sequence[Link] = (),
    atoms: Sequence[Atom] = (),
) -> Kit:
    """The current kit with these proposals, as far as what they hang on is still in it."""

    def extended(now: Kit) -> Kit:
        known = {(link.question, link.competency) for link in now.links}
        fit = [k for k in links if {k.question, k.competency} <= now.by_id.keys()]
        new = (link for link in fit if (link.question, link.competency) not in known)
        return with_proposed(now.changed(links=(*now.links, *new)), atoms)

    async with database.write() as connection:
        return await revise(connection, kit.name, shelf, extended, by)
