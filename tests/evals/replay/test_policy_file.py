"""Policies as files: what ships is printed and read back, and a wrong one is named by its key."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from agent.policy import Measure, Policy
from api.cli import app
from evals.replay.policy_file import as_yaml, meanings, policy_schema, read_policy, written
from evals.replay.policy_ranges import RANGES
from knowledge.errors import BadInput, NotFound

ROOT = Path(__file__).parents[3]


def file(folder: Path, text: str) -> Path:
    path = folder / "policy.yaml"
    path.write_text(text, "utf-8")
    return path


def test_the_schema_in_the_docs_is_the_one_the_code_makes() -> None:
    held = (ROOT / "docs" / "policy.schema.json").read_text("utf-8")
    assert held == written(), "write evals.replay.policy_file.written() to docs/policy.schema.json"


def test_every_number_has_a_meaning_and_every_range_a_number() -> None:
    names = {*Policy.model_fields, *(f"measure.{name}" for name in Measure.model_fields)}
    assert names == {name for name in meanings() if meanings()[name]}
    assert names >= RANGES.keys()


def test_what_is_printed_is_read_back(tmp_path: Path) -> None:
    policy = Policy(hints=1, measure=Measure(calibrated={"q: 1": (1.5, 0.25)}))
    text = as_yaml(policy)
    assert read_policy(file(tmp_path, text)) == policy
    jsonschema.Draft202012Validator(policy_schema()).validate(yaml.safe_load(text))


def test_a_file_changes_what_it_names_and_nothing_else(tmp_path: Path) -> None:
    over = Policy(hints=1, rungs=0, measure=Measure(shared=0.5))
    found = read_policy(file(tmp_path, "rungs: 3\nmeasure: {error: {local: 0.3}}"), over)
    assert (found.hints, found.rungs, found.measure.shared) == (1, 3, 0.5)
    assert found.measure.error == {**over.measure.error, "local": 0.3}
    assert read_policy(file(tmp_path, ""), over) == over


@pytest.mark.parametrize(
    ("text", "key", "says"),
    [
        ("hints: -1", "hints", "0 or more"),
        ("hintz: 2", "hintz", "Did you mean `hints`?"),
        ("measure: {comon: 1}", "measure.comon", "`measure.common`"),
        ("prior_spread: 2", "prior_spread", ""),
        ("telepathy: 2", "telepathy", "viva policy"),
        ("hints: two", "hints", "integer"),
        ('hints: "2"', "hints", "integer"),
        ("hints: 2.5", "hints", "integer"),
        ("hints: true", "hints", "integer"),
        ("hints:", "hints", "integer"),
        ("likely: 1.5", "likely", "0 to 1"),
        ("enough: .nan", "enough", "0 to 1"),
        ("measure: {steps: [-1, 0, .inf]}", "measure.steps", ""),
        ("meets: 0.9", "meets", "`exceeds`"),
        ("likely: 0.1", "unlikely", "`likely`"),
        ("hinted: 0.95", "hinted", "`prompted`"),
        ("credit_from: 0.7", "credit_from", "no room"),
        ("measure: {shared: 1}", "measure.shared", ""),
        ("measure: {error: {local: 0}}", "measure.error.local", "more than 0"),
        ("measure: {error: {robot: 1}}", "measure.error.robot", "'local'"),
        ("measure: {steps: [1, 0, 2]}", "measure.steps", "rise"),
        ("measure: {steps: [0, 1]}", "measure.steps", "one step"),
        ("measure: {sees: {model: [0, 0]}}", "measure.sees.model", "above 0"),
        ("measure: {calibrated: {q: [1, 0]}}", "measure.calibrated.q", "above 0"),
        ("hints: 1\nhints: 2", "hints", "twice"),
        ("- hints", "", "`key: value`"),
        ("measure: 3", "", "`key: value`"),
        ("a: [", "", "not YAML"),
        ("hints: *x", "", "aliases"),
    ],
)
def test_a_wrong_file_is_one_error_that_names_the_key(
    tmp_path: Path, text: str, key: str, says: str
) -> None:
    with pytest.raises(BadInput) as error:
        read_policy(file(tmp_path, text))
    told = f"{error.value.message} {error.value.remedy}"
    assert key in error.value.message
    assert says in told
    assert "\n" not in told


def test_a_file_that_is_not_there_or_no_text_says_so(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        read_policy(tmp_path / "gone.yaml")
    with pytest.raises(BadInput, match="cannot be read"):
        read_policy(tmp_path)
    (tmp_path / "long.yaml").write_text("#" * 300_000)
    with pytest.raises(BadInput, match="too long"):
        read_policy(tmp_path / "long.yaml")


VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
NESTED = st.recursive(VALUES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
    st.text(max_size=5), inner, max_size=3), max_leaves=5)  # fmt: skip


@given(st.sampled_from([*Policy.model_fields]), st.sampled_from([*Measure.model_fields]), NESTED)
def test_any_value_is_taken_or_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, key: str, inner: str, value: Any
) -> None:
    folder = tmp_path_factory.getbasetemp()
    for given_ in ({key: value}, {"measure": {inner: value}}):
        try:
            found = read_policy(file(folder, yaml.safe_dump(given_, allow_unicode=True)))
        except BadInput:
            continue
        assert read_policy(file(folder, as_yaml(found))) == found
        jsonschema.Draft202012Validator(policy_schema()).validate(
            json.loads(json.dumps(found.model_dump(mode="json")))
        )


def test_the_command_prints_checks_and_refuses(tmp_path: Path) -> None:
    runner = CliRunner()
    printed = runner.invoke(app, ["policy"])
    assert yaml.safe_load(printed.output) == Policy().model_dump(mode="json")
    assert runner.invoke(app, ["policy", "--schema"]).output == written()
    good = runner.invoke(app, ["policy", "--check", str(file(tmp_path, "hints: 1"))])
    assert "hints: 2 -> 1" in good.output
    bad = runner.invoke(app, ["policy", "--check", str(file(tmp_path, "hints: -1"))])
    assert bad.exit_code != 0
