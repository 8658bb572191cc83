"""Kits that a screen asks from are not for practice: whoever practised would know the questions."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from agent.events import Mode
from api.conduct import Wish
from api.hiring.rubric import in_use
from api.hiring.screen import Screen
from api.hiring.tables import screens
from knowledge.database import Database
from knowledge.errors import BadInput
from knowledge.library import Library


class NotForPractice(BadInput):
    """A screen asks from this kit."""

    def __init__(self, kit: str) -> None:
        super().__init__(
            f"`{kit}` is not for practice now: a screen asks from it, and whoever practised "
            "would know its questions.",
            "Practise on another kit, or come back when the screen is closed and all have ended.",
        )


@dataclass(frozen=True)
class OnScreen:
    """What the screens of a workspace ask from: titles of screens by kit name, and versions."""

    by_name: Mapping[str, tuple[str, ...]]
    versions: frozenset[str]

    def has(self, name: str, version: str) -> bool:
        """Whether a screen asks from a kit of this name, or from the same under another."""
        return name in self.by_name or version in self.versions


async def on_screen(database: Database, workspace: str) -> OnScreen:
    """The screens that are open, or that somebody is still in; those for practice hide nothing."""
    mine = (screens.c.workspace_id == workspace) & in_use()
    query = sa.select(screens.c.kit, screens.c.kit_version, screens.c.title).order_by(
        screens.c.created.desc()
    )
    async with database.read() as connection:
        rows = (await connection.execute(query.where(mine, screens.c.mode == "screen"))).all()
    titles: dict[str, tuple[str, ...]] = {}
    for row in rows:
        titles[row.kit] = (*titles.get(row.kit, ()), row.title)
    return OnScreen(titles, frozenset(row.kit_version for row in rows))


async def check_practice(database: Database, wish: Wish) -> None:
    """Refuse practice on a kit that a screen of the same workspace asks from.

    Raises:
        NotForPractice: one is.
        NotFound: there is no such kit.
    """
    taken = await on_screen(database, wish.workspace)
    if not taken.versions:
        return
    kit = await Library(database, wish.workspace).get(wish.kit, wish.kit_version)
    if taken.has(kit.name, kit.version):
        raise NotForPractice(wish.kit)


async def others_on(database: Database, screen: Screen) -> dict[Mode, tuple[str, ...]]:
    """Titles of the other open screens that ask from the same kit, by what they are for."""
    same = (screens.c.kit == screen.kit) | (screens.c.kit_version == screen.kit_version)
    mine = (screens.c.workspace_id == screen.workspace_id) & (screens.c.status == "open")
    query = sa.select(screens.c.mode, screens.c.title).where(mine, same, screens.c.id != screen.id)
    found: dict[Mode, tuple[str, ...]] = {"screen": (), "practice": ()}
    async with database.read() as connection:
        for mode, title in await connection.execute(query.order_by(screens.c.created.desc())):
            found[mode] = (*found[mode], title)
    return found
