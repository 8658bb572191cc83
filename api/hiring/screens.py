"""Screens: one interview for many people, from a kit version that stays what it was."""

from dataclasses import asdict
from typing import Any, NamedTuple, cast

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from api.calibrations import Calibrations
from api.hiring import audit
from api.hiring.errors import Unfit
from api.hiring.screen import NewScreen as NewScreen
from api.hiring.screen import Screen as Screen
from api.hiring.screen import Texts as Texts
from api.hiring.screen import check
from api.hiring.screen import policy_of as policy_of
from api.hiring.tables import invites, screens
from api.hiring.workspace_settings import read_settings
from api.identity.caller import Caller
from api.identity.tokens import new_id
from api.tables import interviews
from knowledge.database import Database, unix_now
from knowledge.errors import BadInput, NotFound
from knowledge.library import Library

DEFAULTS = "screen_defaults"
"""The setting of a workspace that new screens' texts begin with: company and contact."""

FIXED = ("kit", "level", "mode", "minutes", "examiner", "subjects")
"""What stays as it is once a screen is open."""


class Counts(NamedTuple):
    """How many were invited to a screen, and how many began and ended an interview."""

    invited: int = 0
    begun: int = 0
    ended: int = 0

    @property
    def running(self) -> int:
        """How many are still in an interview, paused or left alone included."""
        return self.begun - self.ended


class Screens:
    """The screens of one database. Methods raise NotFound for what another workspace has."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def make(self, caller: Caller, wish: NewScreen) -> str:
        """Make a draft; its id.

        Raises:
            NotFound: there is no such kit.
            BadInput: something in it cannot be.
        """
        check(wish)
        workspace = _workspace(caller)
        kit = await Library(self._database, workspace).get(wish.kit)
        row = _row(wish) | {
            "id": new_id(),
            "workspace_id": workspace,
            "status": "draft",
            "kit_version": kit.version,
            "made_by": caller.name,
            "created": unix_now(),
        }
        async with self._database.write() as connection:
            await connection.execute(sa.insert(screens).values(**row))
            await audit.record(connection, caller, "made", f"screen:{row['id']}")
        return str(row["id"])

    async def change(self, caller: Caller, screen: str, wish: NewScreen) -> None:
        """Change a draft wholly; an open screen in its texts, dates, attempts and blind share.

        Raises:
            BadInput: something in it cannot be, or may not change any more.
        """
        check(wish)
        workspace = _workspace(caller)
        kit = await Library(self._database, workspace).get(wish.kit)
        async with self._database.write() as connection:
            before = await _held(connection, workspace, screen)
            _check_change(before, wish)
            new = _row(wish)
            if before.status == "draft":
                new["kit_version"] = kit.version
            mine = screens.c.id == screen
            await connection.execute(sa.update(screens).where(mine).values(**new))
            await audit.record(connection, caller, "changed", f"screen:{screen}")

    async def open(self, caller: Caller, screen: str) -> None:
        """From now on people can be interviewed; what is asked and how it is measured is fixed.

        Raises:
            BadInput: it is closed, or past its last day.
        """
        workspace = _workspace(caller)
        found = await self.get(workspace, screen)
        kit = await Library(self._database, workspace).get(found.kit)
        policy = await Calibrations(self._database, workspace).policy(kit)
        new = {
            "status": "open",
            "kit_version": kit.version,
            "policy": policy.model_dump(mode="json"),
        }
        async with self._database.write() as connection:
            before = await _held(connection, workspace, screen)
            if before.status == "open":
                return
            await _check_opening(connection, before, kit.name)
            mine = screens.c.id == screen
            await connection.execute(sa.update(screens).where(mine).values(**new))
            await audit.record(connection, caller, "opened", f"screen:{screen}", kit=kit.version)

    async def close(self, caller: Caller, screen: str) -> None:
        """Nobody can begin any more; whoever is in an interview goes on.

        Once the last of them has ended, candidates may read the rubric of their report.
        """
        workspace = _workspace(caller)
        async with self._database.write() as connection:
            if (await _held(connection, workspace, screen)).status == "closed":
                return
            mine = screens.c.id == screen
            new = {"status": "closed", "closed": unix_now()}
            await connection.execute(sa.update(screens).where(mine).values(**new))
            await audit.record(connection, caller, "closed", f"screen:{screen}")

    async def get(self, workspace: str, screen: str) -> Screen:
        """A screen of this workspace."""
        async with self._database.read() as connection:
            return await _read(connection, workspace, screen, sa.select(screens))

    async def of(self, workspace: str) -> list[Screen]:
        """The screens of a workspace, newest first."""
        mine = screens.c.workspace_id == workspace
        query = sa.select(screens).where(mine).order_by(screens.c.created.desc())
        async with self._database.read() as connection:
            return [_screen(row) for row in await connection.execute(query)]

    async def counts(self, workspace: str) -> dict[str, Counts]:
        """How many were invited and interviewed, by the screen's id."""
        ended = sa.func.sum(sa.case((interviews.c.status == "ended", 1), else_=0))
        of, held = invites.c.screen_id, interviews.c.screen_id
        invited = sa.select(of, sa.func.count()).where(invites.c.workspace_id == workspace)
        taken = sa.select(held, sa.func.count(), ended).where(
            interviews.c.workspace_id == workspace, held.is_not(None)
        )
        async with self._database.read() as connection:
            by_screen = {
                row[0]: Counts(row[1]) for row in await connection.execute(invited.group_by(of))
            }
            for row in await connection.execute(taken.group_by(held)):
                counted = by_screen.get(row[0], Counts())
                by_screen[row[0]] = counted._replace(begun=row[1], ended=row[2])
        return by_screen


