"""Addresses that are given to people, as they reach this server from outside."""

from fastapi import Request

from api.web.asking import service_of


def origin_of(request: Request) -> str:
    """Scheme and host as people type them: VIVA_ORIGIN, or else what this request came to."""
    return service_of(request).settings.origin or f"{request.url.scheme}://{request.url.netloc}"


def secret_address(request: Request, path: str, token: str) -> str:
    """A link with its secret in the fragment: browsers send that to no server and no referrer."""
    return f"{origin_of(request)}{path}#{token}"
