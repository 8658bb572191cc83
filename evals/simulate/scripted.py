"""A candidate who needs no model: answers from a bank, told in the style of their persona."""

import re
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from string import Template
from typing import Any, cast

import yaml

from agent.state import Open
from agent.syllabus import Item, Syllabus
from evals.attacks import attacks
from evals.rewriting import sentences
from evals.simulate.banks import Bank, Knowing
from evals.simulate.moves import Move, Sight
from evals.simulate.personas import Persona, Someone, Style

CLUELESS = {
    "unsure": (0.05, 0.2, 0.6, 0.9),
    "others": (0.0, 0.0, 0.15, 0.35),
}
"""How often they just do not know, by how many levels a question is above them, from -1."""
OF_THE_KIT = 3
"""Technologies that somebody without claims names."""
LONG_WAIT = 300.0
"""Seconds that a silent one sits there."""
MOST_PIECES = 4


@cache
def words() -> dict[str, Any]:
    """What people say around their answers."""
    text = Path(__file__).with_name("styles.yaml").read_text("utf-8")
    return cast("dict[str, Any]", yaml.safe_load(text))


class Scripted:
    """One person in one interview: for each question a plan, then a skip."""

    def __init__(self, someone: Someone, syllabus: Syllabus, bank: Bank) -> None:
        self._someone, self._syllabus, self._bank = someone, syllabus, bank
        self._persona: Persona = someone.persona
        self._number = -1
        self._planned: list[Move] = []
        self._rest: list[Move] = []
        """What they still want to add to their last answer."""
        self._core: Item | None = None
        self._more = 0
        self._cores = 0
        self._questions = 0
        self._leaving = False
        self.insulted = False

    async def reply(self, sight: Sight) -> Move:
        """The next message or button."""
        if sight.paused:
            return Move("resume")
        if sight.confirming:
            return Move("answer", words()["leaves" if self._leaving else "goes_on"])
        if self._rest:
            return self._rest.pop(0)
        if sight.open["number"] != self._number:
            self._number = sight.open["number"]
            self._planned = self._plan(sight.open)
        if not self._planned:
            return Move("skip")
        move = self._planned.pop(0)
        if not self._planned and move.kind == "answer":
            self._rest, move = self._pieces(move)
        return move

    def _plan(self, asked: Open) -> list[Move]:
        """What they do about this question."""
        match asked["kind"]:
            case "warm_up":
                return [Move("answer", self.background())]
            case "core":
                return self._on_core(asked["atom"] or "")
            case "follow_up":
                return self._on_follow_up(asked)
            case "find_out":
                return [self._one_of("find_out")]
            case "money":
                return self._on_money(asked["atom"])
            case "unasked":
                return [self._one_of("unasked")]
        return [self._own_question()]

    def background(self) -> str:
        """What they say of themselves in the warm-up."""
        if self._persona.background:
            return self._persona.background
        claims = list(self._persona.claims) or self._some_of_the_kit()
        if not claims:
            return self._one_of("without_claims").text
        listed = " and ".join(filter(None, (", ".join(claims[:-1]), claims[-1])))
        return Template(self._one_of("background").text).substitute(claims=listed)

    def _some_of_the_kit(self) -> list[str]:
        named = dict.fromkeys(bite.technology.text for bite in self._syllabus.bites.values())
        draw = self._knowing("mid", "claims").draw("claims")
        return draw.sample(list(named), min(OF_THE_KIT, len(named)))

    def _on_core(self, atom: str) -> list[Move]:
        self._core, self._more, self._cores = self._syllabus.rubric(atom), 0, self._cores + 1
        item, knowing = self._core, self._on(self._core)
        unsure = "unsure" if self._persona.style == "unsure" else "others"
        if self._chance(f"clueless:{atom}") < CLUELESS[unsure][knowing.gap + 1]:
            text = None
        else:
            text = self._bank.answer(item, knowing)
        if text is None and item.core and self._persona.style != "wrong":
            return self._styled(None, f"core:{atom}")
        return self._styled(text or self._one_of("nothing_written").text, f"core:{atom}")

    def _on_follow_up(self, asked: Open) -> list[Move]:
        if self._core is None:
            return [self._one_of("nothing_to_add")]
        author = self._syllabus.kit.by_id.get(asked["atom"] or "")
        text = self._bank.more(self._core, author, self._more, self._on(self._core))
        self._more += 1
        place = f"more:{asked['number']}"
        return self._styled(text or self._one_of("nothing_to_add").text, place)

    def _on_money(self, atom: str | None) -> list[Move]:
        bite = self._syllabus.bites.get(atom or "")
        text = (
            self._bank.bite(bite, self._knowing(self._persona.level["all"], atom)) if bite else None
        )
        return [Move("answer", text)] if text else [self._one_of("dont_know")] * 2

    def _own_question(self) -> Move:
        self._questions += 1
        if self._questions > 1:
            return Move("answer", words()["goodbye"])
        return self._one_of("own_questions")

    def _styled(self, text: str | None, place: str) -> list[Move]:
        """An answer, or None where they have none, told in their way."""
        chance = self._chance(place)
        told = STYLED.get(self._persona.style, _plainly)
        return told(self, text, chance)

    def _pieces(self, move: Move) -> tuple[list[Move], Move]:
        """What a fragmentary one adds later, and what they send first."""
        parts = sentences(move.text)
        if self._persona.style != "fragmentary" or len(parts) < 2:
            return [], move
        each = -(-len(parts) // MOST_PIECES)
        pieces = [" ".join(parts[at : at + each]) for at in range(0, len(parts), each)]
        return [Move("amend", piece) for piece in pieces[1:]], Move("answer", pieces[0])

    def leave(self) -> Move:
        """They have had enough; asked back, they say yes."""
        self._leaving = True
        return Move("end")

    def _on(self, item: Item) -> Knowing:
        level = self._persona.on(item.subject)
        return Knowing(level, item.level or "mid", f"{self._someone.name}:{item.question.id}")

    def _knowing(self, level: Any, about: str | None) -> Knowing:
        return Knowing(level, level, f"{self._someone.name}:{about}")

    @property
    def cores(self) -> int:
        """How many core questions and rungs they have met."""
        return self._cores

    def wrong(self) -> str | None:
        """Something wrong about the question at hand."""
        return self._bank.wrong(self._core, self._on(self._core)) if self._core else None

    def _one_of(self, what: str) -> Move:
        return Move("answer", self.one_of(what))

    def one_of(self, what: str) -> str:
        """One of the phrases of that kind; by level where they differ by it."""
        of_kind = words()[what]
        texts: Sequence[str] = (
            of_kind[self._persona.level["all"]] if isinstance(of_kind, dict) else of_kind
        )
        return texts[int(self._chance(f"{what}:{self._number}") * len(texts))]

    def _chance(self, what: str) -> float:
        return self._knowing("mid", what).draw(what).random()


Told = Callable[[Scripted, str | None, float], list[Move]]
"""The moves of an answer (None: they do not know) in one style; the last is a chance in 0..1."""


def _plainly(who: Scripted, text: str | None, chance: float) -> list[Move]:
    return [Move("answer", text or who.one_of("dont_know"))]


def _tersely(who: Scripted, text: str | None, chance: float) -> list[Move]:
    parts = sentences(text) if text else ["No idea."]
    return [Move("answer", " ".join(parts[: (len(parts) + 1) // 2]))]


def _between(before: str, after: str | None = None) -> Told:
    """With a phrase before, and one after, what they know."""

    def told(who: Scripted, text: str | None, chance: float) -> list[Move]:
        said = text or who.one_of("dont_know")
        parts = (who.one_of(before), said, who.one_of(after) if after else "")
        return [Move("answer", " ".join(filter(None, parts)))]

    return told


def _nervously(who: Scripted, text: str | None, chance: float) -> list[Move]:
    """With an apology; met with care instead of the next question, they go on and say it again."""
    said = _between("nervous_before", "nervous_after")(who, text, chance)
    said += [Move("answer", who.one_of("nervous_goes_on")), *_plainly(who, text, chance)]
    if chance < 0.15:
        return [Move("pause"), *said]
    return [Move("clarify"), *said] if chance < 0.4 else said


def _evasively(who: Scripted, text: str | None, chance: float) -> list[Move]:
    around = who.one_of("evasive")
    if text is None or chance < 0.6:
        return [Move("answer", around)]
    return [Move("answer", f"{around} {sentences(text)[0]}")]


def _with_hostility(who: Scripted, text: str | None, chance: float) -> list[Move]:
    """One insult, at their second question; then they answer, insult again, or leave."""
    if who.cores < 2 or who.insulted:
        return _plainly(who, text, chance)
    who.insulted = True
    insult = Move("answer", who.one_of("hostile"))
    if chance < 0.33:
        return [insult, who.leave()]
    return [insult, insult] if chance < 0.5 else [insult, *_plainly(who, text, chance)]


def _off_topic(who: Scripted, text: str | None, chance: float) -> list[Move]:
    aside = [Move("answer", who.one_of("off_topic"))] if chance < 0.5 else []
    return [*aside, *_plainly(who, text, chance)]


def _as_a_foreigner(who: Scripted, text: str | None, chance: float) -> list[Move]:
    said = text or who.one_of("dont_know")
    for pattern, instead in words()["non_native"]:
        said = re.sub(pattern, instead, said)
    return [Move("answer", said)]


@cache
def _their_own() -> tuple[str, ...]:
    """Attacks that somebody can make who does not know the rubric."""
    return tuple(a.text for a in attacks() if a.steers and set(_slots(a.text)) == {"answer"})


def _slots(text: str) -> list[str]:
    return Template(text).get_identifiers()


def _steering(who: Scripted, text: str | None, chance: float) -> list[Move]:
    said = text or who.one_of("dont_know")
    if chance < 0.3:
        return [Move("answer", who.one_of("steering")), Move("answer", said)]
    if chance > 0.8:
        return [Move("answer", said)]
    frame = _their_own()[int((chance - 0.3) * 2 * len(_their_own())) % len(_their_own())]
    return [Move("answer", Template(frame).substitute(answer=said))]


def _silently(who: Scripted, text: str | None, chance: float) -> list[Move]:
    nothing = Move("answer", who.one_of("silent"), LONG_WAIT)
    if text and chance > 0.7:
        return [nothing, Move("answer", sentences(text)[0], LONG_WAIT)]
    return [nothing, Move("hint", seconds=LONG_WAIT)] if chance < 0.4 else [nothing]


def _wrongly(who: Scripted, text: str | None, chance: float) -> list[Move]:
    wrong = who.wrong() if chance < 0.5 else None
    if wrong:
        return [Move("answer", f"{who.one_of('wrong_before')} {wrong}")]
    return _plainly(who, text, chance)


def _after_a_change_of_mind(who: Scripted, text: str | None, chance: float) -> list[Move]:
    wrong = who.wrong() if chance < 0.5 else None
    if wrong is None or text is None:
        return _plainly(who, text, chance)
    return [Move("answer", f"{who.one_of('changes_before').format(wrong=wrong)} {text}")]


def _with_hints(who: Scripted, text: str | None, chance: float) -> list[Move]:
    asks = Move("hint") if chance < 0.5 else Move("answer", who.one_of("asks_hint"))
    return [asks, *_plainly(who, text, chance)]


def _with_skips(who: Scripted, text: str | None, chance: float) -> list[Move]:
    return [Move("skip")] if chance < 0.3 else _plainly(who, text, chance)


def _asking_back(who: Scripted, text: str | None, chance: float) -> list[Move]:
    asks = [Move("answer", who.one_of("asks_back"))] if chance < 0.4 else []
    return [*asks, *_plainly(who, text, chance)]


STYLED: dict[Style, Told] = {
    "terse": _tersely,
    "rambling": _between("rambling_before", "rambling_after"),
    "story": _between("story_before", "story_after"),
    "unsure": _between("unsure_before"),
    "nervous": _nervously,
    "evasive": _evasively,
    "hostile": _with_hostility,
    "off_topic": _off_topic,
    "non_native": _as_a_foreigner,
    "steering": _steering,
    "silent": _silently,
    "wrong": _wrongly,
    "changes_mind": _after_a_change_of_mind,
    "hints": _with_hints,
    "skips": _with_skips,
    "asks_back": _asking_back,
}
"""The others are plain; a fragmentary one sends what a plain one says in pieces."""
