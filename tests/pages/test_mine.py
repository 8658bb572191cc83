"""A candidate's way in a browser: from the link to the end, and an invite that is withdrawn."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import pytest
from axe import findings
from served_viva import Served, Visit
from talking import ANSWER, BACKGROUND, answer, ready

from api.hiring.invites import Invites, NewInvite
from api.hiring.screens import NewScreen, Screens, Texts
from api.identity.caller import THIS_MACHINE
from knowledge.database import Database

TEXTS = Texts(
    company="Acme",
    contact="people@example.org, +41 00 000 00 00",
    notice="We keep to the law of Ruritania.\nYou may bring a glossary.",
    brief="Look at your last project again.",
)


class Team:
    """What the recruiter does meanwhile, on the same database."""

    def __init__(self, home: Path) -> None:
        self._path = home / "viva.db"

    def _do(self, work: Callable[[Database], Awaitable[Any]]) -> Any:
        async def done() -> Any:
            database = Database(f"sqlite+aiosqlite:///{self._path}")
            try:
                return await work(database)
            finally:
                await database.close()

        with ThreadPoolExecutor(1) as thread:  # the browser holds this one's event loop
            return thread.submit(asyncio.run, done()).result()

    def invites(self, **wish: Any) -> tuple[str, str, str]:
        """Somebody, to a screen of their own; its id, the invite's and the token."""

        async def work(database: Database) -> tuple[str, str, str]:
            screens = Screens(database)
            given = {"title": "First talk", "kit": "data-engineer", "minutes": 15.0, "texts": TEXTS}
            screen = await screens.make(THIS_MACHINE, NewScreen(**{**given, **wish}))
            await screens.open(THIS_MACHINE, screen)
            cleo = NewInvite(name="Cleo", email="cleo@example.org")
            [(invite, token)] = await Invites(database).make(THIS_MACHINE, screen, [cleo])
            return screen, invite, token

        made: tuple[str, str, str] = self._do(work)
        return made

    def revokes(self, invite: str) -> None:
        """Withdraw an invite."""
        self._do(lambda database: Invites(database).revoke(THIS_MACHINE, invite))

    def closes(self, screen: str) -> None:
        """Close a screen."""
        self._do(lambda database: Screens(database).close(THIS_MACHINE, screen))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the service has its database."""
    return tmp_path_factory.mktemp("invited")


@pytest.fixture(scope="module")
def served(chromium: str, home: Path) -> Iterator[Served]:
    """A service with accounts, where nobody is let in for being on this machine."""
    server = Served(home, VIVA_SECRET="sixteen-letters-and-more")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def team(home: Path, served: Served) -> Team:
    """The recruiter, once there is a database."""
    return Team(home)


def begin(page: Any) -> None:
    """Press the button under the notice."""
    page.get_by_role("button", name="Begin the interview").click()


@pytest.mark.long
def test_from_the_link_to_the_status_with_nothing_of_the_secret_in_an_address(
    served: Served, team: Team, visit: Visit
) -> None:
    screen, _, token = team.invites()
    page = visit(f"/invite#{token}", expects=("422",))
    asked: list[str] = []
    page.on("request", lambda each: asked.append(each.url))
    page.wait_for_url("**/mine")
    assert token not in page.url
    assert not any(token in url for url in asked)
    found = {"before": findings(page)}
    page.click("#another ~ details summary")
    page.check("input[value=time]")
    page.fill("#text", "half as much again")
    page.get_by_role("button", name="Ask the team").click()
    page.locator("#asked").wait_for()
    begin(page)
    page.locator("[role=alert]").wait_for()
    found["asked, and not agreed"] = findings(page)
    page.check("#consent")
    begin(page)
    page.wait_for_url("**/interviews/*")
    ready(page)
    answer(page, BACKGROUND)
    page.goto(f"{served.url}/mine")
    found["running"] = findings(page)
    page.click("text=Go on with it")
    ready(page)
    page.click("#tools [data-ends]")
    page.click("#ending .danger")
    page.locator("#over").wait_for()
    page.click("text=See where it stands")
    page.wait_for_url("**/mine")
    found["over"] = findings(page)
    team.closes(screen)
    page.reload()
    page.click("text=Read your report")
    page.wait_for_url("**/report?for=candidate")
    assert "The interviews are closed" in page.inner_text("main")
    found["opened report"] = findings(page)
    assert {state: list_ for state, list_ in found.items() if list_} == {}


def test_an_invite_withdrawn_while_an_answer_is_written_says_so_and_keeps_the_words(
    served: Served, team: Team, visit: Visit
) -> None:
    _, invite, token = team.invites()
    page = visit(f"/invite#{token}", expects=("403",))
    page.wait_for_url("**/mine")
    page.check("#consent")
    begin(page)
    page.wait_for_url("**/interviews/*")
    ready(page)
    page.fill("#words", ANSWER)
    team.revokes(invite)
    page.click("#send")
    line = page.locator("#line", has_text="withdrawn this invite")
    line.wait_for()
    assert "people@example.org" in line.inner_text()
    assert page.input_value("#words") == ANSWER
    page.goto(f"{served.url}/mine")
    assert "withdrawn this invite" in page.inner_text("main")
    assert findings(page) == []


def test_without_scripts_the_link_can_be_pasted_and_opened(
    served: Served, team: Team, visit: Visit
) -> None:
    _, _, token = team.invites()
    page = visit("/invite", java_script_enabled=False)
    page.fill("#link", f"{served.url}/invite#{token}")
    page.get_by_role("button", name="Open it").click()
    page.wait_for_url("**/mine")
    assert "Acme invites you" in page.inner_text("h1")
    policy = httpx2.get(f"{served.url}/invite").headers["content-security-policy"]
    assert "unsafe" not in policy
