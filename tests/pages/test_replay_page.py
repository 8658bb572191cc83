"""The replay of an interview: every turn whole, nothing of what came after it, quick when long."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import sqlalchemy as sa
from test_scorecard import SAID, interviewed
from visiting import Html, Visitor, visiting

from agent.events import AnyEvent, FellBack, ModelCalled, read_event
from api.hiring.screens import NewScreen, Screens, Texts
from api.identity.caller import THIS_MACHINE
from api.tables import events as log
from api.tables import interviews

SMALL = (Path(__file__).parents[1] / "api" / "service" / "small.yaml").read_text()
UNTOLD = {"header", "claimed", "estimated"}
"""Events without a line of their own: told by the page's head, the mentions and the figure."""
MOST_BYTES = 100_000

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def visitor(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Visitor]:
    async with visiting(tmp_path_factory.mktemp("replay") / "viva") as made:
        await made.load(SMALL)
        yield made


async def a_screen(visitor: Visitor, *, blind: float = 0.0) -> str:
    texts = Texts(company="Acme", contact="people@example.org")
    wish = NewScreen(title="Talk", kit="small", minutes=15.0, texts=texts, blind_share=blind)
    screens = Screens(visitor.service.store.database)
    made = await screens.make(THIS_MACHINE, wish)
    await screens.open(THIS_MACHINE, made)
    return made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def held(visitor: Visitor) -> str:
    """The interview of somebody who tries what text can do."""
    return await interviewed(visitor, await a_screen(visitor), SAID)


async def events_of(visitor: Visitor, interview: str) -> list[AnyEvent]:
    found = await visitor.service.store.events(interview)
    return [read_event(event.as_json()) for event in found]


async def turn_page(visitor: Visitor, interview: str, turn: int) -> Html:
    return await visitor.page(f"/interviews/{interview}/replay?turn={turn}")


async def test_every_event_has_its_place_and_a_link_that_leads_to_it(
    visitor: Visitor, held: str
) -> None:
    for event in await events_of(visitor, held):
        page = await visitor.page(f"/interviews/{held}/replay?seq={event.seq}")
        assert page.texts("output") == [str(event.turn)]
        ids = {found.get("id") for _, found in page.elements}
        assert (f"seq-{event.seq}" in ids) == (event.type not in UNTOLD), event
        assert page.broken_links() == []
        assert page.live() == []


async def test_a_turn_shows_what_was_said_read_retrieved_marked_and_decided(
    visitor: Visitor, held: str
) -> None:
    events = await events_of(visitor, held)
    marked = next(e for e in events if e.type == "marked" and any(m.quote for m in e.marks))
    page = await turn_page(visitor, held, marked.turn)
    for event in (each for each in events if each.turn == marked.turn):
        match event.type:
            case "said":
                assert " ".join(event.text.split()) in page.text
            case "understood":
                assert event.intents[0].replace("_", " ") in page.text
            case "retrieved":
                kit = (await visitor.service.library.get("small")).by_id
                for hit in event.hits:
                    assert kit[hit.atom].text in page.text
                    assert f"{hit.score:.2f}" in page.text
            case "marked":
                assert all(mark.text in page.text for mark in event.marks)
            case "chose":
                assert event.reason in page.text
    lit = " ".join(page.texts("mark", "quote"))
    assert all(m.quote.text in lit for m in marked.marks if m.quote and m.verdict == "met")
    assert f"/interviews/{held}/report?for=team#q{marked.testlet + 1}" in page.attributes(
        "a", "href"
    )


async def test_the_figure_shows_the_estimates_up_to_the_turn_and_none_after_it(
    visitor: Visitor, held: str
) -> None:
    events = await events_of(visitor, held)
    estimated = [e for e in events if e.type == "estimated"]
    assert len({e.turn for e in estimated}) > 1
    for turn in range(1, events[-1].turn + 1):
        page = await turn_page(visitor, held, turn)
        words = " ".join(page.attributes("svg", "aria-label"))
        told = {int(number) for number in re.findall(r"turn (\d+):", words)}
        assert told == {e.turn for e in estimated if e.turn <= turn}


async def test_a_transcript_without_times_shows_what_there_is(visitor: Visitor, held: str) -> None:
    interview = await interviewed(visitor, await a_screen(visitor), "The old version stays.")
    mine = log.c.interview_id == interview
    async with visitor.service.store.database.write() as connection:
        await connection.execute(sa.delete(log).where(mine, log.c.type == "took"))
        header = (await connection.execute(sa.select(log.c.body).where(mine, log.c.seq == 1))).one()
        body = {k: v for k, v in header.body.items() if k != "reserve"} | {"schema_version": 1}
        await connection.execute(sa.update(log).where(mine, log.c.seq == 1).values(body=body))
    page = await turn_page(visitor, interview, 2)
    assert "an earlier Viva, which kept no times" in page.text
    assert "schema 1" in page.text
    assert "The old version stays." in page.text


