"""Erasing somebody leaves none of their words in the database, and then none in its files."""

import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from room import Room, furnished

from agent.contesting import Complaint
from agent.ruling import Ruling
from agent.syllabus import Syllabus
from api.conduct import Wish
from api.contests import Contests
from api.hiring import audit
from api.hiring.erasing import Erasing, touched
from api.hiring.holds import OnHold, set_hold
from api.hiring.invites import Invites
from api.hiring.reasons import OURS
from api.hiring.retention import is_due, maintain
from api.hiring.tables import decisions, deliveries, invites, notes, overrides, reviews
from api.identity.tokens import new_id
from api.lease import hold, new_owner
from api.marking.tables import (
    looks,
    marking_items,
    marking_rulings,
    marking_sets,
    marking_sheets,
)
from api.store import Superseded, seat_of
from api.tables import leases
from api.withdrawals import drop_withdrawn
from knowledge.errors import NotFound
from knowledge.library import Library
from knowledge.tables import metadata

ANSWER = "I keep the old version of every row beside the new version. {word}"


@dataclass
class Words:
    """A word of its own for each field that somebody's text goes into."""

    by_field: dict[str, str] = field(default_factory=dict)

    def of(self, name: str) -> str:
        return self.by_field.setdefault(name, f"zq{secrets.token_hex(8)}")


@pytest.fixture(params=["sqlite", "postgres"])
async def either(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Room]:
    """A room on SQLite, and one on Postgres."""
    chosen: dict[str, Any] = {}
    if request.param == "postgres":
        chosen["database_url"] = await _new_database(request.getfixturevalue("postgres_url"))
    async with furnished(tmp_path / "viva", **chosen) as made:
        yield made


async def _new_database(pattern: str) -> str:
    from knowledge.database import Database

    name = f"e{secrets.token_hex(8)}"
    server = Database(pattern.format("postgres"))
    async with server.outside() as connection:
        await connection.exec_driver_sql(f"create database {name}")
    await server.close()
    return pattern.format(name)


async def _held(room: Room, screen: str, invite: str, answer: str) -> str:
    """The interview of this invite, held to its end."""
    wish = Wish(
        kit="small", mode="screen", minutes=15, workspace=room.ours, screen=screen, invite=invite
    )
    interview = await room.service.start(wish)
    await room.answer_all(interview, answer)
    return interview


async def _somebody(room: Room, screen: str, words: Words) -> tuple[str, str]:
    """Somebody of whom every table holds something: their invite and interview."""
    wish = {name: words.of(name) for name in ("name", "reference")}
    invite, token = await room.invite(screen, email=f"{words.of('email')}@example.org", **wish)
    assert await Invites(room.database).enter(token, words.of("browser"))
    interview = await _held(room, screen, invite, ANSWER.format(word=words.of("answer")))
    await _judged(room, invite, interview, words)
    return invite, interview


async def _judged(room: Room, invite: str, interview: str, words: Words) -> None:
    asked = {"asked": [{"at": 1.0, "text": words.of("asked")}]}
    own = {"id": new_id(), "workspace_id": room.ours, "interview_id": interview}
    told = {"by": "Recruiter", "at": 1.0}
    marks = [{"question": 1, "atom": "point-1", "verdict": "met", "words": words.of("mark")}]
    review: dict[str, Any] = {"reviewer": "Evaluator", "blind": True, "is_author": False, "at": 1.0}
    override = {"subject": "verdict", "machine": "could be either", "value": "likely shown"}
    sent = {"id": new_id(), "workspace_id": room.ours, "event": "ended", "attempts": 1}
    rows: list[tuple[sa.Table, dict[str, Any]]] = [
        (decisions, {**own, **told, "outcome": "advance", "reason": words.of("decision")}),
        (overrides, {**own, **told, **override, "reason": words.of("override")}),
        (notes, {**own, **told, "text": words.of("note")}),
        (reviews, {**own, **review, "marks": marks, "text": words.of("review")}),
        *_marked(room, interview, words),
        (
            deliveries,
            {**sent, "body": f'{{"a": "{interview} {words.of("sent")}"}}', "created": 1.0},
        ),
    ]
    async with room.database.write() as connection:
        mine = invites.c.id == invite
        await connection.execute(sa.update(invites).where(mine).values(**asked))
        for table, row in rows:
            await connection.execute(sa.insert(table).values(**row))


