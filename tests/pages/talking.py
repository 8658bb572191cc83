"""What a candidate does on the interview page."""

from typing import Any

READY = """() =>
  document.querySelector('#log [data-purpose=question]') !== null
  && !document.querySelector('#send').hasAttribute('aria-disabled')
"""
MORE = """before => {
  const lines = document.querySelectorAll('#log > li').length;
  const over = !document.querySelector('#over').hidden;
  return lines > before && (over || !document.querySelector('#send').hasAttribute('aria-disabled'));
}"""
BACKGROUND = "I have worked with Python, Apache Airflow and Apache Spark on sales data."
ANSWER = "I would write each day to its own partition, because a second run then changes nothing."


def ready(page: Any) -> None:
    """Wait until it is the candidate's turn."""
    page.wait_for_function(READY)


def lines(page: Any) -> int:
    """How many lines the conversation has."""
    return int(page.locator("#log > li").count())


def wait_for_reply(page: Any, before: int) -> None:
    """Wait until there are more lines than before and it is the candidate's turn again."""
    page.wait_for_function(MORE, arg=before)


def send(page: Any, text: str) -> None:
    """Write an answer and send it by its button; nothing is waited for."""
    page.fill("#words", text)
    page.click("#send")


def answer(page: Any, text: str) -> None:
    """Answer, and wait for what Viva says to it."""
    before = lines(page)
    send(page, text)
    wait_for_reply(page, before)


def press(page: Any, action: str) -> None:
    """Press a button, and wait for what comes of it."""
    before = lines(page)
    page.click(f"#dock [data-action={action}]:visible")
    wait_for_reply(page, before)


def stage(page: Any) -> str:
    """Where the interview stands."""
    return str(page.get_attribute("#interview", "data-stage"))


def to_stage(page: Any, name: str, most: int = 15) -> None:
    """Answer until a stage is reached."""
    for text in [BACKGROUND, *[ANSWER] * most]:
        if stage(page) == name:
            return
        answer(page, text)
    assert stage(page) == name
