"""Starting, answering, retrying and adding over HTTP, on both databases and two replicas."""

import asyncio

from replicas import Replica, Talk

ANSWER = "I keep the old version of every row beside the new one, with two dates of validity."


async def test_a_start_gives_the_interview_and_its_opening_comes(served: Replica) -> None:
    answer = await served.http.post("/api/interviews", json={"kit": "small", "level": "senior"})
    started = answer.json()
    assert answer.status_code == 201
    assert (started["status"], started["level"], started["kit"]) == ("running", "senior", "small")
    view = await Talk(served.http, started["id"]).settled()
    assert view["question"]["number"] == 1
    assert view["stage"] == "opening"
    assert 2_600 < view["seconds_left"] <= 2_700


async def test_an_answer_is_accepted_and_the_next_question_has_the_next_number(
    served: Replica,
) -> None:
    talk = await served.opened()
    answer = await talk.send("I built pipelines with Kafka.", id="my-first-turn")
    assert answer.status_code == 202
    told = answer.json()
    assert (told["turn_id"], told["turn"], told["status"]) == ("my-first-turn", 2, "accepted")
    view = await talk.settled()
    assert view["question"]["number"] == 2
    assert (await talk.take(ANSWER))["question"]["number"] == 3


async def test_the_same_turn_again_gives_its_stored_result(served: Replica) -> None:
    talk = await served.opened()
    await talk.take("I built pipelines.", id="sent-twice")
    before = await talk.transcript("team")
    again = await talk.send("I built pipelines.", id="sent-twice", question=1)
    assert again.status_code == 200
    assert again.json()["status"] == "committed"
    assert again.json()["result"] == {"stage": "probes", "question": 2, "status": "running"}
    assert await talk.transcript("team") == before


async def test_the_same_id_with_other_words_is_refused_with_the_open_question(
    served: Replica,
) -> None:
    talk = await served.opened()
    view = await talk.take("I built pipelines.", id="sent-twice")
    for sent in ({"message": "I built houses."}, {"action": "skip"}):
        refused = await talk.send(**sent, id="sent-twice", question=1)
        assert refused.status_code == 409
        assert refused.json()["error"]["code"] == "other_text"
        assert refused.json()["error"]["question"] == view["question"]


async def test_an_answer_to_an_old_or_a_future_question_is_refused(served: Replica) -> None:
    talk = await served.opened()
    view = await talk.take("I built pipelines.")
    for number in (0, 1, 3, 100_000):
        refused = await talk.send("Late.", question=number)
        assert refused.status_code == 409
        assert refused.json()["error"]["code"] == "not_open"
        assert refused.json()["error"]["question"] == view["question"]
    assert (await talk.view())["turns"] == 2


async def test_of_two_tabs_that_answer_at_once_one_is_heard(served: Replica) -> None:
    await _one_of_many(await served.opened(), served)


async def test_of_two_replicas_that_answer_at_once_one_is_heard(
    served: Replica, second: Replica
) -> None:
    await _one_of_many(await served.opened(), second)


async def _one_of_many(talk: Talk, other: Replica) -> None:
    doors = [talk, talk.through(other)] * 3
    sent = [door.send(f"I am number {n}.", question=1) for n, door in enumerate(doors)]
    answers = await asyncio.gather(*sent)
    assert sorted(answer.status_code for answer in answers) == [202, *[409] * 5]
    assert {a.json()["error"]["code"] for a in answers if a.status_code == 409} <= {
        "under_way",
        "not_open",
    }
    won = next(n for n, answer in enumerate(answers) if answer.status_code == 202)
    await talk.settled()
    heard = [event["text"] for event in await talk.transcript() if event["type"] == "heard"]
    assert heard == [f"I am number {won}."]


async def test_the_same_turn_through_two_replicas_at_once_is_one_turn(
    served: Replica, second: Replica
) -> None:
    talk = await served.opened()
    doors = [talk, talk.through(second)] * 3
    sent = [door.send("Only once.", id="one-and-the-same", question=1) for door in doors]
    answers = await asyncio.gather(*sent)
    assert sorted(answer.status_code for answer in answers) == [*[200] * 5, 202]
    assert (await talk.settled())["turns"] == 2