async def first_texts(database: Database, workspace: str) -> Texts:
    """What the texts of a new screen begin with, as the workspace has set it."""
    _, settings = await read_settings(database, workspace)
    return Texts(**settings.get(DEFAULTS, {}))


async def _held(connection: AsyncConnection, workspace: str, screen: str) -> Screen:
    """The screen as it stays until this transaction ends."""
    return await _read(connection, workspace, screen, sa.select(screens).with_for_update())


async def _read(
    connection: AsyncConnection, workspace: str, screen: str, query: sa.Select[Any]
) -> Screen:
    mine = (screens.c.workspace_id == workspace) & (screens.c.id == screen)
    row = (await connection.execute(query.where(mine))).one_or_none()
    if row is None:
        raise NotFound("There is no such screen.", "Look at the list of screens.")
    return _screen(row)


def _workspace(caller: Caller) -> str:
    assert caller.workspace is not None
    return caller.workspace


def _check_change(before: Screen, wish: NewScreen) -> None:
    if before.status == "closed":
        raise BadInput("This screen is closed and stays as it was.", "Make a new one.")
    old, new = _row(before), _row(wish)
    if before.status == "open" and any(new[name] != old[name] for name in FIXED):
        raise BadInput(
            "What is asked cannot change once a screen is open: all are asked alike.",
            "Make a new screen; its texts and dates can still change.",
        )
    if before.status == "open" and wish.blind_share < before.blind_share:
        raise Unfit(
            "blind_share",
            "The share that people mark first cannot shrink once a screen is open: whoever was "
            "drawn would be seen unmarked.",
            f"Leave it at {100 * before.blind_share:g} %, or raise it.",
        )


async def _check_opening(connection: AsyncConnection, screen: Screen, kit: str) -> None:
    if screen.status == "closed":
        raise BadInput("This screen is closed.", "Make a new one.")
    if screen.kit != kit:
        raise BadInput("The screen was changed meanwhile.", "Look at it again, then open it.")
    now = float(await connection.scalar(sa.select(unix_now())) or 0)
    if screen.closes is not None and screen.closes <= now:
        raise Unfit("closes", "The time to close is past.", "Choose a later one, or none.")


def _row(wish: NewScreen) -> dict[str, Any]:
    row = asdict(wish)
    kept = {name: row[name] for name in NewScreen.__dataclass_fields__}
    return kept | {"subjects": list(wish.subjects)}


def _screen(row: sa.Row[Any]) -> Screen:
    fields = dict(row._mapping)
    fields["texts"] = Texts(**fields["texts"])
    fields["subjects"] = tuple(fields["subjects"])
    return Screen(**cast("dict[str, Any]", fields))
