"""Contests, decisions and withdrawals as transactions, on SQLite and on Postgres."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from test_chat import viva
from test_conduct import KIT as TWO
from test_conduct import Clock, send, types

from agent.contesting import Complaint
from agent.events import read_event
from agent.report import report
from agent.report.model import Report
from agent.ruling import Found, Ruling
from agent.syllabus import Syllabus
from api import contests as contests_module
from api.conduct import Conductor, Wish
from api.contests import Already, Contests
from api.lease import hold, new_owner
from api.opened import opened_database
from api.regrade import regrade_stored
from api.service import NotOver
from api.store import Store
from api.withdrawals import touched, withdrawn_from
from knowledge.atoms import Kit
from knowledge.embedder import WordHash
from knowledge.errors import BadInput, NotFound, StorageFailed
from knowledge.kit_yaml import parse_kit
from knowledge.library import Library, withdraw

KIT = TWO.partition("  - question: When would you not")[0]
"""With one question."""
SAID = "Automatic tests run on every change before it is merged."
WORDS = "tests run on every change"
YES = Ruling(upholds=True, reason="It was said.", by="Ada")
NO = Ruling(upholds=False, reason="It was not said.", by="Ada")


class Held:
    """A store with the small kit, and interviews on it that are over."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.conductor = Conductor(store, WordHash(), clock=Clock())
        self.contests = Contests(store, self.conductor.clock)

    async def begun(self) -> str:
        return await self.conductor.start(Wish(kit="small", questions=1))

    async def over(self, text: str = SAID) -> str:
        """An interview that ended after one answer to its first question."""
        interview = await self.begun()
        async with self.seat(interview) as lease:
            _ = [event async for event in self.conductor.open(interview, lease)]
            await send(self.conductor, interview, lease, "I test web shops.", "a")
            await send(self.conductor, interview, lease, text, "b")
            await send(self.conductor, interview, lease, "", "c", kind="end_of_input")
        assert (await self.store.load(interview)).status == "ended"
        return interview

    def seat(self, interview: str) -> Any:
        return hold(self.store.database, f"seat:{interview}", new_owner())

    async def report(self, interview: str) -> Report:
        stored = await self.store.load(interview)
        kit = await Library(self.store.database).get(stored.kit, stored.kit_version)
        events = [read_event(e.as_json()) for e in await self.store.events(interview)]
        return report(interview, events, Syllabus(kit))

    async def not_shown(self, interview: str) -> list[str]:
        """The points of the first question that are not shown (ids)."""
        marks = (await self.report(interview)).questions[0].marks
        return [g.mark.atom for g in marks if g.mark.verdict != "met" and g.mark.kind == "point"]

    async def contest(self, interview: str, **sent: Any) -> int:
        given = {"contest_id": "contest-1", "question": 1, "reason": "I did say it."} | sent
        return (await self.contests.contest(interview, Complaint(**given)))[0].number

    async def regrade(self, interview: str) -> Any:
        async with self.seat(interview) as lease:
            return await regrade_stored(self.conductor, interview, lease, "local")


@pytest.fixture
async def held(store: Store) -> Held:
    await Library(store.database).save(parse_kit(KIT, "small.yaml"))
    return Held(store)


# Taken in.


async def test_a_contest_is_in_the_log_and_in_the_report(held: Held) -> None:
    interview = await held.over()
    before = await held.store.load(interview)
    number = await held.contest(interview, words=WORDS)
    after = await held.store.load(interview)
    assert (await types(held.conductor, interview))[-1] == "contested"
    assert (after.status, after.ended, after.state) == ("ended", before.ended, before.state)
    (told,) = (await held.report(interview)).contests
    assert (told.number, told.state, told.quote) == (number, "open", WORDS)
    assert await held.contests.of(interview, "team") == (told,)


