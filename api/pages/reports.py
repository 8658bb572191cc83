"""The report of an interview as a page."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from agent.report.model import Audience
from api.pages.access import is_owner, service_of
from api.pages.errors import Page
from api.pages.rendering import render
from api.pages.report_page import context

router = APIRouter(route_class=Page, include_in_schema=False)


@router.get("/interviews/{interview}/report")
async def report(
    interview: str,
    request: Request,
    audience: Annotated[Audience, Query(alias="for")] = "candidate",
) -> Response:
    """The report; a candidate gets it once the interview is over."""
    service = service_of(request)
    view = await service.view(interview)
    if audience == "candidate" and view.status != "ended":
        return render("report_later.html", view=view)
    told = await service.report(interview, audience)
    page = context(told, live=True)
    return render("report.html", **page | {"title": view.title, "owner": is_owner(request)})
