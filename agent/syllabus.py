"""What a kit lets an interviewer ask, sorted by subject: computed once per kit version.

A subject is what is measured and reported: a competency, or a topic where the documents
name no competency, joined across documents as the kit says.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from agent.replies import NEVER_ASKED
from agent.wording import is_label, stems
from knowledge.atoms import KINDS, LEVELS, Atom, Kit, Level, with_withdrawn

ASKABLE = {None, "technical", "behavioral", "system_design", "project", "scenario"}
GENERAL = "General"
SAME_POINT, LEAST_STEMS = 0.6, 3
"""Share of telling words in common from which two questions are on one point, or two points
of at least so many such words are the same."""
MOST_ALIKE = 3
"""Other questions that may have a point, if it is to be what a question is about."""

_definition = re.compile(
    r"^(?:what\s+(?:is|are)|(?:can you )?explain what)\s+(?P<article>an?\s+|the\s+)?"
    r"(?P<thing>[\w][\w .+#/-]{0,30}?)\s*\??$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Item:
    """A core question with all that may be said about it and all that it is marked by."""

    question: Atom
    subject: str
    points: tuple[Atom, ...]
    indicators: tuple[Atom, ...]
    hints: tuple[Atom, ...]
    follow_ups: tuple[Atom, ...]
    conditional: tuple[tuple[Atom, Atom], ...] = ()
    """Rules with a condition, each with what is asked where an answer meets it."""

    rungs: tuple["Item", ...] = ()
    is_rung: bool = False
    """Whether it is a step of a ladder, whose scene is its question's parent."""

    @property
    def level(self) -> Level | None:
        """The level the documents give it, if any."""
        return self.question.level

    @cached_property
    def scored(self) -> bool:
        """Whether there is anything to mark an answer by."""
        if self.question.question_kind == "behavioral" and self._only_labels():
            return False
        return any(rung.scored for rung in self.rungs) or bool(
            self.core or any(i.polarity == "positive" for i in self.indicators)
        )

    def _only_labels(self) -> bool:
        """Aspects named but nothing stated: a person can judge a story by these, not we."""
        return bool(self.core) and all(is_label(point.text) for point in self.core)

    @property
    def core(self) -> tuple[Atom, ...]:
        """The points that count; examples never do."""
        return tuple(point for point in self.points if point.role != "example")


@dataclass(frozen=True)
class Bite:
    """A money question about one technology."""

    question: Atom
    technology: Atom
    points: tuple[Atom, ...]
    hints: tuple[Atom, ...]


