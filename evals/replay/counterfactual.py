"""Counterfactual: an interview under another policy or documents, as far as it is the same one.

It is played again up to the first turn that would have led elsewhere. What was answered until
there is marked and counted as it would have been; beyond it nothing is made up.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from agent.events import AnyEvent, Chose, Ended, Header, Heard, Opened, Said
from agent.policy import Policy
from agent.report import report
from agent.syllabus import Syllabus
from evals.marks import (
    CompetencyRow,
    MarkRow,
    QuestionRow,
    competencies_of,
    marks_of,
    questions_of,
)
from evals.replay.planned import replanned
from evals.replay.playing import Playing, Ready
from evals.replay.sheets import Bound, Noted, OtherSheet
from evals.replay.transcript import Revision, Transcript, Turn
from knowledge.atoms import Kit

LEADS_ON = {"question", "follow_up", "hint", "clarification"}
"""Purposes of what the candidate's next words answer."""
UNREAD = "The model marked this answer by another rubric; what it would have said is not known."
OTHER_FORM = "The questions that everyone gets would have been others."
BY_PLAN = "What comes next by the plan."
NOT_TAKEN_IN = "Marks given anew, and rulings, from after the fork are not taken in."
NOT_RULED = "A ruling is about what these documents do not hold; it is not taken in."


@dataclass(frozen=True)
class Put:
    """What a turn led to; `text` is the question in its own words, empty where none was put."""

    stage: str
    text: str
    atom: str | None
    reason: str
    """Why it was chosen, or how the interview ended."""


@dataclass(frozen=True)
class Fork:
    """The first turn that would have led elsewhere."""

    turn: int
    seq: int
    """Of the log's event that would have been another."""
    heard: str
    """What the candidate had said."""
    then: Put
    now: Put | None
    """None: it cannot be told, for the reason `why`."""
    why: str = ""


@dataclass(frozen=True)
class Standing:
    """What was answered until the fork, and what it comes to.

    A question that was still to be followed up is open, and counts for nothing yet.
    """

    marks: tuple[MarkRow, ...]
    questions: tuple[QuestionRow, ...]
    competencies: tuple[CompetencyRow, ...]


@dataclass(frozen=True)
class Counterfactual:
    """An interview as it was and as it would have been; without a `fork`, the same to its end."""

    id: str
    turns: int
    """Turns that led to the same question."""
    of: int
    plan: tuple[str, ...]
    """What would have been planned otherwise, in words."""
    fork: Fork | None
    then: Standing
    now: Standing
    notes: tuple[str, ...] = ()


async def counterfactual(
    transcript: Transcript,
    kit_then: Kit,
    ready: Ready,
    policy: Policy | None = None,
    kit_now: Kit | None = None,
) -> Counterfactual:
    """Play the interview by another policy, on other documents, or both."""
    header, kit = transcript.header, kit_now or kit_then
    before = Policy.model_validate(header.policy)
    policy = policy or before
    syllabus_then, syllabus = (ready.deps(each).room.syllabus for each in (kit_then, kit))
    planned, plan = replanned(header, (syllabus_then, before), (syllabus, policy))
    told = {"policy": policy.model_dump(mode="json"), "kit": kit.name, "kit_version": kit.version}
    other = replace(transcript, events=(planned.model_copy(update=told), *transcript.events[1:]))
    course = _Course(transcript, other, ready, (kit_then, kit), policy)
    fork = _fork_at_once(course, header, other.header) or await course.follow()
    return Counterfactual(
        id=transcript.id,
        turns=course.turns,
        of=len(transcript.turns),
        plan=plan,
        fork=fork,
        then=_standing(transcript.id, course.then, syllabus_then),
        now=_standing(transcript.id, course.now, syllabus),
        notes=tuple(dict.fromkeys(course.notes)),
    )


@dataclass
class _Course:
    """Both ways side by side; `then` and `now` are their logs as far as they are one."""

    transcript: Transcript
    other: Transcript
    """The same with the header as it would have been."""
    ready: Ready
    kits: tuple[Kit, Kit]
    policy: Policy
    turns: int = 0
    then: list[AnyEvent] = field(default_factory=list)
    now: list[AnyEvent] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    async def follow(self) -> Fork | None:
        """Play until the ways part."""
        steps = zip(self.transcript.steps, self.other.steps, strict=True)
        playing, beside = self._playing()
        for step, again in steps:
            if isinstance(step, Revision) or isinstance(again, Revision):
                await self._revise(playing, beside, step)
            elif fork := await self._turn(playing, beside, step, again):
                self._note_what_is_left()
                return fork
        return None

    def _playing(self) -> tuple[Playing, Noted | None]:
        """A model's replies hold only while it would be shown the same, so that is played too."""
        if self.transcript.header.examiner != "model":
            return Playing(self.other, self.ready, self.kits[1], self.policy), None
        beside = Noted(self.transcript, self.ready, self.kits[0])
        return Bound(self.other, self.ready, self.kits[1], self.policy), beside

    async def _turn(
        self, playing: Playing, beside: Noted | None, then: Turn, now: Turn
    ) -> Fork | None:
        if beside and isinstance(playing, Bound):
            beside.shown = []
            await beside.turn(then)
            playing.shown = beside.shown
        try:
            events = await playing.turn(now)
        except OtherSheet:
            self._end(then.events, (), then, now)
            put = _put(_led_to(then.events)[-1:], then.events, self.kits[0])
            return Fork(then.number, then.events[0].seq, _heard(then), put, None, UNREAD)
        fork = _fork(then, events, self.kits)
        if fork:
            self._end(then.events, events, then, now)
            return fork
        self.turns += 1
        self.then += [*then.first, *then.events]
        self.now += [*now.first, *events]
        return None

    def _end(
        self, then: Sequence[AnyEvent], now: Sequence[AnyEvent], step: Turn, again: Turn
    ) -> None:
        self.then += [*step.first, *_answered(then if now else ())]
        self.now += [*again.first, *_answered(now)]

    async def _revise(self, playing: Playing, beside: Noted | None, step: Turn | Revision) -> None:
        revision = Revision(step.events)
        if beside:
            await beside.revise(revision)
        try:
            self.now += await playing.revise(revision)
        except LookupError:
            self.notes.append(NOT_RULED)
        self.then += revision.events

    def _note_what_is_left(self) -> None:
        turns = iter(self.transcript.steps)
        left = [step for step in turns if step.events[0].seq > self.then[-1].seq]
        if any(isinstance(step, Revision) for step in left):
            self.notes.append(NOT_TAKEN_IN)