def _marked(room: Room, interview: str, words: Words) -> Iterator[tuple[sa.Table, dict[str, Any]]]:
    """The interview in a set that people mark, with marks, a draft and a ruling."""
    own = {"set_id": new_id(), "interview_id": interview}
    made = {"workspace_id": room.ours, "title": "A set", "needed": 2, "markers": []}
    yield marking_sets, {"id": own["set_id"], **made, "made_by": "Evaluator", "created": 1.0}
    yield marking_items, {**own, "number": 1}
    found = {"question": 1, "asked": "question-1", "atom": "point-1", "verdict": "met"}
    about = {"is_author": False, "blind": True, "touched": 1.0, "at": 1.0, "name": "Evaluator"}
    sheet = {"marks": [{**found, "words": words.of("marked")}], "text": words.of("remark")}
    draft = {"draft": {"text": words.of("draft")}, "marker": "user:1"}
    yield marking_sheets, {**own, **about, **sheet, **draft}
    told = {"words": words.of("settled"), "reason": words.of("settling"), "by": "Admin", "at": 1.0}
    yield marking_rulings, {**own, **found, **told, "is_marker": False}
    yield looks, {"interview_id": interview, "reader": "user:1", "at": 1.0}


async def _contested(room: Room, interview: str, words: Words) -> None:
    """A contest, upheld because the kit was wrong: the reason for it goes into the kit."""
    contests = Contests(room.service.store)
    complaint = Complaint(contest_id="c-1", question=1, reason=words.of("contest"))
    await contests.contest(interview, complaint)
    ruling = Ruling(upholds=True, reason=words.of("ruling"), by="Recruiter", withdraws=True)
    await contests.decide(interview, 1, ruling)


async def _found_in_rows(room: Room, words: Words) -> set[str]:
    """The fields whose words stand in any row of any table."""
    found = set()
    async with room.database.read() as connection:
        for table in metadata.tables.values():
            text = str((await connection.execute(sa.select(table))).all())
            found |= {name for name, word in words.by_field.items() if word in text}
    return found


def _found_in_files(folder: Path, words: Words, without: str = "pg_wal") -> set[str]:
    """The fields whose words stand in any file below a folder."""
    found = set()
    for file in (f for f in folder.rglob("*") if f.is_file() and without not in str(f)):
        content = file.read_bytes()
        found |= {name for name, word in words.by_field.items() if word.encode() in content}
    return found


def _folder(room: Room) -> Path:
    """Where the database keeps its files."""
    url = room.database.engine.url
    host = url.query.get("host")
    return Path(str(host)) if host else Path(str(url.database)).parent


async def _flush(room: Room) -> None:
    """Have everything that was written stand in the files."""
    on_postgres = room.database.engine.dialect.name == "postgresql"
    async with room.database.outside() as connection:
        await connection.exec_driver_sql(
            "CHECKPOINT" if on_postgres else "PRAGMA wal_checkpoint(PASSIVE)"
        )


async def _recounted(room: Room, interview: str) -> None:
    """Count an interview anew without what was withdrawn since."""
    store = room.service.store
    stored = await store.load(interview)
    kit = await Library(room.database, room.ours).get("small", stored.kit_version)
    async with hold(room.database, seat_of(interview), new_owner()) as lease:
        done = await drop_withdrawn(store, Syllabus(kit), interview, lease)
    assert done.events


async def test_nothing_of_somebody_erased_is_left_in_rows_or_files(either: Room) -> None:
    room, words, other = either, Words(), Words()
    screen = await room.screen()
    invite, interview = await _somebody(room, screen, words)
    _, theirs = await _somebody(room, screen, other)
    await _contested(room, interview, words)
    await _recounted(room, theirs)
    kit = await Library(room.database, room.ours).get("small")
    assert await _found_in_rows(room, words) == set(words.by_field)
    await _flush(room)
    assert _found_in_files(_folder(room), words) == set(words.by_field)

    gone = await Erasing(room.database).invite(room.callers["recruiter"], invite)
    assert gone.interviews == 1
    assert gone.messages > 1
    assert await _found_in_rows(room, words) == set()
    assert await is_due(room.database)
    assert not (await maintain(room.database)).left
    assert _found_in_files(_folder(room), words) == set()
    assert not await is_due(room.database)

    assert await _found_in_rows(room, other) == set(other.by_field)
    assert (await room.service.report(theirs, "team")).receipt
    after = await Library(room.database, room.ours).get("small")
    assert (after.version, after.withdrawn) == (kit.version, kit.withdrawn)
    assert {atom.withdrawn for atom in after.atoms} == {None, OURS}
    assert (await Library(room.database, room.ours).get("small", kit.version)) == after


NOBODYS = {
    "alembic_version",
    "api_keys",
    "audit",
    "calibrations",
    "current_kits",
    "links",
    "marking_sets",
    "practice_keys",
    "screens",
    "sessions",
    "shelved_kits",
    "users",
    "vectors",
    "workspaces",
}
"""Tables without a candidate's words: ids, numbers, kits, and the team's own accounts and texts."""


def test_of_every_table_it_is_known_whether_a_candidate_stands_in_it() -> None:
    named = {table.name for table in touched()}
    assert set(metadata.tables) - named <= NOBODYS
    assert not named & NOBODYS


