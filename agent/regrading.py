"""Marking answers anew: the sheet each had, the same gate, the same arithmetic.

Only core questions and their rungs are marked anew. Money and claims are left alone: they are
gains outside the level, and nothing of what was said or asked changes.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import cast

from agent import grading, testlets, words
from agent.answers import Answer, answers_of
from agent.deps import Room
from agent.events import AnyEvent, ModelCalled, Quote, Regraded, Said
from agent.examiner import Examination, Sheet
from agent.grading import gate
from agent.model import ModelFailed
from agent.policy import Policy
from agent.quoting import locate
from agent.state import Interview, Open, Testlet, Told
from knowledge.atoms import Atom

FAILURES_IN_A_ROW = 3
"""After so many the examiner is taken to be down, and the rest is not tried."""


@dataclass(frozen=True)
class Change:
    """A question whose answers, or some of them, were marked anew."""

    question: str
    answers: int
    before: float | None
    after: float | None


@dataclass(frozen=True)
class Regrading:
    """What marking anew came to; `events` and `state` are still to be committed."""

    state: Interview
    events: tuple[ModelCalled | Regraded, ...] = ()
    changes: tuple[Change, ...] = ()
    left: int = 0
    """Answers that still wait, for the examiner failed on them."""
    failure: str | None = None
    withdrawn: tuple[str, ...] = ()
    """Texts of what was withdrawn from the kit since, and counts for nothing from now on."""


async def regrade(room: Room, state: Interview, events: Iterable[AnyEvent]) -> Regrading:
    """Let the room's examiner mark what waits for it, and count each testlet anew as a whole."""
    queue = {
        number: answers
        for number, answers in answers_of(events).items()
        if any(answer.waits(room.examiner.source) for answer in answers)
    }
    marker, done = _Marker(room, state), Regrading(state)
    for number, answers in queue.items():
        if fresh := await marker.mark(answers):
            done = _counted(done, room, number, [fresh.get(a.number, a) for a in answers], fresh)
    calls = [call.model_copy(update={"at": room.clock()}) for call in marker.calls]
    events_ = (*calls, *done.events) if done.events else ()
    return replace(done, events=events_, left=marker.left, failure=marker.failure)


class _Marker:
    """Examines answers one after another, and gives up on an examiner that is down."""

    def __init__(self, room: Room, state: Interview) -> None:
        self._room = room
        self._state = state
        self._failures = 0
        self.calls: list[ModelCalled] = []
        self.left = 0
        self.failure: str | None = None

    async def mark(self, answers: Iterable[Answer]) -> dict[int, Answer]:
        """Those of the answers that wait, with their new marks, by their number."""
        fresh = {}
        for answer in answers:
            if answer.waits(self._room.examiner.source):
                sheet = await self._sheet(answer)
                examination = await self._examined(sheet)
                if examination is None:
                    self.left += 1
                else:
                    fresh[answer.number] = marked_anew(answer, sheet, examination, self._room)
        return fresh

    async def _examined(self, sheet: Sheet) -> Examination | None:
        if self._failures >= FAILURES_IN_A_ROW:
            return None
        try:
            examination = await self._room.examiner.examine(sheet)
        except ModelFailed as failed:
            self._failures += 1
            self.failure = str(failed)
            self.calls += failed.calls
            return None
        self._failures = 0
        self.calls += examination.calls
        return examination

    async def _sheet(self, answer: Answer) -> Sheet:
        then = as_it_was(self._room, self._state, answer)
        utterance = await testlets.hear(self._room, answer.text)
        return testlets.sheet(self._room, then, utterance, amends=answer.amends)[0]


def as_it_was(room: Room, state: Interview, answer: Answer) -> Interview:
    """The state as far as an examiner's sheet is made of it, when the answer was heard."""
    open_ = Open(
        number=answer.asked.question or 0,
        kind=answer.kind,
        text=_without_lead(answer.asked, room),
        atom=answer.asked.atom,
    )
    then = {"stage": answer.asked.stage, "open": open_, "previous": 0}
    return cast("Interview", {**state, **then, "testlets": [state["testlets"][answer.testlet]]})


