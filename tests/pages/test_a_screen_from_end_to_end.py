"""Everybody's way through one screen, in real browsers on the real service with accounts.

From the operator's first account to the candidate's answered contest; each page on the way is
looked at by axe: dark and wide in every run, light and narrow in the long ones.
"""

import subprocess
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from axe import WAYS, findings
from served_viva import VIVA, Served
from talking import answer, ready

PASSWORD = "a sentence is easy to keep"
SECRET = "a-secret-of-sixteen-letters-and-more"
HOSTILE = '<img src=x onerror="alert(1)">=1+1'
ANSWERS = (
    "I have worked with Python, Apache Airflow and Apache Spark on sales data.",
    "I would write each day to its own partition, because a second run then changes nothing. "
    "For example our orders were loaded twice and stayed right.",
)
MOST_ANSWERS = 40
Ways = Sequence[tuple[str, int]]


@pytest.fixture
def team(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The service with a secret and one admin, made as the README says."""
    home = tmp_path_factory.mktemp("team")
    server = Served(home, VIVA_SECRET=SECRET)
    done = subprocess.run(
        [*VIVA, "account", "add", "ada@example.org", "--role", "admin", "--password-stdin"],
        input=PASSWORD,
        env=server.environment,
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    server.start()
    yield server
    server.stop()


class Walk:
    """One person with a browser of their own; what axe finds is gathered by page."""

    def __init__(
        self, browser: Any, served: Served, found: dict[str, list[str]], ways: Ways
    ) -> None:
        self.context = browser.new_context(viewport={"width": 1280, "height": 900})
        self.context.set_default_timeout(90_000)
        self.page = self.context.new_page()
        self.url, self.found, self.ways = served.url, found, ways
        self.wrong: list[str] = []
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("dialog", lambda dialog: self.wrong.append(f"dialog {dialog.message}"))

    def go(self, path: str) -> None:
        self.page.goto(path if path.startswith("http") else self.url + path)

    def look(self, name: str) -> None:
        """Have axe look at the page as it stands."""
        if problems := findings(self.page, self.ways):
            self.found[name] = problems
        self.page.set_viewport_size({"width": 1280, "height": 900})

    def press(self, name: str) -> None:
        """Press a button or link by its name and wait for the next page."""
        one = self.page.get_by_role("button", name=name).or_(
            self.page.get_by_role("link", name=name)
        )
        with self.page.expect_navigation():
            one.first.click()

    def sign_in(self, email: str) -> None:
        self.go("/sign-in")
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.locator("[name=email]").fill(email)
        with self.page.expect_navigation():
            self.page.locator("main form button[type=submit]").click()


@pytest.mark.parametrize("ways", [WAYS[:1], pytest.param(WAYS, marks=pytest.mark.long)])
def test_recruiter_and_candidate_walk_from_the_first_account_to_an_answered_contest(
    browser: Any, team: Served, ways: Ways
) -> None:
    found: dict[str, list[str]] = {}
    admin, recruiter, candidate = (Walk(browser, team, found, ways) for _ in range(3))
    _join(admin, recruiter)
    screen = _make_a_screen(recruiter)
    link = _invite(recruiter, screen)
    interview = _be_interviewed(candidate, link)
    _read_and_decide(recruiter, screen, interview)
    _close_and_contest(recruiter, candidate, screen, interview)
    _answer_the_contest(recruiter, candidate, interview)
    for path in ("/records", "/settings", "/people", "/keys", "/library", "/reviews"):
        admin.go(path)
        admin.look(path)
    assert found == {}
    assert [admin.wrong, recruiter.wrong, candidate.wrong] == [[], [], []]


def _join(admin: Walk, recruiter: Walk) -> None:
    admin.go("/sign-in")
    admin.look("sign-in")
    admin.sign_in("ada@example.org")
    admin.go("/people")
    admin.page.fill("#email", "rosa@example.org")
    admin.page.fill("#name", HOSTILE)
    admin.page.check("[name=role][value=recruiter]")
    admin.press("Add and make a link")
    admin.look("people, with a link")
    link = admin.page.locator("input[readonly]").first.input_value()
    assert "/password#" in link
    recruiter.go(link)
    recruiter.page.locator("[name=new]:visible").fill(PASSWORD)
    recruiter.page.locator("[name=again]:visible").fill(PASSWORD)
    recruiter.look("password")
    assert "#" not in recruiter.page.url
    with recruiter.page.expect_navigation():
        recruiter.page.locator("form[data-link-form] button[type=submit]").click()
    recruiter.sign_in("rosa@example.org")


def _make_a_screen(recruiter: Walk) -> str:
    recruiter.go("/screens")
    recruiter.look("no screens yet")
    recruiter.go("/screens/new?kit=data-engineer")
    page = recruiter.page
    page.fill("#title", HOSTILE)
    page.fill("#minutes", "5")
    page.fill("#company", "Acme")
    page.fill("#contact", "people@acme.example")
    page.fill("#blind_share", "0")
    recruiter.look("a new screen")
    with page.expect_navigation():
        page.locator("main form button[type=submit]:not([name=look])").last.click()
    screen = page.url.rpartition("/")[2].partition("?")[0]
    recruiter.look("a draft")
    recruiter.go(f"/screens/{screen}/preview")
    recruiter.look("preview")
    recruiter.go(f"/screens/{screen}/open")
    recruiter.look("rehearsal")
    recruiter.press("Open the screen")
    return screen


def _invite(recruiter: Walk, screen: str) -> str:
    recruiter.go(f"/screens/{screen}/invites")
    recruiter.page.fill("#name", HOSTILE)
    recruiter.page.fill("#email", "cleo@example.org")
    recruiter.look("invites")
    with recruiter.page.expect_navigation():
        recruiter.page.get_by_role("button", name="Invite", exact=True).click()
    recruiter.look("an invite's link")
    link = recruiter.page.locator("#link-1").input_value()
    assert "/invite#" in link
    return str(link)


def _be_interviewed(candidate: Walk, link: str) -> str:
    page = candidate.page
    with page.expect_navigation(url="**/mine"):
        candidate.go(link)
    assert "#" not in page.url
    candidate.look("invited")
    page.get_by_text("Ask for another way").click()
    page.locator("[name=what]").first.check()
    candidate.press("Ask the team")
    page.check("#consent")
    candidate.press("Begin the interview")
    page.wait_for_url("**/interviews/*")
    interview = str(page.url.rpartition("/")[2])
    ready(page)
    for number in range(MOST_ANSWERS):
        if page.locator("#over").is_visible():
            break
        answer(page, ANSWERS[min(number, 1)])
    assert page.locator("#over").is_visible()
    candidate.look("the interview, over")
    candidate.go("/mine")
    assert "It is with the team" in page.content()
    candidate.look("reviewing")
    return interview


def _read_and_decide(recruiter: Walk, screen: str, interview: str) -> None:
    page = recruiter.page
    recruiter.go(f"/screens/{screen}/candidates")
    assert HOSTILE in page.locator("table").first.inner_text()
    recruiter.look("candidates")
    recruiter.go(f"/scorecards/{interview}")
    recruiter.look("scorecard")
    page.check("[name=outcome][value=advance]")
    page.locator("form[action$=decisions] [name=reason]").fill("Sound reasons; a person's call.")
    recruiter.press("Keep the decision")
    recruiter.look("scorecard, decided")


def _close_and_contest(recruiter: Walk, candidate: Walk, screen: str, interview: str) -> None:
    recruiter.go(f"/screens/{screen}/close")
    recruiter.look("closing")
    recruiter.press("Close the screen")
    candidate.go("/mine")
    assert "the team would like to go on with you" in candidate.page.content()
    candidate.look("decided, closed")
    candidate.press("Read your report")
    candidate.look("the candidate's report")
    form = candidate.page.locator("form[action$=contests]").first
    form.evaluate("form => { for (let e = form; e; e = e.parentElement) e.open = true; }")
    form.locator("[name=reason]").fill("I did say that a second run changes nothing.")
    with candidate.page.expect_navigation():
        form.locator("button[type=submit]").click()
    assert candidate.page.url.endswith("#contest-1"), candidate.page.inner_text("main")


def _answer_the_contest(recruiter: Walk, candidate: Walk, interview: str) -> None:
    recruiter.go("/reviews")
    recruiter.look("to review")
    assert interview in recruiter.page.content()
    recruiter.go(f"/scorecards/{interview}")
    form = recruiter.page.locator("form[action$=decision]").first
    form.evaluate("form => { for (let e = form; e; e = e.parentElement) e.open = true; }")
    form.locator("[name=reason]").fill("It is said, but not why.")
    with recruiter.page.expect_navigation():
        form.locator("button[value=refuse]").click()
    candidate.go("/mine")
    assert "a person looked, and left it as it was" in candidate.page.content()
    candidate.look("contest answered")
