"""What a request is asked with: the service behind it, and whose things it is about."""

from typing import Any

from fastapi import Request

from api.identity.access import caller_of
from api.service import Service
from knowledge.library import Library


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


def library_of(request: Request) -> Library:
    """The caller's shelf."""
    return Library(service_of(request).store.database, workspace_of(request))
