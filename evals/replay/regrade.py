"""Re-grade: stored answers marked anew under another kit, examiner, prompt or policy.

Nothing is played: what an examiner was shown is made from the log. The new marks are events that
follow the log's own, so whatever reads a log reads both gradings alike. A question that the kit
does not have keeps no mark, and one whose answers the examiner failed on is ungraded.
"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib.metadata import version
from typing import cast

from agent import testlets
from agent.answers import Answer, answers_of
from agent.deps import Deps, Room
from agent.desk import AT_ONCE, Batched
from agent.events import AnyEvent, Header, ModelCalled, Regraded
from agent.examiner import Examination, Examiner, Sheet
from agent.hearing import Utterance, hear_all
from agent.model import ModelFailed
from agent.policy import Policy
from agent.regrading import as_it_was, counted_anew, marked_anew, regraded
from agent.report.compute import standings_of
from agent.report.ledger import begun
from agent.ruling import left_out
from agent.state import Interview, Testlet
from agent.syllabus import Syllabus
from evals.marks import CompetencyRow, MarkRow, QuestionRow, marks_of, questions_of
from evals.replay.ending import testlets_of
from evals.replay.playing import Ready
from evals.replay.transcript import Transcript
from knowledge.atoms import Kit
from knowledge.embedder import Embedder


@dataclass(frozen=True)
class Job:
    """A transcript to be marked anew; `kit_then` is the one it was held on."""

    transcript: Transcript
    kit_then: Kit
    kit_now: Kit
    policy: Policy


@dataclass(frozen=True)
class Failed:
    """An answer that the examiner could not mark; its question is ungraded."""

    question: str
    answer: int
    """Among the question's answers, 0-based."""
    why: str


@dataclass(frozen=True)
class Regrading:
    """One interview under its old marks and its new ones; neither is changed by the other."""

    before: Transcript
    after: Transcript
    """Its header says what the new marks came from; its last events are they."""
    syllabus: Syllabus
    """Of the kit now."""
    answers: int
    """How many were marked anew."""
    failed: tuple[Failed, ...] = ()
    not_in_kit: tuple[str, ...] = ()
    """Questions (ids) that the kit does not have: not scored, least of all as nothing."""
    by_people: int = 0
    """Answers that keep the marks a person gave them."""

    @property
    def events(self) -> tuple[Regraded, ...]:
        """The new marks, as they would stand at the end of the log."""
        added = self.after.events[len(self.before.events) :]
        return tuple(event for event in added if isinstance(event, Regraded))

    def marks(self) -> Iterator[MarkRow]:
        """The new marks as rows, without those of questions that are not in the kit."""
        gone = set(self.not_in_kit)
        return (row for row in marks_of(self.after) if row.question not in gone)

    def questions(self) -> Iterator[QuestionRow]:
        """The questions as rows, without those that are not in the kit."""
        gone = set(self.not_in_kit)
        return (row for row in questions_of(self.after) if row.question not in gone)

    def competencies(self) -> list[CompetencyRow]:
        """What is said of the whole and of each competency."""
        return competencies(self.after, self.syllabus, self.not_in_kit)


def competencies(
    transcript: Transcript, syllabus: Syllabus, leaving: Sequence[str] = ()
) -> list[CompetencyRow]:
    """What a report on these marks says of the whole and of each competency.

    `leaving` are questions (ids) to be left out.
    """
    ledger, header = begun(transcript.events)
    ledger.topics = [topic for topic in ledger.topics if topic.question not in leaving]
    standings = standings_of(ledger, header, syllabus.without(ledger.withdrawn))
    return [
        CompetencyRow(
            transcript=transcript.id,
            competency=standing.name if place else "",
            verdict=standing.verdict,
            probability=standing.probability,
            estimate=standing.level,
            low=standing.low,
            high=standing.high,
        )
        for place, standing in enumerate(standings)
    ]


@dataclass
class _Draft:
    """A transcript while its answers are being marked."""

    job: Job
    then: Room
    now: Room
    fresh: dict[tuple[int, int], Answer] = field(default_factory=dict)
    """Answers with their new marks, by testlet and number."""
    failed: dict[tuple[int, int], Failed] = field(default_factory=dict)
    calls: list[ModelCalled] = field(default_factory=list)

    @cached_property
    def answers(self) -> dict[int, list[Answer]]:
        return answers_of(self.job.transcript.events)

    @cached_property
    def testlets(self) -> list[Testlet]:
        return testlets_of(self.job.transcript.events, self.job.kit_then)

    @cached_property
    def not_in_kit(self) -> tuple[str, ...]:
        known = self.now.syllabus
        questions = [testlet["question"] for testlet in self.testlets]
        return tuple(q for q in questions if q not in known.items and q not in known.rungs)

    @cached_property
    def waiting(self) -> list[Answer]:
        """What is to be marked anew."""
        return [
            answer
            for number, answers in self.answers.items()
            if self.testlets[number]["question"] not in self.not_in_kit
            for answer in answers
            if not _by_a_person(answer)
        ]

    def sheet(self, answer: Answer, heard: Utterance) -> Sheet:
        """What was asked as it was asked then, to be marked by what the kit says now."""
        whole = cast("Interview", {"testlets": self.testlets})
        then = as_it_was(self.then, whole, answer)
        return testlets.sheet(self.now, then, heard, amends=answer.amends)[0]

    def take(self, answer: Answer, sheet: Sheet, examined: Examination | ModelFailed) -> None:
        """Keep what came of an answer."""
        place = answer.testlet, answer.number
        self.calls += examined.calls
        if isinstance(examined, ModelFailed):
            question = self.testlets[answer.testlet]["question"]
            self.failed[place] = Failed(question, answer.number, str(examined))
        else:
            self.fresh[place] = marked_anew(answer, sheet, examined, self.now)


