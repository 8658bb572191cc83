"""The JSON schema of a kit file, made from what the reader of kit files knows."""

import json
from typing import Any

from knowledge.atoms import KINDS, Join, Link
from knowledge.kit_yaml import CHOICES, KIT_KEYS

TEXT = {"type": ["string", "number", "boolean"]}
"""A text that looks like a number or a word for yes may stand without quotes."""
PLAIN = {"type": ["string", "null"]}
TOLD: dict[str, tuple[str, dict[str, Any]]] = {
    "id": ("Made from the content when absent; needed where something names it.", TEXT),
    "group": ("Points of one group: any one of them is enough.", PLAIN),
    "critical": ("A flag that calls a person.", {"type": ["boolean", "null"]}),
    "topic": ("The subject it is filed under.", PLAIN),
    "about": ("The company and role it speaks of.", {"$ref": "#/$defs/about"}),
    "from": ("Where it comes from: `file.pdf:12 (page 3)`.", PLAIN),
    "also": ("Further places that say the same.", {"type": ["array", "null"], "items": TEXT}),
    "aliases": ("A technology's other names.", {"type": ["array", "null"], "items": TEXT}),
    "minutes": ("How long it takes.", {"type": ["number", "null"], "exclusiveMinimum": 0}),
    "proposed": ("Who proposes it; not used until the line is taken out.", PLAIN),
    "accepted": ("Who had proposed what a person accepted.", PLAIN),
    "span": ("The document's own words that a proposal rests on.", PLAIN),
    "withdrawn": ("Why it was wrong; kept to be read and not used.", PLAIN),
    "with": ("The id of the question it came with.", PLAIN),
    "has": ("What belongs to it.", {"$ref": "#/$defs/atoms"}),
}
MERGE: dict[str, Any] = {
    "type": "object",
    "required": ["kit"],
    "additionalProperties": False,
    "properties": {
        "kit": {"type": "string", "description": "The name of the kit to take from."},
        "only": {
            "type": "array",
            "items": {"type": "string"},
            "description": "Names of competencies, topics or technologies; all, where absent.",
        },
    },
}


def kit_schema() -> dict[str, Any]:
    """A JSON schema (draft 2020-12) that every kit file fits, for editors and other programs."""
    top: dict[str, Any] = {
        "viva": {"const": 1, "description": "The format's version."},
        "name": {**TEXT, "description": "What the kit is called; the file's name when absent."},
        "title": {**PLAIN, "description": "What people read."},
        "about": {"$ref": "#/$defs/about"},
        "merge": {"type": ["array", "null"], "items": MERGE, "description": "Kits to take from."},
        "atoms": {"$ref": "#/$defs/atoms"},
        "joins": {"type": ["array", "null"], "items": _closed(Join.model_json_schema())},
        "links": {"type": ["array", "null"], "items": _closed(Link.model_json_schema())},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A Viva kit",
        "type": "object",
        "additionalProperties": False,
        "properties": {key: top[key] for key in KIT_KEYS},
        "$defs": {"about": _about(), "atoms": _atoms(), "atom": _atom()},
    }


def written() -> str:
    """The schema as `docs/kit.schema.json` holds it."""
    return json.dumps(kit_schema(), indent=2) + "\n"


def _about() -> dict[str, Any]:
    fields = {"company": PLAIN, "role": PLAIN}
    return {"type": ["object", "null"], "additionalProperties": False, "properties": fields}


def _atoms() -> dict[str, Any]:
    return {"type": ["array", "null"], "items": {"$ref": "#/$defs/atom"}}


def _atom() -> dict[str, Any]:
    keys = {key: {**schema, "description": told} for key, (told, schema) in TOLD.items()}
    for key, (field, allowed) in CHOICES.items():
        keys[key] = {"enum": [*allowed, None], "description": field.replace("_", " ")}
    kinds = {kind: {**TEXT, "description": f"The text of this {kind}."} for kind in KINDS}
    kinds["topic"] = {"type": [*TEXT["type"], "null"], "description": "A topic; else its subject."}
    return {
        "type": "object",
        "description": "One atom: its first key says what it is and holds its text.",
        "additionalProperties": False,
        "properties": {**keys, **kinds},
        "anyOf": [{"required": [kind]} for kind in KINDS],
    }


def _closed(schema: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in schema.items() if key != "title"}
