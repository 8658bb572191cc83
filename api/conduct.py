"""Turns as transactions: accept the message, run the interview, commit all of it or nothing."""

import asyncio
import secrets
import time
from collections import OrderedDict, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, cast, get_args

from sqlalchemy.ext.asyncio import AsyncConnection

from agent.answers import answered_testlets
from agent.deps import Deps
from agent.events import Action, Mode, read_event
from agent.leak import LeakGuard
from agent.people import asks_for_people
from agent.planning import Plan, drill, plan
from agent.policy import Policy
from agent.state import Interview, Message, completed, new_interview, seen_in
from agent.syllabus import Syllabus
from api.attempt import Attempt, KeptOnly, Played, status_of
from api.calibrations import Calibrations
from api.examiners import Examiners
from api.header import header
from api.hiring import webhooks, wishes
from api.hiring.caps import Budget
from api.hiring.tables import LOCAL
from api.lease import Lease
from api.records import Accepted, Begun, NewInterview, Turn
from api.records import Interview as Stored
from api.store import Store
from knowledge.atoms import Kit, Level
from knowledge.embedder import Embedder
from knowledge.errors import BadInput
from knowledge.index import open_index
from knowledge.library import Library
from knowledge.vectors import Progress

MOST_ATTEMPTS = 3
"""A turn that has taken its worker down this often is committed without a grade."""


WORTH_TELLING = 1.0
"""Seconds that a message waited for its attempt, from which they are told and free."""

KEPT_READY = 16
"""Kit versions kept ready to interview on."""

SPENT = {
    "": "",
    "it": "what one interview may spend on the language model is used up",
    "day": "what may be spent on the language model in a day is used up",
}

KINDS = {"answer", "end_of_input", "expire", *get_args(Action)}
"""What a turn can be: words, a button, the end of input, or time passed with nobody there."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a candidate or recruiter asks for.

    `questions` bounds the core questions, `subjects` chooses the competencies. A `drill` (its
    topic) and `again` (the id of a core question) are a few minutes of practice.
    """

    kit: str
    kit_version: str | None = None
    """None: the current one."""
    level: Level = "mid"
    mode: Mode = "practice"
    minutes: float | None = None
    """None: three quarters of an hour, or five minutes for a drill."""
    extra_time: float = 1.0
    """Factor on the minutes; what is asked stays what it is without."""
    questions: int | None = None
    subjects: Sequence[str] = ()
    drill: str | None = None
    again: str | None = None
    examiner: str = "local"
    seed: int | None = None
    """None: another one each time in practice, always the same in a screen."""
    last: str | None = None
    """The last practice (its id) of the same person, which the report compares with.

    Its questions come last, unless a seed is given: then nothing earlier has a say.
    """
    consent: dict[str, str] | None = None
    """The notice agreed to: its version as `notice`, its `text_hash`, and the `locale`."""
    workspace: str = LOCAL
    user: str | None = None
    """Whose own it is; None: of whoever has the machine, or of an invite."""
    screen: str | None = None
    invite: str | None = None
    attempt: int | None = None
    """Of those of the same invite, from 1; a second interview of the same attempt cannot be."""

    @property
    def is_brief(self) -> bool:
        """Whether it is a few minutes on one topic."""
        return bool(self.drill or self.again)


