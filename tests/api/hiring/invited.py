"""Somebody with an invite, in a browser of their own, as the tests of the candidate's side need."""

import re
from collections.abc import Sequence
from html import unescape
from typing import Any

import httpx2
import sqlalchemy as sa
from room import Room

from api.hiring.screens import Texts
from api.hiring.tables import decisions, screens
from api.identity.tokens import new_id
from api.tables import interviews
from knowledge.database import unix_now

PAGE = {"accept": "text/html", "user-agent": "Candidate's browser"}
ANSWER = "A table is rows on disk; I would load it in batches and check each load."
TEXTS = Texts(
    company="Acme",
    contact="people@example.org",
    notice="We are bound by the law of Ruritania.",
    brief="Look at your last project again.",
)


class Candidate:
    """Somebody invited to `screen`; `invite` is an id and `token` what stands in their link."""

    def __init__(self, room: Room, screen: str, invite: str, token: str) -> None:
        self.room, self.screen, self.invite, self.token = room, screen, invite, token
        self.client: httpx2.AsyncClient = room.client()

    def elsewhere(self) -> "Candidate":
        """The same person in another browser."""
        return Candidate(self.room, self.screen, self.invite, self.token)

    async def open(self, link: str | None = None) -> httpx2.Response:
        """Open the link, as its page's form does."""
        return await self.post("/invite", link=link or f"http://viva.test/invite#{self.token}")

    async def get(self, path: str = "/mine") -> httpx2.Response:
        """A page."""
        return await self.client.get(path, headers=PAGE)

    async def post(self, path: str, **form: str) -> httpx2.Response:
        """Send a form."""
        return await self.client.post(path, data=form, headers=PAGE)

    async def page(self) -> str:
        """The candidate's own page in words."""
        answer = await self.get()
        assert answer.status_code == 200, answer.text
        return words(answer)

    async def agreed(self, **fields: str) -> dict[str, str]:
        """The form as it stands on the page, with the box ticked."""
        text = (await self.get()).text
        form = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', text))
        return {**form, "consent": "yes", **fields}

    async def begin(self, **fields: str) -> httpx2.Response:
        """Agree to the notice and begin."""
        return await self.post("/mine/begin", **await self.agreed(**fields))

    async def begun(self) -> str:
        """Begin, and wait for the opening; the interview's id."""
        answer = await self.begin()
        assert answer.status_code == 303, answer.text
        interview = answer.headers["location"].removeprefix("/interviews/")
        await self.room.settle(interview)
        return interview

    async def hold(self, text: str = ANSWER) -> str:
        """Hold the whole interview; its id."""
        interview = await self.begun()
        await self.room.answer_all(interview, text)
        return interview

    async def held(self) -> Sequence[Any]:
        """The rows of their interviews."""
        query = sa.select(interviews).where(interviews.c.invite_id == self.invite)
        async with self.room.database.read() as connection:
            return (await connection.execute(query)).all()

    async def change(self, **new: Any) -> None:
        """Set columns of the screen."""
        await change(self.room, screens, self.screen, **new)


def words(answer: httpx2.Response) -> str:
    """What stands on a page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


async def invited(room: Room, screen: str, **wish: Any) -> Candidate:
    """Somebody who has not opened their link yet."""
    return Candidate(room, screen, *await room.invite(screen, **wish))


async def arrived(room: Room, **wish: Any) -> Candidate:
    """Somebody who has opened their link to a screen of their own."""
    screen = await room.screen(**{"texts": TEXTS, "blind_share": 0.0, **wish})
    made = await invited(room, screen)
    assert (await made.open()).status_code == 303
    return made


async def change(room: Room, table: sa.Table, id_: str, **new: Any) -> None:
    """Set columns of a row."""
    async with room.database.write() as connection:
        await connection.execute(sa.update(table).where(table.c.id == id_).values(**new))


async def decide(room: Room, interview: str, outcome: str) -> None:
    """Have a person decide, with a reason that is the team's own."""
    row = {"id": new_id(), "workspace_id": room.ours, "interview_id": interview}
    told = {"outcome": outcome, "reason": "internal words", "by": "Recruiter"}
    async with room.database.write() as connection:
        await connection.execute(sa.insert(decisions).values(**row, **told, at=unix_now()))
