"""Five minutes on a topic, or a question again, by way of the pages."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from test_pages import NIGHTLY
from visiting import Visitor, agreed, visiting


@pytest.fixture
async def visitor(home: Path) -> AsyncIterator[Visitor]:
    async with visiting(home) as opened:
        await opened.load(NIGHTLY)
        yield opened


async def question_of(visitor: Visitor) -> str:
    kit = await visitor.service.library.get("nightly")
    return next(iter(kit.of("question"))).id


async def test_each_topic_leads_to_a_drill_and_its_notice_says_what_a_drill_is(
    visitor: Visitor,
) -> None:
    page = await visitor.page("/kits/nightly?level=senior")
    (leads,) = [each for each in page.attributes("a", "href") if "drill=" in each]
    assert "Five-minute drill on Loading" in page.text
    notice = await visitor.page(leads)
    assert "senior level, 5 minutes, practice: a drill on Loading." in notice.text
    assert "does not tell your level" in notice.text
    hidden = {
        found["name"]: found["value"]
        for tag, found in notice.elements
        if tag == "input" and found["type"] == "hidden"
    }
    assert hidden == {k: v for k, v in agreed("nightly", level="senior", minutes="5.0").items()
                      if k != "consent"} | {"drill": "Loading", "mine": ""}  # fmt: skip


async def test_a_drill_begins_with_its_first_question(visitor: Visitor) -> None:
    interview = await visitor.begin("nightly", drill="Loading", minutes="5")
    page = await visitor.page(f"/interviews/{interview}")
    assert "short practice, about 5 minutes: 1 question on Loading" in page.text
    assert "A nightly load ran twice" in page.text
    stages = [found for tag, found in page.elements if tag == "li" and "class" not in found]
    assert [found.get("data-stage") for found in stages] == ["probes", "done"]
    await visitor.send(interview, "answer", "The load replaces the whole partition of the day.")
    report = await visitor.page(f"/interviews/{interview}/report")
    assert "This was a drill" in report.text
    assert "Likely shown" not in report.text
    assert report.attributes("svg", "aria-label") == []


async def test_a_question_again_tells_what_changed(visitor: Visitor) -> None:
    again = await question_of(visitor)
    for _ in range(2):
        interview = await visitor.begin("nightly", again=again, minutes="5")
        await visitor.send(interview, "answer", "It replaces the whole partition of the day.")
    told = await visitor.service.report(interview, "candidate")
    assert told.study_plan
    (retried,) = told.study_plan.retried
    assert retried.sentence in (await visitor.page(f"/interviews/{interview}/report")).text


async def test_a_form_that_has_not_shown_the_notice_yet_shows_it(visitor: Visitor) -> None:
    sent = {"kit": "nightly", "again": await question_of(visitor)}
    page = visitor.read(await visitor.client.post("/interviews", data=sent))
    assert page.texts("h1") == ["Before we begin"]
    assert "5 minutes, practice: one question." in page.text
    assert await visitor.service.store.interviews() == []


@pytest.mark.parametrize("wish", [{"drill": "Cooking"}, {"again": "nothing"}])
async def test_what_the_kit_does_not_have_is_an_error_with_a_remedy(
    visitor: Visitor, wish: dict[str, str]
) -> None:
    form = agreed("nightly", minutes="5") | wish
    page = visitor.read(await visitor.client.post("/interviews", data=form), 404)
    assert "The kit has no" in page.text
