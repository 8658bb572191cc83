"""Right answers by another road: what counts as calling one wrong."""

import pytest

from agent.lines import Graded
from agent.wording import stems
from evals import other_roads
from evals.grader import word_overlap


def _graded(anchor: str, review: str | None) -> Graded:
    rest = dict.fromkeys(("points", "positive", "negative", "flags", "observations"), ())
    return Graded.model_validate(
        {"id": 0, "score": 0.2, "anchor": anchor, "review": review, **rest}
    )


@pytest.mark.parametrize(
    ("anchor", "review", "wrong"),
    [
        ("below", None, True),
        ("below", "needs_person", False),
        ("below", "disputed", False),
        ("meets", None, False),
        ("ungraded", None, False),
    ],
)
def test_wrong_is_below_with_nobody_asked(anchor: str, review: str | None, wrong: bool) -> None:
    assert other_roads.called_wrong(_graded(anchor, review)) is wrong


def test_there_are_twenty_right_answers_and_as_many_weak_ones() -> None:
    lines = other_roads.lines()
    assert len(lines) >= 40
    assert all(right[0] == weak[0] for right, weak in zip(lines[::2], lines[1::2], strict=True))


def test_a_right_answer_does_not_say_what_the_reference_says() -> None:
    for question, answer in other_roads.lines()[::2]:
        for point in question.texts:
            wanted = stems(point) - stems(question.question)
            assert len(wanted & stems(answer)) <= 0.6 * len(wanted), point


def test_word_overlap_calls_them_wrong_and_the_report_names_each() -> None:
    right, _ = other_roads.measure(word_overlap())
    wrong = sum(map(other_roads.called_wrong, right))
    report = other_roads.report(word_overlap(), word_overlap())
    assert wrong > 10
    assert f"| examiner | {wrong} of {len(right)} |" in report
