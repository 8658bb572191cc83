"""Commands for people who grade at a desk: grade, understand. One JSON object a line."""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from api.opened import opened_database
from knowledge.errors import VivaError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from agent.desk import Desk
    from agent.lines import Given

LONGEST_LINE = 1_000_000
"""Bytes of a line of JSON."""
BLANK = b" \t\r\n\xef\xbb\xbf"
"""White space, and the mark of UTF-8 that some editors put before a file."""


class ExaminerName(StrEnum):
    """Who reads and marks."""

    local = "local"
    model = "model"


By = Annotated[ExaminerName, typer.Option("--examiner", help="Who reads and marks.")]


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(grade)
    app.command()(understand)


def grade(examiner: By = ExaminerName.local) -> None:
    """Mark answers: JSON lines in, one line of marks out for each.

    In: id, question, answer, and any of reference_points, reference, positive_indicators,
    negative_indicators, level, kit. A line that cannot be used gives its number and the error.
    """
    from agent.lines import Answer

    asyncio.run(_through(examiner, Answer, lambda desk: desk.grade))


def understand(
    examiner: By = ExaminerName.local,
    kit: Annotated[str | None, typer.Option(help="A kit, for its technologies.")] = None,
) -> None:
    """Read messages: what each wants and which technologies it names.

    In: id, question, message. Out: id, intents (primary first), mentions.
    """
    from agent.lines import Message

    asyncio.run(_through(examiner, Message, lambda desk: lambda read: desk.understand(read, kit)))


LineT = TypeVar("LineT", bound="Given")
Work = Callable[[Sequence[LineT]], Awaitable[Sequence[Any]]]


async def _through(
    examiner: ExaminerName, kind: type[LineT], choose: "Callable[[Desk], Work[LineT]]"
) -> None:
    """Standard input to standard output in batches, until either is closed."""
    async with _desk(examiner) as desk:
        numbered = enumerate(_lines(), 1)
        try:
            while batch := list(islice(numbered, desk.batch)):
                for answer in await _answers(batch, kind, choose(desk)):
                    sys.stdout.write(f"{answer}\n")
                sys.stdout.flush()
        except BrokenPipeError:  # whoever reads has had enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _lines() -> Iterator[bytes]:
    """The lines of standard input; of one too long the beginning, which is enough to refuse it."""
    source = sys.stdin.buffer
    while line := source.readline(LONGEST_LINE + 1):
        rest = line
        while len(rest) > LONGEST_LINE and not rest.endswith(b"\n"):
            rest = source.readline(LONGEST_LINE + 1)
        yield line


async def _answers(
    batch: list[tuple[int, bytes]], kind: type[LineT], work: "Work[LineT]"
) -> list[str]:
    """A line of JSON for each line that is not blank, in order."""
    read = [(number, _read(number, line, kind)) for number, line in batch if line.strip(BLANK)]
    done = iter(await work([given for _, given in read if not isinstance(given, str)]))
    return [
        _told(number, given if isinstance(given, str) else next(done)) for number, given in read
    ]


BLANK = b" \t\r\n\xef\xbb\xbf"


def _read(number: int, line: bytes, kind: type[LineT]) -> LineT | str:
    """What a line holds, or what is wrong with it."""
    from pydantic import ValidationError

    if len(line) > LONGEST_LINE:
        return f"The line is longer than {LONGEST_LINE} bytes."
    try:
        body = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
        json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
    except UnicodeDecodeError:
        return "The line is not UTF-8."
    except UnicodeEncodeError:
        return "The line holds half a character (a lone surrogate)."
    except (ValueError, RecursionError):
        return "The line is not JSON."
    if not isinstance(body, dict):
        return "The line is no JSON object."
    try:
        return kind.model_validate(body)
    except ValidationError as error:
        return _problem(error.errors(include_url=False, include_input=False)[0])


def _problem(error: Any) -> str:
    """The first thing that is wrong, by the name of its field."""
    field = ".".join(map(str, error["loc"]))
    message = error["msg"].removeprefix("Value error, ").removeprefix("Input ")
    return f"`{field}`: {message[0].lower()}{message[1:]}."


def _told(number: int, result: Any) -> str:
    if isinstance(result, VivaError):
        result = f"{result.message} {result.remedy}"
    body = {"line": number, "error": result} if isinstance(result, str) else result.model_dump()
    return json.dumps(body, ensure_ascii=False)


@asynccontextmanager
async def _desk(name: ExaminerName) -> "AsyncIterator[Desk]":
    """A desk with the examiner asked for and no other: what a model fails on stays ungraded."""
    from agent.desk import Desk
    from agent.local import LocalExaminer
    from api.examiners import Examiners
    from api.settings import Settings
    from knowledge.embedder import open_embedder
    from knowledge.index import KitIndex, open_index
    from knowledge.library import Library

    settings = Settings()
    embedder, server = open_embedder(settings.embedder), settings.chroma_url
    examiners = Examiners(settings)

    async def open_kit(kit: str) -> KitIndex:
        async with opened_database() as database:
            found = await Library(database).get(kit)
            return await open_index(database, embedder, found, server=server)

    try:
        await examiners.check(name.value)
        yield Desk(examiners.alone(name.value, LocalExaminer(embedder)), embedder, open_kit)
    finally:
        await examiners.close()
