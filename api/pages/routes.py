"""All pages in one router, and the static files they use."""

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, Response

from api.pages import (
    candidates,
    compare,
    contests,
    gradings,
    invites,
    keys,
    kits,
    knowledge,
    library,
    library_edit,
    library_proposed,
    live,
    lobby,
    marking,
    marking_settle,
    marking_sheet,
    mine,
    passwords,
    people,
    privacy,
    records,
    replay,
    reports,
    reviews,
    scorecards,
    screens,
    settings_page,
    view_links,
    webhook_page,
)
from api.pages.errors import Page, error_page
from api.pages.rendering import STATIC, digest

MEDIA = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
ONE_YEAR = "public, max-age=31536000, immutable"

files = APIRouter(route_class=Page, include_in_schema=False)


@files.get("/static/{file}")
async def static_file(file: str, request: Request) -> Response:
    """A static file; forever under an address that names its content."""
    path = STATIC / file
    if path.suffix not in MEDIA or path.name not in {each.name for each in STATIC.iterdir()}:
        return error_page(404, f"There is no file {file!r}.", "Begin at the start page.")
    current = request.query_params.get("v") == digest(path.name)
    headers = {"Cache-Control": ONE_YEAR if current else "no-cache"}
    return FileResponse(path, media_type=MEDIA[path.suffix], headers=headers)


@files.get("/favicon.ico")
@files.get("/favicon.svg")
async def favicon() -> Response:
    """The mark, for browsers that ask without being told where it is."""
    return FileResponse(STATIC / "mark.svg", media_type=MEDIA[".svg"])


router = APIRouter()
for part in (
    lobby.router,
    kits.router,
    library.router,
    knowledge.router,
    library_edit.router,
    library_proposed.router,
    reports.router,
    replay.router,
    gradings.router,
    contests.router,
    compare.router,
    scorecards.router,
    reviews.router,
    marking.router,
    marking_sheet.router,
    marking_settle.router,
    live.router,
    mine.router,
    candidates.router,
    webhook_page.router,
    people.router,
    keys.router,
    passwords.router,
    view_links.router,
    screens.router,
    invites.router,
    privacy.router,
    records.router,
    settings_page.router,
    files,
):
    router.include_router(part)
