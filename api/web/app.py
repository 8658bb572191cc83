"""The application: the service, its routes and pages, behind one guard."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.metadata import version

from fastapi import Depends, FastAPI

from api import door, pages
from api.identity.access import admitted
from api.pages import sign_in
from api.service import Service, open_service
from api.settings import Settings
from api.telemetry import Observed, Telemetry
from api.web import (
    candidates,
    comparing,
    contests,
    interviews,
    invites,
    kits,
    library,
    marking,
    operations,
    problems,
    proposals,
    scorecards,
    screens,
)
from api.web.guard import Guard

ABOUT = """
An AI interviewer over HTTP. A message that was accepted (202) is never lost and never taken twice:
retry with the same `turn_id`. Every error is `{"error": {"code", "message", "remedy"}}`.

Limits: a message has at most 8,000 characters; a JSON body 256 KiB; an upload 40 files and 10 MiB;
an interview 240 minutes and 40 main questions, and at most 8 streams at a time in each process; a
stream lasts at most an hour, then its client comes again.
"""

Opens = Callable[[Settings, Telemetry], AbstractAsyncContextManager[Service]]


def make_app(settings: Settings | None = None, opens: Opens = open_service) -> FastAPI:
    """The application for these settings; the service lives as long as the application runs."""
    settings = settings or Settings()
    telemetry = Telemetry()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with opens(settings, telemetry) as service:
            app.state.service = service
            yield

    app = FastAPI(
        title="Viva",
        version=version("viva"),
        description=ABOUT,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        separate_input_output_schemas=False,
        dependencies=[Depends(admitted)],
    )
    app.add_middleware(Guard, settings=settings)
    app.add_middleware(Observed, telemetry=telemetry)
    problems.register(app)
    for part in (
        candidates,
        interviews,
        comparing,
        contests,
        kits,
        library,
        proposals,
        operations,
        scorecards,
        marking,
        screens,
        invites,
    ):
        app.include_router(part.router, responses=problems.documented(401, 403))
    app.include_router(sign_in.told, responses=problems.documented(401, 403))
    app.include_router(sign_in.router)
    app.include_router(door.router)
    app.include_router(pages.router)
    return app
