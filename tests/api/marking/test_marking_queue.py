"""Marked blind, by as many people as were asked for, and settled where they differ."""

import asyncio
from collections import Counter

import pytest
import sqlalchemy as sa
from marking_desk import Desk
from scored import GOOD, scored

from api.hiring import audit
from api.hiring.erasing import Erasing
from api.marking.marks import Marking
from api.marking.sets import NewSet, Sets
from api.marking.tables import looks, marking_rulings, marking_sheets
from api.tables import interviews
from knowledge.errors import BadInput, NotFound

pytestmark = pytest.mark.asyncio(loop_scope="module")

PEOPLE = ("admin", "recruiter", "evaluator")


async def test_many_who_ask_at_once_are_never_more_than_are_needed(either: Desk) -> None:
    led = await asyncio.gather(*(either.next(who) for who in PEOPLE * 3))
    given = Counter(dict(zip(PEOPLE * 3, led, strict=True)).values())
    assert given.pop(None, 0) == 0
    assert given.total() == 3
    assert max(given.values()) <= 2
    for who in PEOPLE:
        await either.mark_all(who, "met")
    entries = await Sets(either.room.database).entries(either.set)
    assert [(len(entry.kept), len(entry.taken)) for entry in entries] == [(2, 0), (2, 0)]


async def test_the_next_is_what_has_the_fewest_marks_and_what_was_begun_comes_first(
    desk: Desk,
) -> None:
    first = await desk.next("evaluator")
    assert first == await desk.next("evaluator")
    assert await desk.next("recruiter") != first


async def test_whoever_marks_sees_nothing_of_the_machines_of_others_or_of_whose_it_is(
    desk: Desk,
) -> None:
    await desk.mark_all("recruiter", "contradicted")
    path = await desk.next("evaluator")
    assert path
    page = (await desk.room.clients["evaluator"].get(path)).text
    for told in ("Cleo", *desk.interviews, "Recruiter", "Critical", "provisional"):
        assert told not in page, told
    assert "<mark" not in page
    assert GOOD[:40] in page or "I edit rows" in page


async def test_until_the_marks_are_in_everything_that_shows_the_machines_is_shut(
    desk: Desk,
) -> None:
    evaluator = desk.room.clients["evaluator"]
    path = await desk.next("evaluator")
    assert path
    numbers = {f"{desk.path}/{await desk.number(each)}": each for each in desk.interviews}
    held = numbers[path]
    other = next(i for i in desk.interviews if i != held)
    ways = [
        f"/scorecards/{held}",
        f"/api/scorecards/{held}",
        f"/interviews/{held}/report",
        f"/api/interviews/{held}/report",
        f"/api/interviews/{held}/transcript?for=team",
        f"/api/compare?interview={held}&interview={other}",
    ]
    for way in ways:
        answer = await evaluator.get(way)
        assert (answer.status_code, "You are marking this interview" in answer.text) == (409, True)
        assert (await desk.room.clients["recruiter"].get(way)).status_code == 200
    assert desk.interviews[0] not in (await evaluator.get(f"/api{desk.path}/marks.csv")).text
    await desk.mark("evaluator", "met", path)
    assert [(await evaluator.get(way)).status_code for way in ways] == [200] * len(ways)


async def test_marks_of_what_was_looked_at_before_are_kept_as_not_blind(desk: Desk) -> None:
    await desk.room.clients["evaluator"].get(f"/interviews/{desk.interviews[0]}/report")
    await desk.mark_all("evaluator", "met")
    await desk.mark_all("recruiter", "met")
    blind = {(row.transcript, row.by): row.blind for row in await desk.rows()}
    first, second = desk.interviews
    assert blind == {
        (first, "Evaluator"): False,
        (second, "Evaluator"): True,
        (first, "Recruiter"): True,
        (second, "Recruiter"): True,
    }


async def test_sent_twice_it_is_kept_once_and_a_correction_after_a_look_is_not_blind(
    desk: Desk,
) -> None:
    path = await desk.mark("evaluator", "met")
    before = await desk.rows()
    await desk.mark("evaluator", "met", path)
    assert await desk.rows() == before
    assert all(row.blind for row in before)
    id_ = before[0].transcript
    await desk.room.clients["evaluator"].get(f"/scorecards/{id_}")
    await desk.mark("evaluator", "met", path)
    assert await desk.rows() == before
    await desk.mark("evaluator", "not_met", path, is_author="yes")
    after = await desk.rows()
    assert {(row.verdict, row.role, row.blind) for row in after} == {("not_met", "author", False)}
    done = [(line.action, line.detail["blind"]) for line in await _lines(desk, id_)]
    assert done == [("corrected marks", False), ("marked", True)]


async def _lines(desk: Desk, interview: str) -> list[audit.Line]:
    """What the audit log tells of an interview in this set."""
    told = await audit.lines(desk.room.database, desk.room.ours, object_=f"interview:{interview}")
    return [line for line in told if line.detail.get("marking") == desk.set]


