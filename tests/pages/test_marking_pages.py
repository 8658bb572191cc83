"""Marking by keys in a real browser; drafts outlive a reload, and axe finds nothing."""

import re
from typing import Any

import httpx2
from axe import findings
from served_viva import Served, Visit
from talking import ANSWER

KEEP = "Keep my marks"


def held(served: Served) -> str:
    """A practice interview that is over, with a question answered."""
    id_ = served.interview(questions=1)
    path = f"{served.url}/api/interviews/{id_}"
    with httpx2.Client(timeout=30.0) as client:
        while (view := client.get(path).json())["status"] != "ended":
            if view["pending"] or view["question"] is None:
                continue
            said = {"action": "end"} if view["stage"] == "money" else {"message": ANSWER}
            turn = {"turn_id": f"turn-{view['turns']:06}", **said}
            turn["question"] = view["question"]["number"]
            told = client.post(f"{path}/turns", json=turn)
            assert told.status_code in {200, 202}, told.text
    return id_


def made(served: Served, interview: str) -> str:
    """The path of a set of one interview that two people mark."""
    form = {"title": "One talk", "needed": "2", "interview": interview}
    answer = httpx2.post(f"{served.url}/marking/new", data=form)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def take(page: Any, url: str, name: str) -> None:
    page.goto(url)
    page.fill("#by", name)
    page.locator(".take button").first.click()
    page.wait_for_url(re.compile(r"/marking/\w+/\d+"))


def mark_by_keys(page: Any, key: str) -> int:
    """Mark each point with this key; how many there are."""
    points = page.locator("fieldset.mark-one").count()
    page.keyboard.press("j")
    for _ in range(points):
        page.keyboard.press(key)
        page.keyboard.press("j")
    return int(points)


def test_two_people_mark_by_keys_alone_and_a_third_settles(served: Served, visit: Visit) -> None:
    interview = held(served)
    url = served.url + made(served, interview)
    page = visit("/marking", reduced_motion="reduce", expects=("409",))
    found = {"sets": findings(page)}
    page.goto(f"{served.url}/marking/new")
    found["new"] = findings(page)
    take(page, url, "Ada")
    assert page.locator("mark").count() == 0
    assert interview not in page.content()
    points = mark_by_keys(page, "2")
    assert points > 1
    page.get_by_text("Draft kept.").wait_for()
    page.reload()
    assert page.locator("fieldset input[type=radio]:checked").count() == points
    found["form"] = findings(page)
    shut = visit(f"/scorecards/{interview}", context=page.context, expects=("409",))
    assert "You are marking this interview" in shut.content()
    page.get_by_role("button", name=KEEP).click()
    page.get_by_text("are kept.").wait_for()
    take(page, url, "Ben")
    mark_by_keys(page, "1")
    page.get_by_role("button", name=KEEP).click()
    page.get_by_role("link", name="Settle").click()
    first = page.locator("fieldset.mark-one").first
    first.get_by_label("Cannot say").check()
    first.locator("textarea").fill("Neither says it.")
    page.fill("#review-by", "Cleo")
    found["settle"] = findings(page)
    page.get_by_role("button", name="Keep what I decided").click()
    page.get_by_text("Neither says it.").wait_for()
    page.goto(url)
    found["set"] = findings(page)
    assert {state: each for state, each in found.items() if each} == {}
    assert f"(0 of {points})" in page.content()


def test_selected_words_of_the_answer_are_taken_by_a_key(served: Served, visit: Visit) -> None:
    url = served.url + made(served, held(served))
    page = visit("/marking")
    take(page, url, "Ada")
    page.keyboard.press("j")
    page.locator(".answer-block .answer").first.click(click_count=3)
    page.keyboard.press("w")
    taken = page.locator(".mark-words input").first.input_value()
    assert taken
    assert taken in " ".join(page.locator(".answer-block .answer").first.inner_text().split())
