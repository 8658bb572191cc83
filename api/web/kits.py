"""Kits over HTTP: what there is, what may come up, and documents to make one of."""

from typing import Annotated

from fastapi import APIRouter, File, Form, Path, Query, Request, UploadFile, status

from agent.events import MarkSource
from agent.rehearsal import Rehearsal
from api.uploads import MOST_BYTES, MOST_FILES
from api.web import problems
from api.web.asking import service_of, workspace_of
from api.web.wire import LONGEST_MINUTES, NO_NUL, KitLine, KitMade, KitOutline, Named
from knowledge.atoms import Level
from knowledge.library import LONGEST_NAME
from knowledge.readers import READ

router = APIRouter(prefix="/api/kits", tags=["kits"])

KitName = Annotated[
    str,
    Path(min_length=1, max_length=LONGEST_NAME, examples=["data-engineer"]),
]


@router.get("", responses=problems.documented(503))
async def kits(request: Request) -> list[KitLine]:
    """The kits that can be interviewed on."""
    return await service_of(request).kits(workspace_of(request))


@router.get("/{kit}", responses=problems.documented(404, 422, 503))
async def outline(
    request: Request, kit: KitName, level: Annotated[Level, Query()] = "mid"
) -> KitOutline:
    """What a candidate may know of a kit beforehand: its topics, never its questions."""
    return await service_of(request).outline(kit, level, workspace_of(request))


@router.get("/{kit}/rehearsal", responses=problems.documented(404, 422, 503))
async def rehearsal(
    request: Request,
    kit: KitName,
    level: Annotated[Level, Query()] = "mid",
    minutes: Annotated[float, Query(ge=5, le=LONGEST_MINUTES)] = 45,
    competency: Annotated[
        tuple[Named, ...],
        Query(max_length=12, description="Competencies to cover; else the kit's richest."),
    ] = (),
    examiner: Annotated[MarkSource, Query(description="Who would mark.")] = "local",
) -> Rehearsal:
    """What a screen could tell and how long it takes, tried on simulated candidates.

    More competencies than there is time for are no error here: the answer says what would happen.
    """
    return await service_of(request).rehearse(
        kit, level, minutes, competency, examiner, workspace=workspace_of(request)
    )


@router.post(
    "/{kit}/documents",
    status_code=status.HTTP_201_CREATED,
    responses=problems.documented(400, 409, 413, 422, 503),
)
async def documents(
    request: Request,
    kit: KitName,
    files: Annotated[
        list[UploadFile],
        File(
            min_length=1,
            description=f"{READ}: at most {MOST_FILES}, {MOST_BYTES:,} bytes.",
        ),
    ],
    company: Annotated[str | None, Form(max_length=200, pattern=NO_NUL)] = None,
) -> KitMade:
    """Make a kit of documents; it becomes the current one of its name."""
    sent = [(file.filename or "document", await file.read()) for file in files]
    return await service_of(request).upload(kit, sent, company, workspace=workspace_of(request))
