"""The commands of this room; they join `viva` by entry point, so that no arrow turns back."""

import typer

from evals.commands import (
    agree,
    dashboard,
    export,
    fairness,
    gate,
    judge,
    policy,
    replay,
    scorecard,
    simulate,
    suite,
)


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    simulate.register(app)
    suite.register(app)
    agree.register(app)
    gate.register(app)
    fairness.register(app)
    scorecard.register(app)
    replay.register(app)
    export.register(app)
    policy.register(app)
    judge.register(app)
    dashboard.register(app)
