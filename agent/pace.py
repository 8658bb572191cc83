"""How long a planned interview takes to type, from its own texts: opinions, stated as a range."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent.budget import Budget
from agent.grading import slots
from agent.policy import Policy
from agent.syllabus import Item

WORDS_AROUND, WORDS_A_POINT, WORDS_MORE = 25, 20, 35
"""Words of an answer: around its points, for each point, and to a follow-up."""

FOLLOW_UP_WORDS = 25
"""Words of a follow-up, to be read."""


@dataclass(frozen=True)
class Pace:
    """Words a minute, seconds of thought before an answer, and the share of the round used."""

    reading: float
    thinking: float
    typing: float
    around: float
    """Share that opening, money round and wrap-up take of the time kept for them."""


FAST = Pace(reading=240, thinking=30, typing=60, around=0.5)
SLOW = Pace(reading=130, thinking=90, typing=25, around=1.0)


def seconds(item: Item, scene: str, pace: Pace, policy: Policy) -> float:
    """Of one core question in a screen, with its follow-ups; `scene` is read before it."""
    reading = len(f"{scene} {item.question.text}".split())
    points = min(wanted(item), policy.full_answer)
    once = _seconds(reading, pace.thinking, WORDS_AROUND + WORDS_A_POINT * points, pace)
    again = _seconds(FOLLOW_UP_WORDS, pace.thinking / 2, WORDS_MORE, pace)
    return once + again * policy.follow_ups_in_screen


def wanted(item: Item) -> int:
    """The points that a full answer makes; of a rubric of indicators, these."""
    positive = sum(each.polarity == "positive" for each in item.indicators)
    return len(slots(item.core)) or positive


def whole(questions: Sequence[float], budget: Budget, pace: Pace) -> float:
    """Seconds of the whole interview, given those of each core question."""
    return sum(questions) + pace.around * (budget.opening + budget.money + budget.wrap_up)


def put(questions: Sequence[float], budget: Budget, minutes: float, pace: Pace) -> int:
    """How many of them are put before what is left is kept for the wrap-up."""
    used, until = pace.around * budget.opening, minutes * 60 - budget.wrap_up
    number = 0
    for each in questions:
        number += used < until
        used += each
    return number


def _seconds(read: float, think: float, typed: float, pace: Pace) -> float:
    return read / pace.reading * 60 + think + typed / pace.typing * 60
