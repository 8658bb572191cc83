"""The evaluator's way in a browser: list, replay, moments, gradings, what the interviewer knows."""

import re
from typing import Any

import httpx2
import pytest
from axe import findings
from served_viva import Served, Visit
from talking import ANSWER, BACKGROUND
from test_scorecard import settled

NUMBER = "[data-turn-number]"
SHOWN = "n => document.getElementById('step').dataset.number === String(n)"


@pytest.fixture(scope="module")
def interview(served: Served) -> str:
    """A practice of three answers, ended by its candidate."""
    held = served.interview()
    url = f"{served.url}/api/interviews/{held}"
    texts = [BACKGROUND, ANSWER, ANSWER]
    turns = [{"message": text} for text in texts] + [{"action": "end"}]
    for number, turn in enumerate(turns):
        view = settled(url)
        sent = {"turn_id": f"turn-{number:06}", "question": view["question"]["number"], **turn}
        httpx2.post(f"{url}/turns", json=sent, timeout=30.0).raise_for_status()
    assert settled(url)["status"] == "ended"
    return held


def shows(page: Any, number: int) -> None:
    """Wait until the page shows this step, with everything else agreeing."""
    page.wait_for_function(SHOWN, arg=number)
    assert page.text_content(NUMBER) == str(number)
    assert page.input_value("#slider") == str(number)
    assert page.input_value("#link").endswith(f"?turn={number}")
    assert page.url.endswith(f"?turn={number}")
    assert f"turn {number} of" in page.title().lower()


def test_an_evaluator_walks_from_the_list_to_a_moment_and_on_to_what_is_known(
    served: Served, visit: Visit, interview: str
) -> None:
    page = visit("/?all=1")
    page.click(f'a[href="/interviews/{interview}/replay"]')
    page.wait_for_url("**/replay")
    last = int(page.get_attribute("#slider", "max"))
    page.keyboard.press("ArrowRight")
    shows(page, 2)
    page.keyboard.press("End")
    shows(page, last)
    assert page.get_attribute('[data-go="next"]', "aria-disabled") == "true"
    page.keyboard.press("Home")
    shows(page, 1)
    page.focus("#slider")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    shows(page, 3)
    page.click('[data-go="next"]')
    shows(page, 4)
    said = page.text_content("[data-announce]")
    assert said.startswith(f"Turn 4 of {last}: ")
    anew = visit(page.input_value("#link").removeprefix(served.url))
    assert anew.text_content("#step") == page.text_content("#step")
    page.click("#step .seq >> nth=0")
    page.wait_for_url(re.compile(r"seq=\d+#seq-\d+$"))
    assert page.locator("#step :target").count() == 1
    page.click("text=Gradings side by side")
    page.wait_for_url("**/gradings")
    page.select_option("#right", "now")
    page.click("text=Put side by side")
    assert "the same" in page.text_content("#counts")
    page.goto(f"{served.url}/library/data-engineer")
    page.click("text=Search as the interviewer")
    page.fill("#q", "A second run writes the same partition again, so nothing is doubled.")
    page.select_option("#question", index=1)
    page.click("main form [type=submit]")
    page.wait_for_url("**/search?q=*")
    assert page.locator("#found .mark-row").count() > 0
    page.click("#found .mark-row a >> nth=0")
    page.wait_for_url("**/search?atom=*")
    assert "Marked on" in page.text_content("#one ~ p >> nth=1")
    page.click("text=What interviews have covered")
    page.wait_for_url("**/coverage")
    page.select_option("#order", "never")
    page.click("main form [type=submit]")
    assert "never asked" in page.text_content(".covered >> nth=0")


def test_a_moment_is_reached_by_its_hash_and_without_any_script(
    served: Served, visit: Visit, interview: str
) -> None:
    path = f"/interviews/{interview}/replay"
    shows(visit(f"{path}#turn-3"), 3)
    page = visit(f"{path}?turn=2", java_script_enabled=False)
    assert page.text_content(NUMBER) == "2"
    page.click('[data-go="next"]')
    assert page.text_content(NUMBER) == "3"
    page.focus("#slider")
    page.keyboard.press("Home")
    page.click("[data-without-script]")
    assert page.text_content(NUMBER) == "1"


def test_keys_that_mean_something_else_where_they_are_pressed_move_nothing(
    visit: Visit, interview: str
) -> None:
    page = visit(f"/interviews/{interview}/replay?turn=3")
    page.focus("#link")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("End")
    page.focus(".table-frame")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Alt+ArrowUp")
    assert page.text_content(NUMBER) == "3"
    page.focus("#main")
    page.keyboard.press("ArrowRight")
    shows(page, 4)


@pytest.mark.long
def test_axe_finds_nothing_on_the_evaluators_pages(
    served: Served, visit: Visit, interview: str
) -> None:
    base, kit = f"/interviews/{interview}", "/library/data-engineer"
    asked = "q=A+second+run+changes+nothing.&question=question-7dc4935d6b"
    page = visit("/", reduced_motion="reduce")
    found = {}
    paths = (
        f"{base}/replay",
        f"{base}/replay?turn=3",
        f"{base}/gradings",
        f"{kit}/search?{asked}",
        f"{kit}/search?atom=indicator-8a138f5287",
        f"{kit}/coverage?order=most",
    )
    for path in paths:
        page.goto(served.url + path)
        for each in page.locator("details").all():
            each.evaluate("e => e.open = true")
        found[path] = findings(page)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= page.viewport_size["width"], path
    assert {path: list_ for path, list_ in found.items() if list_} == {}
