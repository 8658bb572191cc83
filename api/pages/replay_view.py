"""A step of an interview as its page needs it: what happened, why, and on which words."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from agent.events import (
    AnyEvent,
    Chose,
    Claimed,
    Closed,
    Estimated,
    Event,
    FellBack,
    Flagged,
    Header,
    Heard,
    Mark,
    Marked,
    Mention,
    ModelCalled,
    MoneyScored,
    Observed,
    Opened,
    Retrieved,
    Said,
    ShownElsewhere,
    Took,
    Understood,
)
from api.pages.highlights import Block, Span, highlighted
from api.pages.replay_figures import Row, Trace, rows, traces
from api.steps import Shown, Step
from knowledge.atoms import Atom, Kit

AnyOf = TypeVar("AnyOf", bound=Event)

LONGEST_REPLY = 6_000
"""Characters of a model's raw reply on the page; the transcript has what was kept."""

KINDS = {
    "open": "the opening",
    "answer": "an answer",
    "amend": "an addition to an answer",
    "hint": "the button for a hint",
    "skip": "the button to skip",
    "pause": "the button to pause",
    "resume": "the button to go on",
    "clarify": "the button to have it explained",
    "end": "the button to end",
    "end_of_input": "the input ended",
    "expire": "nobody came back",
}
VERDICTS = {
    "met": "met",
    "not_met": "not met",
    "contradicted": "contradicted",
    "unsupported": "not counted: its quote is not in the answer",
    "abstained": "left open",
}
MOMENTS = {
    "marked": "Marked",
    "flagged": "Flags",
    "observed": "Notes for people",
    "fell_back": "Fallbacks",
    "money_scored": "Quick questions",
    "asked": "Their questions",
    "paused": "Pauses",
    "regraded": "Marked anew",
    "contested": "Contests",
}
"""Types of events that a reader may want to go to."""


UNNUMBERED = 0


class Cited(NamedTuple):
    """An atom that something rests on; `text` is its id where the kit has it no more."""

    id: str
    kind: str
    text: str
    where: str
    score: float | None = None


class MarkLine(NamedTuple):
    """A mark; the number is that of its quote in the answer."""

    number: int | None
    mark: Mark
    found: str
    whose: str
    """Of what it is a mark: this question, another competency, a flag."""
    seq: int | None = None
    """Of its event, where that tells of nothing else."""
    critical: bool = False


class Call(NamedTuple):
    """One request to a language model, its reply cut."""

    call: ModelCalled
    reply: str
    cut: bool


@dataclass(frozen=True)
class View:
    """All that the page tells of one step."""

    step: Step
    kind: str
    header: Header | None
    asked: Said | None
    heard: Heard | None
    blocks: list[Block]
    read: Understood | None
    mentions: tuple[Mention, ...]
    retrieved: Retrieved | None
    hits: list[Cited]
    marked: list[Marked]
    lines: list[MarkLine]
    others: list[AnyEvent]
    """What else happened, in order: told in a sentence each."""
    chosen: list[tuple[Chose, Cited | None]]
    opened: list[Opened]
    closed: list[Closed]
    fallbacks: list[FellBack]
    said: list[Said]
    calls: list[Call]
    took: Took | None
    rest: float | None
    """Seconds of the turn in which no language model was asked."""
    traces: list[Trace]
    rows: tuple[Row, ...]

    @property
    def told(self) -> str:
        """The step in a sentence, for whoever does not see the page change."""
        marks = sum(len(each.marks) for each in self.marked)
        parts = [self.kind, f"{marks} mark{'' if marks == 1 else 's'}" if marks else ""]
        parts += [f"next: {chose.move.replace('_', ' ')}" for chose, _ in self.chosen[-1:]]
        return ", ".join(filter(None, parts))


TOLD_APART = (
    Chose | Closed | Opened | Header | Heard | Said | Understood | Retrieved | Marked | ModelCalled
)
ELSEWHERE = FellBack | Flagged | ShownElsewhere | Estimated | Took | Claimed


