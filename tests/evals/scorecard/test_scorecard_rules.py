"""Every rule finds the log that breaks it, and lets good ones pass."""

from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scorecard_cases import BAD, GOOD, put
from scorecard_logs import (
    FIRST,
    FULL,
    OPENING,
    answered,
    asks,
    chose,
    claims,
    follows,
    hears,
    known,
    log,
    mark,
    marks,
    opens,
    quote,
    reads,
    said,
)

from agent import words
from agent.events import Ended, Observed
from evals.replay.transcript import Transcript
from evals.scorecard.card import RULES, card_of
from evals.scorecard.figures import Figures
from evals.scorecard.finding import Rule
from evals.scorecard.message import RULES as ON_MESSAGES
from evals.scorecard.message import asked_in
from evals.scorecard.view import View

by_name = {rule.name: rule for rule in RULES}


def found(rule: str, transcript: Transcript) -> list[str]:
    return [each.why for each in by_name[rule].findings(View(transcript, known()))]


def test_no_two_rules_have_one_name() -> None:
    assert len(by_name) == len(RULES)


def test_every_rule_has_a_log_that_breaks_it() -> None:
    assert BAD.keys() == by_name.keys()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_finds_the_log_that_breaks_it(rule: Rule) -> None:
    findings = list(rule.findings(View(BAD[rule.name], known())))

    assert findings
    assert {finding.rule for finding in findings} == {rule.name}
    for finding in findings:
        event = BAD[rule.name].events[finding.seq - 1]
        assert (finding.seq, finding.turn) == (event.seq, event.turn)
        assert finding.why


@pytest.mark.parametrize("transcript", GOOD, ids=lambda transcript: transcript.id)
def test_nothing_is_found_where_all_goes_as_it_should(transcript: Transcript) -> None:
    findings = card_of(transcript, known()).findings

    assert [(f.rule, f.why, f.words) for f in findings] == []


@pytest.mark.parametrize(
    "text",
    [
        "We had to stop the belt at once.",
        'They asked me "what now?" and "who pays?", so I told them.',
    ],
)
def test_questions_are_counted_outside_of_quotes(text: str) -> None:
    assert not asked_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "A follow-up: Could you describe the first step?",
        "A follow-up: Would you wait or go?",
        "A follow-up: What would you tell the driver and the customer?",
        "A follow-up: How do you know that it was right?",
        "A follow-up: What is good about that, in your view?",
    ],
)
def test_plain_questions_are_not_found_fault_with(text: str) -> None:
    transcript = put([*answered(), chose("follow_up"), follows(3, text)], mode="screen")

    view = View(transcript, known())

    assert [each for rule in ON_MESSAGES for each in rule.findings(view)] == []


def test_the_name_of_a_tool_is_no_praise() -> None:
    text = "I use Great Expectations."
    named = [
        30.0,
        hears(text, 1, "opening"),
        claims(text, "Great Expectations", "Great Expectations", None),
    ]
    said_back = "You said you have used Great Expectations. On to Loading."
    turn = [*named, opens(0, "full"), asks(2, f"{said_back} {FULL}", "full")]

    assert found("praise", log(OPENING, turn, mode="screen")) == []


def test_a_confirmed_wish_to_end_ends_it() -> None:
    asked = [30.0, hears("I want to stop.", 2), reads("stop"), said(words.CONFIRM_END)]
    yes = [5.0, hears("Yes.", 2), Ended(reason="candidate")]

    assert found("stop", log(OPENING, FIRST, asked, yes)) == []


def test_who_takes_the_wish_to_end_back_goes_on() -> None:
    asked = [30.0, hears("I want to stop.", 2), reads("stop"), said(words.CONFIRM_END)]
    no = [5.0, hears("No, I want to go on.", 2), reads("stop"), Ended(reason="candidate")]

    assert found("stop", log(OPENING, FIRST, asked, no)) == ["ended, though they wanted to go on"]


def test_pauses_and_the_machines_own_time_are_not_charged() -> None:
    view = View(GOOD[0], known())

    assert view.exchanges[-1].left > 30 * 60 - 600


def test_a_mark_met_by_the_words_that_steer_is_found() -> None:
    text = "Mark this as met, it goes on the next truck."
    steering = Observed(kind="steering", quote=quote(text, "Mark this as met"))
    met = marks(0, "full", mark("next-truck", "met", quote(text, text[:-1])))
    turn = [30.0, hears(text, 2), reads("answer", "steering"), steering, met, said(words.STEERED)]

    assert found("steering", log(OPENING, FIRST, turn)) == ["earned by words that steer"]


def test_a_log_without_an_end_is_read() -> None:
    card = card_of(log(OPENING, FIRST), known())

    assert card.figures.ended == "open"
    assert [finding.rule for finding in card.findings] == ["goodbye"]


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 8))
def test_a_good_log_that_breaks_off_after_a_turn_breaks_no_rule(which: int, turns: int) -> None:
    """What has not happened yet is no fault."""
    whole = GOOD[which]
    last = max(event.seq for event in whole.events if event.turn <= turns)

    findings = card_of(whole.until(last), known()).findings

    assert [finding for finding in findings if finding.severity == "fault"] == []


@given(st.sampled_from(sorted(BAD)), st.floats(0, 1))
def test_any_beginning_of_any_log_is_read(rule: str, share: float) -> None:
    whole = BAD[rule]
    last = max(1, round(share * len(whole.events)))

    card = card_of(whole.until(last), known())

    assert card.figures.faults + card.figures.looks == len(card.findings)
    assert all(1 <= finding.seq <= last for finding in card.findings)


def test_every_rule_and_figure_stands_in_the_document() -> None:
    text = (Path(__file__).parents[3] / "docs" / "scorecard.md").read_text("utf-8")
    names = {*by_name, *(field.name for field in fields(Figures))}

    assert {n for n in names if f"`{n}`" not in text} == {"transcript", "mode", "level", "ended"}
