"""Kits with an open screen are not for practice: whoever practised would know the questions."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from api.conduct import Wish
from api.hiring.tables import screens
from knowledge.database import Database
from knowledge.errors import BadInput
from knowledge.library import Library


class NotForPractice(BadInput):
    """A screen is open on this kit."""

    def __init__(self, kit: str) -> None:
        super().__init__(
            f"`{kit}` is not for practice now: a screen is open on it, and whoever practised "
            "would know its questions.",
            "Practise on another kit, or come back when the screen is closed.",
        )


@dataclass(frozen=True)
class OnScreen:
    """What the open screens of a workspace ask from: titles of screens by kit name and version."""

    by_name: Mapping[str, tuple[str, ...]]
    versions: frozenset[str]

    def has(self, name: str, version: str) -> bool:
        """Whether a screen asks from a kit of this name, or from the same under another."""
        return name in self.by_name or version in self.versions


async def on_screen(database: Database, workspace: str) -> OnScreen:
    """The open screens of a workspace; those for practice hide nothing."""
    mine = (screens.c.workspace_id == workspace) & (screens.c.status == "open")
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
    """Refuse practice on a kit that a screen of the same workspace is open on.

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