async def test_what_is_not_complete_is_refused_and_still_there_and_drafts_outlive_a_reload(
    desk: Desk,
) -> None:
    path = await desk.next("evaluator")
    assert path
    form = await desk.form("evaluator", path, "met")
    left = dict(list(form.items())[1:]) | {"text": "A thought of mine."}
    refused = await desk.send("evaluator", path, left)
    assert refused.status_code == 422
    assert "1 of" in refused.text
    assert "A thought of mine." in refused.text
    again = (await desk.room.clients["evaluator"].get(path)).text
    assert again.count(" checked>") == len(left) - 1 + again.count("data-keys checked")
    invented = form | {next(iter(form)).replace("mark-", "words-"): "never said by anybody"}
    assert "stands in no answer" in (await desk.send("evaluator", path, invented)).text
    assert await desk.rows() == []


async def test_a_set_closed_meanwhile_says_so_and_loses_nothing(desk: Desk) -> None:
    path = await desk.next("evaluator")
    assert path
    form = await desk.form("evaluator", path, "met") | {"text": "Nearly done."}
    await desk.room.clients["recruiter"].post(f"{desk.path}/close")
    refused = await desk.send("evaluator", path, form)
    assert (refused.status_code, "closed meanwhile" in refused.text) == (409, True)
    assert "Nearly done." in (await desk.room.clients["evaluator"].get(path)).text
    told = await desk.room.clients["admin"].post(f"{desk.path}/next")
    assert (told.status_code, "closed meanwhile" in told.text) == (409, True)
    await desk.room.clients["recruiter"].post(f"{desk.path}/open")
    assert (await desk.send("evaluator", path, form)).status_code == 303
    assert len(await desk.rows()) == len(form) - 1


async def test_what_is_given_back_goes_to_others_and_opens_what_was_shut(desk: Desk) -> None:
    path = await desk.next("evaluator")
    assert path
    await desk.room.clients["evaluator"].post(f"{path}/back")
    assert (await desk.room.clients["evaluator"].get(path)).status_code == 404
    for interview in desk.interviews:
        card = await desk.room.clients["evaluator"].get(f"/scorecards/{interview}")
        assert card.status_code == 200


async def test_a_third_person_settles_what_two_differ_on_and_all_three_stay(
    either: Desk,
) -> None:
    await either.mark_all("evaluator", "met")
    early = await either.room.clients["admin"].get(f"{either.path}/1/settle")
    assert early.status_code == 409
    await either.mark_all("recruiter", "not_met")
    admin, path = either.room.clients["admin"], f"{either.path}/1/settle"
    form = await either.form("admin", path, "abstained")
    without = await admin.post(path, data=form)
    assert (without.status_code, "reason" in without.text) == (422, True)
    reasons = {name.replace("mark-", "reason-"): "Neither says it." for name in form}
    assert (await admin.post(path, data=form | reasons)).status_code == 303
    assert "Neither says it." in (await admin.get(path)).text
    kinds = Counter((row.role, row.verdict) for row in await either.rows())
    assert kinds["adjudicated", "abstained"] == len(form)
    assert kinds["person", "met"] == kinds["person", "not_met"] > len(form)
    late = await either.send("evaluator", f"{either.path}/1", form)
    assert (late.status_code, "settled already" in late.text) == (409, True)


async def test_one_of_the_two_settles_only_if_they_say_that_nobody_else_can(desk: Desk) -> None:
    await desk.mark_all("evaluator", "met")
    await desk.mark_all("recruiter", "not_met")
    path = f"{desk.path}/1/settle"
    form = await desk.form("recruiter", path, "met")
    form |= {name.replace("mark-", "reason-"): "It is said." for name in form}
    recruiter = desk.room.clients["recruiter"]
    assert "marked this interview yourself" in (await recruiter.post(path, data=form)).text
    assert (await recruiter.post(path, data=form | {"alone": "yes"})).status_code == 303
    async with desk.room.database.read() as connection:
        own = await connection.scalars(sa.select(marking_rulings.c.is_marker))
    assert set(own) == {True}


async def test_a_blind_review_on_the_scorecard_counts_and_nobody_marks_twice(desk: Desk) -> None:
    drawn = await scored(desk.room, GOOD, blind_share=1.0)
    wish = NewSet("Drawn", [drawn.id])
    desk.set = await Sets(desk.room.database).make(desk.room.callers["admin"], wish)
    await desk.mark("evaluator", "met", f"/reviews/{drawn.id}")
    assert await desk.next("evaluator") is None
    await desk.mark("recruiter", "met")
    assert await desk.next("admin") is None
    rows = await desk.rows()
    assert {row.by for row in rows} == {"Evaluator", "Recruiter"}
    of = {
        by: {(r.question, r.atom) for r in rows if r.by == by} for by in ("Evaluator", "Recruiter")
    }
    assert of["Evaluator"] == of["Recruiter"]
    everything = await Marking(desk.room.database).marks(desk.room.ours)
    assert sorted(everything, key=str) == sorted(rows, key=str)


