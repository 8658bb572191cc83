"""The command about policies: print the one that ships, check a file, print the schema."""

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add `viva policy`."""
    app.command()(policy)


def policy(
    check: Annotated[
        Path | None, typer.Option(help="A policy's file: say whether it can be used.")
    ] = None,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON schema.")] = False,
) -> None:
    """Print the numbers that code decides by, as YAML, each with what it means.

    With --check the exit status is 2 if the file cannot be used.
    """
    from agent.policy import Policy
    from evals.replay.policy_file import as_yaml, changes, read_policy, written

    if schema:
        typer.echo(written(), nl=False)
        return
    if check is None:
        typer.echo(as_yaml(Policy()), nl=False)
        return
    changed = changes(Policy(), read_policy(check))
    for line in changed:
        typer.echo(line)
    typer.echo(f"{check.name} can be used; it changes {len(changed)} of the shipped numbers.")
