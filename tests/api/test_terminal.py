"""What a typed message becomes before it is sent."""

import asyncio
import os
import sys

import pytest

from api.terminal import LONGEST, Screen, looks_like_command, parse
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
