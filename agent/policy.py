"""The numbers code decides by: caps, budgets, thresholds and credits.

They stand in the header of every transcript, so that a replay can be run under others.
"""

from functools import cached_property
from math import sqrt
from typing import Any, Literal

from pydantic import Field, model_validator

from knowledge.atoms import Frozen


class Measure(Frozen):
    """The numbers of `agent/measuring.py`, in levels; the scale of scores is 0..1.

    Authors' opinions, but for `calibrated`: difficulty and its standard error by question.
    """

    discrimination: float = 2.0
    steps: tuple[float, ...] = (-1.2, -0.3, 0.7)
    """How far above a question's own level half of all answers come to each category."""
    centres: tuple[float, ...] = (0.05, 0.35, 0.6, 0.95)
    """Scores that the categories stand for."""
    spread: float = 0.5
    """Of the difficulties that authors give the same level."""
    error: dict[Literal["local", "model", "human"], float] = Field(
        default={"local": 0.26, "model": 0.16, "human": 0.12}
    )
    """Of a testlet's score, by who marked it."""
    sees: dict[Literal["local", "model", "human"], tuple[float, float]] = Field(
        default={"local": (-0.03, 0.75), "model": (0.0, 1.0), "human": (0.0, 1.0)}
    )
    """What an examiner makes of a category's score, on average: plus this, times that."""
    common: float = Field(default=0.2, gt=0)
    """What all answers of an interview are off by together: a kit harder than its author thinks,
    an examiner at odds with one person's way of writing."""
    prior_spread: float = 1.3
    shared: float = Field(default=0.6, gt=0, lt=1)
    """How levels on two competencies of one person correlate."""
    calibrated: dict[str, tuple[float, float]] = Field(default={})

    def seen_by(self, source: Literal["local", "model", "human"]) -> tuple[float, ...]:
        """The categories' scores as this examiner comes to see them."""
        added, times = self.sees[source]
        return tuple(added + times * centre for centre in self.centres)

    @cached_property
    def general_spread(self) -> float:
        """Of the general level that competencies lie around."""
        return self.prior_spread * sqrt(self.shared)

    @cached_property
    def own_spread(self) -> float:
        """Of a competency's level around the general one."""
        return self.prior_spread * sqrt(1 - self.shared)


RETIRED = {"prior_spread"}


class Policy(Frozen):
    """Caps count per question unless said otherwise; times are seconds, credits 0..1."""

    @model_validator(mode="before")
    @classmethod
    def _without_what_is_retired(cls, stored: Any) -> Any:
        """Interviews of an older Viva have fields in their headers that mean nothing any more."""
        return {k: v for k, v in stored.items() if k not in RETIRED} if stored else stored

    longest_message: int = 8_000
    most_messages: int = 400
    """Messages and buttons after which an interview closes: asking is free, but not for ever."""
    seconds_per_core: float = 330.0
    seconds_per_drill: float = 150.0
    opening_seconds: float = 240.0
    money_seconds: float = 240.0
    wrap_up_seconds: float = 300.0
    most_core: int = 9
    most_subjects: int = 6
    longest_silence: float = 1_200.0
    """Charged at most for one message, whatever a clock says."""

    follow_ups: int = 2
    follow_ups_in_screen: int = 1
    rungs: int = 2
    hints: int = 2
    enough: float = 0.75
    """A score from which a question needs no follow-up."""

    money_most: int = 5
    candidate_questions: int = 6
    dont_knows_before_easier: int = 2

    unaided: float = 1.0
    prompted: float = 0.9
    hinted: float = 0.75
    found_a_way: float = 0.1
    """What a good way to find out is worth where the answer itself was not known."""

    credit_from: float = 0.35
    credit_full: float = 0.7
    """Probabilities between which a met mark's credit rises from nothing to all of it."""
    full_answer: int = 4
    """Points that make a full answer in chat, where a rubric lists more."""
    indicator_weight: float = 0.5
    negative_cost: float = 0.25
    meets: float = 0.4
    exceeds: float = 0.8

    measure: Measure = Measure()
    interval: float = 0.9
    """Probability that a printed range holds."""
    narrow: float = 0.95
    """Half a competency's range, in levels, from which practice lets the topic be."""
    near_best: float = 0.95
    """Share of the best question's gain from which chance may prefer another."""

    likely: float = 0.8
    unlikely: float = 0.2
    least_testlets: int = 2
    """Below this many graded testlets nothing is `likely shown` or `not shown`."""

    retrieved: int = 6
    same_question_from: float = 0.45
    """Likeness of a candidate's question to one that the documents answer."""
    cites_from: float = 0.55
    """Likeness from which a document's sentence answers a candidate's question."""
