"""The table of a screen's candidates: what each row says, who sees it, what can be taken along."""

import csv
import io
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from room import Room
from scored import BAD, GOOD, scored

from api.hiring.candidates import Candidates
from api.hiring.choosing import Choice, chosen, page
from api.hiring.export import COLUMNS
from api.hiring.invites import Invites
from api.hiring.judging import Judging
from api.hiring.reviewing import is_drawn
from api.hiring.screens import Screens
from api.hiring.standing_rows import LEFT_AFTER, NOTHING, STANDINGS, Standing, Status
from api.hiring.tables import decisions, invites, overrides, results, reviews, screens
from api.tables import interviews, turns
from knowledge.database import unix_now
from knowledge.tables import metadata

sys.path.append(str(Path(__file__).parents[2] / "pages"))

from visiting import Html

NOW = 2_000_000_000.0
INVITE = {"id": "i", "screen_id": "s", "name": "Ann", "created": 1.0, "until": NOW + 9}
HELD = {"id": "h", "invite_id": "i", "screen_id": "s", "attempt": 1, "status": "ended"}
HELD |= {"updated": NOW, "state_version": 7}
RESULT = {"interview_id": "h", "ended": "complete", "verdict": "could be either"}
RESULT |= {"state_version": 7}
DECISION = {"id": "d", "interview_id": "h", "outcome": "hold", "at": NOW - 9}
Row = dict[str, Any]


@pytest.fixture
def connection() -> Iterator[sa.Connection]:
    """A database in memory whose tables refer to nothing."""
    with sa.create_engine("sqlite://").connect() as opened:
        metadata.create_all(opened)
        yield opened


def put(connection: sa.Connection, table: sa.Table, *rows: Row) -> None:
    """Insert, with something empty where nothing is said and something must be."""
    for row in rows:
        needed = [c for c in table.c if not c.nullable and c.name not in row]
        given = {
            c.name: [] if isinstance(c.type, sa.JSON) else c.type.python_type() for c in needed
        }
        connection.execute(sa.insert(table).values(**given, **row))


def standing(connection: sa.Connection, invite: Row, held: Row | None = None) -> Standing:
    """The only row there is, of this invite and this interview, ended with a result or not."""
    put(connection, invites, INVITE | invite)
    if held is not None:
        own = {name: value for name, value in held.items() if name in interviews.c}
        put(connection, interviews, HELD | own)
        put(connection, results, RESULT | held.get("result", {}))
    told = {"screen": "s", "reader": "x", "now": NOW}
    [row] = connection.execute(STANDINGS, told).all()
    return Standing._make(row)


def rows_of(names: Sequence[str]) -> list[Standing]:
    empty: Row = dict.fromkeys(Standing._fields, None) | NOTHING
    return [
        Standing(
            **empty
            | {"invite": name, "name": name, "email": "ann@example.org", "reference": f"R-{n}"}
            | {"status": "not decided", "when": float(n), "unread": n == 1, "red": n}
            | {"verdict": "could be either", "probability": n / 10 if n else None}
        )
        for n, name in enumerate(names)
    ]


@pytest.mark.parametrize(
    ("invite", "wanted"),
    [
        ({}, "invited"),
        ({"opened": 2.0}, "opened"),
        ({"opened": 2.0, "declined": 3.0}, "declined"),
        ({"until": NOW - 1}, "expired"),
        ({"revoked": 2.0, "until": NOW - 1}, "revoked"),
        ({"erased": 2.0, "revoked": 2.0}, "erased"),
    ],
)
def test_before_an_interview_the_invite_says_where_they_stand(
    connection: sa.Connection, invite: Row, wanted: Status
) -> None:
    row = standing(connection, invite)
    assert row.status == wanted
    happened = [at for name, at in invite.items() if name != "until"]
    assert row.when == max(happened, default=1.0)


@pytest.mark.parametrize(
    ("held", "wanted"),
    [
        ({"status": "running"}, "in progress"),
        ({"status": "running", "updated": NOW - LEFT_AFTER - 1}, "abandoned"),
        ({"status": "paused", "updated": NOW - LEFT_AFTER - 1}, "paused"),
        ({}, "not decided"),
        ({"result": {"ended": "candidate"}}, "not decided"),
        ({"result": {"ended": "expired"}}, "abandoned"),
        ({"result": {"ended": "expired", "failed": True}}, "technical failure"),
    ],
)
def test_an_interview_says_where_they_stand(
    connection: sa.Connection, held: Row, wanted: Status
) -> None:
    row = standing(connection, {"opened": 2.0}, held)
    assert row.status == wanted
    assert row.when == held.get("updated", NOW)


