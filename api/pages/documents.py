"""Documents that come in by a form."""

import re
from pathlib import PurePath

from fastapi import Request
from starlette.datastructures import FormData, UploadFile

from api.web.asking import service_of, workspace_of
from knowledge.errors import BadInput
from knowledge.library import Library
from knowledge.readers import READ

LONGEST_SLUG = 60


def typed(form: FormData, field: str) -> str:
    """What was typed into a field, without the white space around it."""
    value = form.get(field)
    return value.strip() if isinstance(value, str) else ""


async def files_in(form: FormData) -> list[tuple[str, bytes]]:
    """The chosen files by name.

    Raises:
        BadInput: none was chosen.
    """
    chosen = [each for each in form.getlist("files") if isinstance(each, UploadFile)]
    files = [(each.filename, await each.read()) for each in chosen if each.filename]
    if not files:
        raise BadInput("No document was chosen.", f"Choose one or more: {READ}.")
    return files


async def free_name(request: Request, filename: str) -> str:
    """A name after the first document that no kit has yet."""
    stem = re.sub(r"[^\w]+", "-", PurePath(filename).stem.casefold()).strip("-_")
    base = stem[:LONGEST_SLUG] or "my-kit"
    library = Library(service_of(request).store.database, workspace_of(request))
    taken = {kit.name for kit in await library.list()}
    names = (base, *(f"{base}-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)
