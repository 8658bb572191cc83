"""Scripted people: `candidates/` says who they are, what they know and how they talk.

The answers were written from the questions' texts alone, before any of them was marked.
"""

import random
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple, cast

import yaml

from agent.events import Intent
from agent.state import Open
from agent.syllabus import Syllabus
from knowledge.atoms import LEVELS, Atom, Frozen, Kit, Level
from knowledge.kit_yaml import parse_kit

KIT = "data-engineer"
CLUELESS = {
    "unsure": (0.05, 0.2, 0.6, 0.9),
    "others": (0.0, 0.0, 0.15, 0.35),
}
"""How often they just do not know, by how many levels a question is above them."""
KNOWS_A_BITE = {"junior": 0.4, "mid": 0.7, "senior": 0.9, "principal": 0.9}
BLUFFS = {"junior": 0.5, "mid": 0.2}
"""How often somebody who is wrong with confidence is."""


class Person(Frozen):
    """One of them: `level` is where a careful reader of all their answers would place them."""

    level: Level
    manner: str
    background: str
    better: str | None = None
    worse: str | None = None

    @property
    def name(self) -> str:
        """Level and manner, which no two share."""
        return f"{self.level} {self.manner}"


class Move(NamedTuple):
    """One message or button: `kind` is what a turn can be, `means` how it should be read."""

    kind: str
    text: str = ""
    means: Intent | None = "answer"


STALLED = (Move("answer", "I am fine, let us go on."), Move("answer", "I would ask a colleague."))
"""What they say next where a question stays open after all they had to say; then they skip it."""


@cache
def _read(name: str) -> Any:
    text = files("evals").joinpath(f"candidates/{name}.yaml").read_text("utf-8")
    return yaml.safe_load(text)


def shipped() -> Kit:
    """The kit that the answers are written for."""
    text = files("knowledge").joinpath(f"kits/{KIT}.yaml").read_text("utf-8")
    return parse_kit(text, f"{KIT}.yaml")


def people() -> list[Person]:
    """All of them, the juniors first."""
    return [Person.model_validate(entry) for entry in _read("people")]


