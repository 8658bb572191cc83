"""Marks given anew, contests and rulings come out again, and a changed one does not."""

from typing import Any

import pytest
from seats import GOOD, KIT, READY, UNKNOWN, Seat, seated, verified

from agent.contesting import Complaint
from agent.ruling import Found, Ruling
from api.contests import Contests
from api.lease import hold, new_owner, release
from api.regrade import regrade_stored
from evals.replay.transcript import transcript_of
from evals.replay.verify import verify
from knowledge.database import Database

WORDS = "The old version of every row stays"


async def test_marks_given_anew_in_mid_interview_are_what_it_goes_on_from(kept: Database) -> None:
    async with seated(kept) as seat:
        await seat.say("I use Kafka.")
        await seat.say(GOOD, attempts=3)
        await seat.say(GOOD, attempts=3)
        done = await regrade_stored(seat.conductor, seat.id, seat.lease, "local")
        assert done.changes
        await seat.to_the_end(UNKNOWN, GOOD)
        assert (await verified(seat)).difference is None


async def over(seat: Seat) -> Contests:
    await seat.to_the_end("I use Kafka.", UNKNOWN, GOOD)
    await release(seat.conductor.store.database, seat.lease)
    return Contests(seat.conductor.store, seat.clock)


async def contest(contests: Contests, seat: Seat, number: int, **told: Any) -> None:
    complaint = Complaint(f"c-{number}", reason="I did say it.", **told)
    await contests.contest(seat.id, complaint)


RULINGS = (
    Ruling(upholds=False, reason="It was not said.", by="Ada"),
    Ruling(upholds=True, reason="It was said.", by="Ada"),
    Ruling(upholds=True, reason="It is wrong.", by="Ada", withdraws=True),
)


@pytest.mark.parametrize("ruling", RULINGS, ids=["refused", "set aside", "withdrawn"])
async def test_a_contest_of_a_question_and_its_ruling_come_out_again(
    kept: Database, ruling: Ruling
) -> None:
    async with seated(kept) as seat:
        contests = await over(seat)
        await contest(contests, seat, 1, question=1)
        await contest(contests, seat, 2, question=2)
        await contests.decide(seat.id, 1, ruling)
        assert (await verified(seat)).difference is None


async def test_a_person_who_finds_points_made_comes_out_again(kept: Database) -> None:
    async with seated(kept) as seat:
        contests = await over(seat)
        log = await seat.log()
        marked = next(e for e in log if e["type"] == "marked" and e["score"] is not None)
        place = [e["testlet"] for e in log if e["type"] == "opened"].index(marked["testlet"]) + 1
        points = [mark["atom"] for mark in marked["marks"] if mark["kind"] == "point"]
        texts = [e["text"] for e in log if e["type"] == "heard" and e["turn"] == marked["turn"]]
        words = " ".join(texts[0].split()[:6])
        await contest(contests, seat, 1, question=place)
        ruling = Ruling(
            upholds=True, reason="It is.", by="Ada", points=tuple(Found(p, words) for p in points)
        )
        await contests.decide(seat.id, 1, ruling)
        async with hold(seat.conductor.store.database, f"seat:{seat.id}", new_owner()) as lease:
            await regrade_stored(seat.conductor, seat.id, lease, "local")
        assert any(e["type"] == "regraded" for e in await seat.log())
        assert (await verified(seat)).difference is None
        await _found_where_it_is_changed(await seat.log())


async def _found_where_it_is_changed(log: list[dict[str, Any]]) -> None:
    line = next(event for event in log if event["type"] == "regraded")
    for field, other in (("score", 0.123), ("review", "disputed"), ("anchor", "ungraded")):
        changed = [{**e, field: other} if e is line else e for e in log]
        found = (await verify(transcript_of("changed", changed), KIT, READY)).difference
        assert found
        assert found.seq == line["seq"]
