"""What is proposed for a kit over HTTP: listed, accepted, rejected; links found on request."""

from typing import Annotated

from fastapi import APIRouter, Request, status
from pydantic import BaseModel, ConfigDict, Field

from api.hiring.kit_editing import KitEditing
from api.identity.access import caller_of
from api.proposing import complete
from api.web import problems
from api.web.asking import library_of, service_of, workspace_of
from api.web.kits import KitName
from api.web.library import AtomId, Caution, Version
from api.web.wire import Answered
from knowledge.concerns import concerns_of
from knowledge.errors import BadInput
from knowledge.proposals import Proposal, proposals

MOST = 200

router = APIRouter(tags=["library"])

Ids = Annotated[list[AtomId], Field(max_length=MOST)]


class ProposalView(Answered):
    """A proposal with the warnings on it."""

    proposal: Proposal
    concerns: list[Caution]


class Proposals(Answered):
    """All that waits in a kit."""

    version: str
    proposals: list[ProposalView]


class Decision(BaseModel):
    """What a person makes of proposals, by their ids: either of both may be empty."""

    model_config = ConfigDict(extra="forbid")

    version: Version
    accept: Ids = []
    reject: Ids = []


class Decided(Answered):
    """The kit's version with that, and how many proposals still wait in it."""

    version: str
    waiting: int


class Completed(Answered):
    """The kit's version with what was found, and how many links that is."""

    version: str
    links: int


@router.get("/api/library/{kit}/proposals", responses=problems.documented(404, 422, 503))
async def listed(request: Request, kit: KitName) -> Proposals:
    """What is proposed for a kit and waits; nothing of it is used."""
    found = await library_of(request).get(kit)
    return Proposals(
        version=found.version,
        proposals=[
            ProposalView(
                proposal=each,
                concerns=[
                    Caution(name=worry.name, why=worry.why)
                    for worry in concerns_of(found.by_id[each.id])
                ]
                if each.what != "link"
                else [],
            )
            for each in proposals(found)
        ],
    )


@router.post("/api/library/{kit}/proposals", responses=problems.documented(400, 404, 409, 422, 503))
async def decide(request: Request, kit: KitName, decision: Decision) -> Decided:
    """Accept and reject proposals; each of both makes a version of the kit."""
    if not decision.accept and not decision.reject:
        raise BadInput("No proposal is named.", "Name ids in `accept` or `reject`.")
    if both := set(decision.accept) & set(decision.reject):
        raise BadInput(f"{min(both)!r} is both accepted and rejected.", "Choose one of them.")
    made = await KitEditing(
        service_of(request).store.database, caller_of(request), kit, decision.version
    ).decide(decision.accept, decision.reject)
    return Decided(version=made.version, waiting=len(proposals(made)))


@router.post(
    "/api/library/{kit}/completion",
    status_code=status.HTTP_201_CREATED,
    responses=problems.documented(404, 422, 503),
)
async def find_links(request: Request, kit: KitName) -> Completed:
    """Propose a competency for each question without a rubric, by likeness. No model is asked."""
    service = service_of(request)
    done = await complete(
        service.store.database,
        service.conductor.embedder,
        kit,
        shelf=workspace_of(request),
        by=caller_of(request).name,
    )
    return Completed(version=done.version, links=done.links)
