"""Screens over HTTP, for machines: make, open, look, close."""

from dataclasses import asdict
from typing import Annotated, Self

from fastapi import APIRouter, Path, Request, status
from pydantic import Field

from agent.events import Mode
from api.hiring.outlook import outlook
from api.hiring.screen import (
    LONGEST,
    LONGEST_NAME,
    LONGEST_TEXT,
    MOST_ATTEMPTS,
    MOST_SUBJECTS,
    SHORTEST,
    NewScreen,
    Screen,
    ScreenStatus,
    Texts,
)
from api.hiring.screens import Counts, Screens
from api.identity.access import caller_of
from api.web import problems
from api.web.asking import service_of, workspace_of
from api.web.wire import NO_NUL, WHOLE, Answered, Body, ExaminerChoice, Named
from knowledge.atoms import Level

router = APIRouter(prefix="/api/screens", tags=["screens"])

LAST_SECOND = 253_402_300_799
"""Of the year 9999."""

ScreenId = Annotated[
    str, Path(description="The screen's id.", max_length=16, examples=["k3m9x2p4qa"])
]
Long = Annotated[str, Field(max_length=LONGEST_TEXT, pattern=NO_NUL)]
Short = Annotated[str, Field(max_length=LONGEST_NAME, pattern=NO_NUL)]
Moment = Annotated[float, Field(ge=0, le=LAST_SECOND, allow_inf_nan=False)]


class TextsBody(Body):
    """What candidates are told in the team's own words; plain text."""

    company: Short = Field(default="", description="Who invites.")
    contact: Short = Field(
        default="",
        description="How a person is reached; a screen needs it.",
        examples=["people@example.org"],
    )
    notice: Long = Field(default="", description="What is added to Viva's own notice.")
    brief: Long = Field(default="", description="What to prepare, and how.")
    message: Long = Field(
        default="",
        description="The invite's template, with {link} in it; empty: Viva's own.",
    )


class ScreenBody(Body):
    """A screen as it is wished for."""

    title: str = Field(
        min_length=1,
        max_length=LONGEST_NAME,
        pattern=NO_NUL,
        examples=["Data engineer, first interview"],
        json_schema_extra={"pattern": r"^[^\u0000]*[^\s\u0000][^\u0000]*$"},
    )
    kit: str = Field(min_length=1, max_length=200, pattern=NO_NUL, examples=["data-engineer"])
    level: Level = "mid"
    mode: Mode = Field(default="screen", description="Practice gives feedback and decides nothing.")
    minutes: float = Field(default=45.0, ge=SHORTEST, le=LONGEST, allow_inf_nan=False)
    examiner: ExaminerChoice = "local"
    subjects: list[Named] = Field(
        default=[],
        max_length=MOST_SUBJECTS,
        description="Competencies, one core question each; else the kit's richest.",
    )
    attempts: Annotated[int, Field(ge=1, le=MOST_ATTEMPTS), WHOLE] = 1
    texts: TextsBody = TextsBody()
    blind_share: float = Field(
        default=0.2, ge=0, le=1, allow_inf_nan=False, description="Marked by a person first."
    )
    opens: Moment | None = Field(default=None, description="Unix seconds; null: at once.")
    closes: Moment | None = Field(
        default=None,
        description="Unix seconds after which nobody can begin; closing it stays a person's doing.",
    )

    def wish(self) -> NewScreen:
        """The same for the rooms below."""
        given = {name: getattr(self, name) for name in NewScreen.__dataclass_fields__}
        return NewScreen(**given | {"texts": Texts(**self.texts.model_dump())})


class ScreenView(Answered):
    """A screen as it stands, and how far it has come."""

    id: str = Field(examples=["k3m9x2p4qa"])
    title: str
    kit: str
    kit_version: str = Field(description="Fixed when the screen opens.")
    level: Level
    mode: Mode
    minutes: float
    examiner: str
    subjects: list[str]
    attempts: int
    texts: TextsBody
    blind_share: float
    opens: float | None
    closes: float | None
    status: ScreenStatus
    made_by: str
    created: float
    closed: float | None
    invited: int
    begun: int
    ended: int

    @classmethod
    def of(cls, screen: Screen, counts: Counts) -> Self:
        """The view of a screen."""
        return cls(**asdict(screen) | counts._asdict())


@router.get("", responses=problems.documented(503))
async def screens(request: Request) -> list[ScreenView]:
    """The screens of the workspace, newest first; a viewer's link shows its own alone."""
    kept, workspace = Screens(service_of(request).store.database), workspace_of(request)
    counts = await kept.counts(workspace)
    found = await kept.of(workspace)
    only = None if caller_of(request).is_team else caller_of(request).screen
    shown = [each for each in found if only is None or each.id == only]
    return [ScreenView.of(each, counts.get(each.id, Counts())) for each in shown]


@router.post(
    "", status_code=status.HTTP_201_CREATED, responses=problems.documented(400, 404, 422, 503)
)
async def make(request: Request, body: ScreenBody) -> ScreenView:
    """Make a draft; nobody can be invited until it is opened."""
    service, caller = service_of(request), caller_of(request)
    wish = body.wish()
    await outlook(service.conductor, workspace_of(request), wish)
    made = await Screens(service.store.database).make(caller, wish)
    return await _view(request, made)


@router.get("/{screen}", responses=problems.documented(404, 422, 503))
async def one(request: Request, screen: ScreenId) -> ScreenView:
    """A screen."""
    return await _view(request, screen)


@router.put("/{screen}", responses=problems.documented(400, 404, 422, 503))
async def change(request: Request, screen: ScreenId, body: ScreenBody) -> ScreenView:
    """Change a draft wholly; an open screen in its texts, dates, attempts and blind share."""
    service, caller = service_of(request), caller_of(request)
    kept = Screens(service.store.database)
    if (await kept.get(workspace_of(request), screen)).status == "draft":
        await outlook(service.conductor, workspace_of(request), body.wish())
    await kept.change(caller, screen, body.wish())
    return await _view(request, screen)


@router.post("/{screen}/open", responses=problems.documented(404, 422, 503))
async def open_(request: Request, screen: ScreenId) -> ScreenView:
    """From now on people can be invited; what is asked and how it is measured is fixed."""
    service = service_of(request)
    kept = Screens(service.store.database)
    found = await kept.get(workspace_of(request), screen)
    await outlook(service.conductor, workspace_of(request), found)
    await kept.open(caller_of(request), screen)
    return await _view(request, screen)


@router.post("/{screen}/close", responses=problems.documented(404, 422, 503))
async def close(request: Request, screen: ScreenId) -> ScreenView:
    """Nobody can begin any more; whoever is in an interview goes on.

    Once all that have `begun` have `ended`, candidates may read the rubric of their report.
    """
    await Screens(service_of(request).store.database).close(caller_of(request), screen)
    return await _view(request, screen)


async def _view(request: Request, screen: str) -> ScreenView:
    kept, workspace = Screens(service_of(request).store.database), workspace_of(request)
    counts = await kept.counts(workspace)
    return ScreenView.of(await kept.get(workspace, screen), counts.get(screen, Counts()))
