"""Marked by a person first: a share of a screen's interviews, drawn by lot, is marked before anyone
of the team sees what the machine made of them. It is the only honest source of agreement data.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, NamedTuple, get_args

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from agent.contesting import in_short
from agent.quoting import locate
from agent.report.ledger import Ledger
from agent.syllabus import Syllabus
from api.hiring import audit
from api.hiring.tables import reviews, screens
from api.identity.caller import Caller
from api.identity.tokens import new_id
from api.tables import interviews
from knowledge.database import Database, unix_now
from knowledge.errors import BadInput, NotFound, VivaError

Found = Literal["met", "not_met", "contradicted", "abstained"]
"""What a person finds of a point; `abstained`: cannot say."""
FOUND: tuple[Found, ...] = get_args(Found)
LONGEST = 5_000
"""Characters of a reason, a note or a remark."""
LONGEST_WORDS = 500
LONGEST_NAME = 100


class TooEarly(VivaError):
    """Something else has to be done first; nothing was changed."""

    exit_status = 2


class ToMark(NamedTuple):
    """A point or indicator that an answered question is marked by; `question` is its place."""

    question: int
    atom: str
    text: str
    against: bool
    """It is a sign against; met means that the answer shows it."""
    answers: tuple[str, ...] = ()
    """What was said to the question: a mark rests on words of it, or on none."""


@dataclass(frozen=True)
class PersonMark:
    """What a person found of one point; `words` are those of the answer that it rests on."""

    question: int
    """The question's place in the report, 1-based."""
    atom: str
    verdict: Found
    words: str = ""


@dataclass(frozen=True)
class Review:
    """One person's marks of a whole interview; `at` is in Unix seconds."""

    id: str
    reviewer: str
    blind: bool
    is_author: bool
    marks: tuple[PersonMark, ...]
    text: str
    at: float


def is_drawn(screen: str, interview: str, share: float) -> bool:
    """Whether an interview is of the share that people mark first.

    Both ids are made at random by the server, so that nobody can steer it; who was drawn once
    stays drawn when the share grows.
    """
    lot = hashlib.sha256(f"{screen}:{interview}".encode()).digest()[:8]
    return int.from_bytes(lot) < share * 2**64


async def is_blind(connection: AsyncConnection, interview: str) -> bool:
    """Whether the machine's marks, verdict, flags and place of this interview are shown to nobody
    of the team, for a person is to mark it first."""
    return bool(await blind_of(connection, interviews.c.id == interview))


async def blind_of(connection: AsyncConnection, which: sa.ColumnElement[bool]) -> frozenset[str]:
    """Of the interviews that `which` is true of, the ids of those that are blind now."""
    marked = sa.exists().where(reviews.c.interview_id == interviews.c.id, reviews.c.blind)
    query = (
        sa.select(interviews.c.id, screens.c.id, screens.c.blind_share)
        .join(screens, screens.c.id == interviews.c.screen_id)
        .where(which, interviews.c.mode == "screen", screens.c.blind_share > 0, ~marked)
    )
    rows = await connection.execute(query)
    return frozenset(id_ for id_, screen, share in rows if is_drawn(screen, id_, share))


async def check_shown(connection: AsyncConnection, interview: str) -> None:
    """Refuse what shows or judges the machine's marks before a person has marked.

    Raises:
        TooEarly: it is still to be marked by a person.
    """
    if await is_blind(connection, interview):
        raise TooEarly(
            "A person marks this interview before anybody sees the machine's marks.",
            "Somebody of the team marks it on its scorecard; then everything is shown.",
        )


async def check_over(connection: AsyncConnection, interview: str) -> None:
    """Refuse what can only be done once an interview has ended.

    Raises:
        TooEarly: it has not.
    """
    mine = interviews.c.id == interview
    status = await connection.scalar(sa.select(interviews.c.status).where(mine))
    if status is None:
        raise NotFound(f"There is no interview {interview!r}.", "Look at its id again.")
    if status != "ended":
        raise TooEarly("The interview is not over yet.", "Wait until it has ended.")


def to_mark(ledger: Ledger, syllabus: Syllabus) -> list[ToMark]:
    """What a person is asked to mark: all points of the answered questions, in the kit's order."""
    standing = syllabus.without(ledger.withdrawn)
    found = []
    for place, topic in enumerate(ledger.topics, 1):
        if topic.answers:
            item, said = standing.rubric(topic.question), tuple(h.text for h in topic.answers)
            found += [
                ToMark(place, atom.id, atom.text, atom.polarity == "negative", said)
                for atom in (*item.core, *item.indicators)
            ]
    return found


