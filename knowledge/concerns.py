"""Criteria that tend to hurt groups of people, told to whoever writes or reads a rubric.

A concern is a warning to a person and nothing else: nothing is refused, changed or marked by it.
The rules (`concerns.yaml`) read English a sentence at a time; of other languages they say nothing.
"""

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files
from string import Template
from typing import NamedTuple

import yaml

from knowledge.atoms import Atom, Kind

JUDGED_BY: frozenset[Kind] = frozenset(
    {
        *("competency", "level", "indicator", "flag", "anchor", "question", "follow_up"),
        *("point", "exercise", "rule", "money", "reference"),
    }
)
"""The kinds that people are asked about or judged by; what others say hurts nobody's marks."""


class Concern(NamedTuple):
    """What a criterion touches, and why that is a worry."""

    name: str
    why: str


class _Rule(NamedTuple):
    concern: Concern
    says: re.Pattern[str]
    unless: re.Pattern[str]


class _Rules(NamedTuple):
    spared: re.Pattern[str]
    each: tuple[_Rule, ...]


LONGEST, LONGEST_SENTENCE = 20_000, 600
"""Characters that are read; a sentence is searched in the square of its length."""

_sentence = re.compile(r"[^.;!?\n]+(?:\.(?=\w)[^.;!?\n]+)*")


@lru_cache(maxsize=200_000)  # a whole large kit, as its pages go through all of it
def concerns(text: str) -> tuple[Concern, ...]:
    """What a criterion in English touches that tends to hurt groups of people; usually nothing.

    Each concern comes once, in the order of the rules.
    """
    rules = _rules()
    read = (each[:LONGEST_SENTENCE] for each in _sentence.findall(text[:LONGEST]))
    sentences = [each for each in read if not rules.spared.search(each)]
    return tuple(
        rule.concern
        for rule in rules.each
        if any(rule.says.search(each) and not rule.unless.search(each) for each in sentences)
    )


def concerns_of(atom: Atom) -> tuple[Concern, ...]:
    """The same for an atom, if it is one that people are judged by."""
    return concerns(atom.text) if atom.kind in JUDGED_BY else ()


@cache
def _rules() -> _Rules:
    written = yaml.safe_load(files("knowledge").joinpath("concerns.yaml").read_text("utf-8"))
    words = dict[str, str]()
    for name, words_ in written["words"].items():
        words[name] = Template(words_).substitute(words)
    return _Rules(
        _any(written["spared"], words),
        tuple(
            _Rule(
                Concern(rule["name"], rule["why"]),
                _any(rule["says"], words),
                _any(rule.get("unless", ()), words),
            )
            for rule in written["concerns"]
        ),
    )


def _any(parts: Iterable[str], words: dict[str, str]) -> re.Pattern[str]:
    """A whole word or phrase of these; no text has it where there are none."""
    said = "|".join(Template(part).substitute(words) for part in parts)
    return re.compile(rf"\b(?:{said})(?!\w)" if said else r"(?!)", re.I)
