"""Contests over real sockets: the interface for programs, and the forms of the report page."""

import uuid
from typing import Any

import httpx2
import pytest
import pytest_asyncio
from replicas import SMALL, Replica, Talk

from knowledge.kit_yaml import parse_kit
from knowledge.library import Library

SAID = "We keep the old version of every row with two dates."
WORDS = "the old version of every row"
PAGE = {"accept": "text/html"}


@pytest_asyncio.fixture(loop_scope="session")
async def kit(served: Replica) -> str:
    """The name of a kit of its own: withdrawing makes new versions."""
    name = f"contested-{uuid.uuid4().hex[:8]}"
    small = parse_kit(SMALL.read_text("utf-8"), "small.yaml")
    await Library(served.service.store.database).save(small.model_copy(update={"name": name}))
    return name


async def over(served: Replica, kit: str, **wish: Any) -> Talk:
    """An interview that ended after one answer to its first question."""
    talk = await served.opened(kit=kit, **wish)
    await talk.take("I have moved data for two years.")
    await talk.take(SAID)
    await talk.end()
    return talk


async def contest(talk: Talk, **sent: Any) -> httpx2.Response:
    body = {"contest_id": "contest-0001", "question": 1, "reason": "I did say that."} | sent
    return await talk.http.post(f"{talk.path}/contests", json=body)


async def decide(talk: Talk, number: int = 1, **sent: Any) -> httpx2.Response:
    body = {"upheld": True, "reason": "It was said.", "by": "Ada"} | sent
    return await talk.http.post(f"{talk.path}/contests/{number}/decision", json=body)


async def not_shown(talk: Talk) -> list[str]:
    answer = await talk.http.get(f"{talk.path}/report", params={"for": "team"})
    marks = [given["mark"] for given in answer.json()["questions"][0]["marks"]]
    return [m["atom"] for m in marks if m["verdict"] != "met" and m["polarity"] != "negative"]


async def test_a_contest_is_taken_in_once_and_seen_by_both(served: Replica, kit: str) -> None:
    talk = await over(served, kit)
    first, second = await contest(talk, words=WORDS), await contest(talk, words=WORDS)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert (first.json()["quote"], first.json()["state"]) == (WORDS, "open")
    for audience in ("candidate", "team"):
        listed = await talk.http.get(f"{talk.path}/contests", params={"for": audience})
        assert listed.json() == [first.json()]
    lines = (await talk.http.get("/api/contests")).json()
    assert {"interview": talk.id, "kit": kit, "contest": first.json()} in lines


async def test_a_contest_that_cannot_be_is_told_why(served: Replica, kit: str) -> None:
    talk = await over(served, kit)
    for sent, code in (
        ({"words": "what nobody said"}, "bad_input"),
        ({"question": 99}, "bad_input"),
        ({"atom": "nothing"}, "bad_input"),
        ({"reason": "a" * 2_001}, "invalid_request"),
    ):
        answer = await contest(talk, **sent)
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, code), answer.text
    running = await served.opened(kit=kit)
    answer = await contest(running)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "not_over")
    assert (await contest(Talk(served.http, "nowhere"))).status_code == 404


async def test_a_decision_counts_at_once_and_stays_decided(served: Replica, kit: str) -> None:
    talk = await over(served, kit)
    assert (await decide(talk)).status_code == 404
    await contest(talk)
    decided = await decide(talk)
    assert (decided.status_code, decided.json()["state"]) == (200, "upheld")
    report = (await talk.http.get(f"{talk.path}/report", params={"for": "team"})).json()
    assert report["questions"][0]["review"] == "set_aside"
    assert (await decide(talk)).json() == decided.json()
    other = await decide(talk, upheld=False)
    assert (other.status_code, other.json()["error"]["code"]) == (409, "already")


async def test_a_withdrawal_lists_whom_it_touched(served: Replica, kit: str) -> None:
    talk = await over(served, kit)
    (atom, *_) = await not_shown(talk)
    await contest(talk, atom=atom)
    assert (await decide(talk, withdraw=True)).json()["withdrawn"] is True
    touched = (await talk.http.get("/api/withdrawn", params={"atom": atom})).json()
    mine = next(each for each in touched if each["id"] == talk.id)
    assert (mine["kit"], mine["recounted"]) == (kit, True)
    current = await Library(served.service.store.database).get(kit)
    assert current.by_id[atom].withdrawn == "It was said."
    missing = await talk.http.get("/api/withdrawn", params={"atom": "nothing"})
    assert missing.status_code == 404


