"""How sure the interview is of a level."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.events import MarkSource
from agent.measuring import Belief, Look, Measuring, expected_gain, verdict
from agent.policy import Policy
from knowledge.atoms import LEVELS, Level

POLICY = Policy()
MEASURE = POLICY.measure
SOURCES: tuple[MarkSource | None, ...] = ("local", "model", "human", None)
SUBJECTS = ("modelling", "testing", "operations")


@st.composite
def a_look(draw: st.DrawFn) -> Look:
    return Look(
        subject=draw(st.sampled_from(SUBJECTS)),
        level=draw(st.sampled_from(LEVELS)),
        score=draw(st.floats(0, 1)),
        by=draw(st.sampled_from(SOURCES)),
    )


LOOKS = st.lists(a_look(), max_size=12)


def beliefs(looks: list[Look]) -> list[Belief]:
    """Overall, and on each subject with and without what the others tell."""
    known = Measuring(looks, "mid", MEASURE)
    of_subjects = [way(subject) for subject in SUBJECTS for way in (known.own, known.shared)]
    return [known.overall, *of_subjects]


def half_width(belief: Belief) -> float:
    low, high = belief.interval(POLICY.interval)
    return (high - low) / 2


@given(LOOKS, a_look(), st.floats(0, 1))
def test_a_better_answer_never_lowers_any_level(
    looks: list[Look], look: Look, other: float
) -> None:
    worse, better = sorted((look.score, other))
    low = beliefs([*looks, Look(look.subject, look.level, worse, look.by)])
    high = beliefs([*looks, Look(look.subject, look.level, better, look.by)])
    for one, two in zip(low, high, strict=True):
        assert one.mean <= two.mean + 1e-6
        for level in LEVELS:
            assert one.at_least(level) <= two.at_least(level) + 1e-6


@given(LOOKS.flatmap(lambda looks: st.tuples(st.just(looks), st.permutations(looks))))
def test_the_order_of_answers_does_not_matter(orders: tuple[list[Look], list[Look]]) -> None:
    for one, other in zip(beliefs(orders[0]), beliefs(orders[1]), strict=True):
        assert one.mean == pytest.approx(other.mean, abs=1e-6)
        assert one.spread == pytest.approx(other.spread, abs=1e-6)


@given(LOOKS, a_look())
def test_one_more_look_is_the_same_as_measuring_anew(looks: list[Look], look: Look) -> None:
    added = Measuring(looks, "mid", MEASURE).with_look(look)
    anew = Measuring([*looks, look], "mid", MEASURE)
    assert added.overall.mean == pytest.approx(anew.overall.mean, abs=1e-9)
    assert added.own(look.subject).spread == pytest.approx(anew.own(look.subject).spread, abs=1e-9)


@given(LOOKS)
def test_a_competency_has_only_its_own_evidence_in_its_verdict(looks: list[Look]) -> None:
    mine = [look for look in looks if look.subject == "testing"]
    among = Measuring(looks, "mid", MEASURE).own("testing")
    alone = Measuring(mine, "mid", MEASURE).own("testing")
    assert among.mean == pytest.approx(alone.mean)
    assert among.testlets == len(mine)


@given(LOOKS, st.sampled_from(LEVELS), st.sampled_from(SUBJECTS))
def test_a_question_is_expected_to_tell_something_and_never_more_than_is_open(
    looks: list[Look], level: Level, subject: str
) -> None:
    shown = Measuring(looks, "mid", MEASURE).shared(subject)
    assert 0 <= expected_gain(shown, level, MEASURE) <= shown.spread**2


def test_a_question_near_what_was_shown_tells_most() -> None:
    shown = Measuring([Look("testing", "mid", 0.0, "human")] * 4, "mid", MEASURE).own("testing")
    gains = [expected_gain(shown, level, MEASURE) for level in LEVELS]
    assert gains == sorted(gains, reverse=True)


@pytest.mark.parametrize(("answers", "width"), [(1, 1.4), (8, 0.8)])
def test_doubt_shrinks_as_slowly_as_it_is_said_to(answers: int, width: float) -> None:
    """Of marks by a language model or a person, on as many competencies as an hour covers."""
    looks = [Look(f"subject {n % 6}", "mid", 0.6, "model") for n in range(answers)]
    known = Measuring(looks, "mid", MEASURE)
    assert half_width(known.overall if answers > 1 else known.own("subject 0")) == pytest.approx(
        width, abs=0.15
    )


def test_the_surer_examiner_leaves_less_doubt() -> None:
    widths = [
        half_width(Measuring([Look("testing", "mid", 0.6, by)] * 3, "mid", MEASURE).overall)
        for by in ("local", "model", "human")
    ]
    assert widths == sorted(widths, reverse=True)


def test_without_an_answer_there_is_not_enough_evidence() -> None:
    assert verdict(Measuring([], "mid", MEASURE).overall, "mid", POLICY) == "not enough evidence"


@pytest.mark.parametrize("score", [0.0, 0.5, 1.0])
def test_one_answer_alone_settles_nothing(score: float) -> None:
    known = Measuring([Look("testing", "mid", score, "human")], "mid", MEASURE)
    assert verdict(known.overall, "mid", POLICY) == "could be either"


@pytest.mark.parametrize(
    ("score", "wanted"),
    [(1.0, "likely shown"), (0.0, "not shown in this interview"), (0.2, "could be either")],
)
def test_five_like_answers_have_a_verdict_in_words(score: float, wanted: str) -> None:
    looks = [Look(f"subject {n}", "mid", score, "local") for n in range(5)]
    assert verdict(Measuring(looks, "mid", MEASURE).overall, "mid", POLICY) == wanted


def test_a_calibrated_difficulty_takes_the_place_of_the_authors() -> None:
    harder = MEASURE.model_copy(update={"calibrated": {"q1": (2.5, 0.1)}})
    look = Look("testing", "mid", 0.6, "human", "q1")
    plain, calibrated = (Measuring([look], "mid", m).overall.mean for m in (MEASURE, harder))
    assert calibrated > plain + 0.3
