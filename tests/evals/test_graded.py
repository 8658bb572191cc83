"""The graded sets as they are split and fitted on, on answers of our own."""

import json

import numpy as np
import pytest

from agent.hearing import unencoded
from agent.local.likeness import Comparer
from agent.policy import Policy
from agent.quoting import locate
from evals import questions
from evals.agreement import correlation, macro_f1
from evals.fit_report import Judged, auc, quoted_right, ranked
from evals.fitting import Remembering, calibrated, compared, fitted, judged, platt
from evals.graded import (
    QUALITIES,
    GradedAnswer,
    PointMark,
    folds,
    load,
    point_marks,
    questions_of,
    unseen,
)

MILK, SALT = "Why does milk boil over?", "Why does salt melt ice?"
FOAM = "Its proteins make a foam that does not burst."
LOWER = "Salt water freezes at a lower temperature."


def answer(question: str, text: str, score: float, *references: str) -> GradedAnswer:
    return GradedAnswer(question, references, text, score, "training", any_of=True)


ANSWERS = [
    answer(MILK, "The proteins make a foam which does not burst.", 1.0, FOAM, "It foams."),
    answer(MILK, "My stove is too hot and I look away.", 0.0, FOAM, "It foams."),
    answer(SALT, "Because salt water only freezes at a lower temperature.", 1.0, LOWER),
    answer(SALT, "They scatter it in winter from a big car.", 0.0, LOWER),
]


def test_no_question_stands_in_two_folds():
    many = [answer(f"Question {i % 7}?", "x", 0.0, "y") for i in range(70)]
    number = folds(many, 3)
    for question in questions_of(many):
        here = {
            int(n) for n, a in zip(number, many, strict=True) if a.question.casefold() == question
        }
        assert len(here) == 1
    assert set(number) == {0, 1, 2}


def test_a_question_is_known_by_its_text():
    again = [answer("why does  MILK boil over?", "x", 0.0, "y")]
    assert unseen(again, questions_of(ANSWERS)) == []


def test_rows_are_read_by_split(tmp_path, monkeypatch):
    row = {
        "question": MILK,
        "reference_answer": FOAM,
        "all_references": [FOAM, "It foams."],
        "student_answer": "foam",
        "score_avg": 1,
        "max_score": 2,
    }
    lines = [json.dumps({**row, "split": split}) for split in ("training", "unseen_questions")]
    (tmp_path / "beetle.jsonl").write_text("\n".join(lines), "utf-8")
    monkeypatch.setenv("VIVA_GRADED", str(tmp_path))
    [found] = load("beetle", ("unseen_questions",))
    assert found.score == 0.5
    assert found.references == (FOAM, "It foams.")


def test_sets_that_are_not_here_are_an_error(tmp_path, monkeypatch):
    monkeypatch.setenv("VIVA_GRADED", str(tmp_path / "nowhere"))
    with pytest.raises(FileNotFoundError):
        load("beetle")


def test_a_fitted_head_tells_right_from_wrong(light):
    pairs = compared(ANSWERS, Remembering(light))
    head = fitted([pairs])
    best = [max(map(head.probability, _of(pairs, row))) for row in range(len(ANSWERS))]
    assert min(best[0], best[2]) > max(best[1], best[3])


def _of(pairs, row):
    return [pairs.likenesses[i] for i in np.flatnonzero(pairs.rows == row)]


def test_fitting_compares_as_marking_does(light):
    pairs = compared(ANSWERS[:1], Remembering(light))
    comparer = Comparer(light)
    heard = comparer.hear(unencoded(ANSWERS[0].answer), [MILK, *ANSWERS[0].references])
    assert pairs.likenesses[0] == comparer.compare(FOAM, MILK, heard)


def test_platt_recovers_frequencies():
    z = np.random.default_rng(0).normal(size=4000)
    right = (np.random.default_rng(1).random(4000) < 1 / (1 + np.exp(-(0.5 * z - 1)))).astype(float)
    slope, shift, _ = platt(z, right, np.ones(4000))
    assert slope == pytest.approx(0.5, abs=0.1)
    assert shift == pytest.approx(-1.0, abs=0.1)


