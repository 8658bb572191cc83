"""The team's kits: read, edited by two at once, uploaded to; and what an open screen takes away."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import pytest_asyncio
from room import SMALL, Room, furnished

from api.conduct import Wish
from api.hiring import audit
from api.hiring.on_screen import NotForPractice
from api.hiring.screens import Screens
from api.hiring.tables import LOCAL
from api.practice_keys import Keys
from knowledge.atoms import Kit
from knowledge.kit_yaml import parse_kit
from knowledge.library import SHARED, Library

sys.path.append(str(Path(__file__).parents[2] / "pages"))
from visiting import Html, Visitor, agreed, visiting

DOCUMENT = b"""# Data Engineer

## Streaming

### Q: How do you handle late events?
- A watermark says how late an event may be.

**Red flags**
- Instant disqualification: drops late events without telling anybody
- Native English speakers only

Page 1 of 3
"""

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def rooms(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Room]:
    async with furnished(tmp_path_factory.mktemp("library") / "viva") as made:
        yield made


@pytest_asyncio.fixture(loop_scope="module")
async def room(rooms: Room) -> AsyncIterator[Room]:
    """The module's room with the kit as it was, and no screen left open."""
    await Library(rooms.database, rooms.ours).save(parse_kit(SMALL.read_text(), "small.yaml"))
    yield rooms
    screens = Screens(rooms.database)
    for screen in await screens.of(rooms.ours):
        await screens.close(rooms.callers["admin"], screen.id)


def page(response: httpx2.Response, status: int = 200) -> Html:
    assert response.status_code == status, response.text
    told = Html(response.text)
    assert told.live() == []
    assert told.broken_links() == []
    return told


def id_of(kit: Kit, beginning: str) -> str:
    [found] = [atom.id for atom in kit.atoms if atom.text.startswith(beginning)]
    return found


async def small(room: Room) -> Kit:
    return await Library(room.database, room.ours).get("small")


def form(kit: Kit, id_: str, **said: str) -> dict[str, str]:
    return {"version": kit.version, "id": id_, **said}


async def ready(client: httpx2.AsyncClient, upload: str) -> dict[str, Any]:
    while True:
        told: dict[str, Any] = (await client.get(f"/api/uploads/{upload}")).json()
        if told["state"] != "working":
            return told
        await asyncio.sleep(0.05)


async def test_a_kit_is_narrowed_by_topic_level_and_words(room: Room) -> None:
    modelling, renamed = "keep last week's report right?", "How do you notice before"
    streaming, dies = "When do you close a window?", "A consumer dies"
    client = room.clients["recruiter"]

    async def found(**wanted: str) -> set[str]:
        seen = page(await client.get("/library/small", params=wanted)).text
        return {each for each in (modelling, renamed, streaming, dies) if each in seen}

    assert await found(topic="MODEL") == {modelling, renamed}
    assert await found(level="mid") == {modelling, streaming}
    assert await found(level="mid", topic="Streaming", find="close window") == {streaming}
    assert await found(find="window", topic="Modelling") == set()


async def test_the_team_reads_what_is_in_a_kit_and_only_recruiters_may_edit(room: Room) -> None:
    listed = page(await room.clients["recruiter"].get("/library"))
    assert "/library/small" in listed.attributes("a", "href")
    for role, word in (("recruiter", "Edit"), ("evaluator", "Look closer")):
        client = room.clients[role]
        told = page(await client.get("/library/small?part=flags")).text
        assert "Edits rows of the production database by hand. " in told
        assert word in told
        assert "critical" in told
        assert "small.yaml, line" in told
    flag = id_of(await small(room), "Edits rows")
    client = room.clients["evaluator"]
    assert "Save" not in page(await client.get("/library/small/atoms", params={"id": flag})).text
    sent = form(await small(room), flag, text="x", polarity="negative")
    assert (await client.post("/library/small/atoms", data=sent)).status_code == 403
    assert (await room.clients["other"].get("/library/no-such")).status_code == 404


async def test_words_are_found_in_every_part_with_what_they_belong_to(room: Room) -> None:
    client = room.clients["evaluator"]
    found = page(await client.get("/library/small", params={"find": "LAST offset"})).text
    assert "Found for “LAST offset”: 1" in found
    assert "In: A consumer dies in the middle" in found
    assert "There is nothing here" in page(await client.get("/library/small?find=zebra")).text


