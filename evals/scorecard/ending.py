"""Rules about time and the end: words on time, the wrap-up, how a screen ends."""

import re
from collections.abc import Iterator

from agent.events import Opened, Said
from evals.scorecard.finding import Found, Rule
from evals.scorecard.view import View

WORDS_AT = (10, 2)
"""Minutes left at which there is a word on time."""
HALF_A_MINUTE = 0.5
OFF_BY = 1.0
"""Minutes by which a word on time may be wrong."""

_minutes = re.compile(r"\b(\d+) minutes?\b|\bone minute\b", re.IGNORECASE)
_unasked = re.compile(
    r"\bnot asked\b|\bhave(?:n'?t| not) (?:we|i) asked\b|\bdid(?:n'?t| not) ask\b", re.IGNORECASE
)


def words_on_time(view: View) -> Iterator[Found]:
    """With the first question put after ten, and after two, minutes are left."""
    told: set[int] = set()
    for exchange in view.exchanges[1:]:
        left = exchange.left / 60
        due = {m for m in WORDS_AT if left <= m < view.header.minutes} - told
        spoken = [said for said in exchange.said if said.purpose == "time"]
        if not exchange.puts:
            continue
        told |= due
        if due and not spoken and left > HALF_A_MINUTE:
            why = f"no word on time, with {left:.0f} minutes left"
            yield Found(exchange.puts[0], exchange.puts[0].text, why)
        for said in spoken:
            yield from _right(said, left)


def _right(said: Said, left: float) -> Iterator[Found]:
    found = _minutes.search(said.text)
    if found and abs(float(found[1] or 1) - left) > OFF_BY:
        yield Found(said, said.text, f"in truth {left:.1f} minutes were left")


def wrap_up_reserved(view: View) -> Iterator[Found]:
    """No core question is begun in the time that is kept for the wrap-up."""
    for exchange in view.exchanges:
        opened = exchange.first(Opened)
        if opened and exchange.left < view.reserve:
            why = f"begun with {exchange.left:.0f} s left, of which {view.reserve:.0f} s are kept"
            yield Found(opened, opened.question, why)


def wrap_up_reached(view: View) -> Iterator[Found]:
    """An interview that is complete had the candidate's questions; a screen, what was not asked."""
    if view.header.drill or not (view.ended and view.ended.reason == "complete"):
        return
    wrap_up = [said for said in view.said if said.stage == "wrap_up" and said.question]
    if not wrap_up:
        yield Found(view.ended, "", "it ended without the candidate's own questions")
    if view.is_screen and not any(_unasked.search(said.text) for said in wrap_up):
        yield Found(view.ended, "", "a screen did not ask what it had not asked about")


def says_goodbye(view: View) -> Iterator[Found]:
    """The end is said, once, and nothing after it."""
    if view.ended is None:
        yield Found(view.events[-1], "", "the interview is not over", "look")
        return
    closing = [said for said in view.said if said.purpose == "closing"]
    if not closing:
        yield Found(view.ended, "", "it ended without a word")
    for said in view.said:
        if said.seq > view.ended.seq:
            yield Found(said, said.text, "said after the end")


RULES = (
    Rule("time words", "a word at ten and at two minutes, and a true one", words_on_time),
    Rule("wrap-up kept", "no core question in the wrap-up's time", wrap_up_reserved),
    Rule("wrap-up", "the candidate's questions; in a screen, what was not asked", wrap_up_reached),
    Rule("goodbye", "the end is said, and nothing after it", says_goodbye),
)