async def test_what_a_model_took_and_where_it_failed_is_told_by_part(visitor: Visitor) -> None:
    interview = await interviewed(visitor, await a_screen(visitor), "I do not know.")
    last = (await events_of(visitor, interview))[-1]
    call = ModelCalled(
        purpose="examine", prompt="abc123", outcome="failed", failure="timeout", attempts=3,
        seconds=1.25, tokens_in=812, tokens_out=97, cost=0.0123, reply="{<b>broken",
    )  # fmt: skip
    fell = FellBack(purpose="examine", to="local", failure="timeout")
    await append(visitor, interview, last, [call, fell])
    page = await turn_page(visitor, interview, last.turn)
    for told in ("3 attempts, timeout", "812 in, 97 out", "0.01230", "1.250", "local did it"):
        assert told in page.text
    assert any("{<b>broken" in each for each in page.texts("pre"))
    assert "Fallbacks" in page.text


async def append(
    visitor: Visitor, interview: str, last: AnyEvent, new: list[ModelCalled | FellBack]
) -> None:
    """Add events to the last turn of a log."""
    rows = [
        {
            "interview_id": interview, "seq": last.seq + place, "turn": last.turn,
            "at": last.at, "type": event.type,
            "body": event.model_dump(mode="json", exclude={"seq", "turn", "at", "type"}),
        }
        for place, event in enumerate(new, 1)
    ]  # fmt: skip
    async with visitor.service.store.database.write() as connection:
        await connection.execute(sa.insert(log), rows)


async def test_a_turn_that_is_not_there_is_told(visitor: Visitor, held: str) -> None:
    for query in ("turn=999", "seq=99999"):
        page = await visitor.page(f"/interviews/{held}/replay?{query}", 404)
        assert "This interview has no" in page.text
    await visitor.page(f"/interviews/{held}/replay?turn=x", 422)
    await visitor.page("/interviews/nobody/replay", 404)


async def test_what_came_after_the_end_is_a_step_of_its_own(visitor: Visitor) -> None:
    interview = await interviewed(visitor, await a_screen(visitor), SAID)
    contest = {"contest_id": "contest-000001", "question": 1, "reason": "I said it."}
    turns = (await events_of(visitor, interview))[-1].turn
    async with visitor.service.store.database.write() as connection:  # as whose it is
        mine = interviews.c.id == interview
        await connection.execute(sa.update(interviews).where(mine).values(invite_id=None))
    answer = await visitor.client.post(f"/api/interviews/{interview}/contests", json=contest)
    assert answer.status_code < 300, answer.text
    page = await turn_page(visitor, interview, turns + 1)
    assert "After the end" in page.texts("h2")[0]
    assert "I said it." in page.text


async def test_what_a_person_is_to_mark_first_is_not_replayed(visitor: Visitor) -> None:
    interview = await interviewed(visitor, await a_screen(visitor, blind=1.0), SAID)
    for what in ("replay", "gradings"):
        answer = await visitor.client.get(f"/interviews/{interview}/{what}")
        assert answer.status_code == 409
        assert "A person marks this interview before" in answer.text
        assert "The old version" not in answer.text


async def test_an_interview_of_400_messages_stays_light(visitor: Visitor, held: str) -> None:
    interview = await interviewed(visitor, await a_screen(visitor), SAID)
    await stretch(visitor, interview, 400)
    for turn in (2, 3, 200, 400):
        answer = await visitor.client.get(f"/interviews/{interview}/replay?turn={turn}")
        assert answer.status_code == 200
        assert len(answer.content) < MOST_BYTES


async def stretch(visitor: Visitor, interview: str, turns: int) -> None:
    """Say again what was said in the third turn until there are so many."""
    mine = log.c.interview_id == interview
    rows: list[dict[str, Any]] = []
    async with visitor.service.store.database.write() as connection:
        found = (await connection.execute(sa.select(log).where(mine).order_by(log.c.seq))).all()
        seq, last = found[-1].seq, found[-1].turn
        third = [dict(row._mapping) for row in found if row.turn == 3]
        for turn in range(last + 1, turns + 1):
            for row in third:
                seq += 1
                rows.append(row | {"seq": seq, "turn": turn})
        await connection.execute(sa.insert(log), rows)


async def test_lists_and_reports_lead_to_the_replay(visitor: Visitor) -> None:
    screen = await a_screen(visitor)
    interview = await interviewed(visitor, screen, SAID)
    await visitor.service.results.catch_up()
    path = f"/interviews/{interview}/replay"
    for page in (
        f"/interviews/{interview}/report?for=team",
        f"/scorecards/{interview}",
        f"/screens/{screen}/candidates",
    ):
        assert path in (await visitor.page(page)).attributes("a", "href"), page
    own = (await visitor.page(f"/interviews/{interview}/report")).attributes("a", "href")
    assert path not in own
