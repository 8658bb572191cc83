"""The interview page when the network, the server or another tab gets in the way."""

from typing import Any

import pytest
from served_viva import Served, Visit
from talking import ANSWER, BACKGROUND, answer, lines, ready, send, stage, wait_for_reply

NETWORK = ("net::ERR_", "Failed to load resource")
HEARKEN = """() => {
  window.lines = [];
  const line = document.querySelector('#line');
  const note = () => window.lines.push(line.textContent);
  new MutationObserver(note).observe(line, { childList: true });
}"""
LOST, BACK = "Connection lost. What you wrote is kept", "Back. Nothing was lost."


def _line(page: Any, text: str) -> None:
    page.wait_for_function(
        "text => document.querySelector('#line').textContent.includes(text)", arg=text
    )


@pytest.mark.parametrize("arrives", [False, True], ids=["before it arrives", "after it arrived"])
def test_an_answer_in_flight_outlives_a_killed_server(
    served: Served, visit: Visit, arrives: bool
) -> None:
    interview = served.interview()
    page = visit(f"/interviews/{interview}", expects=NETWORK)
    ready(page)
    answer(page, BACKGROUND)

    def cut(route: Any) -> None:
        if arrives:
            route.fetch()
        served.kill()
        route.abort()

    page.route("**/turns", cut, times=1)
    before = lines(page)
    send(page, ANSWER)
    _line(page, LOST)
    assert ANSWER in page.locator("#ahead").inner_text()
    served.start()
    wait_for_reply(page, before)
    _line(page, BACK)
    assert served.heard(interview) == [BACKGROUND, ANSWER]
    assert page.locator("#log .heard").all_inner_texts().count(f"You\n{ANSWER}") <= 1
    assert page.locator("#ahead > li").count() == 0


def test_an_answer_that_could_not_be_sent_outlives_a_reload(served: Served, visit: Visit) -> None:
    interview = served.interview()
    page = visit(f"/interviews/{interview}", expects=NETWORK)
    ready(page)
    page.route("**/turns", lambda route: route.abort())
    send(page, BACKGROUND)
    _line(page, LOST)
    page.unroute("**/turns")
    page.reload()
    page.wait_for_function("() => document.querySelectorAll('#log .heard').length === 1")
    ready(page)
    assert served.heard(interview) == [BACKGROUND]


def test_a_reply_that_is_lost_makes_no_second_turn(served: Served, visit: Visit) -> None:
    interview = served.interview()
    page = visit(f"/interviews/{interview}", expects=NETWORK)
    ready(page)

    def lose_the_reply(route: Any) -> None:
        route.fetch()
        route.abort()

    page.route("**/turns", lose_the_reply, times=2)
    answer(page, BACKGROUND)
    assert served.heard(interview) == [BACKGROUND]


def test_a_lost_network_is_told_and_made_good(served: Served, visit: Visit) -> None:
    interview = served.interview()
    page = visit(f"/interviews/{interview}", expects=NETWORK)
    ready(page)
    before = lines(page)
    page.context.set_offline(True)
    _line(page, LOST)
    send(page, BACKGROUND)
    assert "Not sent yet" in page.locator("#ahead").inner_text()
    _line(page, LOST)
    page.context.set_offline(False)
    wait_for_reply(page, before)
    assert served.heard(interview) == [BACKGROUND]
    assert page.locator("#ahead > li").count() == 0


def test_coming_back_is_told_in_one_line(served: Served, visit: Visit) -> None:
    page = visit(f"/interviews/{served.interview()}", expects=NETWORK)
    ready(page)
    page.context.set_offline(True)
    _line(page, LOST)
    page.context.set_offline(False)
    _line(page, BACK)


def test_the_end_is_told_by_the_stream_alone_and_nothing_counts_as_lost(
    served: Served, visit: Visit
) -> None:
    page = visit(f"/interviews/{served.interview()}")
    ready(page)
    page.evaluate(HEARKEN)
    held: list[Any] = []
    page.route("**/now", lambda route: held.append(route))  # as from far away
    page.click("#tools [data-ends]")
    page.click("#ending .danger")
    page.locator("#over").wait_for()
    for route in held:
        route.continue_()
    page.unroute("**/now")
    page.wait_for_load_state("networkidle")
    assert [line for line in page.evaluate("window.lines") if line] == []
    assert page.locator("#line").inner_text() == ""
    assert stage(page) == "done"


def test_two_tabs_show_the_same_and_keep_their_own_words(served: Served, visit: Visit) -> None:
    interview = served.interview()
    one = visit(f"/interviews/{interview}")
    ready(one)
    two = visit(f"/interviews/{interview}", context=one.context)
    ready(two)
    two.fill("#words", "Something of my own")
    before = lines(two)
    answer(one, BACKGROUND)
    wait_for_reply(two, before)
    assert two.locator("#log").inner_text() == one.locator("#log").inner_text()
    assert two.input_value("#words") == "Something of my own"
    assert served.heard(interview) == [BACKGROUND]


def test_an_answer_to_a_question_that_is_over_comes_back_into_the_box(
    served: Served, visit: Visit
) -> None:
    interview = served.interview()
    stale = visit(f"/interviews/{interview}", expects=NETWORK)
    ready(stale)
    other = visit(f"/interviews/{interview}", context=stale.context)
    ready(other)
    stale.route("**/events?*", lambda route: route.abort())
    stale.route("**/now", lambda route: route.abort())
    stale.context.set_offline(True)
    _line(stale, LOST)
    stale.context.set_offline(False)
    answer(other, BACKGROUND)
    send(stale, "What I wrote to the first question")
    _line(stale, "What you wrote is back in the box.")
    assert stale.input_value("#words") == "What I wrote to the first question"
    stale.unroute("**/events?*")
    stale.unroute("**/now")
    stale.wait_for_function("() => document.querySelectorAll('#log .heard').length === 1")
    ready(stale)
    assert stale.input_value("#words") == "What I wrote to the first question"
    answer(stale, stale.input_value("#words"))
    assert served.heard(interview) == [BACKGROUND, "What I wrote to the first question"]


def test_a_page_without_storage_works_all_the_same(served: Served, visit: Visit) -> None:
    interview = served.interview()
    page = visit("/health")
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', "
        "{ get() { throw new Error('storage is closed'); } })"
    )
    page.goto(f"{served.url}/interviews/{interview}")
    ready(page)
    answer(page, BACKGROUND)
    assert served.heard(interview) == [BACKGROUND]
