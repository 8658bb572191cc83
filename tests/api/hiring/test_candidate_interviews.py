"""An invited candidate's interview: as it begins, while it runs, and what they see of it after."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from invited import ANSWER, Candidate, arrived, change, decide, invited, words
from room import Room, furnished

from api.conduct import Wish
from api.hiring.invites import Invites
from api.hiring.on_screen import on_screen
from api.hiring.screens import Screens
from api.hiring.sittings import Sittings
from api.hiring.tables import invites
from api.identity.gate import VIEW
from api.identity.keys import Links
from knowledge.atoms import Kit
from knowledge.library import Library

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def room(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Room]:
    """One room for all of them."""
    async with furnished(tmp_path_factory.mktemp("interviews")) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="module")
async def candidate(room: Room) -> Candidate:
    """Cleo, who has opened her link to an open screen."""
    return await arrived(room)


def other(kit: Kit, name: str = "small") -> Kit:
    """A kit that asks for something else at the level, and so is another version."""
    atoms = (
        atom.model_copy(update={"text": f"Something else: {name}."})
        if atom.kind == "level"
        else atom
        for atom in kit.atoms
    )
    return Kit(name=name, title=kit.title, about=kit.about, atoms=tuple(atoms))


@pytest.mark.long
async def test_a_hundred_people_at_once_each_get_theirs_and_all_the_same_form(room: Room) -> None:
    screen = await room.screen()
    people = [await invited(room, screen, reference=str(n)) for n in range(100)]
    await asyncio.gather(*(each.open() for each in people))
    answers = await asyncio.gather(*(each.begin() for each in people))
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["location"] for answer in answers}) == 100
    rows = [row for each in people for row in await each.held()]
    assert len({tuple(row.options["form"]) for row in rows}) == 1
    assert {row.seed for row in rows} == {0}
    for row in rows:
        await room.settle(row.id)


async def test_kit_topics_and_policy_are_those_of_the_day_the_screen_opened(room: Room) -> None:
    candidate = await arrived(room)
    library, before = Library(room.database, room.ours), await candidate.page()
    kit = await library.get("small")
    await library.save(other(kit))
    assert "Draws one table" in before
    assert await candidate.page() == before
    assert "Something else: small." in await (await arrived(room)).page()
    screen = await Screens(room.database).get(room.ours, candidate.screen)
    assert screen.policy is not None
    await candidate.change(policy={**screen.policy, "meets": 0.51})
    await candidate.begun()
    [row] = await candidate.held()
    assert row.kit_version == screen.kit_version == kit.version
    assert row.options["policy"]["meets"] == 0.51
    await library.save(kit)


async def test_extra_time_is_more_minutes_for_the_same_questions_and_still_compared(
    room: Room,
) -> None:
    usual = await arrived(room)
    more = await invited(room, usual.screen, extra_time=2.0)
    await more.open()
    assert "At most 30 minutes" in await more.page()
    await usual.hold()
    report = await room.service.report(await more.hold(), "candidate")
    [first], [second] = await usual.held(), await more.held()
    assert (first.options["minutes"], second.options["minutes"]) == (15.0, 30.0)
    assert second.options["form"] == first.options["form"]
    assert second.options["core"] == first.options["core"]
    assert report.receipt is not None
    assert report.receipt.others == 1
    assert "minutes of answering" not in {share.name for share in report.receipt.shares}
    await extra_time_is_seen_by_who_gave_it_alone(room, usual.screen, second.id, first.id)


OPENING_TELLS = "about 30 minutes and"
"""Candidates are told at the opening how long it takes, and the conversation repeats it."""


async def extra_time_is_seen_by_who_gave_it_alone(
    room: Room, screen: str, given: str, other: str
) -> None:
    token = await Links(room.database).to_view(room.callers["recruiter"], screen, "Hanna")
    await Links(room.database).enter(token)
    viewer, evaluator = room.client(VIEW, token), room.clients["evaluator"]
    compared = f"/compare?interview={given}&interview={other}"
    pages = (f"/scorecards/{given}", f"/interviews/{given}/report", compared)
    for path in (*pages, f"/screens/{screen}/candidates"):
        for reader in (viewer, evaluator, room.clients["recruiter"]):
            page = await reader.get(path)
            assert page.status_code == 200, path
            own = "candidates" in path and reader is room.clients["recruiter"]
            assert ("Time × 2" in words(page)) is own
            beside_the_opening = words(page).replace(OPENING_TELLS, "")
            assert "30 minutes" not in beside_the_opening
            assert "minutes of answering" not in words(page)
            assert "usual minutes" not in words(page)
            assert "same time" not in words(page)
    told = f"/api/screens/{screen}/candidates"
    for reader, wanted in ((viewer, None), (evaluator, None), (room.clients["admin"], 2.0)):
        rows = (await reader.get(told)).json()["candidates"]
        assert [row["extra_time"] for row in rows if row["interview"] == given] == [wanted]
    told = f"/screens/{screen}/candidates.json"
    rows = (await evaluator.get(told)).json()["candidates"]
    assert {(row["extra_time"], row["asked"]) for row in rows} == {(None, None)}
    await viewer.aclose()


async def test_extra_time_given_in_mid_interview_says_that_it_is_for_the_next(
    room: Room, candidate: Candidate
) -> None:
    await candidate.begun()
    await Invites(room.database).extend(room.callers["recruiter"], candidate.invite, 2.0)
    page = await candidate.page()
    assert "30 minutes instead of 15" in page
    assert "The one that runs has 15" in page


async def test_an_interview_made_and_never_opened_is_opened_by_pressing_again(
    room: Room, candidate: Candidate
) -> None:
    form = await candidate.agreed()
    wish = Wish(
        kit="small",
        mode="screen",
        workspace=room.ours,
        minutes=15.0,
        screen=candidate.screen,
        invite=candidate.invite,
        attempt=1,
    )
    made = await room.service.conductor.start(wish)
    begun = await candidate.post("/mine/begin", **form)
    assert begun.headers["location"] == f"/interviews/{made}"
    await room.settle(made)
    assert (await room.service.store.load(made)).question == 1


async def test_as_many_attempts_as_the_screen_allows_and_a_stale_tab_begins_none(
    room: Room,
) -> None:
    candidate = await arrived(room, attempts=2)
    stale = await candidate.agreed()
    first = await candidate.hold()
    again = await candidate.post("/mine/begin", **stale)
    assert again.headers["location"] == f"/interviews/{first}"
    assert "this would be number 2" in await candidate.page()
    await candidate.hold()
    answer = await candidate.post("/mine/begin", **{**stale, "attempt": "3"})
    assert answer.status_code == 422
    assert "as often as this invite allows" in words(answer)
    assert [row.attempt for row in await candidate.held()] == [1, 2]


async def test_once_a_person_has_decided_no_further_attempt_begins(room: Room) -> None:
    candidate = await arrived(room, attempts=2)
    await decide(room, await candidate.hold(), "advance")
    assert (await Sittings(room.service).place(candidate.invite)).next_attempt is None


async def test_an_invite_withdrawn_in_mid_interview_keeps_what_was_sent_and_takes_no_more(
    room: Room, candidate: Candidate
) -> None:
    interview = await candidate.begun()
    turn = {"turn_id": "turn-0001", "question": 1, "message": "Ten years of it."}
    path = f"/api/interviews/{interview}/turns"
    assert (await candidate.client.post(path, json=turn)).status_code == 202
    await Invites(room.database).revoke(room.callers["recruiter"], candidate.invite)
    await room.settle(interview)
    late = await candidate.client.post(path, json=turn | {"turn_id": "turn-0002", "question": 2})
    assert late.status_code == 403
    assert "What you sent before is kept" in late.json()["error"]["message"]
    assert "people@example.org" in late.json()["error"]["remedy"]
    seen = [event.text for event in await room.service.seen(interview) if event.type == "heard"]
    assert seen == ["Ten years of it."]
    for own in ("/mine", f"/interviews/{interview}"):
        page = await candidate.get(own)
        assert page.status_code == 403
        assert "withdrawn this invite" in words(page)
    assert "withdrawn this invite" in words(await candidate.elsewhere().open())


async def test_past_its_day_and_closed_a_begun_interview_goes_on_and_its_link_opens_elsewhere(
    room: Room, candidate: Candidate
) -> None:
    interview = await candidate.begun()
    await change(room, invites, candidate.invite, until=1.0)
    await Screens(room.database).close(room.callers["recruiter"], candidate.screen)
    assert "though the days in which it could begin are over" in await candidate.page()
    await room.answer_all(interview, ANSWER)
    other = candidate.elsewhere()
    assert (await other.open()).status_code == 303
    assert "Read your report" in await other.page()


async def test_the_end_of_the_interview_leads_back_to_the_own_page(candidate: Candidate) -> None:
    interview = await candidate.begun()
    page = await candidate.get(f"/interviews/{interview}")
    assert '<a class="button" href="/mine">See where it stands</a>' in page.text


async def test_the_status_follows_what_people_do_and_tells_nothing_internal(
    room: Room, candidate: Candidate
) -> None:
    interview = await candidate.hold()
    assert "It is with the team." in await candidate.page()
    for outcome, told in (
        ("hold", "put it on hold"),
        ("advance", "the team would like to go on with you"),
        ("decline", "the team will not go on with you this time"),
    ):
        await decide(room, interview, outcome)
        page = await candidate.page()
        assert told in page
        assert "people@example.org" in page
        assert "internal words" not in page
        assert "Recruiter" not in page


async def test_a_contest_stands_on_the_page_until_and_after_it_is_answered(
    room: Room, candidate: Candidate
) -> None:
    interview = await candidate.hold()
    path = f"/interviews/{interview}/contests"
    sent = await candidate.post(path, question="1", reason="I did say how.")
    assert sent.status_code == 303
    assert "a person has still to look at it" in await candidate.page()
    ruling = {"decision": "refuse", "reason": "It is not there.", "by": ""}
    decided = await room.clients["recruiter"].post(f"{path}/1/decision", data=ruling)
    assert decided.status_code == 303, decided.text
    assert "a person looked, and left it as it was" in await candidate.page()


async def test_the_rubric_opens_when_the_screen_closes_and_not_before(
    room: Room, candidate: Candidate
) -> None:
    interview = await candidate.hold()
    path = f"/interviews/{interview}/report"
    before = await room.service.report(interview, "candidate")
    assert not before.opened
    assert before.competencies == ()
    assert not any(q.earned or q.marks or q.score is not None for q in before.questions)
    assert "How the score came about" not in words(await candidate.get(path))
    await Screens(room.database).close(room.callers["recruiter"], candidate.screen)
    after = await room.service.report(interview, "candidate")
    assert after.opened
    assert any(q.earned for q in after.questions)
    assert after.overall is not None
    page = words(await candidate.get(path))
    assert "How the score came about" in page
    assert "The interviews are closed" in page
    assert "Try this question again" not in page
    assert (await candidate.get(f"{path}?for=team")).status_code == 403


async def test_the_rubric_waits_for_whoever_is_still_in_an_interview_of_a_closed_screen(
    room: Room, candidate: Candidate
) -> None:
    late = await invited(room, candidate.screen, reference="late")
    await late.open()
    interview, running = await candidate.hold(), await late.begun()
    recruiter, here = room.clients["recruiter"], f"/screens/{candidate.screen}"
    assert "One person is still in an interview" in words(await recruiter.get(f"{here}/close"))
    await recruiter.post(f"{here}/close")
    assert "read the rubric once all have ended" in words(await recruiter.get(here))
    assert not (await room.service.report(interview, "candidate")).opened
    assert "Your report opens" in await candidate.page()
    assert (await on_screen(room.database, room.ours)).by_name["small"]
    await room.answer_all(running, ANSWER)
    for each in (interview, running):
        assert (await room.service.report(each, "candidate")).opened
    assert "your report is open" in await candidate.page()
    assert "still in an interview" not in words(await recruiter.get(here))


async def test_in_practice_the_report_is_the_candidates_at_once_and_nobody_elses(
    room: Room,
) -> None:
    library = Library(room.database, room.ours)
    await library.save(other(await library.get("small"), name="drills"))
    candidate = await arrived(room, kit="drills", mode="practice", attempts=2)
    assert "it is practice" in await candidate.page()
    interview = await candidate.hold()
    path = f"/interviews/{interview}/report"
    report = await candidate.get(path)
    assert "How the score came about" in words(report)
    assert "/notice?" not in report.text  # which is not for candidates
    for role in ("admin", "recruiter", "evaluator", "other"):
        for own in (path, f"{path}?for=team", f"/interviews/{interview}"):
            assert (await room.clients[role].get(own)).status_code == 404
    again = await candidate.hold()
    assert (await room.service.store.load(again)).options["last"] == interview


async def test_what_only_the_team_can_mend_is_told_kindly_and_with_whom_to_reach(
    room: Room,
) -> None:
    await arrived(room)  # an open screen on the kit, so that nobody may practise on it
    for wish in ({"mode": "practice"}, {"examiner": "model"}):
        candidate = await arrived(room, **wish)
        answer = await candidate.begin()
        assert answer.status_code == 422
        assert "by no fault of yours" in words(answer)
        assert "Reach a person: people@example.org" in words(answer)
        assert await candidate.held() == []


async def test_no_page_of_one_candidate_names_another(room: Room, candidate: Candidate) -> None:
    other = await invited(room, candidate.screen, name="Dora Other", email="dora@example.org")
    await other.open()
    theirs, own = await other.hold(), await candidate.hold()
    for path in ("/mine", f"/interviews/{own}", f"/interviews/{own}/report"):
        text = (await candidate.get(path)).text
        assert [each for each in ("Dora", "dora@", other.invite, theirs) if each in text] == []
    assert (await candidate.get(f"/interviews/{theirs}")).status_code == 404
