"""Every HTTP request counted, logged and traced, by its route and never by its address."""

import secrets
import time
from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any

from api.telemetry.logs import log

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from api.telemetry import Telemetry

METHODS = frozenset("GET HEAD POST PUT PATCH DELETE OPTIONS".split())


class Observed:
    """ASGI middleware, outermost; every answer carries `X-Request-ID`."""

    def __init__(self, app: "ASGIApp", telemetry: "Telemetry") -> None:
        self._app, self._telemetry = app, telemetry

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer the request, and tell what became of it."""
        if scope["type"] != "http" or scope["path"] in PROBES:
            await self._app(scope, receive, send)
            return
        seen = _Seen(scope)

        async def watched(message: "Message") -> None:
            if message["type"] == "http.response.start":
                seen.starts(message)
            await send(message)

        with self._telemetry.span("http request", request=seen.id, method=seen.method) as span:
            try:
                await self._app(scope, receive, watched)
            except Exception:
                seen.status = 500
                raise
            finally:
                self._told(seen, span)

    def _told(self, seen: "_Seen", span: Any) -> None:
        seconds, metrics = time.monotonic() - seen.began, self._telemetry.metrics
        metrics.requests.labels(seen.method, seen.route, seen.status).inc()
        if not seen.streams:
            metrics.request_seconds.labels(seen.route).observe(seconds)
        if span:
            span.set_attribute("http.route", seen.route)
            span.set_attribute("http.response.status_code", seen.status)
        told = {"route": seen.route, "status": seen.status, "seconds": seconds}
        log.info("request", **told, **seen.about)


NAMED = ("id", "interview_id", "interview")
"""What routes call an interview's id."""
PROBES = frozenset({"/health", "/ready", "/metrics"})
"""Asked every few seconds by machines, and not told of."""


class _Seen:
    """A request as it can be told of."""

    def __init__(self, scope: MutableMapping[str, Any]) -> None:
        self._scope = scope
        self.id = secrets.token_hex(8)
        self.method = scope["method"] if scope["method"] in METHODS else "other"
        self.began = time.monotonic()
        self.status = 499
        """Until an answer starts: the client has left before one did."""
        self.streams = False

    def starts(self, message: MutableMapping[str, Any]) -> None:
        self.status = message["status"]
        headers = message.setdefault("headers", [])
        self.streams = any(value.startswith(b"text/event-stream") for _, value in headers)
        message["headers"] = [*headers, (b"x-request-id", self.id.encode())]

    @property
    def route(self) -> str:
        """The route's pattern, once it is found; `route` alone lacks its router's prefix."""
        whole = self._scope.get("fastapi", {}).get("effective_route_context")
        return str(getattr(whole or self._scope.get("route"), "path", "none"))

    @property
    def about(self) -> dict[str, str]:
        """The interview that the route names; it was found, so we made the id."""
        given = self._scope.get("path_params", {})
        wanted = next((given[name] for name in NAMED if name in given), None)
        return {"interview": wanted} if wanted and self.status < 400 else {}
