"""What was added to a log between and after its turns, done again: marks given anew, rulings."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from agent.answers import Answer, answers_of
from agent.deps import Room
from agent.events import (
    AnyEvent,
    Contested,
    Decided,
    Mark,
    ModelCalled,
    Quote,
    Regraded,
    Withdrawn,
)
from agent.regrading import counted_anew, regrade, regraded
from agent.report.ledger import Ledger, fold
from agent.ruling import left_out
from agent.state import Interview
from agent.testlets import replaced, rubric_of

Act = tuple[AnyEvent, ...]
"""What was committed as one: a contest, a ruling with what follows from it, a re-grading."""


def acts(events: Sequence[AnyEvent]) -> Iterator[Act]:
    """The acts of one stretch of the log outside any turn."""
    begun: list[AnyEvent] = []
    for event in events:
        if begun and _begins(event, begun):
            yield tuple(begun)
            begun = []
        begun.append(event)
    if begun:
        yield tuple(begun)


def _begins(event: AnyEvent, before: Sequence[AnyEvent]) -> bool:
    last = before[-1]
    match event:
        case Contested() | Decided():
            return True
        case Withdrawn():
            return not isinstance(last, Decided | Withdrawn)
        case ModelCalled():
            return not isinstance(last, ModelCalled)
        case Regraded(recount=True):
            return False
        case Regraded():
            if isinstance(last, Regraded):
                return last.recount or last.source != event.source
            return not isinstance(last, ModelCalled)
    return False


def by_examiner(act: Act) -> bool:
    """Whether an examiner marked anew; else a person ruled, or something was withdrawn."""
    return isinstance(act[0], ModelCalled) or (isinstance(act[0], Regraded) and not act[0].recount)


async def marked_again(
    room: Room, state: Interview, log: Sequence[AnyEvent]
) -> tuple[Interview, list[AnyEvent]]:
    """A re-grading by the room's examiner: the state it leaves, and its events."""
    gone = left_out(log, room.syllabus.kit)
    done = await regrade(replace(room, syllabus=room.syllabus.without(gone)), state, log)
    return done.state, list(done.events)


def counted_again(
    room: Room, state: Interview, log: Sequence[AnyEvent], act: Act
) -> tuple[Interview, list[AnyEvent]]:
    """The act with its marks as given, and what they come to worked out anew."""
    ledger = fold((*log, *act))
    room = replace(room, syllabus=room.syllabus.without(ledger.withdrawn))
    stood = answers_of(log)
    given: dict[int, dict[int, Regraded]] = {}
    for event in act:
        if isinstance(event, Regraded):
            given.setdefault(event.testlet, {})[event.answer] = event
    made: dict[tuple[int, int], Regraded] = {}
    for number, fresh in given.items():
        answers = [_with_marks(each, fresh.get(each.number), ledger) for each in stood[number]]
        state = _counted(room, state, number, answers, looked_at=_looked_at(act, ledger))
        for answer in answers:
            if answer.number in fresh:
                told, testlet = fresh[answer.number], state["testlets"][number]
                again = regraded(answer, testlet, told.at, room.policy, recount=told.recount)
                made[number, answer.number] = again
    events = [made[e.testlet, e.answer] if isinstance(e, Regraded) else e for e in act]
    return _with_set_aside(state, act, ledger), events


def _counted(
    room: Room, state: Interview, number: int, answers: Sequence[Answer], *, looked_at: bool
) -> Interview:
    testlet = state["testlets"][number]
    rubric = rubric_of(room, testlet["question"])
    after = counted_anew(testlet, answers, rubric, room.policy)
    if looked_at:
        after["review"] = None
    return {**state, "testlets": replaced(state, number, after)}


def _with_marks(answer: Answer, event: Regraded | None, ledger: Ledger) -> Answer:
    """The answer with a person's marks; an examiner's stay as they were, or go."""
    if event is None:
        return answer
    if not event.recount:
        whole = Quote(text=answer.text, start=0, end=len(answer.text))
        return replace(
            answer,
            marks=event.marks,
            flags=event.flags,
            source=event.source,
            other_road=whole if event.review == "needs_person" else None,
        )
    machines = {mark.atom: mark for mark in answer.marks if mark.atom not in ledger.withdrawn}
    marks = tuple(_as_it_was(mark, machines) for mark in event.marks)
    stands = {flag.atom: flag for flag in answer.flags}
    flags = tuple(stands.get(flag.atom, flag) for flag in event.flags)
    return replace(answer, marks=marks, flags=flags)


def _as_it_was(mark: Mark, stood: dict[str, Mark]) -> Mark:
    return mark if mark.source == "human" else stood.get(mark.atom, mark)


def _looked_at(act: Act, ledger: Ledger) -> bool:
    """Whether a person has named the points of a question contested as a whole."""
    first = act[0]
    if not isinstance(first, Decided) or not first.points or first.withdrawn:
        return False
    return ledger.contests[first.contest - 1].atom is None


def _with_set_aside(state: Interview, act: Act, ledger: Ledger) -> Interview:
    for event in act:
        if isinstance(event, Decided) and event.set_aside:
            number = ledger.contests[event.contest - 1].testlet
            testlet = state["testlets"][number].copy()
            testlet["review"] = "set_aside"
            state = {**state, "testlets": replaced(state, number, testlet)}
    return state
