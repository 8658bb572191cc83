"""Playing an interview again, turn by turn, on the clock readings of its log."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import cast

from agent.absent import Absent
from agent.budget import budget
from agent.deps import Deps
from agent.events import (
    AnyEvent,
    Away,
    Ended,
    FellBack,
    Header,
    ModelCalled,
    Resumed,
    read_event,
)
from agent.examiner import Examiner
from agent.fallback import WithFallback
from agent.leak import LeakGuard
from agent.local import LocalExaminer
from agent.model import ModelExaminer
from agent.model.prompts import load, prompt_texts
from agent.policy import Policy
from agent.state import Interview, new_interview
from agent.syllabus import Syllabus
from agent.turn import Run
from api.attempt import kept_only
from api.conduct import MOST_ATTEMPTS
from evals.replay.recorded import Recorded
from evals.replay.revising import Act, acts, by_examiner, counted_again, marked_again
from evals.replay.transcript import Revision, Transcript, Turn
from knowledge.atoms import Kit
from knowledge.embedder import Embedder, FloatArray, WordHash
from knowledge.index import KitIndex

EXAMINERS = ("local", "model")
KEPT_READY = 8
"""Kits kept ready to play on."""


class Ready:
    """Kits made ready to be played on, with one embedder."""

    def __init__(self, embedder: Embedder) -> None:
        self.embedder = embedder
        self._deps: OrderedDict[str, Deps] = OrderedDict()

    @cached_property
    def local(self) -> LocalExaminer:
        """The examiner that needs no model, the same for all kits."""
        return LocalExaminer(self.embedder)

    def vectors(self, kit: Kit) -> FloatArray:
        """The vectors of a kit's atoms, [n, dim] in their order."""
        return self.embedder.embed([atom.text for atom in kit.atoms])

    def deps(self, kit: Kit) -> Deps:
        """What turns on this kit need, with the local examiner and the policy as shipped."""
        if kit.version not in self._deps:
            self._deps[kit.version] = Deps(
                examiner=self.local,
                syllabus=Syllabus(kit),
                index=KitIndex(kit, self.vectors(kit)),
                embedder=self.embedder,
                guard=LeakGuard(kit, prompt_texts()),
            )
            while len(self._deps) > KEPT_READY:
                self._deps.popitem(last=False)
        self._deps.move_to_end(kit.version)
        return self._deps[kit.version]


