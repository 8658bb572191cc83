"""What the interviewer knows: a kit searched as it does, and what of it interviews have covered."""

import asyncio
from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from agent.testlets import BROUGHT_UP_FROM, FLAG_FROM
from api.coverage import MOST, coverage
from api.identity.access import caller_of
from api.pages.errors import Page
from api.pages.highlights import Span, highlighted
from api.pages.kits import NAMED
from api.pages.knowledge_coverage import Order, items_of, page_of
from api.pages.knowledge_search import LONGEST, Searched, asked_item, search, use_of
from api.pages.replay_view import VERDICTS
from api.pages.team import team_page
from api.web.asking import library_of, service_of
from api.web.wire import NO_NUL

router = APIRouter(route_class=Page, include_in_schema=False)

MOST_OFFERED = 300
"""Questions in the list to choose from."""

Id = Annotated[str, Query(max_length=200, pattern=NO_NUL)]


@router.get("/library/{kit}/search")
async def as_interviewer(
    request: Request,
    kit: str,
    q: Annotated[str, Query(max_length=LONGEST, pattern=NO_NUL)] = "",
    question: Id = "",
    atom: Id = "",
) -> Response:
    """What the interviewer retrieves for an answer (`q`) to a question (an id), and how `local`
    reads it; with `atom` (an id) where that stands and how it is used."""
    current = await library_of(request).get(kit)
    service = service_of(request)
    syllabus = await service.syllabus(current.name, current.version)
    asked = asked_item(syllabus, question) if question else None
    searched = None
    if q.strip():
        deps = await service.conductor.deps(current.name, current.version)
        searched = await search(deps.room, q, question)
    offered = list(items_of(syllabus))
    return team_page(
        request,
        "knowledge_search.html",
        404 if atom and atom not in current.by_id else 200,
        kit=current,
        q=q,
        asked=asked,
        searched=searched,
        blocks=highlighted(q, _spans(searched)) if searched else [],
        offered=offered[:MOST_OFFERED],
        left=len(offered) - MOST_OFFERED,
        one=current.by_id.get(atom),
        missing=atom if atom not in current.by_id else "",
        use=lambda each: use_of(each, syllabus),
        least={"flag": FLAG_FROM, "indicator": BROUGHT_UP_FROM},
        named=NAMED,
        verdicts=VERDICTS,
    )


def _spans(searched: Searched) -> Iterator[Span]:
    """Where the quotes of all marks lie, numbered as the marks are."""
    for number, mark in enumerate(searched.all_marks, 1):
        if mark.quote and mark.verdict != "unsupported":
            yield Span(number, mark.quote.start, mark.quote.end)


@router.get("/library/{kit}/coverage")
async def covered(
    request: Request,
    kit: str,
    subject: Id = "",
    order: Order = "kit",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """How often each question was asked, and what was found of its points, over interviews."""
    current = await library_of(request).get(kit)
    service = service_of(request)
    syllabus = await service.syllabus(current.name, current.version)
    counted = await coverage(service.store.database, caller_of(request), kit)
    shown = await asyncio.to_thread(page_of, syllabus, counted, subject, order, page)
    return team_page(
        request,
        "knowledge_coverage.html",
        kit=current,
        counted=counted,
        shown=shown,
        subject=subject,
        order=order,
        most=MOST,
    )