def test_agreement_of_a_constant_is_none():
    given = np.array([0.0, 1.0, 1.0, 0.0])
    assert correlation(given, np.full(4, 0.5)) == 0.0
    assert macro_f1(given >= 0.5, given >= 0.5) == 1.0
    assert macro_f1(given >= 0.5, np.full(4, True)) == pytest.approx(1 / 3)


def test_the_halves_of_our_own_answers_share_no_question():
    seen, held_out = point_marks("seen"), point_marks("held out")
    assert questions_of(seen).isdisjoint(questions_of(held_out))
    assert len(questions_of(seen)) == len(questions_of(held_out))


def test_every_question_of_ours_has_all_answers_and_each_of_its_points():
    marks = [*point_marks("seen"), *point_marks("held out")]
    for question in {mark.question for mark in marks}:
        here = [mark for mark in marks if mark.question == question]
        points = {mark.references for mark in here}
        assert {mark.quality for mark in here} == set(QUALITIES)
        assert len(here) == len(points) * len(QUALITIES)


def test_what_a_mark_of_ours_stands_on_is_in_its_answer():
    for mark in [*point_marks("seen"), *point_marks("held out")]:
        assert bool(mark.stands_on) == (mark.score == 1.0)
        assert not mark.stands_on or locate(mark.stands_on, mark.answer), mark.stands_on


def test_numbers_of_marks_name_points_that_there_are():
    met = [mark for half in ("seen", "held out") for mark in point_marks(half) if mark.score]
    assert len(met) == sum(len(row["met"]) for row in _answers())


def _answers():
    return [row[quality] for row in questions.load("points") for quality in QUALITIES]


def test_answers_of_questions_left_out_are_judged_by_heads_that_did_not_see_them(light):
    pairs = compared(ANSWERS, Remembering(light))
    head, [left_out] = calibrated([pairs])
    assert left_out.shape == (len(ANSWERS),)
    assert list(left_out) != list(pairs.best(pairs.values() @ np.array(head.weights)))


def test_fitting_twice_gives_the_same_head(light):
    pairs = compared(ANSWERS, Remembering(light))
    assert calibrated([pairs])[0] == calibrated([pairs])[0]


def test_an_area_is_the_share_of_pairs_in_order():
    right = np.array([True, False, True, False])
    assert auc(right, np.array([0.9, 0.8, 0.7, 0.1])) == 0.75
    assert auc(right, np.full(4, 0.3)) == 0.5
    assert auc(np.full(2, True), np.array([0.2, 0.9])) == 0.5


def test_a_quote_is_right_where_it_holds_the_words_marked():
    sure = Policy().credit_full
    quotes = ["Its proteins foam up at once.", "My stove is hot."]
    marks = [point_mark("good", "proteins foam"), point_mark("terse", "skin on top")]
    found = Judged("ours", marks, np.array([sure, sure]), quotes)
    assert quoted_right(found) == (1, 2)


def test_a_sure_answer_ranks_over_an_unsure_one():
    marks = [point_mark(quality, "") for quality in QUALITIES]
    half = (Policy().credit_from + Policy().credit_full) / 2
    _, *means = ranked(Judged("ours", marks, np.array([0.0, half, half, half, 1.0]), [""] * 5))
    assert means[:5] == pytest.approx([0.0, 0.5, 0.5, 0.5, 1.0])
    assert means[5:] == ["1 of 1", "1 of 1", "0 of 1", "1 of 1"]


def point_mark(quality: str, stands_on: str) -> PointMark:
    return PointMark(MILK, (FOAM,), "x", float(bool(stands_on)), "seen", False, quality, stands_on)


def test_the_quote_of_a_fitted_pair_is_the_nearest_sentence(light):
    text = f"My stove is old. {ANSWERS[0].answer}"
    pairs = compared([answer(MILK, text, 1.0, FOAM)], Remembering(light))
    assert judged("one", pairs, np.array([0.0])).quotes == [ANSWERS[0].answer]
