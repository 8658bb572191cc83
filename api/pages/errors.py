"""Errors as pages: what happened, and what to do."""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from api.identity.access import NotSignedIn
from api.pages.rendering import render
from api.pages.returning import sign_in_for
from api.telemetry import log
from api.web.problems import known
from knowledge.errors import VivaError

HEADINGS = {
    400: "That could not be used",
    401: "Please come in by your own link",
    403: "This is not open to you",
    404: "There is nothing here",
    405: "That is not done here",
    409: "Something else came first",
    413: "That is too large",
    422: "That could not be used",
    429: "A little too fast",
    500: "Something went wrong on our side",
    503: "Not just now",
}
INVITE = "/invite"
DOORS = {"api", "v1", "health", "ready", "metrics", "openapi.json"}
WENT_WRONG = "The page could not be made. What you have written and sent is kept."
TRY_AGAIN = "Load the page again in a moment. If it stays like this, tell whoever runs Viva."
START_OVER = "Begin at the start page and choose again."


def error_page(status: int, message: str, remedy: str) -> HTMLResponse:
    """The page for an error: 4xx and 5xx alike."""
    heading = HEADINGS.get(status, HEADINGS[500] if status >= 500 else HEADINGS[400])
    return render("error.html", status, heading=heading, message=message, remedy=remedy)


def wants_page(request: Request) -> bool:
    """Whether a person's browser asks, and not a program at one of the programs' doors."""
    door = request.url.path.split("/")[1]
    return door not in DOORS and "text/html" in request.headers.get("accept", "")


class Page(APIRoute):
    """A route whose errors are pages too."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handler = super().get_route_handler()

        async def handled(request: Request) -> Response:
            return await _told(handler, request)

        return handled


async def _told(handler: Callable[[Request], Awaitable[Response]], request: Request) -> Response:
    try:
        return await handler(request)
    except NotSignedIn:
        own = request.url.path.split("/")[1] == "mine"
        return RedirectResponse(INVITE if own else sign_in_for(request), 303)
    except VivaError as error:
        page = error_page(known(error)[0], error.message, error.remedy)
        if wait := getattr(error, "wait", None):
            page.headers["Retry-After"] = str(wait)
        return page
    except RequestValidationError as error:
        return error_page(422, _misread(error), START_OVER)
    except HTTPException as error:
        return error_page(error.status_code, f"{error.detail}.", START_OVER)
    except Exception as error:
        log.error("page failed", exc_info=error)
        return error_page(500, WENT_WRONG, TRY_AGAIN)


def _misread(error: RequestValidationError) -> str:
    """The first thing that is wrong with the address or the form."""
    first = error.errors()[0]
    where = str(first["loc"][-1])
    return f"The value for {where} is not one Viva knows: {first['msg']}."
