"""`viva serve`: the service and its pages."""

import asyncio
from typing import Annotated

import typer

from knowledge.errors import BadInput


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(serve)


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8000,
    open_page: Annotated[
        bool, typer.Option("--open", help="Open the page in a browser once it is there.")
    ] = False,
) -> None:
    """Serve interviews over HTTP, with their pages; Ctrl-C ends it, and nothing is lost."""
    from api.settings import Settings
    from api.telemetry import configure_logging
    from api.web.guard import check_accounts, check_open
    from api.web.server import run

    settings = Settings()
    check_open(settings, host)
    if warning := asyncio.run(check_accounts(settings, host)):
        typer.secho(warning, fg="yellow", err=True)
    configure_logging(settings)
    if not run(settings, host, port, open_page=open_page):
        raise BadInput(
            f"The address {host}:{port} is taken, perhaps by Viva itself, or is not ours.",
            f"Look at http://{host}:{port}, or take another with --port (`make run PORT=8080`).",
        )
