"""People's marks in the database: reviews, overrides, and the marking queue."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

import sqlalchemy as sa

from api.hiring.judging import Judging
from api.hiring.reviewing import Found, Review, Reviews
from api.hiring.tables import overrides, reviews
from api.marking.tables import marking_sheets
from api.tables import interviews
from evals.agree.people import PersonMark, Role
from evals.replay.transcript import Transcript

if TYPE_CHECKING:
    from api.hiring.judging import Override
    from knowledge.database import Database


async def marked(database: "Database") -> list[str]:
    """Ids of the interviews that anybody marked, in order."""
    queries = [sa.select(table.c.interview_id) for table in (reviews, overrides)]
    queries += [sa.select(marking_sheets.c.interview_id).where(marking_sheets.c.at.is_not(None))]
    async with database.read() as connection:
        return sorted((await connection.execute(sa.union(*queries))).scalars())


async def marks(database: "Database", transcripts: Iterable[Transcript]) -> list[PersonMark]:
    """What people marked of these interviews; a later override of a point takes an earlier's
    place where marks are compared."""
    transcripts = list(transcripts)
    found = await _queued(database, [transcript.id for transcript in transcripts])
    for transcript in transcripts:
        asked = [e.question for e in transcript.events if e.type == "opened"]
        for review in await Reviews(database).of(transcript.id):
            found += _of_review(transcript.id, asked, review)
        judgement = await Judging(database).of(transcript.id)
        for override in judgement.overrides:
            found += _of_override(transcript.id, asked, override)
    return found


def _of_review(transcript: str, asked: Sequence[str], review: Review) -> Iterable[PersonMark]:
    role: Role = "author" if review.is_author else "person"
    for mark in review.marks:
        if 1 <= mark.question <= len(asked):
            yield PersonMark(
                transcript=transcript,
                question=asked[mark.question - 1],
                atom=mark.atom,
                verdict=mark.verdict,
                by=review.reviewer,
                role=role,
                words=mark.words,
                blind=review.blind,
                at=_told(review.at),
            )


def _of_override(transcript: str, asked: Sequence[str], given: "Override") -> Iterable[PersonMark]:
    """Only of a mark: a verdict's or a competency's is of no point."""
    if given.question is not None and 1 <= given.question <= len(asked):
        yield PersonMark(
            transcript=transcript,
            question=asked[given.question - 1],
            atom=given.subject,
            verdict=cast("Found", given.value),
            by=given.by,
            role="person",
            blind=False,
            at=_told(given.at),
        )


async def _queued(database: "Database", wanted: Sequence[str]) -> list[PersonMark]:
    """From the marking queue, of the workspaces that the interviews belong to."""
    from api.marking.marks import Marking

    query = sa.select(interviews.c.workspace_id).where(interviews.c.id.in_(wanted)).distinct()
    async with database.read() as connection:
        workspaces = list((await connection.execute(query)).scalars())
    return [
        PersonMark(
            transcript=mark.transcript,
            question=mark.question,
            atom=mark.atom,
            verdict=mark.verdict,
            by=mark.by,
            role=mark.role,
            words=mark.words,
            blind=mark.blind,
            at=_told(mark.at),
        )
        for workspace in workspaces
        for mark in await Marking(database).marks(workspace)
        if mark.transcript in set(wanted)
    ]


def _told(at: float) -> str:
    """The moment as files of marks have it."""
    return datetime.fromtimestamp(at, UTC).isoformat()
