"""The typed things a kit is made of.

An atom is one thing with one meaning: a question, a point an answer should make, a red
flag. Atoms are flat and point at each other by id, so that a kit can be stored, diffed,
searched and cited line by line; `parent` says what an atom belongs to, `question` what it
came with.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

Kind = Literal[
    "area",
    "topic",
    "competency",
    "level",
    "indicator",
    "flag",
    "anchor",
    "question",
    "follow_up",
    "hint",
    "reference",
    "point",
    "sample_answer",
    "exemplar",
    "money",
    "technology",
    "exercise",
    "rule",
    "format",
    "candidate_question",
    "sign",
    "advice",
    "fact",
]
QuestionKind = Literal[
    "opening",
    "technical",
    "behavioral",
    "attitude",
    "system_design",
    "project",
    "scenario",
    "coding",
    "presentation",
    "screening",
    "resume",
]
Level = Literal["junior", "mid", "senior", "principal"]
Polarity = Literal["positive", "negative"]
Role = Literal["core", "any_of", "example"]
Grade = Literal["below", "meets", "exceeds"]

KINDS: tuple[Kind, ...] = get_args(Kind)
LEVELS: tuple[Level, ...] = get_args(Level)


class Frozen(BaseModel):
    """A pure value: compared by content, never changed, unknown fields refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class About(Frozen):
    """The company and role an atom speaks of, where the document names them."""

    company: str | None = None
    role: str | None = None


class Source(Frozen):
    """Where an atom stands: the file's own name and the line, 1-based.

    A text's lines are those received. Of any other file they are those of its reading, and `place`
    says where to look in the file itself: "page 3", "slide 2", "Questions!C7".
    """

    document: str
    line: int = Field(ge=1)
    place: str | None = Field(default=None, exclude_if=lambda place: place is None)

    @property
    def told(self) -> str:
        """The source as a person looks it up: `guide.md, line 12` or `guide.pdf, page 3`."""
        return f"{self.document}, {self.at}"

    @property
    def at(self) -> str:
        """Where in its document it stands."""
        return self.place or f"line {self.line}"


class Atom(Frozen):
    """One typed thing in a kit.

    `parent` is the atom it belongs to (a point to its reference or question, a level to its
    competency); `question` the question, money question or exercise it came with. `role` and
    `group` are a point's: `core`, one of an `any_of` group, or an `example` that is never
    scored. `group` on a question names its ladder. `aliases` are a technology's other names,
    `minutes` the time a format part or an exercise takes. What is `withdrawn` (the reason) turned
    out to be wrong: it stays to be read, and nothing is asked, said or marked by it. What is
    `proposed` (by whom) waits for a person to accept it, and is used as little until then; both at
    once, it was rejected. `accepted` is who had proposed what a person then took in, and `span` the
    words of the document that a proposal rests on, where it does not just repeat them. `also` are
    further places that say the same.
    """

    id: str
    kind: Kind
    text: str = Field(min_length=1)
    parent: str | None = None
    question: str | None = None
    topic: str | None = None
    level: Level | None = None
    polarity: Polarity | None = None
    question_kind: QuestionKind | None = None
    role: Role | None = None
    group: str | None = None
    grade: Grade | None = None
    critical: bool = False
    about: About = About()
    source: Source | None = None
    aliases: tuple[str, ...] = ()
    minutes: float | None = Field(default=None, gt=0)
    withdrawn: str | None = Field(default=None, exclude_if=lambda reason: reason is None)
    proposed: str | None = Field(default=None, exclude_if=lambda by: by is None)
    accepted: str | None = Field(default=None, exclude_if=lambda by: by is None)
    span: str | None = Field(default=None, exclude_if=lambda words: words is None)
    also: tuple[Source, ...] = Field(default=(), exclude_if=lambda places: not places)


class Join(Frozen):
    """Topics and competencies that mean the same, under one name.

    `members` are atom ids, `likeness` the lowest cosine that tied one to the rest; a person
    who edits the kit's YAML may remove a join or write one without a likeness.
    """

    name: str
    members: tuple[str, ...] = Field(min_length=1)
    likeness: float | None = None


class Link(Frozen):
    """A question that is graded as a competency's: one that came without a rubric of its own.

    `question` and `competency` are atom ids, `likeness` the cosine by which they were found to go
    together. While it is `proposed` (by whom) it is not used; `withdrawn` too, it was rejected.
    """

    question: str
    competency: str
    likeness: float | None = None
    proposed: str | None = None
    withdrawn: str | None = Field(default=None, exclude_if=lambda reason: reason is None)


