"""A kit's page, the notice, and the start of an interview."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict, Field, model_validator

from agent.events import Mode
from api.conduct import Wish
from api.pages.errors import Page
from api.pages.notice import Examiner, Notice, notice
from api.pages.team import team_page
from api.settings import language_model
from api.web.asking import owned, service_of, workspace_of
from api.web.wire import LONGEST_MINUTES, Named
from knowledge.atoms import LEVELS, Level
from knowledge.errors import BadInput

if TYPE_CHECKING:
    from agent.rehearsal import Rehearsal
    from api.web.wire import KitMade, KitOutline

BRIEF_MINUTES = 5.0
LENGTHS = {15: "A taste", 30: "Half an hour", 45: "The usual length", 60: "A full hour"}

NAMED = {
    "advice": "preparation tip",
    "anchor": "scale step",
    "exemplar": "example answer",
    "format": "interview part",
    "money": "quick question",
    "reference": "model answer",
}
"""Kinds of atoms in plain words, where their own name is not one."""

IN_CHAT = (
    "If you do not know, say so and say how you would find out. That is an answer too.",
    "Write as you would to a colleague. Spelling, grammar and length do not count.",
)
IN_GENERAL = (
    "Think of two or three pieces of your own work: what you decided, why, and what went wrong.",
    "Answer the question first, then give the reason and one example. Say what your choice costs.",
)
"""Said where the kit itself has no advice."""

router = APIRouter(route_class=Page, include_in_schema=False)


class Choice(BaseModel):
    """What a candidate chose for the interview."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    level: Level = "mid"
    minutes: float = Field(default=45, ge=5, le=LONGEST_MINUTES)
    mode: Mode = "practice"
    examiner: Examiner = "local"
    drill: str = Field(default="", max_length=500)
    """The topic of a few minutes of practice."""
    again: str = Field(default="", max_length=500)
    """The question (its id) to practise once more."""

    @model_validator(mode="before")
    @classmethod
    def _briefly(cls, chosen: dict[str, Any]) -> dict[str, Any]:
        brief = chosen.get("drill") or chosen.get("again")
        return {"minutes": BRIEF_MINUTES, **chosen} if brief else chosen


class Looked(Choice):
    """What the kit's page is asked for; `rehearse` has the screen rehearsed."""

    rehearse: bool = False
    competency: tuple[Named, ...] = Field(default=(), max_length=12)


class Start(Choice):
    """The notice's form: the choice again, and the answer to the notice that was shown."""

    kit: str = Field(min_length=1, max_length=200)
    notice: str = Field(default="", max_length=64)
    consent: str = ""
    mine: str = Field(default="", max_length=500)
    """The interviews that this browser knows (ids, by spaces): what a practice goes on from."""


@router.get("/kits/{kit}")
async def kit(kit: str, request: Request, choice: Annotated[Looked, Query()]) -> Response:
    """What comes up, how to prepare, and the choices before the interview."""
    return await kit_page(request, kit, choice=choice)


@router.get("/kits/{kit}/notice")
async def before(kit: str, request: Request, choice: Annotated[Choice, Query()]) -> Response:
    """The notice, with the box to agree to it."""
    return await _notice_page(request, kit, choice)


@router.post("/interviews")
async def start(request: Request, chosen: Annotated[Start, Form()]) -> Response:
    """Start the interview, if the candidate agreed to the notice as it is now."""
    service = service_of(request)
    shown = _notice(request, chosen)
    if not chosen.notice:
        return await _notice_page(request, chosen.kit, chosen)
    if chosen.consent != "yes":
        missing = BadInput(
            "The interview has not started: the box below the notice is not ticked.",
            "Tick it if you agree. If you do not, nothing is kept.",
        )
        return await _notice_page(request, chosen.kit, chosen, error=missing)
    if chosen.notice != shown.digest:
        changed = BadInput(
            "The interview has not started: the notice has changed since you opened it.",
            "Read it once more and tick the box if you agree.",
        )
        return await _notice_page(request, chosen.kit, chosen, error=changed)
    wish = replace(_wish(chosen, shown), **owned(request))
    interview = await service.start(wish, among=chosen.mine.split())
    return RedirectResponse(f"/interviews/{interview}", 303)


def _wish(chosen: Start, shown: Notice) -> Wish:
    return Wish(
        kit=chosen.kit,
        level=chosen.level,
        mode=chosen.mode,
        minutes=chosen.minutes,
        drill=chosen.drill or None,
        again=chosen.again or None,
        examiner=chosen.examiner,
        consent={"notice": shown.version, "text_hash": shown.digest},
    )


async def kit_page(
    request: Request,
    name: str,
    *,
    choice: Looked | None = None,
    made: "KitMade | None" = None,
    status: int = 200,
) -> Response:
    """The kit's page; `made` adds what was understood of documents just read."""
    service, choice = service_of(request), choice or Looked()
    workspace = workspace_of(request)
    outline = made.outline if made else await service.outline(name, choice.level, workspace)
    return team_page(
        request,
        "kit.html",
        status,
        kit=outline,
        choice=choice,
        level=choice.level,
        levels=LEVELS,
        lengths=LENGTHS,
        made=made,
        named=NAMED,
        general=IN_CHAT if outline.advice else IN_GENERAL + IN_CHAT,
        model=language_model(service.settings),
        practises_freely=service.settings.secret is None,
        rehearsal=await _rehearsal(request, outline, choice),
    )


async def _rehearsal(request: Request, kit: "KitOutline", choice: Looked) -> "Rehearsal | None":
    if not (choice.rehearse and kit.topics):
        return None
    return await service_of(request).rehearse(
        kit.name,
        choice.level,
        choice.minutes,
        choice.competency,
        choice.examiner,
        workspace=workspace_of(request),
    )


def _notice(request: Request, choice: Choice) -> Notice:
    settings = service_of(request).settings
    model = language_model(settings)
    return notice(choice.mode, choice.examiner, model=model, days=settings.expire_days)


async def _notice_page(
    request: Request, name: str, choice: Choice, error: BadInput | None = None
) -> Response:
    outline = await service_of(request).outline(name, choice.level, workspace_of(request))
    shown = _notice(request, choice)
    return team_page(
        request,
        "notice.html",
        422 if error else 200,
        kit=outline,
        choice=choice,
        notice=shown,
        error=error,
    )
