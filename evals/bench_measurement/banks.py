"""What is asked: the kit that ships, and kits of any size made of words that mean nothing."""

import random
from functools import cache
from importlib.resources import files

from agent.syllabus import Syllabus
from knowledge.atoms import LEVELS, Atom, Kind, Kit, Level, Polarity, Role
from knowledge.kit_yaml import parse_kit

SHIPPED = "data-engineer"
SUBJECTS = 6
PER_LEVEL = 2
LADDERS = 2
"""Competencies of the made-up kit that also have a level ladder."""


@cache
def shipped() -> Syllabus:
    """The kit that ships."""
    text = files("knowledge").joinpath("kits", f"{SHIPPED}.yaml").read_text("utf-8")
    return Syllabus(parse_kit(text, SHIPPED))


@cache
def made_up(
    questions: int = SUBJECTS * PER_LEVEL * len(LEVELS), ladders: int = LADDERS
) -> Syllabus:
    """A kit of six competencies with questions of all levels, of three to five points each."""
    chance = random.Random(questions)
    atoms = [
        Atom(id=f"c{number}", kind="competency", text=f"Competency {number + 1}")
        for number in range(SUBJECTS)
    ]
    for number in range(questions):
        level = LEVELS[number // SUBJECTS % len(LEVELS)]
        atoms += _question(f"q{number}", f"c{number % SUBJECTS}", level, chance)
    for number in range(ladders):
        atoms += _ladder(f"ladder{number}", f"c{number}", chance)
    return Syllabus(Kit(name=f"made-up-{questions}", atoms=tuple(atoms)))


def _ladder(name: str, competency: str, chance: random.Random) -> list[Atom]:
    """A scene with a rung for each level."""
    atoms = [_asks(name, competency, None, chance)]
    for level in LEVELS:
        atoms += _question(f"{name}-{level}", name, level, chance)
    return atoms


def _question(name: str, parent: str, level: Level, chance: random.Random) -> list[Atom]:
    """A question with its points, of which the last two may be either of a group."""
    points = chance.randint(3, 5)
    grouped = points > 3 and chance.random() < 0.4
    atoms = [_asks(name, parent, level, chance)]
    for number in range(points):
        role: Role = "any_of" if grouped and number >= points - 2 else "core"
        atoms.append(
            Atom(
                id=f"{name}.p{number}",
                kind="point",
                text=_words(chance, 12),
                parent=name,
                question=name,
                role=role,
                group="either" if role == "any_of" else None,
            )
        )
    signs: tuple[Polarity, ...] = ("positive", "negative")
    helps: tuple[Kind, ...] = ("hint", "follow_up")
    for sign in signs:
        text = _words(chance, 12)
        atoms.append(_indicator(f"{name}.{sign}", name, text, sign))
    for number in range(2):
        for kind in helps:
            text = _words(chance, 10)
            atoms.append(Atom(id=f"{name}.{kind}{number}", kind=kind, text=text, parent=name))
    return atoms


def _indicator(name: str, question: str, text: str, sign: Polarity) -> Atom:
    return Atom(
        id=name, kind="indicator", text=text, parent=question, question=question, polarity=sign
    )


def _asks(name: str, parent: str, level: Level | None, chance: random.Random) -> Atom:
    text = _words(chance, 15)
    return Atom(id=name, kind="question", text=text, parent=parent, level=level)


def _words(chance: random.Random, length: int) -> str:
    """Words of three syllables out of a few thousand, as many as a kit would have."""
    syllables = "ba ce di fo gu la me ni po ru sa ve".split()
    return " ".join("".join(chance.choices(syllables, k=3)) for _ in range(length)) + "."
