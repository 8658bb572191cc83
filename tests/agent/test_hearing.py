"""A message taken apart: run-on text is cut, and nothing unseen is read."""

import pytest

from agent.hearing import LONG_WORDS, seen, sentences

CLAUSES = (
    "first of all i look at the logs of the last night",
    "and then i compare the row counts with those of the day before",
    "because they show where something was lost",
    "so we know which job has to run again",
)


def test_run_on_text_is_cut_where_clauses_begin():
    message = " ".join(CLAUSES)
    assert tuple(span.text for span in sentences(message)) == CLAUSES


def test_a_sentence_of_ordinary_length_stays_whole():
    message = "I look at the logs, and then I compare the counts, because they tell me more."
    assert [span.text for span in sentences(message)] == [message]


@pytest.mark.parametrize("gap", [" ", ", ", "  "])
def test_no_stretch_is_much_longer_than_a_sentence(gap):
    message = gap.join(["word"] * 200)
    spans = sentences(message)
    assert max(len(span.text.split()) for span in spans) < 2 * LONG_WORDS
    assert gap.strip().join(["word"] * 200).count("word") == sum(
        span.text.count("word") for span in spans
    )


def test_unseen_characters_are_not_read_and_quotes_keep_them():
    message = "The d\u200bough\u2060 rises.\u202e It has g\u00adas.\U000e0041"
    assert seen(message).text == "The dough rises. It has gas."
    spans = sentences(message)
    assert [message[span.start : span.end] for span in spans] == [span.text for span in spans]
    assert len(spans) == 2


def test_letters_that_look_latin_are_read_as_such():
    assert seen("Тhe dоugh risеs").text == "The dough rises"
    assert seen("это тесто").text == "это тесто"


def test_plain_text_is_read_as_it_is():
    message = "It's 5 °C - cold, naïve & fine: ok?"
    assert seen(message).text == message
