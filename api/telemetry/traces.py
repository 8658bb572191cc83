"""Traces over OTLP, where the standard environment variables ask for them; else nothing at all."""

import asyncio
import os
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from api.telemetry.scope import current

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import Span, TracerProvider

LAST_WORDS = 2.0
"""Seconds that the spans left at the end have to be sent."""
CALL = ("purpose", "outcome", "attempts", "tokens_in", "tokens_out")
"""What a span of a model call tells of it."""
ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")


class Tracer:
    """Makes spans and sends them in batches from a thread of its own."""

    def __init__(self, provider: "TracerProvider") -> None:
        self.provider = provider
        self._tracer = provider.get_tracer("viva", version("viva"))

    def start(self, name: str, attributes: Mapping[str, Any], begun: int | None = None) -> "Span":
        """A span inside the current one; `begun` in nanoseconds, where it is not now."""
        from opentelemetry.trace import SpanKind, set_span_in_context

        parent = current().span
        return self._tracer.start_span(  # type: ignore[return-value]
            name,
            context=set_span_in_context(parent) if parent else None,
            kind=SpanKind.SERVER if name == "http request" else SpanKind.INTERNAL,
            attributes={f"viva.{key}": value for key, value in attributes.items()},
            start_time=begun,
        )


def tracer() -> Tracer | None:
    """The tracer that the environment asks for, if it does."""
    wanted = any(os.environ.get(name) for name in ENDPOINTS)
    off = os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true"
    if not wanted or off or os.environ.get("OTEL_TRACES_EXPORTER") == "none":
        return None
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    named = {"service.name": "viva", "service.version": version("viva")}
    resource = Resource.create(named if "OTEL_SERVICE_NAME" not in os.environ else {})
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return Tracer(provider)


@contextmanager
def span(
    tracer: Tracer | None, name: str, attributes: Mapping[str, Any]
) -> Iterator["Span | None"]:
    """The block as a span; where it raises, the span tells the error's type and nothing more."""
    if tracer is None:
        yield None
        return
    made = tracer.start(name, attributes)
    try:
        yield made
    except BaseException as error:
        _failed(made, error)
        raise
    finally:
        made.end()


def _failed(made: "Span", error: BaseException) -> None:
    from opentelemetry.trace import StatusCode

    made.set_attribute("error.type", type(error).__name__)
    if isinstance(error, Exception):  # that somebody left is no fault
        made.set_status(StatusCode.ERROR)


def past(
    tracer: Tracer | None,
    name: str,
    attributes: Mapping[str, Any],
    seconds: float,
    ended: float | None = None,
) -> None:
    """A span in the current one for what took so long and ended just now, or at `ended`."""
    if tracer is None:
        return
    end = int((ended or time.time()) * 1e9)
    tracer.start(name, attributes, end - int(seconds * 1e9)).end(end)


def turn(
    tracer: Tracer | None, parts: Mapping[str, float], calls: Sequence[Mapping[str, Any]]
) -> None:
    """The parts of a turn that has just been committed, and its model calls by their events."""
    if tracer is None:
        return
    ended = time.time()
    for part in ("commit", "run", "wait"):
        if part in parts:
            past(tracer, part, {}, parts[part], ended)
            ended -= parts[part]
    for call in calls:
        told = {name: call[name] for name in CALL if call.get(name) is not None}
        past(tracer, "model call", told, call["seconds"], call.get("at"))


async def close(tracer: Tracer | None) -> None:
    """Send what is left and stop; a collector that is away is not waited for."""
    if tracer:
        ending = threading.Thread(target=tracer.provider.shutdown, daemon=True)
        ending.start()
        await asyncio.to_thread(ending.join, LAST_WORDS)
