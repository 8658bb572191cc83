"""For those who run it: is it alive, can it work, and what has it counted."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from pydantic import BaseModel

from api.telemetry import CONTENT_TYPE
from api.web import problems
from api.web.asking import service_of
from knowledge.errors import VivaError

router = APIRouter(tags=["operations"])


class Health(BaseModel):
    """Whether this process lives, or is ready, and what it waits for."""

    status: str
    waiting_for: list[str] = []


@router.get("/health")
@router.head("/health", include_in_schema=False)
async def health() -> Health:
    """The process is alive."""
    return Health(status="ok")


@router.get("/ready", response_model=Health, responses={503: {"model": Health}})
async def ready(request: Request) -> Response:
    """The database answers and the embedding model is loaded: interviews can be held."""
    service = service_of(request)
    missing = [] if service.ready else ["embedder"]
    try:
        await service.store.waiting()
    except VivaError:
        missing.append("database")
    body = Health(status="waiting" if missing else "ok", waiting_for=missing)
    return JSONResponse(body.model_dump(), 503 if missing else 200)


@router.get("/metrics", response_class=PlainTextResponse, responses=problems.documented(401))
async def metrics(request: Request) -> Response:
    """Counters for Prometheus; of this process alone."""
    return Response(service_of(request).telemetry.render(), media_type=CONTENT_TYPE)
