"""Question lists that programs keep become questions with what belongs to each."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.atoms import Atom
from knowledge.errors import BadInput
from knowledge.parser import parse
from knowledge.readers import lists, read
from knowledge.reading import Received


def of(value: Any) -> Received:
    return read(json.dumps(value, indent=1).encode(), "bank.json")


def atoms(value: Any, kind: str) -> list[Atom]:
    return [atom for atom in parse(of(value)).atoms if atom.kind == kind]


def texts(value: Any, kind: str) -> list[str]:
    return [atom.text for atom in atoms(value, kind)]


FULL = {
    "id": 1,
    "question": "How do you temper chocolate?",
    "answer": "Melt it at 45 degrees. Cool it to 27.",
    "hints": ["Think of crystals"],
    "follow_ups": ["What if it seizes?", {"question": "How do you test it?", "answer": "A knife."}],
    "rubric": {"good": ["Names temperatures"], "bad": ["Guesses"]},
    "level": "senior",
    "topic": "Chocolate",
}


def test_everything_that_belongs_to_a_question_arrives() -> None:
    bank = {"title": "Pastry chef", "questions": [FULL]}
    (question,) = atoms(bank, "question")
    assert (question.text, question.level, question.topic) == (
        "How do you temper chocolate?",
        "senior",
        "Chocolate",
    )
    assert texts(bank, "hint") == ["Think of crystals"]
    assert texts(bank, "follow_up") == ["What if it seizes?", "How do you test it?"]
    assert "Melt it at 45 degrees. Cool it to 27." in texts(bank, "reference")
    found = [(atom.text, atom.polarity) for atom in atoms(bank, "indicator")]
    assert found == [("Names temperatures", "positive"), ("Guesses", "negative")]


@pytest.mark.parametrize("asked", ["question", "q", "prompt", "text", "Question", "questionText"])
@pytest.mark.parametrize("answered", ["answer", "expected", "model_answer", "modelAnswer", "ideal"])
def test_names_of_any_habit_are_understood(asked: str, answered: str) -> None:
    bank = [{asked: "What is a roux?", answered: "Fat and flour."}]
    assert texts(bank, "question") == ["What is a roux?"]
    assert texts(bank, "reference") == ["Fat and flour."]


@pytest.mark.parametrize("name", ["level", "difficulty", "seniority"])
def test_a_level_goes_by_several_names(name: str) -> None:
    bank = [{"question": "What is a roux?", name: "junior"}]
    assert [atom.level for atom in atoms(bank, "question")] == ["junior"]


@pytest.mark.parametrize("name", ["topic", "category", "theme"])
def test_a_topic_goes_by_several_names(name: str) -> None:
    bank = [{"question": "What is a roux?", name: "Sauces"}]
    assert [atom.topic for atom in atoms(bank, "question")] == ["Sauces"]


def test_questions_are_found_under_any_names() -> None:
    bank = {"data": {"rounds": [{"name": "Kitchen", "items": [FULL]}]}}
    assert texts(bank, "question") == [FULL["question"]]


def test_a_map_of_topics_to_questions_is_read() -> None:
    bank = {"Sauces": ["What is a roux?", "What is a jus?"], "Bread": ["What is a poolish?"]}
    found = [(atom.topic, atom.text) for atom in atoms(bank, "question")]
    assert found == [
        ("Sauces", "What is a roux?"),
        ("Sauces", "What is a jus?"),
        ("Bread", "What is a poolish?"),
    ]


def test_a_map_of_questions_to_answers_is_read() -> None:
    bank = {"What is a roux?": "Fat and flour.", "What is a jus?": "Juice of meat."}
    assert texts(bank, "question") == list(bank)
    assert texts(bank, "reference") == list(bank.values())


def test_a_question_that_does_not_look_like_one_is_still_asked() -> None:
    bank = [
        {"question": "What is a roux?", "answer": "Fat and flour."},
        {"question": "Your oven dies at seven. Save the service.", "answer": "Cold desserts."},
    ]
    assert texts(bank, "question") == [each["question"] for each in bank]
    assert texts(bank, "reference") == [each["answer"] for each in bank]


def test_records_are_a_table_with_places() -> None:
    received = of({"scale": [{"score": 1, "meaning": "poor"}, {"score": 2, "meaning": "good"}]})
    assert "| Score | Meaning |" in received.text
    assert received.places[-1] == ("line 8", "line 9")


def test_what_a_competency_means_at_each_level_is_read() -> None:
    bank = {"competencies": [{"name": "Care", "levels": {"junior": "Follows", "senior": "Leads"}}]}
    assert [(atom.level, atom.text) for atom in atoms(bank, "level")] == [
        ("junior", "Follows"),
        ("senior", "Leads"),
    ]
    assert texts(bank, "competency") == ["Care"]


def test_wrong_options_are_no_answer() -> None:
    bank = [{"question": "What is a roux?", "options": ["Juice", "Fat and flour"], "correct": 1}]
    assert texts(bank, "reference") == ["Fat and flour"]
    assert "options" in of(bank).notes[0]


def test_each_value_tells_its_line() -> None:
    received = of([FULL])
    told = {line: received.place(n) for n, line in enumerate(received.text.split("\n"), 1) if line}
    assert told["# How do you temper chocolate?"] == "line 4"
    assert told["- Think of crystals"] == "line 7"


def test_one_value_on_each_line_is_a_list() -> None:
    data = b'{"q": "What is a roux?"}\n\n{"q": "What is a jus?"}\n'
    received = read(data, "bank.jsonl")
    assert [line for line in received.text.split("\n") if line] == [
        "# What is a roux?",
        "# What is a jus?",
    ]
    assert received.place(3) == "line 3"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'{"a":\n "b" "c"}', r"line 2: a comma or a closing bracket is expected"),
        (b'{"a" 1}', r"line 1: a colon is expected"),
        (b"{'a': 1}", r"line 1: a name in double quotes"),
        (b'{\n"a": "b', r"line 2: the text that begins here is never closed"),
        (b'["a",\n]', r"line \d: "),
        (b'["What?"] and more', r"line 1: nothing more is expected"),
        (b"[" * 100_000, "nested more than"),
        (b'{"a":' * 70 + b'"b"' + b"}" * 70, "nested more than"),
        (b"[1, 2, null, true]", "holds no words"),
        (b"{}", "holds no words"),
        (b"[[[]]]", "holds no words"),
        (b"", "empty"),
        (b'{"viva": 1, "name": "x", "atoms": []}', "is a kit"),
    ],
)
def test_a_bad_file_says_what_is_wrong_and_where(data: bytes, said: str) -> None:
    with pytest.raises(BadInput, match=said) as refused:
        read(data, "bank.json")
    assert "bank.json" in refused.value.message
    assert refused.value.remedy


@pytest.mark.parametrize("name", ["kit.yaml", "kit.json"])
def test_a_kit_is_loaded_and_not_read(name: str) -> None:
    kit = b"# mine\nviva: 1\nname: x\natoms:\n- fact: y\n"
    data = kit if name == "kit.yaml" else b'{"viva": 1, "name": "x", "atoms": [{"fact": "y"}]}'
    with pytest.raises(BadInput) as refused:
        read(data, name)
    assert "viva kit load" in refused.value.remedy


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=12)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.sampled_from(["question", "a", "levels", "What is it?", "tags", "name", "options"]),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)


@settings(max_examples=120, deadline=None)
@given(VALUES)
def test_whatever_is_json_is_read_or_refused(value: Any) -> None:
    try:
        received = lists.read(json.dumps([value, "Words"], indent=1).encode(), "bank.json")
    except BadInput:
        raise AssertionError("It holds a word.") from None
    assert "Words" in received.text
    assert parse(received).document == "bank.json"


@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from('{}[]:,"a1 \n\\tn'), max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        received = lists.read(text.encode(), "bank.json")
    except BadInput:
        received = None
    assert received is None or received.text


def test_only_names_that_are_keys_of_a_program_are_passed_over() -> None:
    bank = {"questionId": "q-17", "url": "https://a.example", "avoid": ["Blames the guest"]}
    received = read(json.dumps([{"question": "How do you plate?", **bank}]).encode(), "bank.json")
    assert "Blames the guest" in received.text
    assert "q-17" not in received.text
    assert "https" not in received.text


def test_entries_that_are_put_away_are_left_out_and_told() -> None:
    received = of(
        [
            {"text": "How do you tune a harp?", "archived": False},
            {"text": "Do you own a harp?", "archived": True},
            {"text": "Who are you?", "status": "RETIRED"},
        ]
    )
    assert [a.text for a in parse(received).atoms] == ["How do you tune a harp?"]
    assert received.notes == ("Left out 2 entries that are used no more.",)


def test_markup_is_taken_out_of_texts_but_not_out_of_questions_about_it() -> None:
    bank = [{"question": "What does <p> do?", "answer": "<p>It parts.</p><p>Tom &amp; all</p>"}]
    assert texts(bank, "question") == ["What does <p> do?"]
    assert "<p>It" not in of(bank).text
    assert "Tom & all" in of(bank).text


def test_a_key_is_said_by_the_name_it_stands_for() -> None:
    kept = {
        "skills": [{"key": "tun", "name": "Tuning"}],
        "questions": [{"text": "How do you tune a harp?", "type": "practical", "attribute": "tun"}],
    }
    assert [a.topic for a in atoms(kept, "question")] == ["Tuning"]
    assert not atoms(kept, "reference")


def test_a_stage_is_told_with_its_minutes() -> None:
    asked = [{"text": "How do you tune a harp?"}]
    stage = {"name": "First call", "durationMinutes": 20, "questions": asked}
    kept = {"job": {"title": "Harpist"}, "stages": [stage]}
    assert [(a.text, a.minutes) for a in atoms(kept, "format")] == [("First call (20 min)", 20.0)]
