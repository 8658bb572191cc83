"""The recruiter's pages of screens and invites: from a kit to a link, with nothing typed lost."""

import csv
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from visiting import Html, Visitor, visiting

SMALL = (Path(__file__).parents[1] / "api" / "service" / "small.yaml").read_text()
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{ 7*7 }}"
TYPED = {
    "title": "First talk",
    "kit": "small",
    "level": "mid",
    "mode": "screen",
    "minutes": "15",
    "examiner": "local",
    "attempts": "1",
    "company": "Acme",
    "contact": "people@example.org",
    "brief": "Think of two pieces of your own work.",
    "notice": "",
    "message": "",
    "blind_share": "20",
    "opens": "",
    "closes": "",
}

WRONG: list[tuple[dict[str, Any], str]] = [
    ({"minutes": "soon"}, "minutes"),
    ({"minutes": "500"}, "minutes"),
    ({"contact": ""}, "contact"),
    ({"title": " "}, "title"),
    ({"closes": "tomorrow"}, "closes"),
    ({"attempts": "1.5"}, "attempts"),
    ({"blind_share": "101"}, "blind_share"),
    ({"message": "Come in!"}, "message"),
    ({"level": "wizard"}, "level"),
    ({"kit": "not-there"}, "kit"),
    ({"minutes": "5", "subjects": ["Modelling", "Streaming"]}, "subjects"),
]


@pytest.fixture
async def visitor(tmp_path: Path) -> AsyncIterator[Visitor]:
    """Whoever has this machine, with a small kit."""
    async with visiting(tmp_path / "viva") as made:
        await made.load(SMALL)
        yield made


async def _post(visitor: Visitor, path: str, status: int, **form: Any) -> Html:
    return visitor.read(await visitor.client.post(path, data=form), status)


async def _made(visitor: Visitor, *, opened: bool = True, **typed: str) -> str:
    """A screen's address."""
    answer = await visitor.client.post("/screens/new", data=TYPED | typed)
    assert answer.status_code == 303, answer.text
    here: str = answer.headers["location"]
    if opened:
        assert (await visitor.client.post(f"{here}/open")).status_code == 303
    return here


def _secrets(page: Html) -> list[str]:
    return [value for value in page.attributes("input", "value") if "/invite#" in value]


def _own_live(page: Html) -> list[str]:
    return [each for each in page.live() if "href=mailto:" not in each]


async def test_a_screen_goes_from_a_kit_to_a_closed_one(visitor: Visitor) -> None:
    assert "There are no screens yet" in (await visitor.page("/screens")).text
    kits = await visitor.page("/screens/new")
    assert "/screens/new?kit=small" in kits.attributes("a", "href")
    form = await visitor.page("/screens/new?kit=small")
    assert form.attributes("textarea", "name") == ["brief", "notice", "message"]
    here = await _made(visitor, opened=False)
    draft = await visitor.page(here)
    assert f"{here}/open" in draft.attributes("a", "href")
    rehearsed = await visitor.page(f"{here}/open")
    assert "A mid screen in 15 minutes" in rehearsed.text
    assert "Open the screen" in rehearsed.texts("button")
    answer = await visitor.client.post(f"{here}/open")
    assert answer.headers["location"] == f"{here}/invites"
    closing = await visitor.page(f"{here}/close")
    for told in ("Nobody can begin", "read the rubric", "free for practice again"):
        assert told in closing.text
    await visitor.client.post(f"{here}/close")
    assert "Closed on" in (await visitor.page(here)).text
    listed = await visitor.page("/screens")
    assert "closed" in listed.texts("span", "badge")
    assert "nobody can be invited any more" in (await visitor.page(f"{here}/invites")).text