class Syllabus:
    """A kit's questions by subject, its money questions by technology, and its flags."""

    def __init__(self, kit: Kit) -> None:
        self.kit = kit
        self._names = _subject_names(kit)
        self._alike: dict[str, frozenset[str]] = {}
        self.items: dict[str, Item] = {}
        self.bites: dict[str, Bite] = {bite.question.id: bite for bite in _authored_bites(kit)}
        self._sort_questions()
        self.technologies = self._all_technologies()
        self.flags = tuple(kit.of("flag"))

    def without(self, atoms: Collection[str]) -> "Syllabus":
        """The same with these atoms (ids) withdrawn."""
        if not atoms:
            return self
        return Syllabus(with_withdrawn(self.kit, dict.fromkeys(atoms, "withdrawn since")))

    def _sort_questions(self) -> None:
        named = {
            name.casefold(): technology
            for technology in self.kit.of("technology")
            for name in (technology.text, *technology.aliases)
        }
        for question in self.kit.of("question"):
            if question.question_kind not in ASKABLE or not self._stands_alone(question):
                continue
            if NEVER_ASKED.search(question.text):
                continue
            item = self._item(question)
            bite = _definition_bite(item, named)
            if bite:
                self.bites[question.id] = bite
            else:
                self.items[question.id] = item

    def _stands_alone(self, question: Atom) -> bool:
        above = self.kit.by_id.get(question.parent or "")
        return above is None or above.kind not in {"question", "exercise", "money"}

    def _all_technologies(self) -> tuple[Atom, ...]:
        named = {t.text.casefold(): t for t in self.kit.of("technology")}
        for bite in self.bites.values():
            named.setdefault(bite.technology.text.casefold(), bite.technology)
        return tuple(named.values())

    def _item(self, question: Atom) -> Item:
        kit = self.kit
        rungs = [a for a in kit.children(question.id, "question") if a.level]
        indicators = kit.came_with(question.id, "indicator") or self._competency_indicators(
            question
        )
        return Item(
            question=question,
            subject=self.subject_of(question),
            points=tuple(kit.came_with(question.id, "point")),
            indicators=tuple(indicators),
            hints=tuple(kit.children(question.id, "hint")),
            follow_ups=tuple(kit.children(question.id, "follow_up")),
            conditional=tuple(
                (rule, asked)
                for rule in kit.children(question.id, "rule")
                for asked in kit.children(rule.id, "follow_up")
            ),
            rungs=tuple(
                replace(self._item(rung), is_rung=True) for rung in sorted(rungs, key=_by_level)
            ),
        )

    def _competency_indicators(self, question: Atom) -> list[Atom]:
        gone = (self.kit.by_id[id_] for id_ in self.kit.withdrawn)
        had = any(atom.kind == "point" and atom.question == question.id for atom in gone)
        if had or self.kit.came_with(question.id, "point"):
            return []
        above = self.kit.competencies.get(question.id, question.parent or "")
        return self.kit.children(above, "indicator")

    def subject_of(self, atom: Atom) -> str:
        """The name under which an atom is measured and reported."""
        seen: Atom | None = self.kit.by_id.get(self.kit.competencies.get(atom.id, ""), atom)
        while seen is not None:
            if seen.id in self._names:
                return self._names[seen.id]
            seen = self.kit.by_id.get(seen.parent or "")
        return self._names.get(_topic_key(atom.topic), atom.topic or GENERAL)

    @cached_property
    def role(self) -> str | None:
        """The role it is for: the kit's own, or the one its documents speak of most."""
        told = Counter(atom.about.role for atom in self.kit.of(*KINDS) if atom.about.role)
        return self.kit.about.role or next((role for role, _ in told.most_common(1)), None)

    def by_subject(self, subject: str) -> list[Item]:
        """The core questions of a subject, in the kit's order."""
        return self._by_subject.get(subject, [])

    @cached_property
    def _by_subject(self) -> dict[str, list[Item]]:
        sorted_: dict[str, list[Item]] = defaultdict(list)
        for item in self.items.values():
            sorted_[item.subject].append(item)
        return dict(sorted_)

    def rubric(self, question: str) -> Item:
        """The item of a core question or rung.

        Raises:
            KeyError: no such question in this kit.
        """
        if question in self.items:
            return self.items[question]
        return self.rungs[question]

    @cached_property
    def rungs(self) -> dict[str, Item]:
        """The steps of all ladders, by their ids."""
        return {rung.question.id: rung for item in self.items.values() for rung in item.rungs}

    def on_one_point(self, question: str) -> frozenset[str]:
        """The other core questions (ids) that ask for what this one, or this scene, asks for.

        A point that many questions have ("names a trade-off") is not what one of them is about.
        """
        if question not in self._alike:
            put = 1 + len(self.items[question].rungs)
            near = [{*self._near(mine)} - {question} for mine in self._asks_for[question]]
            telling = (each for each in near[put:] if len(each) <= MOST_ALIKE)
            self._alike[question] = frozenset().union(*near[:put], *telling)
        return self._alike[question]

    def _near(self, mine: frozenset[str]) -> Iterator[str]:
        """The questions (ids) that say or ask for nearly the same (Jaccard)."""
        shared = Counter(place for stem in mine for place in self._said_in[stem])
        for (question, number), common in shared.items():
            theirs = self._asks_for[question][number]
            if common > SAME_POINT * (len(mine) + len(theirs) - common):
                yield question

    @cached_property
    def _asks_for(self) -> dict[str, list[frozenset[str]]]:
        return {question: _asks_for(item) for question, item in self.items.items()}

    @cached_property
    def _said_in(self) -> dict[str, list[tuple[str, int]]]:
        """Where each telling word stands: the question and which of its texts."""
        places: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for question, texts in self._asks_for.items():
            for number, words in enumerate(texts):
                for word in words:
                    places[word].append((question, number))
        return places

    @cached_property
    def subjects(self) -> list[str]:
        """Every subject that has a question that can be marked, richest first."""
        order = list(dict.fromkeys(i.subject for i in self.items.values() if i.scored))
        return sorted(order, key=lambda subject: -self._richness(subject))

    def expected(self, subject: str) -> dict[Level | None, str]:
        """What a subject means at each level, in the kit's words, where it has any."""
        return {
            level.level: level.text
            for competency in self.kit.of("competency")
            if self.subject_of(competency) == subject
            for level in self.kit.children(competency.id, "level")
        }

    def _richness(self, subject: str) -> int:
        items = [item for item in self.by_subject(subject) if item.scored]
        measured = any(
            self.kit.children(c.id, "level")
            for c in self.kit.of("competency")
            if self._names.get(c.id) == subject
        )
        return min(len(items), 4) + (2 if measured else 0) - (4 if subject == GENERAL else 0)

    def bites_for(self, technology: str) -> list[Bite]:
        """The money questions about a technology (an atom id), in the kit's order."""
        return [b for b in self.bites.values() if b.technology.id == technology]


