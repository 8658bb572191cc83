"""Commands about contests: contest, contests, decide."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from api.opened import opened_database
from knowledge.errors import BadInput

if TYPE_CHECKING:
    from agent.events import Mark
    from agent.report.argument import Contest
    from agent.report.ledger import Ledger
    from agent.ruling import Found, Ruling
    from api.contests import Contests, Line
    from api.store import Store
    from api.withdrawals import Touched

Interview = Annotated[str, typer.Argument(help="The interview's id.")]
Question = Annotated[int, typer.Argument(min=1, help="The question's number in the report.")]
Because = Annotated[str, typer.Option("--because", help="Why, in your own words.")]


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(contest)
    app.command()(contests)
    app.command()(decide)


def contest(
    interview: Interview,
    question: Question,
    because: Annotated[
        str | None, typer.Option(help="Why; without it what can be contested is listed.")
    ] = None,
    point: Annotated[
        str | None,
        typer.Option(help="The point, by its number or words; else the question as a whole."),
    ] = None,
    words: Annotated[
        str | None, typer.Option(help="Words of an answer that you point at, as they stand there.")
    ] = None,
) -> None:
    """Contest a mark, or a question as a whole; a person decides."""
    from api.contest_text import print_contest, print_marks

    marks = asyncio.run(_marks(interview, question))
    if because is None:
        print_marks(marks, interview, question)
        return
    atom = None if point is None else _chosen(point, [(m.atom, m.text) for m in marks])
    print_contest(asyncio.run(_contest(interview, question, because, atom, words)))


def contests(
    interview: Annotated[str | None, typer.Argument(help="Only of this interview.")] = None,
    touched: Annotated[
        str | None, typer.Option(help="Whom this withdrawn point (its id) has touched.")
    ] = None,
) -> None:
    """List contests, open ones first; or the interviews that a withdrawn point has marked."""
    from api.contest_text import print_lines, print_touched

    if touched is not None:
        print_touched(asyncio.run(_touched(touched)))
    else:
        print_lines(asyncio.run(_lines(interview)))


def decide(
    interview: Interview,
    number: Annotated[int, typer.Argument(min=1, help="The contest's number.")],
    because: Because,
    by: Annotated[str, typer.Option(help="Your name.")],
    uphold: Annotated[bool | None, typer.Option("--uphold/--refuse", help="Which.")] = None,
    words: Annotated[
        list[str] | None,
        typer.Option(help="Words of the answer that make the point; one for each --point."),
    ] = None,
    point: Annotated[
        list[str] | None,
        typer.Option(help="Of a question as a whole: a point, by its words or id; with --words."),
    ] = None,
    withdraw: Annotated[
        bool, typer.Option("--withdraw", help="The kit was wrong: take it out of its next version.")
    ] = False,
) -> None:
    """Uphold or refuse a contest; the interview is counted anew at once."""
    from agent.ruling import Ruling
    from api.contest_text import print_contest, print_withdrawn

    if uphold is None:
        raise BadInput("It is not said what is decided.", "Give --uphold or --refuse.")
    found = _found(point or (), words or ())
    alone = words[0] if words and not found else None
    ruling = Ruling(uphold, because, by, alone, found, withdraw)
    decided, gone = asyncio.run(_decide(interview, number, ruling))
    print_contest(decided)
    print_withdrawn(gone)


def _found(points: Sequence[str], words: Sequence[str]) -> "tuple[Found, ...]":
    from agent.ruling import Found

    if len(words) > max(len(points), 1) or (points and words and len(words) != len(points)):
        raise BadInput("Words and points do not pair.", "Give one --words for each --point.")
    paired: Sequence[str | None] = words or [None] * len(points)
    return tuple(Found(point, said) for point, said in zip(points, paired, strict=False))


def _named(ruling: "Ruling", ledger: "Ledger", number: int) -> "Ruling":
    """The ruling with its points by their ids."""
    if not ruling.points or number > len(ledger.contests):
        return ruling
    topic = ledger.topics[ledger.contests[number - 1].testlet]
    flags = (flag for given in topic.given for flag in given.flags)
    seen = (*(mark for mark, _ in topic.marks), *flags)
    marks = list(dict.fromkeys((mark.atom, mark.text) for mark in seen))
    points = (replace(each, atom=_chosen(each.atom, marks)) for each in ruling.points)
    return replace(ruling, points=tuple(points))


def _chosen(wanted: str, marks: Sequence[tuple[str, str]]) -> str:
    """The atom by its number in the list, its id, or words of it that no other has."""
    if wanted.isdecimal() and 1 <= int(wanted) <= len(marks):
        return marks[int(wanted) - 1][0]
    like = wanted.casefold()
    found = [atom for atom, text in marks if like == atom.casefold() or like in text.casefold()]
    if len(found) != 1:
        many = "More than one mark reads" if found else "No such mark of this question reads"
        raise BadInput(
            f"{many} like {wanted!r}.", "Give its number; without --because all are listed."
        )
    return found[0]


async def _marks(interview: str, question: int) -> "list[Mark]":
    from agent.contesting import contestable
    from agent.policy import Policy
    from agent.report.ledger import fold
    from api.withdrawals import log_of

    async with _open() as (store, _):
        ledger = fold(await log_of(store, interview))
        stored = await store.load(interview)
    if stored.mode == "screen" or question > len(ledger.topics):
        return []
    policy = Policy.model_validate(ledger.header.policy if ledger.header else {})
    return contestable(ledger.topics[question - 1], policy)


async def _contest(
    interview: str, question: int, because: str, atom: str | None, words: str | None
) -> "Contest":
    from agent.contesting import Complaint

    async with _open() as (_, contests):
        complaint = Complaint(secrets.token_hex(16), question, because, atom, words)
        return (await contests.contest(interview, complaint))[0]


async def _lines(interview: str | None) -> "list[Line]":
    from api.contests import Line

    async with _open() as (store, contests):
        if interview is None:
            return await contests.everywhere()
        stored = await store.load(interview)
        mine = await contests.of(interview, "team")
    open_first = sorted(mine, key=lambda contest: contest.state != "open")
    return [Line(interview, stored.kit, contest) for contest in open_first]


async def _touched(atom: str) -> "list[Touched]":
    from api.withdrawals import touched

    async with _open() as (store, _):
        return await touched(store, atom)


async def _decide(
    interview: str, number: int, ruling: "Ruling"
) -> "tuple[Contest, dict[str, list[Touched]]]":
    from agent.report.ledger import fold
    from api.withdrawals import log_of, touched

    async with _open() as (store, contests):
        ruling = _named(ruling, fold(await log_of(store, interview)), number)
        decided = await contests.decide(interview, number, ruling)
        gone = fold(await log_of(store, interview)).decided[number].withdrawn
        return decided, {atom: await touched(store, atom) for atom in gone}


@asynccontextmanager
async def _open() -> "AsyncIterator[tuple[Store, Contests]]":
    from api.contests import Contests
    from api.store import Store

    async with opened_database() as database:
        store = Store(database)
        yield store, Contests(store)
