"""Figures of one interview: time, tokens, talk, and what was asked."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median
from typing import Any

from agent.events import (
    AnyEvent,
    Asked,
    FellBack,
    Heard,
    Mark,
    Marked,
    ModelCalled,
    Observed,
    Opened,
    Said,
    Took,
)
from evals.scorecard.finding import Finding
from evals.scorecard.view import PUTS, View


@dataclass(frozen=True)
class Figures:
    """One interview in numbers; None where the log does not tell."""

    transcript: str
    mode: str
    level: str
    ended: str
    """The reason of its end, or `open`."""
    faults: int
    looks: int
    minutes_planned: float
    minutes: float
    """The candidate's own time, as it was charged."""
    turns: int
    first_word_median: float | None
    """Seconds from when a turn began until something was said; so the next."""
    first_word_95: float | None
    """The 95th of a hundred: the value that 95 % of turns do not exceed (nearest rank)."""
    machine_seconds: float | None
    """All turns together; of it, the model's by what it was called for."""
    examine_seconds: float
    phrase_seconds: float
    waited_seconds: float | None
    """Until a process took the messages up."""
    calls: int
    calls_failed: int
    tokens_in: int
    tokens_out: int
    cost: float | None
    fallbacks: int
    messages: int
    words_said: int
    words_heard: int
    talk_share: float | None
    """The interviewer's share of all words."""
    words_a_message: float | None
    """The interviewer's median."""
    longest_message: int
    core_questions: int
    rungs: int
    follow_ups: int
    hints: int
    clarifications: int
    quick_questions: int
    wrap_up_questions: int
    answers: int
    """That were marked."""
    ungraded: int
    """Questions that ended without a grade."""
    marks: int
    met: int
    abstained: int
    unsupported: int
    """Marks whose quote did not stand."""
    coverage: float
    """Share of the planned competencies that had a question."""
    asked_by_candidate: int
    left_open: int
    """Of these, not answered from the documents."""
    distress: int
    steering: int
    abuse: int


def figures_of(view: View, findings: Iterable[Finding]) -> Figures:
    """The figures of an interview with its findings."""
    severities = Counter(finding.severity for finding in findings)
    header = view.header
    left = view.exchanges[-1].left if view.exchanges else header.minutes * 60
    return Figures(
        transcript=view.id,
        mode=header.mode,
        level=header.level,
        ended=view.ended.reason if view.ended else "open",
        faults=severities["fault"],
        looks=severities["look"],
        minutes_planned=header.minutes,
        minutes=round(header.minutes - left / 60, 3),
        turns=len(view.exchanges),
        coverage=_coverage(view),
        **_time(view.of(Took)),
        **_model(view.of(ModelCalled)),
        **_talk(view.said, view.of(Heard)),
        **_asked(view),
        **_marks(view),
        **_noted(view.events),
    )


def ranked(values: Sequence[float], share: float) -> float | None:
    """The value that this share of all does not exceed, by nearest rank; None of nothing."""
    ordered = sorted(values)
    return ordered[max(ceil(share * len(ordered)) - 1, 0)] if ordered else None


def _time(turns: Sequence[Took]) -> dict[str, Any]:
    words = [took.first_word for took in turns if took.first_word is not None]
    whole = round(sum(took.seconds for took in turns), 3)
    waited = round(sum(took.waited for took in turns), 3)
    return {
        "first_word_median": median(words) if words else None,
        "first_word_95": ranked(words, 0.95),
        "machine_seconds": whole if turns else None,
        "waited_seconds": waited if turns else None,
    }


def _model(calls: Sequence[ModelCalled]) -> dict[str, Any]:
    examine = sum(call.seconds for call in calls if call.purpose == "examine")
    phrase = sum(call.seconds for call in calls if call.purpose == "phrase")
    costs = [call.cost for call in calls if call.cost is not None]
    return {
        "examine_seconds": round(float(examine), 3),
        "phrase_seconds": round(float(phrase), 3),
        "calls": len(calls),
        "calls_failed": sum(call.outcome == "failed" for call in calls),
        "tokens_in": sum(call.tokens_in or 0 for call in calls),
        "tokens_out": sum(call.tokens_out or 0 for call in calls),
        "cost": round(sum(costs), 8) if costs else None,
    }


def _talk(said: Sequence[Said], heard: Sequence[Heard]) -> dict[str, Any]:
    ours = [len(each.text.split()) for each in said]
    theirs = sum(len(each.text.split()) for each in heard)
    spoken = sum(ours) + theirs
    return {
        "messages": len(said),
        "words_said": sum(ours),
        "words_heard": theirs,
        "talk_share": round(sum(ours) / spoken, 4) if spoken else None,
        "words_a_message": median(ours) if ours else None,
        "longest_message": max(ours, default=0),
    }


def _asked(view: View) -> dict[str, int]:
    purposes = Counter(said.purpose for said in view.said)
    stages = Counter(said.stage for said in view.said if said.purpose in PUTS)
    rungs = sum("rung" in exchange.moves() for exchange in view.exchanges)
    asked = view.of(Asked)
    return {
        "core_questions": len(view.of(Opened)) - rungs,
        "rungs": rungs,
        "follow_ups": purposes["follow_up"],
        "hints": purposes["hint"],
        "clarifications": purposes["clarification"],
        "quick_questions": stages["money"],
        "wrap_up_questions": stages["wrap_up"],
        "asked_by_candidate": len(asked),
        "left_open": sum(not each.answered for each in asked),
    }


def _marks(view: View) -> dict[str, int]:
    marked = view.of(Marked)
    marks: list[Mark] = [mark for each in marked for mark in each.marks]
    verdicts = Counter(mark.verdict for mark in marks)
    last = {each.testlet: each for each in marked}
    return {
        "answers": len(marked),
        "ungraded": sum(each.score is None for each in last.values()),
        "marks": len(marks),
        "met": verdicts["met"],
        "abstained": verdicts["abstained"],
        "unsupported": verdicts["unsupported"],
    }


def _noted(events: Iterable[AnyEvent]) -> dict[str, int]:
    events = list(events)
    noted = Counter(event.kind for event in events if isinstance(event, Observed))
    return {
        "fallbacks": sum(isinstance(event, FellBack) for event in events),
        "distress": noted["distress"],
        "steering": noted["steering"],
        "abuse": noted["abuse"],
    }


def _coverage(view: View) -> float:
    planned = set(view.header.subjects)
    asked = {talk.opened.subject for talk in view.talks}
    return round(len(planned & asked) / len(planned), 4) if planned else 1.0
