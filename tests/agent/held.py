"""An interview under way, for the tests of this folder, and the kit they run on."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from agent import choosing
from agent.answers import answered_testlets
from agent.budget import budget
from agent.deps import Deps
from agent.events import AnyEvent, Header, Mode, read_event
from agent.examiner import Examiner
from agent.planning import Plan
from agent.policy import Policy
from agent.report import Report, report
from agent.report.model import Audience
from agent.state import Interview, Message, new_interview
from agent.syllabus import Syllabus
from agent.turn import Run
from knowledge.embedder import Embedder
from knowledge.index import KitIndex

KIT = """
viva: 1
name: small
title: Small
about: {company: Acme, role: Data Engineer}
atoms:
- competency: Modelling
  id: modelling
  has:
  - level: Draws one table with help from a colleague.
    at: mid
  - question: Orders change for thirty days. How do you keep last week's report right?
    id: history
    at: mid
    has:
    - point: The old version of every row stays beside the new version.
      id: versions
    - point: Two columns say from when until when a version was valid.
      id: validity
    - indicator: Says aloud which report would break first of all.
      id: breaks
      polarity: positive
    - indicator: Overwrites the row without keeping a trace of it.
      id: overwrites
      polarity: negative
    - hint: Imagine the report is run again a year later.
      id: year
    - hint: Picture the table with two rows for one order.
      id: rows
    - follow_up: An order changes twice on the same day. What does the table hold?
      id: twice
    - follow_up: Somebody asks for the total as it was in May. What do you run?
      id: may
  - question: A column is renamed upstream. How do you notice before the readers do?
    id: renamed
    at: junior
    has:
    - point: A contract check compares the columns with those agreed upon.
      id: contract
- competency: Streaming
  id: streaming
  has:
  - question: Events arrive out of order. When do you close a window?
    id: window
    at: mid
    has:
    - point: A watermark says how late an event may still be counted.
      id: watermark
    - point: Later events correct the result or go aside for a person.
      id: aside
    - follow_up: One phone was offline for two days. What happens to its events?
      id: offline
  - question: A consumer dies in the middle of a batch. What happens next?
    id: dies
    at: junior
    has:
    - point: Another consumer reads the batch again from the last offset.
      id: again
  - question: Two teams need the same stream at different speeds. What do you build?
    id: speeds
    at: senior
    has:
    - point: Each team reads at its own pace from one kept log.
      id: pace
- flag: Edits rows of the production database by hand.
  id: by-hand
  polarity: negative
  critical: true
- technology: Kafka
  id: kafka
  has:
  - money: What does a consumer group give you?
    id: group
    has:
    - point: Several consumers share the partitions of one topic.
      id: share
    - hint: Think about how the work is split.
      id: split
  - money: Where is a message kept after it was read?
    id: kept
    has:
    - point: It stays in the log until its retention is over.
      id: log
- technology: Flink
  id: flink
- candidate_question: How many days a week are spent in the office?
  id: office
  has:
  - fact: The team is in the office on two days a week.
    id: two-days
"""

LADDER = """
viva: 1
name: ladder
atoms:
- competency: Loads
  has:
  - question: A nightly load of a million rows fails now and then.
    id: scene
    has:
    - question: Where do you look first?
      id: first-rung
      at: junior
      has: [{point: The log of the failed run names the error., id: names}]
    - question: How do you make the second run safe?
      id: second-rung
      at: mid
      has: [{point: A second run writes the same partition again., id: same}]
    - question: How do you keep it from failing at all?
      id: third-rung
      at: senior
      has: [{point: The cause is removed and not only retried., id: cause}]
- competency: Reports
  has:
  - question: A report is slow in the morning. What do you do?
    id: slow
    at: junior
    has: [{point: The plan of the query shows the slow step., id: plan}]
