"""Screens: one interview for many people, from a kit version that stays what it was."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal, cast

import sqlalchemy as sa

from agent.events import Mode
from agent.policy import Policy
from api.calibrations import Calibrations
from api.hiring import audit
from api.hiring.tables import screens
from api.identity.caller import Caller
from api.identity.tokens import new_id
from knowledge.atoms import Level
from knowledge.database import Database, unix_now
from knowledge.errors import BadInput, NotFound
from knowledge.library import Library

ScreenStatus = Literal["draft", "open", "closed"]
MOST_ATTEMPTS = 5
LONGEST_TEXT = 5_000


@dataclass(frozen=True, kw_only=True)
class Texts:
    """What candidates are told in the team's own words; all of it plain text."""

    company: str = ""
    """Who invites."""
    contact: str = ""
    """How a person is reached: an address or a telephone number."""
    notice: str = ""
    """What the law or the team adds to Viva's own notice."""
    brief: str = ""
    """What to prepare, and how."""
    message: str = ""
    """The invite's template; empty: ours. It may name {name}, {screen}, {company}, {link},
    {until}, {minutes}, {brief} and {contact}."""


@dataclass(frozen=True, kw_only=True)
class NewScreen:
    """A screen as a recruiter wishes it. `opens` and `closes` are Unix seconds."""

    title: str
    kit: str
    level: Level = "mid"
    mode: Mode = "screen"
    minutes: float = 45.0
    examiner: str = "local"
    subjects: Sequence[str] = ()
    """Competencies, one core question each; empty: the kit's richest."""
    attempts: int = 1
    texts: Texts = field(default_factory=Texts)
    blind_share: float = 0.2
    opens: float | None = None
    closes: float | None = None


@dataclass(frozen=True, kw_only=True)
class Screen(NewScreen):
    """A screen as it stands. From its opening on, kit version and policy stay as they are."""

    id: str
    workspace_id: str
    status: ScreenStatus
    kit_version: str
    policy: dict[str, Any] | None
    made_by: str
    created: float
    closed: float | None

    def takes(self, now: float) -> bool:
        """Whether somebody may begin now."""
        began = self.opens is None or self.opens <= now
        goes_on = self.closes is None or now < self.closes
        return self.status == "open" and began and goes_on


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
        _check(wish)
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
        _check(wish)
        before = await self.get(_workspace(caller), screen)
        fixed = ("kit", "level", "mode", "minutes", "examiner", "subjects")
        new = _row(wish)
        if before.status == "closed" or (
            before.status == "open" and any(new[name] != _row(before)[name] for name in fixed)
        ):
            raise BadInput(
                "What is asked cannot change once a screen is open: all are asked alike.",
                "Make a new screen; its texts and dates can still change.",
            )
        if before.status == "draft":
            kit = await Library(self._database, before.workspace_id).get(wish.kit)
            new["kit_version"] = kit.version
        async with self._database.write() as connection:
            mine = screens.c.id == screen
            await connection.execute(sa.update(screens).where(mine).values(**new))
            await audit.record(connection, caller, "changed", f"screen:{screen}")

    async def open(self, caller: Caller, screen: str) -> None:
        """From now on people can be interviewed; what is asked and how it is measured is fixed."""
        found = await self.get(_workspace(caller), screen)
        if found.status == "open":
            return
        if found.status == "closed":
            raise BadInput("This screen is closed.", "Make a new one.")
        kit = await Library(self._database, found.workspace_id).get(found.kit)
        policy = await Calibrations(self._database, found.workspace_id).policy(kit)
        new = {
            "status": "open",
            "kit_version": kit.version,
            "policy": policy.model_dump(mode="json"),
        }
        async with self._database.write() as connection:
            mine = (screens.c.id == screen) & (screens.c.status == "draft")
            await connection.execute(sa.update(screens).where(mine).values(**new))
            await audit.record(connection, caller, "opened", f"screen:{screen}", kit=kit.version)

    async def close(self, caller: Caller, screen: str) -> None:
        """Nobody can begin any more; candidates may read the rubric of their report."""
        found = await self.get(_workspace(caller), screen)
        if found.status == "closed":
            return
        async with self._database.write() as connection:
            mine = screens.c.id == screen
            new = {"status": "closed", "closed": unix_now()}
            await connection.execute(sa.update(screens).where(mine).values(**new))
            await audit.record(connection, caller, "closed", f"screen:{screen}")

    async def get(self, workspace: str, screen: str) -> Screen:
        """A screen of this workspace."""
        mine = (screens.c.workspace_id == workspace) & (screens.c.id == screen)
        async with self._database.read() as connection:
            row = (await connection.execute(sa.select(screens).where(mine))).one_or_none()
        if row is None:
            raise NotFound("There is no such screen.", "Look at the list of screens.")
        return _screen(row)

    async def of(self, workspace: str) -> list[Screen]:
        """The screens of a workspace, newest first."""
        mine = screens.c.workspace_id == workspace
        query = sa.select(screens).where(mine).order_by(screens.c.created.desc())
        async with self._database.read() as connection:
            return [_screen(row) for row in await connection.execute(query)]


def policy_of(screen: Screen) -> Policy | None:
    """What its interviews are decided and measured by; None before it opens."""
    return None if screen.policy is None else Policy.model_validate(screen.policy)


def _workspace(caller: Caller) -> str:
    assert caller.workspace is not None
    return caller.workspace


def _check(wish: NewScreen) -> None:
    told = [wish.title, *asdict(wish.texts).values()]
    if not wish.title.strip() or len(wish.title) > 200:
        raise BadInput("A screen needs a title of 1 to 200 characters.", "Give it one.")
    if any(len(text) > LONGEST_TEXT for text in told):
        raise BadInput(f"A text is longer than {LONGEST_TEXT:,} characters.", "Shorten it.")
    if wish.mode == "screen" and not wish.texts.contact.strip():
        raise BadInput(
            "It is not said how a candidate reaches a person.",
            "Give a contact: an e-mail address or a telephone number.",
        )
    if not 1 <= wish.attempts <= MOST_ATTEMPTS:
        raise BadInput(f"{wish.attempts} attempts are asked for.", f"1 to {MOST_ATTEMPTS} can be.")
    if not 0 <= wish.blind_share <= 1:
        raise BadInput("The share to be marked by people first is from 0 to 1.", "Say 0.2.")
    if wish.opens is not None and wish.closes is not None and wish.closes <= wish.opens:
        raise BadInput("The screen closes before it opens.", "Choose a later day to close.")


def _row(wish: NewScreen) -> dict[str, Any]:
    row = asdict(wish)
    kept = {name: row[name] for name in NewScreen.__dataclass_fields__}
    return kept | {"subjects": list(wish.subjects)}


def _screen(row: sa.Row[Any]) -> Screen:
    fields = dict(row._mapping)
    fields["texts"] = Texts(**fields["texts"])
    fields["subjects"] = tuple(fields["subjects"])
    return Screen(**cast("dict[str, Any]", fields))


def renamed(screen: Screen, title: str) -> NewScreen:
    """A wish for the same screen again under another title."""
    wish = NewScreen(**{name: getattr(screen, name) for name in NewScreen.__dataclass_fields__})
    return replace(wish, title=title)
