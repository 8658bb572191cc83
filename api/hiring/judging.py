"""What people decide about an interview: decisions, overrides and notes, which are only added to.

An override stands beside the machine's mark and never over it: no number changes by it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, get_args

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from agent.grading import settled
from agent.measuring import Phrase
from agent.report.model import QuestionReport, Report
from api.hiring import audit, webhooks
from api.hiring.reviewing import (
    FOUND,
    TooEarly,
    check_over,
    check_person,
    check_shown,
    checked,
    is_blind,
    named,
)
from api.hiring.tables import decisions, notes, overrides, seen
from api.identity.caller import Caller
from api.identity.tokens import new_id
from knowledge.database import Database, insert_into, unix_now
from knowledge.errors import BadInput

Outcome = Literal["advance", "hold", "decline"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
PHRASES: tuple[Phrase, ...] = get_args(Phrase)
VERDICT = "verdict"
COMPETENCY = "competency:"
"""Before the name of the competency that an override is about."""


@dataclass(frozen=True)
class Decision:
    """What somebody decided; the newest of an interview counts."""

    id: str
    outcome: Outcome
    reason: str
    by: str
    at: float


class Subject(NamedTuple):
    """What an override is about: `verdict`, `competency:NAME`, or an atom of a question."""

    subject: str
    question: int | None = None
    """The question's place in the report, 1-based, for a mark."""


@dataclass(frozen=True)
class Override:
    """A person's word beside the machine's."""

    id: str
    subject: str
    question: int | None
    machine: str
    value: str
    reason: str
    by: str
    at: float


@dataclass(frozen=True)
class Note:
    """What somebody wants the team to know."""

    id: str
    text: str
    by: str
    at: float


@dataclass(frozen=True)
class Judgement:
    """All that people said of an interview, oldest first."""

    decisions: tuple[Decision, ...]
    overrides: tuple[Override, ...]
    notes: tuple[Note, ...]

    @property
    def decision(self) -> Decision | None:
        """The one that counts."""
        return self.decisions[-1] if self.decisions else None

    def about(self, subject: str, question: int | None = None) -> list[Override]:
        """The overrides of one mark, of a competency or of the verdict."""
        return [o for o in self.overrides if (o.subject, o.question) == (subject, question)]


class Judging:
    """The judgements of one database; whether an interview is the caller's is looked at before."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, interview: str) -> Judgement:
        """What was said of an interview so far."""
        async with self._database.read() as connection:
            return Judgement(
                tuple([Decision(**r) for r in await _rows(connection, decisions, interview)]),
                tuple([Override(**r) for r in await _rows(connection, overrides, interview)]),
                tuple([Note(**r) for r in await _rows(connection, notes, interview)]),
            )

    async def decide(
        self, caller: Caller, interview: str, outcome: str, reason: str, by: str
    ) -> None:
        """Keep a person's decision; earlier ones stay.

        Raises:
            BadInput: no person asks, or outcome, reason or name are missing.
            TooEarly: the interview runs, or whoever decides has not opened its scorecard.
        """
        check_person(caller)
        if outcome not in OUTCOMES:
            raise BadInput("It is not said what is decided.", f"Choose {' or '.join(OUTCOMES)}.")
        row = {"outcome": outcome, "reason": checked(reason, "A reason"), "by": named(by)}
        async with self._database.write() as connection:
            await check_over(connection, interview)
            if await is_blind(connection, interview) or not await _has_read(
                connection, caller, interview
            ):
                raise TooEarly(
                    "You have not opened this interview's scorecard.",
                    "Read it first: a decision rests on the answers.",
                )
            if id_ := await _add(connection, caller, decisions, interview, row):
                detail = {"decision": id_, "outcome": outcome}
                await audit.record(connection, caller, "decided", _told(interview), **detail)
                workspace = caller.workspace or ""
                await webhooks.tell(
                    connection, workspace, "decision.made", interview=interview, **detail
                )

    async def override(
        self, caller: Caller, report: Report, subject: Subject, value: str, reason: str, by: str
    ) -> None:
        """Keep a person's word beside the machine's, which is taken from the team's report.

        Raises:
            BadInput: no person asks, the report has no such thing, or something is missing.
            TooEarly: the interview runs, or is to be marked by a person first.
        """
        check_person(caller)
        machine = said_by_machine(report, subject)
        _check_value(subject, value)
        row = {
            "subject": subject.subject,
            "question": subject.question,
            "machine": machine,
            "value": value,
            "reason": checked(reason, "A reason"),
            "by": named(by),
        }
        async with self._database.write() as connection:
            await check_over(connection, report.interview)
            await check_shown(connection, report.interview)
            if id_ := await _add(connection, caller, overrides, report.interview, row):
                kind = "mark" if subject.question else subject.subject.partition(":")[0]
                detail = {"override": id_, "of": kind}
                name = "overrode"
                await audit.record(connection, caller, name, _told(report.interview), **detail)

    async def note(self, caller: Caller, interview: str, text: str, by: str) -> None:
        """Keep a note.

        Raises:
            BadInput: there is nothing in it, or too much.
        """
        row = {"text": checked(text, "A note"), "by": named(by)}
        async with self._database.write() as connection:
            if id_ := await _add(connection, caller, notes, interview, row):
                await audit.record(connection, caller, "noted", _told(interview), note=id_)

    async def read(self, caller: Caller, interview: str) -> None:
        """Keep that the caller has this scorecard open, with all that is on it."""
        row = {"interview_id": interview, "reader": caller.id, "at": unix_now()}
        async with self._database.write() as connection:
            known = await _has_read(connection, caller, interview)
            new = insert_into(seen, connection).values(**row)
            again = new.on_conflict_do_update(
                index_elements=["interview_id", "reader"], set_={"at": unix_now()}
            )
            await connection.execute(again)
            if not known:
                await audit.record(connection, caller, "read", _told(interview))

    async def unread(self, caller: Caller, interview: str) -> None:
        """Mark it as not read by the caller."""
        mine = (seen.c.interview_id == interview) & (seen.c.reader == caller.id)
        async with self._database.write() as connection:
            if (await connection.execute(sa.delete(seen).where(mine))).rowcount:
                await audit.record(connection, caller, "marked unread", _told(interview))


def machine_marks(question: QuestionReport) -> Mapping[str, str]:
    """The machine's verdict by atom, as it was before any person ruled on it."""
    before = {mark.atom: mark for mark in settled(question.overruled)}
    now = settled(given.mark for given in question.marks)
    marks = {mark.atom: mark for mark in now if mark.source != "human"} | before
    gone = {each.mark.atom: each.mark for each in question.withdrawn}
    return {atom: mark.verdict for atom, mark in (gone | marks).items()}


