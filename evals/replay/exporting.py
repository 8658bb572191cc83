"""Interviews out of the database as files, and back into one."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

import sqlalchemy as sa

from api.hiring.tables import invites, users
from api.importing import Brought, bring
from api.opened import opened_database
from api.tables import interviews
from evals.replay.ending import ending
from evals.replay.kit_files import write_kit
from evals.replay.sharing import Blocking
from evals.replay.sources import BESIDE, Kits
from evals.replay.transcript import Transcript, write
from knowledge.atoms import Kit
from knowledge.errors import BadInput, NotFound
from knowledge.library import Library


def prepared(transcript: Transcript, *, share: bool) -> Transcript:
    """The transcript as it is written, without names where it is to be shared."""
    if not share:
        return transcript
    return Blocking(asyncio.run(names_in(transcript.id))).transcript(transcript)


async def names_in(interview: str) -> list[str]:
    """Name, e-mail address and reference of whoever it was held with, where they are known."""
    columns = (invites.c.name, invites.c.email, invites.c.reference, users.c.name, users.c.email)
    known = (
        sa.select(*(column.label(f"name{place}") for place, column in enumerate(columns)))
        .select_from(interviews)
        .outerjoin(invites, invites.c.id == interviews.c.invite_id)
        .outerjoin(users, users.c.id == interviews.c.user_id)
        .where(interviews.c.id == interview)
    )
    async with opened_database() as database, database.read() as connection:
        row = (await connection.execute(known)).one_or_none()
    return [name for name in row or () if name]


def write_all(transcripts: Iterable[Transcript], out: Path, kits: Kits) -> list[Path]:
    """A file for each, with the kit of each beside them; one whose kit is gone has none there."""
    written = []
    for transcript in transcripts:
        path = out / f"{transcript.id}.jsonl.gz"
        write(transcript, path)
        written.append(path)
        try:
            write_kit(kits.of(transcript), out / BESIDE)
        except NotFound:
            continue
    return written


async def bring_in(transcript: Transcript, kit: Kit) -> Brought:
    """An interview of this database made of a transcript, with its kit kept where it was missing.

    Raises:
        BadInput: it has not ended.
    """
    if not transcript.is_over:
        raise BadInput(f"{transcript.id} has not ended.", "Export it once it has.")
    async with opened_database() as database:
        library = Library(database)
        try:
            await library.get(kit.name, kit.version)
        except NotFound:
            await library.keep(kit)
        return await bring(database, transcript.id, transcript.events, ending(transcript, kit))
