"""What leaves the service for a candidate: words said and heard, never what marks them."""

import json
from collections.abc import Iterator
from typing import Any

import pytest_asyncio
from replicas import SMALL, Replica, Talk

from agent.leak import HIDDEN, LeakGuard
from knowledge.kit_yaml import parse_kit

NEVER = {
    "score", "mark", "marks", "verdict", "probability", "atom", "atoms", "indicator", "points",
    "rubric", "reference", "flags", "estimate", "testlet", "testlets", "evidence", "retrieved",
    "policy", "seed", "state", "quote", "anchor", "certainty",
}  # fmt: skip
KIT = parse_kit(SMALL.read_text("utf-8"), "small.yaml")
SECRETS = KIT.model_copy(update={"atoms": tuple(a for a in KIT.atoms if a.kind != "level")})
"""What a level means is told beforehand, in the outline."""


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def screened(served: Replica) -> Talk:
    return await a_whole_interview(served, "screen")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def practised(served: Replica) -> Talk:
    return await a_whole_interview(served, "practice")


def keys(value: Any) -> Iterator[str]:
    """Every key at any depth."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys(inner)


async def everything_seen(talk: Talk) -> list[str]:
    """The bytes of every route a candidate's page may ask, but the report."""
    paths = ("", "/events", "/events?after=0", "/transcript", "/transcript?for=candidate")
    seen = [await talk.http.get(talk.path + path) for path in paths]
    seen += [
        await talk.http.get(talk.path + "/events", headers={"accept": "application/json"}),
        await talk.send("Too late.", question=1),
        await talk.http.get("/api/kits"),
        await talk.http.get("/api/kits/small"),
        await talk.http.get("/api/kits/small?level=senior"),
    ]
    assert all(answer.status_code in (200, 409) for answer in seen)
    return [answer.text for answer in seen]


async def a_whole_interview(replica: Replica, mode: str) -> Talk:
    """Of somebody who takes hints, knows little, adds, and is asked everything."""
    talk = await replica.opened(mode=mode, questions=2)
    await talk.take("I built pipelines with Kafka for three years.")
    replies = ("hint", "hint", "I do not know.", "I would keep two rows, one for each day.")
    for turn in range(40):
        view = await talk.view()
        if view["status"] == "ended":
            return talk
        reply = replies[turn % len(replies)]
        button = reply == "hint" and view["stage"] == "probes"
        await (talk.take(action=reply) if button else talk.take(reply + " That is all."))
    raise AssertionError("the interview never ended")


async def test_nothing_hidden_is_in_any_byte_for_a_candidate(
    screened: Talk, practised: Talk
) -> None:
    guard = LeakGuard(SECRETS)
    seen = await everything_seen(screened)
    seen += [text for text in await everything_seen(practised) if "said" not in text]
    assert len(seen) > 10
    for text in seen:  # in practice it is said what an answer lacked, once its question is closed
        assert not guard.leaks(text)
        assert not [atom.text for atom in SECRETS.of(*HIDDEN) if atom.text in text]


async def test_no_key_for_a_candidate_names_a_mark(screened: Talk) -> None:
    for path in ("", "/transcript"):
        assert not NEVER & set(keys((await screened.http.get(screened.path + path)).json()))
    sent = await screened.watched(0)
    assert len(sent) > 10
    for each in sent:
        assert not NEVER & set(keys(each.data))
    late = await screened.send("Again.", id="never-sent-before", question=1)
    assert not NEVER & set(keys(late.json()))


async def test_a_turn_sent_again_brings_no_marks(served: Replica) -> None:
    talk = await served.opened()
    await talk.take("I built pipelines.", id="sent-twice")
    again = await talk.send("I built pipelines.", id="sent-twice", question=1)
    assert set(keys(again.json())) == {
        "turn_id", "turn", "status", "question", "result", "stage",
    }  # fmt: skip


async def test_the_team_sees_how_every_answer_was_marked(screened: Talk) -> None:
    events = await screened.transcript("team")
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert events[0]["type"] == "header"
    assert {"marked", "said", "heard", "ended"} <= {event["type"] for event in events}
    seen = {event["seq"] for event in await screened.transcript()}
    assert seen < {event["seq"] for event in events}


async def test_a_candidates_report_waits_for_the_end_and_a_teams_does_not(
    served: Replica,
) -> None:
    talk = await served.opened()
    early = await talk.http.get(f"{talk.path}/report")
    assert (early.status_code, early.json()["error"]["code"]) == (409, "not_over")
    assert (await talk.http.get(f"{talk.path}/report?for=team")).status_code == 200
    await talk.end()
    late = await talk.http.get(f"{talk.path}/report")
    assert (late.status_code, late.json()["audience"]) == (200, "candidate")


async def test_the_report_of_a_screen_does_not_print_the_rubric(screened: Talk) -> None:
    mine = (await screened.http.get(f"{screened.path}/report")).text
    theirs = (await screened.http.get(f"{screened.path}/report?for=team")).text
    points = [atom.text for atom in KIT.of("point", "indicator", "flag")]
    assert not [text for text in points if text in mine]
    assert [text for text in points if text in theirs]
    assert all(not question["marks"] for question in json.loads(mine)["questions"])


async def test_only_the_two_audiences_are_known(served: Replica) -> None:
    talk = await served.opened()
    for path in ("transcript", "report"):
        answer = await talk.http.get(f"{talk.path}/{path}?for=everybody")
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid_request")


async def test_the_outline_of_a_kit_names_topics_and_no_question(alone: Replica) -> None:
    outline = (await alone.http.get("/api/kits/small")).json()
    assert [topic["name"] for topic in outline["topics"]] == ["Modelling", "Streaming"]
    assert outline["technologies"] == ["Kafka"]
    text = json.dumps(outline)
    assert not [atom.text for atom in KIT.of("question", "money", "hint") if atom.text in text]
    line = next(kit for kit in (await alone.http.get("/api/kits")).json() if kit["name"] == "small")
    assert line.items() <= outline.items()
