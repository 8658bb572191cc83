"""Interviews at the practice door, by OpenAI's own client."""

import asyncio
import time

import httpx2
import openai
import pytest
from openai import OpenAI

from api.lease import hold, new_owner
from api.store import Store
from knowledge.database import Database
from tests.api.door.chatting import (
    BACKGROUND,
    CODE,
    MODEL,
    STILL,
    Chat,
    Site,
    asked,
    fresh,
    step,
    streamed,
    turns,
)


def test_the_first_reply_has_the_notice_the_code_and_the_warm_up(client: OpenAI) -> None:
    said = fresh(client).messages[-1]["content"]
    assert "An AI interviewer asks here" in said
    assert "nobody decides anything by it" in said
    assert "To warm up" in said
    assert CODE.search(said)


@pytest.mark.parametrize("stream", [False, True])
def test_a_whole_interview_can_be_held_to_its_report(client: OpenAI, stream: bool) -> None:
    chat = fresh(client, stream=stream)
    said, answers = chat.say(BACKGROUND), 0
    while "viva report" not in said:
        answers += 1
        assert answers < 60, said
        wrap_up = "your turn" in said or "like to ask" in said
        said = chat.say("No." if wrap_up else f"I would make it idempotent, case {answers}.")
    assert f"viva report {chat.code} --for candidate" in said
    assert f"/interviews/{chat.code}/report" in said
    report = chat.say("/report")
    assert report.startswith("#")
    assert "idempotent" in report
    after = chat.say("And now?")
    assert "This interview is over" in after
    assert len({CODE.search(m["content"])[1] for m in chat.messages[1:-4:2]}) == 1  # type: ignore[index]


def test_a_stream_says_the_same_as_a_whole_reply_and_counts_at_its_end(client: OpenAI) -> None:
    chat = fresh(client)
    chat.say(BACKGROUND)
    stream = client.chat.completions.create(
        model=MODEL,
        messages=chat.messages[:-1],
        stream=True,
        stream_options={"include_usage": True},
    )
    chunks = list(stream)
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert text == chat.messages[-1]["content"]
    assert chunks[0].choices[0].delta.role == "assistant"
    assert [chunk.choices[0].finish_reason for chunk in chunks[-2:-1]] == ["stop"]
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.completion_tokens > 10
    assert len({chunk.id for chunk in chunks}) == 1
    assert len(chunks) > 5


def test_two_conversations_do_not_meet(client: OpenAI) -> None:
    one, two = fresh(client), fresh(client)
    assert one.code != two.code
    one.say(BACKGROUND)
    assert step(two.say("I have only worked with SQL.")) == 2
    assert step(one.say("/hint")) == 3
    assert "SQL" not in "".join(message["content"] for message in one.messages[2:3])


def test_the_same_words_from_two_users_of_one_key_begin_two_interviews(client: OpenAI) -> None:
    first = f"hi {time.perf_counter_ns()}"
    one, two = Chat(client, first, user="anna"), Chat(client, first, user="ben")
    assert one.code != two.code


def test_a_chat_named_by_its_client_begins_its_own_interview(site: Site, client: OpenAI) -> None:
    first = f"hi {time.perf_counter_ns()}"
    named = [{"extra_headers": {"X-OpenWebUI-Chat-Id": name}} for name in ("a", "b")]
    assert len({Chat(client, first, **each).code for each in named}) == 2


def test_buttons_are_words(client: OpenAI) -> None:
    chat = fresh(client)
    chat.say(BACKGROUND)
    assert "A hint:" in chat.say("/hint")
    assert "paused" in chat.say("/pause")
    assert "We skip that one" in chat.say("/SKIP")
    unknown = chat.say("/jump")
    assert "is no command here" in unknown
    assert STILL.search(unknown)
    assert "comes once the interview is over" in chat.say("/report")
    assert f"viva report {chat.code}" in chat.say("/end")
    assert chat.say("/report").startswith("#")