async def test_an_interview_goes_on_at_another_replica(served: Replica, second: Replica) -> None:
    talk = await served.opened()
    there = talk.through(second)
    await there.take("I built pipelines with Kafka.")
    await talk.take(ANSWER)
    assert (await there.view())["turns"] == 3
    assert await there.transcript() == await talk.transcript()


async def test_words_can_be_added_to_the_last_answer(served: Replica) -> None:
    talk = await served.opened()
    await talk.take("I built pipelines with Kafka.")
    asked = await talk.take(ANSWER)
    added = await talk.amend(3, "And I compare the columns with those agreed upon.", "added-one")
    assert added.status_code == 202
    view = await talk.settled()
    assert view["question"]["text"] == asked["question"]["text"]
    heard = [event for event in await talk.transcript() if event["type"] == "heard"]
    assert [event["amends"] for event in heard] == [None, None, 3]
    again = await talk.amend(3, "And I compare the columns with those agreed upon.", "added-one")
    assert again.status_code == 200


async def test_only_what_answered_a_question_can_be_added_to(served: Replica) -> None:
    talk = await served.opened()
    await talk.take(action="skip")
    for turn in (1, 3, 100_000):
        refused = await talk.amend(turn, "More.")
        assert refused.status_code == 422, refused.text
        assert refused.json()["error"]["code"] == "bad_input"


async def test_the_buttons_do_what_they_say(served: Replica) -> None:
    talk = await served.opened()
    await talk.take("I built pipelines.")
    hinted = await talk.take(action="hint")
    clarified = await talk.take(action="clarify")
    assert clarified["question"]["text"] == hinted["question"]["text"]
    assert (await talk.take(action="pause"))["status"] == "paused"
    assert (await talk.take(action="resume"))["status"] == "running"
    skipped = await talk.take(action="skip")
    assert skipped["question"]["text"] != clarified["question"]["text"]
    pressed = [event["action"] for event in await talk.transcript() if event["type"] == "heard"]
    assert pressed == [None, "hint", "clarify", "pause", "resume", "skip"]


async def test_the_end_button_needs_no_second_word(served: Replica) -> None:
    talk = await served.opened()
    view = await talk.end()
    assert (view["status"], view["stage"], view["question"]) == ("ended", "done", None)
    refused = await talk.send("One more thing.", question=2)
    assert refused.status_code == 409
    assert refused.json()["error"]["code"] == "ended"
    assert "question" not in refused.json()["error"]


async def test_a_turn_sent_before_the_opening_is_over_is_told_to_wait(served: Replica) -> None:
    talk = await served.start()
    early = await talk.send("Hello?", question=0)
    assert early.status_code == 409
    assert early.json()["error"]["code"] in {"under_way", "not_open"}
    assert (await talk.settled())["turns"] == 1


async def test_hostile_words_are_kept_and_come_back_as_text(served: Replica) -> None:
    words = "<script>alert(1)</script> \u202e ${7*7} '; drop table turns; -- \N{PILE OF POO}"
    talk = await served.opened()
    await talk.take(words)
    heard = [event["text"] for event in await talk.transcript() if event["type"] == "heard"]
    assert heard == [words]


async def test_what_no_database_can_store_is_replaced(served: Replica) -> None:
    talk = await served.opened()
    body = '{"turn_id": "a-turn-of-mine", "question": 1, "message": "a\\u0000b"}'
    answer = await served.http.post(
        f"{talk.path}/turns", content=body, headers={"content-type": "application/json"}
    )
    assert answer.status_code == 202
    await talk.settled()
    heard = [event["text"] for event in await talk.transcript() if event["type"] == "heard"]
    assert heard == ["a\N{REPLACEMENT CHARACTER}b"]


async def test_the_longest_message_is_taken_and_one_sign_more_is_not(served: Replica) -> None:
    talk = await served.opened()
    await talk.take("pipelines! " * 727 + "abc")
    refused = await talk.send("x" * 8_001)
    assert refused.status_code == 422
    assert "8000" in refused.json()["error"]["message"]
