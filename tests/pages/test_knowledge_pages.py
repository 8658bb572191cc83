"""What the interviewer knows: searched as a turn does, and what of it interviews have covered."""

from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
import sqlalchemy as sa
from test_replay_page import SMALL, a_screen, events_of
from test_scorecard import SAID, interviewed
from visiting import Visitor, visiting

from agent.grading import settled
from agent.report.ledger import fold
from api import coverage as counting
from api.coverage import Coverage, coverage
from api.identity.caller import THIS_MACHINE
from api.pages.knowledge_coverage import page_of
from api.pages.knowledge_search import search
from api.tables import interviews

pytestmark = pytest.mark.asyncio(loop_scope="module")

OTHER = "Two columns say from when until when a version was valid."


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def visitor(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Visitor]:
    async with visiting(tmp_path_factory.mktemp("knowledge") / "viva") as made:
        await made.load(SMALL)
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def held(visitor: Visitor) -> list[str]:
    """Two interviews whose marks may be seen, and one that a person is to mark first."""
    screen = await a_screen(visitor)
    shown = [await interviewed(visitor, screen, text) for text in (SAID, OTHER)]
    await interviewed(visitor, await a_screen(visitor, blind=1.0), SAID)
    return shown


async def counted(visitor: Visitor, kit: str = "small") -> Coverage:
    return await coverage(visitor.service.store.database, THIS_MACHINE, kit)


async def test_a_search_brings_up_and_reads_what_the_turn_did(
    visitor: Visitor, held: list[str]
) -> None:
    stored = await visitor.service.store.load(held[0])
    deps = await visitor.service.conductor.deps(stored.kit, stored.kit_version)
    events = await events_of(visitor, held[0])
    opened = {e.turn: e for e in events if e.type == "opened"}
    compared = 0
    for marked in (e for e in events if e.type == "marked" and e.aid == "unaided"):
        turn = [e for e in events if e.turn == marked.turn]
        retrieved = next((e for e in turn if e.type == "retrieved"), None)
        question = next(
            e.question for t, e in sorted(opened.items()) if e.testlet == marked.testlet
        )
        found = await search(deps.room, SAID, question)
        hits = {hit.atom: hit.score for hit in retrieved.hits} if retrieved else {}
        assert {n.atom.id: n.score for n in (*found.flags, *found.elsewhere)} == hits
        assert {(m.atom, m.verdict, m.quote) for m in found.marks} == {
            (m.atom, m.verdict, m.quote) for m in marked.marks
        }
        compared += 1
    assert compared


async def test_the_page_tells_hits_with_cosines_and_marks_with_words(
    visitor: Visitor, held: list[str]
) -> None:
    opened = next(e for e in await events_of(visitor, held[0]) if e.type == "opened")
    params = {"q": SAID, "question": opened.question}
    answer = await visitor.client.get("/library/small/search", params=params)
    page = visitor.read(answer)
    assert page.live() == []
    assert page.broken_links() == []
    [flag, *_] = (await visitor.service.library.get("small")).of("flag")
    assert flag.text in page.text
    assert any(text.replace(".", "").isdigit() for text in page.texts("span", "number"))
    assert "The old version of every row" in " ".join(page.texts("mark", "quote"))


async def test_every_atom_tells_where_it_stands_and_how_it_is_used(visitor: Visitor) -> None:
    kit = await visitor.service.library.get("small")
    for atom in kit.atoms:
        page = await visitor.page(f"/library/small/search?atom={atom.id}")
        assert atom.text in page.text
        assert atom.source is None or atom.source.told in page.text
        assert f"/library/small/atoms?id={atom.id}" in page.attributes("a", "href")


async def test_what_cannot_be_searched_is_told(visitor: Visitor) -> None:
    base = "/library/small/search"
    gone = await visitor.page(f"{base}?atom=nothing", 404)
    assert "reworded or taken out" in gone.text
    asked = await visitor.page(f"{base}?q=yes&question=nothing", 404)
    assert "asks no question" in asked.text
    await visitor.page(f"{base}?q={'x' * 4_001}", 422)
    await visitor.page("/library/nothing/search", 404)
    await visitor.page("/library/nothing/coverage", 404)


async def test_coverage_counts_what_the_logs_tell_and_leaves_out_what_is_blind(
    visitor: Visitor, held: list[str]
) -> None:
    found: Counter[Any] = Counter()
    asked: Counter[str] = Counter()
    for interview in held:
        for topic in fold(await events_of(visitor, interview)).topics:
            asked[topic.question] += 1
            marks = settled(mark for mark, _ in topic.marks)
            found.update((topic.question, mark.atom, mark.verdict) for mark in marks)
    told = await counted(visitor)
    assert (told.interviews, told.blind) == (2, 1)
    assert (told.asked, told.found) == (asked, found)
    assert told.versions.total() == 2
    page = await visitor.page("/library/small/coverage")
    assert "What 2 interviews that have ended asked" in page.text
    assert "Left out: 1 interview that a person is to mark first" in page.text


async def test_no_point_is_marked_more_often_than_its_question_was_answered(
    visitor: Visitor, held: list[str]
) -> None:
    kit = await visitor.service.library.get("small")
    syllabus = await visitor.service.syllabus("small", kit.version)
    shown = page_of(syllabus, await counted(visitor), "", "kit", 1)
    assert any(each.times for each in shown.questions)
    for each in shown.questions:
        assert each.times >= each.answered
        assert all(sum(p.counts.values()) == p.marked <= each.answered for p in each.points)


async def test_what_was_never_asked_comes_first_on_demand(
    visitor: Visitor, held: list[str]
) -> None:
    kit = await visitor.service.library.get("small")
    syllabus = await visitor.service.syllabus("small", kit.version)
    all_ = await counted(visitor)
    never = [each.times for each in page_of(syllabus, all_, "", "never", 1).questions]
    most = [each.times for each in page_of(syllabus, all_, "", "most", 1).questions]
    assert never == sorted(never) == most[::-1]
    assert never[0] == 0
    page = await visitor.page("/library/small/coverage?order=never")
    assert "never asked" in page.texts("article", "covered")[0]


async def test_others_practice_and_what_still_runs_are_nobody_elses_to_count(
    visitor: Visitor, held: list[str]
) -> None:
    before = (await counted(visitor)).interviews
    interview = await visitor.begin("small")
    assert (await counted(visitor)).interviews == before
    while (await visitor.service.store.load(interview)).status != "ended":
        await visitor.send(interview, "answer", OTHER)
    assert (await counted(visitor)).interviews == before + 1
    mine = interviews.c.id == interview
    async with visitor.service.store.database.write() as connection:
        await connection.execute(sa.update(interviews).where(mine).values(user_id="somebody"))
    assert (await counted(visitor)).interviews == before
    assert (await counted(visitor, "data-engineer")).interviews == 0


async def test_more_interviews_than_are_counted_are_told(
    visitor: Visitor, held: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "MOST", 1)
    told = await counted(visitor)
    assert (told.interviews, told.older) == (1, 1)
    page = await visitor.page("/library/small/coverage")
    assert "Left out too: 1 older" in page.text
