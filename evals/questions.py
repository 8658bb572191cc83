"""Questions with a rubric and answers of three qualities: our own, and the shipped kit's."""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, get_args

import yaml
from pydantic import Field

from agent.syllabus import Item, Syllabus
from knowledge.atoms import Atom, Frozen, Kit
from knowledge.kit_yaml import parse_kit

DATA = Path(__file__).parent / "data"
SHIPPED = "data-engineer"

Quality = Literal["poor", "middling", "good"]
QUALITIES: tuple[Quality, ...] = get_args(Quality)
_qualities: dict[str, Quality] = {"below": "poor", "meets": "middling", "exceeds": "good"}


class Question(Frozen):
    """What an answer is graded by, and `answers` by their quality.

    A point is a text, or `text`, `role` and `group` as `viva grade` takes them.
    """

    question: str
    points: tuple[str | dict[str, str | None], ...]
    positive: tuple[str, ...] = ()
    negative: tuple[str, ...] = ()
    answers: dict[Quality, str] = Field(default_factory=dict)

    @property
    def texts(self) -> list[str]:
        """The points' words."""
        return [p if isinstance(p, str) else str(p["text"]) for p in self.points]


def load(name: str) -> Any:
    """A file of `evals/data`, as it is written."""
    return yaml.safe_load((DATA / f"{name}.yaml").read_text("utf-8"))


@cache
def own() -> tuple[Question, ...]:
    """The questions of `questions.yaml`."""
    return tuple(_own(entry) for entry in load("questions"))


def _own(entry: dict[str, Any]) -> Question:
    rubric = {key: entry[key] for key in ("question", "points", "positive", "negative")}
    return Question(**rubric, answers={quality: entry[quality] for quality in QUALITIES})


@cache
def shipped() -> tuple[Question, ...]:
    """The shipped kit's questions that have exemplars, which are their answers."""
    text = files("knowledge").joinpath("kits", f"{SHIPPED}.yaml").read_text("utf-8")
    kit = parse_kit(text, SHIPPED)
    syllabus = Syllabus(kit)
    asked = dict.fromkeys(a.question for a in kit.of("exemplar") if a.question)
    return tuple(_shipped(kit, syllabus.rubric(question)) for question in asked)


def _shipped(kit: Kit, item: Item) -> Question:
    exemplars = kit.came_with(item.question.id, "exemplar")
    answers = {_qualities[atom.grade]: atom.text for atom in exemplars if atom.grade}
    return rubric_of(item).model_copy(update={"answers": answers})


def rubric_of(item: Item) -> Question:
    """A kit's question with its rubric; without answers."""
    return Question(
        question=item.question.text,
        points=tuple(_point(atom) for atom in item.points),
        positive=_signed(item.indicators, "positive"),
        negative=_signed(item.indicators, "negative"),
    )


def _point(atom: Atom) -> dict[str, str | None]:
    return {"text": atom.text, "role": atom.role or "core", "group": atom.group}


def _signed(indicators: Iterable[Atom], polarity: str) -> tuple[str, ...]:
    return tuple(atom.text for atom in indicators if atom.polarity == polarity)
