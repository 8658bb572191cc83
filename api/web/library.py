"""The team's kits over HTTP: uploads that are looked at while they run, and edits."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, File, Form, Path, Query, Request, UploadFile, status
from pydantic import BaseModel, ConfigDict, Field

from api.hiring.kit_editing import KitEditing
from api.identity.access import caller_of
from api.pages.documents import free_name
from api.upload_jobs import Job
from api.uploads import MOST_BYTES, MOST_FILES
from api.web import problems
from api.web.asking import library_of, service_of
from api.web.kits import KitName
from api.web.wire import NO_NUL, Answered
from knowledge.atoms import Atom, Kind, Level, Polarity, Role
from knowledge.concerns import concerns_of
from knowledge.editing import LONGEST_TEXT, found, wording
from knowledge.ingest import Outcome
from knowledge.readers import READ

router = APIRouter(tags=["library"])

AtomId = Annotated[str, Field(min_length=1, max_length=500, pattern=NO_NUL)]
Said = Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT, pattern=NO_NUL)]
Version = Annotated[
    str, Field(pattern="^[0-9a-f]{12}$", description="The kit's version that the edit is made on.")
]


class UploadView(Answered):
    """How an upload stands; `outcome` once it is done, `error` if it failed."""

    id: str
    kit: str
    state: Literal["working", "done", "failed"]
    doing: str
    outcome: Outcome | None = None
    error: str | None = None


class Caution(Answered):
    """What a criterion touches that tends to hurt groups of people, and why it is a worry."""

    name: str
    why: str


class AtomView(Answered):
    """An atom with the warnings on it."""

    atom: Atom
    concerns: list[Caution]


class LibraryKit(Answered):
    """A page of a kit's atoms; `after` leads to the next one."""

    name: str
    version: str
    title: str | None
    shared: bool = Field(description="It comes with Viva; the first edit makes an own copy.")
    atoms: list[AtomView]
    after: int | None


class _Edit(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: Version


class NewWording(_Edit):
    """All that an atom is to say; what is left out it does not say."""

    text: Said
    level: Level | None = None
    role: Role | None = None
    group: Annotated[str, Field(max_length=100, pattern=NO_NUL)] | None = None
    polarity: Polarity | None = None
    critical: bool = Field(
        default=False, description="A person looks at it first; nothing else is done by it."
    )

    def said(self) -> dict[str, Any]:
        """Its fields as `wording` takes them."""
        return self.model_dump(include={"text", "level", "role", "group", "polarity", "critical"})


class ChangedAtom(NewWording):
    """The same for an atom that is there."""

    id: AtomId


class NewAtom(NewWording):
    """The same for a new atom, below another or at the top of the kit."""

    kind: Kind
    parent: AtomId | None = None


class Withdrawal(_Edit):
    """An atom that is not to be used any more, and why; without a reason it is used again."""

    id: AtomId
    reason: Said | None = None


class Edited(Answered):
    """The kit's version with the edit, and the atom as it is in it."""

    version: str
    atom: Atom


@router.post(
    "/api/library",
    status_code=status.HTTP_202_ACCEPTED,
    responses=problems.documented(400, 409, 413, 422, 503),
)
async def upload(
    request: Request,
    files: Annotated[
        list[UploadFile],
        File(
            min_length=1,
            description=f"{READ}: at most {MOST_FILES}, {MOST_BYTES:,} bytes.",
        ),
    ],
    name: Annotated[str, Form(max_length=200, pattern=NO_NUL)] = "",
    company: Annotated[str, Form(max_length=200, pattern=NO_NUL)] = "",
) -> UploadView:
    """Begin to make a kit of documents; without a name, under the first file's."""
    sent = [(file.filename or "document", await file.read()) for file in files]
    kit = name.strip() or await free_name(request, sent[0][0])
    jobs = service_of(request).uploads
    return _upload_view(jobs.start(caller_of(request), kit, sent, company.strip() or None))


@router.get("/api/uploads/{upload}", responses=problems.documented(404, 422, 503))
async def look(
    request: Request, upload: Annotated[str, Path(max_length=40, examples=["k3m9x2p4qa"])]
) -> UploadView:
    """How an upload stands. It is known to the process that took it, until that ends."""
    workspace = caller_of(request).workspace or ""
    return _upload_view(service_of(request).uploads.get(workspace, upload))


@router.get("/api/library/{kit}", responses=problems.documented(404, 422, 503))
async def kit(
    request: Request,
    kit: KitName,
    after: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
    most: Annotated[int, Query(ge=1, le=1_000)] = 200,
) -> LibraryKit:
    """Everything in a kit, for the team: its rubric, too."""
    kept = library_of(request)
    whole = await kept.get(kit)
    some = whole.atoms[after : after + most]
    return LibraryKit(
        name=whole.name,
        version=whole.version,
        title=whole.title,
        shared=kit not in await kept.own(),
        atoms=[AtomView(atom=atom, concerns=_concerns(atom)) for atom in some],
        after=after + most if after + most < len(whole.atoms) else None,
    )


@router.put("/api/library/{kit}/atoms", responses=problems.documented(400, 404, 409, 422, 503))
async def reword(request: Request, kit: KitName, change: ChangedAtom) -> Edited:
    """Have an atom say something else; the kit gets another version."""
    old = found(await library_of(request).get(kit), change.id)
    new = wording(old.kind, change.said())
    made = await _editing(request, kit, change).reword(change.id, new)
    return Edited(version=made.version, atom=made.by_id[change.id])


@router.post(
    "/api/library/{kit}/atoms",
    status_code=status.HTTP_201_CREATED,
    responses=problems.documented(400, 404, 409, 422, 503),
)
async def add(request: Request, kit: KitName, new: NewAtom) -> Edited:
    """Add an atom; the kit gets another version."""
    said = wording(new.kind, new.said())
    made, atom = await _editing(request, kit, new).add(new.parent, new.kind, said)
    return Edited(version=made.version, atom=atom)


@router.post(
    "/api/library/{kit}/withdrawals", responses=problems.documented(400, 404, 409, 422, 503)
)
async def withdraw(request: Request, kit: KitName, what: Withdrawal) -> Edited:
    """Use an atom no more, or again; it stays to be read."""
    editing = _editing(request, kit, what)
    if what.reason is None:
        made = await editing.put_back(what.id)
    else:
        made = await editing.withdraw(what.id, what.reason)
    return Edited(version=made.version, atom=made.by_id[what.id])


def _editing(request: Request, kit: str, edit: _Edit) -> KitEditing:
    database = service_of(request).store.database
    return KitEditing(database, caller_of(request), kit, edit.version)


def _concerns(atom: Atom) -> list[Caution]:
    return [Caution(name=each.name, why=each.why) for each in concerns_of(atom)]


def _upload_view(job: Job) -> UploadView:
    error = job.error and f"{job.error.message} {job.error.remedy}"
    return UploadView(
        id=job.id,
        kit=job.kit,
        state=job.state,
        doing=job.doing,
        outcome=job.outcome,
        error=error,
    )