def test_a_failure_of_ours_goes_before_abandoning_and_a_decision_before_both(
    connection: sa.Connection,
) -> None:
    left = NOW - LEFT_AFTER - 1
    turn = {"interview_id": "h", "status": "committed", "attempt": 4, "committed": left}
    put(connection, turns, turn)
    row = standing(connection, {}, {"status": "running", "updated": left})
    assert row.status == "technical failure"
    put(connection, decisions, DECISION, DECISION | {"id": "c", "at": NOW, "outcome": "decline"})
    told = {"screen": "s", "reader": "x", "now": NOW}
    [row] = map(Standing._make, connection.execute(STANDINGS, told).all())
    assert (row.status, row.decision, row.when) == ("decided", "decline", NOW)
    connection.execute(sa.update(invites).values(erased=3.0))
    [row] = map(Standing._make, connection.execute(STANDINGS, told).all())
    assert (row.status, row.decision, row.interview, row.when) == ("erased", None, None, 3.0)


def test_of_several_attempts_the_last_is_told_and_of_several_verdicts_the_newest(
    connection: sa.Connection,
) -> None:
    put(connection, interviews, HELD | {"id": "g", "attempt": 2, "status": "running"})
    word = {"interview_id": "g", "subject": "verdict", "value": "likely shown"}
    put(connection, overrides, word | {"id": "o", "at": 2.0})
    put(connection, overrides, word | {"id": "p", "at": 1.0, "value": "could be either"})
    put(connection, overrides, word | {"id": "q", "at": 3.0, "subject": "a1", "value": "met"})
    row = standing(connection, {}, {})
    assert (row.interview, row.status, row.verdict) == ("g", "in progress", None)
    assert row.overridden == "likely shown"


def test_search_finds_words_whatever_their_case_and_marks() -> None:
    rows = rows_of(["Åsa Österberg", "Bob", "ÉMILE"])
    assert [row.name for row in chosen(rows, Choice(q="OSTERBERG asa"))] == ["Åsa Österberg"]
    assert [row.name for row in chosen(rows, Choice(q="émile"))] == ["ÉMILE"]
    assert [row.name for row in chosen(rows, Choice(q="r-1"))] == ["Bob"]
    assert chosen(rows, Choice(q="nobody")) == []


def test_who_has_nothing_to_sort_by_comes_last_in_either_order() -> None:
    rows = rows_of(["none", "low", "high"])
    up = chosen(rows, Choice(sort="verdict", descending=False))
    down = chosen(rows, Choice(sort="verdict", descending=True))
    assert [row.name for row in up] == ["low", "high", "none"]
    assert [row.name for row in down] == ["high", "low", "none"]


def test_filters_and_pages_add_up() -> None:
    rows = rows_of([f"c{n}" for n in range(25)])
    assert [row.name for row in chosen(rows, Choice(unread=True))] == ["c1"]
    assert len(chosen(rows, Choice(flag="red", decision="none"))) == 24
    shown = page(rows, Choice(sort="when", descending=False), number=99, per_page=10)
    assert (shown.number, shown.pages, shown.found) == (3, 3, 25)
    assert [row.name for row in shown.rows] == [f"c{n}" for n in range(20, 25)]


