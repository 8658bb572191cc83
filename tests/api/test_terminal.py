"""What a typed message becomes before it is sent, and how speech is shown."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterable
from typing import Any, cast

import pytest

from agent.events import Said, Speaking
from api.terminal import LONGEST, Chat, Face, Pipe, Screen, looks_like_command, parse
from knowledge.errors import BadInput


@pytest.mark.parametrize(
    ("typed", "turn"),
    [
        ("/hint", ("hint", "")),
        ("/SKIP ", ("skip", "")),
        ("/amend and the key", ("amend", "and the key")),
        ("/amend\tand the key", ("amend", "and the key")),
        ("/etc/hosts is wrong there", ("answer", "/etc/hosts is wrong there")),
        ("/skip nothing, check all", ("answer", "/skip nothing, check all")),
        ("I would use a queue.\n/hint", ("answer", "I would use a queue.\n/hint")),
        (None, ("end_of_input", "")),
    ],
)
def test_a_typed_message_becomes_a_turn(typed: str | None, turn: tuple[str, str]) -> None:
    assert parse(typed) == turn


@pytest.mark.parametrize("typed", ["/hnit", "/amend", "a" * (LONGEST + 1)])
def test_what_cannot_be_sent_says_why(typed: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse(typed)
    assert refused.value.remedy


@pytest.mark.parametrize(
    ("line", "at_once"),
    [("/hint\n", True), ("/etc/hosts is wrong\n", False), ("/ or not\n", False)],
)
def test_only_a_command_is_sent_at_once(line: str, at_once: bool) -> None:
    assert looks_like_command(line) is at_once


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        ("/hint\nand more\n\n", "/hint"),
        ("/etc/hosts is wrong\nso I mend it\n\n", "/etc/hosts is wrong\nso I mend it"),
        ("\n\n/ is the root\n\n", "/ is the root"),
    ],
)
def test_on_a_screen_an_answer_that_begins_with_a_slash_may_have_several_lines(
    typed: str, heard: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def first() -> str | None:
        return await Screen().hear()

    reading, writing = os.pipe()
    os.write(writing, typed.encode())
    os.close(writing)
    with os.fdopen(reading) as keyboard:
        monkeypatch.setattr(sys, "stdin", keyboard)
        assert asyncio.run(first()) == heard


class Streamed:
    """The events of one turn, as a conductor gives them."""

    def __init__(self, *events: Speaking | Said) -> None:
        self._events = events

    async def __aiter__(self) -> AsyncIterator[dict[str, Any]]:
        for event in self._events:
            yield event.model_dump(mode="json")


def said(text: str) -> Said:
    return Said(text=text, stage="probes", purpose="question")


async def shown(
    face: Face, events: Iterable[Speaking | Said], capsys: pytest.CaptureFixture[str]
) -> list[str]:
    """The lines on standard output."""
    chat = Chat(cast("Any", None), "i-1", cast("Any", None), face)
    await chat._show(cast("Any", Streamed(*events)))
    return [line.strip() for line in capsys.readouterr().out.splitlines() if line.strip()]


ONE, TWO = "You keep both rows.", "What does the table hold?"


async def test_a_sentence_is_on_the_screen_before_the_next_one_is_there(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Screen().speak(ONE, again=False)
    assert ONE in capsys.readouterr().out


async def test_on_a_screen_nothing_is_printed_twice(capsys: pytest.CaptureFixture[str]) -> None:
    events = [Speaking(text=ONE), Speaking(text=TWO), said(f"{ONE} {TWO}"), said("More.")]
    assert await shown(Screen(), events, capsys) == ["Viva", ONE, TWO, "Viva", "More."]


async def test_on_a_screen_what_was_taken_back_is_followed_by_the_whole(
    capsys: pytest.CaptureFixture[str],
) -> None:
    events = [Speaking(text=ONE), Speaking(text="", again=True), said(TWO)]
    assert await shown(Screen(), events, capsys) == ["Viva", ONE, "Viva", TWO]


async def test_taking_back_is_told_beside_the_interview(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Screen().speak("", again=True)
    assert "Once more" in capsys.readouterr().err


async def test_what_was_left_unfinished_does_not_swallow_the_next_message(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert TWO in await shown(Screen(), [Speaking(text=ONE), said(TWO)], capsys)


async def test_a_pipe_gets_whole_messages_only(capsys: pytest.CaptureFixture[str]) -> None:
    events = [Speaking(text=ONE), Speaking(text=TWO), said(f"{ONE} {TWO}")]
    assert await shown(Pipe(), events, capsys) == [f"Viva: {ONE} {TWO}"]
