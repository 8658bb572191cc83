"""The quote gate, and the arithmetic from gated marks to a score."""

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agent import state
from agent.events import Aid, Mark, Quote, Verdict
from agent.grading import (
    against,
    anchor,
    credit,
    credits_after,
    gate,
    locate,
    score,
)
from agent.policy import Policy
from agent.testlets import with_marks, with_second_thought
from knowledge.atoms import Atom

POLICY = Policy()


def mark(verdict: Verdict = "met", quote: str | None = None, **more: Any) -> Mark:
    stands = Quote(text=quote, start=0, end=max(len(quote), 1)) if quote is not None else None
    given = {"atom": "p", "kind": "point", "text": "t", "probability": 1.0, "source": "model"}
    return Mark(**given | more, verdict=verdict, quote=stands)


# The quote gate.

SAID = "The key decides:  a late row  updates the old one.\r\n"
SAID += "That’s “idempotent” – naïve, but it works."


@pytest.mark.parametrize(
    "words",
    [
        "a late row",
        "A LATE ROW",
        "a late row updates",
        "  a\tlate\nrow ",
        "the old one. That's",
        'That\'s "idempotent" - naïve',
        unicodedata.normalize("NFD", "naïve"),
        "ＫＥＹ",
        SAID,
    ],
)
def test_a_quote_stands_whatever_its_case_white_space_and_unicode_form(words: str) -> None:
    gated = gate(mark(quote=words), SAID)
    assert gated.verdict == "met"
    assert gated.quote is not None
    assert SAID[gated.quote.start : gated.quote.end] == gated.quote.text


@pytest.mark.parametrize("verdict", ["met", "contradicted"])
@pytest.mark.parametrize(
    "words",
    [
        "an early row",
        "What would you do with late rows?",
        "I would use a watermark",
        "late row one",
        "",
        "  ",
        None,
    ],
)
def test_words_that_this_message_does_not_hold_support_nothing(
    verdict: Verdict, words: str | None
) -> None:
    assert gate(mark(verdict, words), SAID).verdict == "unsupported"


@pytest.mark.parametrize("verdict", ["not_met", "abstained", "unsupported"])
def test_a_mark_that_is_not_met_keeps_no_quote(verdict: Verdict) -> None:
    gated = gate(mark(verdict, "a late row"), SAID)
    assert gated.verdict == verdict
    assert gated.quote is None


TEXTS = st.text(max_size=60) | st.text(
    st.sampled_from('aé e\u0301\u0323ß’"“—İﬁ😀👩‍💻 \r\n\t\u00a0x'), max_size=40
)


def _is_seen(letter: str) -> bool:
    return unicodedata.category(letter) != "Cf"


def test_a_quote_stands_in_a_message_that_hides_characters_in_it() -> None:
    message = "We com\u200bmit the off\u00adset after the write."
    quote = locate("commit the offset", message)
    assert quote is not None
    assert message[quote.start : quote.end] == quote.text == "com\u200bmit the off\u00adset"


@given(TEXTS, st.data())
@example("", None)
def test_any_slice_of_a_message_is_found_in_it(message: str, data: Any) -> None:
    ends = st.integers(0, len(message))
    start, end = sorted((data.draw(ends), data.draw(ends))) if data else (0, 0)
    quote = locate(message[start:end], message)
    if quote is None:
        assert not "".join(filter(_is_seen, message[start:end])).strip()
    else:
        assert message[quote.start : quote.end] == quote.text


@given(TEXTS, TEXTS)
def test_a_quote_is_always_the_messages_own_text_at_its_offsets(words: str, message: str) -> None:
    quote = locate(words, message)
    if quote is not None:
        assert message[quote.start : quote.end] == quote.text
        assert 0 <= quote.start < quote.end <= len(message)


