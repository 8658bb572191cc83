"""What a model drafts for questions that lack something: points, indicators, hints, for review."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from agent.leak import LeakGuard
from agent.model.endpoint import Endpoint
from agent.model.prompts import Filled, load, nonce
from agent.model.reply import Shaped
from agent.model.tally import Bill, Tally
from agent.syllabus import Item, Syllabus
from agent.wording import likeness_of_wording, stems
from knowledge.atoms import Atom, Frozen, Kind, Kit, atom_id
from knowledge.editing import Wrong, wording
from knowledge.kit_tree import implied_role
from knowledge.vectors import Progress

Want = Literal["points", "indicators", "hints"]
KIND: dict[Want, Kind] = {"points": "point", "indicators": "indicator", "hints": "hint"}
AT_ONCE = 6
"""Questions in one request."""
MOST: dict[Want, int] = {"points": 6, "indicators": 4, "hints": 2}
LONGEST = 300
"""Characters of a draft."""
REPEATS = 0.7
"""Likeness of wording from which a hint only repeats its question."""
GIVEN_AWAY = 0.5
"""Share of a point's telling words, the question's own apart, that a hint may not reach."""


class IndicatorOut(Shaped):
    """One indicator."""

    text: str
    polarity: Literal["positive", "negative"]


class DraftOut(Shaped):
    """What is drafted for one question."""

    question: str
    points: list[str]
    indicators: list[IndicatorOut]
    hints: list[str]


class DraftsOut(Shaped):
    """The whole reply."""

    drafts: list[DraftOut]


class Drafted(Frozen):
    """What came of it: `dropped` by reason, `questions` answered of those that lacked something."""

    atoms: tuple[Atom, ...] = ()
    dropped: dict[str, int] = Field(default_factory=dict)
    questions: int = 0
    of: int = 0
    bill: Bill = Bill()


@dataclass(frozen=True)
class Lack:
    """A question, and what it has none of."""

    item: Item
    wants: tuple[Want, ...]

    def told(self, short: str) -> str:
        """The question as the request shows it."""
        question = self.item.question
        kind = (question.question_kind or "technical").replace("_", " ")
        head = f"{short} ({kind}, {question.level or 'any level'}; wants: {', '.join(self.wants)})"
        known = [atom.text for atom in (*self.item.core, *self.item.indicators)]
        lines = [
            head,
            f"  question: {' '.join(question.text.split())}",
            f"  about: {self.item.subject}",
            *(f"  marked by: {' '.join(text.split())}" for text in known),
        ]
        return "\n".join(lines)


def lacks(kit: Kit) -> Iterator[Lack]:
    """What the questions that may be asked have none of.

    A question is drafted for once: where something of a kind was proposed for it, whatever became
    of that, nothing of the kind is wanted again.
    """
    syllabus = Syllabus(kit)
    asked = {(a.parent, a.kind) for a in kit.atoms if a.proposed or a.accepted}
    for item in (*syllabus.items.values(), *syllabus.rungs.values()):
        wants = tuple(w for w in _wants(item) if (item.question.id, KIND[w]) not in asked)
        if wants and not item.rungs:
            yield Lack(item, wants)


def _wants(item: Item) -> Iterator[Want]:
    if not item.points and not item.indicators:
        yield "indicators" if item.question.question_kind == "behavioral" else "points"
    if not item.hints:
        yield "hints"


async def draft(endpoint: Endpoint, kit: Kit, progress: Progress | None = None) -> Drafted:
    """Drafts for all that the questions of a kit lack, as far as calls may be made."""
    lacking, tally = list(lacks(kit)), Tally(endpoint)
    drafts, role = _Drafts(kit, tally.by), Syllabus(kit).role or kit.title or "not said"
    answered = 0
    for first in range(0, len(lacking), AT_ONCE):
        if progress:
            progress("Asking the model", first, len(lacking))
        some = {f"q{n}": each for n, each in enumerate(lacking[first : first + AT_ONCE], 1)}
        reply = await tally.ask(_prompt(role, some), DraftsOut)
        if reply is not None:
            answered += len(some)
            drafts.take(some, reply.drafts)
    return Drafted(
        atoms=tuple(drafts.atoms),
        dropped=dict(drafts.dropped.most_common()),
        questions=answered,
        of=len(lacking),
        bill=tally.bill,
    )


def _prompt(role: str, some: Mapping[str, Lack]) -> Filled:
    questions = "\n\n".join(each.told(short) for short, each in some.items())
    role = " ".join(role.split())[:200]
    drawn = nonce(questions, role)
    return load("draft").fill(nonce=drawn, role=role, questions=questions)


class _Drafts:
    """The drafts that can be used, as atoms; the others counted by why not."""

    def __init__(self, kit: Kit, by: str) -> None:
        self._kit, self._by = kit, by
        self._guard = LeakGuard(kit)
        self._ids = set(kit.by_id)
        self.atoms: list[Atom] = []
        self.dropped: Counter[str] = Counter()

    def take(self, some: Mapping[str, Lack], drafts: Sequence[DraftOut]) -> None:
        """Take what a reply drafts, the first time it speaks of a question."""
        seen: set[str] = set()
        for each in drafts:
            lack = some.get(each.question.strip())
            if lack is None or each.question in seen:
                self.dropped["it is for no question that was asked about"] += 1
                continue
            seen.add(each.question)
            for want in ("points", "indicators"):
                self._add(lack, want, _said(each, want))
            self._add(lack, "hints", self._fit_hints(lack, each.hints))

    def _add(self, lack: Lack, want: Want, said: Sequence[tuple[str, str | None]]) -> None:
        if said and want not in lack.wants:
            self.dropped["it was not asked for"] += len(said)
            return
        if len(said) > MOST[want]:
            self.dropped["there are too many"] += len(said) - MOST[want]
        for text, polarity in said[: MOST[want]]:
            self._one(lack.item.question, KIND[want], " ".join(text.split()), polarity)

    def _one(self, question: Atom, kind: Kind, text: str, polarity: str | None) -> None:
        role = implied_role(kind)
        try:
            new = wording(kind, {"text": text, "polarity": polarity, "role": role})
        except Wrong:
            self.dropped["it says nothing that can be used"] += 1
            return
        if len(text) > LONGEST:
            self.dropped["it is too long"] += 1
            return
        id_ = atom_id(kind, text, question.id, self._ids)
        self._ids.add(id_)
        made = Atom(
            id=id_,
            kind=kind,
            parent=question.id,
            question=question.id,
            topic=question.topic,
            about=question.about,
            proposed=self._by,
            **new.model_dump(),
        )
        self.atoms.append(made)

    def _fit_hints(self, lack: Lack, hints: Sequence[str]) -> list[tuple[str, str | None]]:
        """The hints that neither repeat the question nor give away what it is marked by."""
        question, hidden = lack.item.question, self._hidden(lack.item)
        guard = LeakGuard(Kit(name="drafts", atoms=(question,)), [atom.text for atom in hidden])
        fit: list[tuple[str, str | None]] = []
        for hint in hints:
            if likeness_of_wording(hint, question.text) >= REPEATS:
                self.dropped["it is a hint that repeats its question"] += 1
            elif any(each.leaks(hint) for each in (guard, self._guard)) or any(
                _gives_away(hint, atom.text, question.text) for atom in hidden
            ):
                self.dropped["it is a hint that gives the answer away"] += 1
            else:
                fit.append((hint, None))
        return fit

    def _hidden(self, item: Item) -> list[Atom]:
        """What an answer is or may come to be marked by, drafts included."""
        waiting = [a for a in (*self._kit.atoms, *self.atoms) if a.question == item.question.id]
        asked_for = [a for a in waiting if a.kind in {"point", "indicator"}]
        return [*item.points, *item.indicators, *(a for a in asked_for if a.withdrawn is None)]


def _said(each: DraftOut, want: Want) -> list[tuple[str, str | None]]:
    if want == "points":
        return [(text, None) for text in each.points]
    return [(indicator.text, indicator.polarity) for indicator in each.indicators]


def _gives_away(hint: str, point: str, question: str) -> bool:
    telling = stems(point) - stems(question)
    return len(telling) > 1 and len(telling & stems(hint)) >= GIVEN_AWAY * len(telling)
