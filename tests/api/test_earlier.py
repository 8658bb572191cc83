"""What a practice goes on from: the last one of the same person on the same kit."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from api.conduct import Wish
from api.interview_commands import _started
from api.practice_keys import Keys
from api.service import Service, open_service
from api.settings import Settings
from api.telemetry import Telemetry
from knowledge.errors import NotFound
from knowledge.kit_yaml import parse_kit

KIT = """
viva: 1
name: loads
atoms:
- competency: Loading
  has:
  - question: A load ran twice. How do you keep the totals right?
    id: twice
    has: [{point: The second run replaces what the first wrote., id: replaces}]
  - question: A file arrives half written. How do you notice?
    id: half
    has: [{point: A marker file says that the file is complete., id: marker}]
- competency: Alarms
  has:
  - question: An alarm rings each night. What do you do with it?
    id: alarm
    has: [{point: The alarm is mended or taken away., id: mended}]
"""
ANSWER = "The second run replaces what the first wrote."


@pytest.fixture
async def service(home: Path) -> AsyncIterator[Service]:
    async with open_service(Settings(home=home, embedder="light"), Telemetry()) as opened:
        await opened.library.save(parse_kit(KIT, "loads.yaml"))
        yield opened


async def held(service: Service, *, ends: bool = True, who: Any = None, **wish: Any) -> str:
    """A practice in which all of it is answered, or skipped after the first question."""
    interview = await service.start(Wish(kit="loads", **wish), **(who or {}))
    kinds = ["answer", "answer", "skip", "end"] if ends else []
    for turn, kind in enumerate(kinds):
        await settled(service, interview)
        stored = await service.store.load(interview)
        if stored.status != "ended":
            await service.send(
                interview, turn_id=f"turn-{turn:06}", question=None, kind=kind, text=ANSWER
            )
    await settled(service, interview)
    return interview


async def settled(service: Service, interview: str) -> None:
    while (look := await service.store.look(interview)).pending:
        await service.turns.run(look.pending)


async def goes_on_from(service: Service, interview: str) -> str | None:
    return (await service.store.load(interview)).options["last"]  # type: ignore[no-any-return]


async def test_a_practice_goes_on_from_the_last_one_that_ended_on_its_kit(
    service: Service,
) -> None:
    first = await held(service)
    assert await goes_on_from(service, first) is None
    second = await held(service, ends=False)
    assert await goes_on_from(service, second) == first
    third = await held(service)
    assert await goes_on_from(service, third) == first, "the second has not ended"
    other = await held(service, mode="screen")
    assert await goes_on_from(service, other) is None
    assert await goes_on_from(service, await held(service)) == third, "a screen is no practice"


async def test_the_report_says_what_changed_since(service: Service) -> None:
    await held(service)
    told = await service.report(await held(service), "candidate")
    assert told.study_plan
    assert "Loading" in [each.name for each in told.study_plan.since]


async def test_a_question_tried_again_tells_of_that_question_and_of_no_level(
    service: Service,
) -> None:
    first = await held(service, again="twice")
    second = await held(service, again="twice")
    told = await service.report(second, "candidate")
    assert told.study_plan
    assert told.study_plan.last == first
    assert told.study_plan.since == ()
    assert [each.id for each in told.study_plan.retried] == ["twice"]
    before = await service.report(first, "candidate")
    assert before.study_plan
    assert (before.study_plan.last, before.study_plan.since) == (None, ())


async def test_a_drill_goes_on_from_what_was_asked_on_its_topic(service: Service) -> None:
    loading = await held(service, drill="Loading")
    assert await goes_on_from(service, await held(service, drill="Alarms")) is None
    assert await goes_on_from(service, await held(service, drill="loading")) == loading
    assert await goes_on_from(service, await held(service)) is None, "a drill is no whole practice"


async def test_what_was_asked_last_comes_last_unless_a_seed_is_given(service: Service) -> None:
    first = await held(service, drill="Loading", minutes=2)
    (asked,) = (await service.store.load(first)).state["testlets"]  # type: ignore[index]
    for _ in range(4):
        again = await held(service, drill="Loading", minutes=2)
        before = (await service.store.load(await goes_on_from(service, again) or "")).state or {}
        (now,) = (await service.store.load(again)).state["testlets"]  # type: ignore[index]
        assert now["question"] != before["testlets"][0]["question"]
    seeded = [await held(service, drill="Loading", minutes=2, seed=5) for _ in range(2)]
    states = [(await service.store.load(each)).state or {} for each in seeded]
    assert states[0]["testlets"][0]["question"] == states[1]["testlets"][0]["question"]
    assert asked["question"] in {"twice", "half"}


async def test_practices_have_seeds_of_their_own_and_screens_the_same(service: Service) -> None:
    practices = [await held(service, ends=False) for _ in range(3)]
    screens = [await held(service, ends=False, mode="screen") for _ in range(2)]
    assert len({(await service.store.load(each)).seed for each in practices}) == 3
    assert {(await service.store.load(each)).seed for each in screens} == {0}
    header = (await service.store.events(practices[0]))[0].as_json()
    assert header["seed"] == (await service.store.load(practices[0])).seed


async def test_what_was_begun_with_a_key_is_of_that_key_alone(service: Service) -> None:
    keys = Keys(service.store.database)
    one, other = [(await keys.make())[0] for _ in range(2)]
    mine = await held(service, who={"key": one.id})
    await keys.keep(one, "start", mine)
    assert await goes_on_from(service, await held(service, who={"key": one.id})) == mine
    assert await goes_on_from(service, await held(service, who={"key": other.id})) is None
    local = await held(service)
    assert await goes_on_from(service, local) not in {mine, None}, "those without a key"


async def test_behind_a_secret_only_what_the_browser_knows_is_gone_on_from(
    service: Service,
) -> None:
    first = await held(service)
    service.settings.secret = SecretStr("a-secret-of-many-letters-and-digits-1234")
    assert await goes_on_from(service, await held(service)) is None
    known = {"among": [first, "not-there"]}
    assert await goes_on_from(service, await held(service, who=known)) == first


async def test_behind_a_secret_the_terminal_goes_on_from_nobody(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = await held(service)
    lasts = []
    for secret in ("", "a-secret-of-many-letters-and-digits-1234"):
        monkeypatch.setenv("VIVA_SECRET", secret) if secret else None
        begun = await _started(service.conductor, Wish(kit="loads"), None)
        lasts.append((await service.store.load(begun)).options["last"])
    assert lasts == [other, None]


async def test_a_topic_or_question_that_is_not_there_starts_nothing(service: Service) -> None:
    for wish in ({"drill": "Cooking"}, {"again": "nothing"}):
        with pytest.raises(NotFound, match="The kit has no"):
            await service.start(Wish(kit="loads", **wish))
    assert await service.store.interviews() == []
