"""Calibrations in SQL: what stored interviews tell of a kit's questions, for those to come."""

from collections import Counter
from dataclasses import dataclass, field

import sqlalchemy as sa

from agent.calibration import Calibration, Sitting, sitting
from agent.events import read_event
from agent.policy import Policy
from api.hiring.tables import LOCAL
from api.store import Store
from api.tables import calibrations, interviews
from knowledge.atoms import Kit
from knowledge.database import Database, unix_now


@dataclass
class Gathered:
    """The interviews of a kit that can be learned from, and how many cannot, by reason."""

    sittings: list[Sitting] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)


class Calibrations:
    """By kit and question: a question keeps its own in every version that has its id."""

    def __init__(self, database: Database, workspace: str = LOCAL) -> None:
        self._database = database
        self._workspace = workspace

    async def gather(self, kit: str) -> Gathered:
        """Read every interview of this kit, whatever its version."""
        mine = sa.select(interviews.c.id).where(
            interviews.c.kit == kit, interviews.c.workspace_id == self._workspace
        )
        async with self._database.read() as connection:
            ids = list(await connection.scalars(mine.order_by(interviews.c.created)))
        gathered, store = Gathered(), Store(self._database)
        for id_ in ids:
            found = sitting(read_event(each.as_json()) for each in await store.events(id_))
            if isinstance(found, str):
                gathered.left_out[found] += 1
            else:
                gathered.sittings.append(found)
        return gathered

    async def keep(self, kit: Kit, calibration: Calibration) -> None:
        """Put it in the place of what is kept for this kit; interviews begun keep their own."""
        rows = [
            each.model_dump()
            | {
                "workspace_id": self._workspace,
                "kit": kit.name,
                "kit_version": kit.version,
                "made": unix_now(),
            }
            for each in calibration.questions
        ]
        async with self._database.write() as connection:
            await connection.execute(sa.delete(calibrations).where(self._of(kit.name)))
            for row in rows:
                await connection.execute(sa.insert(calibrations).values(**row))

    async def forget(self, kit: str) -> int:
        """Remove what is kept for this kit; the number of questions."""
        async with self._database.write() as connection:
            gone = sa.delete(calibrations).where(self._of(kit))
            return (await connection.execute(gone)).rowcount

    def _of(self, kit: str) -> sa.ColumnElement[bool]:
        mine = calibrations.c.workspace_id == self._workspace
        return sa.and_(mine, calibrations.c.kit == kit)

    async def policy(self, kit: Kit) -> Policy:
        """What a new interview on this kit goes by: ours, with its calibrated questions."""
        columns = (calibrations.c.question, calibrations.c.difficulty, calibrations.c.error)
        query = sa.select(*columns).where(self._of(kit.name)).order_by(columns[0])
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        known = {q: (difficulty, error) for q, difficulty, error in rows if q in kit.by_id}
        ours = Policy()
        return ours.model_copy(
            update={"measure": ours.measure.model_copy(update={"calibrated": known})}
        )
