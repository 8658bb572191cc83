"""Negative indicators and flags: met where the candidate says so, and only there."""

import pytest

from agent.hearing import hear
from agent.local.likeness import Comparer
from agent.local.opposing import GREEN, NEGATIVE, RED, SHOWN_IN_BENCH, Opposer, at_share
from evals.opposing import cases, contradictions, half, load
from knowledge.atoms import Atom, Polarity
from knowledge.embedder import MiniLM

BEFORE = "We are four people and look after the billing system. "
BY_HAND = "Edits production data by hand"
NO_TESTS = "No mention of testing"


def negative(text: str) -> Atom:
    return Atom(id="n", kind="indicator", text=text, polarity="negative")


def flag(text: str, polarity: Polarity) -> Atom:
    return Atom(id="f", kind="flag", text=text, polarity=polarity)


@pytest.fixture
def opposer(minilm: MiniLM) -> Opposer:
    return Opposer(Comparer(minilm))


def test_what_the_candidate_says_of_themselves_is_met_with_its_quote(
    opposer: Opposer, minilm: MiniLM
) -> None:
    said = "I just edit the production data by hand."
    mark = opposer.negative(negative(BY_HAND), "", hear(BEFORE + said, minilm))
    assert mark.verdict == "met"
    assert mark.quote is not None
    assert mark.quote.text == said
    assert (BEFORE + said)[mark.quote.start : mark.quote.end] == said


@pytest.mark.parametrize(
    "said",
    [
        "We never edit production data by hand.",
        "I used to edit production data by hand, until we lost a table.",
        "My colleague edits production data by hand.",
        "If I edited production data by hand, nobody could follow it.",
        'The lead told me "edit the production data by hand".',
        "Do you edit production data by hand?",
    ],
)
def test_denied_past_of_others_supposed_quoted_or_asked_is_not_met(
    opposer: Opposer, minilm: MiniLM, said: str
) -> None:
    answer = hear(BEFORE + said, minilm)
    assert opposer.negative(negative(BY_HAND), "", answer).verdict != "met"
    assert opposer.flag(flag(BY_HAND, "negative"), "", answer) is None


def test_silence_shows_nothing_missing(opposer: Opposer, minilm: MiniLM) -> None:
    mark = opposer.negative(negative(NO_TESTS), "", hear(BEFORE, minilm))
    assert mark.verdict == "abstained"


def test_what_is_missing_is_met_where_the_candidate_says_so(
    opposer: Opposer, minilm: MiniLM
) -> None:
    answer = hear(BEFORE + "I have never done any testing of my services.", minilm)
    assert opposer.negative(negative(NO_TESTS), "", answer).verdict == "met"


def test_what_is_said_to_be_there_is_not_missing(opposer: Opposer, minilm: MiniLM) -> None:
    answer = hear(BEFORE + "We do a lot of automated testing.", minilm)
    assert opposer.negative(negative(NO_TESTS), "", answer).verdict == "not_met"


def test_a_red_flag_needs_present_practice_and_a_negative_indicator_only_a_plan(
    opposer: Opposer, minilm: MiniLM
) -> None:
    answer = hear(BEFORE + "I would just edit the production data by hand.", minilm)
    assert opposer.negative(negative(BY_HAND), "", answer).verdict == "met"
    assert opposer.flag(flag(BY_HAND, "negative"), "", answer) is None


def test_a_list_of_names_is_no_green_flag(opposer: Opposer, minilm: MiniLM) -> None:
    tests = flag("Writes tests for every change", "positive")
    names = hear("Unit tests, integration tests, coverage, mutation testing.", minilm)
    own = hear(BEFORE + "I write a test for every change that I make.", minilm)
    assert opposer.flag(tests, "", names) is None
    shown = opposer.flag(tests, "", own)
    assert shown is not None
    assert shown.verdict == "met"


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("Deletes raw data", "Deletes never show up, so we compare counts."),
        ("Deletes raw data", "We compare raw data with the counts of the source."),
        ("Deletes raw data", "I keep the raw data for ninety days."),
        ("Leaves wrong numbers uncorrected", "I tell them the number is not reliable."),
        ("Deploys without testing", "Failures do not happen to me since I always test my code."),
        ("Deploys without testing", "We do not deploy before the tests are green."),
        ("Edits production data by hand", "We check production data by hand after a change."),
        ("Gives everybody admin rights", "I review admin rights of everybody each quarter."),
        ("Rebuilds the whole table every night", "We read the whole table every night to compare."),
        ("Ignores failing tests", "I look at failing tests first."),
        ("Runs migrations without a backup", "I take a backup and then run migrations."),
        ("Blames other teams for failures", "I help other teams after failures."),
    ],
)
def test_the_nouns_of_a_flag_without_its_act_are_no_flag(
    opposer: Opposer, minilm: MiniLM, statement: str, said: str
) -> None:
    answer = hear(BEFORE + said, minilm)
    assert opposer.flag(flag(statement, "negative"), "", answer) is None
    assert opposer.negative(negative(statement), "", answer).verdict != "met"


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("Deletes raw data", "We delete the raw data once the load is through."),
        ("Deploys without testing", "I deploy straight away, I never test."),
        ("Runs migrations without a backup", "I run migrations with no backup."),
        ("Shares passwords in chat", "We share passwords in the team chat."),
        ("Ignores failing tests", "I ignore failing tests when it is late."),
        ("Gives everybody admin rights", "I give everybody admin rights so that nobody waits."),
    ],
)
def test_a_practice_told_in_plain_words_is_a_red_flag(
    opposer: Opposer, minilm: MiniLM, statement: str, said: str
) -> None:
    shown = opposer.flag(flag(statement, "negative"), "", hear(BEFORE + said, minilm))
    assert shown is not None
    assert shown.quote is not None
    assert shown.quote.text == said


def test_what_is_rare_in_interviews_has_to_be_shown_more_plainly() -> None:
    assert RED.shown < NEGATIVE.shown < GREEN.shown
    assert at_share(SHOWN_IN_BENCH, 0.7) == pytest.approx(0.7)
    assert at_share(RED.shown, 0.7) < at_share(NEGATIVE.shown, 0.7) < 0.5


def test_the_data_hold_enough_of_every_sort_in_both_halves() -> None:
    items = load()["items"]
    for sort, least in (("negative", 40), ("red", 30), ("green", 20)):
        texts = [item[sort] for item in items if sort in item]
        assert len(texts) >= least
        assert len({half(text) for text in texts}) == 2
    assert all(len(item["shows"]) >= 3 and len(item["tempts"]) >= 4 for item in items)


def test_every_sentence_stands_inside_its_answer(light: MiniLM) -> None:
    assert all(f" {case.sentence} " in case.answer for case in cases(light))


def test_contradictions_are_rarely_paraphrases_on_statements_held_out() -> None:
    right, wrong, n = contradictions()["held out"]
    assert right > n / 2
    assert wrong <= n / 10
