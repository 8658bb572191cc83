"""The first page: what Viva is, the kits there are, and documents of one's own."""

import re
from pathlib import PurePath

from fastapi import APIRouter, Request, Response
from starlette.datastructures import FormData, UploadFile

from api.identity.access import caller_of
from api.pages.access import is_owner, service_of, workspace_of
from api.pages.compare import side_by_side
from api.pages.errors import Page
from api.pages.kits import kit_page
from api.pages.rendering import render
from api.uploads import MOST_BYTES, MOST_FILES
from api.web.problems import known
from knowledge.errors import BadInput, VivaError

MOST_RECENT = 6
LONGEST_SLUG = 60
SUFFIXES = (".md", ".markdown", ".txt")

router = APIRouter(route_class=Page, include_in_schema=False)


@router.get("/")
async def lobby(request: Request) -> Response:
    """What will happen, the kits to choose from, interviews to go on with."""
    return await _lobby(request)


@router.post("/kits")
async def upload(request: Request) -> Response:
    """Make a kit of uploaded documents and show what was understood of each."""
    async with request.form(max_files=MOST_FILES, max_fields=10) as form:
        name, company = _typed(form, "name"), _typed(form, "company")
        try:
            files = await _files(form)
            free = name or await _free_name(request, files[0][0])
            made = await service_of(request).upload(
                free, files, company=company or None, workspace=workspace_of(request)
            )
        except VivaError as error:
            typed = {"name": name, "company": company}
            return await _lobby(request, known(error)[0], error=error, typed=typed)
    return await kit_page(request, made.name, made=made, status=201)


async def _lobby(
    request: Request,
    status: int = 200,
    error: VivaError | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    service = service_of(request)
    owner = is_owner(request)
    caller, workspace = caller_of(request), workspace_of(request)
    recent = await service.store.interviews(workspace, caller.owner) if owner else []
    comparable = side_by_side(recent)
    recent.sort(key=lambda each: (each.status == "ended", -each.started))
    kits = await service.kits(workspace)
    return render(
        "lobby.html",
        status,
        kits=kits,
        titles={kit.name: kit.title for kit in kits},
        recent=recent[:MOST_RECENT],
        comparable=comparable,
        owner=owner,
        error=error,
        typed=typed or {"name": "", "company": ""},
        suffixes=",".join(SUFFIXES),
        most_files=MOST_FILES,
        most_megabytes=MOST_BYTES // 2**20,
    )


def _typed(form: FormData, field: str) -> str:
    value = form.get(field)
    return value.strip() if isinstance(value, str) else ""


async def _files(form: FormData) -> list[tuple[str, bytes]]:
    chosen = [each for each in form.getlist("files") if isinstance(each, UploadFile)]
    files = [(each.filename, await each.read()) for each in chosen if each.filename]
    if not files:
        raise BadInput("No document was chosen.", "Choose one or more Markdown or text files.")
    return files


async def _free_name(request: Request, filename: str) -> str:
    """A name after the first document that no kit has yet."""
    stem = re.sub(r"[^\w]+", "-", PurePath(filename).stem.casefold()).strip("-_")
    base = stem[:LONGEST_SLUG] or "my-kit"
    taken = {kit.name for kit in await service_of(request).kits(workspace_of(request))}
    names = (base, *(f"{base}-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)
