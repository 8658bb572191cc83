"""What a page takes from the application, and whether only its owner can be looking."""

from urllib.parse import urlsplit

from fastapi import Request

from api.service import Service
from api.settings import Settings


def service_of(request: Request) -> Service:
    """The application's service."""
    service: Service = request.app.state.service
    return service


def is_owner(request: Request) -> bool:
    """True without a secret: the guard then lets nobody in but this machine."""
    return service_of(request).settings.secret is None


def language_model(settings: Settings) -> str | None:
    """`NAME at HOST`, or None where no language model is set."""
    if not settings.model:
        return None
    host = urlsplit(settings.base_url).hostname if settings.base_url else "OpenAI"
    return f"{settings.model} at {host or settings.base_url}"
