"""Which turns a process runs: its own at once, another's only when nobody else does."""

import asyncio
from dataclasses import replace

import pytest
from pydantic import SecretStr
from replicas import PATIENCE, Replica

from api.records import Turn
from api.service import Service
from api.settings import Settings
from api.telemetry import Telemetry
from api.turns import Turns

DOCUMENT = (
    b"# Questions\n\n## What is a join?\n\nAnswer hints:\n- It combines rows of two tables.\n"
)


async def accepted(replica: Replica, question: int | None = None) -> Turn:
    """A message that is accepted, and that nobody has been told to run."""
    talk = await replica.opened()
    found = await replica.service.store.accept(
        talk.id, turn_id="a-message", question=question, kind="answer", message="I use Kafka."
    )
    return found.turn


def another(replica: Replica) -> Turns:
    """The turns of another process, which does not look for any by itself."""
    return Turns(replica.service.conductor, replica.service.watching, Telemetry())


async def committed(replica: Replica, turn: Turn) -> None:
    async with asyncio.timeout(PATIENCE):
        while await replica.service.store.pending(turn.interview_id):
            pass


async def test_a_turn_is_run_once_and_the_next_need_not_wait_for_its_task(alone: Replica) -> None:
    turn = await accepted(alone)
    turns = another(alone)
    running = turns.run(turn)
    assert turns.run(turn) is running
    following = turns.run(replace(turn, number=turn.number + 1))
    assert following is not running
    await asyncio.gather(running, following)
    await committed(alone, turn)


async def test_a_turn_just_accepted_is_left_to_whoever_accepted_it(
    alone: Replica, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def looks_away() -> None:
        pass

    monkeypatch.setattr(alone.service.turns, "_take_over", looks_away)
    turns = another(alone)
    await turns._take_over()
    turn = await accepted(alone)
    await turns._take_over()
    found = await alone.service.store.turn(turn.interview_id, turn.number)
    assert found
    key = (turn.interview_id, turn.number)
    assert found.attempt or key not in turns._running  # unless a look of the replica was under way
    await turns._take_over()
    await asyncio.gather(*turns._running.values())
    await committed(alone, turn)


async def test_who_is_told_to_stop_begins_nothing(alone: Replica) -> None:
    turns = another(alone)
    turn = await accepted(alone)
    await turns.close()
    await turns._take_over()
    await turns._take_over()
    assert not turns._running
    await committed(alone, turn)


async def test_trouble_is_forgotten_once_the_turn_is_committed_elsewhere(alone: Replica) -> None:
    turns = another(alone)
    turn = await accepted(alone)
    turns.trouble[turn.interview_id] = "The disk is full."
    await turns._take_over()
    assert turns.trouble
    await committed(alone, turn)
    await turns._take_over()
    assert not turns.trouble


async def test_what_is_wrong_inside_is_told_on_this_machine_alone(
    alone: Replica, sqlite: Settings
) -> None:
    turn = await accepted(alone)
    guarded = sqlite.model_copy(update={"secret": SecretStr("s" * 20)})
    for settings, told in ((alone.service.settings, True), (guarded, False)):
        service = Service(settings, alone.service.conductor, Telemetry())
        service.turns.trouble[turn.interview_id] = "The server at 10.0.0.7 does not answer."
        assert ("10.0.0.7" in (service.trouble(turn.interview_id) or "")) == told
    await committed(alone, turn)


async def test_one_failed_look_is_not_the_last(
    alone: Replica, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns, looks = another(alone), asyncio.Event()
    waiting = alone.service.store.waiting

    async def fails_once() -> list[tuple[Turn, str]]:
        monkeypatch.setattr(alone.service.store, "waiting", waiting)
        looks.set()
        raise RuntimeError

    monkeypatch.setattr("api.turns.SWEEP_EVERY", 0.05)
    monkeypatch.setattr(alone.service.store, "waiting", fails_once)
    sweeping = asyncio.create_task(turns.sweep())
    async with asyncio.timeout(PATIENCE):
        await looks.wait()
        turn = await accepted(alone)
        await committed(alone, turn)
    assert not sweeping.done()
    await turns.close()
    async with asyncio.timeout(PATIENCE):
        await sweeping


async def test_the_same_documents_under_two_names_show_nobody_the_others(alone: Replica) -> None:
    for name in ("one-team", "another-team"):
        files = [("files", ("questions.md", DOCUMENT))]
        answer = await alone.http.post(f"/api/kits/{name}/documents", files=files)
        assert answer.json()["outline"]["title"] == name
    view = await (await alone.start(kit="another-team")).view()
    assert view["title"] == "another-team"
    titles = {kit["name"]: kit["title"] for kit in (await alone.http.get("/api/kits")).json()}
    assert (titles["one-team"], titles["another-team"]) == ("one-team", "another-team")
