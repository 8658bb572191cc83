"""Candidates of one screen side by side, and how each was treated beside the others."""

from typing import Any

import pytest_asyncio
from replicas import Replica, Talk

STRONG = (
    "The old version of every row stays beside the new version, and two columns say from when "
    "until when a version was valid. A contract check compares the columns with those agreed "
    "upon. A watermark says how late an event may still be counted, and later events correct the "
    "result or go aside for a person. Another consumer reads the batch again from the last offset."
)
MOST_TURNS = 40
WEAK = "I would restart it and see what happens then."


async def screened(served: Replica, text: str, **wish: Any) -> Talk:
    """A screen to its end, with the same answer to everything."""
    talk = await served.opened(mode="screen", **wish)
    view = await talk.settled()
    for _ in range(MOST_TURNS):
        if view["status"] == "ended":
            return talk
        view = await talk.take("No." if view["stage"] == "wrap_up" else text)
    raise AssertionError("the interview never ended")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def three(served: Replica) -> list[Talk]:
    """A strong and two weak candidates of one screen; its 33 minutes are nobody else's."""
    return [await screened(served, text, minutes=33) for text in (STRONG, WEAK, WEAK)]


async def compare(served: Replica, *ids: str) -> Any:
    return await served.http.get("/api/compare", params={"interview": list(ids)})


async def report(talk: Talk, audience: str) -> dict[str, Any]:
    answer = await talk.http.get(f"{talk.path}/report", params={"for": audience})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def test_three_of_a_screen_are_compared(served: Replica, three: list[Talk]) -> None:
    answer = await compare(served, *(talk.id for talk in three))
    assert answer.status_code == 200, answer.text
    told = answer.json()
    ids = sorted(talk.id for talk in three)
    assert [each["interview"] for each in told["candidates"]] == ids
    assert sorted(id_ for tier in told["tiers"] for id_ in tier) == ids
    assert told["tiers"][0] == [three[0].id]
    assert len(told["common"]) >= 2


async def test_what_cannot_be_compared_is_refused(served: Replica, three: list[Talk]) -> None:
    one = three[0].id
    practice = await served.opened()
    for others, status, words in (
        ([], 422, "interview"),
        ([one], 422, "1 interview cannot be compared"),
        (["nosuchone"], 404, "no interview"),
        ([practice.id], 422, "different modes"),
    ):
        answer = await compare(served, one, *others)
        assert answer.status_code == status, answer.text
        assert words in answer.json()["error"]["message"]


async def test_a_screen_has_a_receipt_beside_the_others(three: list[Talk]) -> None:
    told = (await report(three[0], "team"))["receipt"]
    assert (told["others"], told["same_examiner"], told["examiners"]) == (2, True, ["local"])
    assert 0 < told["common"] <= told["core"]
    shares = {share["name"]: share for share in told["shares"]}
    assert {share["median"] for share in shares.values()} == {None}  # of two, nobody stands out


async def test_a_candidate_sees_no_range_of_two(three: list[Talk]) -> None:
    told = (await report(three[0], "candidate"))["receipt"]
    assert told["others"] == 2
    assert {share["median"] for share in told["shares"]} == {None}
    assert "without showing one person's" in told["sentence"]


async def test_who_left_or_had_another_screen_is_not_among_the_others(
    served: Replica, three: list[Talk]
) -> None:
    left = await served.opened(mode="screen", minutes=33)
    await left.end()
    await screened(served, WEAK, minutes=34)
    await served.opened(mode="screen", minutes=33)
    assert (await report(three[0], "team"))["receipt"]["others"] == 2
    assert (await report(left, "team"))["receipt"]["others"] == 3


async def test_practice_and_what_is_not_over_have_no_receipt(served: Replica) -> None:
    practice = await served.opened()
    await practice.end()
    running = await served.opened(mode="screen", minutes=35)
    assert (await report(practice, "candidate"))["receipt"] is None
    assert (await report(running, "team"))["receipt"] is None