class Conductor:
    """Conducts the interviews of one database in this process."""

    def __init__(
        self,
        store: Store,
        embedder: Embedder,
        *,
        clock: Callable[[], float] = time.time,
        examiners: Examiners | None = None,
        chroma_url: str | None = None,
    ) -> None:
        self.store = store
        self.budget = Budget(store.database)
        self._chroma_url = chroma_url
        self.examiners = examiners or Examiners()
        self._library = Library(store.database)
        self.embedder = embedder
        self._clock = clock
        self._deps: OrderedDict[str, Deps] = OrderedDict()
        self._readying: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._returned: dict[str, float] = {}

    @property
    def clock(self) -> Callable[[], float]:
        """The clock of its interviews."""
        return self._clock

    async def start(
        self, wish: Wish, policy: Policy | None = None, progress: Progress | None = None
    ) -> str:
        """Make an interview on the kit's current version; nothing is said yet.

        Raises:
            NotFound: there is no such kit.
            BadInput: the kit holds nothing that can be asked and marked, or the examiner cannot
                work.
            CapReached: the workspace has used up what it may today.
        """
        await self.budget.check_start(wish.workspace)
        await self.examiners.check(wish.examiner)
        library = Library(self.store.database, wish.workspace)
        kit = await library.get(wish.kit, wish.kit_version)
        policy = policy or await Calibrations(self.store.database, wish.workspace).policy(kit)
        minutes = wish.minutes or (45.0 if not wish.is_brief else 5.0)
        wish = replace(wish, minutes=minutes)
        planned = await asyncio.to_thread(_planned, wish, await self.syllabus(kit), policy)
        options = {
            **asdict(planned),
            "minutes": minutes * wish.extra_time,
            "reserve": planned.reserve * wish.extra_time,
            "policy": policy.model_dump(mode="json"),
            "consent": wish.consent,
            "last": wish.last,
            "seen": await self._seen(wish),
        }
        return await self.store.create(
            NewInterview(
                kit=kit.name,
                kit_version=kit.version,
                level=wish.level,
                mode=wish.mode,
                examiner=wish.examiner,
                seed=_seed(wish),
                options=options,
                workspace_id=wish.workspace,
                screen_id=wish.screen,
                invite_id=wish.invite,
                attempt=wish.attempt,
                user_id=wish.user,
            )
        )

    async def _seen(self, wish: Wish) -> dict[str, list[str]]:
        """Questions of the last practice, and the points made there (ids)."""
        if wish.last is None or wish.seed is not None:
            return {}
        last = await self.store.load(wish.last)
        return seen_in(completed(last.state)) if last.state else {}

    async def prepare(self, interview_id: str, progress: Progress | None = None) -> Stored:
        """Load the interview and what its turns need, so that the first one is quick."""
        stored = await self.store.load(interview_id)
        await self._deps_on(stored.kit, stored.kit_version, progress)
        return stored

    async def warm_up(self) -> None:
        """Load the embedding model and the graph while the candidate is still reading."""
        await asyncio.to_thread(_load_graph)
        await asyncio.to_thread(self.embedder.embed, [""])

    async def make_ready(self, kit: str, version: str) -> None:
        """Have a version of a kit embedded and indexed before anybody waits for it."""
        await self._deps_on(kit, version)

    async def deps(self, kit: str, version: str) -> Deps:
        """What a turn works with on a version of a kit, under `local` and the standard policy."""
        return await self._deps_on(kit, version)

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

    async def accept(
        self,
        interview_id: str,
        *,
        turn_id: str,
        question: int | None,
        kind: str,
        text: str,
        about: int | None = None,
    ) -> Accepted:
        """Take a message in; from here it cannot be lost. Run it if it is not committed yet.

        Raises:
            Conflict: the message answers something else than the open question.
            BadInput: there is nothing in it, or too much.
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
        return await self.store.accept(
            interview_id, turn_id=turn_id, question=question, kind=kind, message=text, about=about
        )

    async def take(
        self, interview_id: str, lease: Lease, *, turn_id: str, question: int, kind: str, text: str
    ) -> AsyncIterator[dict[str, Any]]:
        """Accept a message and run its turn; the events come as they happen.

        Raises:
            Conflict: the message answers something else than the open question.
            BadInput: there is nothing in it, or too much.
        """
        accepted = await self.accept(
            interview_id, turn_id=turn_id, question=question, kind=kind, text=text
        )
        if accepted.turn.status == "accepted":
            async for event in self.run(accepted.turn, lease):
                yield event

    async def run(self, turn: Turn, lease: Lease) -> AsyncIterator[dict[str, Any]]:
        """Run an accepted turn and commit it; run again after a crash, it comes out once."""
        attempt = await self.attempt(await self.store.begin(turn.interview_id, turn.number, lease))
        async for event in attempt:
            yield event
        await self.commit(attempt, lease)

    async def attempt(self, begun: Begun) -> Attempt:
        """A turn that has begun, ready to be run; nothing of it is written before `commit`."""
        stored = await self.store.load(begun.interview_id)
        state, first = self._state(stored, begun.waited)
        message = _message(begun, await self._about(begun))
        if begun.attempt > MOST_ATTEMPTS + 1 and state["open"]:
            return KeptOnly(begun, stored, state, message, self._clock(), first)
        if begun.kind == "open":
            deps = await self._deps_to_open(stored)
            first = [header(stored, deps), *self._consent(stored)]
        else:
            deps = await self._deps_for(stored, graded=begun.attempt <= MOST_ATTEMPTS)
        if begun.kind == "expire" and await self.budget.is_full(stored.id):
            deps = replace(deps, policy=deps.policy.model_copy(update={"most_messages": 0}))
        return Played(begun, stored, state, message, deps, first)

    async def commit(self, attempt: Attempt, lease: Lease, *, leaves: bool = False) -> None:
        """Write all that the attempt did, or nothing; `leaves` gives the lease back with it.

        Raises:
            Superseded: somebody else has the turn by now.
        """
        stored, state = attempt.stored, attempt.state
        await self.store.commit(
            stored.id,
            attempt.turn.number,
            lease=lease,
            expected_state_version=stored.state_version,
            state=cast("dict[str, Any]", state),
            events=attempt.events,
            result={
                "stage": state["stage"],
                "question": state["number"],
                "status": status_of(state),
            },
            status=status_of(state),
            question=state["number"],
            leaves=leaves,
            also=_telling(attempt),
        )
        self._returned.pop(stored.id, None)

    def _consent(self, stored: Stored) -> list[dict[str, Any]]:
        given = stored.options.get("consent")
        return [{"type": "consented", "at": self._clock(), **given}] if given else []

    async def _about(self, turn: Turn) -> int | None:
        """The testlet of the answer that is added to; None where that turn answered no question."""
        if turn.about is None:
            return None
        events = await self.store.events(turn.interview_id)
        return answered_testlets(read_event(e.as_json()) for e in events).get(turn.about)

    def _state(self, stored: Stored, waited: float) -> tuple[Interview, list[dict[str, Any]]]:
        """The state to start from, and what is told of time that nobody is charged for."""
        options = stored.options
        if stored.state is None:
            return new_interview(
                mode=cast("Mode", stored.mode),
                level=cast("Level", stored.level),
                seed=stored.seed,
                minutes=options["minutes"],
                core=options["core"],
                subjects=list(options["subjects"]),
                reserve=options["reserve"],
                form=options.get("form", ()),
                drill=options.get("drill", False),
                seen=options.get("seen"),
            ), []
        state = completed(stored.state)
        since, said_at = self._returned.get(stored.id), state["said_at"]
        if said_at is None:
            return state, []
        if since is not None and since > said_at:
            state["said_at"] = since
            return state, [{"type": "resumed", "at": since}]
        waited = waited if waited >= WORTH_TELLING else 0.0
        if stored.away or waited:
            now = self._clock()
            free = round(min(stored.away + waited, max(now - said_at, 0.0)), 3)
            state["said_at"] = said_at + free
            return state, [{"type": "away", "at": now, "seconds": free}]
        return state, []

    async def _deps_to_open(self, stored: Stored) -> Deps:
        """What an opening needs: nothing is looked up or read yet, so it waits for no vectors."""
        if stored.kit_version in self._deps:
            return await self._deps_for(stored, graded=True)
        from agent.local import LocalExaminer

        kit = await self._library.get(stored.kit, stored.kit_version)
        local = LocalExaminer(self.embedder)
        return Deps(
            examiner=self.examiners.backed(stored.examiner, local),
            syllabus=await self.syllabus(kit),
            embedder=self.embedder,
            clock=self._clock,
            policy=Policy.model_validate(stored.options["policy"]),
            guard=await asyncio.to_thread(LeakGuard, kit, ()),
        )

    async def _deps_for(self, stored: Stored, *, graded: bool) -> Deps:
        deps = await self._deps_on(stored.kit, stored.kit_version)
        policy = Policy.model_validate(stored.options["policy"])
        assert deps.examiner is not None
        if graded:
            spent = await self._spent(stored)
            examiner = self.examiners.backed(stored.examiner, deps.examiner, spent=spent)
            return replace(deps, policy=policy, examiner=examiner)
        from agent.absent import Absent
        from knowledge.embedder import WordHash

        return replace(deps, policy=policy, examiner=Absent(), embedder=WordHash(), index=None)

    async def _spent(self, stored: Stored) -> str:
        """Why the language model may not be asked any more, in words; empty where it may."""
        if stored.examiner != "model":
            return ""
        return SPENT[await self.budget.model_is_spent(stored.workspace_id, stored.id)]

    async def deps_alone(self, stored: Stored, examiner: str) -> Deps:
        """What the interview's answers are marked anew with; nobody stands in for the examiner."""
        deps = await self._deps_on(stored.kit, stored.kit_version)
        assert deps.examiner is not None
        policy = Policy.model_validate(stored.options["policy"])
        return replace(deps, policy=policy, examiner=self.examiners.alone(examiner, deps.examiner))

    async def syllabus(self, kit: Kit) -> Syllabus:
        """What this kit lets an interviewer ask, made off the event loop."""
        ready = self._deps.get(kit.version)
        return ready.room.syllabus if ready else await asyncio.to_thread(Syllabus, kit)

    async def _deps_on(self, kit: str, version: str, progress: Progress | None = None) -> Deps:
        async with self._readying[version]:
            if version not in self._deps:
                loaded = await self._library.get(kit, version)
                self._deps[version] = await self._ready(loaded, progress)
                while len(self._deps) > KEPT_READY:
                    self._deps.popitem(last=False)
            self._deps.move_to_end(version)
            return self._deps[version]

    async def _ready(self, kit: Kit, progress: Progress | None) -> Deps:
        from agent.local import LocalExaminer
        from agent.model.prompts import prompt_texts

        return Deps(
            examiner=LocalExaminer(self.embedder),
            syllabus=await self.syllabus(kit),
            index=await open_index(
                self.store.database, self.embedder, kit, progress, server=self._chroma_url
            ),
            embedder=self.embedder,
            clock=self._clock,
            guard=await asyncio.to_thread(LeakGuard, kit, prompt_texts()),
        )


