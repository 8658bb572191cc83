"""Two gradings side by side: what differs comes first, and what is the same is told so."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st
from test_replay_page import SMALL, a_screen, events_of
from test_scorecard import SAID, interviewed
from visiting import Visitor, visiting

from agent.events import Regraded
from agent.report.ledger import Ledger, Topic, fold
from api.gradings import Grading, Gradings
from api.hiring.reviewing import FOUND, PersonMark, Reviews, to_mark
from api.identity.caller import THIS_MACHINE
from api.marking.model import Marker, Points
from api.marking.sets import NewSet, Sets
from api.marking.sheets import Sheets
from api.pages.gradings_view import Came, Found, Side, compare
from knowledge.kit_yaml import parse_kit

in_one_loop = pytest.mark.asyncio(loop_scope="module")

PLACES = [(place, f"atom-{number}") for place in (1, 2) for number in range(3)]
MARKS = st.dictionaries(
    st.sampled_from(PLACES), st.builds(Found, st.sampled_from((*FOUND, "unsupported")))
)
LEDGER = Ledger(topics=[Topic("q1", "Loads", "mid"), Topic("q2", "Loads", "mid")])
KIT = parse_kit(SMALL, "kit.yaml")


def side(marks: dict[tuple[int, str], Found]) -> Side:
    return Side("one", "One", "", marks)


@given(MARKS)
def test_a_grading_does_not_differ_from_itself(marks: dict[tuple[int, str], Found]) -> None:
    compared = compare(side(marks), side(marks), LEDGER, KIT)
    assert compared.counts.total() == compared.counts["same"] == len(marks)
    assert compared.changes == []


def test_another_score_and_points_on_one_side_are_told_though_no_verdict_differs() -> None:
    left = Side("one", "One", "", {(1, "old"): Found("met")}, {1: Came(0.42, "meets", "")})
    right = Side("two", "Two", "", {(1, "new"): Found("met")}, {1: Came(0.17, "below", "")})
    compared = compare(left, right, LEDGER, KIT)
    assert (compared.counts["differs"], compared.alone, compared.moved) == (0, 2, 1)
    assert [question.same for question in compared.questions] == [False, True]
    assert compare(left, left, LEDGER, KIT).moved == 0


@given(MARKS, MARKS)
def test_which_side_stands_left_makes_no_difference(
    one: dict[tuple[int, str], Found], other: dict[tuple[int, str], Found]
) -> None:
    there, back = (compare(side(a), side(b), LEDGER, KIT) for a, b in ((one, other), (other, one)))
    assert there.counts.total() == len(one | other)
    assert there.counts["differs"] == back.counts["differs"]
    assert there.counts["left only"] == back.counts["right only"] == len(one.keys() - other.keys())
    assert sorted(there.changes) == sorted((b, a, n) for a, b, n in back.changes)
    differences = [question.differences for question in there.questions]
    assert not (differences[0] == 0 and any(differences))
    for question in there.questions:
        states = [line.state == "differs" for line in question.lines]
        assert states == sorted(states, reverse=True)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def visitor(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Visitor]:
    async with visiting(tmp_path_factory.mktemp("gradings") / "viva") as made:
        await made.load(SMALL)
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def held(visitor: Visitor) -> str:
    return await interviewed(visitor, await a_screen(visitor), SAID)


@in_one_loop
async def test_a_persons_marks_stand_beside_the_machines_with_what_they_rest_on(
    visitor: Visitor, held: str
) -> None:
    ledger = fold(await events_of(visitor, held))
    kit = await visitor.service.library.get("small")
    asked = to_mark(ledger, await visitor.service.syllabus("small", kit.version))
    words = "The old version of every row stays"
    marks = [PersonMark(each.question, each.atom, "met", words) for each in asked]
    reviews = Reviews(visitor.service.store.database)
    await reviews.add(THIS_MACHINE, held, asked, marks, by="Ada <b>")
    [review] = await reviews.of(held)
    base = f"/interviews/{held}/gradings"
    page = await visitor.page(f"{base}?left=heard&right=review-{review.id}")
    assert page.live() == []
    assert page.broken_links() == []
    assert "Ada <b>" in page.text
    assert page.text.count(words) >= len(asked)
    machine = {
        (place, mark.atom): mark
        for place, topic in enumerate(ledger.topics, 1)
        for mark, _ in topic.marks
    }
    missed = [each for each in asked if machine[each.question, each.atom].verdict == "not_met"]
    assert missed
    only = await visitor.page(f"{base}?left=heard&right=review-{review.id}&show=differences")
    rows = only.texts("tr", "differs")
    assert len(rows) == len(page.texts("tr", "differs")) >= len(missed)
    assert len(only.texts("tr")) < len(page.texts("tr"))


@in_one_loop
async def test_a_grading_that_was_kept_is_one_to_choose_and_tells_where_it_came_from(
    visitor: Visitor, held: str
) -> None:
    marked = next(e for e in await events_of(visitor, held) if e.type == "marked")
    marks = tuple(mark.model_copy(update={"verdict": "not_met"}) for mark in marked.marks)
    anew = Regraded(
        testlet=marked.testlet, question=marked.question, answer=0, aid=marked.aid, marks=marks,
        score=0.0, anchor="below", source="model",
    )  # fmt: skip
    grading = Grading(
        label="a stricter rubric", kit_version="abcdef012345", examiner="model", model="m-1",
        events=[anew.model_dump(mode="json")],
    )  # fmt: skip
    id_ = await Gradings(visitor.service.store.database).keep(held, grading)
    page = await visitor.page(f"/interviews/{held}/gradings?left=heard&right=kept-{id_}")
    assert "a stricter rubric" in page.text
    assert "by model m-1, kit abcdef012345" in page.text
    was_met = sum(mark.verdict == "met" for mark in marked.marks)
    assert f"met → not met: {was_met}" in page.text
    assert "only on the left" in page.text


@in_one_loop
async def test_a_grading_that_is_not_there_is_told(visitor: Visitor, held: str) -> None:
    page = await visitor.page(f"/interviews/{held}/gradings?left=review-nobody", 404)
    assert "has no grading" in page.text


@in_one_loop
async def test_marks_of_a_set_are_shown_once_it_is_closed(visitor: Visitor, held: str) -> None:
    database = visitor.service.store.database
    sets, sheets, marker = Sets(database), Sheets(database), Marker("local:bea", "Bea")
    made = await sets.make(THIS_MACHINE, NewSet("Round one", [held], needed=1))
    await sheets.take(THIS_MACHINE, made, marker)
    ledger = fold(await events_of(visitor, held))
    kit = await visitor.service.library.get("small")
    asked = to_mark(ledger, await visitor.service.syllabus("small", kit.version))
    points = Points(asked, {n: topic.question for n, topic in enumerate(ledger.topics, 1)})
    marks = [PersonMark(each.question, each.atom, "not_met") for each in asked]
    await sheets.keep(THIS_MACHINE, made, held, marker, points, marks)
    path = f"/interviews/{held}/gradings"
    assert "Round one" not in (await visitor.page(path)).text
    await visitor.page(f"{path}?right=marked-{made}-1", 404)
    await sets.close(THIS_MACHINE, made)
    page = await visitor.page(f"{path}?right=marked-{made}-1")
    assert "Bea" in page.text
    assert "in “Round one”" in page.text
    assert "met → not met" in page.text
