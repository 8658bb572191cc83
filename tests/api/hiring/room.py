"""Two workspaces behind the real application: each role a client of its own, in process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import httpx2

from api.hiring.invites import Invites, NewInvite
from api.hiring.screens import NewScreen, Screens, Texts
from api.identity.accounts import Accounts
from api.identity.caller import Caller
from api.identity.gate import INVITE, SESSION
from api.identity.sessions import Sessions
from api.service import Service
from api.settings import Settings
from api.web.app import make_app
from knowledge.kit_yaml import parse_kit
from knowledge.library import Library

SMALL = Path(__file__).parents[1] / "service" / "small.yaml"
SECRET = "a-secret-of-sixteen-letters-and-more"
PASSWORD = "correct horse battery"
FILE = "viva.db"
ROLES = ("admin", "recruiter", "evaluator")


class Room:
    """A workspace `ours` with one person of each role, and another, `theirs`, with an admin.

    `clients` holds a signed-in client by role, and `other` and `nobody`.
    """

    def __init__(self, app: Any, service: Service) -> None:
        self.app, self.service = app, service
        self.database = service.store.database
        self.ours = self.theirs = ""
        self.clients: dict[str, httpx2.AsyncClient] = {}
        self.callers: dict[str, Caller] = {}
        self.tokens: dict[str, str] = {}

    async def furnish(self) -> None:
        """Make the workspaces, the people and a kit for each."""
        accounts = Accounts(self.database)
        self.ours = await accounts.add_workspace("Ours")
        self.theirs = await accounts.add_workspace("Theirs")
        for role in ROLES:
            await self._join(accounts, role, role, self.ours)
        await self._join(accounts, "other", "admin", self.theirs)
        self.clients["nobody"] = self.client()
        for workspace in (self.ours, self.theirs):
            await Library(self.database, workspace).save(parse_kit(SMALL.read_text(), "small.yaml"))

    def move_in(self, kept: "Furniture") -> None:
        """Take over what is in the database already."""
        self.ours, self.theirs = kept.ours, kept.theirs
        self.tokens, self.callers = dict(kept.tokens), dict(kept.callers)
        self.clients = {name: self.client(SESSION, token) for name, token in self.tokens.items()}
        self.clients["nobody"] = self.client()

    async def _join(self, accounts: Accounts, name: str, role: Any, workspace: str) -> None:
        email = f"{name}@example.org"
        await accounts.add(
            email, name=name.title(), role=role, workspace=workspace, password=PASSWORD
        )
        sessions = Sessions(self.database)
        token = await sessions.sign_in(email, PASSWORD, "pytest")
        assert token
        caller = await sessions.by_session(token)
        assert caller
        self.callers[name] = caller
        self.tokens[name] = token
        self.clients[name] = self.client(SESSION, token)

    def client(self, cookie: str | None = None, value: str = "") -> httpx2.AsyncClient:
        """A browser of its own, with this cookie."""
        return httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=self.app, raise_app_exceptions=False),
            base_url="http://viva.test",
            cookies={cookie: value} if cookie else {},
        )

    async def screen(self, by: str = "recruiter", *, opened: bool = True, **wish: Any) -> str:
        """A screen of the caller's workspace; its id."""
        given = {"title": "First talk", "kit": "small", "minutes": 15.0, **wish}
        given.setdefault("blind_share", 0.0)
        given.setdefault("texts", Texts(company="Acme", contact="people@example.org"))
        screens, caller = Screens(self.database), self.callers[by]
        id_ = await screens.make(caller, NewScreen(**given))
        if opened:
            await screens.open(caller, id_)
        return id_

    async def invite(self, screen: str, by: str = "recruiter", **wish: Any) -> tuple[str, str]:
        """An invite's id and its token."""
        given = NewInvite(**{"name": "Cleo", "email": "cleo@example.org", **wish})
        [made] = await Invites(self.database).make(self.callers[by], screen, [given])
        return made

    async def candidate(self, token: str) -> httpx2.AsyncClient:
        """A browser in which the invite was opened."""
        entered = await Invites(self.database).enter(token, "pytest")
        assert entered
        return self.client(INVITE, entered[1])

    async def settle(self, interview: str) -> None:
        """Wait until no turn is under way."""
        while (look := await self.service.store.look(interview)).pending:
            await self.service.turns.run(look.pending)
            assert interview not in self.service.turns.trouble, self.service.turns.trouble

    async def say(self, interview: str, kind: str, text: str = "") -> None:
        """Send one message, or press one button, and wait for what is said to it."""
        stored = await self.service.store.load(interview)
        turn_id = f"turn-{(await self.service.view(interview)).turns:06}"
        await self.service.send(
            interview, turn_id=turn_id, question=stored.question, kind=kind, text=text
        )
        await self.settle(interview)

    async def answer_all(self, interview: str, text: str, most: int = 60) -> None:
        """Give this answer until the interview is over."""
        await self.settle(interview)
        for _ in range(most):
            if (await self.service.store.load(interview)).status == "ended":
                return
            await self.say(interview, "answer", text)
        raise AssertionError("the interview does not end")


class Furniture(NamedTuple):
    """What a furnished room is made again from: its SQLite file, and who is signed in how."""

    file: bytes
    ours: str
    theirs: str
    tokens: dict[str, str]
    callers: dict[str, Caller]

    def put_into(self, home: Path) -> None:
        """A copy of the file."""
        home.mkdir(parents=True, exist_ok=True)
        (home / FILE).write_bytes(self.file)


_kept: list[Furniture] = []
"""Made by the first room of this process; passwords take long to hash, as they should."""


@asynccontextmanager
async def furnished(home: Path, **settings: Any) -> AsyncIterator[Room]:
    """A room on a database of its own; on SQLite a copy of the first."""
    may_copy = "database_url" not in settings
    if may_copy and not _kept:
        with TemporaryDirectory() as folder:
            async with _room(Path(folder), None) as first:
                made = first.ours, first.theirs, first.tokens, first.callers
            _kept.append(Furniture((Path(folder) / FILE).read_bytes(), *made))
    async with _room(home, _kept[0] if may_copy else None, **settings) as room:
        yield room


@asynccontextmanager
async def _room(home: Path, kept: Furniture | None, **settings: Any) -> AsyncIterator[Room]:
    if kept is not None:
        kept.put_into(home)
    app = make_app(Settings(home=home, secret=SECRET, embedder="light", **settings))
    async with app.router.lifespan_context(app):
        room = Room(app, app.state.service)
        if kept is None:
            await room.furnish()
        else:
            room.move_in(kept)
        yield room
        for client in room.clients.values():
            await client.aclose()
