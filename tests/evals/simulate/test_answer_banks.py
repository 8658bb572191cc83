"""Answers without a model: more from those who know more, and never the rubric word for word."""

from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.syllabus import Item, Syllabus
from agent.wording import stems
from evals.leakage import RUN
from evals.simulate import composing
from evals.simulate.banks import Composed, Exemplars, Knowing, open_bank
from knowledge.atoms import LEVELS, Kit, Level
from knowledge.errors import BadInput

WORDS = st.text("abcdefgh'-", min_size=1, max_size=8)


def _runs(text: str) -> set[tuple[str, ...]]:
    plain = "".join(c if c.isalnum() else " " for c in text.casefold()).split()
    return {tuple(plain[at : at + RUN]) for at in range(len(plain) - RUN + 1)}


def _item(kit: Kit, start: str) -> Item:
    items = Syllabus(kit).items.values()
    return next(item for item in items if item.question.text.startswith(start))


def _knowing(level: Level, asked: Level = "mid", chance: str = "a") -> Knowing:
    return Knowing(level, asked, chance)


@given(st.lists(WORDS, min_size=1, max_size=40), st.integers())
def test_no_statement_is_told_word_for_word(words: list[str], seed: int) -> None:
    text = " ".join(words)
    told = composing.told([text], Random(seed))
    assert not _runs(text) & _runs(told)
    assert told.endswith(".")


def test_no_point_of_the_kit_that_ships_stands_in_an_answer(shipped_kit: Kit) -> None:
    bank, syllabus = Composed(), Syllabus(shipped_kit)
    for item in syllabus.items.values():
        hidden = {run for point in item.points for run in _runs(point.text)}
        answer = bank.answer(item, _knowing("principal", "mid", item.question.id)) or ""
        assert not hidden & _runs(answer), answer


def test_who_knows_more_says_more(kitchen: Kit) -> None:
    item = _item(kitchen, "A fridge")
    told = [Composed().answer(item, _knowing(level)) or "" for level in LEVELS]
    lengths = [len(text) for text in told]
    assert lengths == sorted(lengths)
    assert lengths[0] < lengths[2]
    assert Composed().answer(item, _knowing("junior", "senior")) is None


def test_one_of_a_group_is_said_and_an_example_only_by_the_best(kitchen: Kit) -> None:
    apart = Composed().answer(_item(kitchen, "How do you keep"), _knowing("senior")) or ""
    assert ("colour" in apart) != ("Knives" in apart or "knives" in apart)
    fridge = _item(kitchen, "A fridge")
    assert "dry goods" in (Composed().answer(fridge, _knowing("senior")) or "")
    assert "dry goods" not in (Composed().answer(fridge, _knowing("mid")) or "")


def test_a_rubric_of_indicators_is_answered_in_the_first_person(kitchen: Kit) -> None:
    item = _item(kitchen, "Two cooks")
    answer = Composed().answer(item, _knowing("senior")) or ""
    assert "I take dishes" in answer
    assert "I tell the guests" in answer
    assert "I shout at" in (Composed().wrong(item, _knowing("junior")) or "")


def test_follow_ups_are_met_with_what_was_not_said(kitchen: Kit) -> None:
    item, knowing = _item(kitchen, "A fridge"), _knowing("mid")
    first = stems(Composed().answer(item, knowing) or "")
    more = Composed().more(item, None, 0, knowing)
    assert more
    assert len(stems(more) - first) > 3
    assert Composed().more(item, None, 9, knowing) is None


def test_exemplars_are_taken_by_level(kitchen: Kit) -> None:
    item, bank = _item(kitchen, "How do you keep"), Exemplars(Syllabus(kitchen))
    assert bank.answer(item, _knowing("junior", "mid")) == "I put them in different corners."
    assert bank.answer(item, _knowing("mid", "mid")) is None
    assert bank.answer(_item(kitchen, "A fridge"), _knowing("mid")) is None


def test_answers_of_ones_own_come_first_by_id_or_text(kitchen: Kit, tmp_path: Path) -> None:
    fridge, sick = _item(kitchen, "A fridge"), _item(kitchen, "Two cooks")
    path = tmp_path / "bank.yaml"
    path.write_text(
        "answers:\n"
        f"- {{question: {fridge.question.id}, answers: {{mid: Bin it.}}, wrong: Eat it.}}\n"
        f"- {{question: '{sick.question.text}', answers: {{senior: I cook.}}}}\n",
        "utf-8",
    )
    bank = open_bank(Syllabus(kitchen), path)
    assert bank.answer(fridge, _knowing("senior")) == "Bin it."
    assert bank.answer(fridge, _knowing("junior")) == "Bin it."
    assert bank.wrong(fridge, _knowing("mid")) == "Eat it."
    assert bank.answer(sick, _knowing("principal")) == "I cook."
    assert bank.answer(_item(kitchen, "How do you keep"), _knowing("senior"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("answers: [{question: Nobody asks this., answers: {mid: x}}]", "has no question"),
        ("answers: [{question: a, answers: {expert: x}}]", "answer 1: answers.expert"),
        ("questions: []", "holds no answers"),
    ],
)
def test_a_bank_that_does_not_fit_is_refused(
    kitchen: Kit, tmp_path: Path, text: str, told: str
) -> None:
    path = tmp_path / "bank.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(BadInput, match=told):
        open_bank(Syllabus(kitchen), path)
