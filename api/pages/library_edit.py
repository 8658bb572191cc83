"""One atom of a kit: read, edited, withdrawn, or added."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from api.hiring.kit_editing import KitEditing
from api.identity.access import caller_of
from api.pages.documents import typed
from api.pages.errors import Page
from api.pages.kits import NAMED
from api.pages.library import edits, version_of
from api.pages.team import team_page
from api.web.asking import library_of, service_of
from api.web.problems import known
from knowledge.atoms import KINDS, Atom, Kind, Kit
from knowledge.concerns import concerns_of
from knowledge.editing import ADDABLE, CHOICES, LONGEST_TEXT, USES, Outdated, found, wording
from knowledge.errors import BadInput, VivaError

router = APIRouter(route_class=Page, include_in_schema=False)

FIELDS = ("text", "level", "role", "group", "polarity")


@dataclass
class Typed:
    """What the form holds: of an atom as it is, or as somebody typed it."""

    version: str
    values: dict[str, Any] = field(default_factory=dict)
    reason: str = ""


@router.get("/library/{kit}/atoms")
async def atom(request: Request, kit: str, id: str) -> Response:
    """What an atom says, where it comes from, and the form to change it."""
    now = await library_of(request).get(kit)
    return _atom_page(request, now, found(now, id), _typed_of(now, found(now, id)))


@router.post("/library/{kit}/atoms")
async def change(request: Request, kit: str) -> Response:
    """Save an edit, or show it again with what is wrong or what somebody else did."""
    async with request.form(max_files=0, max_fields=20) as form:
        id_, sent, does = typed(form, "id"), _read(form), typed(form, "do")
    now = await library_of(request).get(kit)
    old = await _ever(request, now, sent.version, id_)
    editing = _editing(request, kit, sent.version)
    try:
        if does == "withdraw":
            await editing.withdraw(id_, sent.reason)
        elif does == "put back":
            await editing.put_back(id_)
        else:
            await editing.reword(id_, wording(old.kind, sent.values))
    except (BadInput, Outdated) as error:
        now = error.now if isinstance(error, Outdated) else now
        return _atom_page(request, now, now.by_id.get(id_, old), sent, error)
    return RedirectResponse(f"{_here(kit)}/atoms?id={quote(id_, safe='')}&saved=1", 303)


@router.get("/library/{kit}/add")
async def new(request: Request, kit: str, kind: Kind, parent: str = "") -> Response:
    """The form for something new."""
    now = await library_of(request).get(kit)
    above = found(now, parent) if parent else None
    return _add_page(request, now, kind, above, Typed(now.version))


@router.post("/library/{kit}/add")
async def add(request: Request, kit: str) -> Response:
    """Add it, or show it again with what is wrong."""
    async with request.form(max_files=0, max_fields=20) as form:
        sent, parent, chosen = _read(form), typed(form, "parent"), typed(form, "kind")
    now = await library_of(request).get(kit)
    kind = next((each for each in KINDS if each == chosen), None)
    above = await _ever(request, now, sent.version, parent) if parent else None
    if kind is None:
        raise BadInput("It is not said what is to be added.", "Begin at the kit's page.")
    try:
        said = wording(kind, sent.values)
        _, made = await _editing(request, kit, sent.version).add(parent or None, kind, said)
    except (BadInput, Outdated) as error:
        now = error.now if isinstance(error, Outdated) else now
        return _add_page(request, now, kind, above, sent, error)
    id_ = quote(made.id, safe="")
    return RedirectResponse(f"{_here(kit)}/atoms?id={id_}&saved=1", 303)


def _atom_page(
    request: Request, kit: Kit, shown: Atom, sent: Typed, error: VivaError | None = None
) -> Response:
    return _page(
        request,
        kit,
        shown.kind,
        sent,
        error,
        atom=shown,
        parent=kit.by_id.get(shown.parent or ""),
        concerns=concerns_of(shown),
        addable=ADDABLE.get(shown.kind, ()),
        below=[each for each in kit.atoms if each.parent == shown.id],
        goes_with=shown.withdrawn is None and shown.id in kit.withdrawn,
        saved="saved" in request.query_params,
    )


def _add_page(
    request: Request,
    kit: Kit,
    kind: Kind,
    above: Atom | None,
    sent: Typed,
    error: VivaError | None = None,
) -> Response:
    if kind not in ADDABLE.get(above.kind if above else None, ()):
        raise BadInput("Nothing of this kind goes there.", "Begin at the kit's page.")
    return _page(request, kit, kind, sent, error, atom=None, parent=above, concerns=(), saved=False)


def _page(
    request: Request, kit: Kit, kind: Kind, sent: Typed, error: VivaError | None, **context: Any
) -> Response:
    """After a conflict the form goes on from the version that it is shown beside."""
    if isinstance(error, Outdated):
        sent.version = error.now.version
    return team_page(
        request,
        "library_atom.html",
        known(error)[0] if error else 200,
        kit=kit,
        kind=kind,
        typed=sent,
        error=error,
        outdated=isinstance(error, Outdated),
        wrong=getattr(error, "field", None),
        uses={name for name, kinds in USES.items() if kind in kinds},
        choices=CHOICES,
        longest=LONGEST_TEXT,
        named=NAMED,
        edits=edits(request),
        **context,
    )


async def _ever(request: Request, now: Kit, version: str, id_: str) -> Atom:
    """An atom as it is, or as it was at the version of the form, where it is gone since.

    Raises:
        NotFound: it was not there either.
    """
    if id_ in now.by_id:
        return now.by_id[id_]
    return found(await version_of(request, now.name, version), id_)


def _typed_of(kit: Kit, shown: Atom) -> Typed:
    values = {name: getattr(shown, name) or "" for name in FIELDS}
    return Typed(kit.version, {**values, "critical": shown.critical})


def _read(form: FormData) -> Typed:
    values: dict[str, Any] = {name: typed(form, name) for name in FIELDS}
    values["text"] = values["text"].replace("\r\n", "\n")
    critical = typed(form, "critical") == "yes"
    return Typed(typed(form, "version"), {**values, "critical": critical}, typed(form, "reason"))


def _editing(request: Request, kit: str, version: str) -> KitEditing:
    return KitEditing(service_of(request).store.database, caller_of(request), kit, version)


def _here(kit: str) -> str:
    return f"/library/{quote(kit, safe='')}"