async def test_a_row_tells_what_an_interview_came_to(room: Room) -> None:
    made = await scored(room, BAD, blind_share=0.0)
    path = f"/api/screens/{made.screen}/candidates"
    await room.invite(made.screen, name="=cmd|' /C calc'!A0", email="", reference="@R")
    told = (await room.clients["recruiter"].get(path)).json()
    assert told["total"] == 2
    assert told["counts"]["not decided"] == told["counts"]["unread"] == 1
    [row] = [each for each in told["candidates"] if each["interview"]]
    report = await room.service.report(made.id, "team")
    assert report.overall
    assert row["verdict"] == report.verdict
    wanted = (report.overall.level, report.overall.low, report.overall.high)
    assert (row["level"], row["low"], row["high"]) == wanted
    assert (row["red"], row["critical"]) == (1, 1)
    assert row["status"] == "not decided"
    assert row["email"] == "cleo@example.org"
    for query, found in (
        ("?flag=critical", 1),
        ("?flag=green", 0),
        ("?unread=1&sort=verdict", 1),
        ("?q=cleo", 1),
        ("?status=invited", 1),
        ("?decision=advance", 0),
    ):
        assert (await room.clients["recruiter"].get(path + query)).json()["found"] == found, query
    await _decide_and_look(room, made.id, path)
    await _page_and_files(room, made.screen, made.id)
    viewer = await made.viewer()
    theirs = (await viewer.get(path)).json()["candidates"]
    assert {each["email"] for each in theirs} == {None}
    assert (await viewer.get(f"/screens/{made.screen}/candidates")).status_code == 200
    assert (await viewer.get(f"/screens/{made.screen}/candidates.csv")).status_code == 403
    assert (await room.clients["other"].get(path)).status_code == 404
    await viewer.aclose()


async def _decide_and_look(room: Room, interview: str, path: str) -> None:
    judging, caller = Judging(room.database), room.callers["recruiter"]
    await judging.read(caller, interview)
    await judging.decide(caller, interview, "advance", "It was all said", "Rita")
    told = (await room.clients["recruiter"].get(f"{path}?decision=advance")).json()
    assert told["counts"]["unread"] == 0
    assert [each["status"] for each in told["candidates"]] == ["decided"]
    others = (await room.clients["evaluator"].get(path)).json()
    assert others["counts"]["unread"] == 1


async def _page_and_files(room: Room, screen: str, interview: str) -> None:
    client, path = room.clients["recruiter"], f"/screens/{screen}/candidates"
    response = await client.get(f"{path}?sort=name&order=down&status=decided")
    shown = Html(response.text)
    assert shown.live() == []
    assert f"/scorecards/{interview}" in shown.attributes("a", "href")
    assert shown.attributes("th", "aria-sort") == ["descending"]
    assert "1 candidate of 2" in shown.text
    assert f"{path}.csv?status=decided&sort=name&order=down" in shown.attributes("a", "href")
    text = (await client.get(f"{path}.csv")).content.decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text)))
    assert tuple(lines[0]) == COLUMNS
    hostile = next(line for line in lines if not line["interview"])
    assert hostile["name"].startswith("'=cmd")
    assert hostile["reference"] == "'@R"
    known = next(line for line in lines if line["interview"] == interview)
    assert (known["decision"], known["decision_reason"]) == ("advance", "It was all said")
    assert int(known["questions"]) > 0
    taken = (await client.get(f"{path}.json?q=cleo")).json()
    [one] = taken["candidates"]
    assert one["result"]["kit_version"] == taken["kit_version"]
    assert one["decisions"][0]["by"] == "Rita"


async def test_what_a_person_is_to_mark_first_tells_nothing_of_the_machine(room: Room) -> None:
    made = await scored(room, BAD, blind_share=1.0)
    assert is_drawn(made.screen, made.id, 1.0)
    path = f"/api/screens/{made.screen}/candidates"
    [row] = (await room.clients["recruiter"].get(path)).json()["candidates"]
    assert row["blind"]
    assert row["verdict"] is row["level"] is None
    assert row["red"] == row["critical"] == row["needs_person"] == 0
    text = (await room.clients["recruiter"].get(f"/screens/{made.screen}/candidates.csv")).text
    assert "shown" not in text.partition("\r\n")[2]
    async with room.database.write() as connection:
        review = {"id": "r", "workspace_id": room.ours, "interview_id": made.id, "reviewer": "A"}
        review |= {"blind": True, "is_author": False, "marks": [], "text": ""}
        await connection.execute(sa.insert(reviews).values(**review, at=unix_now()))
    [row] = (await room.clients["recruiter"].get(path)).json()["candidates"]
    assert row["critical"] == 1


async def test_a_result_follows_its_interview(room: Room) -> None:
    made = await scored(room, GOOD, blind_share=0.0)
    recruiter, path = room.clients["recruiter"], f"/api/screens/{made.screen}/candidates"
    assert (await recruiter.get(path)).json()["candidates"][0]["verdict"]
    async with room.database.write() as connection:
        version = await connection.scalar(sa.select(results.c.state_version))
        await connection.execute(sa.update(results).values(verdict="likely shown", red=9))
        newer = {"state_version": (version or 0) + 1}
        await connection.execute(sa.update(interviews).values(**newer))
    assert (await recruiter.get(path)).json()["candidates"][0]["red"] == 0
    async with room.database.read() as connection:
        assert await connection.scalar(sa.select(results.c.state_version)) == (version or 0) + 1