def view(shown: Shown, turns: int, kit: Kit) -> View:
    """The view of a step of an interview with so many turns, under the kit it was held with."""
    events = shown.events
    header = next(_of(shown.so_far, Header), None)
    heard = next(_of(events, Heard), None)
    marked = list(_of(events, Marked))
    marks = _marks(events, marked)
    retrieved = next(_of(events, Retrieved), None)
    read = next(_of(events, Understood), None)
    took = next(_of(events, Took), None)
    calls = list(_of(events, ModelCalled))
    level = header.level if header else "mid"
    turn = shown.step.turn or turns
    return View(
        step=shown.step,
        kind=_kind(shown.step, took, heard),
        header=header,
        asked=_asked(shown, heard),
        heard=heard,
        blocks=highlighted(heard.text, _spans(marks, events)) if heard else [],
        read=read,
        mentions=read.mentions if read else (),
        retrieved=retrieved,
        hits=[cited(kit, hit.atom, hit.score) for hit in retrieved.hits] if retrieved else [],
        marked=marked,
        lines=marks,
        others=[e for e in events if not isinstance(e, TOLD_APART | ELSEWHERE)],
        chosen=[(e, cited(kit, e.atom) if e.atom else None) for e in _of(events, Chose)],
        opened=list(_of(events, Opened)),
        closed=list(_of(events, Closed)),
        fallbacks=list(_of(events, FellBack)),
        said=list(_of(events, Said)),
        calls=[_call(call) for call in calls],
        took=took,
        rest=max(took.seconds - sum(c.seconds for c in calls), 0.0) if took and calls else None,
        traces=traces(_of(shown.so_far, Estimated), turn, turns, level),
        rows=rows(level),
    )


def cited(kit: Kit, atom: str, score: float | None = None) -> Cited:
    """An atom with where it stands."""
    found: Atom | None = kit.by_id.get(atom)
    if found is None:
        return Cited(atom, "atom", atom, "not in this version of the kit", score)
    where = found.source.told if found.source else "written in Viva"
    return Cited(atom, found.kind, found.text, where, score)


def moments(steps: Iterable[Step]) -> dict[str, list[Step]]:
    """The steps in which something of each kind happened, for kinds that did at all."""
    told = {name: [s for s in steps if s.types.get(type_)] for type_, name in MOMENTS.items()}
    return {name: found for name, found in told.items() if found}


def _kind(step: Step, took: Took | None, heard: Heard | None) -> str:
    if step.turn is None:
        return "after the end"
    if took:
        return KINDS.get(took.kind, took.kind)
    if heard:
        return KINDS.get(heard.action or "answer", heard.action or "")
    return "the opening" if step.number == 1 else "nobody spoke"


def _asked(shown: Shown, heard: Heard | None) -> Said | None:
    """What the message answers."""
    if heard is None:
        return None
    put = [said for said in _of(shown.so_far, Said) if said.question == heard.question]
    return next((said for said in reversed(put) if said.seq < heard.seq), None)


def _marks(events: Sequence[AnyEvent], marked: Sequence[Marked]) -> list[MarkLine]:
    """Every mark of the step, numbered where it has a quote; flags and what lies elsewhere too."""
    given: list[tuple[Mark, str, int | None, bool]] = []
    given += [(mark, "this question", None, False) for each in marked for mark in each.marks]
    given += [(e.mark, e.subject, e.seq, False) for e in _of(events, ShownElsewhere)]
    given += [(e.mark, "flag", e.seq, e.critical) for e in _of(events, Flagged)]
    number, lines = 0, []
    for mark, whose, seq, critical in given:
        number += mark.quote is not None
        shown = number if mark.quote else None
        lines.append(MarkLine(shown, mark, _found(mark), whose, seq, critical))
    return lines


def _found(mark: Mark) -> str:
    if mark.polarity == "negative" or mark.kind == "flag":
        seen = {"met": "seen", "not_met": "not seen"}
        return seen.get(mark.verdict, VERDICTS[mark.verdict])
    return VERDICTS[mark.verdict]


def _spans(lines: Iterable[MarkLine], events: Sequence[AnyEvent]) -> list[Span]:
    """Where quotes lie; those of notes and quick questions have no mark to lead to."""
    found = [
        Span(line.number, quote.start, quote.end, _is_against(line.mark))
        for line in lines
        if line.number and line.mark.verdict != "unsupported"
        for quote in (line.mark.quote, line.mark.reason)
        if quote
    ]
    quotes = (e.quote for e in events if isinstance(e, MoneyScored | Observed))
    return [*found, *(Span(UNNUMBERED, q.start, q.end) for q in quotes if q)]


def _is_against(mark: Mark) -> bool:
    return mark.verdict == "contradicted" or mark.polarity == "negative"


def _call(call: ModelCalled) -> Call:
    reply = call.reply or ""
    return Call(call, reply[:LONGEST_REPLY], len(reply) > LONGEST_REPLY)


def _of(events: Iterable[AnyEvent], type_: type[AnyOf]) -> Iterator[AnyOf]:
    return (event for event in events if isinstance(event, type_))