async def test_erasing_in_the_middle_of_a_turn_leaves_nothing_behind(room: Room) -> None:
    screen = await room.screen()
    invite, _ = await room.invite(screen)
    wish = Wish(kit="small", mode="screen", workspace=room.ours, screen=screen, invite=invite)
    interview = await room.service.start(wish)
    await room.settle(interview)
    store = room.service.store
    accepted = await store.accept(
        interview, turn_id="turn-late", question=1, kind="answer", message="A late word."
    )
    begun, lease = await store.take(accepted.turn)
    attempt = await room.service.conductor.attempt(begun)
    async for _ in attempt:
        pass
    await Erasing(room.database).invite(room.callers["recruiter"], invite)
    with pytest.raises(Superseded):
        await room.service.conductor.commit(attempt, lease)
    await room.service.turns.run(accepted.turn)
    assert await _rows_of(room, interview) == 0
    with pytest.raises(NotFound):
        await Erasing(room.database).invite(room.callers["recruiter"], invite)


async def _rows_of(room: Room, interview: str) -> int:
    async with room.database.read() as connection:
        counts = [
            await connection.scalar(
                sa.select(sa.func.count()).where(table.c.interview_id == interview)
            )
            for table in metadata.tables.values()
            if "interview_id" in table.c
        ]
        counts.append(
            await connection.scalar(
                sa.select(sa.func.count()).where(leases.c.name == seat_of(interview))
            )
        )
    return sum(count or 0 for count in counts)


async def test_a_hold_wins_is_told_and_the_wish_is_kept_for_its_end(room: Room) -> None:
    screen = await room.screen()
    invite, token = await room.invite(screen)
    candidate, admin = await room.candidate(token), room.callers["admin"]
    for kind, id_ in (("workspace", room.ours), ("screen", screen), ("invite", invite)):
        await set_hold(room.database, admin, kind, id_, True)  # type: ignore[arg-type]
        told = await candidate.post("/mine/erase", data={"sure": "yes"})
        assert told.status_code == 422
        assert "legal matter" in told.text
        assert "people@example.org" in told.text
        with pytest.raises(OnHold):
            await Erasing(room.database).invite(room.callers["recruiter"], invite)
        assert not await room.service.retention.sweep()
        await set_hold(room.database, admin, kind, id_, False)  # type: ignore[arg-type]
    assert (await candidate.get("/mine")).status_code == 200
    assert await room.service.retention.sweep() == 1
    assert (await Invites(room.database).get(room.ours, invite)).erased


async def test_a_candidate_erases_themselves_and_the_link_opens_nothing(room: Room) -> None:
    screen = await room.screen()
    invite, token = await room.invite(screen)
    candidate = await room.candidate(token)
    page = await candidate.get("/mine/erase")
    assert "can then not consider you" in page.text
    unsure = await candidate.post("/mine/erase")
    assert unsure.status_code == 422
    assert "not ticked" in unsure.text
    gone = await candidate.post("/mine/erase", data={"sure": "yes"})
    assert gone.status_code == 200
    assert f"invite:{invite}" in gone.text
    assert gone.headers["clear-site-data"] == '"storage"'
    assert await Invites(room.database).enter(token, "pytest") is None
    left = await Invites(room.database).get(room.ours, invite)
    assert (left.name, left.email, left.reference) == ("", "", "")
    assert left.erased


async def test_the_team_erases_its_own_candidates_alone(room: Room) -> None:
    screen = await room.screen()
    invite, _ = await room.invite(screen)
    path, sure = f"/invites/{invite}/erase", {"sure": "yes"}
    assert (await room.clients["other"].post(path, data=sure)).status_code == 404
    assert (await room.clients["evaluator"].post(path, data=sure)).status_code == 403
    with pytest.raises(NotFound):
        await Erasing(room.database).invite(room.callers["other"], invite)
    assert (await room.clients["recruiter"].get(f"/invites/{invite}/data")).status_code == 200
    assert (await room.clients["recruiter"].post(path, data=sure)).status_code == 303
    [line] = await audit.lines(room.database, room.ours, action="erased", object_=invite)
    assert line.actor == room.callers["recruiter"].id
    assert line.detail == {"interviews": 0, "messages": 0}


async def test_ones_own_practice_is_erased_and_a_later_one_has_nothing_to_go_on_from(
    room: Room,
) -> None:
    own = {"workspace": room.ours, "user": room.callers["recruiter"].owner}
    client = room.clients["recruiter"]
    first = await room.service.start(Wish(kit="small", minutes=15, **own))  # type: ignore[arg-type]
    await room.answer_all(first, ANSWER.format(word=""))
    second = await room.service.start(
        Wish(kit="small", minutes=15, **own),  # type: ignore[arg-type]
        among=[first],
    )
    await room.answer_all(second, ANSWER.format(word=""))
    path, sure = f"/interviews/{first}/erase", {"sure": "yes"}
    assert (await room.clients["evaluator"].post(path, data=sure)).status_code == 404
    assert (await client.get(path)).status_code == 200
    assert (await client.post(path, data=sure)).status_code == 200
    assert (await client.get(f"/interviews/{first}/report")).status_code == 404
    assert (await client.get(f"/interviews/{second}/report")).status_code == 200
