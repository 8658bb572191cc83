"""Verify: the same kit, examiner, policy, clock readings and seed must give the same events."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from agent.events import AnyEvent, Away, Heard, ModelCalled, Regraded, Resumed, Said
from agent.model.call import KEPT
from agent.model.prompts import HELD, load
from evals.replay.comparing import Found, first_difference
from evals.replay.playing import EXAMINERS, Playing, Ready
from evals.replay.transcript import Revision, Transcript, Turn
from knowledge.atoms import Kit

GIVEN_BY_THE_STORE = {"seq", "turn"}
UNTIMED = GIVEN_BY_THE_STORE | {"at"}
WITHOUT_READINGS = "times of turns that kept no clock readings (schema 1)"
MARKED_ELSEWHERE = "marks given anew by a model whose prompt has changed since; they were counted"


@dataclass(frozen=True)
class Difference:
    """The first event that came out otherwise."""

    turn: int
    seq: int
    """Of the log's event; where the log has none, of the one before."""
    field: str
    then: str
    now: str


@dataclass(frozen=True)
class Verified:
    """What playing a transcript again came to."""

    id: str
    events: int
    """Events that came out the same."""
    turns: int
    difference: Difference | None = None
    cannot: str = ""
    """Why it could not be played, in words; `difference` then tells what is missing."""
    apart: tuple[str, ...] = ()
    """What was not compared, in words."""
    reworded: tuple[Difference, ...] = ()
    """What the interviewer says in other words now, all else being the same; in order."""

    @property
    def same(self) -> bool:
        """Whether every event came out again, word for word."""
        return self.difference is None and not self.reworded


async def verify(transcript: Transcript, kit: Kit, ready: Ready) -> Verified:
    """Play the interview again and compare it to the event.

    Words of the interviewer that were changed since are noted, and the rest is compared; the first
    other difference ends it. What cannot be played for want of something is no success: `cannot`
    says what is wanting.
    """
    apart = tuple(_apart(transcript))
    for difference, why in _wanting(transcript, kit, ready):
        return Verified(transcript.id, 0, 0, difference, why, apart)
    playing, events, turns = Playing(transcript, ready, kit), 0, 0
    reworded: list[Difference] = []
    for step in transcript.steps:
        try:
            difference_ = await _again(playing, step, reworded)
        except (LookupError, ValueError, AssertionError) as error:
            first = step.events[0]
            told = f"{type(error).__name__}: {error}"
            difference_ = Difference(first.turn, first.seq, "event", first.type, told)
        if difference_:
            words = tuple(reworded)
            return Verified(transcript.id, events, turns, difference_, "", apart, words)
        events += len(step.events)
        turns += isinstance(step, Turn)
    return Verified(transcript.id, events - len(reworded), turns, None, "", apart, tuple(reworded))


async def _again(
    playing: Playing, step: Turn | Revision, reworded: list[Difference]
) -> Difference | None:
    if isinstance(step, Revision):
        return _compared(step.events, await playing.revise(step), UNTIMED)
    said_at = playing.state["said_at"]
    so_far = len(reworded)
    found = _out_of_place(step, said_at) or compare(step, await playing.turn(step), reworded)
    for each in reworded[so_far:]:
        playing.asked_then(each.then, each.now)
    return found or _unlike_its_account(step, playing)


def compare(
    turn: Turn, now: Iterable[AnyEvent], reworded: list[Difference] | None = None
) -> Difference | None:
    """The first event of the turn that differs; times count where the log has its readings.

    Where `reworded` is given, it takes up messages that are the same but for their words.
    """
    apart = GIVEN_BY_THE_STORE if turn.timed else UNTIMED
    return _compared(turn.events, list(now), apart, reworded)


def _compared(
    then: Sequence[AnyEvent],
    now: Sequence[AnyEvent],
    apart: set[str],
    reworded: list[Difference] | None = None,
) -> Difference | None:
    for one, other in zip(then, now, strict=False):
        found = _differ(one, other, apart)
        if found and reworded is not None and _only_words(one, other, apart):
            reworded.append(_at(one, found))
        elif found:
            return _at(one, found)
    if len(then) == len(now):
        return None
    at = min(len(then), len(now))
    names = (events[at].type if at < len(events) else "nothing" for events in (then, now))
    return _at(then[min(at, len(then) - 1)], Found("event", *names))


def _differ(one: AnyEvent, other: AnyEvent, apart: set[str]) -> Found | None:
    return first_difference(one.model_dump(exclude=apart), other.model_dump(exclude=apart))


def _only_words(one: AnyEvent, other: AnyEvent, apart: set[str]) -> bool:
    return isinstance(one, Said) and _differ(one, other, apart | {"text"}) is None


