"""Proposals in a workspace: on the kit's page and over JSON, by whom they may be decided, and what
a screen makes of them.
"""

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
import pytest_asyncio
from invited import arrived
from room import SMALL, Room, furnished

from api.hiring import audit
from knowledge.atoms import Kit
from knowledge.kit_yaml import parse_kit
from knowledge.library import Library
from knowledge.proposals import proposals

sys.path.append(str(Path(__file__).parents[2] / "pages"))
from visiting import Html

MORE = """
- question: The pager goes off at three. What do you do?
  id: pager
  has:
  - hint: Who else is <b>awake</b>?
    id: awake
    from:
    proposed: model desk
- flag: Native speakers only.
  id: native
  polarity: positive
  proposed: model desk
  span: we only take native speakers
  from: guide.pdf:12 (page 3)
- competency: Owning it
  id: owning
  has:
  - indicator: Names what they did themselves when the pager went off.
    polarity: positive
links:
- {question: pager, competency: owning, likeness: 0.41, proposed: likeness}
"""

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def rooms(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Room]:
    async with furnished(tmp_path_factory.mktemp("proposals") / "viva") as made:
        yield made


@pytest_asyncio.fixture(loop_scope="module")
async def room(rooms: Room) -> Room:
    """The module's room with a kit for which three things are proposed."""
    kit = parse_kit(SMALL.read_text() + MORE, "small.yaml")
    await Library(rooms.database, rooms.ours).save(kit)
    return rooms


def page(response: httpx2.Response, status: int = 200) -> Html:
    assert response.status_code == status, response.text
    told = Html(response.text)
    assert told.live() == []
    assert told.broken_links() == []
    return told


async def small(room: Room) -> Kit:
    return await Library(room.database, room.ours).get("small")


async def decide(room: Room, who: str, **said: object) -> httpx2.Response:
    return await room.clients[who].post("/library/small/proposals", data=said)


async def test_the_page_quotes_what_a_proposal_rests_on(room: Room) -> None:
    client = room.clients["recruiter"]
    assert "3 proposals for this kit wait" in page(await client.get("/library/small")).text
    told = page(await client.get("/library/small?part=proposed"))
    assert "The document says: “we only take native speakers”" in told.text
    assert "Proposed by model desk, drafted: no document says it." in told.text
    assert "Who else is <b>awake</b>?" in told.text
    assert "by the indicators of: Owning it" in told.text
    assert "Proposed by likeness: 0.41 of 1" in told.text
    assert "Accept all 3 on this page" in told.text
    assert "guide.pdf, page 3" in told.text
    assert "may hurt groups of people" in told.text
    evaluator = page(await room.clients["evaluator"].get("/library/small?part=proposed")).text
    assert "Who else is" in evaluator
    assert "Accept" not in evaluator


async def test_all_on_a_page_are_accepted_at_once(room: Room) -> None:
    before = await small(room)
    ids = [each.id for each in proposals(before)]
    saved = await decide(room, "recruiter", version=before.version, id=ids, do="accept")
    assert saved.status_code == 303
    client = room.clients["recruiter"]
    assert "Saved." in page(await client.get(saved.headers["location"])).text
    after = await small(room)
    assert proposals(after) == ()
    assert after.competencies == {"pager": "owning"}
    lines = await audit.lines(room.database, room.ours, object_=f"kit:{after.version}")
    assert {(line.action, line.detail["atom"]) for line in lines} == {
        ("accepted", id_) for id_ in ids
    }
    told = page(await client.get("/library/small/versions")).text
    assert "Accepted, hint: Who else is" in told


async def test_what_is_rejected_is_shown_as_such_and_can_wait_again(room: Room) -> None:
    before, client = await small(room), room.clients["recruiter"]
    await decide(room, "recruiter", version=before.version, id="native", do="reject")
    now = await small(room)
    assert now.by_id["native"].withdrawn == "rejected"
    assert "Native speakers only." in page(await client.get("/library/small?part=withdrawn")).text
    told = page(await client.get("/library/small/atoms", params={"id": "native"})).text
    assert "Rejected; it had been proposed by model desk" in told
    sent = {"version": now.version, "id": "native", "do": "put back"}
    assert (await client.post("/library/small/atoms", data=sent)).status_code == 303
    assert "native" in {each.id for each in proposals(await small(room))}


