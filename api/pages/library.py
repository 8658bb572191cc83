"""The team's kits: the list with uploads, everything in one, and its versions."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from agent.contents import contents
from api.hiring.on_screen import OnScreen, on_screen
from api.identity.access import caller_of
from api.identity.rules import RECRUITER
from api.pages.documents import files_in, free_name, typed
from api.pages.errors import Page
from api.pages.kits import NAMED
from api.pages.library_view import FILTERS, PARTS, Wanted, shown
from api.pages.team import team_page
from api.upload_jobs import Job
from api.uploads import MOST_BYTES, MOST_FILES
from api.web.asking import library_of, service_of, workspace_of
from api.web.problems import known
from knowledge.atoms import LEVELS, Kit
from knowledge.editing import Change, changes
from knowledge.errors import NotFound, VivaError
from knowledge.kit_yaml import dump_kit
from knowledge.library import KitSummary, Shelved
from knowledge.readers import READ, SUFFIXES

ON_A_PAGE = 10
"""Versions; each is read whole to tell what it changed."""

Version = Annotated[str, Query(max_length=12, pattern="^[0-9a-f]*$")]

router = APIRouter(route_class=Page, include_in_schema=False)


@router.get("/library")
async def library(request: Request, upload: Annotated[str, Query(max_length=40)] = "") -> Response:
    """The kits there are; with `upload` (its id) how that stands, or what came of it."""
    job, lost = None, None
    try:
        job = service_of(request).uploads.get(workspace_of(request), upload) if upload else None
    except NotFound as error:
        lost = error
    return await _library(request, 404 if lost else 200, job=job, error=lost)


@router.post("/library")
async def send(request: Request) -> Response:
    """Begin to read documents; the page it leads to tells how far that is."""
    async with request.form(max_files=MOST_FILES, max_fields=10) as form:
        said = {"name": typed(form, "name"), "company": typed(form, "company")}
        try:
            files = await files_in(form)
            name = said["name"] or await free_name(request, files[0][0])
            caller = caller_of(request)
            job = service_of(request).uploads.start(caller, name, files, said["company"] or None)
        except VivaError as error:
            return await _library(request, known(error)[0], error=error, said=said)
    return RedirectResponse(f"/library?upload={job.id}", 303)


@dataclass(frozen=True)
class Line:
    """A kit in the list, with the titles of the screens that are open on it."""

    kit: KitSummary
    shared: bool
    screens: tuple[str, ...]

    @property
    def counts(self) -> str:
        """What is in it, the most first."""
        kinds = [NAMED.get(kind, kind.replace("_", " ")) for kind in self.kit.counts]
        told = zip(kinds, self.kit.counts.values(), strict=True)
        return ", ".join(f"{n} {kind}{'' if n == 1 else 's'}" for kind, n in list(told)[:4])


async def _library(
    request: Request,
    status: int = 200,
    *,
    job: Job | None = None,
    error: VivaError | None = None,
    said: dict[str, str] | None = None,
) -> Response:
    kept, taken = library_of(request), await _taken(request)
    own = await kept.own()
    lines = [
        Line(kit, kit.name not in own, taken.by_name.get(kit.name, ())) for kit in await kept.list()
    ]
    return team_page(
        request,
        "library.html",
        status,
        lines=lines,
        job=job,
        error=error,
        typed=said or {"name": "", "company": ""},
        named=NAMED,
        suffixes=",".join(SUFFIXES),
        read=READ,
        most_files=MOST_FILES,
        most_megabytes=MOST_BYTES // 2**20,
        edits=edits(request),
    )


@router.get("/library/{kit}")
async def one(
    request: Request,
    kit: str,
    part: Annotated[str, Query(max_length=20)] = "questions",
    find: Annotated[str, Query(max_length=200)] = "",
    topic: Annotated[str, Query(max_length=200)] = "",
    level: Annotated[str, Query(max_length=20)] = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
    said: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Everything in a kit, a part at a time, or what holds these words, is of a topic or level."""
    found = await library_of(request).get(kit)
    wanted = Wanted(
        part=part if part in PARTS | FILTERS else "questions",
        find=find.strip(),
        topic=topic.strip(),
        level=next((each for each in LEVELS if each == level), None),
    )
    view = await asyncio.to_thread(shown, found, wanted, page)
    return team_page(
        request,
        "library_kit.html",
        kit=found,
        view=view,
        wanted=wanted,
        said=said,
        topics=await asyncio.to_thread(contents, found),
        levels=LEVELS,
        parts=PARTS | FILTERS,
        named=NAMED,
        shared=kit not in await library_of(request).own(),
        screens=(await _taken(request)).by_name.get(kit, ()),
        edits=edits(request),
    )


@router.get("/library/{kit}/kit.yaml")
async def download(request: Request, kit: str, version: Version = "") -> Response:
    """The kit as YAML: the current version, or another that is or was on the shelf."""
    found = await version_of(request, kit, version)
    stem = re.sub(r"[^A-Za-z0-9._-]+", "-", kit).strip("-.") or "kit"
    headers = {
        "Content-Disposition": f'attachment; filename="{stem}-{found.version}.yaml"',
        "Cache-Control": "no-store",
    }
    return Response(dump_kit(found), media_type="application/yaml", headers=headers)


@dataclass(frozen=True)
class Step:
    """A version with what it changed; None: it is the first that is known."""

    version: Shelved
    changes: tuple[Change, ...] | None


@router.get("/library/{kit}/versions")
async def versions(
    request: Request, kit: str, page: Annotated[int, Query(ge=1, le=10_000)] = 1
) -> Response:
    """The versions of a kit, newest first, each with what it changed."""
    kept = library_of(request)
    current = await kept.get(kit)
    known_versions = await kept.versions(kit)
    first = (page - 1) * ON_A_PAGE
    some = known_versions[first : first + ON_A_PAGE + 1]
    if not some:
        raise NotFound("There are no versions so old.", "Go back to the first page of them.")
    kits = [await kept.get(kit, each.version) for each in some]
    steps = [_step(some, kits, number) for number in range(min(len(some), ON_A_PAGE))]
    return team_page(
        request,
        "library_versions.html",
        kit=current,
        steps=steps,
        page=page,
        more=len(some) > ON_A_PAGE,
        named=NAMED,
    )


def _step(some: Sequence[Shelved], kits: Sequence[Kit], number: int) -> Step:
    before = kits[number + 1] if number + 1 < len(kits) else None
    return Step(some[number], None if before is None else changes(before, kits[number]))


async def version_of(request: Request, kit: str, version: str) -> Kit:
    """A version that is or was on the caller's shelf; the current one, if none is named.

    Raises:
        NotFound: there is no such kit or version.
    """
    kept = library_of(request)
    if version and version not in {each.version for each in await kept.versions(kit)}:
        raise NotFound(f"There is no version {version} of this kit.", "Look at its versions.")
    return await kept.get(kit, version or None)


def edits(request: Request) -> bool:
    """Whether the caller may change kits."""
    caller = caller_of(request)
    return caller.is_any(RECRUITER.roles) and caller.writes


async def _taken(request: Request) -> OnScreen:
    return await on_screen(service_of(request).store.database, workspace_of(request))
