"""A screen rehearsed on its kit's page, and over HTTP."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from visiting import Visitor, visiting

PATH = "/kits/workshop?level=mid&minutes=30&rehearse=yes"
WORKSHOP = """\
viva: 1
name: workshop
title: Night Workshop
atoms:
- competency: Loading
  has:
  - {level: Repairs a broken load alone., at: mid}
  - question: A nightly load ran twice on one day. How do you keep the totals right?
    at: mid
    has: [{point: The load replaces the whole partition of the day.}]
  - question: A vendor sends the same invoice under another number. What do you do?
    at: senior
    has: [{point: Amount and date together find the twin.}]
- competency: How do you tell that a turbine hums too loudly?
  has:
  - question: How do you tell that a turbine hums too loudly?
    at: mid
    has: [{point: A meter beside the housing is read every hour.}]
"""


@pytest.fixture
async def visitor(home: Path) -> AsyncIterator[Visitor]:
    async with visiting(home) as opened:
        await opened.load(WORKSHOP)
        yield opened


async def test_the_page_tells_plainly_what_a_screen_could_tell(visitor: Visitor) -> None:
    page = await visitor.page(PATH)
    told = (await visitor.client.get("/api/kits/workshop/rehearsal?minutes=30")).json()
    for sentence in (*told["says"], *told["kit_says"], told["means"]):
        assert sentence in page.text
    assert len(page.texts("tr")) == 5
    assert "open" in dict(page.elements)["details"]
    assert (page.live(), page.broken_links()) == ([], [])


async def test_nothing_is_rehearsed_before_it_is_asked_for(visitor: Visitor) -> None:
    page = await visitor.page("/kits/workshop")
    assert "rehearse a screen before you send it" in page.text
    assert page.texts("table") == []
    assert "open" not in dict(page.elements)["details"]


async def test_no_question_and_nothing_of_a_rubric_is_shown(visitor: Visitor) -> None:
    page = await visitor.page(PATH)
    answer = await visitor.client.get("/api/kits/workshop/rehearsal?minutes=30")
    for hidden in ("totals right", "turbine", "partition", "twin", "question-", "invoice"):
        assert hidden not in page.text
        assert hidden not in answer.text
    assert "Competency 2" in page.text


async def test_the_form_keeps_what_was_chosen(visitor: Visitor) -> None:
    page = await visitor.page(f"{PATH}&competency=Loading")
    boxes = [found for tag, found in page.elements if found.get("name") == "competency"]
    assert [found["value"] for found in boxes if "checked" in found] == ["Loading"]
    minutes = [found for _, found in page.elements if found.get("id") == "rehearsal-minutes"]
    assert minutes[0]["value"] == "30"
    assert page.texts("ul", "widths")[0].count("levels, from") == 2


async def test_an_unknown_competency_names_only_what_a_candidate_may_know(
    visitor: Visitor,
) -> None:
    refused = await visitor.client.get("/api/kits/workshop/rehearsal?competency=Alchemy")
    assert refused.status_code == 404
    assert "Choose from: Loading." in refused.json()["error"]["remedy"]
    assert "turbine" not in refused.text
    await visitor.page(f"{PATH}&competency=Alchemy", 404)


@pytest.mark.parametrize("wrong", ["minutes=4", "minutes=nan", "level=expert", "examiner=owl"])
async def test_what_cannot_be_rehearsed_is_refused_in_the_usual_shape(
    visitor: Visitor, wrong: str
) -> None:
    refused = await visitor.client.get(f"/api/kits/workshop/rehearsal?{wrong}")
    assert refused.status_code == 422
    assert refused.json()["error"]["code"] == "invalid_request"


async def test_a_kit_that_nothing_can_be_marked_on_has_no_rehearsal(visitor: Visitor) -> None:
    await visitor.load("viva: 1\nname: bare\natoms:\n- question: What do you think of owls?\n")
    refused = await visitor.client.get("/api/kits/bare/rehearsal")
    assert refused.status_code == 422
    assert refused.json()["error"]["code"] == "bad_input"
    page = await visitor.page("/kits/bare?rehearse=yes")
    assert page.texts("details") == []
