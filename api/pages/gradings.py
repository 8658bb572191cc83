"""Two gradings of one interview side by side, for whoever judges the interviewer."""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from agent.events import read_event
from agent.report.ledger import begun
from api.identity.access import caller_of
from api.pages.errors import Page
from api.pages.gradings_sides import sides_of
from api.pages.gradings_view import Side, compare, default_pair
from api.pages.scorecard_view import FOUND_WORDS
from api.pages.team import team_page
from api.web.asking import service_of
from api.web.wire import NO_NUL
from knowledge.errors import NotFound

router = APIRouter(route_class=Page, include_in_schema=False)

Key = Annotated[str, Query(max_length=80, pattern=NO_NUL)]


@router.get("/interviews/{id}/gradings")
async def gradings(
    id: str,
    request: Request,
    left: Key = "",
    right: Key = "",
    show: Literal["all", "differences"] = "all",
) -> Response:
    """Two gradings by their keys; without them the marks as heard beside what differs from them."""
    service = service_of(request)
    stored = await service.store.load(id)
    events = [read_event(event.as_json()) for event in await service.store.events(id)]
    ledger, _ = begun(events)
    kit = (await service.syllabus(stored.kit, stored.kit_version)).kit
    sides = await sides_of(service.store.database, caller_of(request), id, events)
    first, second = default_pair(sides, events)
    one, other = _side(sides, left or first), _side(sides, right or second)
    compared = await asyncio.to_thread(compare, one, other, ledger, kit)
    return team_page(
        request,
        "gradings.html",
        stored=stored,
        sides=sides,
        left=one,
        right=other,
        compared=compared,
        show=show,
        words=FOUND_WORDS,
    )


def _side(sides: Sequence[Side], key: str) -> Side:
    """The grading of this key.

    Raises:
        NotFound: there is none.
    """
    found = next((side for side in sides if side.key == key), None)
    if found is None:
        raise NotFound(
            f"This interview has no grading {key!r}.", "Choose two on the page of its gradings."
        )
    return found