def _fork_at_once(course: _Course, then: Header, now: Header) -> Fork | None:
    """Where everyone would have been asked another set of questions, it is another interview."""
    one, other = (
        [_text(id_, kit) for id_ in header.form]
        for header, kit in zip((then, now), course.kits, strict=True)
    )
    if one == other:
        return None
    first = course.transcript.turns[0]
    course.then += [*first.first, *first.events]
    course.now += [course.other.header, *first.events]
    pairs = enumerate(zip_longest(one, other, fillvalue=""))
    place = next(place for place, pair in pairs if pair[0] != pair[1])
    before, after = (_of_the_form(h.form, texts, place) for h, texts in ((then, one), (now, other)))
    return Fork(1, 1, "", before, after, OTHER_FORM)


def _of_the_form(form: Sequence[str], texts: Sequence[str], place: int) -> Put:
    if place >= len(form) or not texts[place]:
        return Put("probes", "", None, "There would be no such question.")
    return Put("probes", texts[place], form[place], "A core question, which everyone is asked.")


def _fork(then: Turn, now: Sequence[AnyEvent], kits: tuple[Kit, Kit]) -> Fork | None:
    one, other = _led_to(then.events), _led_to(now)
    for a, b in zip_longest(one, other):
        if _key(a, kits[0]) != _key(b, kits[1]):
            seq = a[0].seq if a else then.events[-1].seq
            before, after = (
                _put([each] if each else [], events, kit)
                for each, events, kit in ((a, then.events, kits[0]), (b, now, kits[1]))
            )
            return Fork(then.number, seq, _heard(then), before, after)
    return None


_Led = tuple[Said | Ended, Chose | None]
"""What the turn put or ended by, and the choice before it."""


def _led_to(events: Sequence[AnyEvent]) -> list[_Led]:
    found: list[_Led] = []
    chose: Chose | None = None
    for event in events:
        if isinstance(event, Chose):
            chose = event
        elif isinstance(event, Ended) or (isinstance(event, Said) and event.purpose in LEADS_ON):
            found.append((event, chose))
    return found


def _key(led: _Led | None, kit: Kit) -> tuple[str, ...]:
    """What two turns must share to have led to the same."""
    if led is None:
        return ()
    event, chose = led
    if isinstance(event, Ended):
        return ("ended", event.reason)
    if event.purpose == "hint":
        return (event.stage, event.purpose, event.text)
    move = chose.move if chose and not event.atom else ""
    return (event.stage, event.purpose, _text(event.atom, kit), move)


def _text(atom: str | None, kit: Kit) -> str:
    """A question in its own words, after the scene that it is a rung of."""
    found = kit.by_id.get(atom or "")
    if found is None:
        return ""
    scene = kit.by_id.get(found.parent or "")
    return f"{scene.text} {found.text}" if scene and scene.kind == "question" else found.text


def _put(led: Sequence[_Led], events: Sequence[AnyEvent], kit: Kit) -> Put:
    if not led:
        return Put("", "", None, "Nothing new was asked.")
    event, chose = led[0]
    if isinstance(event, Ended):
        return Put("done", "", None, f"The interview ended ({event.reason}).")
    leaves = [e.reason for e in events if isinstance(e, Chose) and e.move.startswith("leave")]
    reasons = dict.fromkeys([*leaves, *([chose.reason] if chose else [])])
    text = event.text if event.purpose == "hint" else _text(event.atom, kit) or event.text
    return Put(event.stage, text, event.atom, " ".join(reasons) or BY_PLAN)


def _heard(turn: Turn) -> str:
    heard = next((event for event in turn.events if isinstance(event, Heard)), None)
    return (heard.text or f"({heard.action})") if heard else ""


def _answered(events: Sequence[AnyEvent]) -> Iterator[AnyEvent]:
    """What an answer came to, without what it led to."""
    for event in events:
        leads = isinstance(event, Said) and event.purpose in LEADS_ON
        if leads or isinstance(event, Opened | Ended):
            return
        yield event


def _standing(id_: str, events: Sequence[AnyEvent], syllabus: Syllabus) -> Standing:
    log = Transcript(id_, tuple(events))
    return Standing(
        marks=tuple(marks_of(log)),
        questions=tuple(questions_of(log)),
        competencies=tuple(competencies_of(id_, report(id_, log.events, syllabus))),
    )
