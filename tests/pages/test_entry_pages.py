"""Coming in with a browser: accounts, and links whose secret stays out of every address and log."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe import findings
from served_viva import VIVA, Served

pytestmark = pytest.mark.long
PASSWORD, NEW = "correct horse battery", "a sentence of my own"


@pytest.fixture(scope="module")
def team(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Path]]:
    """A served Viva with one admin, and its log."""
    home, secret = tmp_path_factory.mktemp("team"), "a-secret-of-these-tests"
    environment = {**os.environ, "VIVA_HOME": str(home), "VIVA_SECRET": secret}
    command = [*VIVA, "account", "add", "ann@example.org", "--role=admin", "--name=Ann"]
    subprocess.run(
        [*command, "--password-stdin"], input=PASSWORD, text=True, env=environment, check=True
    )
    server = Served(home, VIVA_SECRET=secret)
    server.start()
    yield server, home / "serve.log"
    server.stop()


@pytest.fixture
def new_page(browser: Any) -> Iterator[Any]:
    """Opens pages, each in a browser profile of its own; none may have an error of its own."""
    contexts, wrong = [], []

    def opened(address: str) -> Any:
        contexts.append(browser.new_context(viewport={"width": 1280, "height": 900}))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert wrong == []


def sign_in(page: Any, email: str, password: str) -> None:
    page.fill("#email", email)
    page.fill("#password", password)
    page.click("main form button")


def test_from_the_first_admin_to_a_colleague_by_link(
    team: tuple[Served, Path], new_page: Any
) -> None:
    served, log = team
    ann = new_page(f"{served.url}/people")
    sign_in(ann, "ann@example.org", PASSWORD)
    ann.wait_for_url("**/people")
    ann.fill("#email", "bea@example.org")
    ann.fill("#name", "Bea")
    ann.click("text=Add and make a link")
    link = ann.input_value("#secret")
    ann.click("[data-copy]")
    ann.locator("[data-copied]", has_text="Cop").wait_for(state="attached")
    ann.reload()
    assert ann.locator("#secret").count() == 0, "it is shown once, and not added again"

    bea = new_page(link)
    bea.wait_for_function("location.hash === ''")
    assert bea.is_hidden("#token")
    bea.fill("#link-new", NEW)
    bea.fill("#link-again", NEW)
    bea.click("text=Set the password")
    bea.wait_for_url("**/sign-in?done=password")
    sign_in(bea, "bea@example.org", NEW)
    bea.wait_for_url(f"{served.url}/")
    bea.go_back()
    secret = link.partition("#")[2]
    assert secret not in bea.url
    assert secret not in log.read_text()

    ann.goto(f"{served.url}/password")
    ann.goto(link)  # the same page, to which the browser only adds the fragment
    ann.wait_for_function("location.hash === ''")
    assert ann.input_value("#token") == secret


def test_axe_finds_nothing_on_the_pages_about_people(
    team: tuple[Served, Path], new_page: Any
) -> None:
    served, _ = team
    page = new_page(f"{served.url}/sign-in")
    found = {"sign in": findings(page)}
    sign_in(page, "ann@example.org", "wrong password")
    page.locator("#wrong").wait_for()
    found["wrong"] = findings(page)
    sign_in(page, "ann@example.org", PASSWORD)
    page.wait_for_url(f"{served.url}/")
    for path in ("/people", "/keys", "/password", "/view"):
        page.goto(served.url + path)
        found[path] = findings(page)
    page.goto(f"{served.url}/keys")
    page.fill("#name", "A system")
    page.click("main form[action='/keys'] button")
    page.locator("#secret").wait_for()
    found["a new key"] = findings(page)
    page.goto(f"{served.url}/view#wrong-secret")
    page.locator("#wrong").wait_for()
    found["a wrong link"] = findings(page)
    assert {state: list_ for state, list_ in found.items() if list_} == {}
