"""Turns as transactions: accept the message, run the interview, commit all of it or nothing."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from typing import Any, cast, get_args

from agent import choosing, words
from agent.budget import budget
from agent.deps import Deps
from agent.events import Action, Heard, Mode, Said
from agent.leak import LeakGuard
from agent.policy import Policy
from agent.state import Interview, Message, completed, new_interview
from agent.syllabus import Syllabus
from api.examiners import Examiners
from api.header import header
from api.lease import Lease
from api.records import Interview as Stored
from api.records import NewInterview, Status, Turn
from api.store import Store
from knowledge.atoms import Kit, Level
from knowledge.embedder import Embedder
from knowledge.errors import BadInput
from knowledge.index import open_index
from knowledge.library import Library
from knowledge.vectors import Progress

MOST_ATTEMPTS = 3
"""A turn that has taken its worker down this often is committed without a grade."""


STRETCH_FROM = 2
"""Core questions from which a screen keeps one for a stretch beyond what was shown."""


KINDS = {"answer", "end_of_input", *get_args(Action)}
"""What a turn of the candidate can be: words, a button, or the end of input."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a candidate or recruiter asks for; `questions` bounds the core questions."""

    kit: str
    level: Level = "mid"
    mode: Mode = "practice"
    minutes: float = 45.0
    questions: int | None = None
    examiner: str = "local"
    seed: int = 0


