"""Commands about interviews: chat, report, regrade, transcript, interviews."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.opened import opened_database
from knowledge.errors import BadInput

if TYPE_CHECKING:
    from agent.regrading import Regrading
    from agent.report import Report
    from api.conduct import Conductor, Wish
    from api.store import Store
    from knowledge.vectors import Progress

DEFAULT_KIT = "data-engineer"


class LevelName(StrEnum):
    """The levels a candidate can be asked at."""

    junior = "junior"
    mid = "mid"
    senior = "senior"
    principal = "principal"


class ModeName(StrEnum):
    """Practice tells and adapts; a screen asks everyone the same and tells nothing."""

    practice = "practice"
    screen = "screen"


class ExaminerName(StrEnum):
    """Who reads and marks."""

    local = "local"
    model = "model"


class Format(StrEnum):
    """The forms a report is printed in."""

    md = "md"
    json = "json"
    html = "html"


class Audience(StrEnum):
    """Whom a report is for."""

    team = "team"
    candidate = "candidate"


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(chat)
    app.command()(report)
    app.command()(regrade)
    app.command()(transcript)
    app.command()(interviews)


def chat(
    kit: Annotated[str, typer.Option(help="The kit to be interviewed on.")] = DEFAULT_KIT,
    level: Annotated[LevelName, typer.Option(help="The level asked for.")] = LevelName.mid,
    minutes: Annotated[
        float | None,
        typer.Option(min=5, max=240, help="How long it may take; else 45, a drill 5."),
    ] = None,
    questions: Annotated[
        int | None, typer.Option(min=1, max=40, help="At most this many core questions.")
    ] = None,
    mode: Annotated[ModeName, typer.Option(help="Practice or screen.")] = ModeName.practice,
    competency: Annotated[
        list[str] | None,
        typer.Option(help="Cover this one; give it again for more. Else the kit's richest."),
    ] = None,
    drill: Annotated[str | None, typer.Option(help="Practise this one topic, briefly.")] = None,
    again: Annotated[
        str | None, typer.Option(help="Practise this question (its id, see the report) again.")
    ] = None,
    examiner: Annotated[ExaminerName, typer.Option(help="Who marks.")] = ExaminerName.local,
    seed: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=2**63 - 1,
            help="Same seed and answers: same interview. Else practice is another one each time.",
        ),
    ] = None,
    resume: Annotated[str | None, typer.Option(help="Go on with this interview.")] = None,
) -> None:
    """Be interviewed, here in the terminal."""
    from api.conduct import Wish

    wish = Wish(
        kit=kit,
        level=level.value,
        mode=mode.value,
        minutes=minutes,
        questions=questions,
        subjects=tuple(competency or ()),
        drill=drill,
        again=again,
        examiner=examiner.value,
        seed=seed,
    )
    asyncio.run(_chat(wish, resume))


async def _chat(wish: "Wish", resume: str | None) -> None:
    from api.lease import PATIENCE, hold, new_owner
    from api.progress import shown_progress
    from api.terminal import Chat, face

    async with _conductor() as conductor:
        if resume and (await conductor.store.load(resume)).status == "ended":
            raise BadInput(
                f"The interview {resume} has ended.", f"Read it with `viva report {resume}`."
            )
        with shown_progress() as progress:
            interview = resume or await _started(conductor, wish, progress)
            stored = await conductor.prepare(interview, progress)
        trouble = await conductor.examiners.trouble(stored.examiner)
        print(f"interview {interview}", file=sys.stderr, flush=True)
        if trouble:
            print(f"{trouble} The local examiner marks meanwhile.", file=sys.stderr)
        seat = hold(
            conductor.store.database,
            f"seat:{interview}",
            new_owner(),
            patience=PATIENCE,
            waited=_say_once("Waiting for the last process on this interview to let go of it."),
        )
        shown, kept = face(), f"Everything is kept. Go on with: viva chat --resume {interview}"
        async with seat as lease:
            try:
                ended = await Chat(conductor, interview, lease, shown).hold(resumed=bool(resume))
            except asyncio.CancelledError:  # Ctrl-C
                shown.note(kept)
                raise
        read = f"Read your report: viva report {interview} --for candidate"
        shown.note(read if ended else kept)


async def _started(conductor: "Conductor", wish: "Wish", progress: "Progress | None") -> str:
    from api.earlier import last_practice
    from api.settings import Settings

    others_too = Settings().secret is not None  # then most practice here is somebody else's
    last = await last_practice(conductor.store.database, wish, among=() if others_too else None)
    return await conductor.start(replace(wish, last=last), progress=progress)


def _say_once(text: str) -> Callable[[float], None]:
    said = False

    def say(seconds: float) -> None:
        nonlocal said
        if not said:
            print(text, file=sys.stderr, flush=True)
        said = True

    return say


def report(
    interview: Annotated[str, typer.Argument(help="The interview's id.")],
    format: Annotated[Format, typer.Option(help="Markdown, JSON, or a page.")] = Format.md,
    audience: Annotated[Audience, typer.Option("--for", help="Whom it is for.")] = Audience.team,
) -> None:
    """Print an interview's report."""
    made = asyncio.run(_report(interview, audience.value))
    if format is Format.json:
        print(made.model_dump_json(indent=2))
        return
    if format is Format.html:
        from api.pages.report_page import standalone

        sys.stdout.write(standalone(made))
        return
    from agent.report import as_markdown

    print_markdown(as_markdown(made))


