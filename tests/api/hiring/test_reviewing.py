"""Marked by a person before anybody sees what the machine made of it; and what waits for people."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from room import Room, furnished
from scored import BAD, GOOD, Scored, scored

from agent.contesting import Complaint
from agent.report import Report
from api.contests import Contests
from api.hiring.judging import Judging
from api.hiring.results import Results
from api.hiring.reviewing import FOUND, Reviews, is_blind, is_drawn
from api.hiring.scorecards import card_of
from api.hiring.screens import Screens
from api.identity.tokens import new_id
from api.pages.scorecard_view import side_by_side

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def room(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Room]:
    """One room for all: each test brings a screen of its own."""
    async with furnished(tmp_path_factory.mktemp("viva")) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="module")
async def drawn(room: Room) -> Scored:
    """An interview that is over and that a person is to mark first."""
    return await scored(room, BAD, blind_share=1.0)


async def marks_for(drawn: Scored, *verdicts: str) -> dict[str, str]:
    """The form filled in, with these in turn."""
    card = await card_of(drawn.room.service, drawn.id)
    assert card.to_mark
    return {
        f"mark-{each.question}-{each.atom}": verdicts[place % len(verdicts)]
        for place, each in enumerate(card.to_mark)
    }


def words_of_the_machine(report: Report) -> list[str]:
    """What would tell how it was marked."""
    flags = [flag.text for flag in report.flags]
    standings = [s.verdict.capitalize() for s in (report.overall, *report.competencies) if s]
    sums = [question.sum for question in report.questions if question.sum]
    return [*flags, *standings, *sums, "Not shown", "Taken off", "provisional"]


async def test_the_share_that_is_drawn_is_the_share_that_was_asked_for() -> None:
    screen, ids = new_id(), [new_id() for _ in range(20_000)]
    before = [False] * len(ids)
    for share in (0.0, 0.05, 0.2, 0.5, 1.0):
        drawn = [is_drawn(screen, each, share) for each in ids]
        assert abs(sum(drawn) / len(drawn) - share) < 0.02
        assert drawn == [is_drawn(screen, each, share) for each in ids]
        assert all(now for earlier, now in zip(before, drawn, strict=True) if earlier)
        before = drawn


async def test_until_a_person_has_marked_nobody_sees_the_machines_marks_anywhere(
    room: Room, drawn: Scored
) -> None:
    other = await scored(room, GOOD, screen=drawn.screen)
    machine = words_of_the_machine(await room.service.report(drawn.id, "team"))
    viewer, key = await drawn.viewer(), await drawn.key("evaluator")
    askers = [*(room.clients[role] for role in ("admin", "recruiter", "evaluator")), viewer, key]
    for client in askers:
        for path in (
            f"/interviews/{drawn.id}/report?for=team",
            f"/api/interviews/{drawn.id}/report?for=team",
            f"/api/interviews/{drawn.id}/transcript?for=team",
            f"/api/interviews/{drawn.id}/contests?for=team",
            f"/compare?interview={drawn.id}&interview={other.id}",
            f"/api/compare?interview={drawn.id}&interview={other.id}",
        ):
            told = await client.get(path)
            assert told.status_code == 409, path
            assert [each for each in machine if each in told.text] == []
        card = await client.get(f"/api/scorecards/{drawn.id}")
        assert (card.json()["blind"], card.json()["report"]) == (True, None)
    for client in askers[:-1]:
        page = await client.get(f"/scorecards/{drawn.id}")
        assert page.status_code == 200
        assert "Cleo" not in page.text
        assert [each for each in machine if each in page.text] == []


async def test_a_closed_screen_shows_the_rubric_to_its_candidate_and_not_yet_to_the_team(
    room: Room, drawn: Scored
) -> None:
    await Screens(room.database).close(room.callers["recruiter"], drawn.screen)
    async with await room.candidate(drawn.token) as candidate:
        own = await candidate.get(f"/api/interviews/{drawn.id}/report")
    assert own.status_code == 200
    assert own.json()["overall"] is not None
    for path in (f"/interviews/{drawn.id}/report", f"/api/interviews/{drawn.id}/report"):
        assert (await room.clients["recruiter"].get(path)).status_code == 409
    page = await room.clients["recruiter"].get(f"/scorecards/{drawn.id}")
    machine = words_of_the_machine(await room.service.report(drawn.id, "team"))
    assert [each for each in machine if each in page.text] == []


async def test_a_blind_interview_is_neither_decided_nor_overridden(
    room: Room, drawn: Scored
) -> None:
    recruiter = room.clients["recruiter"]
    await recruiter.get(f"/scorecards/{drawn.id}")
    given = {"outcome": "decline", "reason": "No.", "subject": "verdict", "value": "likely shown"}
    for what in ("decisions", "overrides"):
        assert (
            await recruiter.post(f"/scorecards/{drawn.id}/{what}", data=given)
        ).status_code == 409
    told = await Judging(room.database).of(drawn.id)
    assert (told.decisions, told.overrides) == ((), ())


async def test_once_marked_both_stand_side_by_side_with_where_they_differ(
    room: Room,
) -> None:
    drawn = await scored(room, GOOD, blind_share=1.0)
    evaluator, path = room.clients["evaluator"], f"/reviews/{drawn.id}"
    form = await marks_for(drawn, "met", "abstained")
    first = next(iter(form))
    form |= {first.replace("mark-", "words-"): "The OLD version of every", "text": "Hard to say."}
    for _ in range(2):  # a form sent twice
        kept = await evaluator.post(path, data=form)
        assert kept.headers["location"] == f"/scorecards/{drawn.id}#side-by-side"
    [review] = await Reviews(room.database).of(drawn.id)
    assert (review.reviewer, review.blind, review.is_author) == ("Evaluator", True, False)
    assert review.marks[0].words == GOOD[: len("The old version of every")]
    assert {mark.verdict for mark in review.marks} == {"met", "abstained"}
    page = (await room.clients["recruiter"].get(f"/scorecards/{drawn.id}")).text
    assert "Marked by people too" in page
    assert "differs</td>" in page
    assert "Marked before the machine" in page
    report = await room.clients["recruiter"].get(f"/interviews/{drawn.id}/report?for=team")
    assert report.status_code == 200


async def test_a_review_of_the_kits_author_is_labelled_and_a_later_one_is_not_blind(
    room: Room, drawn: Scored
) -> None:
    path = f"/reviews/{drawn.id}"
    own = await marks_for(drawn, "met") | {"is_author": "yes"}
    await room.clients["recruiter"].post(path, data=own)
    late = await room.clients["evaluator"].get(path)
    assert "kept as not blind" in late.text
    await room.clients["evaluator"].post(path, data=await marks_for(drawn, "not_met"))
    told = await Reviews(room.database).of(drawn.id)
    assert [(r.is_author, r.blind) for r in told] == [(True, True), (False, False)]
    page = (await room.clients["recruiter"].get(f"/scorecards/{drawn.id}")).text
    assert "Helped to write this kit" in page


async def test_a_form_with_points_left_out_comes_back_with_what_was_chosen(
    room: Room, drawn: Scored
) -> None:
    form = await marks_for(drawn, "not_met")
    left = form.popitem()[0]
    answer = await room.clients["evaluator"].post(f"/reviews/{drawn.id}", data=form)
    assert answer.status_code == 422
    assert f"1 of {len(form) + 1} points" in answer.text
    assert answer.text.count(" checked") == len(form)
    for wrong in ({left: "perhaps"}, {left: "met", "text": "x" * 5_001}):
        told = await room.clients["evaluator"].post(f"/reviews/{drawn.id}", data=form | wrong)
        assert told.status_code == 422
    async with room.database.read() as connection:
        assert await is_blind(connection, drawn.id)


async def test_neither_a_key_nor_a_link_marks_for_a_person(room: Room, drawn: Scored) -> None:
    key, viewer = await drawn.key("evaluator"), await drawn.viewer()
    asked = (await key.get(f"/api/reviews/{drawn.id}")).json()
    assert asked["first"] is True
    marks = [
        {"question": each["question"], "atom": each["atom"], "verdict": FOUND[0]}
        for each in asked["points"]
    ]
    assert marks
    told = await key.post(f"/api/reviews/{drawn.id}", json={"marks": marks})
    assert told.status_code == 422
    assert (await key.post(f"/reviews/{drawn.id}", data={})).status_code == 422
    assert (await viewer.post(f"/reviews/{drawn.id}", data={})).status_code == 403
    person = room.clients["evaluator"]
    assert (await person.post(f"/api/reviews/{drawn.id}", json={"marks": marks})).status_code == 201


async def test_a_running_interview_is_blind_and_not_marked_yet(room: Room) -> None:
    running = await scored(room, "", blind_share=1.0)
    recruiter = room.clients["recruiter"]
    page = await recruiter.get(f"/scorecards/{running.id}")
    assert "not over" in page.text
    assert (await recruiter.post(f"/reviews/{running.id}", data={})).status_code == 409
    team = await recruiter.get(f"/api/interviews/{running.id}/transcript?for=team")
    assert team.status_code == 409


async def test_the_queue_tells_what_waits_the_oldest_first_and_leads_there(room: Room) -> None:
    grave = await scored(room, BAD, blind_share=0.0, title="Open talk")
    first = await scored(room, BAD, blind_share=1.0, title="Blind talk")
    await caught_up(room)
    recruiter = room.clients["recruiter"]
    found = (await recruiter.get("/api/reviews")).json()
    lines = [line for line in found["lines"] if line["interview"] in {grave.id, first.id}]
    assert [line["interview"] for line in lines] == [grave.id, first.id]
    assert lines[0]["why"]["critical"] == 1
    assert (lines[1]["why"], lines[1]["candidate"]) == ({"blind": 1}, "")
    assert found["counts"]["blind"] >= 1
    ages = [line["since"] for line in found["lines"] if set(line["why"]) != {"provisional"}]
    assert ages == sorted(ages)
    assert await waiting(room, f"?screen={first.screen}&why=blind") == [first.id]
    page = (await recruiter.get(f"/reviews?screen={grave.screen}&why=critical")).text
    assert f'href="/scorecards/{grave.id}#glance"' in page
    assert first.id not in page
    await recruiter.get(f"/scorecards/{grave.id}")
    decided = {"outcome": "hold", "reason": "Asked on the phone."}
    await recruiter.post(f"/scorecards/{grave.id}/decisions", data=decided)
    assert await waiting(room, f"?screen={grave.screen}") == []
    assert (await room.clients["other"].get("/api/reviews")).json()["waiting"] == 0
    for wrong in ("?why=nothing", "?page=0", "?screen=" + "x" * 17):
        assert (await recruiter.get(f"/reviews{wrong}")).status_code == 422


async def test_what_nobody_wrote_is_no_ground_of_a_mark(room: Room, drawn: Scored) -> None:
    form = await marks_for(drawn, "met")
    words = next(iter(form)).replace("mark-", "words-")
    told = await room.clients["evaluator"].post(
        f"/reviews/{drawn.id}", data=form | {words: "I never touch production"}
    )
    assert told.status_code == 422
    assert "stands in no answer to question 1" in told.text
    assert 'value="I never touch production"' in told.text
    assert told.text.count(" checked") == len(form)
    assert await Reviews(room.database).of(drawn.id) == []


async def test_agreement_counts_only_what_the_machine_marked(room: Room, drawn: Scored) -> None:
    await room.clients["evaluator"].post(
        f"/reviews/{drawn.id}", data=await marks_for(drawn, "not_met")
    )
    card = await card_of(room.service, drawn.id)
    [review] = card.reviews
    known = side_by_side(card.report, review, card.to_mark)
    first = card.report.questions[0]
    gone = {"verdict": "abstained", "quote": None}
    atom = first.marks[0].mark.atom
    marks = tuple(
        each.model_copy(update={"mark": each.mark.model_copy(update=gone)})
        if each.mark.atom == atom
        else each
        for each in first.marks
    )
    changed = first.model_copy(update={"marks": marks})
    report = card.report.model_copy(update={"questions": (changed, *card.report.questions[1:])})
    told = side_by_side(report, review, card.to_mark)
    [left] = [row for row in told.rows if row.differs is None]
    assert (left.machine, left.person) == ("cannot say", "not met")
    assert told.compared == known.compared - 1 == len(told.rows) - 1
    assert told.agreed <= told.compared


async def test_what_the_machine_is_unsure_of_is_told_as_perhaps(room: Room) -> None:
    good = await scored(room, GOOD, blind_share=1.0)
    form = await marks_for(good, "met")
    await room.clients["evaluator"].post(f"/reviews/{good.id}", data=form)
    card = await card_of(room.service, good.id)
    [review] = card.reviews
    lines = {line.atom for q in card.report.questions for line in q.earned if line.credit}
    assert lines
    unsure = [
        q.model_copy(update={"earned": tuple(e.model_copy(update={"sure": 0.5}) for e in q.earned)})
        for q in card.report.questions
    ]
    report = card.report.model_copy(update={"questions": tuple(unsure)})
    told = {row.machine for row in side_by_side(report, review, card.to_mark).rows}
    assert "perhaps met, counted for less" in told
    assert "met" not in told
    page = (await room.clients["recruiter"].get(f"/scorecards/{good.id}")).text
    assert "agrees with the machine on" in page


async def test_an_undecided_provisional_verdict_is_found_last(room: Room) -> None:
    plain = await scored(room, GOOD, blind_share=0.0)
    grave = await scored(room, BAD, screen=plain.screen)
    await caught_up(room)
    ours = f"?screen={plain.screen}"
    assert set(await waiting(room, f"{ours}&why=provisional")) == {plain.id, grave.id}
    found = (await room.clients["recruiter"].get(f"/api/reviews{ours}")).json()
    assert list(found["lines"][-1]["why"])[-1] == "provisional"
    for each in (plain, grave):
        await room.clients["recruiter"].get(f"/scorecards/{each.id}")
        decided = {"outcome": "hold", "reason": "Later."}
        await room.clients["recruiter"].post(f"/scorecards/{each.id}/decisions", data=decided)
    assert await waiting(room, ours) == []


async def test_a_wish_for_a_person_reaches_the_team_until_it_is_answered(room: Room) -> None:
    recruiter = room.clients["recruiter"]
    over = await scored(room, GOOD, blind_share=0.0)
    running = await scored(room, "", screen=over.screen)
    await room.say(running.id, "answer", "I would prefer to talk to a human please")
    new, token = await room.invite(over.screen, name="Dora", email="")
    async with await room.candidate(token) as candidate:
        asked = await candidate.post("/mine/ask", data={"what": "", "text": "A call instead."})
        assert asked.status_code == 303
    await caught_up(room)
    ours = f"?screen={over.screen}"
    lines = (await recruiter.get(f"/api/reviews{ours}&why=person")).json()["lines"]
    assert [(line["interview"], line["why"]) for line in lines] == [(None, {"person": 1})] * 2
    assert lines[1]["invite"] == new
    everything = (await recruiter.get(f"/api/reviews{ours}")).json()["lines"]
    assert everything[:2] == lines
    page = (await recruiter.get(f"/reviews{ours}")).text
    assert f"/screens/{over.screen}/invites/{new}#asked" in page
    table = f"/api/screens/{over.screen}/candidates?needs=wishes"
    assert (await recruiter.get(table)).json()["found"] == 2
    evaluator = room.clients["evaluator"]
    assert (await evaluator.get(table)).json()["found"] == 0
    assert (await evaluator.get(f"/api/reviews{ours}&why=person")).json()["lines"] == []
    await room.answer_all(running.id, GOOD)
    await caught_up(room)
    assert running.id in await waiting(room, f"{ours}&why=person")
    card = (await recruiter.get(f"/scorecards/{running.id}")).text
    assert "They asked for a person or another way" in card
    for line in lines:
        path = f"/screens/{over.screen}/invites/{line['invite']}"
        assert "We have answered" in (await recruiter.get(path)).text
        assert (await evaluator.post(f"{path}/answered")).status_code == 403
        assert (await recruiter.post(f"{path}/answered")).status_code == 303
    assert await waiting(room, f"{ours}&why=person") == []
    assert (await recruiter.get(table)).json()["found"] == 0
    card = (await recruiter.get(f"/scorecards/{running.id}")).text
    assert "They asked for a person or another way" not in card


async def caught_up(room: Room) -> None:
    """The results of what has ended or moved are worked out."""
    while await Results(room.service.store, room.service.syllabus).catch_up():
        pass


async def waiting(room: Room, asked: str) -> list[str]:
    """The interviews that wait."""
    found = (await room.clients["recruiter"].get(f"/api/reviews{asked}")).json()
    return [line["interview"] for line in found["lines"]]


async def test_a_contest_waits_even_where_it_was_decided(room: Room) -> None:
    done = await scored(room, BAD, blind_share=0.0)
    recruiter = room.clients["recruiter"]
    await recruiter.get(f"/scorecards/{done.id}")
    decided = {"outcome": "decline", "reason": "Edits production by hand."}
    await recruiter.post(f"/scorecards/{done.id}/decisions", data=decided)
    complaint = Complaint(contest_id="contest-000001", question=1, reason="I meant a copy.")
    await Contests(room.service.store, room.service.conductor.clock).contest(done.id, complaint)
    await caught_up(room)
    assert await waiting(room, "?why=contested") == [done.id]
    page = (await recruiter.get(f"/scorecards/{done.id}")).text
    assert "Question 1 is contested" in page
    assert 'href="#contest-1"' in page
    ruling = {"decision": "refuse", "reason": "A copy was not named.", "back": "scorecard"}
    back = await recruiter.post(f"/interviews/{done.id}/contests/1/decision", data=ruling)
    assert back.headers["location"] == f"/scorecards/{done.id}#contest-1"
    await caught_up(room)
    assert await waiting(room, "?why=contested") == []


async def test_who_is_to_mark_is_told_no_mark_though_the_screen_is_closed(drawn: Scored) -> None:
    room = drawn.room
    await Screens(room.database).close(room.callers["admin"], drawn.screen)
    answer = await room.clients["evaluator"].get(f"/api/reviews/{drawn.id}")
    told = answer.json()["report"]
    assert told["questions"]
    assert not any(q["marks"] or q["earned"] or q["score"] for q in told["questions"])
    assert (told["verdict"], told["flags"], told["competencies"]) == ("with the team", [], [])
