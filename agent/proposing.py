"""What a model makes of passages that the parser left as facts: proposals, each on exact words.

A proposal counts only where its words stand in its passage as the document was read; all the rest
is dropped and counted. What is proposed is used by nobody until a person accepts it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from agent.model.endpoint import Endpoint
from agent.model.prompts import Filled, load, nonce
from agent.model.reply import Shaped
from agent.model.tally import Bill, Tally
from agent.passages import Passage, passages, shown
from agent.quoting import locate, whole_words
from agent.wording import stems
from knowledge.atoms import Atom, Frozen, Kind, Kit, Source, atom_id
from knowledge.editing import ADDABLE, Wrong, wording
from knowledge.kit_tree import implied_question, implied_role, implied_topic, tree_order
from knowledge.reading import Received
from knowledge.vectors import Progress

ProposedKind = Literal[
    "question",
    "follow_up",
    "hint",
    "point",
    "indicator",
    "flag",
    "competency",
    "level",
    "rule",
]
LONGEST = 600
"""Characters of what is proposed."""
KEPT_WORDS = 0.5
"""Share of its telling words that a proposal has to take from its passage or what it is for."""
ABOVE: frozenset[Kind] = frozenset({"competency", "topic", "area", "question", "exercise"})
"""What a proposal may belong to."""
MOST_SHOWN = 30
"""Atoms that a proposal may be told to belong to."""
NEAR_LINES = 60


class ProposalOut(Shaped):
    """One proposal; empty where there is nothing to say."""

    passage: str
    span: str
    text: str
    kind: ProposedKind
    parent: str
    level: Literal["", "junior", "mid", "senior", "principal"]
    polarity: Literal["", "positive", "negative"]


class ProposedOut(Shaped):
    """The whole reply."""

    proposals: list[ProposalOut]


class Proposed(Frozen):
    """What came of it: `dropped` by reason, `passages` looked at of those there were."""

    atoms: tuple[Atom, ...] = ()
    dropped: dict[str, int] = Field(default_factory=dict)
    passages: int = 0
    of: int = 0
    bill: Bill = Bill()


class Dropped(Exception):
    """A proposal that cannot be used; its reason, to be counted."""


@dataclass(frozen=True)
class Sheet:
    """One request: some passages of a document, and what their proposals may belong to."""

    received: Received
    passages: tuple[Passage, ...]
    parents: Mapping[str, Atom]

    def prompt(self) -> Filled:
        """The request's words."""
        lines = shown(self.received, self.passages)
        understood = "\n".join(
            f"{short} ({atom.kind.replace('_', ' ')}): {' '.join(atom.text.split())[:200]}"
            for short, atom in self.parents.items()
        )
        name = " ".join(self.received.document.split()).replace('"', "'")
        return load("propose").fill(
            nonce=nonce(lines, understood, name),
            name=name,
            understood=understood or "(nothing)",
            lines=lines,
        )


async def propose(
    endpoint: Endpoint,
    kit: Kit,
    readings: Mapping[str, Received],
    progress: Progress | None = None,
) -> Proposed:
    """Proposals for the facts of a kit, made from these documents (by name).

    A model that fails costs what it would have proposed, and is told in the bill.
    """
    sheets = [sheet for received in readings.values() for sheet in _sheets(kit, received)]
    tally = Tally(endpoint)
    taken = Taken(kit, tally.by)
    looked_at = 0
    for number, sheet in enumerate(sheets):
        if progress:
            progress("Asking the model", number, len(sheets))
        reply = await tally.ask(sheet.prompt(), ProposedOut)
        if reply is not None:
            looked_at += len(sheet.passages)
            taken.take(sheet, reply.proposals)
    return Proposed(
        atoms=tuple(taken.atoms),
        dropped=dict(taken.dropped.most_common()),
        passages=looked_at,
        of=sum(len(sheet.passages) for sheet in sheets),
        bill=tally.bill,
    )


def with_proposed(kit: Kit, atoms: Sequence[Atom]) -> Kit:
    """The kit with these proposals, each after what it would belong to."""
    there = set(kit.by_id)
    fit = [a for a in atoms if a.id not in there and (a.parent is None or a.parent in there)]
    return kit.changed(atoms=tree_order([*kit.atoms, *fit])) if fit else kit