class Interviewee:
    """One person in one interview: the next move for the question that is open."""

    def __init__(self, person: Person, syllabus: Syllabus) -> None:
        self._person, self._syllabus = person, syllabus
        self._manners: dict[str, Any] = _read("manners")
        self._number = -1
        self._planned: list[Move] = []
        self._rest = ""
        """What they still want to add to their last answer."""
        self._core = ""
        self._questions = 0

    def reply(self, asked: Open, *, confirming: bool) -> Move:
        """The next message; `confirming` is whether they were asked if they want to end."""
        if confirming:
            return Move("answer", "No, I want to go on.")
        if self._rest:
            rest, self._rest = self._rest, ""
            return Move("amend", rest, "amend")
        if asked["number"] != self._number:
            self._number, self._planned = asked["number"], [*self._plan(asked), *STALLED]
        return self._planned.pop(0) if self._planned else Move("skip", means="skip")

    def _plan(self, asked: Open) -> list[Move]:
        match asked["kind"]:
            case "warm_up":
                return [Move("answer", self._person.background)]
            case "core":
                return self._on_question(asked["atom"] or "")
            case "follow_up":
                return [Move("answer", self._on_follow_up(asked["atom"]))]
            case "find_out":
                return [Move("answer", self._one_of("find_out", self._core))]
            case "money":
                known = self._on_money(asked["text"])
                return [Move("answer", each, None) for each in (known, "I still do not know.")]
            case "unasked":
                return [Move("answer", self._one_of("unasked", ""))]
        return [Move("answer", self._own_question(), None)]

    def _on_question(self, atom: str) -> list[Move]:
        self._core = atom
        gap = self._gap(self._atom(atom))
        manner = self._person.manner
        if manner == "skips" and self._chance(atom, "skip") < 0.2:
            return [Move("skip", means="skip")]
        if self._chance(atom, "clueless") < self._clueless(gap):
            return [Move("answer", self._one_of("dont_know", atom), "dont_know")]
        answer = Move("answer", self._told(self._atom(atom)))
        if manner == "pieces":
            answer = self._in_pieces(answer.text)
        if manner == "hints" and gap >= 0:
            return [Move("answer", self._one_of("asks_hint", atom), "hint"), answer]
        if manner == "asks_back" and self._chance(atom, "back") < 0.4:
            return [Move("answer", self._one_of("asks_back", atom), "clarify"), answer]
        return [answer]

    def _in_pieces(self, text: str) -> Move:
        parts = re.split(r"(?<=[.?!]) ", text)
        self._rest = " ".join(parts[(len(parts) + 1) // 2 :])
        return Move("answer", " ".join(parts[: (len(parts) + 1) // 2]))

    def _told(self, question: Atom) -> str:
        """The answer they have, told in their manner."""
        entry = next(e for e in _read("answers") if e["question"] == question.text)
        manner, chance = self._person.manner, self._chance(question.id, "told")
        if manner == "wrong" and chance < BLUFFS[self._person.level]:
            return f"{self._one_of('confident_before', question.id)} {entry['wrong']}"
        answer = self._known(entry, question)
        if manner in {"rambling", "story"}:
            before = self._one_of(f"{manner}_before", question.id)
            return f"{before} {answer} {self._one_of(f'{manner}_after')}"
        if manner == "changes_mind" and chance < 0.5:
            before = self._one_of("changes_before", question.id)
            return f"{before.format(wrong=entry['wrong'])} {answer}"
        return self._in_their_english(answer)

    def _known(self, entry: dict[str, Any], question: Atom) -> str:
        level = self._level_on(question)
        if self._person.manner == "roads":
            for road in _read("roads"):
                if question.text.startswith(road["question"]):
                    return str(road["answer"])
        of_level = entry["answers"].get(level) or entry["answers"]["senior"]
        first = self._person.manner in {"rambling", "story", "pieces", "changes_mind"}
        short = self._person.manner == "terse"
        which = int(short or (not first and self._chance(question.id, "wording") < 0.5))
        return str(of_level[which])

    def _on_follow_up(self, atom: str | None) -> str:
        question = self._atom(self._core)
        gap = self._gap(question)
        asked = self._atom(atom).text if atom else ""
        entry = next(e for e in _read("answers") if e["question"] == question.text)
        own = next((f for f in entry["follow_ups"] if f["question"] == asked), None)
        if own is None:
            return self._one_of("dont_know", self._core)
        better = self._chance(asked, "follow") < 0.5
        if gap < 0:
            grade = "good"
        elif gap == 0:
            grade = "good" if better else "fair"
        else:
            grade = "fair" if gap == 1 and better else "weak"
        return self._in_their_english(own[grade])

    def _on_money(self, question: str) -> str:
        for start, answer in self._manners["money"].items():
            if question.startswith(start):
                knows = self._chance(question, "money") < KNOWS_A_BITE[self._person.level]
                return str(answer) if knows else "I do not know."
        return "I do not know."

    def _own_question(self) -> str:
        self._questions += 1
        if self._questions > 1:
            return str(self._manners["goodbye"])
        return self._one_of("questions", self._person.name)

    def _in_their_english(self, text: str) -> str:
        if self._person.manner != "non_native":
            return text
        for pattern, instead in self._manners["non_native"]:
            text = re.sub(pattern, instead, text)
        return text

    def _clueless(self, gap: int) -> float:
        by_gap = CLUELESS["unsure" if self._person.manner == "unsure" else "others"]
        return by_gap[min(max(gap + 1, 0), len(by_gap) - 1)] if gap > -2 else 0.0

    def _gap(self, question: Atom) -> int:
        """How many levels the question is above what they know of its competency."""
        asked = LEVELS.index(question.level or "mid")
        return asked - LEVELS.index(self._level_on(question))

    def _level_on(self, question: Atom) -> Level:
        subject = self._syllabus.subject_of(question)
        off = (subject == self._person.better) - (subject == self._person.worse)
        return LEVELS[min(max(LEVELS.index(self._person.level) + off, 0), len(LEVELS) - 1)]

    def _atom(self, atom: str) -> Atom:
        return self._syllabus.kit.by_id[atom]

    def _one_of(self, what: str, about: str = "") -> str:
        forms = self._manners[what]
        of_mine = forms[self._person.level] if isinstance(forms, dict) else forms
        texts = cast("Sequence[str]", of_mine)
        return texts[int(self._chance(about or str(self._number), what) * len(texts))]

    def _chance(self, about: str, what: str) -> float:
        """In 0..1, the same each time this person meets this."""
        return random.Random(f"{self._person.name}:{about}:{what}").random()