async def test_an_edit_makes_a_version_and_what_is_open_keeps_its_own(room: Room) -> None:
    before, client = await small(room), room.clients["recruiter"]
    screen = await room.screen()
    point = id_of(before, "The old version")
    sent = form(before, point, text="Both versions of a row stay.", role="core")
    saved = await client.post("/library/small/atoms", data=sent)
    assert saved.status_code == 303
    assert "Saved" in page(await client.get(saved.headers["location"])).text
    after = await small(room)
    assert after.by_id[point].text == "Both versions of a row stay."
    told = page(await client.get("/library/small/versions")).text
    assert f"{after.version} current" in told
    assert "by Recruiter" in told
    assert "Before: The old version of every row" in told
    opened = await room.clients["recruiter"].get(f"/api/screens/{screen}")
    assert before.version in opened.text
    newest = (await audit.lines(room.database, room.ours))[0]
    assert (newest.action, newest.object) == ("edited", f"kit:{after.version}")


async def test_the_second_of_two_edits_is_told_and_loses_nothing(room: Room) -> None:
    before, client = await small(room), room.clients["recruiter"]
    point = id_of(before, "The old version")
    first = form(before, point, text="First wins.", role="core")
    second = form(before, point, text="Typed <b>second</b>.", role="example")
    await room.clients["admin"].post("/library/small/atoms", data=first)
    told = page(await client.post("/library/small/atoms", data=second), 409)
    assert "Somebody else has changed this meanwhile" in told.text
    assert "It says now: First wins." in told.text
    assert told.texts("textarea") == ["Typed <b>second</b>."]
    now = await small(room)
    assert now.by_id[point].text == "First wins."
    assert now.version in told.attributes("input", "value")
    again = await client.post("/library/small/atoms", data={**second, "version": now.version})
    assert again.status_code == 303
    elsewhere = form(before, id_of(before, "Imagine the report"), text="A year later?")
    assert (await client.post("/library/small/atoms", data=elsewhere)).status_code == 303
    assert (await small(room)).by_id[point].role == "example"


async def test_two_who_save_at_once_both_land_or_one_is_told(room: Room) -> None:
    before = await small(room)
    point, hint = id_of(before, "The old version"), id_of(before, "Imagine the report")
    sent = [
        form(before, point, text="One.", role="core"),
        form(before, point, text="Two.", role="core"),
        form(before, hint, text="Three."),
    ]
    client = room.clients["recruiter"]
    answers = await asyncio.gather(*(client.post("/library/small/atoms", data=d) for d in sent))
    assert sorted(answer.status_code for answer in answers) == [303, 303, 409]
    now = await small(room)
    assert now.by_id[point].text in {"One.", "Two."}
    assert now.by_id[hint].text == "Three."


async def test_a_wrong_field_is_named_and_what_was_typed_stays(room: Room) -> None:
    before, client = await small(room), room.clients["recruiter"]
    sent = form(before, id_of(before, "The old version"), text="Kept text.", role="any_of")
    told = page(await client.post("/library/small/atoms", data=sent), 422)
    assert "group: there is none." in told.text
    assert told.texts("textarea") == ["Kept text."]
    assert [f["id"] for t, f in told.elements if "aria-invalid" in f] == ["group"]
    assert (await small(room)) == before


async def test_points_are_added_and_withdrawn_with_a_reason_and_put_back(room: Room) -> None:
    before, client = await small(room), room.clients["recruiter"]
    question = id_of(before, "A consumer dies")
    asked = {"kind": "point", "parent": question}
    page(await client.get("/library/small/add", params=asked))
    new = {**asked, "version": before.version, "text": "Work is idempotent.", "role": "core"}
    added = await client.post("/library/small/add", data=new)
    assert added.status_code == 303
    made = id_of(now := await small(room), "Work is idempotent")
    assert now.by_id[made].parent == question
    out = {"do": "withdraw", "reason": "Said elsewhere."}
    await client.post("/library/small/atoms", data=form(now, made, **out))
    gone = page(await client.get("/library/small?part=withdrawn")).text
    assert "Withdrawn: Said elsewhere." in gone
    now = await small(room)
    assert made in now.withdrawn
    await client.post("/library/small/atoms", data=form(now, made, do="put back"))
    assert made not in (await small(room)).withdrawn
    wrong = {"kind": "hint", "parent": id_of(before, "Edits rows")}
    assert (await client.get("/library/small/add", params=wrong)).status_code == 422


async def test_a_shared_kit_becomes_the_workspaces_own_and_stays_everybodys(room: Room) -> None:
    shared = parse_kit("viva: 1\nname: all\natoms:\n- fact: Old.\n", "all.yaml")
    await Library(room.database, SHARED).save(shared)
    client = room.clients["recruiter"]
    assert "Your first edit makes a copy" in page(await client.get("/library/all?part=rest")).text
    sent = form(shared, shared.atoms[0].id, text="Ours.")
    assert (await client.post("/library/all/atoms", data=sent)).status_code == 303
    ours = await Library(room.database, room.ours).get("all")
    assert ours.atoms[0].text == "Ours."
    assert (await Library(room.database, room.theirs).get("all")) == shared
    assert "came with Viva" in page(await client.get("/library/all/versions")).text
    theirs = room.clients["other"]
    file = f"/library/all/kit.yaml?version={ours.version}"
    assert (await theirs.get(file)).status_code == 404
    loaded = await client.get(file)
    assert parse_kit(loaded.text, "all.yaml") == ours
    assert "attachment" in loaded.headers["content-disposition"]