class Conductor:
    """Conducts the interviews of one database in this process."""

    def __init__(
        self,
        store: Store,
        embedder: Embedder,
        *,
        clock: Callable[[], float] = time.time,
        examiners: Examiners | None = None,
    ) -> None:
        self.store = store
        self.examiners = examiners or Examiners()
        self._library = Library(store.database)
        self._embedder = embedder
        self._clock = clock
        self._deps: dict[str, Deps] = {}
        self._returned: dict[str, float] = {}

    async def start(
        self, wish: Wish, policy: Policy | None = None, progress: Progress | None = None
    ) -> str:
        """Make an interview on the kit's current version, loaded and ready; nothing is said yet.

        Raises:
            NotFound: there is no such kit.
            BadInput: the kit holds nothing that can be asked and marked, or the examiner cannot
                work.
        """
        await self.examiners.check(wish.examiner)
        kit = await self._library.get(wish.kit)
        policy = policy or Policy()
        syllabus = (await self._deps_on(kit.name, kit.version, progress)).room.syllabus
        time_for = budget(syllabus.kit, wish.minutes, policy)
        core = min(time_for.core, wish.questions or policy.most_core)
        stretch = wish.mode == "screen" and core > STRETCH_FROM
        subjects = choosing.plan_subjects(syllabus, core - stretch, policy)
        if not subjects:
            raise BadInput(
                f"The kit {kit.name!r} has no question that an answer could be marked by.",
                "Ingest a document with questions and their answer hints or indicators.",
            )
        options = {
            "minutes": wish.minutes,
            "core": core,
            "subjects": subjects,
            "reserve": time_for.wrap_up,
            "policy": policy.model_dump(),
        }
        return await self.store.create(
            NewInterview(
                kit=kit.name,
                kit_version=kit.version,
                level=wish.level,
                mode=wish.mode,
                examiner=wish.examiner,
                seed=wish.seed,
                options=options,
            )
        )

    async def prepare(self, interview_id: str, progress: Progress | None = None) -> Stored:
        """Load the interview and what its turns need, so that the first one is quick."""
        stored = await self.store.load(interview_id)
        await self._deps_on(stored.kit, stored.kit_version, progress)
        return stored

    async def warm_up(self) -> None:
        """Load the embedding model while the candidate is still reading."""
        await asyncio.to_thread(self._embedder.embed, [""])

    def came_back(self, interview_id: str) -> None:
        """The candidate is back after an interruption; the time between is free."""
        self._returned[interview_id] = self._clock()

    async def open(self, interview_id: str, lease: Lease) -> AsyncIterator[dict[str, Any]]:
        """Say the opening, once; a second call says nothing."""
        accepted = await self.store.accept(
            interview_id, turn_id="open", question=0, kind="open", message=""
        )
        if accepted.turn.status == "accepted":
            async for event in self.run(accepted.turn, lease):
                yield event

    async def take(
        self, interview_id: str, lease: Lease, *, turn_id: str, question: int, kind: str, text: str
    ) -> AsyncIterator[dict[str, Any]]:
        """Accept a message and run its turn; the events come as they happen.

        Raises:
            Conflict: the message answers something else than the open question.
            BadInput: the message is too long.
        """
        if kind not in KINDS or (kind in {"answer", "amend"} and not text.strip()):
            raise BadInput(
                f"There is nothing to do for {kind!r} with {len(text)} characters.",
                f"Send words as an answer or one of: {', '.join(sorted(KINDS))}.",
            )
        limit = Policy().longest_message
        if len(text) > limit:
            raise BadInput(
                f"The message has {len(text):,} characters; at most {limit:,} can be sent.",
                "Shorten it; nothing was sent.",
            )
        accepted = await self.store.accept(
            interview_id, turn_id=turn_id, question=question, kind=kind, message=text
        )
        if accepted.turn.status == "accepted":
            async for event in self.run(accepted.turn, lease):
                yield event

    async def run(self, turn: Turn, lease: Lease) -> AsyncIterator[dict[str, Any]]:
        """Run an accepted turn and commit it; run again after a crash, it comes out once."""
        from agent.turn import Run

        begun = await self.store.begin(turn.interview_id, turn.number, lease)
        stored = await self.store.load(turn.interview_id)
        events: list[dict[str, Any]] = []
        state, since = self._state(stored)
        if begun.attempt > MOST_ATTEMPTS + 1 and state["open"]:
            for event in await self._keep_only(turn, stored, state, lease):
                yield event
            return
        deps = await self._deps_for(stored, graded=begun.attempt <= MOST_ATTEMPTS)
        if since is not None:
            events.append({"type": "resumed", "at": since})
        first = header(stored, deps) if turn.kind == "open" else None
        run = Run(state, _message(turn), deps, first)
        async for event in run:
            if event["type"] != "speaking":
                events.append(event)
            yield event
        await self.store.commit(
            turn.interview_id,
            turn.number,
            lease=lease,
            expected_state_version=stored.state_version,
            state=cast("dict[str, Any]", run.state),
            events=events,
            result={"stage": run.state["stage"], "question": run.state["number"]},
            status=_status(run.state),
            question=run.state["number"],
        )
        self._returned.pop(turn.interview_id, None)

    async def _keep_only(
        self, turn: Turn, stored: Stored, state: Interview, lease: Lease
    ) -> list[dict[str, Any]]:
        """Commit a turn that no attempt could run: heard, not answered, its question still open."""
        number, now = state["number"], self._clock()
        heard = Heard(text=turn.message, stage=state["stage"], question=number, at=now)
        said = Said(
            text=words.KEPT_ONLY, stage=state["stage"], purpose="reply", question=number, at=now
        )
        state["said_at"] = now
        events = [event.model_dump(mode="json") for event in (heard, said)]
        await self.store.commit(
            turn.interview_id,
            turn.number,
            lease=lease,
            expected_state_version=stored.state_version,
            state=cast("dict[str, Any]", state),
            events=events,
            result={"stage": state["stage"], "question": number},
            status=_status(state),
            question=number,
        )
        return events

    def _state(self, stored: Stored) -> tuple[Interview, float | None]:
        """The state to start from, and when the candidate came back if they had been away."""
        options = stored.options
        if stored.state is None:
            return new_interview(
                mode=cast("Mode", stored.mode),
                level=cast("Level", stored.level),
                seed=stored.seed,
                minutes=options["minutes"],
                core=options["core"],
                subjects=options["subjects"],
                reserve=options["reserve"],
            ), None
        state = completed(stored.state)
        since = self._returned.get(stored.id)
        if since is not None and state["said_at"] is not None and since > state["said_at"]:
            state["said_at"] = since
            return state, since
        return state, None

    async def _deps_for(self, stored: Stored, *, graded: bool) -> Deps:
        deps = await self._deps_on(stored.kit, stored.kit_version)
        policy = Policy.model_validate(stored.options["policy"])
        assert deps.examiner is not None
        if graded:
            examiner = self.examiners.backed(stored.examiner, deps.examiner)
            return replace(deps, policy=policy, examiner=examiner)
        from agent.absent import Absent
        from knowledge.embedder import WordHash

        return replace(deps, policy=policy, examiner=Absent(), embedder=WordHash(), index=None)

    async def deps_alone(self, stored: Stored, examiner: str) -> Deps:
        """What the interview's answers are marked anew with; nobody stands in for the examiner."""
        deps = await self._deps_on(stored.kit, stored.kit_version)
        assert deps.examiner is not None
        policy = Policy.model_validate(stored.options["policy"])
        return replace(deps, policy=policy, examiner=self.examiners.alone(examiner, deps.examiner))

    async def _deps_on(self, kit: str, version: str, progress: Progress | None = None) -> Deps:
        if version not in self._deps:
            loaded = await self._library.get(kit, version)
            self._deps[version] = await self._ready(loaded, progress)
        return self._deps[version]

    async def _ready(self, kit: Kit, progress: Progress | None) -> Deps:
        from agent.local import LocalExaminer
        from agent.model.prompts import prompt_texts

        return Deps(
            examiner=LocalExaminer(self._embedder),
            syllabus=Syllabus(kit),
            index=await open_index(self.store.database, self._embedder, kit, progress),
            embedder=self._embedder,
            clock=self._clock,
            guard=LeakGuard(kit, prompt_texts()),
        )


def _status(state: Interview) -> Status:
    if state["stage"] == "done":
        return "ended"
    return "paused" if state["paused"] else "running"


def _message(turn: Turn) -> Message:
    return Message(
        text=turn.message, action=None if turn.kind == "answer" else cast("Any", turn.kind)
    )