@given(st.text(max_size=40), st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_another_unicode_form_of_the_message_is_found_in_it(message: str, form: Any) -> None:
    if "".join(filter(_is_seen, message)).strip():
        assert locate(unicodedata.normalize(form, message), message) is not None


# The score.


def point(name: str, **more: Any) -> Atom:
    return Atom(id=name, kind="point", text=name, question="q", **{"role": "core"} | more)


def indicator(name: str, polarity: Any = "positive") -> Atom:
    return Atom(id=name, kind="indicator", text=name, question="q", polarity=polarity)


ATOMS = st.lists(
    st.builds(
        lambda name, role, group: point(name, role=role, group=group),
        st.sampled_from("abcdefg"),
        st.sampled_from(["core", "any_of", "example"]),
        st.sampled_from([None, "g", "h"]),
    )
    | st.builds(indicator, st.sampled_from("ijk"), st.sampled_from(["positive", "negative"])),
    unique_by=lambda atom: atom.id,
    max_size=9,
)
NAMES = "abcdefgijk"
CREDITS = st.dictionaries(st.sampled_from(NAMES), st.floats(0, 1))
NEGATIVES = st.sets(st.sampled_from(NAMES))


def points_of(
    rubric: Iterable[Atom], credits: Mapping[str, float], lost: Iterable[str] = ()
) -> float:
    value = score(rubric, credits, lost, POLICY)
    assert value is not None
    return value


@given(ATOMS, CREDITS, NEGATIVES)
def test_a_score_lies_between_nothing_and_all_or_is_not_there(
    rubric: list[Atom], credits: dict[str, float], lost: set[str]
) -> None:
    value = score(rubric, credits, lost, POLICY)
    scorable = [a for a in rubric if a.polarity != "negative" and a.role != "example"]
    assert (value is None) == (not scorable)
    assert value is None or 0 <= value <= 1


@given(ATOMS, CREDITS, NEGATIVES, st.sampled_from(NAMES), st.sampled_from(get_args(Aid)))
def test_a_met_mark_never_lowers_and_what_speaks_against_never_raises(
    rubric: list[Atom], credits: dict[str, float], lost: set[str], atom: str, aid: Aid
) -> None:
    before = score(rubric, credits, lost, POLICY)
    met = mark(quote="x", atom=atom, polarity="positive")
    more = score(rubric, credits_after(credits, [met], aid, POLICY), lost, POLICY)
    less = score(rubric, credits, {*lost, atom}, POLICY)
    if before is not None and more is not None and less is not None:
        assert less <= before <= more


@given(ATOMS, CREDITS, NEGATIVES, st.sets(st.sampled_from(NAMES)), st.sampled_from(NAMES))
def test_an_abstention_is_never_worse_than_not_met(
    rubric: list[Atom], credits: dict[str, float], lost: set[str], decided: set[str], atom: str
) -> None:
    not_met = score(rubric, credits, lost, POLICY, decided | {atom})
    abstained = score(rubric, credits, lost, POLICY, decided - {atom})
    if abstained is not None:
        assert not_met is not None
        assert abstained >= not_met


def test_what_is_left_open_is_left_out_of_the_score() -> None:
    rubric = [point("a"), point("b"), point("c")]
    assert score(rubric, {"a": 1.0}, [], POLICY, {"a", "b"}) == 0.5
    assert score(rubric, {"a": 1.0}, [], POLICY, {"a"}) == 1.0
    assert score(rubric, {}, [], POLICY, {"b"}) == 0.0


def test_where_every_point_is_left_open_an_indicator_alone_gives_no_score() -> None:
    rubric = [point("a"), indicator("i"), indicator("n", "negative")]
    assert score(rubric, {"i": 1.0}, ["n"], POLICY, {"i", "n"}) is None


def test_a_group_is_open_while_one_of_it_may_still_be_met() -> None:
    group = [point("a", role="any_of", group="g"), point("b", role="any_of", group="g")]
    rubric = [*group, point("c")]
    assert score(rubric, {"c": 1.0}, [], POLICY, {"a", "c"}) == 1.0
    assert score(rubric, {"c": 1.0}, [], POLICY, {"a", "b", "c"}) == 0.5
    assert score(rubric, {"b": 1.0, "c": 1.0}, [], POLICY, {"b", "c"}) == 1.0


def test_one_of_a_group_is_enough_and_counts_once() -> None:
    rubric = [
        point("a", role="any_of", group="g"),
        point("b", role="any_of", group="g"),
        point("c"),
    ]
    assert points_of(rubric, {"a": 1.0}) == points_of(rubric, {"a": 1.0, "b": 1.0}) == 0.5


def test_an_example_is_never_scored() -> None:
    rubric = [point("a"), point("e", role="example")]
    assert points_of(rubric, {"a": 1.0}) == 1
    assert points_of(rubric, {"e": 1.0}) == 0
    assert credits_after({}, [mark(atom="e", role="example", quote="x")], "unaided", POLICY) == {}


def test_a_rubric_with_nothing_to_earn_gives_no_score() -> None:
    assert score([], {}, [], POLICY) is None
    assert score([indicator("n", "negative")], {}, ["n"], POLICY) is None
    assert anchor(None, POLICY) == "ungraded"


def test_indicators_alone_count_as_points_and_beside_points_as_extra() -> None:
    assert points_of([indicator("i"), indicator("j")], {"i": 1.0}) == 0.5
    assert points_of([point("a"), point("b"), indicator("i")], {"a": 1.0, "i": 1.0}) == 0.75


def test_what_speaks_against_is_a_negative_met_or_a_point_contradicted() -> None:
    marks = [
        mark(atom="a", quote="x"),
        mark("contradicted", atom="b", quote="x"),
        mark(atom="n", polarity="negative", quote="x"),
        mark("unsupported", atom="m", polarity="negative"),
    ]
    assert against(marks) == ["b", "n"]
    assert credits_after({}, marks, "unaided", POLICY) == {"a": 1.0}


@given(st.floats(0, 1))
@example(1.0)
@example(POLICY.credit_from)
def test_unaided_counts_over_prompted_over_hinted_over_nothing(sure: float) -> None:
    met = mark(quote="x", probability=sure)
    unaided, prompted, hinted = (credit(met, aid, POLICY) for aid in get_args(Aid))
    assert 1 >= unaided >= prompted >= hinted >= 0
    assert (unaided > prompted > hinted > 0) == (sure > POLICY.credit_from)


def test_a_mark_on_the_brink_moves_a_score_by_little() -> None:
    brink = mark(quote="x", atom="a", probability=POLICY.credit_from + 0.01)
    earned = credits_after({}, [brink], "unaided", POLICY)
    assert 0 < points_of([point("a")], earned) < 0.05


@given(CREDITS, st.lists(st.sampled_from(get_args(Aid)), max_size=5))
def test_a_point_never_loses_the_credit_it_had(before: dict[str, float], aids: list[Aid]) -> None:
    after: dict[str, float] = before
    for aid in aids:
        after = credits_after(after, [mark(atom="a", quote="x")], aid, POLICY)
    assert all(after[name] >= before[name] for name in before)


@pytest.mark.parametrize(
    ("value", "wanted"), [(0.0, "below"), (0.39, "below"), (0.4, "meets"), (0.8, "exceeds")]
)
def test_a_score_has_an_anchor(value: float, wanted: str) -> None:
    assert anchor(value, POLICY) == wanted


def test_the_question_said_back_is_no_evidence() -> None:
    question = "Is it better to commit offsets before or after processing a batch?"
    said = f"{question} I would commit them after, so that a crash repeats the batch."
    assert gate(mark(quote=question), said, question).verdict == "unsupported"
    assert (
        gate(mark(quote="commit offsets before or after processing"), said, question).verdict
        == "unsupported"
    )
    assert gate(mark(quote="commit them after"), said, question).verdict == "met"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            "we commit offsets after the batch and it decreases load",
            "so we commit offsets after the batch and it increases load a lot",
        ),
        (
            "I would delete the rows of that day and insert them again in one step",
            "I would delete the rows of that day",
        ),
    ],
)
def test_a_quote_that_says_something_else_is_not_moved(words: str, message: str) -> None:
    assert gate(mark(quote=words), message).verdict == "unsupported"