async def test_the_same_contest_sent_again_is_the_same(held: Held) -> None:
    interview = await held.over()
    complaint = Complaint("contest-1", 1, "I did say it.", words=WORDS)
    first = await held.contests.contest(interview, complaint)
    second = await held.contests.contest(interview, complaint)
    assert (first[1], second[1]) == (False, True)
    assert first[0] == second[0]
    assert (await types(held.conductor, interview)).count("contested") == 1
    with pytest.raises(Already, match="another text"):
        await held.contests.contest(interview, replace(complaint, reason="Something else."))


async def test_contests_at_once_are_all_kept_and_numbered(held: Held) -> None:
    interview = await held.over()
    atoms = [None, *(await held.not_shown(interview))]
    assert len(atoms) > 1
    numbers = await asyncio.gather(
        *(
            held.contest(interview, contest_id=f"contest-{n}", atom=atom)
            for n, atom in enumerate(atoms)
        )
    )
    assert sorted(numbers) == list(range(1, len(atoms) + 1))


async def test_what_still_runs_cannot_be_contested(held: Held) -> None:
    interview = await held.begun()
    with pytest.raises(NotOver):
        await held.contest(interview)
    with pytest.raises(NotFound):
        await held.contest("nowhere")


# Decided.


async def test_an_upheld_mark_counts_and_the_state_says_the_same_as_the_report(held: Held) -> None:
    interview = await held.over()
    (atom, *_) = await held.not_shown(interview)
    before = (await held.report(interview)).questions[0].score or 0
    number = await held.contest(interview, atom=atom, words=WORDS)
    decided = await held.contests.decide(interview, number, YES)
    assert (decided.state, decided.decided_by) == ("upheld", "Ada")
    after = (await held.report(interview)).questions[0].score
    state = (await held.store.load(interview)).state
    assert state is not None
    assert after == state["testlets"][0]["score"]
    assert (after or 0) > before


async def test_a_decision_is_taken_once(held: Held) -> None:
    interview = await held.over()
    number = await held.contest(interview)
    assert await held.contests.decide(interview, number, NO) == (
        await held.contests.decide(interview, number, NO)
    )
    assert (await types(held.conductor, interview)).count("decided") == 1
    with pytest.raises(Already, match="Ada has refused"):
        await held.contests.decide(interview, number, YES)
    with pytest.raises(NotFound, match="no contest 2"):
        await held.contests.decide(interview, 2, NO)


async def test_another_decision_for_the_same_reason_is_not_the_same(held: Held) -> None:
    interview = await held.over()
    number = await held.contest(interview)
    await held.contests.decide(interview, number, YES)
    point = Found((await held.not_shown(interview))[0], WORDS)
    others = ({"points": (point,)}, {"points": (Found(point.atom),), "withdraws": True})
    for other in ({"by": "Bob"}, {"withdraws": True}, *others):
        with pytest.raises(Already, match="Ada has upheld"):
            await held.contests.decide(interview, number, replace(YES, **other))


async def test_a_ruling_that_cannot_stand_writes_nothing(held: Held) -> None:
    interview = await held.over()
    (atom, *_) = await held.not_shown(interview)
    number = await held.contest(interview, atom=atom)
    before = await held.store.events(interview)
    with pytest.raises(BadInput):
        await held.contests.decide(interview, number, YES)
    assert await held.store.events(interview) == before


async def test_open_contests_come_first_in_the_list_of_all(held: Held) -> None:
    decided, open_ = await held.over(), await held.over()
    await held.contests.decide(decided, await held.contest(decided), NO)
    await held.contest(open_)
    lines = await held.contests.everywhere()
    assert [(line.interview, line.contest.state) for line in lines] == [
        (open_, "open"),
        (decided, "refused"),
    ]
    assert lines[0].kit == "small"


# Withdrawn.


