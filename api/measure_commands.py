"""Commands about measuring: rehearse a screen, calibrate a kit's questions."""

import asyncio
import json
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from api.interview_commands import LevelName
from api.kit_commands import AsJson, Named, Workspace
from api.opened import opened_database
from knowledge.errors import BadInput

if TYPE_CHECKING:
    from agent.events import MarkSource
    from agent.rehearsal import Rehearsal
    from knowledge.atoms import Kit, Level
    from knowledge.database import Database


class MarkerName(StrEnum):
    """Who would mark the answers."""

    local = "local"
    model = "model"
    human = "human"


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(rehearse)
    app.command()(calibrate)


def rehearse(
    kit: Named,
    level: Annotated[LevelName, typer.Option(help="The level asked for.")] = LevelName.mid,
    minutes: Annotated[
        float, typer.Option(min=5, max=240, help="How long the screen may take.")
    ] = 45,
    competency: Annotated[
        list[str] | None,
        typer.Option(help="Cover this one; give it again for more. Else the kit's richest."),
    ] = None,
    examiner: Annotated[MarkerName, typer.Option(help="Who would mark.")] = MarkerName.local,
    as_json: AsJson = False,
) -> None:
    """Tell what a screen can tell and how long it takes to type, before it is sent."""
    from api import measure_text

    made = asyncio.run(
        _rehearsed(kit, level.value, minutes, tuple(competency or ()), examiner.value)
    )
    print(made.model_dump_json(indent=2)) if as_json else measure_text.print_rehearsal(made)


def calibrate(
    kit: Annotated[
        str | None, typer.Argument(metavar="[KIT]", help="The kit's name; else every kit.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show it and keep nothing.")] = False,
    forget: Annotated[
        bool, typer.Option("--forget", help="Go back to the authors' levels.")
    ] = False,
    workspace: Workspace = "local",
    as_json: AsJson = False,
) -> None:
    """Work out how hard the questions are from stored interviews, for interviews to come."""
    if forget and (dry_run or as_json):
        raise BadInput("--forget goes with no other option.", "Give it alone, with a kit or none.")
    asyncio.run(
        _forget(kit, workspace)
        if forget
        else _calibrate(kit, workspace, dry_run=dry_run, as_json=as_json)
    )


async def _rehearsed(
    name: str, level: "Level", minutes: float, subjects: tuple[str, ...], by: "MarkSource"
) -> "Rehearsal":
    from agent.rehearsal import rehearse
    from agent.syllabus import Syllabus
    from api.calibrations import Calibrations
    from knowledge.library import Library

    async with opened_database() as database:
        kit = await Library(database).get(name)
        policy = await Calibrations(database).policy(kit)
    return rehearse(Syllabus(kit), policy, level=level, minutes=minutes, subjects=subjects, by=by)


async def _calibrate(name: str | None, workspace: str, *, dry_run: bool, as_json: bool) -> None:
    from agent.calibration import calibrate
    from agent.policy import Measure
    from api import measure_text
    from api.calibrations import Calibrations

    told = {}
    async with opened_database() as database:
        calibrations = Calibrations(database, workspace)
        for kit in await _kits(database, name, workspace):
            gathered = await calibrations.gather(kit.name)
            found = calibrate(gathered.sittings, Measure())
            if found.questions and not dry_run:
                await calibrations.keep(kit, found)
            told[kit.name] = found.model_dump() | {"left_out": gathered.left_out}
            if not as_json:
                measure_text.print_calibration(kit, found, gathered.left_out, kept=not dry_run)
    if as_json:
        print(json.dumps(told, ensure_ascii=False, indent=2))


async def _forget(name: str | None, workspace: str) -> None:
    from api.calibrations import Calibrations

    async with opened_database() as database:
        for kit in await _kits(database, name, workspace):
            gone = await Calibrations(database, workspace).forget(kit.name)
            print(f"{kit.name}: {gone} calibrated questions forgotten; interviews keep their own.")


async def _kits(database: "Database", name: str | None, workspace: str) -> "list[Kit]":
    from api.hiring.workspace_settings import read_settings
    from knowledge.library import Library

    await read_settings(database, workspace)  # whether there is such a workspace
    library = Library(database, workspace)
    names = [name] if name else [each.name for each in await library.list()]
    return [await library.get(each) for each in names]
