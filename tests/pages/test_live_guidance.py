"""What the interview page says on the way: what is open, what is meant, what one can do now."""

from typing import Any

import pytest
from served_viva import Served, Visit
from talking import ANSWER, BACKGROUND, answer, press, ready, to_stage

SEEN = """() => {
  const said = [...document.querySelectorAll('#log .said[data-purpose=question]')].at(-1);
  const { top, bottom } = said.getBoundingClientRect();
  return top >= 0 && bottom <= innerHeight;
}"""


def _at_a_question(served: Served, visit: Visit, **options: Any) -> Any:
    page = visit(f"/interviews/{served.interview()}", reduced_motion="reduce", **options)
    ready(page)
    answer(page, BACKGROUND)
    return page


@pytest.mark.parametrize("size", [(1280, 820), (360, 740)], ids=["wide", "narrow"])
def test_the_open_question_is_named_while_it_is_out_of_view_and_leads_back(
    served: Served, visit: Visit, size: tuple[int, int]
) -> None:
    width, height = size
    page = _at_a_question(served, visit, viewport={"width": width, "height": height})
    answer(page, "\n\n".join([ANSWER] * 20))
    if page.locator("#log .said[data-purpose=follow_up]").count():
        press(page, "skip")
    line = page.locator("#open-question")
    line.wait_for(state="hidden")
    page.evaluate("scrollTo(0, 0)")
    line.wait_for()
    said = page.locator("#log .said[data-purpose=question]").last.inner_text()
    assert line.locator(".what").inner_text() in " ".join(said.split())
    assert line.locator(".which").inner_text() in said
    assert page.evaluate("innerHeight") >= sum(
        line.bounding_box()[side] for side in ("y", "height")
    )
    assert page.locator("[aria-live] #open-question, [role=status] #open-question").count() == 0
    line.click()
    line.wait_for(state="hidden")
    page.wait_for_function(SEEN)
    assert page.evaluate("document.activeElement.dataset.purpose") == "question"


def test_adding_says_to_which_answer_and_what_counts(served: Served, visit: Visit) -> None:
    page = _at_a_question(served, visit)
    asked = page.locator("#log .said[data-purpose=question]").last.inner_text()
    answer(page, ANSWER)
    page.click("#log .again:visible >> nth=0")
    banner = page.locator("#adding")
    named = banner.locator(".question").inner_text().strip("“”")
    assert named
    assert named in " ".join(asked.split())
    assert "not been told yet" in banner.inner_text()
    assert page.locator("#cancel").inner_text() == "Cancel"
    described = page.get_attribute("#words", "aria-describedby")
    assert described is not None
    assert "adding-about" in described
    page.click("#cancel")
    assert page.get_attribute("#words", "aria-describedby") == "how"


@pytest.mark.parametrize("action", ["hint", "clarify", "skip"])
def test_one_writes_on_after_a_button_whose_reply_is_there(
    served: Served, visit: Visit, action: str
) -> None:
    page = _at_a_question(served, visit)
    press(page, action)
    page.wait_for_function("() => document.activeElement.id === 'words'")


def test_the_focus_stays_where_one_has_gone_meanwhile(served: Served, visit: Visit) -> None:
    page = _at_a_question(served, visit)
    page.evaluate(
        "document.querySelector('[data-action=hint]').addEventListener('click',"
        " () => document.querySelector('.brand').focus())"
    )
    press(page, "hint")
    assert page.evaluate("document.activeElement.className") == "brand"


def test_in_the_wrap_up_one_asks_and_there_is_nothing_to_hint_at_or_skip(
    served: Served, visit: Visit
) -> None:
    page = _at_a_question(served, visit)
    assert page.locator("#words-label").inner_text() == "Your answer"
    to_stage(page, "wrap_up")
    assert page.locator("#words-label").inner_text() == "Your question or reply"
    for action in ("hint", "skip"):
        assert page.locator(f"#tools [data-action={action}]").is_hidden()
    page.click("#amend")
    assert "not counted" in page.locator("#adding").inner_text()