async def test_hostile_texts_stay_texts(room: Room) -> None:
    text = '<script>alert(1)</script><img src=x onerror="alert(2)">'
    kit = parse_kit("viva: 1\nname: bad\natoms:\n- question: Why?\n", "bad.yaml")
    question = kit.atoms[0].model_copy(update={"text": text})
    bad = Kit(name="<b>&kit", title=text, atoms=(question,))
    await Library(room.database, room.ours).save(bad)
    client = room.clients["recruiter"]
    base = "/library/%3Cb%3E&kit"
    told = page(await client.get("/library"))
    assert "/library/%3Cb%3E%26kit" in told.attributes("a", "href")
    for path in (base, f"{base}/versions", f"{base}/atoms?id={question.id}", f"{base}?find={text}"):
        assert text in page(await client.get(path)).text


async def test_a_large_kit_comes_in_pages_of_a_bounded_size(room: Room) -> None:
    lines = [f"- question: Number {n}? {'x' * 1500}\n" for n in range(300)]
    kit = parse_kit("viva: 1\nname: large\natoms:\n" + "".join(lines), "large.yaml")
    await Library(room.database, room.ours).save(kit)
    answer = await room.clients["recruiter"].get("/library/large?page=3")
    assert "Page 3 of 8" in page(answer).text
    assert len(answer.content) < 150_000
    assert "Page 8 of 8" in page(await room.clients["recruiter"].get("/library/large?page=99")).text


async def test_an_upload_runs_by_itself_and_tells_line_by_line_what_it_understood(
    room: Room,
) -> None:
    client = room.clients["recruiter"]
    files = {"files": ("guide.md", DOCUMENT)}
    sent = await client.post("/library", files=files, data={"name": "uploaded"})
    assert sent.status_code == 303
    where = sent.headers["location"]
    upload = where.removeprefix("/library?upload=")
    assert "Reading 1 document into uploaded" in page(await client.get(where)).text
    told = await ready(client, upload)
    assert told["state"] == "done", told
    told_page = page(await client.get(where))
    read = told_page.text
    assert "What was understood" in read
    assert "is now at version" in read
    assert "1 question" in read
    assert "3 lines skipped" in read
    cells = [each.strip() for each in told_page.texts("td")]
    assert cells[cells.index("Page 1 of 3") - 1] == "12"
    kit = await Library(room.database, room.ours).get("uploaded")
    critical = [atom for atom in kit.of("flag") if atom.critical]
    assert ["Instant disqualification" in atom.text for atom in critical] == [True]
    warned = page(await client.get("/library/uploaded?part=concerns")).text
    assert "Language and accent" in warned
    assert (await room.clients["other"].get(f"/api/uploads/{upload}")).status_code == 404
    lost = page(await client.get("/library?upload=gone"), 404).text
    assert "the server was started again since" in lost
    assert (await audit.lines(room.database, room.ours))[0].action == "uploaded"


async def test_an_upload_that_cannot_be_used_says_why(room: Room) -> None:
    client = room.clients["recruiter"]
    sent = await client.post("/api/library", files={"files": ("a.md", b"\0\0")})
    assert sent.status_code == 202
    told = await ready(client, sent.json()["id"])
    assert told["state"] == "failed"
    assert told["error"]
    none = await client.post("/library", data={"name": "x"})
    assert "No document was chosen." in page(none, 422).text
    assert "reading" not in (await room.clients["evaluator"].get("/library")).text.lower()


async def test_edits_over_http_are_checked_alike(room: Room) -> None:
    before, client = await small(room), room.clients["recruiter"]
    whole = (await client.get("/api/library/small")).json()
    assert (whole["version"], len(whole["atoms"])) == (before.version, len(before.atoms))
    point = id_of(before, "The old version")
    change = {"version": before.version, "id": point, "text": "Fluent English.", "role": "core"}
    made = (await client.put("/api/library/small/atoms", json=change)).json()
    assert made["atom"]["text"] == "Fluent English."
    assert (await client.put("/api/library/small/atoms", json=change)).status_code == 409
    change |= {"version": made["version"], "critical": True}
    assert (await client.put("/api/library/small/atoms", json=change)).status_code == 422
    new = {"version": made["version"], "kind": "fact", "text": "New."}
    assert (await client.post("/api/library/small/atoms", json=new)).status_code == 201
    out = {"version": made["version"], "id": point, "reason": "Hurts."}
    done = (await client.post("/api/library/small/withdrawals", json=out)).json()
    assert done["atom"]["withdrawn"] == "Hurts."
    told = (await client.get("/api/library/small")).json()["atoms"]
    assert [each["concerns"][0]["name"] for each in told if each["concerns"]] == [
        "Language and accent"
    ]


