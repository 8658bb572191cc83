from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from visiting import Visitor, agreed, visiting

from api.pages.notice import notice

NIGHTLY = """\
viva: 1
name: nightly
title: Night Loader
about: {company: Owl Ltd, role: Data Engineer}
atoms:
- advice: Bring one story of a load that broke.
- competency: Loading
  has:
  - {level: Repairs a broken load alone., at: mid}
  - question: A nightly load ran twice on one day. How do you keep the totals right?
    has:
    - point: The load replaces the whole partition of the day.
    - hint: Think of what is there before the second run.
"""
GUIDE = Path(__file__).parents[1] / "documents" / "04_data_analyst_bank.md"


@pytest.fixture
async def visitor(home: Path) -> AsyncIterator[Visitor]:
    async with visiting(home) as opened:
        await opened.load(NIGHTLY)
        yield opened


async def test_the_lobby_shows_every_kit_with_what_is_in_it(visitor: Visitor) -> None:
    page = await visitor.page("/")
    cards = [" ".join(card.split()) for card in page.texts("li", "kit")]
    assert "Data Engineer Owl Ltd, nightly 1 topic 1 question" in cards
    assert any(card.startswith("Data Engineer 12 topics") for card in cards)
    assert "People decide" in page.text
    assert "/kits/nightly" in page.attributes("a", "href")


async def test_the_same_documents_under_two_names_are_two_kits(visitor: Visitor) -> None:
    await visitor.load(NIGHTLY.replace("name: nightly", "name: again"))
    leads = (await visitor.page("/")).attributes("a", "href")
    assert {"/kits/nightly", "/kits/again"} <= set(leads)


async def test_a_kit_tells_its_topics_at_the_level_and_its_advice_and_no_question(
    visitor: Visitor,
) -> None:
    page = await visitor.page("/kits/nightly?level=mid")
    for told in ("Loading", "Repairs a broken load alone.", "Bring one story", "Owl Ltd"):
        assert told in page.text
    assert "nightly load ran twice" not in page.text
    assert "partition" not in page.text
    assert "Repairs a broken" not in (await visitor.page("/kits/nightly?level=senior")).text


async def test_a_language_model_can_be_chosen_only_where_one_is_set(visitor: Visitor) -> None:
    assert "Who reads your answers?" not in (await visitor.page("/kits/nightly")).text
    visitor.service.settings.model = "some-model"
    page = await visitor.page("/kits/nightly")
    assert "Who reads your answers?" in page.text
    assert "the language model some-model at OpenAI" in page.text
    visitor.service.settings.base_url = "https://models.example:8443/v1"
    told = "some-model at models.example"
    assert f"the language model {told}," in (await visitor.page("/kits/nightly")).text
    assert told in (await visitor.page("/kits/nightly/notice?examiner=model")).text


async def test_the_notice_stands_in_full_before_the_box_to_agree(visitor: Visitor) -> None:
    page = await visitor.page("/kits/nightly/notice?level=senior&minutes=30&mode=screen")
    for paragraph in notice("screen", days=visitor.service.settings.expire_days).paragraphs:
        assert paragraph.heading in page.text
        assert paragraph.text in page.text
    sent = {
        found["name"]: found["value"]
        for tag, found in page.elements
        if tag == "input" and found["type"] == "hidden"
    }
    wanted = agreed("nightly", level="senior", minutes="30.0", mode="screen")
    assert sent | {"consent": "yes"} == wanted


async def test_agreeing_starts_the_interview_and_is_recorded_with_the_hash_of_the_words(
    visitor: Visitor,
) -> None:
    interview = await visitor.begin("nightly", level="senior", mode="screen", minutes="30")
    stored = await visitor.service.store.load(interview)
    shown = notice("screen", days=visitor.service.settings.expire_days)
    assert stored.options["consent"] == {"notice": shown.version, "text_hash": shown.digest}
    assert (stored.level, stored.mode, stored.options["minutes"]) == ("senior", "screen", 30)
    assert "Data Engineer" in (await visitor.page(f"/interviews/{interview}")).text


@pytest.mark.parametrize(
    ("without", "told"),
    [
        ({"consent": ""}, "the box below the notice is not ticked"),
        ({"notice": "0" * 64}, "the notice has changed"),
    ],
)
async def test_without_agreement_to_these_words_nothing_starts_and_the_notice_says_why(
    visitor: Visitor, without: dict[str, str], told: str
) -> None:
    form = agreed("nightly", mode="screen") | without
    page = visitor.read(await visitor.client.post("/interviews", data=form), 422)
    assert told in page.text
    assert page.texts("h1") == ["Before we begin"]
    assert "#consent" in page.attributes("a", "href")
    assert await visitor.service.store.interviews() == []


async def test_the_same_choice_comes_back_with_a_notice_that_was_not_agreed_to(
    visitor: Visitor,
) -> None:
    form = agreed("nightly", mode="screen", level="principal") | {"consent": ""}
    page = visitor.read(await visitor.client.post("/interviews", data=form), 422)
    again = dict(
        zip(page.attributes("input", "name"), page.attributes("input", "value"), strict=True)
    )
    assert again == form | {"consent": "yes"}


