"""Policies as YAML: the numbers that code decides by, each with its range and what it means."""

import ast
import inspect
import json
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from agent import policy as policy_module
from agent.policy import Measure, Policy
from evals.replay.policy_ranges import FINITE, RANGES, TOLD, at_odds
from knowledge.errors import BadInput, NotFound

LONGEST = 200_000
"""Bytes of a policy's file; one with every question of a large kit calibrated has fewer."""
SCHEMA_ID = "https://json-schema.org/draft/2020-12/schema"
ALL = "`viva policy` prints every one with what it means."


def read_policy(path: Path, over: Policy | None = None) -> Policy:
    """The policy `over`, or the one that ships, with what the file says in its place.

    A whole number does where any number does; a text is never taken for one.

    Raises:
        NotFound: there is no such file.
        BadInput: a key is unknown, or a value of another type, out of range, or at odds with
            another; the key is named.
    """
    given = _loaded(path)
    _check_keys(path.name, given, Policy, "")
    _check_keys(path.name, given.get("measure", {}), Measure, "measure.")
    whole = merged((over or Policy()).model_dump(mode="json"), given)
    try:
        measure = Measure.model_validate_json(json.dumps(whole["measure"]), strict=True)
    except (ValueError, TypeError) as error:
        raise _wrong_type(path.name, error, "measure.") from None
    try:
        policy = Policy.model_validate({**whole, "measure": measure}, strict=True)
    except ValidationError as error:
        raise _wrong_type(path.name, error, "") from None
    for key, value, told in _out_of_range(policy):
        raise BadInput(f"{path.name}, `{key}`: {value} is out of range.", f"Give {told}.")
    for key, told in at_odds(policy):
        raise BadInput(f"{path.name}, `{key}`: {told}.", "Change one of the two.")
    return policy


def merged(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Nested mappings joined; where both have a value, that of `over`."""
    both = {
        key: merged(under[key], value)
        if isinstance(value, Mapping) and isinstance(under.get(key), Mapping)
        else value
        for key, value in over.items()
    }
    return {**under, **both}


def _loaded(path: Path) -> dict[str, Any]:
    import yaml

    try:
        with path.open("rb") as held:
            text = held.read(LONGEST + 1).decode("utf-8")
        if len(text) > LONGEST:
            raise BadInput(f"{path.name} is too long for a policy.", "Give a policy's YAML.")
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text)):
            raise BadInput(f"{path.name} has aliases (*name).", "Write the values out.")
        loaded = yaml.load(text, _each_key_once())
    except FileNotFoundError:
        raise NotFound(f"There is no file {path}.", "Look at its name again.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path.name} cannot be read: {error}.", "Give a YAML file.") from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        told = " ".join(str(error).split())[:200]
        raise BadInput(f"{path.name} is not YAML: {told}.", "Mend that line.") from None
    loaded = {} if loaded is None else loaded
    if not isinstance(loaded, dict) or not isinstance(loaded.get("measure", {}), dict):
        raise BadInput(f"{path.name} is no policy: `key: value` lines are expected.", ALL)
    return loaded


@cache
def _each_key_once() -> Any:
    """A safe YAML loader that refuses a key written twice."""
    import yaml

    class Loader(yaml.SafeLoader):
        def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
            keys = [self.construct_object(key, deep=True) for key, _ in node.value]
            if doubled := [key for key in keys if keys.count(key) > 1]:
                raise yaml.YAMLError(f"the key {doubled[0]!r} stands twice")
            return super().construct_mapping(node, deep)

    return Loader


def _check_keys(name: str, given: Mapping[Any, Any], model: type[Any], before: str) -> None:
    for key in given:
        if key not in model.model_fields:
            like = get_close_matches(str(key), [*model.model_fields], n=1)
            remedy = f"Did you mean `{before}{like[0]}`?" if like else ALL
            raise BadInput(f"{name} has an unknown key `{before}{key}`.", remedy)


def _wrong_type(name: str, error: Exception, before: str) -> BadInput:
    if not isinstance(error, ValidationError):
        return BadInput(f"{name}: a value is no number ({error}).", ALL)
    first = error.errors(include_url=False)[0]
    key = before + ".".join(str(part) for part in first["loc"])
    told = repr(first["input"])[:80]
    return BadInput(f"{name}, `{key}`: {first['msg']} (it says {told}).", ALL)


def _out_of_range(policy: Policy) -> Iterator[tuple[str, Any, str]]:
    for key, value in _flat(policy.model_dump(mode="json")):
        found = RANGES.get(key) or RANGES.get(key.rpartition(".")[0]) or FINITE
        for number in value if isinstance(value, list | tuple) else (value,):
            if not found.holds(number):
                yield key, number, found.told


def _flat(values: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", value


def changes(then: Policy, now: Policy) -> list[str]:
    """Each number that is another, in a line."""
    before, after = (dict(_flat(each.model_dump(mode="json"))) for each in (then, now))
    keys = dict.fromkeys((*before, *after))
    return [
        f"{key}: {before.get(key)} -> {after.get(key)}"
        for key in keys
        if before.get(key) != after.get(key)
    ]


@cache
def meanings() -> Mapping[str, str]:
    """What each field means, by its path: its docstring, else what is told here."""
    tree = ast.parse(inspect.getsource(policy_module))
    found = dict(TOLD)
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name in {"Measure", "Policy"}:
            before = "measure." if node.name == "Measure" else ""
            found |= {f"{before}{name}": told for name, told in _told_below(node)}
    return found


def _told_below(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for field, below in zip(node.body, node.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            value = below.value if isinstance(below, ast.Expr) else None
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield field.target.id, " ".join(value.value.split())


def as_yaml(policy: Policy) -> str:
    """Every number with what it means, as a file that `read_policy` reads."""
    values = policy.model_dump(mode="json")
    measure = values.pop("measure")
    lines = [line for key, value in values.items() for line in _lines(key, value, "")]
    nested = [line for key, value in measure.items() for line in _lines(key, value, "measure.")]
    return "\n".join([*lines, "measure:", *(f"  {line}" for line in nested), ""])


def _lines(key: str, value: Any, before: str) -> list[str]:
    told = RANGES.get(f"{before}{key}")
    meaning = meanings().get(f"{before}{key}", "")
    comment = f"# {meaning}" + (f" ({told.told})" if told else "")
    return [comment, f"{key}: {json.dumps(value)}"]


def policy_schema() -> dict[str, Any]:
    """The JSON schema of a policy's file, with ranges and meanings."""
    schema = Policy.model_json_schema()
    _complete(schema["properties"], "")
    _complete(schema["$defs"]["Measure"]["properties"], "measure.")
    return {"$schema": SCHEMA_ID, **schema}


def _complete(properties: dict[str, Any], before: str) -> None:
    for key, shape in properties.items():
        path = f"{before}{key}"
        if told := meanings().get(path):
            shape["description"] = told
        if found := RANGES.get(path):
            inner = shape.get("items") or shape.get("additionalProperties") or shape
            inner.update(found.schema())


def written() -> str:
    """The schema as `docs/policy.schema.json` holds it."""
    return json.dumps(policy_schema(), indent=2) + "\n"
