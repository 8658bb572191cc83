"""Marks by likeness: what counts as said, whatever its spelling, order and company."""

import pytest

from agent.hearing import hear
from agent.local.head import Head
from agent.local.likeness import Comparer, Heard
from agent.local.marking import Marker
from agent.local.spelling import folded, repaired, words
from knowledge.atoms import Atom
from knowledge.embedder import MiniLM, WordHash

QUESTION = "Why does bread rise in the oven?"
POINT = Atom(
    id="p", kind="point", text="The yeast gives off gas that is caught in the dough.", role="core"
)
GOOD = "Yeast makes gas, and the dough holds the bubbles of gas so it swells."
KEYWORDS = "yeast, gas, caught, dough, bubbles, swelling, oven"


def chance(embedder: MiniLM | WordHash, answer: str, *points: Atom) -> float:
    marks = Marker(Comparer(embedder)).rubric(points or (POINT,), QUESTION, hear(answer, embedder))
    return marks[0].probability


def test_a_statement_in_other_words_is_met_with_its_sentence(minilm):
    answer = f"I like to bake. {GOOD}"
    [mark] = Marker(Comparer(minilm)).rubric([POINT], QUESTION, hear(answer, minilm))
    assert mark.verdict == "met"
    assert mark.quote is not None
    assert mark.quote.text == GOOD
    assert answer[mark.quote.start : mark.quote.end] == GOOD


def test_an_answer_about_something_else_is_not_met(minilm):
    answer = "The baker opens the shop at six and sells rolls to people on their way to work."
    [mark] = Marker(Comparer(minilm)).rubric([POINT], QUESTION, hear(answer, minilm))
    assert mark.verdict == "not_met"
    assert mark.quote is None


def test_a_list_of_keywords_states_nothing(minilm):
    assert chance(minilm, KEYWORDS) == 0.0


def test_a_terse_answer_is_no_list(minilm):
    assert chance(minilm, "Yeast gas.") > 0.0
    assert chance(minilm, "yeast, gas, dough") == 0.0


def test_the_question_said_back_earns_little(minilm):
    assert chance(minilm, QUESTION) < 0.5 * chance(minilm, GOOD)


@pytest.mark.parametrize(
    "same",
    [
        GOOD.replace("holds", "ho\u200blds"),
        GOOD.replace("bubbles", "bub\u00adbles"),
        GOOD.replace("Yeast", "Ｙｅａｓｔ"),
        GOOD.replace("dough", "duogh"),
    ],
)
def test_hidden_letters_and_slips_change_nothing(minilm, same):
    assert chance(minilm, same) == pytest.approx(chance(minilm, GOOD), abs=0.02)


def test_a_quote_is_the_message_as_it_was_typed(minilm):
    answer = GOOD.replace("dough", "duogh")
    [mark] = Marker(Comparer(minilm)).rubric([POINT], QUESTION, hear(answer, minilm))
    assert mark.quote is not None
    assert mark.quote.text == answer


def test_padding_around_an_answer_changes_little(minilm):
    padded = f"That is a nice thing to be asked. {GOOD} I hope that helps."
    assert chance(minilm, padded) == pytest.approx(chance(minilm, GOOD), abs=0.05)


def test_alternatives_are_each_a_little_less_likely(light):
    group = [
        POINT.model_copy(update={"id": str(i), "role": "any_of", "group": "g"}) for i in range(3)
    ]
    assert chance(light, GOOD, *group) < chance(light, GOOD, POINT)


def test_a_marker_uses_the_head_it_is_given(light):
    sure = Head(("words",), (0.0,), 20.0)
    marker = Marker(Comparer(light), head=sure)
    [mark] = marker.rubric([POINT], QUESTION, hear(GOOD, light))
    assert mark.probability == pytest.approx(1.0)


def test_an_answer_is_heard_once(light):
    comparer = Comparer(light)
    heard = comparer.hear(hear("It doesn't rise.", light), [QUESTION])
    assert isinstance(heard, Heard)
    assert heard.encoded[0].words == ["It", "does", "not", "rise"]
    assert comparer.hear(heard, [QUESTION]) is heard


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("I'd say it's organised", "I would say it is organized"),
        ("the colour of the catalogue", "the color of the catalog"),
        ("we can’t", "we can not"),
    ],
)
def test_contractions_and_national_spellings_read_alike(one, other):
    assert folded(one).casefold() == folded(other).casefold()


def test_words_that_only_look_national_stay():
    text = "four hours of precise exercise filled our promise"
    assert folded(text) == text


def test_only_unknown_words_are_put_right():
    wanted = words(["the conductor decreases"])
    assert repaired("a condcutor increases", wanted) == "a conductor increases"


def test_of_words_that_are_as_near_the_first_is_read_in_every_process():
    assert repaired("it deletes", words(["deleted or delete"])) == "it deleted"
    assert repaired("it deletes", words(["delete or deleted"])) == "it delete"
