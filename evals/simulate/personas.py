"""Personas as data: what a simulated candidate knows, and how they behave."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from random import Random
from typing import Any, Literal, get_args

import yaml
from pydantic import Field, ValidationError, field_validator

from agent.syllabus import Syllabus
from knowledge.atoms import Frozen, Level
from knowledge.errors import BadInput, NotFound

SHIPPED = Path(__file__).parents[1] / "personas.yaml"
ALL = "all"

Style = Literal[
    "plain",
    "terse",
    "rambling",
    "story",
    "nervous",
    "unsure",
    "evasive",
    "hostile",
    "off_topic",
    "non_native",
    "steering",
    "silent",
    "fragmentary",
    "wrong",
    "changes_mind",
    "hints",
    "skips",
    "asks_back",
]
STYLES: tuple[Style, ...] = get_args(Style)


class Persona(Frozen):
    """One kind of candidate.

    `level` is one level, or levels by competency with `all` for the rest. `claims` are the
    technologies they name in the warm-up; none: some of the kit's. `background` are their own
    words there; none: a sentence is made of the claims. Each of the `seeds` is another person.
    """

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=60)
    style: Style = "plain"
    level: dict[str, Level]
    background: str | None = Field(default=None, min_length=1, max_length=2_000)
    claims: tuple[str, ...] = Field(default=(), max_length=20)
    seeds: tuple[int, ...] = Field(default=(0,), min_length=1)

    @field_validator("level", mode="before")
    @classmethod
    def _by_competency(cls, given: Any) -> Any:
        return {ALL: given} if isinstance(given, str) else given

    @field_validator("level")
    @classmethod
    def _has_the_rest(cls, given: dict[str, Level]) -> dict[str, Level]:
        if ALL not in given:
            raise ValueError("a level for 'all' is missing: what they know of everything else")
        return given

    def on(self, competency: str) -> Level:
        """Their level on a competency."""
        return self.level.get(competency, self.level[ALL])

    def check(self, syllabus: Syllabus) -> None:
        """See that the competencies it names are this kit's.

        Raises:
            BadInput: one is not.
        """
        for name in self.level.keys() - {ALL, *syllabus.subjects}:
            raise BadInput(
                f"The persona {self.name} has a level on {name!r}, which {syllabus.kit.name} does "
                "not measure.",
                f"Name one of: {', '.join(syllabus.subjects)}; or {ALL!r}.",
            )


@dataclass(frozen=True)
class Someone:
    """A persona under one seed; all their chances are drawn from its name and seed."""

    persona: Persona
    seed: str

    @property
    def name(self) -> str:
        """Their own, also as a file's."""
        return f"{self.persona.name}-{self.seed}"


def people(personas: Iterable[Persona], number: int | None, seed: int) -> list[Someone]:
    """So many people, or each persona with its seeds.

    Each persona comes once before any comes again, in an order drawn by the seed; more people are
    the same ones and further ones. The seed stands before the persona's own: other people.
    """
    personas = list(personas)
    if number is None:
        return [Someone(p, f"{seed}.{own}") for p in personas for own in p.seeds]
    rounds = (
        Someone(persona, f"{seed}.{_seed_of(persona, turn)}")
        for turn in count()
        for persona in Random(f"{seed}:{turn}").sample(personas, len(personas))
    )
    return list(islice(rounds, number))


def _seed_of(persona: Persona, turn: int) -> int:
    """The persona's seeds in turn, then new ones."""
    if turn < len(persona.seeds):
        return persona.seeds[turn]
    return max(persona.seeds) + 1 + turn - len(persona.seeds)


def read_personas(path: Path | None = None) -> tuple[Persona, ...]:
    """The personas of a YAML file, or those that ship.

    Raises:
        NotFound: there is no such file.
        BadInput: it is not one of personas; the entry that is wrong is named.
    """
    path = path or SHIPPED
    found = tuple(_personas(path.name, _entries(path)))
    names = [persona.name for persona in found]
    for name in {name for name in names if names.count(name) > 1}:
        raise BadInput(f"{path.name} has two personas {name!r}.", "Give each its own name.")
    return found


def _entries(path: Path) -> list[Any]:
    data = read_yaml(path)
    entries = data.get("personas") if isinstance(data, Mapping) else None
    if not isinstance(entries, list) or not entries:
        raise BadInput(
            f"{path.name} holds no personas.",
            "Write `personas:` and below it a list of entries with name, style and level.",
        )
    return entries


def read_yaml(path: Path) -> Any:
    """What a YAML file holds.

    Raises:
        NotFound: there is no such file.
        BadInput: it is no YAML.
    """
    try:
        return yaml.safe_load(path.read_text("utf-8"))
    except FileNotFoundError:
        raise NotFound(f"There is no file {path}.", "Look at its name again.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read as UTF-8 text: {error}.", "Mend it.") from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        told = " ".join(str(error).split())[:200]
        raise BadInput(f"{path.name} is no YAML: {told}.", "Mend that place.") from None


def _personas(document: str, entries: Iterable[Any]) -> Iterator[Persona]:
    for number, entry in enumerate(entries, 1):
        try:
            yield Persona.model_validate(entry)
        except ValidationError as error:
            wrong = error.errors(include_url=False)[0]
            where = ".".join(str(part) for part in wrong["loc"]) or "the entry"
            why = wrong["msg"].removeprefix("Value error, ")
            raise BadInput(
                f"{document}, persona {number}: {where}: {why}.",
                "docs/simulation.md shows how a persona is written.",
            ) from None
