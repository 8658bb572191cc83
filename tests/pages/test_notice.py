from typing import get_args

import pytest

from agent.events import Mode
from api.pages.notice import VERSION, Notice, Paragraph, notice

MODES: tuple[Mode, ...] = get_args(Mode)


def whole(shown: Notice) -> str:
    return " ".join(part for paragraph in shown.paragraphs for part in paragraph)


@pytest.mark.parametrize("mode", MODES)
def test_a_notice_says_all_that_a_candidate_has_to_know(mode: Mode) -> None:
    text = whole(notice(mode))
    told = ("is an AI", "People decide", "database", "can read the interview", "hint costs",
            "end the interview", "Not knowing is fine", "ask for a person")  # fmt: skip
    assert [each for each in told if each not in text] == []


def test_a_screen_and_practice_say_differently_who_reads_and_decides() -> None:
    practice, screen = whole(notice("practice")), whole(notice("screen"))
    assert "nobody decides anything by it" in practice
    assert "hiring team" in screen
    assert "hiring team" not in practice


def test_a_language_model_is_named_where_answers_are_sent_to_one() -> None:
    shown = whole(notice("practice", "model", model="some-model"))
    assert "sent to a language model" in shown
    assert "some-model" in shown
    assert "sent to" not in whole(notice("practice", "local", model="some-model"))


def test_practice_speaks_of_nobody_who_invited_and_a_screen_does() -> None:
    assert "invited" not in whole(notice("practice"))
    assert "people who invited you" in whole(notice("screen"))


@pytest.mark.parametrize("mode", MODES)
def test_who_sees_it_names_those_who_run_the_language_model(mode: Mode) -> None:
    told = "Whoever runs the language model gets what is sent to it"
    assert told in whole(notice(mode, "model"))
    assert told not in whole(notice(mode, "local"))


def test_the_digest_is_of_the_very_words_and_changes_with_each() -> None:
    shown = notice("screen")
    assert shown.digest == notice("screen").digest
    assert shown.version == VERSION
    others = [
        notice("practice"),
        notice("screen", "model"),
        notice("screen", days=3),
        shown._replace(agreement="I agree."),
        shown._replace(paragraphs=(*shown.paragraphs, Paragraph("More", "words"))),
    ]
    digests = {each.digest for each in [shown, *others]}
    assert len(digests) == len(others) + 1
