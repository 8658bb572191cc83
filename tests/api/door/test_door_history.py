"""What a client makes of a conversation: again, edited, trimmed, elsewhere."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields

import pytest
from openai import OpenAI

from api.records import NewInterview
from api.store import Store
from knowledge.database import Database
from tests.api.door.chatting import (
    BACKGROUND,
    CODE,
    STILL,
    Chat,
    Site,
    asked,
    fresh,
    made_key,
    other_client,
    step,
    turns,
)


async def test_regenerate_returns_the_same_words_and_is_no_turn(
    client: OpenAI, database: Database
) -> None:
    chat = fresh(client)
    said = chat.say(BACKGROUND)
    next_said = chat.say("I would keep a history with dates.")
    assert await turns(database, chat.code) == 3
    assert chat.ask(chat.messages[:5]) == next_said
    assert chat.ask(chat.messages[:3]) == said
    assert await turns(database, chat.code) == 3


def test_the_first_reply_can_be_generated_again_until_it_is_answered(client: OpenAI) -> None:
    chat = fresh(client)
    first = chat.messages[-1]["content"]
    assert chat.ask(chat.messages[:1]) == first
    chat.say(BACKGROUND)
    assert CODE.search(chat.ask(chat.messages[:1]))[1] != chat.code  # type: ignore[index]


async def test_retries_at_once_are_answered_once(client: OpenAI, database: Database) -> None:
    chat = fresh(client)
    messages = [*chat.messages, {"role": "user", "content": BACKGROUND}]
    spaced = [*chat.messages, {"role": "user", "content": BACKGROUND.replace(" ", "\n ")}]
    with ThreadPoolExecutor(6) as pool:
        said = set(pool.map(chat.ask, [messages, spaced] * 3))
    assert len(said) == 1
    assert await turns(database, chat.code) == 2


def test_first_messages_sent_at_once_begin_one_interview(client: OpenAI) -> None:
    first = [{"role": "user", "content": f"hello {time.perf_counter_ns()}"}]
    with ThreadPoolExecutor(4) as pool:
        said = set(pool.map(lambda _: asked(client, first), range(4)))
    assert len(said) == 1


async def test_two_answers_at_once_are_not_both_taken(client: OpenAI, database: Database) -> None:
    chat = fresh(client)
    texts = [f"{BACKGROUND} Number {number}." for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        said = list(
            pool.map(lambda t: chat.ask([*chat.messages, {"role": "user", "content": t}]), texts)
        )
    assert sum("still at step" not in reply for reply in said) == 1
    assert await turns(database, chat.code) == 2


@pytest.mark.parametrize("edited", [1, 2, 3, 4])
async def test_an_edited_history_is_refused_kindly(
    client: OpenAI, database: Database, edited: int
) -> None:
    chat = fresh(client)
    chat.say(BACKGROUND)
    question = chat.say("I would keep a history with dates.")
    changed = [dict(message) for message in chat.messages]
    changed[edited]["content"] = "In truth: " + changed[edited]["content"]
    changed.append({"role": "user", "content": "And so on."})
    before = await Store(database).events(chat.code)
    said = chat.ask(changed)
    assert "not as it was said here" in said
    assert STILL.search(said)
    assert question.split("\n\n")[-2][-40:] in said
    assert await Store(database).events(chat.code) == before


async def test_a_question_that_was_answered_is_not_answered_again(
    client: OpenAI, database: Database
) -> None:
    chat = fresh(client)
    chat.say(BACKGROUND)
    chat.say("I would keep a history with dates.")
    again = [*chat.messages[:4], {"role": "user", "content": "No, I would not."}]
    assert "answers that were given stay" in chat.ask(again).casefold()
    assert await turns(database, chat.code) == 3


def test_after_a_refusal_one_goes_on_in_the_same_chat(client: OpenAI) -> None:
    chat = fresh(client)
    chat.say(BACKGROUND)
    chat.messages[2]["content"] = "Ten years of everything."
    refused = chat.say("I would keep a history with dates.")
    assert "not as it was said here" in refused
    assert step(chat.say("I would keep a history with dates.")) == 3
    assert step(chat.say("/skip")) == 4


@pytest.mark.parametrize("kept", [1, 2, 3])
def test_a_client_that_trims_old_messages_goes_on(client: OpenAI, kept: int) -> None:
    chat = fresh(client)
    chat.say(BACKGROUND)
    chat.say("I would keep a history with dates.")
    system = {"role": "system", "content": "You are an interviewer."}
    trimmed = [system, *chat.messages[-kept:], {"role": "user", "content": "As I said."}]
    assert step(chat.ask(trimmed)) == 4


def test_a_client_may_change_white_space(client: OpenAI) -> None:
    chat = fresh(client)
    chat.say(BACKGROUND)
    for message in chat.messages:
        message["content"] = "  " + message["content"].replace("\n\n", "\n").replace(". ", ".\n")
    assert step(chat.say("I would keep a history with dates.")) == 3


async def test_a_reply_that_was_never_seen_is_not_answered_blindly(
    client: OpenAI, database: Database
) -> None:
    chat = fresh(client)
    chat.ask([*chat.messages, {"role": "user", "content": BACKGROUND}])
    chat.messages.append({"role": "user", "content": BACKGROUND})
    said = chat.say("Hello? Are you there?")
    assert "Your message before this one had reached me" in said
    assert await turns(database, chat.code) == 2
    assert step(chat.say("I would keep a history with dates.")) == 3


def test_after_a_reply_was_stopped_half_way_one_goes_on(client: OpenAI) -> None:
    chat = fresh(client)
    chat.say(BACKGROUND)
    chat.messages[-1]["content"] = chat.messages[-1]["content"][:20]
    assert step(chat.say("I would keep a history with dates.")) == 3


def test_the_code_pasted_into_a_new_chat_goes_on_there(client: OpenAI) -> None:
    chat = fresh(client)
    question = chat.say(BACKGROUND)
    elsewhere = Chat(client, f" {chat.code}\n")
    said = elsewhere.messages[-1]["content"]
    assert "Welcome back" in said
    assert question.split("\n\n")[-2][-40:] in said
    assert step(elsewhere.say("I would keep a history with dates.")) == 3
    assert "not as it was said" in chat.say("Something else altogether.")


def test_a_conversation_whose_code_is_gone_is_told_how_to_go_on(client: OpenAI) -> None:
    lines = [
        {"role": "user", "content": "hi"},
        {"role": "assistant", "content": "Hello, I am another model."},
        {"role": "user", "content": "Interview me."},
    ]
    said = asked(client, lines)
    assert "Paste your interview code" in said
    lines += [{"role": "assistant", "content": said}, {"role": "user", "content": "/start"}]
    assert step(asked(client, lines)) == 1


async def test_another_keys_interview_is_as_if_it_were_not_there(
    site: Site, client: OpenAI, database: Database
) -> None:
    chat = fresh(client)
    _, secret = await made_key(site.settings)
    with other_client(site, secret) as other:
        foreign = asked(other, [{"role": "user", "content": chat.code}])
        made_up = asked(other, [{"role": "user", "content": "k3m9x2p4qa"}])
        assert foreign.replace(chat.code, "X") == made_up.replace("k3m9x2p4qa", "X")
        answer = [*chat.messages, {"role": "user", "content": BACKGROUND}]
        assert "I know no practice interview" in asked(other, answer)
    assert await turns(database, chat.code) == 1


async def test_only_practice_from_this_door_is_gone_on_with(
    client: OpenAI, database: Database
) -> None:
    chat = fresh(client)
    stored = await Store(database).load(chat.code)
    assert (stored.mode, stored.level) == ("practice", "mid")
    new = {each.name: getattr(stored, each.name) for each in fields(NewInterview)}
    elsewhere = await Store(database).create(NewInterview(**new))
    said = asked(client, [{"role": "user", "content": f"Interview code: {elsewhere}"}])
    assert "I know no practice interview" in said