async def test_nobody_is_given_their_own_practice_and_nobody_else_may_put_it_in(
    desk: Desk,
) -> None:
    mine = (await scored(desk.room, GOOD, screen=desk.screen)).id
    own = {"mode": "practice", "invite_id": None, "screen_id": None}
    own["user_id"] = desk.room.callers["evaluator"].user
    async with desk.room.database.write() as connection:
        change = sa.update(interviews).where(interviews.c.id == mine).values(**own)
        await connection.execute(change)
    sets = Sets(desk.room.database)
    with pytest.raises(NotFound):
        await sets.make(desk.room.callers["recruiter"], NewSet("Theirs", [mine]))
    desk.set = await sets.make(desk.room.callers["evaluator"], NewSet("Mine", [mine]))
    assert await desk.next("evaluator") is None
    assert await desk.next("recruiter") is not None


@pytest.mark.parametrize(
    "wish",
    [
        NewSet("", ["x"]),
        NewSet("T", []),
        NewSet("T", ["x"], needed=0),
        NewSet("T", ["x"], needed=9),
        NewSet("T", ["no-such"]),
    ],
)
async def test_a_set_that_cannot_be_is_refused(desk: Desk, wish: NewSet) -> None:
    with pytest.raises((BadInput, NotFound)):
        await Sets(desk.room.database).make(desk.room.callers["admin"], wish)
    assert len(await Sets(desk.room.database).of(desk.room.ours)) == 1


async def test_only_those_who_were_chosen_mark_a_set(desk: Desk) -> None:
    chosen = [desk.room.callers[who].user or "" for who in ("evaluator", "admin")]
    wish = NewSet("For two", desk.interviews, markers=chosen)
    desk.set = await Sets(desk.room.database).make(desk.room.callers["admin"], wish)
    refused = await desk.room.clients["recruiter"].post(f"{desk.path}/next")
    assert (refused.status_code, "not one of those" in refused.text) == (422, True)
    assert await desk.next("evaluator") is not None
    few = NewSet("For one", desk.interviews, markers=chosen[:1])
    with pytest.raises(BadInput, match="2 people"):
        await Sets(desk.room.database).make(desk.room.callers["admin"], few)


async def test_an_interview_that_is_erased_takes_its_marks_with_it(desk: Desk) -> None:
    stays, gone = desk.interviews[0], (await scored(desk.room, GOOD, screen=desk.screen)).id
    wish = NewSet("With another", [stays, gone])
    desk.set = await Sets(desk.room.database).make(desk.room.callers["admin"], wish)
    await desk.mark_all("evaluator", "met")
    async with desk.room.database.read() as connection:
        mine = interviews.c.id == gone
        invite = await connection.scalar(sa.select(interviews.c.invite_id).where(mine))
    await Erasing(desk.room.database).invite(desk.room.callers["recruiter"], str(invite))
    assert {row.transcript for row in await desk.rows()} == {stays}
    async with desk.room.database.read() as connection:
        for table in (marking_sheets, marking_rulings, looks):
            left = sa.select(sa.func.count()).where(table.c.interview_id == gone)
            assert await connection.scalar(left) == 0
    assert (await desk.room.clients["admin"].get(desk.path)).status_code == 200


async def test_no_answer_to_what_one_writes_of_an_interview_tells_its_marks_while_one_marks_it(
    desk: Desk,
) -> None:
    evaluator, room = desk.room.clients["evaluator"], desk.room
    path = await desk.next("evaluator")
    numbers = {f"{desk.path}/{await desk.number(each)}": each for each in desk.interviews}
    held = numbers[path or ""]
    for way in (f"/scorecards/{held}/notes", f"/api/scorecards/{held}/notes"):
        sent = {"json": {"text": "x"}} if "/api" in way else {"data": {"text": ""}}
        assert (await evaluator.post(way, **sent)).status_code == 409  # type: ignore[arg-type]
    form = (await evaluator.get(f"/api/reviews/{held}")).json()
    assert form["report"]["verdict"] == "with the team"
    assert not any(each["marks"] for each in form["report"]["questions"])
    marks = [
        {"question": each["question"], "atom": each["atom"], "verdict": "met"}
        for each in form["points"]
    ]
    told = (await evaluator.post(f"/api/reviews/{held}", json={"marks": marks})).json()
    assert (told["report"], told["reviews"]) == (None, [])
    other = next(each for each in desk.interviews if each != held)
    free = (await evaluator.post(f"/api/reviews/{other}", json={"marks": marks})).json()
    assert free["report"]
    async with room.database.read() as connection:
        seen = await connection.scalars(sa.select(looks.c.interview_id))
        assert set(seen) == {other}