def test_a_quote_with_a_slip_is_moved_to_the_words_as_they_stand() -> None:
    gated = gate(
        mark(quote="we comit the offsets after the batch"),
        "Yes, we commit offsets after the batch.",
    )
    assert gated.verdict == "met"
    assert gated.quote is not None
    assert gated.quote.near
    assert gated.quote.text.startswith("we commit offsets after the batch")


def test_a_word_inside_another_does_not_hide_where_it_stands_alone() -> None:
    assert gate(mark(quote="read"), "A thread should read the value.").verdict == "met"


def test_a_choice_that_the_question_offers_can_be_the_answer() -> None:
    assert gate(mark(quote="a log"), "It is a log.", "Is Kafka a queue or a log?").verdict == "met"


# A testlet.


def topic(**more: Any) -> state.Testlet:
    blank: dict[str, Any] = dict.fromkeys(state.Testlet.__annotations__)
    given = {"hints": [], "follow_ups": [], "general": 0, "outcome": "open"}
    return blank | given | state.nothing_earned() | more  # type: ignore[return-value]


RUBRIC = (point("a"), point("b"))


def test_an_answer_on_which_all_marks_abstain_has_no_score() -> None:
    marks = [mark("abstained", atom="a"), mark("abstained", atom="b")]
    after = with_marks(topic(), marks, RUBRIC, POLICY, floor=0)
    assert after["score"] is None
    assert with_marks(topic(), [], RUBRIC, POLICY, floor=0)["score"] is None


MARKS = st.lists(
    st.builds(
        lambda atom, verdict, sure, reason: mark(
            verdict,
            "x",
            atom=atom,
            probability=sure,
            reason=Quote(text="x", start=0, end=1) if reason else None,
        ),
        st.sampled_from("ab"),
        st.sampled_from(get_args(Verdict)),
        st.floats(0, 1),
        st.booleans(),
    ),
    max_size=4,
)
ROAD = st.sampled_from([None, Quote(text="x", start=0, end=1)])


@given(MARKS, MARKS, ROAD, ROAD)
def test_a_second_thought_never_loses(
    first: list[Mark], later: list[Mark], road: Quote | None, other: Quote | None
) -> None:
    before = with_marks(topic(), first, RUBRIC, POLICY, other_road=road)
    after = with_second_thought(before, later, RUBRIC, POLICY, other_road=other)
    if before["score"] is not None:
        assert after["score"] is not None
        assert after["score"] >= before["score"]
        settled_now = {m.atom for m in later if m.verdict == "met"} & {*before["disputed"]}
        if before["score"] >= POLICY.meets and not settled_now:
            assert after["review"] == before["review"]


