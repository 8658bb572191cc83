"""The team's pages: one shell with where one can go and who is signed in."""

from typing import Any, NamedTuple

from fastapi import Request
from fastapi.responses import HTMLResponse

from api.identity.access import caller_of
from api.identity.caller import Role
from api.identity.rules import ADMIN, OF_TEAM, READS
from api.pages.rendering import render


class Place(NamedTuple):
    """A part of the team's pages and who finds it in the navigation."""

    name: str
    path: str
    roles: frozenset[Role]


PLACES = (
    Place("Screens", "/screens", READS.roles),
    Place("To review", "/reviews", OF_TEAM.roles),
    Place("Marking", "/marking", OF_TEAM.roles),
    Place("Kits", "/library", OF_TEAM.roles),
    Place("Practice", "/", OF_TEAM.roles),
    Place("People", "/people", ADMIN.roles),
    Place("Records", "/records", ADMIN.roles),
    Place("Settings", "/settings", ADMIN.roles),
)


def team_page(request: Request, template: str, status: int = 200, **context: Any) -> HTMLResponse:
    """A page with the team's navigation."""
    return render(template, status, **whereabouts(request), **context)


def whereabouts(request: Request) -> dict[str, Any]:
    """What the navigation is made of; nothing for a candidate, who has none."""
    caller = caller_of(request)
    places = [place for place in PLACES if caller.is_any(place.roles)]
    if not places:
        return {}
    here = next((p.path for p in places if _is_in(request.url.path, p.path)), "")
    return {"caller": caller, "places": places, "here": here}


def _is_in(path: str, place: str) -> bool:
    return path == place or (place != "/" and path.startswith(f"{place}/"))
