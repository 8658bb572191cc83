"""A set of interviews, and people who mark it through the pages."""

import re
from dataclasses import dataclass
from typing import NamedTuple

import httpx2
import sqlalchemy as sa
from room import Room
from scored import BAD, GOOD, scored

from api.marking.marks import Marking, MarkRow
from api.marking.sets import NewSet, Sets
from api.marking.tables import looks, marking_sets


class Place(NamedTuple):
    """A room with interviews of one screen that are over."""

    room: Room
    screen: str
    interviews: list[str]


@dataclass
class Desk:
    """A set; `interviews` in the order in which they were held, all of one screen."""

    room: Room
    set: str
    screen: str
    interviews: list[str]

    @property
    def path(self) -> str:
        return f"/marking/{self.set}"

    async def number(self, interview: str) -> int:
        """The number of an interview in the set."""
        entries = await Sets(self.room.database).entries(self.set)
        return next(entry.number for entry in entries if entry.interview == interview)

    async def next(self, who: str) -> str | None:
        """Where somebody is led to mark; None: there is nothing for them."""
        answer = await self.room.clients[who].post(f"{self.path}/next")
        assert answer.status_code == 303, answer.text
        leads = answer.headers["location"]
        return None if "none=" in leads else leads

    async def form(self, who: str, path: str, verdict: str) -> dict[str, str]:
        """The form of an interview, filled in with this verdict throughout."""
        page = await self.room.clients[who].get(path)
        assert page.status_code == 200, page.text
        return dict.fromkeys(set(re.findall(r'name="(mark-[^"]+)"', page.text)), verdict)

    async def mark(self, who: str, verdict: str, path: str | None = None, **more: str) -> str:
        """Mark what comes next, or the interview there; its path."""
        path = path or await self.next(who)
        assert path
        sent = await self.send(who, path, await self.form(who, path, verdict) | more)
        assert sent.status_code == 303, sent.text
        return path

    async def send(self, who: str, path: str, form: dict[str, str]) -> httpx2.Response:
        return await self.room.clients[who].post(path, data=form)

    async def mark_all(self, who: str, verdict: str) -> None:
        """Mark until there is nothing more for them."""
        while path := await self.next(who):
            await self.mark(who, verdict, path)

    async def rows(self) -> list[MarkRow]:
        return await Marking(self.room.database).marks(self.room.ours, self.set)


async def place_in(room: Room) -> Place:
    """Hold two interviews of one screen."""
    first = await scored(room, GOOD)
    second = await scored(room, BAD, screen=first.screen)
    return Place(room, first.screen, [first.id, second.id])


async def cleared(place: Place) -> Desk:
    """A new set, in a place where nobody has marked or looked at anything."""
    room = place.room
    async with room.database.write() as connection:
        for table in (marking_sets, looks):
            await connection.execute(sa.delete(table))
    wish = NewSet("First talks", place.interviews)
    made = await Sets(room.database).make(room.callers["recruiter"], wish)
    return Desk(room, made, place.screen, list(place.interviews))
