"""Sets of interviews to mark: listed, made, looked at, closed; marks as a table, in and out."""

from typing import Annotated, Any, Literal, NamedTuple

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData, UploadFile

from api.hiring.reviewing import LONGEST_NAME, is_person
from api.hiring.scorecards import Card, card_of
from api.identity.access import caller_of
from api.identity.accounts import Accounts
from api.marking.agreement import agreement
from api.marking.model import Entry, Marker, Points, marker_of
from api.marking.sets import Eligible, NewSet, Sets, draw
from api.marking.table import MOST_BYTES, bring_in, read
from api.pages.errors import Page
from api.pages.forms import text_in
from api.pages.team import team_page
from api.web.asking import service_of, workspace_of
from api.web.problems import known
from api.web.wire import NO_NUL
from knowledge.errors import BadInput, NotFound

router = APIRouter(route_class=Page, include_in_schema=False)

MOST_LISTED = 200
"""Interviews that are offered to be chosen by hand, the newest."""
MOST_WRONG = 50
By = Annotated[str, Query(max_length=LONGEST_NAME, pattern=NO_NUL)]


class Row(NamedTuple):
    """An interview of a set, as whoever looks sees it; `notes` are about the marks that are in."""

    entry: Entry
    mine: Literal["kept", "taken", ""]
    notes: list[str]


@router.get("/marking")
async def listed(request: Request) -> Response:
    """All sets, newest first, with how far they are."""
    sets = _sets(request)
    rows = []
    for each in await sets.of(workspace_of(request)):
        entries = await sets.entries(each.id)
        complete = [entry for entry in entries if each.is_in(entry)]
        unsettled = sum(len(entry.unsettled) for entry in complete)
        rows.append((each, len(complete), unsettled, len(entries)))
    return team_page(request, "marking.html", rows=rows)


@router.get("/marking/new")
async def new(request: Request) -> Response:
    """The form to make a set."""
    return await _new(request)


@router.post("/marking/new")
async def make(request: Request) -> Response:
    """Fields: `title`, `source` (`screen:ID`, `kit:NAME` or empty), `number` to draw (empty: all),
    `interview` for each chosen by hand, `needed`, and `marker` for each who may mark."""
    async with request.form(max_files=0, max_fields=2_000) as form:
        typed = {name: text_in(form, name) for name in ("title", "source", "number", "needed")}
        chosen = {name: [str(each) for each in form.getlist(name)] for name in ("interview",)}
        markers = [str(each) for each in form.getlist("marker")]
    try:
        eligible = await _sets(request).eligible(caller_of(request))
        ids = chosen["interview"] or _drawn(eligible, typed["source"], typed["number"])
        wish = NewSet(typed["title"], ids, _number(typed["needed"] or "2"), markers)
        made = await _sets(request).make(caller_of(request), wish)
    except (BadInput, NotFound) as error:
        return await _new(request, typed | {"markers": markers, **chosen}, error)
    return RedirectResponse(f"/marking/{made}", 303)


@router.get("/marking/{set}")
async def one(request: Request, set: str, by: By = "", kept: int = 0, none: int = 0) -> Response:
    """How far a set is, and what one can do in it."""
    told = f"Your marks of number {kept} are kept." if kept else ""
    return await _one(request, set, by, told=told, none=bool(none))


@router.post("/marking/{set}/close")
async def close(request: Request, set: str) -> Response:
    """Nothing is marked in it any more."""
    await _sets(request).close(caller_of(request), set)
    return RedirectResponse(f"/marking/{set}", 303)


@router.post("/marking/{set}/open")
async def reopen(request: Request, set: str) -> Response:
    """Go on with it."""
    await _sets(request).reopen(caller_of(request), set)
    return RedirectResponse(f"/marking/{set}", 303)


@router.post("/marking/{set}/import")
async def import_marks(request: Request, set: str) -> Response:
    """Bring marks in from a table, the field `file`; lines that cannot be used are told."""
    async with request.form(max_files=1, max_fields=2, max_part_size=MOST_BYTES) as form:
        file = await _file(form)
    try:
        lines, wrong = read(file)
        known_to_set = {entry.interview for entry in await _sets(request).entries(set)}
        wanted = known_to_set & {line.row.transcript for line in lines}
        points = {id_: points_of(await _card(request, id_)) for id_ in sorted(wanted)}
        database = service_of(request).store.database
        kept, unfit = await bring_in(database, caller_of(request), set, lines, points)
    except BadInput as error:
        return await _one(request, set, error=error)
    wrong = sorted([*wrong, *unfit], key=lambda each: each.line)
    told = f"{kept:,} marks came in." if kept else "No mark came in."
    return await _one(request, set, told=told, wrong=wrong)