"""


class Held:
    """Runs turns one after another and keeps what they leave; `now` is its clock."""

    def __init__(
        self,
        examiner: Examiner,
        index: KitIndex,
        embedder: Embedder,
        *,
        mode: Mode,
        minutes: float,
        core: int,
        seed: int,
        policy: Policy,
        planned: Plan | None = None,
        seen: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self.now = 1_000.0
        self.examiner = examiner
        self.syllabus = Syllabus(index.kit)
        self.deps = Deps(examiner, self.syllabus, index, embedder, policy, lambda: self.now)
        self.turns = 0
        self.bodies: list[dict[str, Any]] = []
        self.turn: list[AnyEvent] = []
        subjects = choosing.plan_subjects(self.syllabus, core, policy)
        reserve = budget(index.kit, minutes, policy).wrap_up
        held = planned or Plan(core=core, subjects=tuple(subjects), reserve=reserve)
        self.state: Interview = new_interview(
            mode=mode,
            level="mid",
            seed=seed,
            minutes=minutes,
            reserve=held.reserve,
            core=held.core,
            subjects=list(held.subjects),
            form=held.form,
            drill=held.drill,
            seen=seen,
        )

    async def open(self) -> None:
        """The first turn."""
        await self._take("", "open")

    async def say(
        self, text: str, *, after: float = 1.0, action: str | None = None, about: int | None = None
    ) -> str:
        """Send a message so many seconds later; all that is said in return."""
        self.now += after
        await self._take(text, action, about)
        return self.said

    async def press(self, action: str, *, after: float = 1.0) -> str:
        """Send a button."""
        return await self.say("", after=after, action=action)

    async def _take(self, text: str, action: Any, about: int | None = None) -> None:
        header = self._header() if action == "open" else None
        message = Message(text=text, action=action)
        if about is not None:
            message |= {"about": about, "testlet": answered_testlets(self.events).get(about)}
        run = Run(self.state, message, self.deps, header)
        self.turns += 1
        bodies = [{**body, "turn": self.turns} async for body in run if body["type"] != "speaking"]
        assert json.loads(json.dumps(bodies)) == bodies
        assert json.loads(json.dumps(run.state)) == run.state
        self.turn = [read_event(body) for body in bodies]
        self.bodies += bodies
        self.state = run.state

    def _header(self) -> dict[str, Any]:
        kit, state = self.syllabus.kit, self.state
        return Header(
            viva="0",
            kit=kit.name,
            kit_version=kit.version,
            role=kit.about.role,
            level=state["level"],
            mode=state["mode"],
            minutes=state["seconds"] / 60,
            questions=state["core"],
            subjects=tuple(state["subjects"]),
            form=tuple(state["form"]),
            drill=state["drill"],
            seen={question: tuple(points) for question, points in state["seen"].items()},
            examiner=self.examiner.name,
            embedder="light",
            seed=state["seed"],
            policy=self.deps.policy.model_dump(mode="json"),
            packages={},
        ).model_dump(mode="json")

    @property
    def events(self) -> list[AnyEvent]:
        """Everything that has happened."""
        return [read_event(body) for body in self.bodies]

    @property
    def said(self) -> str:
        """What the interviewer said in the last turn, a line a message."""
        return "\n".join(event.text for event in self.turn if event.type == "said")

    def of(self, type_: str) -> list[Any]:
        """All events of a type."""
        return [event for event in self.events if event.type == type_]

    @property
    def asked(self) -> str | None:
        """The atom of the open question."""
        return self.state["open"]["atom"] if self.state["open"] else None

    @property
    def kind(self) -> str | None:
        """What kind of question is open."""
        return self.state["open"]["kind"] if self.state["open"] else None

    @property
    def over(self) -> bool:
        return self.state["stage"] == "done"

    def report(self, audience: Audience = "team", last: Report | None = None) -> Report:
        return report("i-1", self.events, self.syllabus, audience, last=last)


Hold = Callable[..., Awaitable[Held]]
"""Opens an interview: the `hold` fixture."""
