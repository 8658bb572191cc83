"""What a log has come to: its questions as a state holds them, made from the events alone."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from agent.answers import answers_of
from agent.events import (
    Added,
    AnyEvent,
    Chose,
    Closed,
    Contested,
    Decided,
    Heard,
    Marked,
    Opened,
    Regraded,
    Said,
)
from agent.policy import Policy
from agent.regrading import counted_anew
from agent.state import Interview, Testlet, nothing_earned
from agent.syllabus import Syllabus
from evals.replay.playing import beginning
from evals.replay.transcript import Transcript
from knowledge.atoms import Kit


@dataclass
class _Reading:
    kit: Kit
    testlets: list[Testlet] = field(default_factory=list)
    contested: dict[int, int] = field(default_factory=dict)
    """Testlets by the contest's number."""
    move: str = ""


def testlets_of(events: Iterable[AnyEvent], kit: Kit) -> list[Testlet]:
    """Every question that was opened, with its help, its outcome and who is to look at it.

    What its answers have earned is left open: `agent.regrading.counted_anew` counts them.
    `kit` is the one that the interview was held on.
    """
    reading = _Reading(kit)
    for event in events:
        _read(reading, event)
    return reading.testlets


def ending(transcript: Transcript, kit: Kit) -> Interview:
    """The state of an interview that has ended, as far as its log tells of it.

    `kit` is the one it was held on; a question it does not have stays uncounted.
    """
    header, events = transcript.header, transcript.events
    policy = Policy.model_validate(header.policy)
    syllabus, testlets = Syllabus(kit), testlets_of(events, kit)
    for number, answers in answers_of(events).items():
        question = testlets[number]["question"]
        if question in syllabus.items or question in syllabus.rungs:
            item = syllabus.rubric(question)
            rubric = (*item.core, *item.indicators)
            testlets[number] = counted_anew(testlets[number], answers, rubric, policy)
    numbers = [e.question for e in events if isinstance(e, Said) and e.question is not None]
    return {
        **beginning(header, kit, policy),
        "stage": "done",
        "number": max(numbers, default=0),
        "messages": sum(isinstance(event, Heard) for event in events),
        "testlets": testlets,
    }


def _read(reading: _Reading, event: AnyEvent) -> None:
    testlets = reading.testlets
    match event:
        case Chose():
            reading.move = event.move
        case Opened():
            testlets.append(_opened(event, reading))
        case Said(stage="probes") if testlets:
            _helped(testlets[-1], event, reading.move)
        case Marked() | Regraded():
            testlets[event.testlet]["review"] = event.review
        case Added(counts=True, later=True):
            testlets[event.testlet]["amended"] = True
        case Closed():
            testlets[event.testlet]["outcome"] = event.outcome
        case Contested():
            reading.contested[event.number] = event.testlet
        case Decided(set_aside=True):
            testlets[reading.contested[event.contest]]["review"] = "set_aside"
        case _:
            pass


def _opened(event: Opened, reading: _Reading) -> Testlet:
    question = reading.kit.by_id.get(event.question)
    above = reading.kit.by_id.get(question.parent or "") if question else None
    return Testlet(
        question=event.question,
        text=question.text if question else "",
        subject=event.subject,
        level=event.level,
        ladder=above.id if above and above.kind == "question" else None,
        counts=reading.move != "rung",
        follow_ups=[],
        hints=[],
        general=0,
        find_out=False,
        told=False,
        outcome="open",
        **nothing_earned(),
    )


def _helped(testlet: Testlet, said: Said, move: str) -> None:
    if said.purpose == "hint" and said.atom:
        testlet["hints"].append(said.atom)
    elif said.purpose == "follow_up" and move == "find_out":
        testlet["find_out"] = True
    elif said.purpose == "follow_up" and said.atom:
        testlet["follow_ups"].append(said.atom)
    elif said.purpose == "follow_up":
        testlet["general"] += 1
    elif said.purpose == "feedback":
        testlet["told"] = True