def _without_lead(said: Said, room: Room) -> str:
    """The question alone: an acknowledgement or a bridge before it was never part of it."""
    kit = room.syllabus.kit
    atom = kit.by_id.get(said.atom or "")
    if atom is None:
        authored = (*words.FIND_OUT, *words.GENERAL_FOLLOW_UPS, *words.STORY_FOLLOW_UPS)
        own_words = " ".join(said.text.replace(words.FOLLOW_UP, "").split())
        return next((text for text in authored if said.text.endswith(text)), own_words)
    scene = kit.by_id.get(atom.parent or "")
    whole = f"{scene.text} {atom.text}" if scene and scene.kind == "question" else atom.text
    return whole if said.text.endswith(whole) else atom.text


def marked_anew(answer: Answer, sheet: Sheet, examination: Examination, room: Room) -> Answer:
    """The answer with what stands of the new examination; what a person has ruled stays."""
    text, road = answer.text, examination.other_road
    gone = room.syllabus.kit.withdrawn
    flags = (gate(mark, text) for mark in examination.flags if mark.atom not in gone)
    ruled = {mark.atom: mark for mark in answer.marks if mark.source == "human"}
    fresh = (gate(m, text, sheet.question) for m in examination.marks if m.atom not in ruled)
    return replace(
        answer,
        marks=(*ruled.values(), *fresh),
        flags=tuple(mark for mark in flags if mark.verdict == "met"),
        source=examination.source or room.examiner.source,
        found_a_way=answer.kind == "find_out" and _stands(examination.way_to_find_out, text),
        other_road=locate(road.text, text) if road else None,
    )


def _stands(quote: Quote | None, text: str) -> bool:
    return quote is not None and locate(quote.text, text) is not None


def _counted(
    done: Regrading, room: Room, number: int, answers: list[Answer], fresh: Iterable[int]
) -> Regrading:
    """The testlet from all its answers, and an event for each that was marked anew."""
    before = done.state["testlets"][number]
    rubric = testlets.rubric_of(room, before["question"])
    after = counted_anew(before, answers, rubric, room.policy)
    now, policy = room.clock(), room.policy
    events = tuple(regraded(answers[place], after, now, policy) for place in fresh)
    question = room.syllabus.kit.by_id[before["question"]].text
    change = Change(question, len(events), before["score"], after["score"])
    return replace(
        done,
        state={**done.state, "testlets": testlets.replaced(done.state, number, after)},
        events=(*done.events, *events),
        changes=(*done.changes, change),
    )


def counted_anew(
    testlet: Testlet, answers: Iterable[Answer], rubric: tuple[Atom, ...], policy: Policy
) -> Testlet:
    """The testlet once all its answers count, in order, each with the help it had."""
    after = testlets.unanswered(testlet)
    for answer in answers:
        marks, road, had = list(answer.marks), answer.other_road, answer.aid
        if answer.amends:
            after = testlets.with_second_thought(
                after, marks, rubric, policy, other_road=road, help_had=had
            )
        else:
            floor = policy.found_a_way if answer.found_a_way else 0.0
            after = testlets.with_marks(
                after, marks, rubric, policy, floor=floor, other_road=road, help_had=had
            )
        after["flagged"] = [*after["flagged"], *_told(answer)]
    after["outcome"] = testlets.ended_as(after)
    if testlet["review"] == "set_aside":
        after["review"] = "set_aside"
    return after


def _told(answer: Answer) -> list[Told]:
    return [Told(atom=m.atom, words=m.quote.text) for m in answer.flags if m.quote]


def regraded(
    answer: Answer, testlet: Testlet, at: float, policy: Policy, *, recount: bool = False
) -> Regraded:
    """The event of an answer with new marks, `testlet` being what it has come to with them."""
    return Regraded(
        at=at,
        testlet=answer.testlet,
        question=testlet["question"],
        answer=answer.number,
        aid=answer.aid,
        marks=answer.marks,
        flags=answer.flags,
        score=testlet["score"],
        anchor=grading.anchor(testlet["score"], policy),
        source=answer.source,
        review=testlet["review"],
        recount=recount,
    )
