"""What an operator can see: metrics, structured logs, traces. Never what anybody said.

The service calls one `Telemetry` for each application; everything here takes numbers, ids and
names from fixed lists, and no text of a question, an answer or a key.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from api.telemetry import traces
from api.telemetry.http import Observed
from api.telemetry.logs import configure_logging, log
from api.telemetry.metrics import CONTENT_TYPE, Metrics
from api.telemetry.scope import entered

__all__ = ["CONTENT_TYPE", "Metrics", "Observed", "Telemetry", "configure_logging", "log"]


class Telemetry:
    """Counts, logs and traces what one application does.

    Enter `span("turn", interview=..., turn=...)` around a turn's work: the log lines and spans
    inside are then about that turn.
    """

    def __init__(self) -> None:
        self.metrics = Metrics()
        self._tracer = traces.tracer()

    def accepted(self, kind: str, seconds: float) -> None:
        """A message was accepted, which took this long; `kind` as the store keeps it."""
        self.metrics.accepted.labels(kind).inc()
        self.metrics.seconds.labels("accept").observe(seconds)
        traces.past(self._tracer, "accept", {"kind": kind}, seconds)
        log.info("turn accepted", kind=kind, seconds=seconds)

    def conflict(self, code: str) -> None:
        """A message was refused with a 409; `code` as the client gets it."""
        self.metrics.conflicts.labels(code).inc()
        log.info("turn refused", code=code)

    def begun(self, attempt: int) -> None:
        """A worker begins its attempt at a turn, counted from 1."""
        self.metrics.attempts.observe(attempt)
        log.debug("turn begun", attempt=attempt)

    def took_over(self) -> None:
        """A turn or interview whose worker has died was taken over."""
        self.metrics.taken_over.inc()
        log.warning("turn taken over")

    def committed(
        self, kind: str, seconds_by_part: Mapping[str, float], events: Sequence[Mapping[str, Any]]
    ) -> None:
        """A turn is committed.

        The parts are any of `wait` (accepted to begun), `run` and `commit`; `model` and all else
        (model calls, tokens, fallbacks, what stayed ungraded) is taken from the turn's events.
        """
        calls = [event for event in events if event.get("type") == "model_called"]
        parts = dict(seconds_by_part)
        if calls:
            parts["model"] = sum(call["seconds"] for call in calls)
        self.metrics.count_turn(kind, parts, events)
        traces.turn(self._tracer, seconds_by_part, calls)
        rounded = {f"{part}_seconds": seconds for part, seconds in parts.items()}
        log.info("turn committed", kind=kind, calls=len(calls), **rounded)

    def failed(self, reason: BaseException | str) -> None:
        """A turn was not committed by this attempt; an exception is told without its message."""
        if isinstance(reason, BaseException):
            self.metrics.failed.labels(type(reason).__name__).inc()
            log.error("turn failed", exc_info=reason)
        else:
            self.metrics.failed.labels(reason).inc()
            log.error("turn failed", reason=reason)

    def live(self, delta: int) -> None:
        """So many interviews more (or less) have a turn under way in this process."""
        self.metrics.live.inc(delta)

    def watching(self, delta: int) -> None:
        """So many streams more (or less) are open in this process."""
        self.metrics.watchers.inc(delta)

    @contextmanager
    def span(self, name: str, **attributes: str | int | float | bool) -> Iterator[Any]:
        """A stretch of work, for traces, and the fields of all that is logged inside.

        An attribute must hold no text that anybody wrote. The value is OpenTelemetry's span, or
        None where nothing is traced.
        """
        with traces.span(self._tracer, name, attributes) as made, entered(attributes, made):
            yield made

    def render(self) -> bytes:
        """The metrics in Prometheus' text format, of `CONTENT_TYPE`."""
        return self.metrics.render()

    async def close(self) -> None:
        """Send the spans that are left."""
        await traces.close(self._tracer)
