"""Every error in one shape: what happened, and what to do about it."""

from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.contests import Already
from api.hiring.caps import CapReached
from api.hiring.holds import OnHold
from api.hiring.limits import TooFast
from api.hiring.reviewing import TooEarly
from api.hiring.shut import Shut
from api.identity.access import Forbidden, NotSignedIn
from api.service import NotOver, Service
from api.store import Conflict
from api.telemetry import log
from api.web.headers import dress
from api.web.wire import ErrorBody, OpenQuestion, Problem
from knowledge.errors import BadInput, Busy, NotFound, StorageFailed, VivaError

KNOWN: dict[type[VivaError], tuple[int, str]] = {
    NotFound: (404, "not_found"),
    OnHold: (409, "on_hold"),
    NotOver: (409, "not_over"),
    Already: (409, "already"),
    Busy: (409, "busy"),
    BadInput: (422, "bad_input"),
    StorageFailed: (503, "storage_failed"),
    NotSignedIn: (401, "unauthorized"),
    Forbidden: (403, "forbidden"),
    Shut: (403, "invite_over"),
    TooEarly: (409, "too_early"),
    TooFast: (429, "too_fast"),
    CapReached: (429, "cap_reached"),
}
REMEDIES = {
    400: ("unreadable", "Send what /openapi.json describes, in UTF-8."),
    401: ("unauthorized", "Send a key of your workspace as `Authorization: Bearer KEY`."),
    403: ("forbidden", "Use the address that this server was started for."),
    404: ("not_found", "Look at /openapi.json for what there is."),
    405: ("method_not_allowed", "Look at /openapi.json for what may be done here."),
    413: ("too_large", "Send less at once."),
}


def problem(
    status: int, code: str, message: str, remedy: str, question: OpenQuestion | None = None
) -> JSONResponse:
    """An error as it goes over the wire."""
    body = ErrorBody(error=Problem(code=code, message=message, remedy=remedy, question=question))
    content = body.model_dump(mode="json")
    if question is None:
        del content["error"]["question"]
    headers = {"Retry-After": "1"} if status == 503 else {}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(content, status, headers=headers)


def known(error: VivaError) -> tuple[int, str]:
    """Status and code of one of our errors."""
    if isinstance(error, Conflict):
        return 409, error.code
    kinds = (KNOWN[kind] for kind in type(error).__mro__ if kind in KNOWN)
    return next(kinds, (500, "internal"))


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The errors of a route, for its OpenAPI entry."""
    told = {
        400: "The body cannot be read.",
        401: "It is not known who asks.",
        403: "Not open to this caller, or asked from another site or by another name.",
        404: "There is no such thing.",
        409: "It cannot be done as things stand; the question that is open comes with it.",
        413: "The body is too large.",
        422: "What was sent cannot be used.",
        429: "Too much for now; `Retry-After` says how many seconds to wait.",
        503: "The database does not answer; try again.",
    }
    return {each: {"model": ErrorBody, "description": told[each]} for each in statuses}


async def for_viva(request: Request, error: Exception) -> JSONResponse:
    """One of our errors; a conflict brings the question that is open now."""
    assert isinstance(error, VivaError)
    service: Service = request.app.state.service
    status, code = known(error)
    question, message = None, error.message
    if isinstance(error, StorageFailed) and service.settings.secret:
        message = "The database does not answer."  # its own words are not for strangers
    if isinstance(error, Conflict) and "id" in request.path_params:
        question = await service.open_question(request.path_params["id"])
    response = problem(status, code, message, error.remedy, question)
    if wait := getattr(error, "wait", None):
        response.headers["Retry-After"] = str(wait)
    return response


async def for_invalid(request: Request, error: Exception) -> JSONResponse:
    """A request that is not of the documented form; what was sent is not repeated."""
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"][1:]) or str(first["loc"][0])
    what = f"`{where}`: {first['msg'].removeprefix('Value error, ').rstrip('.')}."
    remedy = "Correct it; /openapi.json says what may be sent."
    if first["type"] == "json_invalid" or first["loc"] == ("body",):
        what, remedy = "The body is not a JSON object.", "Send one as `application/json`."
    if first["type"] == "value_error" and first["loc"] == ("body",):
        what = f"{first['msg'].removeprefix('Value error, ').capitalize()}."
        remedy = "Correct it; /openapi.json says what may be sent."
    return problem(422, "invalid_request", what, remedy)


async def for_http(request: Request, error: Exception) -> Response:
    """What the framework itself refuses; to a browser that looks for a page, as a page."""
    from api.pages.errors import START_OVER, error_page, wants_page

    assert isinstance(error, HTTPException)
    if wants_page(request):
        return error_page(error.status_code, f"{error.detail}.", START_OVER)
    code, remedy = REMEDIES.get(error.status_code, ("refused", "Look at /openapi.json."))
    response = problem(error.status_code, code, f"{error.detail.rstrip('.')}.", remedy)
    response.headers.update(error.headers or {})
    return response


async def for_anything(request: Request, error: Exception) -> JSONResponse:
    """A defect of ours: told without its content, logged without anybody's words."""
    log.error("request failed", exc_info=error)
    response = problem(
        500, "internal", "Something went wrong on our side.", "Try again; nothing sent is lost."
    )
    dress(response.headers)  # it is sent outside of the guard
    return response


def register(app: FastAPI) -> None:
    """Have the application answer every error in this shape."""
    app.add_exception_handler(VivaError, for_viva)
    app.add_exception_handler(RequestValidationError, for_invalid)
    app.add_exception_handler(HTTPException, for_http)
    app.add_exception_handler(Exception, for_anything)
