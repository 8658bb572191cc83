"""The `viva` command. Nothing heavy is imported before a command needs it."""

import sys

import typer

from api import desk_commands, interview_commands, kit_commands
from knowledge.errors import VivaError

app = typer.Typer(
    name="viva",
    help="Viva, an AI interviewer: documents become a kit, a kit runs an interview.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
kit_commands.register(app)
interview_commands.register(app)
desk_commands.register(app)


def main() -> None:
    """Run the command line; what a person can mend is told in one line of plain words."""
    try:
        app()
    except VivaError as error:
        print(f"{error.message} {error.remedy}", file=sys.stderr)
        sys.exit(error.exit_status)
