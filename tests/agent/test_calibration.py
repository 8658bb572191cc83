"""What stored interviews tell of the questions, and what they must not be taken to tell."""

import math
import random
from collections.abc import Iterable

import pytest
from held import Hold
from sittings import sittings
from test_graph import FULL, at_first_question, play

from agent.calibration import (
    LEAST_ANSWERS,
    LEAST_INTERVIEWS,
    Calibration,
    Difficulty,
    Sitting,
    calibrate,
    sitting,
)
from agent.measuring import Look
from agent.policy import Measure, Policy
from knowledge.atoms import LEVELS

MEASURE = Measure()


def rmse(away: Iterable[float]) -> float:
    each = [value**2 for value in away]
    return math.sqrt(sum(each) / len(each))


def off(questions: Iterable[Difficulty], true: dict[str, float]) -> tuple[float, float]:
    """How far the authors were off, and how far the calibration is."""
    found = list(questions)
    authors = rmse(each.author - true[each.question] for each in found)
    return authors, rmse(each.difficulty - true[each.question] for each in found)


@pytest.mark.parametrize("weak", [0.0, 0.8])
def test_wrong_levels_are_found_out_whether_or_not_the_crowd_is_weak(weak: float) -> None:
    held, true = sittings(300, weak=weak)
    found = calibrate(held, MEASURE)
    assert len(found.questions) == len(true)
    authors, now = off(found.questions, true)
    assert now < 0.6 * authors


def test_the_standard_errors_are_about_what_the_errors_are() -> None:
    away = []
    for seed in range(3):
        held, true = sittings(160, seed=seed)
        found = calibrate(held, MEASURE).questions
        shift = sum(each.author - true[each.question] for each in found) / len(found)
        away += [(each.difficulty - true[each.question] - shift) / each.error for each in found]
    assert 0.7 < rmse(away) < 1.4


@pytest.mark.parametrize("questions", [1, 4])
def test_how_hard_few_questions_are_is_no_better_known_than_their_authors_level(
    questions: int,
) -> None:
    held, _ = sittings(160)
    kept = {f"q{number}" for number in range(questions)}
    few = [Sitting(tuple(x for x in each.looks if x.question in kept), each.asked) for each in held]
    found = calibrate([each for each in few if each.looks], MEASURE, least_interviews=30)
    assert len(found.questions) == questions
    assert all(each.error > MEASURE.spread / math.sqrt(questions) for each in found.questions)


def test_a_weak_crowd_does_not_make_the_questions_look_hard() -> None:
    held, _ = sittings(160, weak=1.0)
    found = calibrate(held, MEASURE).questions
    assert sum(each.moved for each in found) == pytest.approx(0.0, abs=0.02)


def test_few_answers_move_little_and_do_no_harm() -> None:
    held, true = sittings(12)
    found = calibrate(held, MEASURE, least_answers=1, least_interviews=1)
    authors, now = off(found.questions, true)
    assert rmse(each.moved for each in found.questions) < 0.3
    assert now < 1.05 * authors
    assert all(each.error > 0.3 for each in found.questions)


def test_too_few_interviews_or_answers_calibrate_nothing() -> None:
    few, _ = sittings(LEAST_INTERVIEWS - 1)
    assert calibrate(few, MEASURE).questions == ()
    thin, _ = sittings(LEAST_INTERVIEWS, each=4)
    found = calibrate(thin, MEASURE)
    assert found.questions == ()
    assert found.interviews == LEAST_INTERVIEWS
    assert max(found.answers.values()) < LEAST_ANSWERS


def test_a_second_calibration_and_another_order_give_the_same() -> None:
    held, _ = sittings(110)
    first = calibrate(held, MEASURE)
    known = {each.question: (each.difficulty, each.error) for each in first.questions}
    again = calibrate(held, MEASURE.model_copy(update={"calibrated": known}))
    assert again == first
    shuffled = random.Random(3).sample(held, len(held))
    assert by_question(calibrate(shuffled, MEASURE)) == pytest.approx(by_question(first), abs=0.01)


def by_question(found: Calibration) -> dict[str, float]:
    return {each.question: each.difficulty for each in found.questions}


def test_what_people_marked_tells_more_than_what_rules_marked() -> None:
    people, rules = (calibrate(sittings(120, by=by)[0], MEASURE) for by in ("human", "local"))
    closest = {each.question: each.error for each in people.questions}
    assert rules.questions
    assert all(closest[each.question] < each.error for each in rules.questions)


def test_a_question_without_a_level_starts_where_it_was_put() -> None:
    held = [
        Sitting((Look("s", LEVELS[at], 0.5, "local", "any"),), LEVELS[at])
        for at in (1, 2)
        for _ in range(LEAST_ANSWERS)
    ]
    [found] = calibrate(held, MEASURE).questions
    assert found.author == 1.5


async def test_an_interview_brings_what_its_report_counts(hold: Hold) -> None:
    held = await at_first_question(hold, core=1)
    await play(held, FULL[held.asked or ""], "All of it.")
    assert sitting(held.events) == "not over"
    while not held.over:
        await held.press("end")
    found = sitting(held.events)
    assert isinstance(found, Sitting)
    [look] = found.looks
    assert (look.question, look.by) == (held.state["testlets"][0]["question"], "local")
    assert look.score == held.report().questions[0].score
    assert found.asked == "mid"


async def test_an_interview_without_a_graded_answer_brings_nothing(hold: Hold) -> None:
    held = await at_first_question(hold, core=1)
    while not held.over:
        await held.press("end")
    assert sitting(held.events) == "nothing graded"


async def test_a_report_says_how_many_of_its_questions_are_calibrated(hold: Hold) -> None:
    held = await at_first_question(hold, core=1)
    assert "not been calibrated" in held.report().scale
    known = Policy().measure.model_copy(update={"calibrated": {held.asked: (1.7, 0.2)}})
    policy = Policy().model_copy(update={"measure": known})
    again = await at_first_question(hold, core=1, policy=policy)
    scale = again.report().scale
    assert "worked out from earlier interviews" in scale
    assert "not been calibrated" not in scale
    assert "does not predict job performance" in scale
