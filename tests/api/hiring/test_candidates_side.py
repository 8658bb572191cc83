"""What a candidate is told, and can do, before their interview has begun."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
import sqlalchemy as sa
from invited import PAGE, Candidate, arrived, change, invited, words
from room import Room, furnished

from api.hiring import audit, wishes
from api.hiring.invites import Invites
from api.hiring.screens import Screens, Texts
from api.hiring.sittings import Sittings
from api.hiring.tables import devices, invites
from api.identity.gate import INVITE
from api.moments import DAY
from api.pages import rendering
from api.pages.mine import language_of
from knowledge.library import Library

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def room(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Room]:
    """One room for all of them."""
    async with furnished(tmp_path_factory.mktemp("candidates")) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="module")
async def candidate(room: Room) -> Candidate:
    """Cleo, who has opened her link to an open screen."""
    return await arrived(room)


async def test_a_link_is_swapped_for_a_cookie_that_no_script_reads(room: Room) -> None:
    candidate = await invited(room, await room.screen())
    answer = await candidate.open()
    assert (answer.status_code, answer.headers["location"]) == (303, "/mine")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{INVITE}=")
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    assert candidate.token not in cookie
    assert (await candidate.get("/")).headers["location"] == "/mine"


async def test_opening_the_link_again_in_the_same_browser_makes_no_second_one(
    candidate: Candidate,
) -> None:
    await candidate.open()
    await candidate.open(candidate.token)
    assert "opened in one browser" in await candidate.page()


async def test_another_browser_is_told_to_the_candidate_and_the_team(
    room: Room, candidate: Candidate
) -> None:
    await candidate.elsewhere().open()
    assert "opened in 2 browsers" in await candidate.page()
    assert len(await Invites(room.database).devices(candidate.invite)) == 2


async def test_a_link_that_never_was_opens_nothing_and_says_what_to_do(room: Room) -> None:
    stranger = Candidate(room, "", "", "")
    for link in ("#guessed", " ", "x" * 3000, "#\0", "#" + "é" * 20):
        answer = await stranger.open(link)
        assert answer.status_code == 403
        assert "This link opens nothing here" in words(answer)
        assert "set-cookie" not in answer.headers


async def test_a_link_past_its_day_that_was_never_begun_opens_nothing(room: Room) -> None:
    candidate = await invited(room, await room.screen())
    await change(room, invites, candidate.invite, until=1.0)
    answer = await candidate.open()
    assert answer.status_code == 403
    assert "The days in which this link could be opened are over" in words(answer)
    assert "people@example.org" in words(answer)
    async with room.database.read() as connection:
        mine = devices.c.invite_id == candidate.invite
        assert not await connection.scalar(sa.select(sa.exists().where(mine)))


async def test_without_a_cookie_the_own_page_leads_to_where_the_link_is_pasted(room: Room) -> None:
    answer = await Candidate(room, "", "", "").get()
    assert (answer.status_code, answer.headers["location"]) == (303, "/invite")


async def test_no_cache_keeps_the_pages_and_no_other_site_hears_of_them(
    candidate: Candidate,
) -> None:
    for path in ("/invite", "/mine"):
        answer = await candidate.get(path)
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] in {"no-referrer", "same-origin"}
        assert '<meta name="referrer" content="same-origin">' in answer.text


async def test_the_page_says_who_what_how_long_what_comes_up_and_how_to_prepare(
    room: Room, candidate: Candidate
) -> None:
    topic = (await room.service.outline("small", "mid", room.ours)).topics[0].name
    page = await candidate.page()
    told = ("Acme invites you", "First talk", "15 minutes", "Look at your last project again",
            "We are bound by the law of Ruritania", "people@example.org", "a machine",
            "People decide", "I would rather not", "Have it erased", topic)  # fmt: skip
    assert [each for each in told if each not in page] == []


async def test_nothing_of_the_rubric_stands_on_the_page(room: Room, candidate: Candidate) -> None:
    kit = await Library(room.database, room.ours).get("small")
    page = await candidate.page()
    hidden = [a.text for a in kit.atoms if a.kind in {"question", "point", "reference", "flag"}]
    assert hidden
    assert [text for text in hidden if text in page] == []


async def test_a_screen_of_chosen_competencies_tells_of_those_alone(room: Room) -> None:
    subject = (await room.service.outline("small", "mid", room.ours)).topics[0].name
    candidate = await arrived(room, subjects=(subject,))
    text = (await candidate.get()).text
    listed = text[text.index('id="topics"') : text.index('id="prepare"')]
    assert re.findall(r"<h3[^>]*>([^<]*)</h3>", listed) == [subject]


async def test_consent_is_kept_with_its_words_its_time_and_the_language(
    room: Room, candidate: Candidate
) -> None:
    form = await candidate.agreed()
    headers = PAGE | {"accept-language": "fr-CH, fr;q=0.9, en;q=0.8"}
    begun = await candidate.client.post("/mine/begin", data=form, headers=headers)
    interview = begun.headers["location"].removeprefix("/interviews/")
    await room.settle(interview)
    events = [event.as_json() for event in await room.service.store.events(interview)]
    kinds = [event["type"] for event in events]
    consent = events[kinds.index("consented")]
    assert consent["text_hash"] == form["notice"]
    assert consent["locale"] == "fr-CH"
    assert "We are bound by the law of Ruritania." in consent["text"]
    assert kinds.index("consented") < kinds.index("said")


LANGUAGES = {
    "de-AT,de;q=0.9": "de-AT",
    "zh-Hant-TW": "zh-Hant-TW",
    "": "",
    "*": "",
    "<script>alert(1)</script>": "",
    "en\r\nX: y": "",
    "e" * 5000: "",
}


async def test_a_foreign_or_hostile_language_is_kept_only_if_it_is_one() -> None:
    assert {header: language_of(header) for header in LANGUAGES} == LANGUAGES


async def test_without_the_box_or_with_an_older_notice_nothing_begins(
    candidate: Candidate,
) -> None:
    for fields in ({"consent": ""}, {"notice": "0" * 64}, {"attempt": "7"}, {"attempt": "x"}):
        answer = await candidate.begin(**fields)
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
    assert await candidate.held() == []


CLOSED = {
    "draft": "The team has not opened these interviews yet",
    "early": "You can begin from",
    "late": "Nobody can begin any more",
    "closed": "Nobody can begin any more",
    "past": "ask for a new link: people@example.org",
    "declined": "Nothing is noted but that you declined",
}


@pytest.mark.parametrize("what", CLOSED)
async def test_where_nothing_can_begin_the_page_says_so_and_whom_to_reach(
    room: Room, candidate: Candidate, what: str
) -> None:
    form = await candidate.agreed()
    now = (await Sittings(room.service).place(candidate.invite)).now
    match what:
        case "draft":
            await candidate.change(status="draft")
        case "early":
            await candidate.change(opens=now + DAY)
        case "late":
            await candidate.change(closes=now - 1)
        case "closed":
            await Screens(room.database).close(room.callers["recruiter"], candidate.screen)
        case "past":
            await change(room, invites, candidate.invite, until=now - 1)
        case "declined":
            await candidate.post("/mine/decline")
    page = await candidate.page()
    assert CLOSED[what] in page
    assert "people@example.org" in page
    assert "Begin the interview" not in page
    assert (await candidate.post("/mine/begin", **form)).status_code == 422
    assert await candidate.held() == []


async def test_declining_keeps_that_it_was_declined_and_nothing_else(
    room: Room, candidate: Candidate
) -> None:
    for _ in range(2):
        assert (await candidate.post("/mine/decline")).status_code == 303
    found = await Invites(room.database).get(room.ours, candidate.invite)
    assert found.declined is not None
    assert found.asked == []
    assert await candidate.held() == []
    about = f"invite:{candidate.invite}"
    lines = [line for line in await audit.lines(room.database, room.ours) if line.object == about]
    assert [(line.action, line.detail) for line in lines if line.action == "declined"] == [
        ("declined", {})
    ]


async def test_who_has_declined_can_change_their_mind_and_who_has_begun_cannot_decline(
    room: Room, candidate: Candidate
) -> None:
    await candidate.post("/mine/decline")
    await candidate.post("/mine/return")
    await candidate.begun()
    late = await candidate.post("/mine/decline")
    assert late.status_code == 422
    assert "has begun" in words(late)
    assert (await Invites(room.database).get(room.ours, candidate.invite)).declined is None


async def test_what_is_asked_for_reaches_the_team_and_no_log(
    room: Room, candidate: Candidate
) -> None:
    for _ in range(2):
        sent = await candidate.post("/mine/ask", what="time", text="half as much again, please")
        assert sent.status_code == 303
    await candidate.post("/mine/ask", what="person")
    found = await Invites(room.database).get(room.ours, candidate.invite)
    told = ["More time: half as much again, please", "To talk to a person instead"]
    assert [each["text"] for each in found.asked] == told
    assert told[0] in await candidate.page()
    lines = await audit.lines(room.database, room.ours)
    assert "half as much" not in repr(lines)
    await Invites(room.database).extend(room.callers["recruiter"], candidate.invite, 1.5)
    assert "22 minutes instead of 15" in await candidate.page()


async def test_asking_for_nothing_for_too_much_or_too_often_says_so_and_loses_no_word(
    room: Room, candidate: Candidate
) -> None:
    for form in ({}, {"what": "unknown"}, {"text": "y" * 1_001}):
        answer = await candidate.post("/mine/ask", **form)
        assert answer.status_code == 422
        assert form.get("text", "") in answer.text
    sittings = Sittings(room.service)
    for number in range(wishes.MOST):
        await sittings.ask(room.callers["recruiter"], candidate.invite, f"wish {number}")
    answer = await candidate.post("/mine/ask", text="one more")
    assert answer.status_code == 422
    assert "one more" in answer.text


async def test_too_long_a_text_is_told_of_and_none_of_it_is_cut(
    room: Room, candidate: Candidate
) -> None:
    wish = "I need half as much again. " * 200
    answer = await candidate.post("/mine/ask", what="time", text=wish)
    assert answer.status_code == 422
    assert wish.strip() in answer.text
    assert 'value="time" checked' in answer.text
    recruiter = room.clients["recruiter"]
    name = "Cleo " * 300
    answer = await recruiter.post(f"/screens/{candidate.screen}/invites", data={"name": name})
    assert answer.status_code == 422
    assert name.strip() in answer.text
    title = "Engineer " * 300
    answer = await recruiter.post(
        f"/screens/{candidate.screen}/edit", data={"title": title, "blind_share": "0"}
    )
    assert answer.status_code == 422
    assert title in answer.text


async def test_no_form_lets_a_browser_cut_what_is_pasted_into_a_text_area() -> None:
    for page in (rendering.HERE / "templates").glob("*.html"):
        assert not re.search(r"<textarea[^>]*maxlength", page.read_text()), page.name


async def test_a_hostile_name_company_and_notice_stand_there_as_text(room: Room) -> None:
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>\u202e{{ 7*7 }}"
    texts = Texts(company=evil, contact=evil, notice=evil, brief=evil)
    candidate = await invited(room, await room.screen(title=evil, texts=texts), name=evil)
    await candidate.open()
    await candidate.post("/mine/ask", text=evil)
    for _ in range(2):
        text = (await candidate.get()).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        await candidate.post("/mine/decline")


async def test_twenty_presses_at_once_in_two_browsers_make_one_interview(
    room: Room, candidate: Candidate
) -> None:
    other = candidate.elsewhere()
    await other.open()
    form = await candidate.agreed()
    presses = (each.post("/mine/begin", **form) for each in (candidate, other) * 10)
    answers = await asyncio.gather(*presses)
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["location"] for answer in answers}) == 1
    [row] = await candidate.held()
    await room.settle(row.id)
    assert (row.attempt, row.screen_id, row.workspace_id) == (1, candidate.screen, room.ours)
