"""Interviews with a language model come out again from its recorded replies, whatever it did."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from openai_endpoint import OpenAIEndpoint, Reply, Request, prompt_of
from seats import GOOD, KIT, READY, UNKNOWN, Seat, seated, spent_all, verified

from agent.model import prompts
from api.examiners import Examiners
from api.regrade import regrade_stored
from api.settings import Settings
from evals.replay.transcript import Transcript, transcript_of
from evals.replay.verify import verify
from knowledge.database import Database


def read(*intents: str, quote: str = "", verdict: str = "met", **more: Any) -> str:
    """The model's whole reply: a verdict on the first item, by these words."""
    mark = {"id": "p1", "verdict": verdict, "quote": quote, "reason": "", "certainty": "high"}
    said = {
        "readable": True,
        "intents": intents or ("answer",),
        "mentions": [{"technology": "Kafka", "claimed": True, "quote": "Kafka"}],
        "steering": "",
        "marks": [mark] if quote else [],
        "communicated": ["gave a reason"],
        "way_to_find_out": "",
        "other_road": "",
    }
    return json.dumps({**said, **more})


def well(request: Request) -> Reply | str:
    """A model that always answers as it should."""
    if "response_format" in request or "tools" in request:
        asks = UNKNOWN in prompt_of(request)
        return read("dont_know") if asks else read("answer", quote="stays beside the new version")
    return "You spoke of the old version. And more follows."


@asynccontextmanager
async def with_model(
    kept: Database, script: Callable[[Request], Reply | str], **settings: Any
) -> AsyncIterator[Seat]:
    with OpenAIEndpoint(script) as server:
        given = {"model": "desk", "base_url": server.url, "timeout": 5.0, **settings}
        examiners = Examiners(Settings.model_validate(given))
        async with seated(kept, examiners=examiners, examiner="model") as seat:
            yield seat
        await examiners.close()


async def held(seat: Seat) -> Transcript:
    await seat.to_the_end(f"{GOOD} We use Kafka.", UNKNOWN, "I would ask a colleague.")
    return await seat.transcript()


def outcomes(transcript: Transcript) -> set[str]:
    return {event.outcome for event in transcript.events if event.type == "model_called"}


async def test_replies_that_were_used_are_used_again(kept: Database) -> None:
    async with with_model(kept, well) as seat:
        transcript = await held(seat)
        assert outcomes(transcript) == {"ok"}
        assert (await verified(seat)).difference is None


async def test_replies_that_were_mended_failed_or_broke_off_come_out_again(kept: Database) -> None:
    turn = iter(range(1_000))

    def badly(request: Request) -> Reply | str:
        number = next(turn)
        if number % 5 == 1:
            return "no JSON at all"
        if number % 7 == 2:
            return Reply("overloaded", status=400)
        if number % 4 == 3 and request.get("stream"):
            return Reply("You spoke of the old version. And", fault="drop")
        return well(request)

    async with with_model(kept, badly) as seat:
        transcript = await held(seat)
        assert outcomes(transcript) >= {"ok", "failed"}
        assert any(event.type == "fell_back" for event in transcript.events)
        assert (await verified(seat)).difference is None


async def test_an_addition_that_was_read_twice_comes_out_again(kept: Database) -> None:
    def adding(request: Request) -> Reply | str:
        if "One thing more" in prompt_of(request) and not request.get("stream"):
            return read("amend", quote="Two columns say")
        return well(request)

    async with with_model(kept, adding) as seat:
        await seat.say(f"{GOOD} We use Kafka.")
        await seat.say(GOOD)
        await seat.say("One thing more: Two columns say from when until when.")
        calls = [e for e in await seat.log() if e["type"] == "model_called"]
        assert len([c for c in calls if c["turn"] == 4 and c["purpose"] == "examine"]) == 2
        assert (await verified(seat)).difference is None


async def test_a_model_that_may_not_be_asked_any_more_comes_out_again(kept: Database) -> None:
    async with with_model(kept, well) as seat:
        await seat.say(GOOD)
        await spent_all(seat)
        await seat.say(GOOD)
        await seat.say(UNKNOWN)
        assert "failed" in outcomes(await seat.transcript())
        assert (await verified(seat)).difference is None


@pytest.mark.parametrize("ends", [False, True])
async def test_marks_given_anew_by_a_model_come_out_again(kept: Database, ends: bool) -> None:
    down = [True]

    def first_down(request: Request) -> Reply | str:
        return Reply("out of order", status=400) if down[0] else well(request)

    async with with_model(kept, well) as seat:
        await seat.say(GOOD)
    async with with_model(kept, first_down) as seat:
        for text in (GOOD, GOOD, UNKNOWN, GOOD):
            await seat.say(text)
        if ends:
            await seat.press("end")
        down[0] = False
        done = await regrade_stored(seat.conductor, seat.id, seat.lease, "model")
        assert done.changes
        if not ends:
            await seat.to_the_end()
        transcript = await seat.transcript()
        assert any(event.type == "regraded" for event in transcript.events)
        assert (await verified(seat)).difference is None
        await _found_where_a_new_score_is_changed(transcript)


async def _found_where_a_new_score_is_changed(transcript: Transcript) -> None:
    log = [event.model_dump(mode="json") for event in transcript.events]
    line = next(event for event in log if event["type"] == "regraded")
    line["score"] = 0.987
    found = (await verify(transcript_of("changed", log), KIT, READY)).difference
    assert found
    assert (found.seq, found.field) == (line["seq"], "score")


async def test_another_prompt_is_named_and_no_success(
    kept: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with with_model(kept, well) as seat:
        await seat.say(GOOD)
        transcript = await seat.transcript()
    header = transcript.header.model_copy(update={"prompts": {"examine": "0123456789ab"}})
    found = await verify(replace(transcript, events=(header, *transcript.events[1:])), KIT, READY)
    assert not found.same
    assert "examine" in found.cannot
    assert prompts.load("examine").hash in str(found.difference)


async def test_a_reply_that_was_cut_when_it_was_kept_is_named(kept: Database) -> None:
    async with with_model(kept, well) as seat:
        await seat.say(GOOD)
        await seat.say(GOOD)
        log = await seat.log()
    call = next(event for event in log if event["type"] == "model_called")
    call["reply"] = "x" * 20_000
    found = await verify(transcript_of("cut", log), KIT, READY)
    assert "beginning of the model's reply" in found.cannot
    assert found.difference
    assert found.difference.seq == call["seq"]


async def test_another_reply_in_the_log_is_found(kept: Database) -> None:
    async with with_model(kept, well) as seat:
        await seat.say(GOOD)
        await seat.say(GOOD)
        log = await seat.log()
    calls = [e for e in log if e["type"] == "model_called" and e["purpose"] == "examine"]
    calls[-1]["reply"] = calls[-1]["reply"].replace("met", "contradicted")
    assert not (await verify(transcript_of("other", log), KIT, READY)).same