def _at(event: AnyEvent, found: Found) -> Difference:
    return Difference(event.turn, event.seq, found.field, found.then, found.now)


def _unlike_its_account(turn: Turn, playing: Playing) -> Difference | None:
    """The turn's own account against its events: what it was, and that each reading was needed."""
    took, readings = turn.took, playing.readings
    if took is None or readings is None:
        return None
    heard = next((event for event in turn.events if isinstance(event, Heard)), None)
    kind = (heard.action or "answer") if heard else took.kind
    if took.kind != kind:
        return _at(took, Found("kind", took.kind, kind))
    if readings.taken != len(took.clock):
        return _at(took, Found("clock", f"{len(took.clock)} readings", str(readings.taken)))
    if took.at != took.clock[-1]:
        return _at(took, Found("at", str(took.at), str(took.clock[-1])))
    return None


def _out_of_place(turn: Turn, said_at: float | None) -> Difference | None:
    """Time that was free can lie only between what was said and what came."""
    came = turn.events[0].at if turn.events else 0.0
    for event in turn.first:
        if isinstance(event, Away | Resumed) and said_at is None:
            return _at(event, Found("event", event.type, "nothing"))
        if isinstance(event, Resumed) and not (said_at or 0.0) < event.at <= came:
            return _at(event, Found("at", str(event.at), f"between {said_at} and {came}"))
        most = round(max(event.at - (said_at or 0.0), 0.0), 3)
        if isinstance(event, Away) and event.seconds > most:
            return _at(event, Found("seconds", str(event.seconds), f"at most {most}"))
        if isinstance(event, Away) and event.at > came:
            return _at(event, Found("at", str(event.at), f"at most {came}"))
    return None


def _wanting(transcript: Transcript, kit: Kit, ready: Ready) -> Iterator[tuple[Difference, str]]:
    """What keeps the interview from being played as it was: another kit, embedder or prompt."""
    header = transcript.header
    if header.examiner not in EXAMINERS:
        why = f"There is no examiner {header.examiner!r} to play it with."
        yield Difference(1, 1, "examiner", header.examiner, " or ".join(EXAMINERS)), why
    if kit.version != header.kit_version:
        why = f"It was held on {header.kit}@{header.kit_version}, not on {kit.name}@{kit.version}."
        yield Difference(1, 1, "kit_version", header.kit_version, kit.version), why
    if ready.embedder.identity != header.embedder:
        why = f"It was held with the embedder {header.embedder}; set VIVA_EMBEDDER to it."
        yield Difference(1, 1, "embedder", header.embedder, ready.embedder.identity), why
    yield from _replies_wanting(transcript)
    yield from _untrue(transcript, kit, ready)


def _replies_wanting(transcript: Transcript) -> Iterator[tuple[Difference, str]]:
    """Replies to another prompt, or cut when they were kept, say nothing about this one."""
    for purpose in HELD:
        then, now = transcript.header.prompts.get(purpose), load(purpose).hash
        if then not in (None, now):
            why = f"The prompt {purpose} has changed since; its replies answer another one."
            yield Difference(1, 1, f"the prompt {purpose}", str(then), now), why
    for event in transcript.events:
        if isinstance(event, ModelCalled) and event.turn and _is_cut(event):
            why = f"The log holds only the beginning of the model's reply (event {event.seq})."
            yield Difference(event.turn, event.seq, "reply", "longer", f"cut at {KEPT}"), why


def _is_cut(call: ModelCalled) -> bool:
    return call.outcome != "failed" and len(call.reply or "") >= KEPT


def _untrue(transcript: Transcript, kit: Kit, ready: Ready) -> Iterator[tuple[Difference, str]]:
    """What the header tells of the kit and the kit does not."""
    header, syllabus = transcript.header, ready.deps(kit).room.syllabus
    told = {"kit": header.kit, "role": header.role, "company": header.company}
    is_so = {"kit": kit.name, "role": syllabus.role, "company": kit.about.company}
    for name in told:
        if told[name] != is_so[name]:
            yield Difference(1, 1, name, str(told[name]), str(is_so[name])), ""


def _apart(transcript: Transcript) -> Iterator[str]:
    """What is not compared, in words."""
    if any(not turn.timed for turn in transcript.turns):
        yield WITHOUT_READINGS
    prompt, given = load("examine").hash, [e for e in transcript.events if not e.turn]
    anew = any(isinstance(event, Regraded) for event in given)
    if anew and any(isinstance(e, ModelCalled) and e.prompt != prompt for e in given):
        yield MARKED_ELSEWHERE
