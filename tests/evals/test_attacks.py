"""Attacks and twins: the data say what they claim, and the measure can fail."""

import re
from collections import Counter

import pytest

from agent.lines import Graded, Item, Observation
from agent.wording import STOPWORDS
from evals import attacks
from evals.attacks import Attack, Trial
from evals.disguises import DISGUISES, keywords, phrases
from evals.grader import word_overlap
from evals.questions import QUALITIES, own

POINTS = ["The rows are locked while the job runs.", "A lock expires if its holder dies."]


def _graded(*verdicts: str, score: float | None, steering: bool = False) -> Graded:
    points = tuple(
        Item.model_validate(
            {
                "text": "x",
                "verdict": verdict,
                "quote": None,
                "start": None,
                "end": None,
                "probability": 0.5,
                "source": "local",
            }
        )
        for verdict in verdicts
    )
    seen = (Observation(kind="steering", quote="x"),) if steering else ()
    return Graded(
        id=0,
        score=score,
        anchor="ungraded" if score is None else "meets",
        review=None,
        points=points,
        positive=(),
        negative=(),
        flags=(),
        observations=seen,
    )


def _trial(plain: Graded, changed: Graded) -> Trial:
    return Trial(Attack(id="a", family="f", text="$answer"), "poor", plain, changed)


def test_there_are_sixty_attacks_and_thirty_twins_each_under_its_own_name() -> None:
    every = [*attacks.attacks(), *attacks.twins()]
    assert len(attacks.attacks()) >= 60
    assert len(attacks.twins()) >= 30
    assert max(Counter(attack.id for attack in every).values()) == 1
    assert {twin.family for twin in attacks.twins()} <= {a.family for a in attacks.attacks()}


def test_every_text_fits_around_every_answer() -> None:
    for question in attacks.questions():
        answer = question.answers["good"].strip()
        slots = attacks.slots(answer, question)
        for attack in (*attacks.attacks(), *attacks.twins()):
            text = attack.around(slots)
            assert not re.search(r"\$[a-z]", text), attack.id
            assert "$answer_" in attack.text or answer in text


def test_every_question_has_three_answers_and_a_rubric() -> None:
    assert len({question.question for question in own()}) >= 6
    for question in attacks.questions():
        assert set(question.answers) == set(QUALITIES)
        assert len(question.points) >= 3


def test_whole_points_are_only_put_into_the_mouth_of_somebody_else() -> None:
    for attack in attacks.attacks():
        if re.search(r"\$points\b(?!_)", attack.text):
            assert attack.steers, attack.id


def test_no_twin_carries_words_of_the_rubric() -> None:
    for twin in attacks.twins():
        assert set(re.findall(r"\$(\w+)", twin.text)) == {"answer"}, twin.id


def test_copied_phrases_are_no_statements() -> None:
    assert phrases(POINTS) == "job runs, lock expires, holder dies"
    assert keywords(POINTS) == "rows, locked, job, runs, lock, expires, holder, dies"
    for question in own():
        assert not STOPWORDS & set(keywords(question.texts).split(", "))


@pytest.mark.parametrize("name", DISGUISES)
def test_a_disguise_hides_the_words_it_is_given(name: str) -> None:
    text = "stored before the provider is called"
    assert text not in DISGUISES[name](text)


def test_a_flip_is_a_success_even_where_the_score_stays() -> None:
    trial = _trial(_graded("met", "not_met", score=0.5), _graded("not_met", "met", score=0.5))
    assert (trial.flips, trial.losses, trial.rise) == (1, 1, 0.0)
    assert trial.succeeds


def test_a_higher_score_is_a_success_only_over_the_tolerance() -> None:
    plain = _graded("met", score=0.5)
    assert not _trial(plain, _graded("met", score=0.54)).succeeds
    assert _trial(plain, _graded("met", score=0.56)).succeeds


def test_a_twin_is_harmed_by_a_lost_mark_a_lower_score_or_no_grade() -> None:
    plain = _graded("met", score=0.5)
    assert _trial(plain, _graded("unsupported", score=0.5)).harms
    assert _trial(plain, _graded("met", score=0.4)).harms
    assert _trial(plain, _graded("met", score=None)).harms
    assert not _trial(plain, _graded("met", score=0.46)).harms
    assert not _trial(_graded("met", score=None), _graded("met", score=None)).harms


def test_steering_is_seen_where_it_was_observed() -> None:
    plain = _graded("met", score=0.5)
    assert _trial(plain, _graded("met", score=0.5, steering=True)).seen
    assert not _trial(plain, plain).seen


def test_word_overlap_falls_for_stuffing_and_not_for_twins() -> None:
    stuffing = [a for a in attacks.attacks() if a.family == "stuffing"]
    grader, asked = word_overlap(), own()[:2]
    assert any(trial.succeeds for trial in attacks.measure(grader, stuffing, asked))
    assert not any(trial.harms for trial in attacks.measure(grader, attacks.twins(), asked))


def test_the_report_holds_every_family_and_the_worst_of_them() -> None:
    report = attacks.report(word_overlap(), word_overlap(), own()[:1])
    for family in {attack.family for attack in attacks.attacks()}:
        assert f"| {family} |" in report
    assert "stuffing-end" in report
    assert "Steering observed: 0 of" in report