def said_by_machine(report: Report, about: Subject) -> str:
    """What the machine says of the subject.

    Raises:
        BadInput: the report has no such thing.
    """
    nothing = BadInput("The report has nothing of that name.", "Load the scorecard again.")
    if about.question is not None:
        if not 1 <= about.question <= len(report.questions):
            raise nothing
        question = report.questions[about.question - 1]
        known = {line.atom for line in question.earned} | machine_marks(question).keys()
        if about.subject not in known:
            raise nothing
        return machine_marks(question).get(about.subject, "ungraded")
    if about.subject == VERDICT:
        return report.verdict
    name = about.subject.removeprefix(COMPETENCY)
    for standing in report.competencies:
        if about.subject != name and standing.name == name:
            return standing.verdict
    raise nothing


def _check_value(subject: Subject, value: str) -> None:
    allowed = PHRASES if subject.question is None else FOUND
    if value not in allowed:
        raise BadInput("It is not said what you find instead.", f"One of: {', '.join(allowed)}.")


async def _has_read(connection: AsyncConnection, caller: Caller, interview: str) -> bool:
    mine = (seen.c.interview_id == interview) & (seen.c.reader == caller.id)
    return bool(await connection.scalar(sa.select(sa.exists().where(mine))))


async def _rows(connection: AsyncConnection, table: sa.Table, interview: str) -> list[Any]:
    hidden = {"interview_id", "workspace_id"}
    columns = [column for column in table.c if column.name not in hidden]
    query = sa.select(*columns).where(table.c.interview_id == interview)
    rows = await connection.execute(query.order_by(table.c.at, table.c.id))
    return list(rows.mappings())


async def _add(
    connection: AsyncConnection,
    caller: Caller,
    table: sa.Table,
    interview: str,
    row: Mapping[str, Any],
) -> str | None:
    """Add a row and return its id; None where it is the newest already: a form sent twice."""
    before = await _rows(connection, table, interview)
    if before and all(before[-1][name] == row[name] for name in row):
        return None
    new = {"id": new_id(), "workspace_id": caller.workspace, "interview_id": interview}
    await connection.execute(sa.insert(table).values(**new, **row, at=unix_now()))
    return new["id"]


def _told(interview: str) -> str:
    return f"interview:{interview}"
