"""What is proposed for a kit, decided on its page."""

from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api.hiring.kit_editing import KitEditing
from api.identity.access import caller_of
from api.pages.documents import typed
from api.pages.errors import Page
from api.proposing import complete
from api.web.asking import service_of, workspace_of
from knowledge.errors import BadInput

router = APIRouter(route_class=Page, include_in_schema=False)

MOST_FIELDS = 200


@router.post("/library/{kit}/proposals")
async def decide(request: Request, kit: str) -> Response:
    """Accept or reject what was chosen, and show what still waits."""
    async with request.form(max_files=0, max_fields=MOST_FIELDS) as form:
        ids = [str(each) for each in form.getlist("id")]
        does, version = typed(form, "do"), typed(form, "version")
    if not ids or does not in {"accept", "reject"}:
        raise BadInput("It is not said what is to be done.", "Begin at the kit's page.")
    editing = KitEditing(service_of(request).store.database, caller_of(request), kit, version)
    await editing.decide(*((ids, []) if does == "accept" else ([], ids)))
    return RedirectResponse(f"{_here(kit)}&said=decided", 303)


@router.post("/library/{kit}/completion")
async def find_links(request: Request, kit: str) -> Response:
    """Look for the competency of each question without a rubric, and show what was found."""
    service = service_of(request)
    await complete(
        service.store.database,
        service.conductor.embedder,
        kit,
        shelf=workspace_of(request),
        by=caller_of(request).name,
    )
    return RedirectResponse(f"{_here(kit)}&said=completed", 303)


def _here(kit: str) -> str:
    return f"/library/{quote(kit, safe='')}?part=proposed"
