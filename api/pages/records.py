"""The audit log: what was done in the workspace, by whom, to what; and whether it stands."""

import json
from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.hiring import audit
from api.hiring.safe_csv import write_csv
from api.identity.accounts import Accounts
from api.pages.errors import Page
from api.pages.team import team_page
from api.web.asking import service_of, workspace_of

A_PAGE = 100
COLUMNS = ("number", "time (Unix seconds)", "by", "action", "object", "detail")
OTHERS: Mapping[str, str] = {
    "local": "this machine",
    "operator": "the operator",
    "nobody": "nobody known",
    "retention": "retention",
}
LEADS: Mapping[str, str] = {
    "screen": "/screens/{}",
    "invite": "/invites/{}/data",
    "interview": "/scorecards/{}",
    "kit": "/library/{}",
}
"""Pages of what lines are about, by its kind."""

router = APIRouter(route_class=Page, include_in_schema=False)


class Asked(BaseModel):
    """Which lines: those by `actor`, of one `action`, about one `object`, `before` a number."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    actor: str = Field(default="", max_length=64)
    action: str = Field(default="", max_length=64)
    object: str = Field(default="", max_length=64)
    before: int | None = Field(default=None, ge=1, le=2**31 - 1)


@router.get("/records")
async def records(request: Request, asked: Annotated[Asked, Query()]) -> Response:
    """A page of lines, newest first."""
    return await _page(request, asked)


@router.post("/records/check")
async def check(request: Request) -> Response:
    """Look at every line of the log, and tell the first that is not as it was written."""
    database = service_of(request).store.database
    broken = await audit.first_broken(database)
    return await _page(request, Asked(), checked=True, broken=broken)


@router.get("/records.csv")
async def as_csv(request: Request, asked: Annotated[Asked, Query()]) -> Response:
    """All lines that were asked for, for a spreadsheet."""
    found = await _lines(request, asked, None)
    rows = [
        (each.seq, each.at, each.actor, each.action, each.object, json.dumps(each.detail))
        for each in found
    ]
    return _file(write_csv([COLUMNS, *rows]), "text/csv; charset=utf-8", "csv")


@router.get("/records.json")
async def as_json(request: Request, asked: Annotated[Asked, Query()]) -> Response:
    """The same for programs."""
    told = [vars(each) for each in await _lines(request, asked, None)]
    return _file(json.dumps(told, ensure_ascii=False, indent=1), "application/json", "json")


async def _page(
    request: Request, asked: Asked, *, checked: bool = False, broken: int | None = None
) -> Response:
    database, workspace = service_of(request).store.database, workspace_of(request)
    found = await _lines(request, asked, A_PAGE + 1)
    actors, actions = await audit.names(database, workspace)
    people = await _people(request)
    last, head = await audit.newest(database)
    return team_page(
        request,
        "records.html",
        lines=found[:A_PAGE],
        older=found[A_PAGE - 1].seq if len(found) > A_PAGE else None,
        asked=asked,
        chosen={k: v for k, v in asked.model_dump(exclude={"before"}).items() if v},
        actors={each: _named(each, people) for each in actors},
        actions=actions,
        leads=LEADS,
        last=last,
        head=head,
        checked=checked,
        broken=broken,
    )


async def _lines(request: Request, asked: Asked, most: int | None) -> list[audit.Line]:
    return await audit.lines(
        service_of(request).store.database,
        workspace_of(request),
        before=asked.before,
        most=most,
        actor=asked.actor,
        action=asked.action,
        object_=asked.object,
    )


async def _people(request: Request) -> dict[str, str]:
    accounts = Accounts(service_of(request).store.database)
    return {f"user:{each.id}": each.name for each in await accounts.of(workspace_of(request))}


def _named(actor: str, people: Mapping[str, str]) -> str:
    """Somebody of the team by name; anybody else as the log has them."""
    return people.get(actor) or OTHERS.get(actor) or actor.replace(":", " ")


def _file(content: str, media: str, suffix: str) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="viva-records.{suffix}"',
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=media, headers=headers)
