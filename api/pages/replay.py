"""An interview turn by turn, for whoever judges the interviewer."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.pages.addresses import origin_of
from api.pages.errors import Page
from api.pages.kits import NAMED
from api.pages.replay_figures import told
from api.pages.replay_view import View, moments, view
from api.pages.team import team_page
from api.steps import Step, read_step, step_at, steps_of
from api.web.asking import service_of
from knowledge.errors import NotFound

router = APIRouter(route_class=Page, include_in_schema=False)

MOST_MOMENTS = 60
"""Links to moments of one kind."""

Number = Annotated[int | None, Query(ge=1, le=1_000_000)]


@router.get("/interviews/{id}/replay")
async def replay(id: str, request: Request, turn: Number = None, seq: Number = None) -> Response:
    """One turn; the first, unless a `turn` or an event by its number (`seq`) is named."""
    service = service_of(request)
    stored = await service.store.load(id)
    steps = await steps_of(service.store.database, id)
    step = _chosen(steps, turn, seq)
    shown = await read_step(service.store.database, id, step)
    kit = (await service.syllabus(stored.kit, stored.kit_version)).kit
    turns = sum(each.turn is not None for each in steps)
    made = await asyncio.to_thread(view, shown, turns, kit)
    return team_page(
        request,
        "replay.html",
        stored=stored,
        view=made,
        steps=steps,
        turns=turns,
        moments=moments(steps),
        address=_address(request, id, made),
        most=MOST_MOMENTS,
        named=NAMED,
        told=told,
    )


def _chosen(steps: list[Step], turn: int | None, seq: int | None) -> Step:
    """The step that is asked for.

    Raises:
        NotFound: nothing has been said yet, or there is no such turn or event.
    """
    found = step_at(steps, turn=turn, seq=seq)
    if found is None and not steps:
        raise NotFound("Nothing has been said in this interview yet.", "Come back once it began.")
    if found is None:
        what = f"event {seq}" if seq is not None else f"turn {turn}"
        raise NotFound(f"This interview has no {what}.", f"It has {len(steps)} steps, from 1.")
    return found


def _address(request: Request, interview: str, made: View) -> str:
    return f"{origin_of(request)}/interviews/{interview}/replay?turn={made.step.number}"
