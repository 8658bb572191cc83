"""What a page takes from the application, and whether only its owner can be looking."""

from fastapi import Request

from api.service import Service


def service_of(request: Request) -> Service:
    """The application's service."""
    service: Service = request.app.state.service
    return service


def is_owner(request: Request) -> bool:
    """True without a secret: the guard then lets nobody in but this machine."""
    return service_of(request).settings.secret is None
