"""The forms by which people are invited, as they were sent."""

import re
from collections.abc import Mapping

from starlette.datastructures import FormData, UploadFile

from api.hiring.csv_people import MOST_CSV, factor, tidy
from api.hiring.errors import Unfit
from api.hiring.invite import LASTS, MOST_DAYS, NewInvite

FORM = ("name", "email", "reference", "time", "days")
"""The fields for one person."""


def wish_of(typed: Mapping[str, str]) -> NewInvite:
    """Whom the form for one person names.

    Raises:
        BadInput: nobody, or something in it cannot be understood.
    """
    wish = NewInvite(
        name=tidy(typed["name"]),
        email=typed["email"],
        reference=tidy(typed["reference"]),
        extra_time=factor(typed["time"]),
        days=days_of(typed["days"]),
    )
    if not (wish.name or wish.email or wish.reference):
        raise Unfit("name", "It is not said who is invited.", "Give a name or an address.")
    return wish


def days_of(said: str) -> float:
    """How long a link is good; the usual where nothing is said.

    Raises:
        Unfit: it is no number of days, or too many.
    """
    if not said:
        return LASTS
    if not re.fullmatch(r"[0-9]{1,3}(?:[.,][0-9]{1,3})?", said):
        raise Unfit("days", f"{said[:20]!r} is no number of days.", "Write 14.")
    days = float(said.replace(",", "."))
    if not 0 < days <= MOST_DAYS:
        raise Unfit("days", f"A link lasts up to {MOST_DAYS:g} days.", "Write 14.")
    return days


async def list_in(form: FormData) -> bytes:
    """The chosen file, or what was pasted in its place."""
    chosen = form.get("file")
    if isinstance(chosen, UploadFile) and (content := await chosen.read(MOST_CSV + 1)):
        return content
    return str(form.get("people", "")).encode(errors="replace")
