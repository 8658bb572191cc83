"""A core question with its follow-ups and hints: what it is marked by and what it has earned."""

import asyncio
from itertools import chain

from agent import grading, hearing
from agent.choosing import Choice
from agent.deps import Room
from agent.events import Aid, Mark, Quote, Review
from agent.hearing import Utterance
from agent.policy import Policy
from agent.state import Interview, Testlet
from knowledge.atoms import Atom

BROUGHT_UP_FROM = 0.4


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
        credits={},
        against=[],
        told=False,
        amended=False,
        answers=0,
        graded=False,
        review=None,
        score=None,
        outcome="open",
    )


STORIES = {"behavioral", "project", "opening"}
PROBING = {"core", "follow_up", "find_out"}


def asked_text(state: Interview, *, amends: bool = False) -> str:
    """All that the question has said, so that repeating it earns nothing."""
    asked = state["open"]
    texts = [asked["text"]] if asked and not amends else []
    number = _in_hand(state, amends)
    if number is not None:
        texts.insert(0, state["testlets"][number]["text"])
    return " ".join(dict.fromkeys(texts))


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
    best: dict[str, float] = {}
    found = room.index.query_each(
        utterance.vectors, kinds=("flag", "indicator"), k=room.policy.retrieved
    )
    for hit in chain.from_iterable(found):
        if hit.atom.id not in own and hit.score >= BROUGHT_UP_FROM:
            best[hit.atom.id] = max(best.get(hit.atom.id, 0.0), round(hit.score, 4))
    ranked = sorted(best.items(), key=lambda hit: -hit[1])[: 2 * room.policy.retrieved]
    atoms = [room.syllabus.kit.by_id[id_] for id_, _ in ranked]
    flags = tuple(atom for atom in atoms if atom.kind == "flag")
    return flags, tuple(a for a in atoms if a.kind == "indicator"), ranked


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
) -> Testlet:
    """The testlet once these marks count; `floor` is the least its score may be.

    What was put to a person stays there: another answer can settle only `needs_person`.
    """
    after = testlet.copy()
    after["credits"] = grading.credits_after(testlet["credits"], marks, aid(testlet), policy)
    after["against"] = sorted({*testlet["against"], *grading.against(marks)})
    after["answers"] = testlet["answers"] + 1
    after["graded"] = testlet["graded"] or any(m.verdict != "abstained" for m in marks)
    score = grading.score(rubric, after["credits"], after["against"], policy)
    after["score"] = None if score is None or not after["graded"] else round(max(score, floor), 4)
    after["review"] = _under_review(testlet, after, marks, other_road, policy)
    return after


def _under_review(
    before: Testlet, after: Testlet, marks: list[Mark], other_road: Quote | None, policy: Policy
) -> Review | None:
    review = grading.review(marks, after["score"], other_road, policy)
    if "disputed" in {before["review"], review}:
        return "disputed"
    waits = before["review"] and (after["score"] or 0.0) < policy.meets and not after["against"]
    return "needs_person" if review or waits else None


def with_second_thought(
    testlet: Testlet, marks: list[Mark], rubric: tuple[Atom, ...], policy: Policy
) -> Testlet:
    """The testlet after an addition, which can only help: of two versions the better one counts."""
    helps = [mark for mark in marks if not grading.against([mark])]
    right = grading.credits_after({}, helps, "unaided", policy)
    kept = testlet.copy()
    kept["against"] = [atom for atom in testlet["against"] if atom not in right]
    after = with_marks(kept, helps, rubric, policy, floor=testlet["score"] or 0.0)
    after["amended"] = True
    if after["outcome"] == "ungraded" and after["score"] is not None:
        after["outcome"] = "answered"
    return after


def replaced(state: Interview, number: int, testlet: Testlet) -> list[Testlet]:
    """The testlets with one of them exchanged."""
    testlets = list(state["testlets"])
    testlets[number] = testlet
    return testlets
