"""The first page: what Viva is, the kits there are, and documents of one's own."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api.identity.access import caller_of
from api.pages.compare import side_by_side
from api.pages.documents import files_in, free_name, typed
from api.pages.errors import Page
from api.pages.kits import kit_page
from api.pages.team import team_page
from api.uploads import MOST_BYTES, MOST_FILES
from api.web.asking import is_owner, service_of, workspace_of
from api.web.problems import known
from knowledge.errors import VivaError
from knowledge.readers import READ, SUFFIXES

MOST_RECENT = 6
MOST_SHOWN = 500
"""Of all, where all are asked for."""

router = APIRouter(route_class=Page, include_in_schema=False)


@router.get("/")
async def lobby(request: Request) -> Response:
    """What will happen, the kits to choose from, interviews to go on with."""
    if not is_owner(request):
        screen = caller_of(request).screen  # a viewer's; a candidate has a page of their own
        return RedirectResponse(f"/screens/{screen}/candidates" if screen else "/mine", 303)
    return await _lobby(request)


@router.post("/kits")
async def upload(request: Request) -> Response:
    """Make a kit of uploaded documents and show what was understood of each."""
    async with request.form(max_files=MOST_FILES, max_fields=10) as form:
        name, company = typed(form, "name"), typed(form, "company")
        try:
            files = await files_in(form)
            free = name or await free_name(request, files[0][0])
            made = await service_of(request).upload(
                free, files, company=company or None, workspace=workspace_of(request)
            )
        except VivaError as error:
            said = {"name": name, "company": company}
            return await _lobby(request, known(error)[0], error=error, said=said)
    return await kit_page(request, made.name, made=made, status=201)


async def _lobby(
    request: Request,
    status: int = 200,
    error: VivaError | None = None,
    said: dict[str, str] | None = None,
) -> Response:
    service = service_of(request)
    owner = is_owner(request)
    caller, workspace = caller_of(request), workspace_of(request)
    recent = await service.store.interviews(workspace, caller.owner) if owner else []
    comparable = side_by_side(recent)
    recent.sort(key=lambda each: (each.status == "ended", -each.started))
    kits = await service.kits(workspace)
    return team_page(
        request,
        "lobby.html",
        status,
        kits=kits,
        titles={kit.name: kit.title for kit in kits},
        recent=recent[: MOST_SHOWN if request.query_params.get("all") else MOST_RECENT],
        there_are=len(recent),
        comparable=comparable,
        owner=owner,
        practises_freely=service.settings.secret is None,
        error=error,
        typed=said or {"name": "", "company": ""},
        suffixes=",".join(SUFFIXES),
        read=READ,
        most_files=MOST_FILES,
        most_megabytes=MOST_BYTES // 2**20,
    )
