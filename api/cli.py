"""The `viva` command. Nothing heavy is imported before a command needs it."""

import sys
from importlib.metadata import entry_points

import typer

from api import (
    account_commands,
    backup_commands,
    compare_commands,
    contest_commands,
    desk_commands,
    doctor_commands,
    interview_commands,
    key_commands,
    kit_commands,
    measure_commands,
    privacy_commands,
    serve_commands,
)
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
compare_commands.register(app)
contest_commands.register(app)
measure_commands.register(app)
desk_commands.register(app)
serve_commands.register(app)
doctor_commands.register(app)
backup_commands.register(app)
key_commands.register(app)
privacy_commands.register(app)
account_commands.register(app)
for _joining in entry_points(group="viva.commands"):
    _joining.load()(app)


def main() -> None:
    """Run the command line; what a person can mend is told in one line of plain words."""
    try:
        app()
    except VivaError as error:
        print(f"{error.message} {error.remedy}", file=sys.stderr)
        sys.exit(error.exit_status)