def _seed(wish: Wish) -> int:
    if wish.seed is not None:
        return wish.seed
    return secrets.randbelow(2**31) if wish.mode == "practice" else 0


def _planned(wish: Wish, syllabus: Syllabus, policy: Policy) -> Plan:
    assert wish.minutes is not None
    if not wish.is_brief:
        return plan(
            syllabus,
            policy,
            mode=wish.mode,
            level=wish.level,
            minutes=wish.minutes,
            questions=wish.questions,
            subjects=wish.subjects,
        )
    brief = drill(syllabus, policy, minutes=wish.minutes, subject=wish.drill, question=wish.again)
    if wish.mode == "screen" or wish.subjects:
        raise BadInput(
            "A drill, or a question again, is practice on one topic.",
            "Leave the mode at practice, and choose no competencies.",
        )
    return brief


def _load_graph() -> None:
    """Import what a turn needs; it takes seconds, and the event loop would stand still."""
    import agent.local
    import agent.model.prompts
    from agent.turn import compiled

    _ = agent
    compiled()


def _telling(attempt: Attempt) -> Callable[[AsyncConnection], Awaitable[None]]:
    """What people learn of a turn: that the interview ended, that its candidate wants a person."""
    stored, turn = attempt.stored, attempt.turn

    async def tell(connection: AsyncConnection) -> None:
        if status_of(attempt.state) == "ended":
            workspace = stored.workspace_id
            await webhooks.tell(connection, workspace, "interview.ended", interview=stored.id)
        wants_people = turn.kind == "answer" and asks_for_people(turn.message)
        if stored.invite_id and stored.mode == "screen" and wants_people:
            await wishes.add(connection, stored.invite_id, wishes.IN_THE_INTERVIEW)

    return tell


def _message(turn: Turn, testlet: int | None) -> Message:
    action = None if turn.kind == "answer" else cast("Any", turn.kind)
    return Message(text=turn.message, action=action, testlet=testlet, about=turn.about)
