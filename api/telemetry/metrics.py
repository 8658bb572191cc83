"""Metrics for Prometheus, in a registry of their own: several applications share a process."""

from collections.abc import Iterable, Mapping
from typing import Any

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

CONTENT_TYPE = CONTENT_TYPE_LATEST
QUICK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """Every metric of one application; docs/operations.md lists them."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.accepted = self._counter("turns_accepted", "Messages accepted", "kind")
        self.committed = self._counter("turns_committed", "Turns committed", "kind")
        self.conflicts = self._counter("turns_refused", "Messages refused with a 409", "code")
        self.taken_over = self._counter("turns_taken_over", "Turns of workers that had died")
        self.failed = self._counter("turns_failed", "Attempts that did not commit", "reason")
        self.ungraded_turns = self._counter(
            "turns_ungraded", "Committed turns with an answer that waits for a grade", "kind"
        )
        self.ungraded = self._counter("answers_ungraded", "Answers that wait for a grade")
        self.seconds = self._histogram("turn_seconds", "A turn by part", "part")
        self.attempts = Histogram(
            "viva_turn_attempts",
            "Which attempt at its turn a worker began",
            buckets=(1, 2, 3, 4),
            registry=self.registry,
        )
        self.calls = self._counter("model_calls", "Model calls", "purpose", "outcome")
        self.call_seconds = self._histogram("model_call_seconds", "A model call", "purpose")
        self.tokens = self._counter("model_tokens", "Tokens of model calls", "direction")
        self.fallbacks = self._counter("fallbacks", "Another did the examiner's part", "purpose")
        self.live = self._gauge("interviews_live", "Interviews with a turn under way here")
        self.watchers = self._gauge("watchers", "Open event streams here")
        self.requests = self._counter(
            "http_requests", "HTTP requests answered", "method", "route", "status"
        )
        self.request_seconds = self._histogram(
            "http_request_seconds", "HTTP requests, event streams left out", "route"
        )

    def count_turn(
        self, kind: str, parts: Mapping[str, float], events: Iterable[Mapping[str, Any]]
    ) -> None:
        """Count a committed turn, its parts (seconds) and what its events tell."""
        self.committed.labels(kind).inc()
        for part, seconds in parts.items():
            self.seconds.labels(part).observe(seconds)
        waiting = 0
        for event in events:
            if event.get("type") == "model_called":
                self._count_call(event)
            elif event.get("type") == "fell_back":
                self.fallbacks.labels(event["purpose"]).inc()
            elif event.get("type") == "marked" and event["anchor"] == "ungraded":
                waiting += 1
        if waiting:
            self.ungraded.inc(waiting)
            self.ungraded_turns.labels(kind).inc()

    def _count_call(self, call: Mapping[str, Any]) -> None:
        self.calls.labels(call["purpose"], call["outcome"]).inc()
        self.call_seconds.labels(call["purpose"]).observe(call["seconds"])
        self.tokens.labels("in").inc(call.get("tokens_in") or 0)
        self.tokens.labels("out").inc(call.get("tokens_out") or 0)

    def render(self) -> bytes:
        """All of it, in Prometheus' text format."""
        return generate_latest(self.registry)

    def _counter(self, name: str, help: str, *labels: str) -> Counter:
        return Counter(f"viva_{name}", help, labels, registry=self.registry)

    def _gauge(self, name: str, help: str) -> Gauge:
        return Gauge(f"viva_{name}", help, registry=self.registry)

    def _histogram(self, name: str, help: str, *labels: str) -> Histogram:
        return Histogram(f"viva_{name}", help, labels, registry=self.registry, buckets=QUICK)
