"""The report of an interview as a page."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from agent.report.model import Audience
from api.identity.access import caller_of
from api.pages.errors import Page
from api.pages.rendering import render
from api.pages.report_page import NotSent, context
from api.pages.team import whereabouts
from api.web.asking import is_owner, service_of
from api.web.problems import known

router = APIRouter(route_class=Page, include_in_schema=False)


@router.get("/interviews/{id}/report")
async def report(
    id: str,
    request: Request,
    audience: Annotated[Audience, Query(alias="for")] = "candidate",
) -> Response:
    """The report; a candidate gets it once the interview is over."""
    return await report_page(request, id, audience)


async def report_page(
    request: Request, interview: str, audience: Audience, sent: NotSent | None = None
) -> Response:
    """The page; with `sent` the contest that could not be taken stands in its form again."""
    service = service_of(request)
    view = await service.view(interview)
    if audience == "candidate" and view.status != "ended":
        return render("report_later.html", view=view)
    told = await service.report(interview, audience)
    page = context(told, live=True, sent=sent)
    status = known(sent.error)[0] if sent else 200
    return render(
        "report.html",
        status,
        **page | {"title": view.title} | _reader(request, audience) | whereabouts(request),
    )


def _reader(request: Request, audience: Audience) -> dict[str, bool]:
    """Who reads it: one of the team can practise again, and who was invited has their own page."""
    owner = is_owner(request)
    return {
        "owner": owner,
        "trains": owner and audience == "candidate",
        "invited": audience == "candidate" and "candidate" in caller_of(request).roles,
    }