class Playing:
    """An interview under way once more; `state` is where it stands, `log` what came of it."""

    def __init__(
        self, transcript: Transcript, ready: Ready, kit: Kit, policy: Policy | None = None
    ) -> None:
        self._transcript, self._ready = transcript, ready
        self._prompt = load("examine").hash
        self._policy = policy or Policy.model_validate(transcript.header.policy)
        self._deps = replace(ready.deps(kit), policy=self._policy)
        self.state = beginning(transcript.header, kit, self._policy)
        self.log: list[AnyEvent] = []
        self.readings: Readings | None = None
        """Those of the last turn."""

    @property
    def deps(self) -> Deps:
        """What its turns work with; the examiner is each turn's own."""
        return self._deps

    async def turn(self, turn: Turn) -> list[AnyEvent]:
        """What the turn says and does now, numbered as in the log; the state moves on."""
        for event in turn.first:
            self._set_right(event)
        events: list[AnyEvent] = list(await self._played(turn))
        self.log += [*turn.first, *events]
        return events

    def asked_then(self, then: str, now: str) -> None:
        """Take the open question in the words of then: its answer was an answer to those."""
        asked = self.state["open"]
        if asked and now.endswith(asked["text"]):
            before = now.removesuffix(asked["text"])
            self.state["open"] = {**asked, "text": then.removeprefix(before)}

    async def revise(self, revision: Revision) -> list[AnyEvent]:
        """What was added between two turns, done again; the next turn starts from it."""
        events: list[AnyEvent] = []
        for act in acts(revision.events):
            self.state, again = await self._revised(act)
            self.log += again
            events += again
        return events

    async def _revised(self, act: Act) -> tuple[Interview, list[AnyEvent]]:
        calls = [event for event in act if isinstance(event, ModelCalled)]
        if not by_examiner(act) or any(call.prompt != self._prompt for call in calls):
            return counted_again(self._deps.room, self.state, self.log, act)
        examiner: Examiner = self._ready.local
        if calls:
            examiner = ModelExaminer(Recorded(self._transcript.header.model or "", calls))
        room = replace(self._deps, examiner=examiner, clock=lambda: act[0].at).room
        return await marked_again(room, self.state, self.log)

    def _set_right(self, event: AnyEvent) -> None:
        """Time that was free moves the moment since when the candidate is charged."""
        said_at = self.state["said_at"]
        if isinstance(event, Away) and said_at is not None:
            self.state["said_at"] = said_at + event.seconds
        elif isinstance(event, Resumed):
            self.state["said_at"] = event.at

    async def _played(self, turn: Turn) -> Sequence[AnyEvent]:
        if turn.is_only_kept:
            now = turn.events[-1].at
            self.state, kept = kept_only(self.state, turn.message, now, self._policy)
            return kept
        run = Run(self.state, turn.message, self._deps_of(turn))
        bodies = [body async for body in run if body["type"] != "speaking"]
        self.state = run.state
        return [read_event({**body, "turn": turn.number}) for body in bodies]

    def _deps_of(self, turn: Turn) -> Deps:
        self.readings = Readings(turn)
        deps = replace(self._deps, clock=self.readings)
        if _by_nobody(turn):
            return replace(deps, examiner=Absent(), embedder=WordHash(), index=None)
        if turn.kind == "expire" and _reason(turn) == "too_long":
            deps = replace(deps, policy=self._policy.model_copy(update={"most_messages": 0}))
        return replace(deps, examiner=self.examiner(turn))

    def examiner(self, turn: Turn) -> Examiner:
        """Who reads and marks in this turn: a model says what it said then."""
        local = cast("Examiner", self._deps.examiner)
        if self._transcript.header.examiner != "model":
            return local
        calls = (event for event in turn.events if isinstance(event, ModelCalled))
        recorded = Recorded(self._transcript.header.model or "", calls)
        return WithFallback(ModelExaminer(recorded), local)


def beginning(header: Header, kit: Kit, policy: Policy) -> Interview:
    """The interview before its first word; what schema 1 did not tell is worked out anew."""
    reserve = header.reserve
    if reserve is None:
        reserve = 0.0 if header.drill else budget(kit, header.minutes, policy).wrap_up
    return new_interview(
        mode=header.mode,
        level=header.level,
        seed=header.seed,
        minutes=header.minutes,
        core=header.questions,
        subjects=list(header.subjects),
        reserve=reserve,
        form=header.form,
        drill=header.drill,
        seen=header.seen,
    )


class Readings:
    """The turn's own clock readings; for schema 1, the times of its first and last event."""

    def __init__(self, turn: Turn) -> None:
        first, last = turn.events[0].at, turn.events[-1].at
        self._readings = turn.took.clock if turn.took else (first, first, last)
        self.taken = 0

    def __call__(self) -> float:
        """The next one, or the last again where there are no more."""
        reading = self._readings[min(self.taken, len(self._readings) - 1)]
        self.taken += 1
        return reading


def _by_nobody(turn: Turn) -> bool:
    """Whether grading was left out, for it had taken down every process that tried."""
    if turn.kind == "open":
        return False
    if turn.took:
        return turn.took.attempt > MOST_ATTEMPTS
    return any(isinstance(event, FellBack) and event.to == Absent.name for event in turn.events)


def _reason(turn: Turn) -> str | None:
    return next((event.reason for event in turn.events if isinstance(event, Ended)), None)
