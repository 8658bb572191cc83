"""Every style comes to its end, on the kit that ships and on one that nothing was written for."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from simulated_halls import hall_on, seat_of

from agent.events import AnyEvent, Ended, Heard, Mode, Said, Took
from agent.syllabus import Syllabus
from evals.replay.playing import Ready
from evals.replay.sources import Kits
from evals.replay.transcript import read
from evals.replay.verify import verify
from evals.simulate.moves import Move, Sight
from evals.simulate.outcomes import judged, outcome
from evals.simulate.personas import STYLES, Style
from evals.simulate.scripted import words
from knowledge.atoms import Kit
from knowledge.embedder import WordHash

MEASURED = {"waited", "first_word", "seconds"}
"""Of `took`: what this machine needed, which no seed repeats."""


def _comparable(events: Sequence[AnyEvent]) -> list[dict[str, object]]:
    return [event.model_dump(exclude=_apart(event)) for event in events]


def _apart(event: AnyEvent) -> set[str]:
    return MEASURED if isinstance(event, Took) else set()


def _end(events: Sequence[AnyEvent]) -> str:
    return next(event.reason for event in events if isinstance(event, Ended))


ODD: tuple[Style, ...] = ("hostile", "silent", "fragmentary", "steering", "nervous", "skips")


def _in_turn(number: int) -> Mode:
    return "practice" if number % 2 else "screen"


async def test_odd_ones_end_on_a_kit_that_nothing_was_written_for(
    kitchen: Kit, tmp_path: Path
) -> None:
    short = {"questions": 1, "minutes": 10}
    sat = [seat_of(style, kitchen, mode=_in_turn(n), **short) for n, style in enumerate(ODD)]
    async with hall_on(kitchen, tmp_path) as hall:
        assert await hall.hold_all(sat, at_once=4) == []
        ends = {seat.someone.persona.style: _end(read(hall.path(seat)).events) for seat in sat}
    assert set(ends.values()) <= {"complete", "candidate", "conduct"}
    assert ends["fragmentary"] == ends["skips"] == "complete"


@pytest.mark.long
@pytest.mark.parametrize("mode", ["practice", "screen"])
@pytest.mark.parametrize("on", ["kitchen", "shipped_kit"])
async def test_every_style_ends_in_both_modes(
    request: pytest.FixtureRequest, tmp_path: Path, on: str, mode: Mode
) -> None:
    kit: Kit = request.getfixturevalue(on)
    sat = [seat_of(style, kit, mode=mode) for style in STYLES]
    async with hall_on(kit, tmp_path) as hall:
        assert await hall.hold_all(sat, at_once=4) == []
        assert all(_end(read(hall.path(seat)).events) for seat in sat)


async def test_a_hostile_one_insults_and_then_answers_or_is_gone(
    kitchen: Kit, tmp_path: Path
) -> None:
    insults = set(words()["hostile"])
    async with hall_on(kitchen, tmp_path) as hall:
        transcript = await hall.hold(seat_of("hostile", kitchen))
    said = [event.text for event in transcript.events if isinstance(event, Heard)]
    first = next(place for place, text in enumerate(said) if text in insults)
    assert _end(transcript.events) in {"conduct", "candidate"} or said[first + 1] not in insults


async def test_the_same_seed_gives_the_same_interview_to_the_event(
    kitchen: Kit, tmp_path: Path
) -> None:
    sat = [seat_of(style, kitchen) for style in ("rambling", "fragmentary", "steering")]
    async with hall_on(kitchen, tmp_path / "one") as hall:
        first = [await hall.hold(seat) for seat in sat]
    async with hall_on(kitchen, tmp_path / "other") as hall:
        assert await hall.hold_all(sat, at_once=3) == []
        again = [read(hall.path(seat)) for seat in sat]
    for one, other in zip(first, again, strict=True):
        assert _comparable(one.events) == _comparable(other.events)
    for transcript in again:
        found = await verify(transcript, Kits().of(transcript), Ready(WordHash()))
        assert found.same, found.difference


async def test_what_is_there_is_not_held_again(kitchen: Kit, tmp_path: Path) -> None:
    seat, other = seat_of("plain", kitchen), seat_of("terse", kitchen)
    async with hall_on(kitchen, tmp_path) as hall:
        assert await hall.hold_all([seat], 1) == []
        before = hall.path(seat).stat().st_mtime_ns
        assert await hall.hold_all([seat, other], 1) == []
        assert hall.path(seat).stat().st_mtime_ns == before
        assert hall.path(other).exists()


class _Asking:
    """Somebody who asks for the question again, for ever."""

    async def reply(self, sight: Sight) -> Move:
        return Move("clarify")


async def test_an_interview_without_an_end_is_a_failure_and_the_others_go_on(
    kitchen: Kit, tmp_path: Path
) -> None:
    seat, endless = seat_of("plain", kitchen), seat_of("asks_back", kitchen)
    async with hall_on(kitchen, tmp_path) as hall:
        invited, hall.most = hall.invite, 25
        hall.invite = lambda one: _Asking() if one is endless else invited(one)
        failures = await hall.hold_all([endless, seat], 2)
        assert [failure.name for failure in failures] == [endless.name]
        assert "messages" in failures[0].why
        assert hall.path(seat).exists()
        assert not hall.path(endless).exists()


async def test_long_silence_is_no_talk_and_takes_its_time(kitchen: Kit, tmp_path: Path) -> None:
    async with hall_on(kitchen, tmp_path) as hall:
        transcript = await hall.hold(seat_of("silent", kitchen))
    said = [e.text for e in transcript.events if isinstance(e, Said) and e.purpose == "reply"]
    assert max(Counter(said).values(), default=1) <= 2
    words = sum(len(e.text.split()) for e in transcript.events if isinstance(e, Heard))
    assert words < 150
    assert transcript.events[-1].at - transcript.events[0].at > 300


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    style=st.sampled_from(STYLES),
    mode=st.sampled_from(["practice", "screen"]),
    asked=st.sampled_from(["junior", "mid", "senior", "principal"]),
    minutes=st.sampled_from([5, 12, 30]),
    number=st.integers(0, 10**6),
)
def test_whoever_comes_it_ends_and_no_question_is_put_twice(
    kitchen: Kit,
    tmp_path_factory: pytest.TempPathFactory,
    style: Style,
    mode: Mode,
    asked: str,
    minutes: float,
    number: int,
) -> None:
    seat = seat_of(style, kitchen, mode=mode, level=asked, minutes=minutes, seed=number)

    async def held() -> None:
        async with hall_on(kitchen, tmp_path_factory.mktemp("hall")) as hall:
            events = (await hall.hold(seat)).events
        put = [e.text for e in events if isinstance(e, Said) and e.purpose == "question"]
        again = {text for text, times in Counter(put).items() if times > 1}
        assert not again
        assert sum(isinstance(e, Ended) for e in events) == 1

    asyncio.run(held())


async def test_an_outcome_tells_what_was_found_against_what_they_know(
    kitchen: Kit, tmp_path: Path
) -> None:
    seat = seat_of("plain", kitchen)
    async with hall_on(kitchen, tmp_path) as hall:
        transcript = await hall.hold(seat)
    told = outcome(seat, transcript, Syllabus(kitchen))
    assert (told.style, told.level, told.asked, told.ended) == ("plain", "mid", "mid", "complete")
    assert told.graded + told.ungraded >= 2
    assert 1 < told.minutes < 30
    assert told.messages == sum(isinstance(e, Heard) for e in transcript.events)


@pytest.mark.parametrize(
    ("verdict", "level", "expected"),
    [
        ("likely shown", "senior", "right"),
        ("likely shown", "junior", "wrong"),
        ("not shown in this interview", "junior", "right"),
        ("not shown in this interview", "mid", "wrong"),
        ("could be either", "mid", "open"),
        ("not enough evidence", "junior", "open"),
    ],
)
def test_a_verdict_is_right_wrong_or_open(verdict: str, level: str, expected: str) -> None:
    assert judged(verdict, level, "mid") == expected  # type: ignore[arg-type]
