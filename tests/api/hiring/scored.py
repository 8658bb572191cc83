"""Interviews of a screen that are over, to be read, marked and decided."""

from dataclasses import dataclass
from typing import Any

import httpx2
from room import Room

from api.hiring.sittings import Sittings
from api.identity.gate import VIEW
from api.identity.keys import Keys, Links

GOOD = (
    "The old version of every row stays beside the new version, and two columns say from when"
    " until when a version was valid."
)
BAD = "I edit rows of the production database by hand, and I overwrite the row without a trace."


@dataclass(frozen=True)
class Scored:
    """An interview, its screen, and the room both are in."""

    room: Room
    id: str
    screen: str
    token: str
    """Of the candidate's invite."""

    async def key(self, role: Any) -> httpx2.AsyncClient:
        """A program with a key of the workspace."""
        keys = Keys(self.room.database)
        _, secret = await keys.make(self.room.callers["admin"], "a machine", role)
        client = self.room.client()
        client.headers["Authorization"] = f"Bearer {secret}"
        return client

    async def viewer(self) -> httpx2.AsyncClient:
        """A hiring manager's browser, with a link to this screen."""
        links = Links(self.room.database)
        token = await links.to_view(self.room.callers["recruiter"], self.screen, "Hanna")
        await links.enter(token)
        return self.room.client(VIEW, token)


async def scored(room: Room, text: str, *, screen: str | None = None, **wish: Any) -> Scored:
    """An interview in which everything was answered with this; without a text it still runs."""
    screen = screen or await room.screen(**wish)
    invite, token = await room.invite(screen)
    interview = await Sittings(room.service).begin(invite, 1, {"notice": "1", "text_hash": "x"})
    await room.settle(interview)
    if text:
        await room.answer_all(interview, text)
    return Scored(room, interview, screen, token)