async def test_a_message_that_waits_too_long_is_our_failure(room: Room) -> None:
    made = await scored(room, "", blind_share=0.0)
    found = await Screens(room.database).get(room.ours, made.screen)
    table = Candidates(room.database, room.service.results)
    assert [row.status for row in await table.chosen(found, "x", Choice())] == ["in progress"]
    broken = {"attempt": 5, "status": "committed"}
    async with room.database.write() as connection:
        mine = interviews.c.id == made.id
        updated = await connection.scalar(sa.select(interviews.c.updated).where(mine))
        last = sa.update(turns).where(turns.c.interview_id == made.id)
        await connection.execute(last.values(**broken, committed=updated))
    assert [row.status for row in await table.chosen(found, "x", Choice())] == ["technical failure"]
    async with room.database.write() as connection:
        await connection.execute(sa.update(interviews).values(updated=1_000_000.0))
    assert [row.status for row in await table.chosen(found, "x", Choice())] == ["abandoned"]


async def test_of_practice_only_the_status_is_told(room: Room) -> None:
    made = await scored(room, BAD, blind_share=0.0)
    async with room.database.write() as connection:
        await connection.execute(sa.update(screens).values(mode="practice"))
        await connection.execute(sa.update(interviews).values(mode="practice"))
    path = f"/screens/{made.screen}/candidates"
    [row] = (await room.clients["recruiter"].get(f"/api{path}")).json()["candidates"]
    assert row["status"] == "not decided"
    assert row["verdict"] is row["probability"] is row["decision"] is None
    assert row["critical"] == row["contests"] == 0
    shown = Html((await room.clients["recruiter"].get(path)).text)
    assert "critical" not in shown.text.lower()
    assert shown.attributes("th", "scope").count("col") == 3


async def test_an_empty_screen_a_strange_value_and_a_revoked_invite_say_so(room: Room) -> None:
    screen = await room.screen()
    path, recruiter = f"/screens/{screen}/candidates", room.clients["recruiter"]
    assert "Nobody is invited yet." in Html((await recruiter.get(path)).text).text
    for query in ("?status=happy", "?page=0", "?sort=salary", f"?q={'x' * 300}"):
        assert (await recruiter.get(path + query)).status_code == 422, query
        assert (await recruiter.get(f"/api{path}{query}")).status_code == 422, query
    invite, _ = await room.invite(screen)
    await Invites(room.database).revoke(room.callers["recruiter"], invite)
    [row] = (await recruiter.get(f"/api{path}")).json()["candidates"]
    assert row["status"] == "revoked"


async def test_fifty_rows_stay_small(room: Room) -> None:
    made = await scored(room, GOOD, blind_share=0.0)
    async with room.database.write() as connection:
        row = dict((await connection.execute(sa.select(invites))).mappings().one())
        held_ = dict((await connection.execute(sa.select(interviews))).mappings().one())
        for n in range(120):
            name = f"Candidate {n} with a long name, as many people have"
            new = {"id": f"i{n}", "hash": f"{n}", "name": name}
            await connection.execute(sa.insert(invites).values({**row, **new}))
            copy = {"id": f"h{n}", "invite_id": f"i{n}"}
            await connection.execute(sa.insert(interviews).values({**held_, **copy}))
    await room.service.results.catch_up(made.screen, most=1)
    async with room.database.write() as connection:
        kept = dict((await connection.execute(sa.select(results))).mappings().one())
        kept |= {"red": 2, "green": 2, "needs_person": 1}
        ids = {made.id, *(f"h{n}" for n in range(120))} - {kept["interview_id"]}
        copies = [{**kept, "interview_id": id_} for id_ in ids]
        await connection.execute(sa.insert(results), copies)
    path = f"/screens/{made.screen}/candidates"
    first = await room.clients["recruiter"].get(path)
    assert "page 1 of 3" in Html(first.text).text
    assert len(first.content) < 150_000
    whole = await room.clients["recruiter"].get(f"{path}?per_page=100")
    assert whole.text.count('<th scope="row">') == 100
    assert len(whole.content) < 150_000
