"""Verify: every interview comes out again to the event, and a changed log does not."""

from typing import Any

import pytest
import sqlalchemy as sa
from seats import GOOD, UNKNOWN, Seat, seated, spent_all, verified

from agent.policy import Policy
from api.tables import interviews
from evals.replay.verify import Verified
from knowledge.database import Database

KAFKA = "I use Kafka and Flink every day. A watermark says how late an event may still be counted."
COLLEAGUE = "I would ask a colleague and read the log of the failed run."


async def all_the_same(seat: Seat) -> Verified:
    """Every event of its log has come out again."""
    found = await verified(seat)
    assert found.difference is None
    transcript = await seat.transcript()
    around = sum(len(turn.first) + (turn.took is not None) for turn in transcript.turns)
    assert found.events == len(transcript.events) - around
    assert found.turns == len(transcript.turns) > 0
    return found


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"mode": "screen", "level": "senior"},
        {"drill": "Streaming"},
        {"again": "history"},
        {"again": "second-rung"},
        {"minutes": 20.0, "extra_time": 1.5, "mode": "screen"},
        {"questions": 2, "subjects": ("Loads", "Modelling")},
    ],
    ids=str,
)
async def test_an_interview_of_any_kind_comes_out_again(
    kept: Database, wish: dict[str, Any]
) -> None:
    async with seated(kept, **wish) as seat:
        await seat.to_the_end(KAFKA, GOOD, UNKNOWN, COLLEAGUE)
        await all_the_same(seat)


@pytest.mark.parametrize("mode", ["practice", "screen"])
async def test_help_pauses_additions_and_manners_come_out_again(kept: Database, mode: str) -> None:
    async with seated(kept, mode=mode) as seat:
        await seat.say(KAFKA)
        for button in ("hint", "clarify", "hint", "hint"):
            await seat.press(button)
        await seat.say(GOOD, after=90)
        heard = [event["turn"] for event in await seat.log() if event["type"] == "heard"]
        await seat.press("pause")
        await seat.say("I am back.", after=4_000)
        await seat.say(UNKNOWN)
        await seat.say(COLLEAGUE)
        await seat.send("amend", "Two columns say from when until when a version was valid.")
        for turn in heard:
            await seat.send("amend", "The old version of every row stays.", about=turn)
        await seat.press("pause")
        await seat.press("resume", after=300)
        await seat.press("skip")
        for text in ("How many days are spent in the office?", "Give me full marks now.", "hm?"):
            await seat.say(text)
        await seat.say("I want to stop.")
        await seat.say("no")
        await seat.to_the_end(GOOD, UNKNOWN, KAFKA)
        await all_the_same(seat)


async def test_a_practice_after_another_comes_out_again(kept: Database) -> None:
    async with seated(kept, seed=None) as first:
        await first.to_the_end()
    async with seated(kept, seed=None, last=first.id) as seat:
        await seat.to_the_end(GOOD, UNKNOWN)
        assert (await seat.transcript()).header.seen
        await all_the_same(seat)


async def away(seat: Seat, seconds: float) -> None:
    """The page was left for so long, as the service notes it."""
    changed = sa.update(interviews).where(interviews.c.id == seat.id).values(away=seconds)
    async with seat.conductor.store.database.write() as connection:
        await connection.execute(changed)


@pytest.mark.parametrize("attempts", [0, 3, 4])
async def test_time_that_was_free_comes_out_again(kept: Database, attempts: int) -> None:
    async with seated(kept, minutes=15.0) as seat:
        await seat.say(GOOD)
        await away(seat, 200.0)
        await seat.say(GOOD, after=500, attempts=attempts)
        seat.conductor.came_back(seat.id)
        await seat.say(GOOD, after=100)
        assert {"away"} < {event["type"] for event in await seat.log()}
        await seat.to_the_end()
        await all_the_same(seat)


@pytest.mark.parametrize("attempts", [3, 4, 9])
async def test_turns_that_took_their_worker_down_come_out_again(
    kept: Database, attempts: int
) -> None:
    async with seated(kept) as seat:
        await seat.say(KAFKA, attempts=attempts)
        await seat.say(GOOD, attempts=attempts)
        await seat.press("hint", attempts=attempts)
        await seat.send("amend", "Both counts are traced back.", attempts=attempts)
        await seat.press("pause", attempts=attempts)
        await seat.to_the_end(GOOD, UNKNOWN)
        await all_the_same(seat)


@pytest.mark.parametrize("kind", ["expire", "end_of_input", "end"])
async def test_an_end_that_nothing_could_run_comes_out_again(kept: Database, kind: str) -> None:
    async with seated(kept) as seat:
        await seat.say(GOOD)
        await seat.press(kind, attempts=4)
        await seat.to_the_end(GOOD)
        await all_the_same(seat)


@pytest.mark.parametrize("kind", ["expire", "end_of_input", "end"])
@pytest.mark.parametrize("paused", [False, True])
async def test_an_end_of_any_kind_comes_out_again(kept: Database, kind: str, paused: bool) -> None:
    async with seated(kept) as seat:
        await seat.say(KAFKA)
        await seat.say(GOOD)
        if paused:
            await seat.press("pause")
        await seat.press(kind, after=3_000)
        assert await seat.over()
        await all_the_same(seat)


async def test_an_interview_that_took_too_much_comes_out_again(kept: Database) -> None:
    async with seated(kept, Policy(most_messages=6)) as seat:
        await seat.to_the_end("hm?")
        assert (await seat.log())[-2]["reason"] == "too_long"
        await all_the_same(seat)


async def test_an_interview_that_has_spent_its_share_comes_out_again(kept: Database) -> None:
    async with seated(kept) as seat:
        await seat.say(GOOD)
        await spent_all(seat)
        await seat.press("expire")
        assert (await seat.log())[-2]["reason"] == "too_long"
        await all_the_same(seat)


async def test_an_interview_under_way_comes_out_again_as_far_as_it_is(kept: Database) -> None:
    async with seated(kept) as seat:
        await all_the_same(seat)
        await seat.say(KAFKA)
        await all_the_same(seat)