class Taken:
    """The proposals that can be used, as atoms; the others counted by why not."""

    def __init__(self, kit: Kit, by: str) -> None:
        self._kit, self._by = kit, by
        self._ids = set(kit.by_id)
        self.atoms: list[Atom] = []
        self.dropped: Counter[str] = Counter()

    def take(self, sheet: Sheet, proposals: Sequence[ProposalOut]) -> None:
        """Take what a reply proposes, as far as it can be checked."""
        for each in proposals:
            try:
                self.atoms.append(self._atom(sheet, each))
            except Dropped as why:
                self.dropped[str(why)] += 1

    def _atom(self, sheet: Sheet, out: ProposalOut) -> Atom:
        passage, parent = _passage(sheet, out), _parent(sheet, out)
        span, line = _standing(passage, out.span)
        text = " ".join(out.text.split())
        _check_words(text, passage, parent)
        said = _worded(out, text)
        above = parent.id if parent else None
        if self._is_known(out.kind, above, text, span):
            raise Dropped("said already, or rejected before")
        place = sheet.received.place(line)
        id_ = atom_id(out.kind, text, above, self._ids)
        self._ids.add(id_)
        return Atom(
            id=id_,
            kind=out.kind,
            parent=above,
            question=implied_question(above, self._kit.by_id),
            topic=implied_topic(out.kind, text, above, self._kit.by_id),
            question_kind="technical" if out.kind == "question" else None,
            role=implied_role(out.kind),
            about=passage.fact.about,
            source=Source(document=sheet.received.document, line=line, place=place),
            proposed=self._by,
            span=span if span != text else None,
            **said,
        )

    def _is_known(self, kind: Kind, parent: str | None, text: str, span: str) -> bool:
        """Whether it is said already, or rests on what one proposed before rests on.

        What was rejected is not proposed for another place either.
        """
        before = [a for a in self._kit.atoms if a.kind == kind]
        return any(_same(text, a.text) for a in (*before, *self.atoms) if a.kind == kind) or any(
            _overlap(span, atom.span or atom.text)
            for atom in before
            if (atom.proposed or atom.accepted)
            and (atom.withdrawn is not None or atom.parent == parent)
        )


def _passage(sheet: Sheet, out: ProposalOut) -> Passage:
    found = next((each for each in sheet.passages if each.mark == out.passage.strip()), None)
    if found is None:
        raise Dropped("it names no passage that was asked about")
    return found


def _parent(sheet: Sheet, out: ProposalOut) -> Atom | None:
    short = out.parent.strip()
    if short and short not in sheet.parents:
        raise Dropped("it belongs to nothing that was shown")
    parent = sheet.parents.get(short)
    if out.kind not in ADDABLE.get(parent.kind if parent else None, ()):
        raise Dropped("nothing of its kind goes there")
    return parent


def _standing(passage: Passage, span: str) -> tuple[str, int]:
    """The document's own words for a span, and the line they begin on (1-based)."""
    for text in (passage.text, passage.plain):
        quote = locate(span, text)
        if quote is not None and whole_words(quote, text):
            return " ".join(quote.text.split()), passage.first + text.count("\n", 0, quote.start)
    raise Dropped("its words do not stand in the passage")


def _check_words(text: str, passage: Passage, parent: Atom | None) -> None:
    if not text or len(text) > LONGEST:
        raise Dropped("it says nothing, or too much")
    telling = stems(text)
    there = stems(f"{passage.plain} {parent.text if parent else ''}")
    if telling and len(telling & there) < KEPT_WORDS * len(telling):
        raise Dropped("it says what the passage does not")


def _worded(out: ProposalOut, text: str) -> dict[str, object]:
    given = {"text": text, "level": out.level, "polarity": out.polarity}
    if out.kind == "level" and not out.level:
        raise Dropped("its level or polarity does not fit")
    if out.kind == "point":
        given["role"] = "core"
    try:
        return wording(out.kind, given).model_dump(exclude={"role"})
    except Wrong as wrong:
        raise Dropped("its level or polarity does not fit") from wrong


def _same(one: str, other: str) -> bool:
    return one.casefold().strip(" .") == other.casefold().strip(" .")


def _overlap(one: str, other: str) -> bool:
    return locate(one, other) is not None or locate(other, one) is not None


def _sheets(kit: Kit, received: Received) -> Iterator[Sheet]:
    here = [a for a in kit.atoms if a.source and a.source.document == received.document]
    above = [a for a in here if a.kind in ABOVE and a.id not in kit.unused]
    for some in passages(here, received):
        yield Sheet(received, some, _parents(above, some))


def _parents(above: Sequence[Atom], some: Sequence[Passage]) -> dict[str, Atom]:
    """What stands near these passages, and the competencies of the document, by short ids."""
    first, last = some[0].first, some[-1].first
    given = {each.fact.parent for each in some} | {each.fact.question for each in some}

    def away(atom: Atom) -> int:
        line = atom.source.line if atom.source else 0
        return 0 if atom.id in given else max(first - line, line - last, 0)

    near = [a for a in above if away(a) <= NEAR_LINES or a.kind == "competency"]
    kept = {atom.id for atom in sorted(near, key=away)[:MOST_SHOWN]}
    return {f"a{n}": atom for n, atom in enumerate((a for a in above if a.id in kept), 1)}
