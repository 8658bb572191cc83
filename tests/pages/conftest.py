"""A Chromium that is found on this machine, and a real `viva serve` to look at with it."""

import shutil
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from served_viva import Served, Visit

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
).split()


UNSEEN = "pages are not looked at"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say in one line what was left out for want of a browser."""
    skipped = [str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])]
    unseen = [reason for reason in skipped if UNSEEN in reason]
    if unseen:
        why = unseen[0][unseen[0].index(UNSEEN) :].rstrip("')")
        terminalreporter.write_line(f"{len(unseen)} tests left out: {why}")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium; without one, the tests that look at pages are left out."""
    pytest.importorskip("playwright", reason=f"{UNSEEN}: pip install playwright")
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip(f"{UNSEEN}: there is no Chromium on this machine")
    return path


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    """A browser for one module: it holds the thread's event loop, which other modules need."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        opened = started.chromium.launch(executable_path=chromium, args=ARGS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def served(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The service; only started where there is a browser to look at it."""
    server = Served(tmp_path_factory.mktemp("served"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def visit(browser: Any, served: Served) -> Iterator[Visit]:
    """Open a page of the service in a browser profile of its own, or in one that is given.

    Afterwards no page may have asked another host for anything, or have had an error; `expects`
    names parts of messages that belong to the test.
    """
    contexts: list[Any] = []
    wrong: list[str] = []

    def watch(page: Any, expects: tuple[str, ...]) -> None:
        def note(text: str) -> None:
            if not any(part in text for part in expects):
                wrong.append(text)

        page.on("console", lambda each: note(each.text) if each.type == "error" else None)
        page.on("pageerror", lambda error: note(str(error)))
        page.on("request", lambda each: None if _is_ours(each.url, served) else note(each.url))

    def opened(
        path: str, *, context: Any = None, expects: tuple[str, ...] = (), **options: Any
    ) -> Any:
        if context is None:
            context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
            context.set_default_timeout(90_000)
            contexts.append(context)
        page = context.new_page()
        watch(page, expects)
        page.goto(served.url + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert wrong == []


def _is_ours(url: str, served: Served) -> bool:
    parts = urlsplit(url)
    return parts.scheme in {"data", "blob"} or parts.netloc == urlsplit(served.url).netloc
