"""Screens as a recruiter and as a machine make them."""

from dataclasses import replace

import pytest
from room import SMALL, Room

from api.hiring.errors import Unfit
from api.hiring.screens import NewScreen, Screens, Texts
from api.hiring.tables import LOCAL
from api.identity.caller import THIS_MACHINE
from knowledge.database import Database
from knowledge.errors import BadInput, NotFound
from knowledge.kit_yaml import parse_kit
from knowledge.library import Library

TEXTS = {"company": "Acme", "contact": "people@example.org"}
WISH = NewScreen(title="First talk", kit="small", minutes=15.0, texts=Texts(**TEXTS))

WRONG: list[tuple[dict[str, object], int]] = [
    ({"kit": "nothing"}, 404),
    ({"subjects": ["Cookery"]}, 422),
    ({"minutes": 5, "subjects": ["Modelling", "Streaming"]}, 422),
    ({"examiner": "model"}, 422),
    ({"minutes": 4}, 422),
    ({"title": "  "}, 422),
    ({"texts": {}}, 422),
    ({"texts": TEXTS | {"message": "Come!"}}, 422),
    ({"texts": TEXTS | {"message": "{link} {secret}"}}, 422),
    ({"opens": 2e9, "closes": 1.9e9}, 422),
    ({"surprise": 1}, 422),
]


async def test_a_machine_makes_opens_and_closes_a_screen(room: Room) -> None:
    client = room.clients["recruiter"]
    body = {"title": "First talk", "kit": "small", "minutes": 15, "texts": TEXTS}
    made = await client.post("/api/screens", json=body)
    assert made.status_code == 201, made.text
    id_ = made.json()["id"]
    assert made.json()["status"] == "draft"
    opened = await client.post(f"/api/screens/{id_}/open")
    assert opened.json()["status"] == "open"
    [listed] = (await client.get("/api/screens")).json()
    assert (listed["id"], listed["invited"], listed["begun"]) == (id_, 0, 0)
    closed = await client.post(f"/api/screens/{id_}/close")
    assert (closed.json()["status"], closed.json()["closed"] is None) == ("closed", False)


async def test_what_cannot_be_held_is_refused_before_anybody_is_invited(room: Room) -> None:
    for wrong, status in WRONG:
        body = {"title": "First talk", "kit": "small", "minutes": 15, "texts": TEXTS} | wrong
        answer = await room.clients["recruiter"].post("/api/screens", json=body)
        assert answer.status_code == status, (wrong, answer.text)
        assert answer.json()["error"]["remedy"]
    assert (await room.clients["recruiter"].get("/api/screens")).json() == []


async def test_what_is_asked_stays_once_a_screen_is_open(sql: Database) -> None:
    screens, caller = Screens(sql), THIS_MACHINE
    await Library(sql).save(parse_kit(SMALL.read_text(), "small.yaml"))
    id_ = await screens.make(caller, WISH)
    await screens.change(caller, id_, replace(WISH, level="senior"))
    await screens.open(caller, id_)
    opened = await screens.get(LOCAL, id_)
    assert opened.level == "senior"
    assert opened.policy is not None
    with pytest.raises(BadInput, match="cannot change"):
        await screens.change(caller, id_, WISH)
    await screens.change(caller, id_, replace(WISH, level="senior", title="Another name"))
    assert (await screens.get(LOCAL, id_)).title == "Another name"
    await screens.close(caller, id_)
    with pytest.raises(BadInput, match="closed"):
        await screens.change(caller, id_, replace(WISH, level="senior"))
    with pytest.raises(BadInput, match="closed"):
        await screens.open(caller, id_)
    late = await screens.make(caller, replace(WISH, closes=1_000_000_000.0))
    with pytest.raises(Unfit) as told:
        await screens.open(caller, late)
    assert told.value.field == "closes"


async def test_another_workspaces_screen_is_not_there(room: Room) -> None:
    id_ = await room.screen()
    other = room.clients["other"]
    for path in ("", "/invites"):
        assert (await other.get(f"/api/screens/{id_}{path}")).status_code == 404
    for action in ("open", "close"):
        assert (await other.post(f"/api/screens/{id_}/{action}")).status_code == 404
    with pytest.raises(NotFound):
        await Screens(room.database).change(room.callers["other"], id_, WISH)
    assert (await room.clients["evaluator"].post(f"/api/screens/{id_}/close")).status_code == 403
