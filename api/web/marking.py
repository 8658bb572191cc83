"""Sets of interviews that people mark, over HTTP: how far they are, and the marks as a table."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import Field

from api.identity.access import caller_of
from api.marking.agreement import agreement
from api.marking.marks import Marking
from api.marking.model import Entry, MarkingSet
from api.marking.sets import Sets
from api.marking.table import written
from api.web import problems
from api.web.asking import service_of, workspace_of
from api.web.wire import Answered

router = APIRouter(prefix="/api/marking", tags=["marking"])

SetId = Annotated[str, Path(pattern=r"^[a-z0-9]{1,16}$")]


class AgreementLine(Answered):
    """How far people who did not write the kit agree, before anything was settled."""

    pairs: int = Field(description="Of marks of the same point by two people who both could say.")
    agreed: int
    left_open: int = Field(description="Pairs in which at least one could not say.")
    not_blind: int = Field(description="Pairs in which one may have seen other marks before.")
    share: float | None
    kappa: float | None = Field(description="Cohen's; null where it is not defined.")


class SetLine(Answered):
    """A set and how far it is."""

    id: str
    title: str
    needed: int = Field(description="How many people mark each interview.")
    made_by: str
    created: float = Field(description="Unix seconds.")
    closed: float | None = Field(description="Unix seconds; null while it is open.")
    interviews: int
    complete: int = Field(description="Interviews that have all their marks.")
    marks_in: int = Field(description="Interviews marked, each person's counted.")
    unsettled: int = Field(description="Points of complete interviews still to be settled.")
    agreement: AgreementLine


@router.get("", responses=problems.documented(503))
async def sets(request: Request) -> list[SetLine]:
    """All sets of the workspace, newest first."""
    kept = Sets(service_of(request).store.database)
    found = await kept.of(workspace_of(request))
    return [_line(each, await kept.entries(each.id)) for each in found]


@router.get("/{set}", responses=problems.documented(404, 422, 503))
async def one(request: Request, set: SetId) -> SetLine:
    """A set and how far it is."""
    kept = Sets(service_of(request).store.database)
    return _line(await kept.get(workspace_of(request), set), await kept.entries(set))


@router.get(
    "/{set}/marks.csv",
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}}, **problems.documented(404, 422, 503)},
)
async def marks(request: Request, set: SetId) -> Response:
    """The marks of interviews that have all theirs, or of all in a closed set, as CSV."""
    rows = await Marking(service_of(request).store.database).export(caller_of(request), set)
    headers = {"Content-Disposition": f'attachment; filename="marks-{set}.csv"'}
    return Response(written(rows), media_type="text/csv; charset=utf-8", headers=headers)


def _line(found: MarkingSet, entries: list[Entry]) -> SetLine:
    complete = [entry for entry in entries if found.is_in(entry)]
    told = agreement(complete)
    return SetLine(
        id=found.id,
        title=found.title,
        needed=found.needed,
        made_by=found.made_by,
        created=found.created,
        closed=found.closed,
        interviews=len(entries),
        complete=len(complete),
        marks_in=sum(len(entry.kept) for entry in entries),
        unsettled=sum(len(entry.unsettled) for entry in complete),
        agreement=AgreementLine.model_validate(told, from_attributes=True),
    )
