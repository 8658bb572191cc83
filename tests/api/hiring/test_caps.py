"""What may be used up: no answer is lost where a cap is reached."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from openai_endpoint import OpenAIEndpoint, Reply
from room import Room, furnished

from agent.events import read_event
from api.conduct import Wish
from api.hiring import audit
from api.hiring.caps import Budget, CapReached, Used
from api.store import Conflict
from knowledge.errors import BadInput

one_loop = pytest.mark.asyncio(loop_scope="module")

ANSWER = "Each row has a key of its own, so a second run writes the same row and not another one."


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Room]:
    """One room for all of these."""
    async with furnished(tmp_path_factory.mktemp("caps") / "viva") as made:
        yield made


async def begun(room: Room, by: str = "recruiter", examiner: str = "local") -> str:
    """An interview of a new screen, by invite, whose opening was said."""
    screen = await room.screen(by)
    invite, _ = await room.invite(screen, by)
    workspace = room.callers[by].workspace or ""
    id_ = await room.service.start(
        Wish(
            kit="small",
            mode="screen",
            examiner=examiner,
            workspace=workspace,
            screen=screen,
            invite=invite,
            attempt=1,
        )
    )
    await room.settle(id_)
    return id_


async def capped(room: Room, by: str = "admin", **caps: dict[str, float]) -> Budget:
    budget = room.service.conductor.budget
    await budget.set(room.callers[by], caps)
    return budget


async def closed(room: Room, interview: str) -> list[dict[str, object]]:
    """The log once the interview is over: what closes it is a turn of its own."""
    while (await room.service.store.load(interview)).status != "ended":
        await room.settle(interview)
    return [event.as_json() for event in await room.service.store.events(interview)]


@one_loop
async def test_messages_are_counted_once_with_what_they_were_accepted_with(shared: Room) -> None:
    budget = await capped(shared)
    id_ = await begun(shared)
    before = await budget.today(shared.ours)
    await shared.say(id_, "answer", ANSWER)
    sent = {"turn_id": "again-0001", "question": 2, "kind": "answer", "text": ANSWER}
    for _ in range(2):
        await shared.service.send(id_, **sent)
        await shared.settle(id_)
    with pytest.raises(Conflict):
        await shared.service.send(id_, **{**sent, "turn_id": "other-0001", "question": 1})
    assert await budget.used(f"interview:{id_}") == Used(turns=2, characters=2 * len(ANSWER))
    after = await budget.today(shared.ours)
    assert after.turns - before.turns == 2
    assert after.characters - before.characters == 2 * len(ANSWER)
    assert await budget.today(shared.theirs) == Used()


@one_loop
async def test_an_interview_that_reaches_its_cap_closes_after_the_answer_and_is_reported(
    shared: Room,
) -> None:
    await capped(shared, interview={"characters": len(ANSWER) + 1})
    id_ = await begun(shared)
    await shared.say(id_, "answer", "I have used Python.")
    await shared.say(id_, "answer", ANSWER)
    log = await closed(shared, id_)
    heard = [event["text"] for event in log if event["type"] == "heard"]
    assert heard == ["I have used Python.", ANSWER]
    assert any(event["type"] == "marked" for event in log)
    assert [e["reason"] for e in log if e["type"] == "ended"] == ["too_long"]
    assert "close it here" in str([e for e in log if e["type"] == "said"][-1]["text"])
    with pytest.raises(Conflict, match="ended"):
        await shared.say(id_, "answer", ANSWER)
    report = await shared.service.report(id_, "team")
    assert len(report.questions) == 1


@one_loop
async def test_a_cap_on_messages_closes_an_interview_too(shared: Room) -> None:
    await capped(shared, interview={"turns": 2})
    id_ = await begun(shared)
    await shared.say(id_, "answer", "I have used Python.")
    assert (await shared.service.store.load(id_)).status == "running"
    await shared.say(id_, "clarify")
    log = await closed(shared, id_)
    assert [e["reason"] for e in log if e["type"] == "ended"] == ["too_long"]


@one_loop
async def test_once_the_days_share_is_used_up_nothing_begins_and_what_runs_goes_on(
    shared: Room,
) -> None:
    await capped(shared, by="other")
    id_ = await begun(shared, by="other")
    await shared.say(id_, "answer", "I have used Python.")
    budget = await capped(shared, by="other", day={"turns": 1})
    with pytest.raises(CapReached) as reached:
        await begun(shared, by="other")
    assert 1 <= reached.value.wait <= 86_400
    assert "midnight" in reached.value.remedy
    await shared.say(id_, "answer", ANSWER)
    assert (await shared.service.store.load(id_)).status == "running"
    assert (await budget.today(shared.theirs)).turns >= 2
    await capped(shared)
    assert await begun(shared)  # another workspace's day is another's


@one_loop
async def test_over_http_it_is_a_429_that_says_until_when(shared: Room) -> None:
    budget = await capped(shared, by="other", day={"turns": 1})
    if (await budget.today(shared.theirs)).turns == 0:
        await capped(shared, by="other")
        await shared.say(await begun(shared, by="other"), "answer", "I have used Python.")
        await capped(shared, by="other", day={"turns": 1})
    answer = await shared.clients["other"].post("/api/interviews", json={"kit": "data-engineer"})
    assert answer.status_code == 429, answer.text
    assert answer.json()["error"]["code"] == "cap_reached"
    assert 1 <= int(answer.headers["retry-after"]) <= 86_400


@one_loop
async def test_caps_are_set_by_a_person_and_that_is_on_record(shared: Room) -> None:
    budget = await capped(shared, interview={"tokens": 5, "cost": 0.5})
    caps = await budget.caps(shared.ours)
    assert (caps.interview.tokens, caps.interview.cost, caps.interview.turns) == (5, 0.5, None)
    [line] = await audit.lines(shared.database, shared.ours, most=1)
    assert (line.action, line.object) == ("capped", f"workspace:{shared.ours}")
    for wrong in ({"interview": {"turns": 0}}, {"week": {}}, {"day": {"cost": "much"}}):
        with pytest.raises(BadInput, match="cap"):
            await budget.set(shared.callers["admin"], wrong)
    assert await budget.caps(shared.ours) == caps


async def test_where_the_models_share_is_used_up_local_marks_and_the_interview_goes_on(
    tmp_path: Path,
) -> None:
    with OpenAIEndpoint(lambda request: Reply("{}", usage=(400, 100))) as server:
        given = {"model": "desk", "base_url": server.url, "price_in": 1.0, "price_out": 2.0}
        async with furnished(tmp_path / "viva", **given) as room:
            budget = await capped(room, interview={"tokens": 500})
            id_ = await begun(room, examiner="model")
            await room.say(id_, "answer", "I have used Python.")
            asked = len(server.requests)
            assert asked
            used = await budget.used(f"interview:{id_}")
            assert used.tokens >= 500
            assert used.cost > 0
            await room.say(id_, "answer", ANSWER)
            assert len(server.requests) == asked, "the model was asked once more"
            log = [read_event(e.as_json()) for e in await room.service.store.events(id_)]
            calls = [event for event in log if event.type == "model_called"]
            assert any("used up" in (call.failure or "") for call in calls)
            assert any(event.type == "fell_back" for event in log)
            marks = [mark for event in log if event.type == "marked" for mark in event.marks]
            assert marks
            assert all(mark.fallback for mark in marks)
            assert (await room.service.store.load(id_)).status == "running"
