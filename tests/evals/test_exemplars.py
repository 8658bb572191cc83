"""Exemplars: what counts as in order."""

import math

import pytest

from evals import exemplars
from evals.grader import word_overlap
from evals.questions import QUALITIES, shipped


@pytest.mark.parametrize(
    ("scores", "strictly", "loosely"),
    [
        ((0.1, 0.5, 0.9), True, True),
        ((0.1, 0.5, 0.5), False, True),
        ((0.5, 0.5, 0.9), False, False),
        ((0.1, 0.9, 0.5), False, False),
        ((math.nan, 0.5, 0.9), False, False),
    ],
)
def test_below_meets_exceeds_is_the_order(
    scores: exemplars.Scores, strictly: bool, loosely: bool
) -> None:
    assert exemplars.ordered(scores) is strictly
    assert exemplars.ordered(scores, strictly=False) is loosely


def test_each_of_the_kits_questions_has_its_three_exemplars() -> None:
    assert len(shipped()) == 60
    assert all(set(question.answers) == set(QUALITIES) for question in shipped())


def test_the_report_counts_every_question_and_sets_a_constant_beside() -> None:
    report = exemplars.report(word_overlap(), word_overlap())
    assert "| a constant | 0 of 60 | 0 of 60 | 0 of 60 | 60 of 60 |" in report
    assert len(exemplars.measure(word_overlap())) == 60