async def test_a_kit_with_an_open_screen_is_not_for_practice(room: Room) -> None:
    client = room.clients["recruiter"]
    for door in (room.ours, LOCAL):
        await Library(room.database, door).save(await small(room))
    wish = {"kit": "small", "level": "mid", "mode": "practice", "minutes": 15}
    screen = await room.screen()
    [line] = [k for k in (await client.get("/api/kits")).json() if k["name"] == "small"]
    assert line["on_screen"]
    refused = await client.post("/api/interviews", json=wish)
    assert refused.status_code == 422
    assert "is not for practice now" in refused.json()["error"]["message"]
    kept = await client.post("/interviews", data=agreed("small", minutes="15"))
    assert kept.status_code in {200, 422}
    assert "/interviews/" not in kept.headers.get("location", "")
    lobby = Html((await client.get("/")).text)
    assert "not for practice now" in lobby.text
    assert "/kits/small" not in lobby.attributes("a", "href")
    shown = Html((await client.get("/kits/small")).text)
    assert "not for practice now" in shown.text
    assert not [f for f in shown.attributes("form", "action") if f.endswith("/notice")]
    assert not [href for href in shown.attributes("a", "href") if "drill=" in href]
    copied = (await small(room)).model_copy(update={"name": "copy"})
    await Library(room.database, room.ours).save(copied)
    with pytest.raises(NotForPractice):
        await room.service.start(Wish(kit="copy", workspace=room.ours))
    assert await room.service.start(Wish(kit="small", workspace=room.theirs))
    await client.post(f"/api/screens/{screen}/close")
    assert (await client.post("/api/interviews", json=wish)).status_code == 201


async def test_whoever_has_the_machine_may_practise_and_is_warned_a_practice_key_may_not(
    tmp_path: Path,
) -> None:
    async with visiting(tmp_path) as visitor:
        await visitor.load(SMALL.read_text())
        key = {
            "Authorization": f"Bearer {(await Keys(visitor.service.store.database).make('k'))[1]}"
        }
        assert "viva/small" in await _models(visitor, key)
        body = {
            "title": "One",
            "kit": "small",
            "minutes": 15,
            "texts": {"company": "Acme", "contact": "people@example.org"},
        }
        made = await visitor.client.post("/api/screens", json=body)
        await visitor.client.post(f"/api/screens/{made.json()['id']}/open")
        assert "viva/small" not in await _models(visitor, key)
        chat = {"model": "viva/small", "messages": [{"role": "user", "content": "Hello"}]}
        refused = await visitor.client.post("/v1/chat/completions", json=chat, headers=key)
        assert refused.status_code == 400
        assert "not for practice now" in refused.text
        assert (
            "You have this machine, so you may practise" in (await visitor.page("/kits/small")).text
        )
        assert await visitor.begin("small", minutes="15.0")


async def _models(visitor: Visitor, key: dict[str, str]) -> list[str]:
    listed = await visitor.client.get("/v1/models", headers=key)
    return [each["id"] for each in listed.json()["data"]]


async def test_a_critical_flag_changes_nothing_but_what_people_are_told(room: Room) -> None:
    kit = await small(room)
    flag = id_of(kit, "Edits rows")
    calm = kit.model_copy(
        update={
            "name": "calm",
            "atoms": tuple(
                a.model_copy(update={"critical": False}) if a.id == flag else a for a in kit.atoms
            ),
        }
    )
    calm = Kit.model_validate(calm.model_dump())
    await Library(room.database, room.ours).save(calm)
    told = [await _held(room, name) for name in ("small", "calm")]
    assert [event for event in told[0] if event["type"] == "flagged"]
    assert _without_critical(told[0]) == _without_critical(told[1])
    assert told[0] != told[1]


async def _held(room: Room, kit: str) -> list[dict[str, Any]]:
    wish = Wish(kit=kit, mode="screen", workspace=room.ours, seed=7, minutes=15.0)
    interview = await room.service.start(wish)
    await room.answer_all(interview, "I edit rows of the production database by hand, always.")
    events = [event.as_json() for event in await room.service.store.events(interview)]
    return [e for e in events if e["type"] not in {"header", "took"}]


def _without_critical(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Apart from when it was and how long it took."""
    passing = {"critical", "at", "seconds", "id", "elapsed"}
    return [{name: value for name, value in e.items() if name not in passing} for e in events]
