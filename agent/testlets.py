"""A core question with its follow-ups and hints: what it is marked by and what it has earned."""

import asyncio
from itertools import chain
from typing import cast

from agent import grading, hearing
from agent.choosing import Choice
from agent.deps import Room
from agent.events import Aid, Mark, Quote, Review
from agent.examiner import Sheet
from agent.hearing import Utterance
from agent.policy import Policy
from agent.state import Interview, Outcome, Testlet, nothing_earned
from knowledge.atoms import Atom, Kind
from knowledge.index import KitIndex

BROUGHT_UP_FROM, FLAG_FROM = 0.4, 0.3
"""Likeness to a sentence from which an indicator, or a flag, is looked at."""


async def hear(room: Room, text: str) -> Utterance:
    """The message, encoded off the event loop."""
    return await asyncio.to_thread(hearing.hear, text, room.embedder)


def opened(choice: Choice, subject: str, *, counts: bool) -> Testlet:
    """A testlet whose question is about to be put."""
    return Testlet(
        question=choice.item.question.id,
        text=choice.item.question.text,
        subject=subject,
        level=choice.level,
        ladder=choice.ladder,
        counts=counts,
        follow_ups=[],
        hints=[],
        general=0,
        find_out=False,
        told=False,
        outcome="open",
        **nothing_earned(),
    )


STORIES = {"behavioral", "project", "opening"}
PROBING = {"core", "follow_up", "find_out"}


def asked_text(state: Interview, *, amends: bool = False) -> str:
    """All that the question has said, so that repeating it earns nothing."""
    asked = state["open"]
    text = asked["text"] if asked and not amends else ""
    number = _in_hand(state, amends)
    core = "" if number is None else state["testlets"][number]["text"]
    return text if core in text else f"{core} {text}".strip()


def _in_hand(state: Interview, amends: bool) -> int | None:
    """Which testlet a message belongs to, if any."""
    if amends:
        return state["previous"]
    asked = state["open"]
    return len(state["testlets"]) - 1 if asked and asked["kind"] in PROBING else None


def rubric(room: Room, state: Interview, *, amends: bool = False) -> tuple[Atom, ...]:
    """What the message in hand is marked by: nothing in the warm-up and the wrap-up."""
    number = _in_hand(state, amends)
    if number is not None:
        return rubric_of(room, state["testlets"][number]["question"])
    asked = state["open"]
    if asked and asked["kind"] == "money":
        return room.syllabus.bites[asked["atom"] or ""].points
    return ()


def asks_for_a_story(room: Room, state: Interview, *, amends: bool = False) -> bool:
    """Whether the question in hand is about the candidate's own experience."""
    number = _in_hand(state, amends)
    if number is None:
        return False
    question = room.syllabus.kit.by_id[state["testlets"][number]["question"]]
    return question.question_kind in STORIES


def rubric_of(room: Room, question: str) -> tuple[Atom, ...]:
    """Points that count and indicators of a core question or rung."""
    item = room.syllabus.rubric(question)
    return (*item.core, *item.indicators)


def wanted(room: Room, question: str) -> list[tuple[str, ...]]:
    """What can be earned: points, an any-of group as one; else the positive indicators."""
    rubric = rubric_of(room, question)
    alone = [(a.id,) for a in rubric if a.kind == "indicator" and a.polarity == "positive"]
    return grading.slots(rubric) or list[tuple[str, ...]](alone)


def bring_up(
    room: Room, state: Interview, utterance: Utterance, rubric: tuple[Atom, ...]
) -> tuple[tuple[Atom, ...], tuple[Atom, ...], list[tuple[str, float]]]:
    """Flags and other competencies' indicators near what was said, by retrieval.

    Returns:
        Flags, indicators, and every hit as (atom id, cosine), best first.
    """
    if state["stage"] != "probes" or room.index is None:
        return (), (), []
    own = {atom.id for atom in rubric}
    flags = _near(room, room.index, utterance, "flag", own)
    elsewhere = _near(room, room.index, utterance, "indicator", own)
    by_id = room.syllabus.kit.by_id
    return (
        tuple(by_id[id_] for id_, _ in flags),
        tuple(by_id[id_] for id_, _ in elsewhere),
        sorted([*flags, *elsewhere], key=lambda hit: -hit[1]),
    )


def _near(
    room: Room, index: KitIndex, utterance: Utterance, kind: Kind, own: set[str]
) -> list[tuple[str, float]]:
    """The atoms of a kind nearest to any sentence; flags are few, and none is to be missed."""
    least = FLAG_FROM if kind == "flag" else BROUGHT_UP_FROM
    best: dict[str, float] = {}
    found = index.query_each(utterance.vectors, kinds=(kind,), k=room.policy.retrieved)
    for hit in chain.from_iterable(found):
        if hit.atom.id not in own and hit.score >= least:
            best[hit.atom.id] = max(best.get(hit.atom.id, 0.0), round(hit.score, 4))
    return sorted(best.items(), key=lambda hit: -hit[1])[: room.policy.retrieved]


