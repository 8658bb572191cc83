"""The numbers code decides by: caps, budgets, thresholds and credits.

They stand in the header of every transcript, so that a replay can be run under others.
"""

from knowledge.atoms import Frozen


class Policy(Frozen):
    """Caps count per question unless said otherwise; times are seconds, credits 0..1."""

    longest_message: int = 8_000
    seconds_per_core: float = 330.0
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

    prior_spread: float = 1.2
    interval: float = 0.9

    likely: float = 0.8
    unlikely: float = 0.2
    least_testlets: int = 2
    """Below this many graded testlets nothing is `likely shown` or `not shown`."""

    retrieved: int = 6
    same_question_from: float = 0.45
    """Likeness of a candidate's question to one that the documents answer."""
    cites_from: float = 0.55
    """Likeness from which a document's sentence answers a candidate's question."""
