"""What a page takes from the application, and whether only its owner can be looking."""

from typing import Any
from urllib.parse import urlsplit

from fastapi import Request

from api.identity.access import caller_of
from api.service import Service
from api.settings import Settings


def service_of(request: Request) -> Service:
    """The application's service."""
    service: Service = request.app.state.service
    return service


def is_owner(request: Request) -> bool:
    """Whether it is somebody of the team, who may see what the team sees of an interview."""
    return caller_of(request).is_team


def workspace_of(request: Request) -> str:
    """Whose kits and interviews are asked for; nobody's where nobody asks."""
    return caller_of(request).workspace or ""


def owned(request: Request) -> dict[str, Any]:
    """What a wish says of whoever begins their own interview."""
    return {"workspace": workspace_of(request), "user": caller_of(request).owner}


def language_model(settings: Settings) -> str | None:
    """`NAME at HOST`, or None where no language model is set."""
    if not settings.model:
        return None
    host = urlsplit(settings.base_url).hostname if settings.base_url else "OpenAI"
    return f"{settings.model} at {host or settings.base_url}"
