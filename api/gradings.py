"""Further gradings of an interview, kept beside it; its own marks are never changed by them."""

import secrets
import time
from dataclasses import asdict, dataclass, field
from typing import Any

import sqlalchemy as sa

from api.tables import gradings, interviews
from knowledge.database import Database
from knowledge.errors import NotFound

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Grading:
    """An interview's answers under other marks; `events` are bodies of `regraded` events."""

    label: str
    kit_version: str
    examiner: str
    model: str | None = None
    policy: Json = field(default_factory=dict)
    """Numbers of the policy that are not the interview's own, by name."""
    events: list[Json] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Kept(Grading):
    """A grading as it is kept; `at` is in Unix seconds."""

    id: str
    interview_id: str
    at: float


class Gradings:
    """The gradings of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, interview: str, grading: Grading) -> str:
        """Keep a grading and return its id; one that is the same but for its time stays one.

        Raises:
            NotFound: there is no such interview here.
        """
        new = asdict(grading)
        async with self._database.write() as connection:
            workspace = await connection.scalar(
                sa.select(interviews.c.workspace_id).where(interviews.c.id == interview)
            )
            if workspace is None:
                raise NotFound(
                    f"There is no interview {interview!r} in this database.",
                    "Bring it in with `viva import`.",
                )
            mine = sa.select(gradings).where(gradings.c.interview_id == interview)
            for row in (await connection.execute(mine)).mappings():
                if all(row[name] == value for name, value in new.items()):
                    return str(row["id"])
            row_id = secrets.token_hex(8)
            place = {"id": row_id, "interview_id": interview, "workspace_id": workspace}
            await connection.execute(sa.insert(gradings).values(**place, **new, at=time.time()))
        return row_id

    async def of(self, interview: str) -> list[Kept]:
        """The gradings kept of an interview, oldest first."""
        columns = [column for column in gradings.c if column.name != "workspace_id"]
        mine = sa.select(*columns).where(gradings.c.interview_id == interview)
        async with self._database.read() as connection:
            rows = await connection.execute(mine.order_by(gradings.c.at, gradings.c.id))
            return [Kept(**row) for row in rows.mappings()]
