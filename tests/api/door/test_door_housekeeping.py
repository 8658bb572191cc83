"""Which requests are a client's own housekeeping, and which are for the interviewer."""

import json
from typing import Any

import pytest

from api.door.housekeeping import About, answer, task, wrapped
from api.door.wire import ChatMessage

ABOUT = About("Data Engineer", "k3m9x2p4qa")
TITLE = "Practice interview: Data Engineer"
FOOT = "\n\nInterview code: k3m9x2p4qa · step 2"
QUOTED = f"<chat_history>\nUSER: hi\nASSISTANT: Hello.{FOOT}\n</chat_history>"
LIVE = [("user", "hi"), ("assistant", f"Tell me about Kafka.{FOOT}")]


def messages(*lines: tuple[str, str]) -> list[ChatMessage]:
    return [ChatMessage.model_validate({"role": r, "content": text}) for r, text in lines]


def sections(what: str, form: str) -> str:
    return f"### Task:\n{what}\n\n### Output:\nJSON format: {form}\n\n### Chat History:\n{QUOTED}"


REQUESTS: dict[str, tuple[list[tuple[str, str]], str]] = {
    "a title as JSON": (
        [("user", sections("Write a short title for the chat.", '{ "title": "..." }'))],
        json.dumps({"title": TITLE}),
    ),
    "tags as JSON": (
        [("user", sections("Create two tags for the chat's themes.", '{ "tags": ["one"] }'))],
        '{"tags": ["Interview practice", "Data Engineer"]}',
    ),
    "what to ask next": (
        [("user", sections("Suggest follow-up questions to ask.", '{ "follow_ups": ["One?"] }'))],
        '{"follow_ups": ["/hint", "/clarify", "/skip", "/pause"]}',
    ),
    "search queries": (
        [("user", sections("Decide on search queries to generate.", '{\n "queries": ["a"]\n}'))],
        '{"queries": []}',
    ),
    "the rest of a sentence": (
        [("user", sections("You are an autocompletion system: continue.", '{ "text": "..." }'))],
        '{"text": ""}',
    ),
    "a bare list": (
        [("user", "Suggest 3 follow-ups to this chat. Return only a JSON array.\n\n" + QUOTED)],
        '["/hint", "/clarify", "/skip", "/pause"]',
    ),
    "which tool to call": (
        [
            ("system", 'Available Tools: []\n\nReturn only JSON: {"tool_calls": []}'),
            ("user", "Query: hi"),
        ],
        '{"tool_calls": []}',
    ),
    "a title ordered by the system prompt": (
        [
            ("system", "You create titles for conversations. At most 6 words, no punctuation."),
            ("user", f"user: hi\nassistant: Hello.{FOOT}"),
        ],
        TITLE,
    ),
    "a title of the first message": (
        [
            ("system", "Generate a title for this chat from the message. Only output the title."),
            ("user", "I want to practise."),
        ],
        TITLE,
    ),
    "a title around what is quoted": (
        [("user", "Give this chat a name, 10 characters max:\n```\nhi\n```\nOnly the name:")],
        TITLE,
    ),
    "a title after what is quoted": (
        [
            (
                "user",
                "Here is a message.\n"
                + "I have worked with data. " * 40
                + "\nNow write a title of 5 words for the chat. Reply with the title only.",
            )
        ],
        TITLE,
    ),
    "a title within the conversation": (
        [*LIVE, ("user", "Please create a five word title for our conversation, no quotes.")],
        TITLE,
    ),
    "a title in Chinese": (
        [*LIVE, ("user", "请用五个字直接返回上述对话的标题，不要解释")],
        TITLE,
    ),
    "a summary to go on with": (
        [*LIVE, ("system", "Summarize the chat so far in 150 words or less for future context.")],
        "A practice interview with Viva, an AI interviewer, for Data Engineer. "
        "Interview code: k3m9x2p4qa.",
    ),
    "a face": (
        [("user", "Which emoji fits the speaker's facial expression?\n\nMessage: hi")],
        "💬",
    ),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_housekeeping_is_known_and_answered_in_the_form_asked_for(name: str) -> None:
    lines, expected = REQUESTS[name]
    wanted = task(messages(*lines), None)
    assert wanted is not None
    assert answer(wanted, ABOUT) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Create a topic per message type, without any shared consumer group.",
        "Create a table for the chat with title and body, and no other columns.",
        "Summarize the chat per hour into a rollup, then write it out as JSON.",
        "Generate tags for each message with a classifier and return only JSON.",
        "I would generate a title for the conversation with a model, at most 5 words.",
        "Give the job a name that is unique for the run, and use only the date in it.",
        "Name the conversations table chat_history, without any quotes.",
        "Based on the history of the chat table, I would only keep the title.",
        "Provide a summary of the discussion to the team in 200 words.",
        "# Conversation history\nWrite the messages to a table, with a title, as JSON.",
        "Suggest follow-up questions to the analyst about the chat, only the open ones.",
        "### Task:\nLoad the messages.\n### Output:\nJSON, with the chat's title.",
        "/hint",
    ],
)
def test_an_answer_in_an_interview_is_never_taken_for_housekeeping(text: str) -> None:
    assert task(messages(*LIVE, ("user", text)), None) is None


@pytest.mark.parametrize(
    "lines",
    [
        [("user", "hi")],
        [("user", "Please give me a practice interview about Kafka topics.")],
        [("system", "You are a helpful assistant. Reply in JSON with a message."), ("user", "hi")],
        [("system", "Write clear titles in Markdown. Be brief."), ("user", "hi")],
        [*LIVE, ("system", "Stay in character."), ("user", "A watermark.")],
        [("system", "Generate a title, only the title, for each chat."), *LIVE, ("user", "Yes.")],
    ],
)
def test_the_beginning_of_an_interview_is_no_housekeeping(lines: list[tuple[str, str]]) -> None:
    assert task(messages(*lines), None) is None


def test_a_schema_says_which_fields_are_wanted() -> None:
    fields: dict[str, Any] = {"title": {"type": "string"}, "tags": {"type": "array"}}
    schema = {"type": "json_schema", "json_schema": {"schema": {"properties": fields}}}
    wanted = task(messages(("user", "Generate a title of the chat, no quotes.")), schema)
    assert wanted is not None
    assert json.loads(answer(wanted, ABOUT)) == {
        "title": TITLE,
        "tags": ["Interview practice", "Data Engineer"],
    }


@pytest.mark.parametrize("form", [{"json_schema": 7}, {"json_schema": {"schema": []}}, {}])
def test_a_form_that_is_none_is_passed_over(form: dict[str, Any]) -> None:
    wanted = task(messages(("user", "Generate a title of the chat, no quotes.")), form)
    assert wanted is not None
    assert answer(wanted, ABOUT) == TITLE


def test_an_ended_interview_suggests_its_report() -> None:
    lines, _ = REQUESTS["what to ask next"]
    wanted = task(messages(*lines), None)
    assert wanted is not None
    assert answer(wanted, About("Data Engineer", ended=True)) == '{"follow_ups": ["/report"]}'


def test_words_wrapped_into_documents_are_noticed() -> None:
    assert wrapped("### Task:\nRespond to the user query using the context.\n<context></context>")
    assert not wrapped("Respond to the user with a status code.")


def test_a_long_message_is_read_quickly() -> None:
    long = ["please write " * 90_000, "generate a title for the " * 40_000, "{ '" * 200_000]
    for text in long:
        assert task(messages(*LIVE, ("user", text)), None) is None
        task(messages(("user", text)), None)