async def _report(interview: str, audience: Any) -> "Report":
    from agent.events import read_event
    from agent.report import report as make
    from agent.syllabus import Syllabus
    from api.beside import receipt_of
    from api.earlier import last_report
    from api.hiring.rubric import is_opened
    from api.store import Store
    from knowledge.library import Library

    async with opened_database() as database:
        store, library = Store(database), Library(database)

        async def syllabus(kit: str, version: str) -> Syllabus:
            return Syllabus(await library.get(kit, version))

        stored = await store.load(interview)
        events = [read_event(event.as_json()) for event in await store.events(interview)]
        asked = await syllabus(stored.kit, stored.kit_version)
        last = await last_report(store, stored, syllabus)
        receipt = await receipt_of(store, stored)
        opened = await is_opened(database, stored)
    made = make(interview, events, asked, audience, last=last, opened=opened)
    return made.model_copy(update={"receipt": receipt})


def regrade(
    interview: Annotated[str, typer.Argument(help="The interview's id.")],
    examiner: Annotated[
        ExaminerName | None, typer.Option(help="Who marks; the interview's own by default.")
    ] = None,
) -> None:
    """Mark anew what a fallback, nobody, or another examiner has marked."""
    done, name = asyncio.run(_regrade(interview, examiner and examiner.value))
    for change in done.changes:
        print(f"{_score(change.before)} -> {_score(change.after)}  {change.question}")
        print(f"  {_answers(change.answers)} marked anew by {name}")
    for text in done.withdrawn:
        print(f"Withdrawn from the kit, counts for nothing now: {text}")
    if done.changes:
        print("Money questions and claims stay as they were: only gains, outside the level.")
    elif not (done.left or done.withdrawn):
        print(f"Nothing waits to be marked by {name}.")
    if done.left:
        wait = f"{_answers(done.left)} left to mark: {done.failure}. Run it again later."
        print(wait, file=sys.stderr)
        raise typer.Exit(1)


def _answers(number: int) -> str:
    return "1 answer" if number == 1 else f"{number} answers"


def _score(score: float | None) -> str:
    return "none" if score is None else f"{score:.2f}"


async def _regrade(interview: str, examiner: str | None) -> "tuple[Regrading, str]":
    from api.lease import hold, new_owner
    from api.progress import shown_progress
    from api.regrade import regrade_stored

    async with _conductor() as conductor:
        with shown_progress() as progress:
            stored = await conductor.prepare(interview, progress)
        name = examiner or stored.examiner
        async with hold(conductor.store.database, f"seat:{interview}", new_owner()) as lease:
            return await regrade_stored(conductor, interview, lease, name), name


def transcript(interview: Annotated[str, typer.Argument(help="The interview's id.")]) -> None:
    """Print an interview's events, one JSON object a line."""

    async def lines() -> list[str]:
        async with _store() as store:
            events = await store.events(interview)
        return [json.dumps(event.as_json(), ensure_ascii=False) for event in events]

    for line in asyncio.run(lines()):
        print(line)


def interviews(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the interviews, newest first."""

    async def rows() -> list[dict[str, Any]]:
        async with _store() as store:
            return [vars(summary) for summary in await store.interviews()]

    found = asyncio.run(rows())
    for row in found:
        row["started"] = datetime.fromtimestamp(row["started"], UTC).isoformat(timespec="seconds")
    if as_json:
        print(json.dumps(found, indent=2))
        return
    if not found:
        print("No interviews yet. Start one with `viva chat`.")
    for row in found:
        print(
            f"{row['id']}  {row['started']}  {row['status']:8} {row['mode']:9} "
            f"{row['level']:10} {row['turns']:3} turns  {row['kit']}"
        )


@asynccontextmanager
async def _store() -> "AsyncIterator[Store]":
    from api.store import Store

    async with opened_database() as database:
        yield Store(database)


@asynccontextmanager
async def _conductor() -> "AsyncIterator[Conductor]":
    from api.conduct import Conductor
    from api.examiners import Examiners
    from api.settings import Settings
    from knowledge.embedder import open_embedder

    async with _store() as store:
        settings = Settings()
        examiners = Examiners(settings)
        try:
            yield Conductor(
                store,
                open_embedder(settings.embedder),
                examiners=examiners,
                chroma_url=settings.chroma_url,
            )
        finally:
            await examiners.close()


def print_markdown(text: str) -> None:
    """Print it rendered on a terminal, as it is elsewhere."""
    if not sys.stdout.isatty():
        print(text, end="")
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(text))
