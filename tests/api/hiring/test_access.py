"""Who gets in, and to what."""

import httpx2
from room import Room

from api.conduct import Wish
from api.identity.rules import ACCESS


async def test_each_role_is_known_by_its_session(room: Room) -> None:
    for role in ("admin", "recruiter", "evaluator"):
        assert (await room.clients[role].get("/api/kits")).status_code == 200
    assert (await room.clients["nobody"].get("/api/kits")).status_code == 401


async def test_a_candidate_sees_the_own_interview_and_nothing_else(room: Room) -> None:
    screen = await room.screen()
    _, token = await room.invite(screen)
    client = await room.candidate(token)
    assert (await client.get("/api/kits")).status_code == 403
    own = await room.service.start(
        Wish(kit="small", mode="screen", workspace=room.ours, screen=screen, invite="nobody")
    )
    await room.settle(own)
    assert (await client.get(f"/api/interviews/{own}")).status_code == 404
    assert (await room.clients["recruiter"].get(f"/api/interviews/{own}")).status_code == 200
    assert (await room.clients["other"].get(f"/api/interviews/{own}")).status_code == 404


def test_every_route_of_the_table_has_somebody_who_may_call_it() -> None:
    assert all(rule.roles for rule in ACCESS.values())


async def test_a_wrong_key_opens_nothing(room: Room) -> None:
    headers = {"Authorization": "Bearer viva_key_wrong"}
    answer: httpx2.Response = await room.clients["nobody"].get("/api/kits", headers=headers)
    assert answer.status_code == 401
