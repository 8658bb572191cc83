"""The interview page in a browser, on a real `viva serve`."""

from typing import Any

from served_viva import Served, Visit
from talking import ANSWER, BACKGROUND, answer, lines, press, ready, send, stage, to_stage

HOSTILE = (
    '<img src="https://evil.example/x.png" onerror="document.title=1">'
    "<script>document.title='owned'</script>\n"
    "```html\n<iframe src='javascript:alert(1)'></iframe>\n```\n[a](javascript:alert(1))"
)


def test_a_whole_interview_is_held_on_the_page_to_its_report(served: Served, visit: Visit) -> None:
    page = visit("/")
    page.click("a[href^='/kits/data-engineer']")
    page.check("[name=minutes][value='15']")
    page.click("main form [type=submit]")
    page.check("[name=consent]")
    page.click("main form [type=submit]")
    page.wait_for_url("**/interviews/*")
    ready(page)
    assert "AI interviewer" in page.locator("#log").inner_text()
    to_stage(page, "money", most=30)
    assert page.locator("#round").is_visible()
    assert "in your bank" in page.locator("#round").inner_text()
    to_stage(page, "wrap_up")
    assert page.locator("#round").is_hidden()
    answer(page, "No, nothing more, thank you.")
    assert stage(page) == "done"
    assert page.locator("#composer").is_hidden()
    page.click("#over a")
    page.wait_for_url("**/report?for=candidate")
    assert ANSWER in page.locator("main").inner_text()


def test_a_screen_counts_questions_in_the_quick_round_and_sends_no_one_to_a_rubric(
    served: Served, visit: Visit
) -> None:
    page = visit(f"/interviews/{served.interview(mode='screen')}")
    ready(page)
    to_stage(page, "money")
    assert "Question 1 of this round" in page.locator("#round").inner_text()
    assert "bank" not in page.locator("#round").inner_text()
    page.click("#tools [data-ends]")
    page.click("#ending .danger")
    page.locator("#over").wait_for()
    assert "People of the team read" in page.locator("#over").inner_text()


def test_a_reload_in_the_middle_of_an_answer_keeps_the_draft(served: Served, visit: Visit) -> None:
    page = visit(f"/interviews/{served.interview()}")
    ready(page)
    page.fill("#words", "I was just about to say\n\tthis")
    page.reload()
    ready(page)
    assert page.input_value("#words") == "I was just about to say\n\tthis"
    answer(page, BACKGROUND)
    assert page.input_value("#words") == ""
    page.reload()
    ready(page)
    assert page.input_value("#words") == ""


def test_enter_makes_a_new_line_and_control_enter_sends(served: Served, visit: Visit) -> None:
    interview = served.interview()
    page = visit(f"/interviews/{interview}")
    ready(page)
    page.locator("#words").press_sequentially("One")
    page.keyboard.press("Enter")
    page.locator("#words").press_sequentially("two")
    before = lines(page)
    page.keyboard.press("Control+Enter")
    page.wait_for_function("n => document.querySelectorAll('#log > li').length > n", arg=before)
    assert served.heard(interview) == ["One\ntwo"]


def test_the_whole_page_is_reached_by_keyboard_alone(served: Served, visit: Visit) -> None:
    interview = served.interview()
    page = visit(f"/interviews/{interview}")
    ready(page)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    reached = _tab_to(page, "#words", [])
    page.keyboard.type(BACKGROUND)
    _tab_to(page, "#send", reached)
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('#interview').dataset.stage === 'probes'")
    ready(page)
    assert page.evaluate("document.activeElement.id") == "words"
    for button in ("hint", "clarify", "skip", "pause"):
        _tab_to(page, f"#tools [data-action={button}]", reached)
    page.keyboard.press("Space")
    page.locator("#paused").wait_for()
    page.wait_for_function("() => document.activeElement.dataset.action === 'resume'")
    page.keyboard.press("Enter")
    page.locator("#tools").wait_for()
    ready(page)
    _tab_to(page, "#tools [data-ends]", reached)
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.value") == "stay"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("#over").wait_for()
    assert page.evaluate("document.activeElement.id") == "over-heading"


def _tab_to(page: Any, selector: str, reached: list[str]) -> list[str]:
    """Press Tab until an element has the focus."""
    for _ in range(40):
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return [*reached, selector]
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached by Tab")


def test_the_buttons_do_what_they_say(served: Served, visit: Visit) -> None:
    page = visit(f"/interviews/{served.interview()}")
    ready(page)
    answer(page, BACKGROUND)
    press(page, "hint")
    assert "You asked for a hint." in page.locator("#log").inner_text()
    assert page.locator("#log .said[data-purpose=hint]").count() == 1
    press(page, "clarify")
    assert page.locator("#log .said[data-purpose=clarification]").count() == 1
    press(page, "pause")
    assert page.locator("#paused").is_visible()
    assert "clock stopped" in page.locator("#time").inner_text()
    press(page, "resume")
    assert page.locator("#paused").is_hidden()
    press(page, "skip")
    assert "You skipped this question." in page.locator("#log").inner_text()