async def test_practice_and_a_screen_on_one_kit_are_warned_of_each_other(visitor: Visitor) -> None:
    practice = await _made(visitor, opened=False, mode="practice", title="Warming up")
    first = await _made(visitor, title="First talk")
    told = (await visitor.page(f"{practice}/open")).text
    assert "An open screen asks from this kit: First talk" in told
    assert "Nobody can begin here" not in told  # on this machine practice is only warned of
    second = await _made(visitor, opened=False, title="Second talk")
    assert "People practise on this kit" not in (await visitor.page(f"{second}/open")).text
    for each in (practice, second):
        assert (await visitor.client.post(f"{each}/open")).status_code == 303
    third = await _made(visitor, opened=False, title="Third talk")
    told = (await visitor.page(f"{third}/open")).text
    assert "People practise on this kit: Warming up" in told
    told = (await visitor.page(f"{first}/close")).text
    assert "Another open screen asks from this kit: Second talk" in told


async def test_a_new_screen_begins_with_what_the_workspace_has_set(visitor: Visitor) -> None:
    form = {"name": "Ours", "company": "Ouzel", "contact": "+49 30 1234"}
    assert (await visitor.client.post("/settings", data=form)).status_code == 303
    new = await visitor.page("/screens/new?kit=small")
    assert {"Ouzel", "+49 30 1234"} <= set(new.attributes("input", "value"))


async def test_what_was_typed_is_not_lost_on_an_error(visitor: Visitor) -> None:
    for wrong, field in WRONG:
        page = await _post(visitor, "/screens/new", 422, **TYPED | wrong)
        assert f"#{field}" in page.attributes("a", "href")
        assert page.broken_links() == []
        assert TYPED["brief"] in page.texts("textarea")[0]
        assert "First talk" in page.attributes("input", "value") or field == "title"
        held = [*page.attributes("input", "value"), *page.texts("textarea")]
        for text in (value for value in wrong.values() if isinstance(value, str)):
            assert field in {"level", "kit"} or any(text.strip() in each for each in held)
    assert "There are no screens yet" in (await visitor.page("/screens")).text


async def test_it_is_told_how_many_competencies_fit(visitor: Visitor) -> None:
    page = await _post(
        visitor, "/screens/new", 200, **TYPED, look="yes", subjects=["Modelling", "Streaming"]
    )
    assert "15 minutes have room for" in page.text
    assert "2 are ticked" in page.text
    ticked = [
        found["value"] for tag, found in page.elements if tag == "input" and "checked" in found
    ]
    assert {"Modelling", "Streaming"} <= set(ticked)


async def test_an_open_screen_keeps_what_is_asked(visitor: Visitor) -> None:
    here = await _made(visitor)
    form = await visitor.page(f"{here}/edit")
    assert "kit" not in form.attributes("select", "name")
    changed = TYPED | {"title": "Another title", "minutes": "200", "attempts": "2"}
    answer = await visitor.client.post(f"{here}/edit", data=changed)
    assert answer.status_code == 303
    page = await visitor.page(here)
    assert "Another title" in page.texts("h1")
    assert "15 minutes" in page.text


async def test_the_preview_is_marked_and_records_nothing(visitor: Visitor) -> None:
    here = await _made(visitor, opened=False, notice="Ask dpo@example.org.")
    page = await visitor.page(f"{here}/preview")
    assert "This is a preview" in page.text
    assert "Ask dpo@example.org." in page.text
    assert "Hello. I am Viva, an AI interviewer" in page.text
    assert "main questions" in page.text
    assert page.attributes("form", "action") == []
    assert await visitor.service.store.interviews("local", None) == []


async def test_one_person_is_invited_and_the_link_is_shown_once(visitor: Visitor) -> None:
    here = await _made(visitor)
    wrong = await _post(visitor, f"{here}/invites", 422, name="Cleo", email="nowhere", time="1.5")
    assert "nowhere" in wrong.attributes("input", "value")
    assert "1.5" in wrong.attributes("input", "value")
    sent = await _post(
        visitor, f"{here}/invites", 201, name="Cleo", email="cleo@example.org", time="50 %"
    )
    [link] = _secrets(sent)
    assert link in sent.texts("textarea")[0]
    assert "about 22 minutes" in sent.texts("textarea")[0]
    assert "Think of two pieces" in sent.texts("textarea")[0]
    assert [each for each in sent.attributes("a", "href") if each.startswith("mailto:cleo")]
    listed = await visitor.page(f"{here}/invites")
    assert link.rpartition("#")[2] not in listed.text
    again = await _post(visitor, f"{here}/invites", 422, name="C", email="CLEO@example.org")
    assert "already invited" in again.text


