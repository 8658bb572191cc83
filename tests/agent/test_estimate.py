"""How sure the interview is of a level."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.estimate import Estimate, estimate, verdict
from agent.policy import Policy
from knowledge.atoms import LEVELS, Level

POLICY = Policy()
LOOKS = st.lists(st.tuples(st.sampled_from(LEVELS), st.floats(0, 1)), max_size=12)


def half_width(belief: Estimate) -> float:
    low, high = belief.interval(POLICY.interval)
    return (high - low) / 2


@given(LOOKS, st.sampled_from(LEVELS), st.floats(0, 1), st.floats(0, 1))
def test_a_better_answer_never_lowers_the_level(
    looks: list[tuple[Level, float]], level: Level, one: float, other: float
) -> None:
    worse, better = sorted((one, other))
    low = estimate([*looks, (level, worse)], "mid", POLICY)
    high = estimate([*looks, (level, better)], "mid", POLICY)
    assert low.mean <= high.mean
    assert low.at_least("senior") <= high.at_least("senior") + 1e-12


@given(LOOKS, st.tuples(st.sampled_from(LEVELS), st.floats(0, 1)))
def test_one_more_answer_narrows_the_interval(
    looks: list[tuple[Level, float]], look: tuple[Level, float]
) -> None:
    assert half_width(estimate([*looks, look], "mid", POLICY)) < half_width(
        estimate(looks, "mid", POLICY)
    )


@given(LOOKS.flatmap(lambda looks: st.tuples(st.just(looks), st.permutations(looks))))
def test_the_order_of_answers_does_not_matter(
    orders: tuple[list[tuple[Level, float]], list[tuple[Level, float]]],
) -> None:
    one, other = (estimate(looks, "mid", POLICY) for looks in orders)
    assert one.mean == pytest.approx(other.mean)
    assert one.spread == pytest.approx(other.spread)


def test_one_answer_leaves_one_and_a_half_levels_of_doubt_and_eight_three_quarters() -> None:
    assert half_width(estimate([("mid", 0.6)], "mid", POLICY)) == pytest.approx(1.5, abs=0.05)
    assert half_width(estimate([("mid", 0.6)] * 8, "mid", POLICY)) == pytest.approx(0.75, abs=0.05)


def test_without_an_answer_there_is_not_enough_evidence() -> None:
    assert verdict(estimate([], "mid", POLICY), "mid", POLICY) == "not enough evidence"


@pytest.mark.parametrize("score", [0.0, 0.5, 1.0])
def test_one_answer_alone_settles_nothing(score: float) -> None:
    assert verdict(estimate([("mid", score)], "mid", POLICY), "mid", POLICY) == "could be either"


@pytest.mark.parametrize(
    ("score", "wanted"),
    [(1.0, "likely shown"), (0.0, "not shown in this interview"), (0.4, "could be either")],
)
def test_five_like_answers_have_a_verdict_in_words(score: float, wanted: str) -> None:
    assert verdict(estimate([("mid", score)] * 5, "mid", POLICY), "mid", POLICY) == wanted
