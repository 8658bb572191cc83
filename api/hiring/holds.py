"""Legal holds: nothing that a workspace, a screen or an invite holds is erased until they end."""

from dataclasses import dataclass, replace
from typing import Any, Literal, cast

from api.hiring import audit
from api.hiring.tables import workspaces
from api.hiring.workspace_settings import read_settings, settings_of
from api.identity.caller import Caller
from knowledge.database import Database
from knowledge.errors import VivaError

KEY = "legal_hold"
Held = Literal["workspace", "screen", "invite"]


class OnHold(VivaError):
    """It may not be erased while a legal hold is on."""

    exit_status = 2


@dataclass(frozen=True)
class Holds:
    """What is on hold; `screens` and `invites` are ids."""

    workspace: bool = False
    screens: frozenset[str] = frozenset()
    invites: frozenset[str] = frozenset()

    def on(self, screen: str | None, invite: str | None) -> Held | None:
        """Which hold keeps what belongs to these, if any does."""
        if self.workspace:
            return "workspace"
        if screen in self.screens:
            return "screen"
        return "invite" if invite in self.invites else None


def holds_in(settings: dict[str, Any]) -> Holds:
    """The holds among a workspace's settings."""
    kept = cast("dict[str, Any]", settings.get(KEY) or {})
    return Holds(
        workspace=bool(kept.get("workspace")),
        screens=frozenset(kept.get("screens", ())),
        invites=frozenset(kept.get("invites", ())),
    )


async def holds_of(database: Database, workspace: str) -> Holds:
    """What is on hold in a workspace."""
    return holds_in((await read_settings(database, workspace))[1])


async def set_hold(database: Database, caller: Caller, kind: Held, id_: str, on: bool) -> None:
    """Put something on hold, or end its hold; the same again changes nothing."""
    workspace = caller.workspace or ""
    async with database.write() as connection:
        settings = await settings_of(connection, workspace)
        before = holds_in(settings)
        after = _with(before, kind, id_, on)
        if after == before:
            return
        settings[KEY] = {
            "workspace": after.workspace,
            "screens": sorted(after.screens),
            "invites": sorted(after.invites),
        }
        mine = workspaces.c.id == workspace
        await connection.execute(workspaces.update().where(mine).values(settings=settings))
        action = "put on hold" if on else "hold ended"
        await audit.record(connection, caller, action, f"{kind}:{id_}")


def _with(holds: Holds, kind: Held, id_: str, on: bool) -> Holds:
    if kind == "workspace":
        return replace(holds, workspace=on)
    if kind == "screen":
        return replace(holds, screens=_changed(holds.screens, id_, on))
    return replace(holds, invites=_changed(holds.invites, id_, on))


def _changed(kept: frozenset[str], id_: str, on: bool) -> frozenset[str]:
    return kept | {id_} if on else kept - {id_}
