"""Candidates of one screen side by side, over HTTP; for the team."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from agent.report.argument import Comparison
from agent.report.compare import MOST
from api.identity.access import check_all
from api.web import problems
from api.web.asking import service_of

router = APIRouter(prefix="/api/compare", tags=["interviews"])

Compared = Annotated[
    list[Annotated[str, Query(max_length=16)]],
    Query(description="The interviews' ids, two or more.", min_length=2, max_length=MOST),
]


@router.get("", responses=problems.documented(404, 409, 422, 503))
async def compare(request: Request, interview: Compared) -> Comparison:
    """Compare interviews on one kit, at one level and in one mode.

    `tiers` puts one candidate above another only where the chance that their level is higher is
    at least nine in ten.
    """
    await check_all(request, interview, "team")
    return await service_of(request).compare(interview)
