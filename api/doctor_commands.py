"""The command that checks an installation: doctor."""

import asyncio
import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from api.interview_commands import DEFAULT_KIT

if TYPE_CHECKING:
    from api.doctor import Check

COLOURS = {"ok": "green", "warn": "yellow", "fail": "red"}


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(doctor)


def doctor(
    kit: Annotated[str, typer.Option(help="The kit to index as a trial.")] = DEFAULT_KIT,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check database, vectors, embedder and model endpoint, and say what to do."""
    checks = asyncio.run(_examined(kit, told=not as_json))
    well = all(check.state != "fail" for check in checks)
    if as_json:
        made = {"ok": well, "checks": [check.as_json() for check in checks]}
        print(json.dumps(made, ensure_ascii=False, indent=2))
    if not well:
        raise typer.Exit(1)


async def _examined(kit: str, *, told: bool) -> "list[Check]":
    from api.doctor import examine

    checks = []
    async for check in examine(kit):
        checks.append(check)
        if told:
            _print(check)
    return checks


def _print(check: "Check") -> None:
    state = f"{check.state:<5}"
    if sys.stdout.isatty():
        state = typer.style(state, fg=COLOURS[check.state])
    print(f"{state}{check.name:<10}{check.words}", flush=True)
    if check.remedy:
        print(f"{'':15}{check.remedy}", flush=True)
