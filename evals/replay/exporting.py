"""Interviews out of the database as files, and back into one."""

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import get_args

import sqlalchemy as sa

from agent.report import report
from agent.state import Interview
from agent.syllabus import Syllabus
from api.hiring.tables import invites, users
from api.importing import Brought, bring
from api.opened import opened_database
from api.tables import interviews
from api.web.wire import ExaminerChoice
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


def nameless(ids: Iterable[str]) -> list[str]:
    """Those of which no name is known here."""
    return [id_ for id_ in ids if not asyncio.run(names_in(id_))]


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
        BadInput: it has not ended, or does not fit its kit.
    """
    if not transcript.is_over:
        raise BadInput(f"{transcript.id} has not ended.", "Export it once it has.")
    state = _checked(transcript, kit)
    async with opened_database() as database:
        library = Library(database)
        try:
            await library.get(kit.name, kit.version)
        except NotFound:
            await library.keep(kit)
        return await bring(database, transcript.id, transcript.events, state)


def _checked(transcript: Transcript, kit: Kit) -> Interview:
    """The state it ended in; whatever its pages are made of can be made."""
    if transcript.header.examiner not in get_args(ExaminerChoice):
        raise BadInput(
            f"{transcript.id} was held by an examiner that this Viva does not have.", "Update Viva."
        )
    try:
        report(transcript.id, transcript.events, Syllabus(kit))
        return ending(transcript, kit)
    except (LookupError, ValueError, ArithmeticError):
        raise BadInput(
            f"{transcript.id} does not fit its kit, {kit.name}@{kit.version}.",
            "Export it anew, with the kit that it was held on.",
        ) from None
