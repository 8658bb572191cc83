"""Keys, models and errors of the practice door, as OpenAI's client sees them."""

import json
from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest
from openai import OpenAI

from api.practice_keys import Keys
from knowledge.database import Database
from tests.api.door.chatting import (
    BACKGROUND,
    MODEL,
    Chat,
    Messages,
    Site,
    asked,
    fresh,
    made_key,
    other_client,
    step,
    streamed,
)


@pytest.mark.parametrize("secret", ["none", "viva-practice-wrong", "sk-1234"])
def test_a_wrong_key_is_refused(site: Site, secret: str) -> None:
    with (
        other_client(site, secret) as wrong,
        pytest.raises(openai.AuthenticationError) as refused,
    ):
        asked(wrong, [{"role": "user", "content": "hi"}])
    assert refused.value.code == "invalid_api_key"
    assert "viva key practice" in refused.value.message


async def test_a_revoked_key_is_refused_at_once(site: Site, database: Database) -> None:
    key, secret = await made_key(site.settings, "for a day")
    with other_client(site, secret) as once:
        assert once.models.list().data
        await Keys(database).revoke("for a day")
        with pytest.raises(openai.AuthenticationError):
            once.models.list()
    assert [k.revoked is None for k in await Keys(database).all() if k.id == key.id] == [False]


def test_every_kit_is_a_model(client: OpenAI) -> None:
    names = [model.id for model in client.models.list()]
    assert names[:2] == [MODEL, f"{MODEL}@junior"]
    assert client.models.retrieve(f"{MODEL}@senior").owned_by == "viva"


@pytest.mark.parametrize("model", ["gpt-4o", "viva/", "viva/none", "viva/data-engineer@guru"])
def test_a_model_that_is_not_there_is_a_404(client: OpenAI, model: str) -> None:
    with pytest.raises(openai.NotFoundError) as refused:
        asked(client, [{"role": "user", "content": "hi"}], model=model)
    assert refused.value.code == "model_not_found"


@pytest.mark.parametrize(
    ("messages", "other", "told"),
    [
        ([], {}, "messages"),
        ([{"role": "user", "content": "  "}], {}, "does not end in a message of the user"),
        ([{"role": "oracle", "content": "hi"}], {}, "role"),
        ([{"role": "user", "content": "hi"}], {"n": 2}, "`n`"),
        ([{"role": "user", "content": 7}], {}, "content"),
    ],
)
def test_what_cannot_be_used_is_a_400_that_says_why(
    client: OpenAI, messages: Messages, other: dict[str, Any], told: str
) -> None:
    with pytest.raises(openai.BadRequestError) as refused:
        asked(client, messages, **other)
    assert told in refused.value.message


def test_an_error_before_a_stream_begins_has_its_own_status(client: OpenAI) -> None:
    with pytest.raises(openai.NotFoundError):
        streamed(client, [{"role": "user", "content": "hi"}], model="viva/none")


def test_a_conversation_that_is_too_large_is_refused(client: OpenAI) -> None:
    with pytest.raises(openai.APIStatusError) as refused:
        asked(client, [{"role": "user", "content": "x" * 2**21}])
    assert refused.value.status_code == 413
    assert refused.value.code == "too_large"


def test_an_answer_that_is_too_long_is_no_turn(client: OpenAI) -> None:
    chat = fresh(client)
    assert "at most 8,000" in chat.say("x" * 8_001)
    assert step(chat.say(BACKGROUND)) == 2


@pytest.mark.parametrize("model", [MODEL, "viva/a\0b", "viva/\u202e\U0001f600"])
def test_odd_characters_break_nothing(client: OpenAI, model: str) -> None:
    odd = "a \0 \u202e \U0001f600 e\u0301 \x1b[31m" + BACKGROUND
    if model != MODEL:
        with pytest.raises(openai.NotFoundError):
            asked(client, [{"role": "user", "content": odd}], model=model)
        return
    chat = Chat(client, odd, user=odd)
    assert step(chat.say(odd)) == 2
    assert chat.ask(chat.messages[:3]) == chat.messages[3]["content"]


def test_half_a_character_breaks_nothing(site: Site, client: OpenAI) -> None:
    lines = [*fresh(client).messages, {"role": "user", "content": "half a \ud800 character"}]
    body = json.dumps({"model": MODEL, "messages": lines})
    headers = {"Authorization": f"Bearer {site.secret}", "Content-Type": "application/json"}
    replies = [
        httpx2.post(f"{site.url}/v1/chat/completions", content=body, headers=headers)
        for _ in range(2)
    ]
    assert [reply.status_code for reply in replies] == [200, 200]
    assert [step(r.json()["choices"][0]["message"]["content"]) for r in replies] == [2, 2]


def test_the_interface_is_documented(site: Site) -> None:
    document = httpx2.get(f"{site.url}/openapi.json").json()
    told = document["paths"]["/v1/chat/completions"]["post"]
    assert {"200", "400", "401", "404", "413", "429", "503"} <= set(told["responses"])
    assert "422" not in told["responses"]
    assert told["security"] == [{"practice key": []}]
    assert "text/event-stream" in told["responses"]["200"]["content"]


def test_what_else_openai_has_is_not_here(client: OpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="is not here"):
        client.embeddings.create(model=MODEL, input="hi")


def test_too_many_requests_are_slowed_down(
    site: Site, monkeypatch: pytest.MonkeyPatch, client: OpenAI
) -> None:
    monkeypatch.setattr("api.door.routes.MOST_A_MINUTE", 0)
    with pytest.raises(openai.RateLimitError) as refused:
        client.models.list()
    assert refused.value.response.headers["retry-after"] == "5"


def test_the_key_is_kept_hashed(site: Site) -> None:
    home: Path = site.settings.home
    kept = b"".join(path.read_bytes() for path in home.glob("viva.db*"))
    assert site.key.id.encode() in kept
    assert site.secret.encode() not in kept