async def test_an_edited_proposal_is_accepted_with_its_new_words(room: Room) -> None:
    before, client = await small(room), room.clients["recruiter"]
    sent = {"version": before.version, "id": "awake", "text": "Who else could help?"}
    assert (await client.post("/library/small/atoms", data=sent)).status_code == 303
    after = await small(room)
    assert [a.text for a in after.children("pager", "hint")] == ["Who else could help?"]
    told = page(await client.get("/library/small/atoms", params={"id": "awake"})).text
    assert "It had been proposed by model desk, and a person accepted it." in told


async def test_of_two_who_decide_the_second_is_told(room: Room) -> None:
    before = await small(room)
    sent = {"version": before.version, "id": ["awake", "native"]}
    assert (await decide(room, "recruiter", **sent, do="accept")).status_code == 303
    late = await decide(room, "admin", **sent, do="reject")
    assert "Somebody else has changed this meanwhile" in page(late, 409).text
    assert (await small(room)).by_id["awake"].accepted


async def test_only_recruiters_of_the_workspace_decide(room: Room) -> None:
    before = await small(room)
    sent = {"version": before.version, "id": "awake", "do": "accept"}
    assert (await decide(room, "evaluator", **sent)).status_code == 403
    assert (await decide(room, "other", **sent)).status_code in {404, 409}
    asked = {"version": before.version, "accept": ["awake"]}
    for who, status in (("evaluator", 403), ("nobody", 401), ("other", 409)):
        answer = await room.clients[who].post("/api/library/small/proposals", json=asked)
        assert answer.status_code == status
    assert await small(room) == before


async def test_the_same_over_json(room: Room) -> None:
    client, before = room.clients["recruiter"], await small(room)
    told = (await client.get("/api/library/small/proposals")).json()
    assert told["version"] == before.version
    link, hint, flag = told["proposals"]
    assert (link["proposal"]["what"], link["proposal"]["likeness"]) == ("link", 0.41)
    assert flag["concerns"]
    said = {
        "version": before.version,
        "accept": [link["proposal"]["id"], hint["proposal"]["id"]],
        "reject": [flag["proposal"]["id"]],
    }
    made = (await client.post("/api/library/small/proposals", json=said)).json()
    after = await small(room)
    assert made == {"version": after.version, "waiting": 0}
    again = await client.post("/api/library/small/proposals", json=said | made_version(after))
    assert again.status_code == 404
    both = {"version": after.version, "accept": ["awake"], "reject": ["awake"]}
    for wrong in (both, {"version": after.version}):
        answer = await client.post("/api/library/small/proposals", json=wrong)
        assert answer.status_code in {400, 422}


def made_version(kit: Kit) -> dict[str, str]:
    return {"version": kit.version}


async def test_rubrics_are_looked_for_on_request(room: Room) -> None:
    kit = await small(room)
    await Library(room.database, room.ours).save(kit.changed(links=()))
    client = room.clients["recruiter"]
    found = await client.post("/api/library/small/completion")
    assert found.status_code == 201
    assert found.json()["links"] == 1
    sent = await client.post("/library/small/completion")
    assert (
        "What was found by likeness is below"
        in page(await client.get(sent.headers["location"])).text
    )
    [link] = (await small(room)).links
    assert (link.question, link.competency, link.proposed) == ("pager", "owning", "likeness")


async def test_a_screen_asks_and_says_nothing_that_is_proposed(room: Room) -> None:
    kit = await small(room)
    more = parse_kit(
        "viva: 1\nname: x\natoms:\n- question: Proposed out of the blue?\n"
        "  id: blue\n  proposed: model desk\n  has: [{point: Nothing at all is said here.}]\n",
        "x.yaml",
    )
    await Library(room.database, room.ours).save(kit.changed(atoms=(*more.atoms, *kit.atoms)))
    candidate = await arrived(room)
    interview = await candidate.hold("Who else is awake? Native speakers only. I keep versions.")
    log = (await room.clients["recruiter"].get(f"/api/interviews/{interview}/transcript")).text
    assert "Orders change for thirty days" in log or "Events arrive out of order" in log
    for proposed in ("blue", '"awake"', '"native"', "<b>awake", "Nothing at all is said"):
        assert proposed not in log