def points_of(card: Card) -> Points:
    """What there is to mark in an interview."""
    questions = {place: topic.question for place, topic in enumerate(card.ledger.topics, 1)}
    return Points(card.to_mark, questions)


def whoever(request: Request, by: str) -> Marker | None:
    """Who marks, where that is known."""
    caller = caller_of(request)
    return marker_of(caller, by) if is_person(caller) and (caller.user or by.strip()) else None


async def _card(request: Request, interview: str) -> Card:
    return await card_of(service_of(request), interview, unmarked=True)


async def _new(
    request: Request, typed: dict[str, Any] | None = None, error: BadInput | NotFound | None = None
) -> Response:
    eligible = await _sets(request).eligible(caller_of(request))
    people = await Accounts(service_of(request).store.database).of(workspace_of(request))
    blank = {"title": "", "source": "", "number": "", "needed": "2", "markers": [], "interview": []}
    return team_page(
        request,
        "marking_new.html",
        known(error)[0] if error else 200,
        eligible=eligible[:MOST_LISTED],
        in_all=len(eligible),
        screens=_counted((f"screen:{e.screen}", e.title) for e in eligible if e.screen),
        kits=_counted((f"kit:{e.kit}", e.kit) for e in eligible),
        people=[each for each in people if each.disabled is None],
        typed=blank | (typed or {}),
        error=error,
    )


async def _one(
    request: Request,
    set_id: str,
    by: str = "",
    *,
    told: str = "",
    none: bool = False,
    wrong: Any = (),
    error: BadInput | None = None,
) -> Response:
    sets, caller = _sets(request), caller_of(request)
    found = await sets.get(workspace_of(request), set_id)
    entries, me = await sets.entries(set_id), whoever(request, by)
    return team_page(
        request,
        "marking_set.html",
        known(error)[0] if error else 200,
        set_=found,
        rows=[_row(entry, me) for entry in entries],
        unsettled=sum(len(each.unsettled) for each in entries if found.is_in(each)),
        complete=sum(map(found.is_in, entries)),
        me=me,
        may_mark=is_person(caller) and caller.writes and found.may_be_marked_by(caller),
        asks_name=caller.is_local,
        by=by,
        agreement=agreement(entry for entry in entries if found.is_in(entry)),
        told=told,
        none=none,
        wrong=wrong[:MOST_WRONG],
        wrong_in_all=len(wrong),
        error=error,
    )


def _row(entry: Entry, me: Marker | None) -> Row:
    kept = any(sheet.is_of(me) for sheet in entry.kept) if me else False
    taken = any(sheet.marker == me.id for sheet in entry.taken) if me else False
    kinds = {
        "first on its scorecard": sum(sheet.source == "review" for sheet in entry.kept),
        "from a table": sum(sheet.source == "csv" for sheet in entry.kept),
        "by an author of the kit": sum(sheet.is_author for sheet in entry.kept),
        "not blind": sum(not sheet.blind for sheet in entry.kept),
    }
    notes = [f"{number} {kind}" for kind, number in kinds.items() if number]
    return Row(entry, "taken" if taken else "kept" if kept else "", notes)


def _counted(pairs: Any) -> dict[str, tuple[str, int]]:
    """Values with their names and how often they come."""
    found: dict[str, tuple[str, int]] = {}
    for value, name in pairs:
        found[value] = (name, found.get(value, (name, 0))[1] + 1)
    return found


def _drawn(eligible: list[Eligible], source: str, number: str) -> list[str]:
    kind, _, which = source.partition(":")
    where = "screen" if kind == "screen" else "kit"
    ids = [each.id for each in eligible if not which or getattr(each, where) == which]
    if not ids:
        raise BadInput("There is no ended interview to be marked there.", "Choose others.")
    return draw(ids, _number(number)) if number else ids


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise BadInput(f"“{text[:20]}” is no whole number.", "Write it in digits.")
    return int(text)


async def _file(form: FormData) -> bytes:
    chosen = form.get("file")
    return await chosen.read(MOST_BYTES + 1) if isinstance(chosen, UploadFile) else b""


def _sets(request: Request) -> Sets:
    return Sets(service_of(request).store.database)
