"""Speech that streams: shown ahead of its commit, read out once, and only when it stands."""

import json
import threading
from collections.abc import Iterator

import pytest
from openai_endpoint import OpenAIEndpoint, Reply, Request
from served_viva import Served, Visit
from talking import BACKGROUND, answer, lines, ready, send, wait_for_reply

LEAD = "You worked on sales data."
READ = json.dumps(
    {
        "readable": True,
        "intents": ["answer"],
        "mentions": [],
        "steering": "",
        "marks": [],
        "communicated": [],
        "way_to_find_out": "",
        "other_road": "",
    }
)
WATCH = """() => {
  window.ahead = [];
  window.announced = 0;
  const watch = (selector, work) =>
    new MutationObserver(work).observe(document.querySelector(selector), { childList: true });
  watch('#ahead', () => {
    const said = document.querySelector('#ahead .said .text');
    if (said) window.ahead.push(said.innerText);
  });
  watch('#announcer', (changes) => {
    for (const change of changes) window.announced += change.addedNodes.length;
  });
}"""


READS = threading.Event()
READS.set()


def _slowly(request: Request) -> Reply:
    READS.wait(20)
    return Reply(LEAD, fault="trickle", pause=0.001) if request.get("stream") else Reply(READ)


@pytest.fixture(scope="module")
def served(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service whose language model speaks slowly."""
    with OpenAIEndpoint(_slowly) as model:
        settings = {"VIVA_MODEL": "slow", "VIVA_BASE_URL": model.url, "VIVA_API_KEY": "none"}
        server = Served(tmp_path_factory.mktemp("speech"), **settings)
        server.start()
        yield server
        server.stop()


def test_speech_is_seen_before_it_is_committed_and_read_out_once(
    served: Served, visit: Visit
) -> None:
    page = visit(f"/interviews/{served.interview(examiner='model')}")
    ready(page)
    page.evaluate(WATCH)
    answer(page, BACKGROUND)
    said = page.locator("#log .said .text").last.inner_text()
    assert said.startswith(LEAD)
    ahead = page.evaluate("window.ahead")
    assert ahead[0].strip() == LEAD
    assert page.locator("#ahead").get_attribute("aria-hidden") == "true"
    assert page.locator("#ahead > li").count() == 0
    assert page.evaluate("window.announced") == 1
    assert said in page.locator("#announcer").inner_text()


def test_a_long_wait_is_told_not_to_count(served: Served, visit: Visit) -> None:
    page = visit(f"/interviews/{served.interview(examiner='model')}")
    ready(page)
    told = page.locator("#thinking .what")
    before = lines(page)
    READS.clear()
    try:
        send(page, BACKGROUND)
        told.get_by_text("Viva is reading…").wait_for()
        told.get_by_text("Viva is reading. Its time does not count.").wait_for()
    finally:
        READS.set()
    wait_for_reply(page, before)
    assert page.locator("#thinking").is_hidden()