async def test_a_list_is_looked_at_before_anybody_is_invited(visitor: Visitor) -> None:
    here = await _made(visitor)
    await _post(visitor, f"{here}/invites", 201, name="Cleo", email="cleo@example.org")
    bad = "Name;E-Mail\nBo;bo@example.org\nDi;nowhere\n"
    wrong = await _post(visitor, f"{here}/invites/list", 422, people=bad, days="7")
    assert "Line 3, Di" in wrong.text
    assert "people" not in wrong.attributes("input", "name")
    file = {"file": ("list.csv", "E-Mail;Name\nbo@example.org;Bo\ncleo@example.org;Cleo\n")}
    answer = await visitor.client.post(f"{here}/invites/list", files=file, data={"days": "7"})
    page = visitor.read(answer)
    assert "Nobody is invited yet" in page.text
    assert "Line 3: Cleo" in page.text
    assert "Invite 1 person" in page.texts("button")
    assert "1 invite" in (await visitor.page(f"{here}/invites")).text.lower()
    hidden = {
        found["name"]: found["value"]
        for tag, found in page.elements
        if tag == "input" and found.get("type") == "hidden"
    }
    sent = await _post(visitor, f"{here}/invites/all", 201, **hidden)
    assert len(_secrets(sent)) == 1
    anew = await _post(visitor, f"{here}/invites/again", 200, days="5")
    assert "2 new links" in anew.text
    twice = await _post(visitor, f"{here}/invites/all", 422, **hidden)
    assert "Everybody on the list is invited already" in twice.text


async def test_hostile_text_runs_nothing_and_becomes_no_formula(visitor: Visitor) -> None:
    here = await _made(visitor, title=HOSTILE, company=HOSTILE, brief=HOSTILE, notice=HOSTILE)
    rows = [("name", "email", "reference"), (HOSTILE, "", "=1+1"), ("=cmd|'/C calc'!A0", "", "@x")]
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    checked = await _post(visitor, f"{here}/invites/list", 200, people=out.getvalue())
    sent = await _post(visitor, f"{here}/invites/all", 201, people=out.getvalue())
    tokens = next(value for value in sent.attributes("input", "value") if len(value.split()) == 2)
    pages = [checked, sent]
    for path in ("/screens", here, f"{here}/edit", f"{here}/preview", f"{here}/close"):
        pages.append(await visitor.page(path))
    pages.append(await visitor.page(f"{here}/invites"))
    one = next(href for href in pages[-1].attributes("a", "href") if "/invites/" in href)
    pages.append(await visitor.page(one))
    for page in pages:
        assert _own_live(page) == []
        assert page.broken_links() == []
    answer = await visitor.client.post(f"{here}/invites/messages.csv", data={"tokens": tokens})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    table = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert [row["reference"] for row in table] == ["'=1+1", "'@x"]
    assert table[1]["name"].startswith("'=cmd")


async def test_a_new_link_a_revocation_and_extra_time_are_told(visitor: Visitor) -> None:
    here = await _made(visitor)
    await _post(visitor, f"{here}/invites", 201, name="Cleo")
    listed = await visitor.page(f"{here}/invites")
    one = next(href for href in listed.attributes("a", "href") if "/invites/" in href)
    assert "Nowhere yet" in (await visitor.page(one)).text
    again = await _post(visitor, f"{one}/resend", 200, days="3")
    assert "The old link opens nothing any more" in again.text
    assert len(_secrets(again)) == 1
    assert "factor" in (await _post(visitor, f"{one}/time", 422, time="9")).text
    assert (await visitor.client.post(f"{one}/time", data={"time": "2"})).status_code == 303
    assert (await visitor.client.post(f"{one}/revoke")).status_code == 303
    page = await visitor.page(one)
    assert "× 2" in page.text
    assert "revoked" in page.texts("span", "badge")
    other = await _made(visitor)
    await visitor.page(one.replace(here, other), 404)