class Regrader:
    """Marks many transcripts anew with one examiner; what a batch needs is encoded together."""

    def __init__(self, ready: Ready, examiner: Examiner) -> None:
        self._ready = ready
        self._examiner = examiner

    async def regrade(self, jobs: Iterable[Job]) -> list[Regrading]:
        """Each transcript's new grading, in order."""
        drafts = [self._draft(job) for job in jobs]
        mine = [(draft, answer) for draft in drafts for answer in draft.waiting]
        heard = await asyncio.to_thread(
            hear_all, [answer.text for _, answer in mine], self._ready.embedder
        )
        sheets = [d.sheet(a, said) for (d, a), said in zip(mine, heard, strict=True)]
        examined = await _examined(self._examiner, sheets)
        for (draft, answer), sheet, found in zip(mine, sheets, examined, strict=True):
            draft.take(answer, sheet, found)
        return [_finished(draft, self._examiner, self._ready.embedder) for draft in drafts]

    def _draft(self, job: Job) -> _Draft:
        gone = left_out(job.transcript.events, job.kit_then)
        then, now = self._ready.deps(job.kit_then), self._ready.deps(job.kit_now)
        return _Draft(job, self._room(then, job, set()), self._room(now, job, gone))

    def _room(self, deps: Deps, job: Job, gone: set[str]) -> Room:
        room = replace(deps, examiner=self._examiner, policy=job.policy).room
        known = gone & room.syllabus.kit.by_id.keys()
        return replace(room, syllabus=room.syllabus.without(known))


def _by_a_person(answer: Answer) -> bool:
    marks = answer.marks
    return answer.source == "human" or bool(marks and all(m.source == "human" for m in marks))


async def _examined(examiner: Examiner, sheets: Sequence[Sheet]) -> list[Examination | ModelFailed]:
    if isinstance(examiner, Batched):
        return list(await asyncio.to_thread(examiner.examine_all, sheets))
    turns = asyncio.Semaphore(AT_ONCE)
    return await asyncio.gather(*(_called(examiner, sheet, turns) for sheet in sheets))


async def _called(
    examiner: Examiner, sheet: Sheet, turns: asyncio.Semaphore
) -> Examination | ModelFailed:
    async with turns:
        try:
            return await examiner.examine(sheet)
        except ModelFailed as failed:
            return failed


def _finished(draft: _Draft, examiner: Examiner, embedder: Embedder) -> Regrading:
    """The old log, and behind it one event for each answer."""
    before = draft.job.transcript
    header = _header(before.header, draft, examiner, embedder)
    at = before.events[-1].at
    made = (event for number in draft.answers for event in _events(draft, number, at))
    added: list[AnyEvent] = [*draft.calls, *made]
    stamped = [
        event.model_copy(update={"seq": seq, "turn": 0, "at": at})
        for seq, event in enumerate(added, len(before.events) + 1)
    ]
    kept = sum(_by_a_person(answer) for answers in draft.answers.values() for answer in answers)
    return Regrading(
        before=before,
        after=replace(before, events=(header, *before.events[1:], *stamped)),
        syllabus=draft.now.syllabus,
        answers=len(draft.fresh),
        failed=tuple(draft.failed.values()),
        not_in_kit=draft.not_in_kit,
        by_people=kept,
    )


def _header(then: Header, draft: _Draft, examiner: Examiner, embedder: Embedder) -> Header:
    prompts: Mapping[str, str] = getattr(examiner, "prompts", {})
    return then.model_copy(
        update={
            "viva": version("viva"),
            "kit": draft.job.kit_now.name,
            "kit_version": draft.job.kit_now.version,
            "examiner": examiner.name,
            "model": getattr(examiner, "model", None),
            "prompts": dict(prompts),
            "embedder": embedder.identity,
            "policy": draft.job.policy.model_dump(mode="json"),
        }
    )


def _events(draft: _Draft, number: int, at: float) -> Iterator[Regraded]:
    """The testlet counted anew from all its answers, or left without a score."""
    before, answers, policy = draft.testlets[number], draft.answers[number], draft.job.policy
    places = [(number, answer.number) for answer in answers]
    if before["question"] in draft.not_in_kit or draft.failed.keys() & places:
        for answer in answers:
            bare = replace(answer, marks=(), flags=(), source=draft.now.examiner.source)
            yield regraded(bare, {**before, "score": None, "review": None}, at, policy)
        return
    marked = [draft.fresh.get(place, a) for place, a in zip(places, answers, strict=True)]
    rubric = testlets.rubric_of(draft.now, before["question"])
    after = counted_anew(before, marked, rubric, policy)
    for place, answer in zip(places, marked, strict=True):
        yield regraded(answer, after, at, policy, recount=place not in draft.fresh)
