"""Personas are data: what is wrong in a file is told by its place, and seeds make people."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.syllabus import Syllabus
from evals.simulate.personas import ALL, STYLES, Persona, people, read_personas
from evals.simulate.scripted import STYLED, words
from knowledge.atoms import Kit
from knowledge.errors import BadInput, NotFound


def test_the_personas_that_ship_show_every_style() -> None:
    assert {persona.style for persona in read_personas()} == set(STYLES)


def test_every_style_has_a_way_to_tell_and_words_for_a_model() -> None:
    assert set(words()["manner"]) == set(STYLES)
    assert set(STYLED) == set(STYLES) - {"plain", "fragmentary"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("personas: [{name: a, level: expert}]", "persona 1: level.all"),
        ("personas: [{name: a, level: {Safety: mid}}]", "'all' is missing"),
        ("personas: [{name: a, style: grumpy, level: mid}]", "persona 1: style"),
        ("personas: [{name: a, level: mid}, {name: 'A b', level: mid}]", "persona 2: name"),
        ("personas: [{name: a, level: mid, mood: good}]", "persona 1: mood"),
        ("personas: [{name: a, level: mid, seeds: []}]", "persona 1: seeds"),
        ("personas: [{name: a, level: mid}, {name: a, level: mid}]", "two personas 'a'"),
        ("personas: []", "holds no personas"),
        ("- just\n- a list", "holds no personas"),
        ("personas: [", "is no YAML"),
        ("personas: [7]", "persona 1: the entry"),
    ],
)
def test_what_is_wrong_in_a_file_is_told_by_its_place(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(BadInput, match=told) as error:
        read_personas(path)
    assert error.value.remedy
    assert "\n" not in error.value.message


def test_a_file_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"none\.yaml"):
        read_personas(tmp_path / "none.yaml")


def test_a_competency_that_the_kit_does_not_measure_is_named(kitchen: Kit) -> None:
    syllabus = Syllabus(kitchen)
    Persona(name="a", level={ALL: "mid", "Food safety": "junior"}).check(syllabus)
    with pytest.raises(BadInput, match="Juggling") as error:
        Persona(name="a", level={ALL: "mid", "Juggling": "junior"}).check(syllabus)
    assert "Food safety" in error.value.remedy


@given(
    st.lists(st.lists(st.integers(0, 50), min_size=1, max_size=3), min_size=1, max_size=4),
    st.integers(1, 30),
)
def test_however_many_are_asked_for_each_is_somebody_else(
    seeds: list[list[int]], number: int
) -> None:
    personas = [
        Persona(name=f"p{n}", level={ALL: "mid"}, seeds=tuple(dict.fromkeys(own)))
        for n, own in enumerate(seeds)
    ]
    found = people(personas, number, seed=3)
    assert len({one.name for one in found}) == len(found) == number
    assert people(personas, number + 5, seed=3)[:number] == found
    assert not {one.name for one in people(personas, number, seed=4)} & {o.name for o in found}


@pytest.mark.parametrize("text", ["[" * 5_000, "seed: " + "9" * 5_000, "a\0b"])
def test_a_file_that_yaml_cannot_hold_is_one_clear_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "people.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(BadInput, match=r"people\.yaml is no YAML"):
        read_personas(path)