async def test_practice_differs_from_time_to_time_and_a_screen_is_the_same_for_all(
    visitor: Visitor,
) -> None:
    async def seeds(mode: str) -> set[int]:
        ids = [await visitor.begin("nightly", mode=mode) for _ in range(3)]
        return {(await visitor.service.store.load(each)).seed for each in ids}

    assert await seeds("screen") == {0}
    assert len(await seeds("practice")) == 3


async def test_the_lobby_offers_to_go_on_with_interviews_on_ones_own_machine(
    visitor: Visitor,
) -> None:
    going, over = await visitor.begin("nightly"), await visitor.begin("nightly")
    await visitor.send(over, "end")
    leads = (await visitor.page("/")).attributes("a", "href")
    assert f"/interviews/{going}" in leads
    assert f"/interviews/{over}/report" in leads


async def test_behind_a_secret_nobody_sees_the_lobby_unless_signed_in(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIVA_SECRET", "a-secret-of-this-test")
    async with visiting(home) as visitor:
        sent = await visitor.client.get("/")
    assert (sent.status_code, sent.headers["location"]) == (303, "/sign-in")


async def test_uploaded_documents_become_a_kit_and_each_file_is_accounted_for(
    visitor: Visitor,
) -> None:
    files = [
        ("files", ("Our bank.md", GUIDE.read_bytes(), "text/markdown")),
        ("files", ("broken.txt", b"\x00\x01\x02", "text/plain")),
    ]
    response = await visitor.client.post("/kits", files=files, data={"company": "Owl Ltd"})
    page = visitor.read(response, 201)
    assert "What Viva understood" in page.text
    told = " ".join(page.texts("ul", "files")[0].split())
    assert "Our bank.md" in told
    assert "question" in told
    assert "broken.txt Not used." in told
    kits = {kit.name: kit for kit in await visitor.service.kits()}
    assert kits["our-bank"].company == "Owl Ltd"
    assert "/kits/our-bank/notice" in page.attributes("form", "action")
    assert "Our bank.md" in (await visitor.page("/kits/our-bank")).text


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"data": {"name": "mine"}}, "No document was chosen."),
        ({"files": [("files", ("a.md", b"", "text/markdown"))]}, "a.md"),
        ({"files": [("files", ("a.md", b"# T", "text/markdown"))], "data": {"name": "a/b"}}, "a/b"),
    ],
)
async def test_an_upload_that_cannot_be_used_says_why_beside_the_form(
    visitor: Visitor, sent: dict[str, object], told: str
) -> None:
    before = await visitor.service.kits()
    page = visitor.read(await visitor.client.post("/kits", **sent), 422)  # type: ignore[arg-type]
    assert any(told in error for error in page.texts("div", "error"))
    assert page.attributes("form", "action") == ["/kits#own"]
    assert await visitor.service.kits() == before


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        ("/kits/none-such", 404, "none-such"),
        ("/kits/none-such/notice", 404, "none-such"),
        ("/interviews/none-such/report", 404, "none-such"),
        ("/kits/nightly?level=wizard", 422, "level"),
        ("/kits/nightly/notice?minutes=1", 422, "minutes"),
        ("/static/none.css", 404, "none.css"),
        ("/static/..%2Froutes.py", 404, "start page"),
        ("/nowhere/at/all", 404, "start page"),
    ],
)
async def test_an_error_is_a_page_with_a_message_and_a_way_on(
    visitor: Visitor, path: str, status: int, told: str
) -> None:
    response = await visitor.client.get(path, headers={"Accept": "text/html"})
    page = visitor.read(response, status)
    assert told in page.text
    assert "/" in page.attributes("a", "href")


async def test_a_defect_of_ours_is_a_page_that_tells_nothing_of_its_inside(
    visitor: Visitor,
) -> None:
    del visitor.service.store
    page = visitor.read(await visitor.client.get("/"), 500)
    assert "What you have written and sent is kept." in page.text
    assert "store" not in page.text


async def test_static_files_keep_for_good_under_the_address_of_their_content(
    visitor: Visitor,
) -> None:
    page = await visitor.page("/")
    styles = [href for href in page.attributes("link", "href") if ".css?v=" in href]
    assert styles
    for href in styles:
        assert "immutable" in (await visitor.client.get(href)).headers["cache-control"]
        old = await visitor.client.get(href.partition("?")[0] + "?v=old")
        assert old.headers["cache-control"] == "no-cache"


async def test_every_page_keeps_to_the_policy_and_no_cache_keeps_it(visitor: Visitor) -> None:
    for path in ("/", "/kits/nightly", "/kits/nightly/notice", "/kits/none-such"):
        response = await visitor.client.get(path)
        assert "default-src 'none'" in response.headers["content-security-policy"]
        assert response.headers["cache-control"] == "no-store"
        assert visitor.read(response, response.status_code).live() == []


async def test_the_icon_is_there_for_browsers_that_only_guess(visitor: Visitor) -> None:
    response = await visitor.client.get("/favicon.ico")
    assert response.status_code == 200
    assert response.headers["content-type"] == "image/svg+xml"
