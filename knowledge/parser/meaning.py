"""Titles and labels by what they mean, where no word list knows them.

A title is as near to a family of phrases as the phrases most like it, and nearer where it
stands and holds what such titles do. The phrases are data, in `prototypes.yaml`.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Literal, NamedTuple, Protocol

import numpy as np
import yaml

from knowledge.embedder import FloatArray, WordHash
from knowledge.parser.titles import Place, Shape, Title
from knowledge.parser.wording import Meaning, title_purpose

# By documents of teams not in the repository: what a title needs to count as known, how far it
# must be ahead of another meaning, and what its place, its contents and their tone add.
ENOUGH = 0.45
MARGIN = 0.03
STANDS = 0.05
FITS, MISFITS = 0.08, 0.15
TONE, USUAL_FAULTS = 0.08, 1 / 3


class Likeness(Protocol):
    """What gives titles their vectors: an embedder, or what one has given before."""

    @property
    def identity(self) -> str:
        """The embedder's name and revision."""

    def embed(self, texts: Sequence[str]) -> FloatArray:
        """[n, dim] float32, rows of unit length, in the order of `texts`."""


class Family(NamedTuple):
    """Phrases that mean one thing, where such titles stand, and what they hold."""

    meaning: Meaning | None
    tone: str | None
    phrases: tuple[str, ...]
    place: Place | Literal["question"] | None
    holds: frozenset[Shape]


@lru_cache(maxsize=1)
def families() -> tuple[Family, ...]:
    """The prototypes, as they stand in their file."""
    listed = yaml.safe_load(files(__package__).joinpath("prototypes.yaml").read_text("utf-8"))
    return tuple(
        Family(
            Meaning(each["means"], each.get("kind")) if "means" in each else None,
            each.get("tone"),
            tuple(each["phrases"]),
            each.get("place"),
            frozenset(each.get("holds", ())),
        )
        for each in listed
    )


def phrases() -> list[str]:
    """Every phrase of every family, in their order."""
    return [phrase for family in families() for phrase in family.phrases]


def tells(likeness: Likeness) -> bool:
    """Whether its vectors are alike where meanings are; the light embedder's are not."""
    return likeness.identity != WordHash.identity


def unknown(titles: Iterable[Title]) -> list[Title]:
    """The titles that no word list knows, each once."""
    found = {title.text.casefold(): title for title in titles if not title_purpose(title.text)}
    return list(found.values())


def meanings(titles: Sequence[Title], likeness: Likeness) -> dict[str, Meaning]:
    """What the titles mean, by their text in small letters; those that mean nothing are not in it.

    An embedder that knows words only by their letters tells nothing.
    """
    if not titles or not tells(likeness):
        return {}
    near = likeness.embed([title.text for title in titles]) @ _prototypes(likeness).T
    found = ((title, meaning_of(title, row)) for title, row in zip(titles, near, strict=True))
    return {title.text.casefold(): meaning for title, meaning in found if meaning}


_kept: dict[str, FloatArray] = {}


def _prototypes(likeness: Likeness) -> FloatArray:
    """[n_phrases, dim], kept for the embedder used last."""
    rows = _kept.get(likeness.identity)
    if rows is None:
        rows = likeness.embed(phrases())
        _kept.clear()
        _kept[likeness.identity] = rows
    return rows


def meaning_of(title: Title, near: FloatArray) -> Meaning | None:
    """The meaning of the family nearest to a title; `near` is its likeness to each phrase."""
    ranked = sorted(zip(score(title, near), families(), strict=True), key=lambda each: -each[0])
    best, family = ranked[0]
    rival = next(score for score, other in ranked if is_rival(other, family))
    return family.meaning if best >= ENOUGH and best - rival >= MARGIN else None


def is_rival(other: Family, family: Family) -> bool:
    """Whether it makes a difference which of two families a title is of."""
    if family.meaning and other.meaning and other.meaning.purpose == family.meaning.purpose:
        return False
    return other.meaning != family.meaning and not (family.tone and other.tone == family.tone)


def score(title: Title, near: FloatArray) -> list[float]:
    """For each family the mean likeness of the two nearest phrases, and what the context adds."""
    scores = []
    at = 0
    for family in families():
        own = np.sort(near[at : at + len(family.phrases)])[-2:]
        at += len(family.phrases)
        scores.append(float(own.mean()) + context(title, family))
    return scores


def context(title: Title, family: Family) -> float:
    """How much likelier a family is for where a title stands and what it holds."""
    added = 0.0
    if family.place == "question" and not title.asked:
        added -= MISFITS
    elif title.place:
        wanted = "label" if family.place == "question" else family.place
        added += STANDS if wanted in (None, title.place) else -STANDS
    if family.holds and title.holds:
        added += FITS if title.holds in family.holds else -MISFITS
    if family.tone and title.faults is not None:
        blame = min(title.faults / USUAL_FAULTS - 1, 1)
        added += TONE * (blame if family.tone == "bad" else -blame)
    return added
