"""Every page by axe at WCAG 2.2 AA, light and dark, and by what its policy lets in."""

import re

import httpx2
from axe import findings
from served_viva import Served, Visit
from talking import ANSWER, BACKGROUND, answer, press, ready, to_stage

WITH_CODE = f"{ANSWER}\n```python\n{'load(day); ' * 40}\n```"
INLINE = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>|<style|\sstyle=|\son\w+=|javascript:", re.I)


def test_axe_finds_nothing_on_the_interview_in_any_of_its_states(
    served: Served, visit: Visit
) -> None:
    page = visit(f"/interviews/{served.interview()}", reduced_motion="reduce")
    ready(page)
    found = {"opening": findings(page)}
    answer(page, BACKGROUND)
    answer(page, WITH_CODE)
    page.evaluate("scrollTo(0, 0)")
    page.locator("#open-question").wait_for()
    found["the open question out of view"] = findings(page)
    press(page, "hint")
    page.click("#amend")
    page.fill("#words", "x" * 8_001)
    page.click("#send")
    found["adding, too long"] = findings(page)
    page.click("#cancel")
    press(page, "pause")
    found["paused"] = findings(page)
    press(page, "resume")
    to_stage(page, "money")
    found["quick round"] = findings(page)
    page.click("#tools [data-ends]")
    found["asked whether to end"] = findings(page)
    page.click("#ending .danger")
    page.locator("#over").wait_for()
    found["over"] = findings(page)
    page.click("#over a")
    page.wait_for_url("**/report?for=candidate")
    found["report"] = findings(page)
    assert {state: list_ for state, list_ in found.items() if list_} == {}


def test_axe_finds_nothing_on_the_way_to_an_interview(served: Served, visit: Visit) -> None:
    interview = served.interview()
    page = visit("/", expects=("404", "409", "422"), reduced_motion="reduce")
    found = {}
    rehearsed = "/kits/data-engineer?level=senior&minutes=30&rehearse=yes"
    report = f"/interviews/{interview}/report"
    for path in ("/", "/kits/data-engineer", rehearsed, report, "/no/such/page"):
        page.goto(served.url + path)
        found[path] = findings(page)
    page.goto(f"{served.url}/kits/data-engineer")
    page.click("main form [type=submit]")
    page.wait_for_url("**/notice?*")
    found["notice"] = findings(page)
    page.click("main form [type=submit]")
    page.locator("[role=alert]").wait_for()
    found["notice without consent"] = findings(page)
    assert {state: list_ for state, list_ in found.items() if list_} == {}


def test_the_policy_lets_in_nothing_inline_and_nothing_foreign(
    served: Served, visit: Visit
) -> None:
    interview = served.interview()
    page = visit(f"/interviews/{interview}")
    ready(page)
    answer(page, BACKGROUND)
    for path in ("/", "/kits/data-engineer?rehearse=yes", f"/interviews/{interview}"):
        response = httpx2.get(served.url + path)
        policy = response.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert INLINE.findall(response.text) == []
