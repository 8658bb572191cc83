"""The published schema: up to date, and every kit fits it; and what differs between two kits."""

from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from test_merging import HOUSE, ROLE, M, kits

from knowledge.atoms import Kit, Source
from knowledge.kit_diff import differences
from knowledge.kit_schema import kit_schema, written
from knowledge.kit_yaml import dump_kit, parse_kit, shipped

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def validator() -> Any:
    return jsonschema.Draft202012Validator(kit_schema())


def test_the_schema_in_the_docs_is_the_one_the_code_makes() -> None:
    held = (ROOT / "docs" / "kit.schema.json").read_text("utf-8")
    assert held == written(), "write knowledge.kit_schema.written() to docs/kit.schema.json"


@pytest.mark.parametrize("file", sorted((ROOT / "knowledge" / "kits").glob("*.yaml")), ids=str)
def test_the_shipped_kits_fit_the_schema(validator: Any, file: Path) -> None:
    written_kit = yaml.safe_load(file.read_text("utf-8"))
    assert [error.message for error in validator.iter_errors(written_kit)] == []


@settings(max_examples=30)
@given(kits())
def test_every_kit_that_is_written_fits_the_schema(kit: Kit) -> None:
    first = kit.atoms[0].model_copy(
        update={
            "proposed": "model m",
            "also": (Source(document="a.pdf", line=3, place="page 1"),),
            "withdrawn": "wrong",
        }
    ) if kit.atoms else None  # fmt: skip
    made = kit.changed(atoms=(first, *kit.atoms[1:])) if first else kit
    validator = jsonschema.Draft202012Validator(kit_schema())
    assert [error.message for error in validator.iter_errors(yaml.safe_load(dump_kit(made)))] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"atoms": [{"question": "Why?", "colour": "red"}]},
        {"atoms": [{"at": "junior"}]},
        {"atoms": [{"question": "Why?", "at": "expert"}]},
        {"atoms": [{"format": "Talk", "minutes": 0}]},
        {"merge": [{"only": ["SQL"]}]},
        {"colour": "red"},
    ],
)
def test_what_the_reader_refuses_does_not_fit(validator: Any, wrong: Any) -> None:
    assert list(validator.iter_errors(wrong))


@settings(max_examples=40)
@given(kits())
def test_a_kit_differs_from_itself_in_nothing(kit: Kit) -> None:
    assert differences(kit, kit) == ()
    assert differences(kit, parse_kit(dump_kit(kit), "again.yaml")) == ()


def told(before: str, after: str) -> list[tuple[str, str]]:
    one, other = parse_kit(before, "a.yaml"), parse_kit(after, "b.yaml")
    return [(each.what, each.text) for each in differences(one, other)]


def test_a_competency_renamed_is_one_difference() -> None:
    base = shipped("data-engineer")
    assert base is not None
    text = dump_kit(base)
    renamed = text.replace("- competency: Data modelling", "- competency: Modelling of data", 1)
    assert told(text, renamed) == [("reworded", "Modelling of data")]


def test_added_removed_moved_changed_and_withdrawn_are_told_apart() -> None:
    assert told(ROLE, ROLE + "- fact: New.\n") == [("added", "New.")]
    assert told(ROLE + "- fact: Old.\n", ROLE) == [("removed", "Old.")]
    gone = ROLE.replace("  id: q\n", "  id: q\n    withdrawn: unfair\n").replace(
        "  id: q", "  id: q"
    )
    assert [what for what, _ in told(ROLE, gone)] == ["withdrawn"]
    assert [what for what, _ in told(gone, ROLE)] == ["put back"]
    assert told(ROLE, ROLE.replace("[pump]", "[pump, drip]")) == [("changed", "Infusion pump")]
    question = "  - question: What belongs into a handover?\n"
    moved = ROLE.replace(question, "", 1).replace(
        "- competency: Handover\n  has:\n", "- competency: Handover\n"
    )
    moved += question.replace("  - ", "- ")
    assert told(ROLE, moved) == [("moved", "What belongs into a handover?")]


def test_title_joins_and_links_are_the_kit_s_own_differences() -> None:
    house = HOUSE.replace("- competency: Medication", M, 1)
    without = house.partition("joins:")[0]
    assert told(house, without) == [("changed", "joins"), ("changed", "links")]
    assert told(house, "title: Nurse\n" + house) == [("changed", "title")]
