"""Playing an interview again, turn by turn, on the clock readings of its log."""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import cast

from agent.absent import Absent
from agent.answers import answers_of
from agent.budget import budget
from agent.deps import Deps
from agent.events import (
    AnyEvent,
    Away,
    Ended,
    FellBack,
    Header,
    ModelCalled,
    Regraded,
    Resumed,
    Said,
    read_event,
)
from agent.examiner import Examiner
from agent.fallback import WithFallback
from agent.leak import LeakGuard
from agent.local import LocalExaminer
from agent.model import ModelExaminer
from agent.model.prompts import prompt_texts
from agent.policy import Policy
from agent.regrading import counted_anew
from agent.state import Interview, new_interview
from agent.syllabus import Syllabus
from agent.testlets import replaced, rubric_of
from agent.turn import Run
from agent.words import KEPT_ONLY
from api.attempt import kept_only
from api.conduct import MOST_ATTEMPTS
from evals.replay.recorded import Recorded
from evals.replay.transcript import Revision, Transcript, Turn
from knowledge.atoms import Kit
from knowledge.embedder import Embedder, WordHash
from knowledge.index import KitIndex

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

    def deps(self, kit: Kit) -> Deps:
        """What turns on this kit need, with the local examiner and the policy as shipped."""
        if kit.version not in self._deps:
            texts = [atom.text for atom in kit.atoms]
            self._deps[kit.version] = Deps(
                examiner=self.local,
                syllabus=Syllabus(kit),
                index=KitIndex(kit, self.embedder.embed(texts)),
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
        self._transcript = transcript
        self._policy = policy or Policy.model_validate(transcript.header.policy)
        self._deps = replace(ready.deps(kit), policy=self._policy)
        self.state = beginning(transcript.header, kit, self._policy)
        self.log: list[AnyEvent] = []

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

    def revise(self, revision: Revision) -> None:
        """Take over marks given between two turns, so that the next one starts from them."""
        for event in revision.events:
            self.log.append(event)
            if isinstance(event, Regraded):
                self._count_anew(event)

    def _set_right(self, event: AnyEvent) -> None:
        """Time that was free moves the moment since when the candidate is charged."""
        said_at = self.state["said_at"]
        if isinstance(event, Away) and said_at is not None:
            self.state["said_at"] = said_at + event.seconds
        elif isinstance(event, Resumed):
            self.state["said_at"] = event.at

    async def _played(self, turn: Turn) -> Sequence[AnyEvent]:
        if _only_kept(turn):
            now = turn.events[-1].at
            self.state, kept = kept_only(self.state, turn.message, now, self._policy)
            return kept
        run = Run(self.state, turn.message, self._deps_of(turn))
        bodies = [body async for body in run if body["type"] != "speaking"]
        self.state = run.state
        return [read_event({**body, "turn": turn.number}) for body in bodies]

    def _deps_of(self, turn: Turn) -> Deps:
        deps = replace(self._deps, clock=_clock(turn))
        if _by_nobody(turn):
            return replace(deps, examiner=Absent(), embedder=WordHash(), index=None)
        if turn.kind == "expire" and _reason(turn) == "too_long":
            deps = replace(deps, policy=self._policy.model_copy(update={"most_messages": 0}))
        return replace(deps, examiner=self._examiner(turn))

    def _examiner(self, turn: Turn) -> Examiner:
        local = cast("Examiner", self._deps.examiner)
        if self._transcript.header.examiner != "model":
            return local
        calls = (event for event in turn.events if isinstance(event, ModelCalled))
        recorded = Recorded(self._transcript.header.model or "", calls)
        return WithFallback(ModelExaminer(recorded), local)

    def _count_anew(self, event: Regraded) -> None:
        answers = answers_of(self.log)[event.testlet]
        testlet = self.state["testlets"][event.testlet]
        rubric = rubric_of(self._deps.room, testlet["question"])
        after = counted_anew(testlet, answers, rubric, self._policy)
        self.state["testlets"] = replaced(self.state, event.testlet, after)


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


def _clock(turn: Turn) -> Callable[[], float]:
    """The turn's own readings; for schema 1, the times of its first and last event."""
    readings = iter(turn.took.clock) if turn.took else _guessed(turn)
    last = turn.took.clock[-1] if turn.took else turn.events[-1].at
    return lambda: next(readings, last)


def _guessed(turn: Turn) -> Iterator[float]:
    """When the message was heard, and when it was charged."""
    yield turn.events[0].at
    yield turn.events[0].at


def _only_kept(turn: Turn) -> bool:
    return any(isinstance(event, Said) and event.text == KEPT_ONLY for event in turn.events)


def _by_nobody(turn: Turn) -> bool:
    """Whether grading was left out, for it had taken down every process that tried."""
    if turn.took:
        return turn.took.attempt > MOST_ATTEMPTS
    return any(isinstance(event, FellBack) and event.to == Absent.name for event in turn.events)


def _reason(turn: Turn) -> str | None:
    return next((event.reason for event in turn.events if isinstance(event, Ended)), None)
