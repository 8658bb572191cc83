"""What each number of a policy may be, and what those mean that the code says nothing of."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite
from typing import Any

from agent.policy import Measure, Policy


@dataclass(frozen=True)
class Range:
    """From `least` to `most`; `open_` where the ends are left out."""

    told: str
    least: float
    most: float = float("inf")
    open_: bool = False

    def holds(self, value: float) -> bool:
        """Whether it lies within; a number that is none does not."""
        inside = self.least < value < self.most if self.open_ else self.least <= value <= self.most
        return isfinite(value) and inside

    def schema(self) -> dict[str, Any]:
        """The same in the words of JSON schema."""
        ends = ("exclusiveMinimum", "exclusiveMaximum") if self.open_ else ("minimum", "maximum")
        both = zip(ends, (self.least, self.most), strict=True)
        return {name: value for name, value in both if isfinite(value)}


COUNT = Range("0 or more", 0)
SOME = Range("1 or more", 1)
SECONDS = Range("seconds, 0 or more", 0)
LONG = Range("seconds, more than 0", 0, open_=True)
SHARE = Range("0 to 1", 0, 1)
CHANCE = Range("between 0 and 1", 0, 1, open_=True)
WIDTH = Range("more than 0", 0, open_=True)
FINITE = Range("a number", float("-inf"))
"""Where nothing else is said."""

RANGES = {
    "longest_message": SOME,
    "most_messages": SOME,
    "seconds_per_core": LONG,
    "seconds_per_drill": LONG,
    "opening_seconds": SECONDS,
    "money_seconds": SECONDS,
    "wrap_up_seconds": LONG,
    "most_core": SOME,
    "most_subjects": SOME,
    "longest_silence": SECONDS,
    "follow_ups": COUNT,
    "follow_ups_in_screen": COUNT,
    "rungs": COUNT,
    "hints": COUNT,
    "enough": SHARE,
    "money_most": COUNT,
    "candidate_questions": COUNT,
    "dont_knows_before_easier": SOME,
    "unaided": SHARE,
    "prompted": SHARE,
    "hinted": SHARE,
    "found_a_way": SHARE,
    "credit_from": SHARE,
    "credit_full": SHARE,
    "full_answer": SOME,
    "indicator_weight": SHARE,
    "negative_cost": SHARE,
    "meets": SHARE,
    "exceeds": SHARE,
    "interval": CHANCE,
    "narrow": WIDTH,
    "near_best": SHARE,
    "likely": SHARE,
    "unlikely": SHARE,
    "least_testlets": SOME,
    "retrieved": SOME,
    "same_question_from": SHARE,
    "cites_from": SHARE,
    "measure.discrimination": WIDTH,
    "measure.centres": SHARE,
    "measure.spread": WIDTH,
    "measure.error": WIDTH,
    "measure.common": WIDTH,
    "measure.prior_spread": WIDTH,
    "measure.shared": CHANCE,
}

TOLD = {
    "longest_message": "Characters of one message.",
    "seconds_per_core": "Time that a core question with its follow-ups is given.",
    "seconds_per_drill": "The same in a drill.",
    "opening_seconds": "Time for the opening, where the kit's format says nothing.",
    "money_seconds": "Time for the quick round, where the kit's format says nothing.",
    "wrap_up_seconds": "Time kept for the wrap-up, where the kit's format says nothing.",
    "most_core": "Core questions of one interview, at most.",
    "most_subjects": "Competencies of one interview, at most.",
    "follow_ups": "Follow-ups to a question in practice, at most.",
    "follow_ups_in_screen": "The same in a screen.",
    "rungs": "Further rungs of one ladder, at most.",
    "hints": "Hints to a question, at most.",
    "money_most": "Questions of the quick round, at most.",
    "candidate_questions": "Questions of the candidate that the wrap-up takes, at most.",
    "dont_knows_before_easier": "Unknowns in a row after which an easier question comes.",
    "unaided": "What a point is worth that was made without help.",
    "prompted": "What it is worth after a follow-up.",
    "hinted": "What it is worth after a hint.",
    "credit_from": "Probability from which a met mark counts for something.",
    "indicator_weight": "What an indicator weighs beside a point.",
    "negative_cost": "What a negative indicator takes off the score.",
    "meets": "A score from which an answer meets what is asked.",
    "exceeds": "A score from which it exceeds it.",
    "likely": "Probability from which a level is likely shown.",
    "unlikely": "Probability up to which it is not shown.",
    "retrieved": "Flags, and indicators of other competencies, looked at for a message, at most.",
    "measure": "The numbers by which levels are estimated.",
    "measure.discrimination": "How sharply answers tell levels apart.",
    "measure.prior_spread": "How far levels lie from the one asked for, before any answer.",
    "measure.calibrated": "Difficulty and its standard error by question (id).",
}


def at_odds(policy: Policy) -> Iterator[tuple[str, str]]:
    """Numbers that contradict each other: the key, and what is wrong."""
    for low, high in (
        ("meets", "exceeds"),
        ("unlikely", "likely"),
        ("credit_from", "credit_full"),
        ("hinted", "prompted"),
        ("prompted", "unaided"),
    ):
        one, other = getattr(policy, low), getattr(policy, high)
        if one > other:
            yield low, f"{one:g} is above `{high}` ({other:g})"
    if policy.credit_from == policy.credit_full:
        yield "credit_from", "it is the same as `credit_full`, and leaves no room between"
    yield from _at_odds_in(policy.measure)


def _at_odds_in(measure: Measure) -> Iterator[tuple[str, str]]:
    for name in ("steps", "centres"):
        values = getattr(measure, name)
        if list(values) != sorted(set(values)):
            yield f"measure.{name}", "the numbers do not rise"
    if len(measure.centres) != len(measure.steps) + 1:
        yield "measure.steps", "there is one step between each two of `measure.centres`"
    for source, (_, times) in measure.sees.items():
        if times <= 0:
            yield f"measure.sees.{source}", "the second number is not above 0"
    for question, (_, error) in measure.calibrated.items():
        if error <= 0:
            yield f"measure.calibrated.{question}", "a standard error is above 0"
