"""What is past its time is erased by itself, and what was erased is taken out of the files."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import sqlalchemy as sa

from api.hiring import audit
from api.hiring.erasing import ASKED, ERASED, RETENTION, Erasing, touched
from api.hiring.holds import OnHold
from api.hiring.tables import audit as log_lines
from api.hiring.tables import decisions, invites, workspaces
from api.lease import hold, new_owner
from api.moments import DAY
from api.tables import interviews
from api.telemetry import log
from knowledge.database import Database, unix_now
from knowledge.errors import Busy, NotFound
from knowledge.scrubbing import Scrubbed, scrub

KEY = "retention_days"
MOST_DAYS = 3_650
SWEEP_EVERY = 3_600.0
FIRST_AFTER = 60.0
GRACE = 10.0
"""Seconds that a sweep gets when the process is told to stop."""

LEASE = "retention"
MAINTAINED = "maintained"


@dataclass(frozen=True)
class Profile:
    """How long records of hiring are kept somewhere, to choose from; it is no legal advice."""

    days: int
    name: str


PROFILES = (
    Profile(183, "EU: logs of such a system for at least six months"),
    Profile(1_096, "Colorado: three years"),
    Profile(1_461, "California: four years"),
)


class Retention:
    """The times of one database's workspaces; any number of processes may run it, one does."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._erasing = Erasing(database)
        self._asked = asyncio.Event()
        self._at_work = asyncio.Lock()

    def soon(self) -> None:
        """Something was erased: look at once."""
        self._asked.set()

    async def run(self) -> None:
        """Sweep every hour, and when asked, for as long as the process lives."""
        rest = FIRST_AFTER
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._asked.wait(), rest)
            rest = SWEEP_EVERY
            self._asked.clear()
            try:
                async with self._at_work:
                    await self.sweep()
            except Busy:
                log.info("retention is at work elsewhere")
            except Exception as error:  # whatever it was, the next look may succeed
                log.warning("retention failed", exc_info=error)

    async def close(self) -> None:
        """Let a sweep that has begun come to its end; `run` is then to be cancelled."""
        with suppress(TimeoutError):
            async with asyncio.timeout(GRACE):
                await self._at_work.acquire()

    async def sweep(self) -> int:
        """Erase what is past its time and what waited for a hold to end; how many that were.

        On SQLite the file is then rewritten; on Postgres, where that keeps people waiting, an
        operator does it (`viva maintain`) in a quiet hour.

        Raises:
            Busy: another process is at it.
        """
        async with hold(self._database, LEASE, new_owner()):
            due = dict.fromkeys(
                [*await self._past(), *await self._asked_for(), *await self._left()]
            )
            gone = 0
            for object_ in due:
                gone += await self._erase(object_)
            if not self._is_postgres() and await is_due(self._database):
                await maintain(self._database)
        return gone

    async def _erase(self, object_: str) -> bool:
        kind, _, id_ = object_.partition(":")
        erase = self._erasing.invite if kind == "invite" else self._erasing.interview
        with suppress(OnHold, NotFound):
            await erase(RETENTION, id_)
            return True
        return False

    def _is_postgres(self) -> bool:
        return self._database.engine.dialect.name == "postgresql"

    async def _past(self) -> list[str]:
        query = sa.select(workspaces.c.id, workspaces.c.settings)
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        days = {row.id: row.settings.get(KEY) for row in rows}
        return [o for id_, each in days.items() if each for o in await self._older(id_, each)]

    async def _older(self, workspace: str, days: float) -> list[str]:
        """Invites and uninvited interviews of which nothing has been heard for so long."""
        async with self._database.read() as connection:
            now = float(await connection.scalar(sa.select(unix_now())) or 0)
            past = now - days * DAY
            invited = await connection.execute(_invited(workspace))
            found = [f"invite:{row.id}" for row in invited if _last_of(row, now) < past]
            alone = sa.select(interviews.c.id).where(interviews.c.workspace_id == workspace)
            alone = alone.where(interviews.c.invite_id.is_(None), interviews.c.status == "ended")
            ids = await connection.scalars(alone.where(interviews.c.updated < past))
            return found + [f"interview:{id_}" for id_ in ids]

    async def _asked_for(self) -> list[str]:
        """Whose wish to be erased met a legal hold; most of them will meet it again."""
        query = sa.select(log_lines.c.object).where(log_lines.c.action == ASKED).distinct()
        async with self._database.read() as connection:
            return list(await connection.scalars(query))

    async def _left(self) -> list[str]:
        """Interviews begun in the moment in which their invite was erased."""
        erased = interviews.c.invite_id.in_(
            sa.select(invites.c.id).where(invites.c.erased.is_not(None))
        )
        async with self._database.write() as connection:
            orphans = sa.update(interviews).where(erased).values(invite_id=None)
            ids = await connection.scalars(orphans.returning(interviews.c.id))
            return [f"interview:{id_}" for id_ in ids]


def _invited(workspace: str) -> sa.Select[tuple[object, ...]]:
    theirs = interviews.c.invite_id == invites.c.id
    heard = sa.select(sa.func.max(interviews.c.updated)).where(theirs).scalar_subquery()
    running = sa.exists().where(theirs & (interviews.c.status != "ended"))
    of_them = decisions.join(interviews, interviews.c.id == decisions.c.interview_id)
    decided = sa.select(sa.func.max(decisions.c.at)).select_from(of_them).where(theirs)
    columns = ("id", "created", "opened", "declined", "revoked", "until")
    return sa.select(
        *(invites.c[name] for name in columns),
        heard.label("heard"),
        decided.scalar_subquery().label("decided"),
        running.label("running"),
    ).where(invites.c.workspace_id == workspace, invites.c.erased.is_(None))


def _last_of(row: sa.Row[tuple[object, ...]], now: float) -> float:
    """When something last happened with somebody; now, while they can still be interviewed."""
    over = row.declined is not None or row.revoked is not None or row.heard is not None
    if row.running or (not over and row.until > now):
        return now
    return max(_times(row))


def _times(row: sa.Row[tuple[object, ...]]) -> Iterator[float]:
    for name in ("created", "opened", "declined", "revoked", "heard", "decided"):
        if (at := getattr(row, name)) is not None:
            yield at
    if row.heard is None and row.declined is None and row.revoked is None:
        yield row.until


async def is_due(database: Database) -> bool:
    """Whether something was erased since the files were last rewritten."""
    newest = sa.func.coalesce(sa.func.max(log_lines.c.seq), 0)
    async with database.read() as connection:
        erased = await connection.scalar(sa.select(newest).where(log_lines.c.action == ERASED))
        done = await connection.scalar(sa.select(newest).where(log_lines.c.action == MAINTAINED))
    return (erased or 0) > (done or 0)


async def maintain(database: Database) -> Scrubbed:
    """Take what was erased out of the database's files.

    Raises:
        StorageFailed: others held the database for too long, or there is no room for a copy.
    """
    done = await scrub(database, touched())
    async with database.write() as connection:
        told = {"seconds": round(done.seconds, 1), "left": len(done.left)}
        await audit.record_in(connection, "", RETENTION.id, MAINTAINED, "database:all", **told)
    return done
