"""Decisions, overrides and notes: of people, only added to, beside what the machine says."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from room import Room, furnished
from scored import GOOD, Scored, scored

from api.hiring import audit
from api.hiring.judging import Judging

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def room(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Room]:
    """One room for all: each test brings a screen of its own."""
    async with furnished(tmp_path_factory.mktemp("viva")) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="module")
async def seen(room: Room) -> Scored:
    """An interview that is over and that nobody has to mark first."""
    return await scored(room, GOOD, blind_share=0.0, subjects=("Modelling",))


async def audited(seen: Scored) -> list[audit.Line]:
    """What the log has of this interview, newest first."""
    lines = await audit.lines(seen.room.database, seen.room.ours, most=1_000)
    return [line for line in lines if line.object == f"interview:{seen.id}"]


def decision(**given: str) -> dict[str, str]:
    return {"outcome": "advance", "reason": "The answers on history hold.", **given}


async def test_a_decision_needs_an_opened_scorecard_a_reason_and_a_person(
    room: Room, seen: Scored
) -> None:
    recruiter, path = room.clients["recruiter"], f"/scorecards/{seen.id}/decisions"
    early = await recruiter.post(path, data=decision())
    assert early.status_code == 409
    assert "opened" in early.text
    assert (await recruiter.get(f"/scorecards/{seen.id}")).status_code == 200
    assert (await recruiter.post(path, data=decision(reason=" "))).status_code == 422
    assert (await recruiter.post(path, data=decision(outcome="reject"))).status_code == 422
    assert (await recruiter.post(path, data=decision())).status_code == 303
    key = await seen.key("recruiter")
    by_key = await key.post(f"/api{path}", json=decision())
    assert by_key.status_code == 422
    assert "person" in by_key.text
    told = await Judging(room.database).of(seen.id)
    assert [each.outcome for each in told.decisions] == ["advance"]
    assert told.decision is not None
    assert told.decision.by == "Recruiter"


async def test_the_newest_decision_counts_and_the_earlier_ones_stay(
    room: Room, seen: Scored
) -> None:
    for role, outcome in (("recruiter", "hold"), ("admin", "decline"), ("recruiter", "advance")):
        client = room.clients[role]
        await client.get(f"/scorecards/{seen.id}")
        given = decision(outcome=outcome, reason=f"Because of {outcome}.")
        for _ in range(2):  # a form sent twice
            answer = await client.post(f"/scorecards/{seen.id}/decisions", data=given)
            assert answer.status_code == 303
    told = await Judging(room.database).of(seen.id)
    assert [each.outcome for each in told.decisions] == ["hold", "decline", "advance"]
    page = (await room.clients["recruiter"].get(f"/scorecards/{seen.id}")).text
    assert all(f"Because of {each.outcome}." in page for each in told.decisions)
    log = await audited(seen)
    decided = [line for line in log if line.action == "decided"]
    assert [line.detail["outcome"] for line in decided] == ["advance", "decline", "hold"]
    assert not any("Because" in str(line) or "Cleo" in str(line) for line in log)


async def test_overrides_stand_in_a_row_beside_a_mark_that_stays(room: Room, seen: Scored) -> None:
    recruiter, path = room.clients["recruiter"], f"/scorecards/{seen.id}/overrides"
    before = await room.service.report(seen.id, "team")
    point = before.questions[0].earned[0]
    for value, reason in (("met", "It is said in the second line."), ("abstained", "On a walk.")):
        given = {"question": "1", "subject": point.atom, "value": value, "reason": reason}
        assert (await recruiter.post(path, data=given)).status_code == 303
    whole = {"subject": "verdict", "value": "likely shown", "reason": "All in all."}
    assert (await recruiter.post(path, data=whole)).status_code == 303
    name = before.competencies[0].name
    one = {"subject": f"competency:{name}", "value": "could be either", "reason": "Only one."}
    assert (await recruiter.post(path, data=one)).status_code == 303
    told = await Judging(room.database).of(seen.id)
    assert [o.value for o in told.about(point.atom, 1)] == ["met", "abstained"]
    assert told.about("verdict")[0].machine == before.verdict
    assert await room.service.report(seen.id, "team") == before
    page = (await recruiter.get(f"/scorecards/{seen.id}")).text
    assert "It is said in the second line." in page
    assert "On a walk." in page
    assert "All in all." in page


NOTHING: list[dict[str, Any]] = [
    {"subject": "verdict", "value": "met", "reason": "x"},
    {"subject": "nothing", "value": "likely shown", "reason": "x"},
    {"subject": "competency:nothing", "value": "likely shown", "reason": "x"},
    {"subject": "point-1", "question": "1", "value": "met", "reason": "x"},
    {"subject": "point-1", "question": "99", "value": "met", "reason": "x"},
    {"subject": "point-1", "question": "²", "value": "met", "reason": "x"},
    {"subject": "verdict", "value": "likely shown", "reason": "x" * 5_001},
    {},
]


async def test_an_override_of_nothing_is_refused_and_nothing_is_kept(
    room: Room, seen: Scored
) -> None:
    for given in NOTHING:
        path = f"/scorecards/{seen.id}/overrides"
        answer = await room.clients["recruiter"].post(path, data=given)
        assert answer.status_code == 422, given
    assert (await Judging(room.database).of(seen.id)).overrides == ()


async def test_what_was_written_is_still_there_when_a_form_cannot_be_taken(
    room: Room, seen: Scored
) -> None:
    recruiter = room.clients["recruiter"]
    given = {"subject": "verdict", "value": "", "reason": "A long thought <b>of mine</b>."}
    answer = await recruiter.post(f"/scorecards/{seen.id}/overrides", data=given)
    assert answer.status_code == 422
    assert "A long thought &lt;b&gt;of mine&lt;/b&gt;." in answer.text


async def test_a_hiring_managers_link_reads_and_writes_nothing(room: Room, seen: Scored) -> None:
    viewer = await seen.viewer()
    page = await viewer.get(f"/scorecards/{seen.id}")
    assert page.status_code == 200
    assert "<textarea" not in page.text
    assert 'action="/interviews/' not in page.text
    for what in ("decisions", "overrides", "notes", "unread"):
        answer = await viewer.post(f"/scorecards/{seen.id}/{what}", data=decision(text="x"))
        assert answer.status_code == 403
    other = await scored(room, GOOD, blind_share=0.0)
    assert (await viewer.get(f"/scorecards/{other.id}")).status_code == 404
    assert (await viewer.get("/reviews")).status_code == 403


async def test_an_evaluator_notes_and_does_not_decide(room: Room, seen: Scored) -> None:
    evaluator = room.clients["evaluator"]
    page = (await evaluator.get(f"/scorecards/{seen.id}")).text
    assert "/decisions" not in page
    told = await evaluator.post(f"/scorecards/{seen.id}/decisions", data=decision())
    assert told.status_code == 403
    noted = await evaluator.post(f"/scorecards/{seen.id}/notes", data={"text": "Read twice."})
    assert noted.status_code == 303
    assert "Read twice." in (await room.clients["recruiter"].get(f"/scorecards/{seen.id}")).text


async def test_nobody_of_another_workspace_finds_a_scorecard(room: Room, seen: Scored) -> None:
    other = room.clients["other"]
    for path in (f"/scorecards/{seen.id}", f"/reviews/{seen.id}", f"/api/scorecards/{seen.id}"):
        assert (await other.get(path)).status_code == 404
    for what in ("decisions", "overrides", "notes", "unread"):
        answer = await other.post(f"/scorecards/{seen.id}/{what}", data=decision(text="x"))
        assert answer.status_code == 404
    assert (await other.get("/api/reviews")).json()["waiting"] == 0


async def test_a_scorecard_is_read_once_opened_until_it_is_marked_unread(
    room: Room, seen: Scored
) -> None:
    recruiter = room.clients["recruiter"]
    await recruiter.get(f"/scorecards/{seen.id}")
    await recruiter.get(f"/scorecards/{seen.id}")
    back = await recruiter.post(f"/scorecards/{seen.id}/unread")
    assert back.headers["location"] == f"/screens/{seen.screen}/candidates"
    late = await recruiter.post(f"/scorecards/{seen.id}/decisions", data=decision())
    assert late.status_code == 409
    log = [line.action for line in await audited(seen)]
    assert [each for each in log if "read" in each] == ["marked unread", "read"]


async def test_a_running_interview_is_not_decided(room: Room) -> None:
    running = await scored(room, "", blind_share=0.0)
    recruiter = room.clients["recruiter"]
    assert (await recruiter.get(f"/scorecards/{running.id}")).status_code == 200
    answer = await recruiter.post(f"/scorecards/{running.id}/decisions", data=decision())
    assert answer.status_code == 409
    assert "not over" in answer.text


async def test_programs_read_a_scorecard_with_what_people_said(room: Room, seen: Scored) -> None:
    recruiter = room.clients["recruiter"]
    await recruiter.get(f"/scorecards/{seen.id}")
    made = await recruiter.post(f"/api/scorecards/{seen.id}/decisions", json=decision())
    assert made.status_code == 201, made.text
    given = {"subject": "verdict", "value": "could be either", "reason": "Thin."}
    assert (
        await recruiter.post(f"/api/scorecards/{seen.id}/overrides", json=given)
    ).status_code == 201
    key = await seen.key("evaluator")
    noted = await key.post(f"/api/scorecards/{seen.id}/notes", json={"text": "Seen by a program."})
    assert noted.status_code == 201
    told = (await key.get(f"/api/scorecards/{seen.id}")).json()
    assert told["blind"] is False
    assert told["report"]["verdict"] == told["overrides"][0]["machine"]
    assert [each["outcome"] for each in told["decisions"]] == ["advance"]
    assert told["notes"][0]["by"] == "key a machine"