@given(MARKS, MARKS)
def test_a_hint_is_never_worse_than_to_leave_it_there(first: list[Mark], later: list[Mark]) -> None:
    decided = {m.atom for m in first if m.verdict != "abstained"}
    more = [m for m in later if m.atom in decided and not against([m])]
    before = with_marks(topic(), first, RUBRIC, POLICY)
    after = with_marks({**before, "hints": ["h"]}, more, RUBRIC, POLICY)
    assert (after["score"] or 0.0) >= (before["score"] or 0.0)


@given(st.lists(st.tuples(MARKS, ROAD), max_size=4))
def test_what_is_put_to_a_person_says_why_and_stays_until_it_is_settled(
    answers: list[tuple[list[Mark], Quote | None]],
) -> None:
    testlet = topic()
    for marks, road in answers:
        before, testlet = testlet, with_marks(testlet, marks, RUBRIC, POLICY, other_road=road)
        reasoned = {m.atom for m in marks if m.verdict == "contradicted" and m.reason}
        made = {m.atom for m in marks if m.verdict == "met" and m.polarity != "negative"}
        open_ = set(before["disputed"]) - made | reasoned
        assert (testlet["review"] == "disputed") == bool(open_)
        if testlet["review"] == "needs_person":
            assert (testlet["score"] or 0.0) < POLICY.meets
            assert not testlet["against"]
            assert road or before["review"] == "needs_person"


def test_who_takes_a_contradiction_back_has_neither_erred_nor_disputed() -> None:
    reason = Quote(text="y", start=0, end=1)
    wrong = [mark("contradicted", quote="x", atom="a", reason=reason), mark("not_met", atom="b")]
    corrected = [mark(quote="z", atom="a"), mark("not_met", atom="b")]
    disputed = with_marks(topic(), wrong, RUBRIC, POLICY)
    assert disputed["review"] == "disputed"
    after = with_marks(disputed, corrected, RUBRIC, POLICY)
    assert (after["review"], after["against"]) == (None, [])
    assert after["score"] == with_marks(topic(), corrected, RUBRIC, POLICY)["score"]


def test_a_good_answer_settles_what_waited_for_a_person() -> None:
    road, nothing = Quote(text="x", start=0, end=1), [mark("not_met", atom=a) for a in "ab"]
    waits = with_marks(topic(), nothing, RUBRIC, POLICY, other_road=road)
    assert waits["review"] == "needs_person"
    good = [mark(quote="x", atom="a"), mark(quote="x", atom="b")]
    assert with_marks(waits, good, RUBRIC, POLICY)["review"] is None


def test_a_second_thought_takes_back_what_was_wrong() -> None:
    first = [mark("contradicted", "x", atom="a"), mark("not_met", atom="b")]
    wrong = with_marks(topic(), first, RUBRIC, POLICY, floor=0)
    right = with_second_thought(wrong, [mark(quote="x", atom="a")], RUBRIC, POLICY)
    assert right["against"] == []
    assert right["score"] == 0.5


def test_a_second_thought_can_take_back_what_was_disputed() -> None:
    reason = Quote(text="x", start=0, end=1)
    first = [mark(quote="x", atom="a"), mark("contradicted", "x", atom="b", reason=reason)]
    disputed = with_marks(topic(), first, RUBRIC, POLICY)
    assert (disputed["review"], disputed["score"]) == ("disputed", 0.5)
    after = with_second_thought(disputed, [mark(quote="x", atom="b")], RUBRIC, POLICY)
    assert (after["review"], after["score"]) == (None, 1.0)


def test_a_second_thought_answers_what_was_not_answered() -> None:
    unknown = topic(outcome="not_answered", graded=True, score=0.0)
    added = [mark(quote="x", atom="a"), mark("not_met", atom="b")]
    after = with_second_thought(unknown, added, RUBRIC, POLICY)
    assert (after["outcome"], after["score"]) == ("answered", 0.5)
    unread = [mark("abstained", atom="a"), mark("abstained", atom="b")]
    after = with_second_thought(unknown, unread, RUBRIC, POLICY)
    assert (after["outcome"], after["score"]) == ("ungraded", None)


def test_a_second_thought_gives_a_score_to_what_could_not_be_graded() -> None:
    ungraded = topic(outcome="ungraded", answers=1)
    added = [mark(quote="x", atom="a"), mark("not_met", atom="b")]
    after = with_second_thought(ungraded, added, RUBRIC, POLICY)
    assert (after["outcome"], after["score"]) == ("answered", 0.5)