def test_skipping_asks_before_it_leaves_an_unsent_draft_behind(
    served: Served, visit: Visit
) -> None:
    page = visit(f"/interviews/{served.interview()}")
    ready(page)
    page.fill("#words", "Half an answer")
    page.click("[data-action=skip]")
    assert "Press Skip again" in page.locator("#line").inner_text()
    assert page.locator("#log .heard").count() == 0
    press(page, "skip")
    assert page.input_value("#words") == ""


def test_an_answer_can_be_added_to_and_cancelling_gives_the_draft_back(
    served: Served, visit: Visit
) -> None:
    interview = served.interview()
    page = visit(f"/interviews/{interview}")
    ready(page)
    answer(page, BACKGROUND)
    answer(page, ANSWER)
    page.fill("#words", "A draft for the open question")
    page.click("#amend")
    assert page.input_value("#words") == ""
    page.click("#cancel")
    assert page.input_value("#words") == "A draft for the open question"
    page.locator("#log .again:visible").last.click()
    answer(page, "And I would delete the partition first.")
    assert "Added to an earlier answer" in page.locator("#log").inner_text()
    assert page.input_value("#words") == "A draft for the open question"
    assert served.heard(interview)[-1] == "And I would delete the partition first."


def test_the_end_is_asked_for_once_and_can_be_thought_better_of(
    served: Served, visit: Visit
) -> None:
    page = visit(f"/interviews/{served.interview()}")
    ready(page)
    page.click("#tools [data-ends]")
    page.click("#ending .quiet")
    assert page.locator("#composer").is_visible()
    page.click("#tools [data-ends]")
    page.click("#ending .danger")
    page.locator("#over").wait_for()
    page.reload()
    assert page.locator("#over").is_visible()
    assert page.locator("#composer").is_hidden()


def test_a_slash_command_of_the_terminal_works_here_too(served: Served, visit: Visit) -> None:
    page = visit(f"/interviews/{served.interview()}")
    ready(page)
    answer(page, BACKGROUND)
    answer(page, "/hint")
    assert page.locator("#log .said[data-purpose=hint]").count() == 1


def test_code_stands_in_blocks_and_nothing_hostile_runs_or_loads(
    served: Served, visit: Visit
) -> None:
    interview = served.interview()
    page = visit(f"/interviews/{interview}")
    ready(page)
    answer(page, BACKGROUND)
    answer(page, HOSTILE)
    for _ in range(2):
        said = page.locator("#log .heard").last
        assert "<script>document.title='owned'</script>" in said.inner_text()
        code = said.locator("pre code").inner_text()
        assert code == "<iframe src='javascript:alert(1)'></iframe>"
        assert page.locator("#log img, #log iframe, #log script, #log a").count() == 0
        assert "Viva" in page.title()
        page.reload()
        ready(page)


def test_indented_code_is_code_and_prose_is_not(served: Served, visit: Visit) -> None:
    page = visit(f"/interviews/{served.interview()}")
    ready(page)
    answer(page, "I use Python:\n\n    def load(day):\n        delete(day)\n\n    load(1)\n\nDone.")
    text = page.locator("#log .heard .text").last
    assert text.locator("pre").count() == 1
    assert text.locator("pre code").inner_text() == "def load(day):\n    delete(day)\n\nload(1)"
    assert text.locator("p").all_inner_texts() == ["I use Python:", "Done."]


def test_a_message_that_is_too_long_is_told_before_it_is_sent(served: Served, visit: Visit) -> None:
    page = visit(f"/interviews/{served.interview()}")
    ready(page)
    page.fill("#words", "é" * 7_000)
    assert "7,000 of 8,000" in page.locator("#count").inner_text()
    send(page, "é" * 8_001)
    assert "too long" in page.locator("#line").inner_text()
    assert page.input_value("#words") == "é" * 8_001
    answer(page, "😀" * 8_000)
    assert page.input_value("#words") == ""


def test_new_messages_are_announced_whole_and_the_focus_stays(served: Served, visit: Visit) -> None:
    page = visit(f"/interviews/{served.interview()}")
    ready(page)
    told = page.locator("#announcer")
    assert told.get_attribute("aria-live") == "polite"
    answer(page, BACKGROUND)
    said = page.locator("#log .said .text").last.inner_text()
    assert f"Viva: {said}" in told.inner_text()
    assert page.evaluate("document.activeElement.id") == "words"


def test_nothing_makes_a_narrow_screen_scroll_sideways(served: Served, visit: Visit) -> None:
    page = visit(f"/interviews/{served.interview()}", viewport={"width": 360, "height": 740})
    ready(page)
    answer(page, BACKGROUND + " " + "unbreakable" * 30 + "\n```\n" + "x = 1; " * 60 + "\n```")
    to_stage(page, "money")
    for width in (320, 360, 640):
        page.set_viewport_size({"width": width, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    press(page, "pause")
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
