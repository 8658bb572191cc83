"""Whose statement a sentence is, and whether it says or denies."""

import pytest

from agent.local.statements import (
    abandoned,
    agrees_in_sign,
    denies,
    lacking,
    own,
    own_and_present,
    says_the_same,
)


@pytest.mark.parametrize(
    "sentence",
    [
        "I keep the keys in a file that everybody can read.",
        "We run the whole load on Sundays.",
        "If a row is broken I drop it.",
        "Our jobs end green whatever happens.",
    ],
)
def test_a_habit_of_ones_own_is_own_and_present(sentence: str) -> None:
    assert own_and_present(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "We used to run the whole load on Sundays.",
        "I kept the keys in a file until the audit came.",
        "We had no alarms in my first year, now every job has one.",
        "My former boss kept the keys in a file.",
        "The contractors never ran a test.",
        "If we kept the keys in a file, anybody could read them.",
        'The lead told us "just keep them in a file".',
        "Do you keep the keys in a file?",
        "One should keep a log of that.",
        "The file is forty lines long.",
    ],
)
def test_what_is_past_others_supposed_quoted_asked_or_nobodys_is_not(sentence: str) -> None:
    assert not own_and_present(sentence)


def test_a_colleague_as_object_does_not_make_a_sentence_theirs() -> None:
    assert own("I blamed my colleague for it.")
    assert not own("My colleague blamed me for it.")


def test_a_plan_is_own_but_not_present() -> None:
    assert own("I would restart it until it works.")
    assert not own_and_present("I would restart it until it works.")


def test_waiting_until_something_happens_is_no_practice_left_behind() -> None:
    assert not abandoned("I wait until the file has arrived.")
    assert abandoned("I restarted it by hand until we wrote a sensor.")


@pytest.mark.parametrize(
    ("statement", "sentence", "same"),
    [
        ("Patches live systems by hand", "I patch the live system by hand.", True),
        ("Patches live systems by hand", "I never patch live systems by hand.", False),
        ("Patches live systems by hand", "I patch it myself, nobody minds.", True),
        ("No documentation", "We have no documentation.", True),
        ("No documentation", "We document every table.", False),
        ("Merges without asking anyone", "I don't ask anyone.", True),
        ("Merges without asking anyone", "I don't merge before I have asked.", False),
        ("Merges without asking anyone", "We never merge without asking.", False),
    ],
)
def test_a_denial_of_a_denial_says_yes(statement: str, sentence: str, same: bool) -> None:
    assert says_the_same(statement, sentence) is same


@pytest.mark.parametrize(
    "sentence",
    [
        "The log is written after the commit.",
        "The log is not written before the commit.",
        "The log is never written before we commit.",
    ],
)
def test_a_statement_turned_round_is_denied(sentence: str) -> None:
    assert denies("The log is written before the commit", sentence)
    assert not agrees_in_sign("The log is written before the commit", sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "The log is written before the commit.",
        "The log is not written after the commit.",
        "Nobody reads that report.",
        "Is the log written after the commit?",
    ],
)
def test_two_turns_another_matter_and_a_question_deny_nothing(sentence: str) -> None:
    assert not denies("The log is written before the commit", sentence)


def test_another_number_of_the_same_thing_denies() -> None:
    assert denies("The copy is kept for 30 days", "The copy is kept for 3 days.")
    assert not denies("The copy is kept for 30 days", "We keep the copy for 30 days.")


def test_what_is_missing_is_told_from_what_is_done() -> None:
    assert lacking("No mention of monitoring")
    assert lacking("Cannot say what it costs")
    assert not lacking("Notes every incident in a file")