class Reviews:
    """What people marked, in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, interview: str) -> list[Review]:
        """The reviews of an interview, oldest first."""
        columns = (reviews.c[name] for name in Review.__dataclass_fields__)
        query = sa.select(*columns).where(reviews.c.interview_id == interview)
        async with self._database.read() as connection:
            rows = await connection.execute(query.order_by(reviews.c.at, reviews.c.id))
            return [_review(row._mapping) for row in rows]

    async def add(
        self,
        caller: Caller,
        interview: str,
        asked: Sequence[ToMark],
        given: Iterable[PersonMark],
        *,
        by: str,
        is_author: bool = False,
        text: str = "",
    ) -> bool:
        """Keep a person's marks; whether they were made blind.

        The same sent again is kept once.

        Raises:
            BadInput: it is no person's, a point is left out, a text is too long, or what a mark
                rests on stands in no answer to its question.
            TooEarly: the interview is not over.
        """
        check_person(caller)
        marks = checked_marks(asked, given)
        row = {
            "reviewer": named(by),
            "is_author": is_author,
            "marks": [asdict(mark) for mark in marks],
            "text": checked(text, "A remark", required=False),
        }
        async with self._database.write() as connection:
            await check_over(connection, interview)
            blind = await is_blind(connection, interview)
            if not blind and (before := await _same(connection, interview, row)):
                return bool(before.blind)
            new = {"id": new_id(), "workspace_id": caller.workspace, "interview_id": interview}
            await connection.execute(
                sa.insert(reviews).values(**new, **row, blind=blind, at=unix_now())
            )
            detail = {"review": new["id"], "blind": blind, "author": is_author}
            await audit.record(connection, caller, "reviewed", f"interview:{interview}", **detail)
        return blind


def is_person(caller: Caller) -> bool:
    """Whether somebody with an account asks, or whoever sits at this machine."""
    return caller.user is not None or caller.id == "local"


def check_person(caller: Caller) -> None:
    """Refuse what only a person may do.

    Raises:
        BadInput: a key or another machine asks.
    """
    if not is_person(caller):
        raise BadInput("Only a person can do this, not a key.", "Sign in with your own account.")


def named(by: str) -> str:
    """The name of who judges.

    Raises:
        BadInput: there is none, or it is too long.
    """
    return checked(by, "Your name", LONGEST_NAME)


def checked(text: str, what: str, longest: int = LONGEST, *, required: bool = True) -> str:
    """A text without white space around it.

    Raises:
        BadInput: it is missing, too long, or holds what cannot be stored.
    """
    text = text.strip()
    if required and not text:
        raise BadInput(f"{what} is missing.", "Write it down: it stays beside what you decide.")
    if len(text) > longest:
        raise BadInput(f"{what} is longer than {longest:,} characters.", "Shorten it.")
    if "\0" in text:
        raise BadInput(f"{what} holds a NUL character.", "Take it out.")
    return text


def checked_marks(asked: Sequence[ToMark], given: Iterable[PersonMark]) -> list[PersonMark]:
    """One mark for each point asked for, in their order.

    Raises:
        BadInput: a point is left out, or what a mark rests on stands in no answer.
    """
    found = {(mark.question, mark.atom): mark for mark in given}
    wanted = [(each.question, each.atom) for each in asked]
    if strange := found.keys() - set(wanted):
        raise BadInput(
            f"{len(strange)} of the marks are of no point of these questions.",
            "Load the page again.",
        )
    if left := [each for each in wanted if each not in found]:
        places = ", ".join(str(place) for place in dict.fromkeys(place for place, _ in left))
        raise BadInput(
            f"{len(left)} of {len(wanted)} points are not marked, in questions {places}.",
            "Choose one for each; “Cannot say” is a mark too.",
        )
    return [_resting(found[each.question, each.atom], each) for each in asked]


def _resting(mark: PersonMark, point: ToMark) -> PersonMark:
    """The mark, with the words as they stand in the answer."""
    words = checked(mark.words, "What a mark rests on", LONGEST_WORDS, required=False)
    if not words:
        return replace(mark, words="")
    quote = next((quote for said in point.answers if (quote := locate(words, said))), None)
    if quote is None:
        raise BadInput(
            f"What “{in_short(point.text)}” rests on stands in no answer to question "
            f"{point.question}: “{in_short(words)}”.",
            "Copy the words as they stand there, or leave them out.",
        )
    return replace(mark, words=quote.text)


async def _same(
    connection: AsyncConnection, interview: str, row: dict[str, Any]
) -> "sa.Row[Any] | None":
    """The newest review, where it is this one."""
    newest = sa.select(reviews).where(reviews.c.interview_id == interview)
    newest = newest.order_by(reviews.c.at.desc(), reviews.c.id).limit(1)
    found = (await connection.execute(newest)).one_or_none()
    is_same = found is not None and all(found._mapping[name] == row[name] for name in row)
    return found if is_same else None


def _review(row: Any) -> Review:
    marks = tuple(PersonMark(**mark) for mark in row["marks"])
    return Review(**{**row, "marks": marks})