async def test_a_wrong_point_leaves_the_kit_and_everyone_it_touched_is_listed(held: Held) -> None:
    mine, other = await held.over(), await held.over()
    (atom, *_) = await held.not_shown(mine)
    pinned = (await held.store.load(mine)).kit_version
    await held.contests.decide(
        mine, await held.contest(mine, atom=atom), replace(YES, withdraws=True)
    )
    library = Library(held.store.database)
    current = await library.get("small")
    assert current.by_id[atom].withdrawn == YES.reason
    assert (await library.get("small", pinned)).by_id[atom].withdrawn is None
    assert await withdrawn_from(held.store, "small") == {atom: YES.reason}
    listed = {each.id: each.recounted for each in await touched(held.store, atom)}
    assert listed == {mine: True, other: False}
    done = await held.regrade(other)
    assert done.withdrawn == (current.by_id[atom].text,)
    assert [each.recounted for each in await touched(held.store, atom)] == [True, True]
    for interview in (mine, other):
        question = (await held.report(interview)).questions[0]
        assert [gone.mark.atom for gone in question.withdrawn] == [atom]
        assert question.score == 1.0
    assert (await held.regrade(other)).withdrawn == ()


async def test_the_next_interview_is_not_marked_by_it(held: Held) -> None:
    mine = await held.over()
    (atom, *_) = await held.not_shown(mine)
    await held.contests.decide(
        mine, await held.contest(mine, atom=atom), replace(YES, withdraws=True)
    )
    marks = (await held.report(await held.over())).questions[0].marks
    assert marks
    assert atom not in {given.mark.atom for given in marks}


async def test_a_kit_that_is_not_there_any_more_in_this_form_still_lists_whom_it_touched(
    held: Held,
) -> None:
    mine, other = await held.over(), await held.over()
    (atom, *_) = await held.not_shown(mine)
    new = KIT.replace("A canary takes a small share", "A canary gets some")
    new = new.replace("Automatic tests run on every change", "Tests run")
    kit = parse_kit(new, "small.yaml")
    await Library(held.store.database).save(kit)
    await held.contests.decide(
        mine, await held.contest(mine, atom=atom), replace(YES, withdraws=True)
    )
    assert (await Library(held.store.database).get("small")).version == kit.version
    assert {each.id for each in await touched(held.store, atom)} == {mine, other}
    assert (await held.regrade(other)).withdrawn


async def test_no_withdrawal_is_lost_to_another_or_to_new_documents(held: Held) -> None:
    database, library = held.store.database, Library(held.store.database)
    kit = await library.get("small")
    points = [atom.id for atom in kit.of("point")][:2]

    async def one(atom: str) -> None:
        async with database.write() as connection:
            await withdraw(connection, "small", {atom: "It is wrong."})

    for _ in range(5):
        await library.save(kit)
        await asyncio.gather(one(points[0]), one(points[1]))
        await asyncio.gather(library.renew(kit), library.renew(kit))
        assert {*points} <= (await library.get("small")).withdrawn


async def test_what_was_put_right_marks_again_and_only_those_before_are_counted_anew(
    held: Held,
) -> None:
    before, mine = await held.over(), await held.over()
    (atom, *_) = await held.not_shown(mine)
    number = await held.contest(mine, atom=atom)
    await held.contests.decide(mine, number, replace(YES, withdraws=True))
    library = Library(held.store.database)
    wrong = await library.get("small")
    put_right = wrong.by_id[atom].model_copy(
        update={"withdrawn": None, "text": "Merging waits for it."}
    )
    atoms = tuple(put_right if each.id == atom else each for each in wrong.atoms)
    await library.save(Kit(name="small", atoms=atoms, joins=wrong.joins))
    after = await held.over()
    assert {each.id for each in await touched(held.store, atom)} == {before, mine}
    assert (await held.regrade(after)).withdrawn == ()
    assert (await held.regrade(before)).withdrawn == (wrong.by_id[atom].text,)


async def test_a_twin_of_the_kit_hides_no_withdrawal(held: Held) -> None:
    library = Library(held.store.database)
    kit = await library.get("small")
    atom = next(kit.of("point")).id
    await library.save(Kit(name="twin", atoms=kit.atoms, joins=kit.joins))
    await held.over()
    async with held.store.database.write() as connection:
        await withdraw(connection, "twin", {atom: "It is wrong."})
    assert await touched(held.store, atom) == []


