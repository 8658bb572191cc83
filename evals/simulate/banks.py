"""Where a simulated candidate's answers come from, without a model.

Looked up in this order, question by question: the users' own file, the answers written for the kit
that ships, the kit's exemplars, and answers composed of its points.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Protocol

import yaml
from pydantic import ValidationError

from agent.syllabus import Bite, Item, Syllabus
from evals.simulate import composing
from evals.simulate.personas import read_yaml
from knowledge.atoms import LEVELS, Atom, Frozen, Level
from knowledge.errors import BadInput

CANDIDATES = Path(__file__).parents[1] / "candidates"
MOST_POINTS = 5
"""That somebody types in one answer."""
SHARES = {-1: 1.0, 0: 0.6, 1: 0.3}
"""Of the points, by how many levels the question is above them; further above: none."""
KNOWS_A_BITE: dict[Level, float] = {"junior": 0.4, "mid": 0.7, "senior": 0.9, "principal": 0.9}


@dataclass(frozen=True)
class Knowing:
    """What somebody brings to one question: their level, and chances that are theirs alone."""

    level: Level
    asked: Level
    chance: str
    """What their chances are drawn from."""

    @property
    def gap(self) -> int:
        """How many levels the question is above them, from -1 to 2."""
        return min(max(LEVELS.index(self.asked) - LEVELS.index(self.level), -1), 2)

    def draw(self, what: str) -> Random:
        """The same each time."""
        return Random(f"{self.chance}:{what}")


class Bank(Protocol):
    """Answers by question; None where it has none."""

    def answer(self, item: Item, knowing: Knowing) -> str | None:
        """What they say to a core question or rung."""

    def more(self, item: Item, asked: Atom | None, turn: int, knowing: Knowing) -> str | None:
        """What they say to a follow-up on it, the author's or a general one; the first is 0."""

    def wrong(self, item: Item, knowing: Knowing) -> str | None:
        """What somebody says who is wrong."""

    def bite(self, bite: Bite, knowing: Knowing) -> str | None:
        """What they say to a money question."""


class Nothing:
    """A bank that has nothing; the others are made by filling in."""

    def answer(self, item: Item, knowing: Knowing) -> str | None:
        return None

    def more(self, item: Item, asked: Atom | None, turn: int, knowing: Knowing) -> str | None:
        return None

    def wrong(self, item: Item, knowing: Knowing) -> str | None:
        return None

    def bite(self, bite: Bite, knowing: Knowing) -> str | None:
        return None


class Composed(Nothing):
    """Answers made of the rubric: how much of it a level says, in other words."""

    def answer(self, item: Item, knowing: Knowing) -> str | None:
        """As many points as their level says; None where that is none."""
        told = self._order(item, knowing)[: self._number(item, knowing)]
        return composing.told(told, knowing.draw("told")) if told else None

    def more(self, item: Item, asked: Atom | None, turn: int, knowing: Knowing) -> str | None:
        """The next point, from those who know the subject."""
        left = self._order(item, knowing)[self._number(item, knowing) + turn :]
        knows = knowing.gap < 1 or (knowing.gap == 1 and knowing.draw(f"more{turn}").random() < 0.5)
        return composing.told(left[:1], knowing.draw(f"told{turn}")) if left and knows else None

    def wrong(self, item: Item, knowing: Knowing) -> str | None:
        """The first thing that it counts against an answer, done with conviction."""
        negative = (i.text for i in item.indicators if i.polarity == "negative")
        found = next(negative, None)
        told = composing.in_first_person(found) if found else None
        return composing.told([told], knowing.draw("wrong")) if told else None

    def bite(self, bite: Bite, knowing: Knowing) -> str | None:
        """Its point, from as many as know such a thing at their level."""
        if knowing.draw("bite").random() >= KNOWS_A_BITE[knowing.level]:
            return None
        core = [point.text for point in bite.points if point.role != "example"]
        return composing.told(core[:1], knowing.draw("told")) if core else None

    def _number(self, item: Item, knowing: Knowing) -> int:
        have = len(self._order(item, knowing))
        share = SHARES.get(knowing.gap, 0.0)
        return max(round(share * have), 1 if share else 0)

    def _order(self, item: Item, knowing: Knowing) -> list[str]:
        """What could be said: core points, then one of each group, and examples from the best."""
        core = [p.text for p in item.points if p.role in {None, "core"}]
        of_group = {p.group: p.text for p in item.points if p.role == "any_of"}
        said = [*core, *of_group.values()]
        if not said:
            positive = (i.text for i in item.indicators if i.polarity == "positive")
            said = [composing.in_first_person(text) for text in positive]
        knowing.draw("order").shuffle(said)
        examples = [p.text for p in item.points if p.role == "example"]
        return [*said[:MOST_POINTS], *(examples[:1] if knowing.gap < 0 else ())]


class Exemplars(Nothing):
    """The kit's own answers at below, meets and exceeds."""

    def __init__(self, syllabus: Syllabus) -> None:
        self._kit = syllabus.kit

    def answer(self, item: Item, knowing: Knowing) -> str | None:
        """The one of their level; from those far above a question, one that meets it will do."""
        written = {e.grade: e.text for e in self._kit.came_with(item.question.id, "exemplar")}
        if knowing.gap > 0:
            return written.get("below")
        return (written.get("exceeds") if knowing.gap < 0 else None) or written.get("meets")

    def wrong(self, item: Item, knowing: Knowing) -> str | None:
        """The one below."""
        written = self._kit.came_with(item.question.id, "exemplar")
        return next((exemplar.text for exemplar in written if exemplar.grade == "below"), None)


