"""The head: from likeness to a probability, and from numbers to a file and back."""

from dataclasses import fields, replace
from importlib.resources import files

import pytest

from agent.local.head import Head, shipped
from agent.local.likeness import Likeness
from agent.policy import Policy

ALIKE = Likeness(
    sentence=0.9,
    words=0.9,
    every=0.9,
    overlap=0.9,
    asked=0.3,
    told=0.9,
    act=0.9,
    opposed=0.0,
    span=0,
)
UNLIKE = replace(ALIKE, sentence=0.1, words=0.2, every=0.2, told=0.2, overlap=0.0)


def test_a_likely_answer_is_more_likely_than_an_unlikely_one():
    head = shipped()
    assert head.probability(ALIKE) > Policy().credit_full
    assert head.probability(UNLIKE) < Policy().credit_from - 0.1


def test_what_speaks_for_a_statement_never_lowers_its_chance():
    head, middling = shipped(), replace(ALIKE, words=0.5, every=0.5, told=0.5, overlap=0.3)
    before = head.probability(middling)
    for name in ("words", "every", "told", "overlap"):
        more = replace(middling, **{name: getattr(middling, name) + 0.2})
        assert head.probability(more) >= before, name


def test_a_denial_lowers_the_chance():
    assert shipped().probability(replace(ALIKE, opposed=1.0)) < shipped().probability(ALIKE)


def test_a_sentence_near_the_question_itself_says_less():
    parrot = replace(ALIKE, asked=0.9)
    assert shipped().probability(parrot) < shipped().probability(ALIKE)


def test_one_of_many_alternatives_is_near_by_chance():
    head = shipped()
    assert head.probability(ALIKE, alternatives=4) < head.probability(ALIKE)


def test_a_head_comes_back_from_its_file_as_it_was():
    head = Head(("words", "told"), (1.5, -0.25), -2.0, slope=1.1, shift=0.2, crowd=-0.5)
    assert Head.from_json(head.to_json()) == head


def test_the_shipped_head_reads_features_that_there_are():
    known = {field.name for field in fields(Likeness)}
    assert set(shipped().features) <= known
    assert len(shipped().features) == len(shipped().weights)


def test_the_shipped_head_is_small():
    assert len(files("agent.local").joinpath("head.json").read_bytes()) < 2_000_000


def test_a_feature_that_is_not_there_is_an_error():
    with pytest.raises(AttributeError):
        Head(("length",), (1.0,), 0.0).probability(ALIKE)