async def test_nothing_is_listed_for_what_is_not_withdrawn(held: Held) -> None:
    (atom, *_) = await held.not_shown(await held.over())
    with pytest.raises(NotFound, match="is withdrawn"):
        await touched(held.store, atom)


async def test_a_failure_while_the_kit_is_written_leaves_the_contest_open(
    held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    interview = await held.over()
    (atom, *_) = await held.not_shown(interview)
    number = await held.contest(interview, atom=atom)
    before = await held.store.load(interview)

    async def full(*_: object) -> None:
        raise sa.exc.OperationalError("insert", {}, OSError("disk full"))

    with monkeypatch.context() as patch:
        patch.setattr(contests_module, "withdraw", full)
        with pytest.raises(StorageFailed):
            await held.contests.decide(interview, number, replace(YES, withdraws=True))
    assert await held.store.load(interview) == before
    assert (await held.contests.of(interview, "team"))[0].state == "open"
    assert (await Library(held.store.database).get("small")).withdrawn == frozenset()


async def test_a_question_as_a_whole_is_upheld_by_its_points(held: Held) -> None:
    interview = await held.over("They run by themselves before anything is merged.")
    points = await held.not_shown(interview)
    number = await held.contest(interview)
    found = tuple(Found(atom, "before anything is merged") for atom in points)
    await held.contests.decide(interview, number, replace(YES, points=found))
    assert (await held.report(interview)).questions[0].score == 1.0


# The commands.


async def test_what_is_no_text_is_refused_with_a_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIVA_HOME", str(tmp_path))
    async with opened_database() as database:
        await Library(database).save(parse_kit(KIT, "small.yaml"))
        interview = await Held(Store(database)).over()
    sent = viva("contest", interview, "1", "--because", "not \udcff UTF-8", home=tmp_path)
    assert (sent.returncode, "no text" in sent.stderr) == (2, True)
    sent = viva("contest", interview, "1", "--because", "Yes.", "--point", "²", home=tmp_path)
    assert (sent.returncode, "No such mark" in sent.stderr) == (2, True)
    assert viva("contests", home=tmp_path).stdout == "Nothing is contested.\n"


async def test_the_commands_lead_from_a_contest_to_a_new_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIVA_HOME", str(tmp_path))
    async with opened_database() as database:
        await Library(database).save(parse_kit(KIT, "small.yaml"))
        held = Held(Store(database))
        interview, other = await held.over(), await held.over()
        (atom, *_) = await held.not_shown(interview)

    def run(*args: str) -> str:
        done = viva(*args, home=tmp_path)
        assert done.returncode == 0, done.stderr
        return done.stdout

    listed = run("contest", interview, "1")
    assert listed.startswith("1. ")
    assert f"viva contest {interview} 1" in listed
    told = run("contest", interview, "1", "--point", "1", "--because", "I did say it.")
    assert told.startswith("Contest 1, question 1:")
    assert f"viva decide {interview} 1 --uphold|--refuse" in run("contests")
    refused = viva("decide", interview, "1", "--because", "Yes.", "--by", "Ada", home=tmp_path)
    assert refused.returncode == 2
    assert "--uphold or --refuse" in refused.stderr
    said = ("--because", "The kit is wrong.", "--by", "Ada")
    decided = run("decide", interview, "1", "--uphold", *said, "--withdraw")
    assert "upheld" in decided
    assert f"viva regrade {other}" in decided
    assert "Withdrawn from the kit, counts for nothing now" in run("regrade", other)
    assert f"viva regrade {other}" not in run("contests", "--touched", atom)
    made = json.loads(run("report", interview, "--format", "json"))
    assert made["contests"][0]["withdrawn"] is True
    assert "## Contested" in run("report", interview)