def test_an_interview_that_went_on_elsewhere_is_told_so(site: Site, client: OpenAI) -> None:
    chat = fresh(client)
    sent = {"turn_id": "from-the-page", "question": 1, "message": BACKGROUND}
    at = f"{site.url}/api/interviews/{chat.code}"
    assert httpx2.post(f"{at}/turns", json=sent).status_code == 202
    said = chat.say("I have only worked with SQL.")
    assert "has gone on in the meantime" in said
    assert step(chat.say("I would keep a history with dates.")) == 3


async def test_time_away_from_the_chat_is_free(
    client: OpenAI, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = fresh(client)
    monkeypatch.setattr("api.door.answering.AWAY", -1.0)
    chat.say(BACKGROUND)
    assert "resumed" in [event.type for event in await Store(database).events(chat.code)]


async def test_a_reply_that_is_long_in_coming_is_had_by_sending_the_same_again(
    client: OpenAI, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = fresh(client)
    answer = [*chat.messages, {"role": "user", "content": BACKGROUND}]
    for name, seconds in {"answering.PATIENCE": 0.3, "routes.SETTLE": 0.1}.items():
        monkeypatch.setattr(f"api.door.{name}", seconds)
    monkeypatch.setattr("api.door.routes.KEEP_ALIVE", 0.1)
    async with hold(database, f"seat:{chat.code}", new_owner(), patience=10):
        with pytest.raises(openai.InternalServerError, match="is kept") as refused:
            await asyncio.to_thread(chat.ask, answer)
        assert refused.value.status_code == 503
        with pytest.raises(openai.APIError, match="is kept"):
            await asyncio.to_thread(streamed, client, answer)
    monkeypatch.undo()
    assert step(await asyncio.to_thread(chat.ask, answer)) == 2
    assert await turns(database, chat.code) == 2


async def test_a_level_can_be_chosen(client: OpenAI, database: Database) -> None:
    chat = fresh(client, model=f"{MODEL}@senior")
    assert (await Store(database).load(chat.code)).level == "senior"


async def test_housekeeping_is_answered_in_its_form_and_is_no_turn(
    client: OpenAI, database: Database
) -> None:
    chat = fresh(client)
    chat.say(BACKGROUND)
    quoted = "\n".join(f"{m['role'].upper()}: {m['content']}" for m in chat.messages)
    ask = (
        '### Task:\nMake a short title for the chat below.\nAnswer as JSON: {{ "{}": {} }}\n'
        f"### Chat History:\n<chat_history>\n{quoted}\n</chat_history>"
    )
    title = asked(client, [{"role": "user", "content": ask.format("title", '"..."')}])
    assert title == '{"title": "Practice interview: Data Engineer"}'
    ups = ask.replace("a short title", "follow-up questions").format("follow_ups", '["..."]')
    assert asked(client, [{"role": "user", "content": ups}]).startswith('{"follow_ups": ["/hint"')
    inside = "Please write a title for our conversation in five words, without punctuation."
    assert chat.ask([*chat.messages, {"role": "user", "content": inside}]).startswith("Practice")
    assert await turns(database, chat.code) == 2
    assert step(chat.say("I would keep a history with dates.")) == 3


def test_a_picture_is_refused_kindly_and_the_interview_goes_on(client: OpenAI) -> None:
    chat = fresh(client)
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}
    parts = [{"type": "text", "text": BACKGROUND}, picture]
    chat.messages.append({"role": "user", "content": parts})
    said = chat.ask(chat.messages)
    assert "I can read text only" in said
    chat.messages.append({"role": "assistant", "content": said})
    assert step(chat.say(BACKGROUND)) == 2


def test_sampling_options_and_tools_have_no_effect(client: OpenAI) -> None:
    tool = {"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}
    chat = fresh(
        client, temperature=2.0, max_tokens=1, tools=[tool], tool_choice="auto", n=1, stop=["."]
    )
    assert "To warm up" in chat.messages[-1]["content"]