def sheet(
    room: Room, state: Interview, utterance: Utterance, *, amends: bool
) -> tuple[Sheet, list[tuple[str, float]]]:
    """What the examiner gets to see of a message, and what retrieval brought for it."""
    items = rubric(room, state, amends=amends)
    flags, elsewhere, hits = bring_up(room, state, utterance, items)
    shown = Sheet(
        stage=state["stage"],
        kind=state["open"]["kind"] if state["open"] else "core",
        question=asked_text(state, amends=amends),
        message=utterance,
        rubric=items,
        flags=flags,
        elsewhere=elsewhere,
        technologies=room.syllabus.technologies,
        story=asks_for_a_story(room, state, amends=amends),
        amends=amends,
    )
    return shown, hits


def aid(testlet: Testlet) -> Aid:
    """What help the candidate has had with this question so far."""
    if testlet["hints"]:
        return "hinted"
    return "prompted" if testlet["follow_ups"] or testlet["general"] else "unaided"


def with_marks(
    testlet: Testlet,
    marks: list[Mark],
    rubric: tuple[Atom, ...],
    policy: Policy,
    *,
    floor: float = 0.0,
    other_road: Quote | None = None,
    help_had: Aid | None = None,
) -> Testlet:
    """The testlet once these gated marks count; `floor` is the least its score may be.

    Who makes a point after all has corrected themselves: it was not contradicted, nor disputed.
    `help_had` is the aid in force at the answer, where it is not the testlet's own by now.
    """
    after = testlet.copy()
    had = help_had or aid(testlet)
    after["credits"] = grading.credits_after(testlet["credits"], marks, had, policy)
    made = {mark.atom for mark in marks if mark.verdict == "met" and mark.polarity != "negative"}
    after["against"] = sorted({*testlet["against"]} - made | {*grading.against(marks)})
    after["disputed"] = sorted({*testlet["disputed"]} - made | {*grading.disputed(marks)})
    after["judged"] = sorted({*testlet["judged"], *grading.judged(marks)})
    after["answers"] = testlet["answers"] + 1
    after["by"] = grading.least_exact([testlet["by"], *(mark.source for mark in marks)])
    score = grading.score(rubric, after["credits"], after["against"], policy, after["judged"])
    after["score"] = None if score is None else round(max(score, floor), 4)
    after["graded"] = testlet["graded"] or after["score"] is not None
    after["review"] = _under_review(testlet, after, marks, other_road, policy)
    return after


def _under_review(
    before: Testlet, after: Testlet, marks: list[Mark], other_road: Quote | None, policy: Policy
) -> Review | None:
    if after["disputed"]:
        return "disputed"
    elsewhere = grading.review(marks, after["score"], other_road, policy) == "needs_person"
    waits = before["review"] == "needs_person" and (after["score"] or 0.0) < policy.meets
    return "needs_person" if (elsewhere or waits) and not after["against"] else None


def with_second_thought(
    testlet: Testlet,
    marks: list[Mark],
    rubric: tuple[Atom, ...],
    policy: Policy,
    *,
    other_road: Quote | None = None,
    help_had: Aid | None = None,
) -> Testlet:
    """The testlet after an addition, which can only help: of two versions the better one counts.

    So an addition disputes nothing that already counts for enough.
    """
    helps = [mark for mark in marks if not grading.against([mark])]
    if (testlet["score"] or 0.0) >= policy.meets:
        helps = [mark for mark in helps if mark.verdict != "contradicted"]
    right = grading.credits_after({}, helps, "unaided", policy)
    kept = testlet.copy()
    kept["against"] = [atom for atom in testlet["against"] if atom not in right]
    floor = testlet["score"] or 0.0
    after = with_marks(
        kept, helps, rubric, policy, floor=floor, other_road=other_road, help_had=help_had
    )
    after["outcome"] = ended_as(after)
    return after


def ended_as(testlet: Testlet) -> Outcome:
    """How the testlet ended, once its score is known: what has one was answered."""
    if testlet["outcome"] in {"open", "cut_short"} or not testlet["answers"]:
        return testlet["outcome"]
    if testlet["score"] is not None:
        return "answered"
    return "skipped" if testlet["outcome"] == "skipped" else "ungraded"


def unanswered(testlet: Testlet) -> Testlet:
    """The same question with its follow-ups and hints, as if no answer had been graded."""
    return cast("Testlet", {**testlet, **nothing_earned(), "amended": testlet["amended"]})


def replaced(state: Interview, number: int, testlet: Testlet) -> list[Testlet]:
    """The testlets with one of them exchanged."""
    testlets = list(state["testlets"])
    testlets[number] = testlet
    return testlets
