"""What a candidate is charged for: their own time, and the same in the state and in the log."""

import math
from typing import Any

import pytest
from held import Held, Hold
from hypothesis import given
from hypothesis import strategies as st
from test_graph import FULL, at_first_question, play

from agent import words
from agent.budget import charged, seconds_left
from agent.events import Away, Consented, read_event
from agent.policy import Policy
from agent.report import as_markdown
from agent.report.ledger import fold
from agent.scripted import adds, answers

LONGEST = Policy().longest_silence


def away(held: Held, seconds: float) -> None:
    """Nobody is at the page for so long, as a conductor notes it before the next turn."""
    held.now += seconds
    held.bodies.append(Away(seconds=seconds, at=held.now).model_dump(mode="json"))
    said_at = held.state["said_at"]
    if said_at is not None:
        held.state["said_at"] = said_at + seconds


def left(held: Held) -> float:
    return seconds_left(held.state, held.now)


def assert_the_log_agrees(held: Held) -> None:
    assert fold(held.events).spent == pytest.approx(held.state["used"])


async def test_a_long_silence_is_charged_up_to_a_bound(hold: Hold) -> None:
    held = await at_first_question(hold, core=1)
    used = held.state["used"]
    await play(held, FULL["history"], "All of it.", after=10 * LONGEST)
    assert held.state["used"] == used + LONGEST
    assert_the_log_agrees(held)


async def test_a_clock_that_is_set_back_charges_nothing(hold: Hold) -> None:
    held = await at_first_question(hold, core=1)
    used, before = held.state["used"], left(held)
    held.now -= 500
    assert left(held) == before
    await play(held, FULL["history"], "All of it.", after=0)
    assert held.state["used"] == used
    assert_the_log_agrees(held)


async def test_time_away_is_free(hold: Hold) -> None:
    held = await at_first_question(hold, core=1)
    used = held.state["used"]
    away(held, 900)
    await play(held, FULL["history"], "All of it.", after=40)
    assert held.state["used"] == pytest.approx(used + 40)
    assert_the_log_agrees(held)


async def test_the_interviews_own_bound_is_in_its_log(hold: Hold) -> None:
    held = await at_first_question(hold, core=1, policy=Policy(longest_silence=60))
    await play(held, FULL["history"], "All of it.", after=500)
    assert held.state["used"] == 61
    assert_the_log_agrees(held)


@pytest.mark.parametrize("action", ["end_of_input", "expire"])
async def test_nobody_is_charged_for_not_coming_back(hold: Hold, action: str) -> None:
    held = await at_first_question(hold)
    used = held.state["used"]
    await held.press(action, after=86_400)
    assert held.state["used"] == used
    assert_the_log_agrees(held)
    assert left(held) == held.state["seconds"] - used


async def test_state_and_log_agree_whatever_happens(hold: Hold) -> None:
    for seed in range(12):
        held = await at_first_question(hold, core=2, seed=seed)
        for place, action in enumerate(["hint", "away", "pause", "away", "resume", "skip", "end"]):
            seconds = (seed * 37 + place * 211) % 1700 - 60.0
            if action == "away":
                away(held, abs(seconds))
            else:
                await held.press(action, after=seconds)
        assert held.over
        assert_the_log_agrees(held)


# What is left.


async def test_before_the_opening_all_of_it_is_left(hold: Hold) -> None:
    held = await hold(minutes=30)
    fresh: Any = {**held.state, "said_at": None, "used": 0.0}
    assert seconds_left(fresh, held.now + 500) == 1800


async def test_it_runs_while_the_candidate_thinks_and_stands_in_a_pause(hold: Hold) -> None:
    held = await hold(minutes=30)
    assert left(held) == 1800
    held.now += 100
    assert left(held) == 1700
    await held.press("pause", after=0)
    held.now += 5_000
    assert left(held) == 1700
    await held.press("resume", after=0)
    assert left(held) == 1700


async def test_it_stands_once_the_interview_is_over(hold: Hold) -> None:
    held = await hold(minutes=30)
    await held.press("end", after=100)
    assert left(held) == 1700
    held.examiner._replies.append(adds())  # type: ignore[attr-defined]
    await held.say("One thing more.", action="amend", after=50, about=1)
    assert left(held) == 1700


@given(st.none() | st.floats(0, 1e10), st.floats(0, 1e10), st.floats(0, 1e5), st.floats(0, 1e5))
def test_it_is_never_below_nothing_nor_above_the_whole(
    said_at: float | None, now: float, used: float, seconds: float
) -> None:
    state: Any = {
        "seconds": seconds,
        "used": used,
        "said_at": said_at,
        "paused": False,
        "stage": "probes",
    }
    assert 0 <= seconds_left(state, now) <= seconds
    assert 0 <= charged(said_at, now, LONGEST) <= LONGEST
    assert charged(said_at, now, math.inf) == (0 if said_at is None else max(now - said_at, 0))


# Events that a conductor puts in.


async def test_an_interview_that_expires_closes_politely_and_says_why(hold: Hold) -> None:
    held = await at_first_question(hold, core=1)
    await play(held, answers(["versions"]), "Half.")
    heard = len(held.of("heard"))
    said = await held.press("expire", after=90_000)
    assert held.over
    assert said.startswith(words.CLOSING_EXPIRED)
    assert len(held.of("heard")) == heard
    assert held.of("ended")[-1].reason == "expired"
    assert held.of("closed")[-1].outcome == "answered"
    assert "closed by itself" in as_markdown(held.report())


async def test_it_expires_in_a_pause_and_at_its_very_end(hold: Hold) -> None:
    held = await hold(core=1)
    await held.press("pause")
    await held.press("expire")
    assert [e.type for e in held.events[-2:]] == ["said", "ended"]
    assert not held.of("resumed")
    held = await hold(core=1)
    while held.kind != "candidate_questions":
        await held.press("skip")
    await held.press("expire")
    assert held.of("ended")[-1].reason == "expired"


def test_consent_and_absence_are_read_back_as_they_were_written() -> None:
    for event in (Consented(notice="1", text_hash="ab12", at=1.0), Away(seconds=3.5)):
        assert read_event(event.model_dump(mode="json")) == event