class Kit(Frozen):
    """What one role's interview is run from; its version is the hash of its content."""

    name: str
    title: str | None = None
    about: About = About()
    atoms: tuple[Atom, ...] = ()
    joins: tuple[Join, ...] = ()
    links: tuple[Link, ...] = Field(default=(), exclude_if=lambda links: not links)

    def changed(self, **changes: Any) -> "Kit":
        """A kit with these fields changed; a copy would bring its cached version along."""
        return Kit(**{name: getattr(self, name) for name in Kit.model_fields} | changes)

    @cached_property
    def competencies(self) -> dict[str, str]:
        """The competency (id) that each linked question (id) is graded by."""
        gone = self.unused
        return {
            link.question: link.competency
            for link in self.links
            if link.proposed is None
            and link.withdrawn is None
            and gone.isdisjoint((link.question, link.competency))
        }

    @cached_property
    def version(self) -> str:
        """Twelve hex digits of the SHA-256 of the kit's content, its name apart."""
        content = self.model_dump(mode="json", exclude={"name"})
        packed = json.dumps(content, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(packed.encode()).hexdigest()[:12]

    @cached_property
    def by_id(self) -> dict[str, Atom]:
        """Every atom under its id."""
        return {atom.id: atom for atom in self.atoms}

    @cached_property
    def withdrawn(self) -> frozenset[str]:
        """Ids of what is withdrawn, with all that belongs to it and the references that say it."""
        gone = {a.id for a in self.atoms if a.withdrawn is not None and a.proposed is None}
        fresh = gone
        while fresh:
            fresh = {a.id for a in self.atoms if a.parent in fresh} - gone
            gone = gone | fresh
        above = (self.by_id.get(self.by_id[id_].parent or "") for id_ in gone)
        return frozenset(gone | {atom.id for atom in above if atom and atom.kind == "reference"})

    @cached_property
    def unused(self) -> frozenset[str]:
        """Ids of what is withdrawn, and of what is proposed with all that belongs to it."""
        waiting = {atom.id for atom in self.atoms if atom.proposed is not None}
        fresh = waiting
        while fresh:
            fresh = {a.id for a in self.atoms if a.parent in fresh} - waiting
            waiting = waiting | fresh
        return self.withdrawn | waiting

    @cached_property
    def _standing(self) -> tuple[Atom, ...]:
        return tuple(atom for atom in self.atoms if atom.id not in self.unused)

    @cached_property
    def _children(self) -> dict[str, list[Atom]]:
        children: dict[str, list[Atom]] = defaultdict(list)
        for atom in self._standing:
            if atom.parent:
                children[atom.parent].append(atom)
        return children

    @cached_property
    def _with_question(self) -> dict[str, list[Atom]]:
        linked: dict[str, list[Atom]] = defaultdict(list)
        for atom in self._standing:
            if atom.question:
                linked[atom.question].append(atom)
        return linked

    def of(self, *kinds: Kind) -> Iterator[Atom]:
        """The atoms of these kinds, in the kit's order; here and below none that is unused."""
        return (atom for atom in self._standing if atom.kind in kinds)

    def children(self, parent: str, *kinds: Kind) -> list[Atom]:
        """What belongs to `parent`, of these kinds (of any, if none is named)."""
        return [a for a in self._children.get(parent, ()) if not kinds or a.kind in kinds]

    def came_with(self, question: str, *kinds: Kind) -> list[Atom]:
        """What came with a question, wherever it belongs, of these kinds."""
        return [a for a in self._with_question.get(question, ()) if not kinds or a.kind in kinds]


def with_withdrawn(kit: Kit, reasons: Mapping[str, str]) -> Kit:
    """The kit with these of its atoms (by id) withdrawn; one that was keeps its first reason."""
    atoms = tuple(
        atom.model_copy(update={"withdrawn": reasons[atom.id]})
        if atom.id in reasons and atom.withdrawn is None
        else atom
        for atom in kit.atoms
    )
    return kit.changed(atoms=atoms)


def atom_id(kind: Kind, text: str, parent: str | None, taken: Iterable[str] | set[str]) -> str:
    """A stable id from what the atom says and where it hangs, e.g. `point-3f2a9c1e`.

    The second atom of the same content gets another one, so ids stay unique in a kit.
    """
    taken = taken if isinstance(taken, set) else set(taken)
    for ordinal in range(len(taken) + 1):
        key = f"{kind}\n{text}\n{parent or ''}\n{ordinal or ''}"
        candidate = f"{kind}-{hashlib.sha256(key.encode()).hexdigest()[:10]}"
        if candidate not in taken:
            return candidate
    raise AssertionError("one more ordinal than ids taken is always free")
