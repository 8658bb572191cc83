"""Every error of the door in OpenAI's form, so that clients show what it says."""

import json
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from api.door.wire import OpenAIError, OpenAIProblem
from api.telemetry import log
from api.web.guard import TooLarge
from knowledge.errors import BadInput, Busy, NotFound, StorageFailed, VivaError

MOST_BYTES = 2**20
"""Bytes of a request; a long interview has about a tenth of it."""

KNOWN: dict[type[VivaError], tuple[int, str, str | None]] = {
    NotFound: (404, "invalid_request_error", "model_not_found"),
    BadInput: (400, "invalid_request_error", None),
    Busy: (503, "server_error", "busy"),
    StorageFailed: (503, "server_error", "storage_failed"),
}
"""Status, type and code. A 409 would be sent again by OpenAI's client as it stands."""


class Refused(Exception):
    """A request that is turned away, as it goes over the wire."""

    def __init__(
        self, status: int, message: str, *, code: str | None = None, param: str | None = None
    ) -> None:
        super().__init__(message)
        kind = {401: "authentication_error", 429: "rate_limit_error"}
        self.status = status
        self.problem = OpenAIProblem(
            message=message,
            type=kind.get(status, "invalid_request_error"),
            param=param,
            code=code,
        )


class DoorRoute(APIRoute):
    """A route whose errors have OpenAI's form."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, with every error answered here."""
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                _check_length(request.headers.get("content-length", "0"))
                return await handle(request)
            except Exception as error:
                return answer(error)

        return handled


def _check_length(told: str) -> None:
    if told.isdecimal() and int(told[:16]) > MOST_BYTES:
        raise too_large()


def too_large() -> Refused:
    """The error of a conversation that is too large."""
    message = f"The conversation has more than {MOST_BYTES:,} bytes. Start a new chat and paste "
    return Refused(413, message + "your interview code into it.", code="too_large")


def problem(error: Exception) -> tuple[int, OpenAIProblem]:
    """Status and body of an error; one that nobody foresaw is logged and told without content."""
    if isinstance(error, HTTPException):
        large = isinstance(error, TooLarge)
        error = too_large() if large else Refused(error.status_code, f"{error.detail}.")
    if isinstance(error, Refused):
        return error.status, error.problem
    if isinstance(error, RequestValidationError):
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"] if part != "body")
        return 400, OpenAIProblem(
            message=f"`{where}`: {first['msg']}.", type="invalid_request_error", param=where or None
        )
    for kind in type(error).__mro__:
        if isinstance(error, VivaError) and kind in KNOWN:
            status, type_, code = KNOWN[kind]
            message = f"{error.message} {error.remedy}"
            return status, OpenAIProblem(message=message, type=type_, code=code)
    log.error("request failed", exc_info=error)
    text = "Something went wrong on our side. Send the same again; nothing sent is lost."
    return 500, OpenAIProblem(message=text, type="server_error", code="internal")


def answer(error: Exception) -> Response:
    """The error as a response."""
    status, told = problem(error)
    headers = {401: {"WWW-Authenticate": "Bearer"}, 429: {"Retry-After": "5"}}
    headers[503] = {"Retry-After": "2"}
    body = OpenAIError(error=told).model_dump(mode="json")
    return JSONResponse(body, status, headers=headers.get(status))


def event(error: Exception) -> str:
    """The error as the last event of a stream that has begun."""
    body = OpenAIError(error=problem(error)[1]).model_dump(mode="json")
    return f"data: {json.dumps(body, ensure_ascii=False)}\n\n"


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The errors of a route, for its OpenAPI entry."""
    told = {
        400: "The request cannot be used.",
        401: "The key is missing, wrong or revoked.",
        403: "Asked from another site, or under another name than this server's.",
        404: "There is no such model, or no such thing here.",
        413: "The conversation is too large.",
        429: "Too many requests with this key.",
        500: "A defect of ours.",
        503: "The reply is not there yet, or the database does not answer: send the same again.",
    }
    found: dict[int | str, dict[str, Any]] = {
        each: {"model": OpenAIError, "description": told[each]} for each in statuses
    }
    return found | {"4XX": {"model": OpenAIError, "description": "Anything else refused."}}