async def test_the_candidate_of_a_screen_is_told_no_rubric(served: Replica, kit: str) -> None:
    talk = await over(served, kit, mode="screen")
    (atom, *_) = await not_shown(talk)
    refused = await contest(talk, atom=atom)
    unknown = await contest(talk, atom="nothing")
    assert refused.status_code == 422
    assert refused.json() == unknown.json()
    await contest(talk, words=WORDS)
    await decide(talk, points=[{"atom": atom, "words": WORDS}])
    (told,) = (await talk.http.get(f"{talk.path}/contests")).json()
    assert (told["state"], told["atom"], told["decided_by"]) == ("upheld", None, None)
    point = (await Library(served.service.store.database).get(kit)).by_id[atom].text
    for path in ("contests", "report", "transcript"):
        assert point not in (await talk.http.get(f"{talk.path}/{path}")).text


# The forms of the report page.


async def sent_form(talk: Talk, path: str, **fields: str) -> httpx2.Response:
    return await talk.http.post(f"/interviews/{talk.id}/{path}", data=fields, headers=PAGE)


async def test_the_forms_lead_back_to_the_contest_on_the_report(served: Replica, kit: str) -> None:
    talk = await over(served, kit)
    fields = {"question": "1", "reason": "I did say that.", "words": WORDS}
    for _twice in range(2):
        answer = await sent_form(talk, "contests", **fields)
        assert answer.status_code == 303
        report = f"/interviews/{talk.id}/report"
        assert answer.headers["location"] == f"{report}?for=candidate#contest-1"
    assert len((await talk.http.get(f"{talk.path}/contests")).json()) == 1
    answer = await sent_form(
        talk, "contests/1/decision", decision="refuse", reason="It was not.", by="Ada"
    )
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/interviews/{talk.id}/report?for=team#contest-1"
    (told,) = (await talk.http.get(f"{talk.path}/contests")).json()
    assert (told["state"], told["decision"]) == ("refused", "It was not.")


async def test_a_form_filled_with_words_can_withdraw_or_refuse_all_the_same(
    served: Replica, kit: str
) -> None:
    talk = await over(served, kit)
    (atom, *_) = await not_shown(talk)
    await contest(talk, atom=atom, words=WORDS)
    await contest(talk, contest_id="contest-0002")
    said = {"reason": "So it is.", "by": "Ada", "words": WORDS}
    first = await sent_form(talk, "contests/1/decision", decision="uphold", withdraw="yes", **said)
    points = {"point": "", "point_words": ""}
    second = await sent_form(talk, "contests/2/decision", decision="refuse", **points, **said)
    assert (first.status_code, second.status_code) == (303, 303), first.text + second.text
    told = (await talk.http.get(f"{talk.path}/contests")).json()
    assert [(each["state"], each["withdrawn"]) for each in told] == [
        ("upheld", True),
        ("refused", False),
    ]


async def test_points_stand_beside_their_words_in_the_form(served: Replica, kit: str) -> None:
    talk = await over(served, kit)
    (atom, *_) = await not_shown(talk)
    await contest(talk)
    fields = {
        "decision": "uphold",
        "reason": "So it is.",
        "by": "Ada",
        "point": ["", atom],
        "point_words": ["", WORDS],
    }
    answer = await talk.http.post(
        f"/interviews/{talk.id}/contests/1/decision", data=fields, headers=PAGE
    )
    assert answer.status_code == 303, answer.text
    report = (await talk.http.get(f"{talk.path}/report", params={"for": "team"})).json()
    marks = {given["mark"]["atom"]: given["mark"] for given in report["questions"][0]["marks"]}
    assert (marks[atom]["verdict"], marks[atom]["source"]) == ("met", "human")


@pytest.mark.parametrize(
    ("path", "fields", "status"),
    [
        ("contests", {"reason": "Why."}, 422),
        ("contests", {"question": "1", "reason": " "}, 422),
        ("contests", {"question": "1", "reason": "Why.", "words": "never said"}, 422),
        ("contests/1/decision", {"reason": "Why.", "by": "Ada"}, 422),
        ("contests/7/decision", {"decision": "refuse", "reason": "Why.", "by": "Ada"}, 404),
        ("contests/x/decision", {"decision": "refuse"}, 422),
    ],
)
async def test_a_form_that_cannot_be_taken_is_told_on_a_page(
    served: Replica, kit: str, path: str, fields: dict[str, str], status: int
) -> None:
    talk = await over(served, kit)
    answer = await sent_form(talk, path, **fields)
    assert answer.status_code == status
    assert "<h1" in answer.text