class Written(Nothing):
    """Answers that people of four levels would give, written from the questions alone."""

    def __init__(self) -> None:
        self._entries = {entry["question"]: entry for entry in _shipped("answers")}
        self._bites: dict[str, str] = _shipped("manners")["money"]

    def answer(self, item: Item, knowing: Knowing) -> str | None:
        """One of those written for their level, or a senior's where it has none of its own."""
        entry = self._entries.get(item.question.text)
        if entry is None:
            return None
        of_level = entry["answers"].get(knowing.level) or entry["answers"]["senior"]
        return str(knowing.draw("wording").choice(of_level))

    def more(self, item: Item, asked: Atom | None, turn: int, knowing: Knowing) -> str | None:
        """Good from those above the question, weak from those far below it."""
        entry = self._entries.get(item.question.text, {"follow_ups": ()})
        texts = (f for f in entry["follow_ups"] if asked and f["question"] == asked.text)
        found = next(texts, None)
        if found is None:
            return None
        better = knowing.draw(f"more{turn}").random() < 0.5
        qualities = {-1: "good", 0: "good" if better else "fair", 1: "fair" if better else "weak"}
        return str(found[qualities.get(knowing.gap, "weak")])

    def wrong(self, item: Item, knowing: Knowing) -> str | None:
        """What was written for it."""
        entry = self._entries.get(item.question.text)
        return str(entry["wrong"]) if entry else None

    def bite(self, bite: Bite, knowing: Knowing) -> str | None:
        """The short answer, from as many as know such a thing at their level."""
        if knowing.draw("bite").random() >= KNOWS_A_BITE[knowing.level]:
            return None
        text = bite.question.text
        return next((a for start, a in self._bites.items() if text.startswith(start)), None)


class OwnEntry(Frozen):
    """The answers to one question (its id or its text) by level; `wrong` is a wrong one."""

    question: str
    answers: dict[Level, str]
    wrong: str | None = None


class Own(Nothing):
    """The answers of a users' file."""

    def __init__(self, entries: Sequence[OwnEntry]) -> None:
        self._entries = {entry.question: entry for entry in entries}

    def answer(self, item: Item, knowing: Knowing) -> str | None:
        """The one of their level, or the nearest below it, or else the lowest."""
        entry = self._of(item)
        if entry is None or not entry.answers:
            return None
        known = LEVELS[: LEVELS.index(knowing.level) + 1]
        below = (entry.answers[level] for level in reversed(known) if level in entry.answers)
        lowest = (entry.answers[level] for level in LEVELS if level in entry.answers)
        return next(below, None) or next(lowest)

    def wrong(self, item: Item, knowing: Knowing) -> str | None:
        """What the file says is wrong."""
        entry = self._of(item)
        return entry.wrong if entry else None

    def _of(self, item: Item) -> OwnEntry | None:
        by_id = self._entries.get(item.question.id)
        return by_id or self._entries.get(item.question.text)


class InTurn:
    """Several banks; the first that has something speaks."""

    def __init__(self, *banks: Bank) -> None:
        self._banks = banks

    def answer(self, item: Item, knowing: Knowing) -> str | None:
        """To a core question or rung."""
        return next((a for b in self._banks if (a := b.answer(item, knowing))), None)

    def more(self, item: Item, asked: Atom | None, turn: int, knowing: Knowing) -> str | None:
        """To a follow-up."""
        return next((a for b in self._banks if (a := b.more(item, asked, turn, knowing))), None)

    def wrong(self, item: Item, knowing: Knowing) -> str | None:
        """Something wrong."""
        return next((a for b in self._banks if (a := b.wrong(item, knowing))), None)

    def bite(self, bite: Bite, knowing: Knowing) -> str | None:
        """To a money question."""
        return next((a for b in self._banks if (a := b.bite(bite, knowing))), None)


def open_bank(syllabus: Syllabus, own: Path | None = None) -> Bank:
    """All that can be answered from on this kit.

    Raises:
        NotFound, BadInput: the users' own file is not there, or not one of answers to this kit.
    """
    mine = [_own(own, syllabus)] if own else []
    return InTurn(*mine, Written(), Exemplars(syllabus), Composed())


def _own(path: Path, syllabus: Syllabus) -> Own:
    data = read_yaml(path)
    entries = data.get("answers") if isinstance(data, Mapping) else None
    if not isinstance(entries, list):
        raise BadInput(
            f"{path.name} holds no answers.",
            "Write `answers:` and below it a list of entries with question and answers by level.",
        )
    own = list(_entries(path.name, entries))
    asked = {**syllabus.items, **syllabus.rungs}
    known = {*asked, *(item.question.text for item in asked.values())}
    for entry in own:
        if entry.question not in known:
            raise BadInput(
                f"{path.name}: {syllabus.kit.name} has no question {entry.question!r}.",
                "Give a question's id or its text; `viva kit show` lists them.",
            )
    return Own(own)


def _entries(document: str, entries: Sequence[Any]) -> Iterator[OwnEntry]:
    for number, entry in enumerate(entries, 1):
        try:
            yield OwnEntry.model_validate(entry)
        except ValidationError as error:
            wrong = error.errors(include_url=False)[0]
            where = ".".join(str(part) for part in wrong["loc"]) or "the entry"
            raise BadInput(
                f"{document}, answer {number}: {where}: {wrong['msg']}.",
                "docs/simulation.md shows how a bank is written.",
            ) from None


@cache
def _shipped(name: str) -> Any:
    return yaml.safe_load((CANDIDATES / f"{name}.yaml").read_text("utf-8"))
