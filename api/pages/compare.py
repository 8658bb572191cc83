"""Candidates of one screen side by side, as a page."""

from collections.abc import Iterable
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Query, Request, Response

from agent.report.argument import Compared, Comparison
from agent.report.compare import MOST
from agent.report.telling import standing_in_words
from api.hiring.scorecards import names_of
from api.identity.access import check_all
from api.pages.errors import Page
from api.pages.figures import Interval, interval
from api.pages.team import team_page
from api.records import Summary
from api.web.asking import service_of

MOST_OFFERED = 12
"""Interviews of one screen that are offered to be compared, the newest."""

router = APIRouter(route_class=Page, include_in_schema=False)


class Shown(NamedTuple):
    """A candidate with the figure of their level."""

    candidate: Compared
    figure: Interval | None
    level: str
    name: str
    """As they were invited; empty where nobody was."""


@router.get("/compare")
async def compare(
    request: Request,
    interview: Annotated[list[str], Query(max_length=MOST, default_factory=list)],
) -> Response:
    """The comparison; who is in no tier has nothing graded."""
    await check_all(request, interview, "team")
    made = await service_of(request).compare(interview)
    names = await names_of(service_of(request).store.database, interview)
    shown = {
        each.interview: _shown(each, made, names.get(each.interview, ""))
        for each in made.candidates
    }
    tiers = [[shown[id_] for id_ in tier] for tier in made.tiers]
    placed = {id_ for tier in made.tiers for id_ in tier}
    rest = [each for id_, each in shown.items() if id_ not in placed]
    return team_page(request, "compare.html", made=made, tiers=tiers, rest=rest)


def side_by_side(interviews: Iterable[Summary]) -> list[list[Summary]]:
    """Screens that are over and can be compared: on one kit at one level, the newest first."""
    groups: dict[tuple[str, str], list[Summary]] = {}
    for each in sorted(interviews, key=lambda each: -each.started):
        if each.mode == "screen" and each.status == "ended":
            groups.setdefault((each.kit, each.level), []).append(each)
    return [group[:MOST_OFFERED] for group in groups.values() if len(group) > 1]


def _shown(candidate: Compared, made: Comparison, name: str) -> Shown:
    figure = interval(candidate, made.level)
    return Shown(candidate, figure, standing_in_words(candidate), name)