def _asks_for(item: Item) -> list[frozenset[str]]:
    """What a question and its rungs say and ask for, each by its telling words."""
    whole = [item, *item.rungs]
    texts = [each.question.text for each in whole]
    points = [stems(point.text) for each in whole for point in each.core]
    return [*map(stems, texts), *(point for point in points if len(point) >= LEAST_STEMS)]


def _by_level(atom: Atom) -> int:
    return LEVELS.index(atom.level or "mid")


def _topic_key(topic: str | None) -> str:
    return f"topic:{(topic or '').casefold()}"


def _subject_names(kit: Kit) -> dict[str, str]:
    """The subject's name by competency and topic id, and by a topic's text."""
    names = {atom.id: atom.text for atom in kit.of("competency", "topic")}
    for join in kit.joins:
        names.update(dict.fromkeys(join.members, join.name))
    for topic in kit.of("topic", "competency"):
        names.setdefault(_topic_key(topic.text), names[topic.id])
    return names


def _authored_bites(kit: Kit) -> Iterator[Bite]:
    for question in kit.of("money"):
        technology = kit.by_id.get(question.parent or "")
        points = tuple(kit.came_with(question.id, "point"))
        told = any(point.role != "example" for point in points)
        if technology is not None and technology.kind == "technology" and told:
            yield Bite(
                question,
                technology,
                points,
                tuple(kit.children(question.id, "hint")),
            )


def _definition_bite(item: Item, named: dict[str, Atom]) -> Bite | None:
    """A short "What is X?" is trivia about X: a good money question, a poor core one."""
    found = _definition.match(item.question.text)
    if not found or not item.core or len(found["thing"].split()) > 3:
        return None
    if found["article"] and not re.search("[A-Z]", found["thing"]):
        return None  # "a function" is a notion, no technology
    name = found["thing"].strip()
    name = name if re.search("[A-Z]", name) else name.capitalize()
    thing = re.sub(r"^(?:apache|amazon|google|microsoft)\s+", "", name, flags=re.I)
    known = named.get(name.casefold()) or named.get(thing.casefold())
    technology = known or Atom(
        id=f"{item.question.id}:technology",
        kind="technology",
        text=name,
        aliases=(thing,) if thing != name else (),
        source=item.question.source,
    )
    named.setdefault(name.casefold(), technology)
    named.setdefault(thing.casefold(), technology)
    question = item.question.model_copy(
        update={"text": f"In one sentence: how would you explain {name} to a new colleague?"}
    )
    return Bite(question, technology, item.points, item.hints)
