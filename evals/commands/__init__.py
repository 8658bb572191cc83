"""The commands of this room; they join `viva` by entry point, so that no arrow turns back."""

import typer


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
