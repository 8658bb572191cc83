"""What goes wrong with a language model, by who gets to see it.

Fault            one request brought nothing usable; stays in this package
└── Unreadable   a reply came that does not fit; worth one repair
ModelFailed      the call as a whole is lost; whoever called carries on without a model
"""

from agent.events import ModelCalled


class Fault(Exception):
    """One request brought nothing usable. `again` where the same request may yet succeed.

    `status` is HTTP's, None where there was no reply; `wait` the seconds the server asked for;
    `said` its own words, for whoever sets the endpoint up.
    """

    def __init__(
        self,
        reason: str,
        *,
        status: int | None = None,
        again: bool = False,
        wait: float | None = None,
        said: str = "",
    ) -> None:
        super().__init__(reason)
        self.reason, self.status, self.again, self.wait = reason, status, again, wait
        self.said = said


class Unreadable(Fault):
    """A reply came, and does not fit its schema."""


class ModelFailed(Exception):
    """A model gave nothing that can be used; `calls` are for the log, the last one says why."""

    def __init__(self, *calls: ModelCalled) -> None:
        super().__init__(calls[-1].failure)
        self.calls = calls
