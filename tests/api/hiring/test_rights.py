"""Ways round the rules that were tried: none may lead anywhere."""

import io
import json
import zipfile
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio
import sqlalchemy as sa
from limits import parse_many
from room import Room, furnished
from scored import BAD, GOOD, scored

from agent.contesting import Complaint
from api.contests import Contests
from api.hiring.audit import lines
from api.hiring.caps import Budget, Used
from api.hiring.erasing import Erasing
from api.hiring.limits import LIMITS, Limits, TooFast
from api.hiring.screens import Screens
from api.hiring.tables import links
from api.identity.accounts import Accounts
from api.identity.caller import Caller
from api.identity.keys import Links
from api.tables import interviews
from knowledge.errors import BadInput, NotFound

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def room(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Room]:
    """One room for all: each test brings a screen of its own."""
    async with furnished(tmp_path_factory.mktemp("rights")) as made:
        yield made


async def invite_of(room: Room, interview: str) -> str:
    mine = sa.select(interviews.c.invite_id).where(interviews.c.id == interview)
    async with room.database.read() as connection:
        return str(await connection.scalar(mine))


def unpacked(content: bytes) -> Any:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return json.loads(archive.read("viva.json"))


async def contest(room: Room, interview: str) -> None:
    complaint = Complaint(contest_id="contest-000001", question=1, reason="I said otherwise.")
    await Contests(room.service.store, room.service.conductor.clock).contest(interview, complaint)


@pytest.fixture
def recruiter(room: Room) -> Any:
    return room.clients["recruiter"]


async def test_the_teams_copy_of_a_blind_interview_has_no_report(
    room: Room, recruiter: Any
) -> None:
    done = await scored(room, BAD, blind_share=1.0)
    await Screens(room.database).close(room.callers["recruiter"], done.screen)
    invite = await invite_of(room, done.id)
    [theirs] = unpacked((await recruiter.get(f"/invites/{invite}/export")).content)["interviews"]
    assert (theirs["report"], theirs["report_in_words"]) == (None, None)
    assert theirs["transcript"]
    async with await room.candidate(done.token) as candidate:
        [own] = unpacked((await candidate.get("/mine/export")).content)["interviews"]
    assert own["report"]["overall"] is not None


async def test_who_was_drawn_stays_drawn_once_a_screen_is_open(room: Room, recruiter: Any) -> None:
    screens, caller = Screens(room.database), room.callers["recruiter"]
    screen = await room.screen(blind_share=0.1234564)
    found = await screens.get(room.ours, screen)
    with pytest.raises(BadInput, match="cannot shrink"):
        await screens.change(caller, screen, replace(found, blind_share=0.1))
    form = {"title": "Another title", "attempts": "1", "contact": "people@example.org"}
    kept = await recruiter.post(f"/screens/{screen}/edit", data=form | {"blind_share": "12.3456"})
    assert kept.status_code == 303, kept.text
    less = await recruiter.post(f"/screens/{screen}/edit", data=form | {"blind_share": "12"})
    assert less.status_code == 422
    assert "cannot shrink" in less.text
    more = await recruiter.post(f"/screens/{screen}/edit", data=form | {"blind_share": "50"})
    assert more.status_code == 303
    assert (await screens.get(room.ours, screen)).blind_share == 0.5


async def test_a_contest_is_decided_by_a_person_and_the_log_has_it(room: Room) -> None:
    done = await scored(room, BAD, blind_share=0.0)
    await contest(room, done.id)
    path = f"/api/interviews/{done.id}/contests/1/decision"
    ruling = {"upheld": False, "reason": "It was not said.", "by": "Somebody Else"}
    async with await done.key("recruiter") as key:
        refused = await key.post(path, json=ruling)
        form = {"decision": "refuse", "reason": "It was not said."}
        assert (await key.post(path.removeprefix("/api"), data=form)).status_code == 422
    assert refused.status_code == 422
    assert "Only a person" in refused.json()["error"]["message"]
    decided = await room.clients["recruiter"].post(path, json=ruling)
    assert decided.json()["state"] == "refused"
    assert room.callers["recruiter"].name in decided.text
    assert "Somebody Else" not in decided.text
    told = await lines(room.database, room.ours, object_=f"interview:{done.id}")
    said = {line.action: (line.actor, line.detail) for line in told}
    assert said["decided a contest"] == (
        room.callers["recruiter"].id,
        {"contest": 1, "upheld": False},
    )


async def test_nobody_of_the_team_is_told_of_contests_in_others_practice(room: Room) -> None:
    screens, caller = Screens(room.database), room.callers["recruiter"]
    for screen in await screens.of(room.ours):  # else its kit is not for practice
        await screens.close(caller, screen.id)
    theirs = await scored(room, GOOD, mode="practice")
    ours = await scored(room, GOOD, blind_share=0.0)
    await contest(room, theirs.id)
    await contest(room, ours.id)
    for role in ("admin", "recruiter", "evaluator"):
        told = {
            line["interview"] for line in (await room.clients[role].get("/api/contests")).json()
        }
        assert ours.id in told
        assert theirs.id not in told


async def test_a_link_is_revoked_at_its_own_screen_and_only_if_it_shows_one(
    room: Room, recruiter: Any
) -> None:
    here, beside = await room.screen(), await room.screen()
    kept, admin = Links(room.database), room.callers["admin"]
    await kept.to_view(admin, here, "Hanna")
    user = await Accounts(room.database).get(room.ours, room.callers["evaluator"].user or "")
    await kept.to_set_password(admin, user)
    async with room.database.read() as connection:
        newest = sa.select(links.c.id).where(links.c.kind == "password")
        password = await connection.scalar(newest.where(links.c.user_id == user.id))
    [view] = await kept.of(room.ours, here)
    for screen, link in ((beside, view.id), (here, password)):
        answer = await recruiter.post(f"/screens/{screen}/links/{link}/revoke")
        assert answer.status_code == 404
    answer = await recruiter.post(f"/screens/{here}/links/{view.id}/revoke")
    assert answer.status_code == 303


async def test_what_an_interview_used_up_is_erased_with_it(room: Room) -> None:
    done = await scored(room, GOOD, blind_share=0.0)
    budget = Budget(room.database)
    assert (await budget.used(f"interview:{done.id}")).turns > 0
    await Erasing(room.database).invite(room.callers["recruiter"], await invite_of(room, done.id))
    assert await budget.used(f"interview:{done.id}") == Used()
    with pytest.raises(NotFound):
        await room.service.store.load(done.id)


async def test_nobody_uses_up_how_often_somebody_else_may_answer() -> None:
    limits, path = Limits(), "/api/interviews/k3m9x2p4qa/turns"
    theirs, own = (Caller(roles=frozenset({"candidate"}), id=f"invite:{n}") for n in "ab")
    most = parse_many(LIMITS["answer"])[0].amount
    for _ in range(most):
        limits.admit(theirs, "192.0.2.1", "POST", path, False)
    with pytest.raises(TooFast):
        limits.admit(theirs, "192.0.2.1", "POST", path, False)
    limits.admit(own, "192.0.2.1", "POST", path, False)
