"""What waits for a person, and the form in which one marks an interview."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from api.hiring.review_queue import ON_PAGE, Waiting, Why, queue
from api.hiring.reviewing import FOUND, Found, PersonMark, Reviews
from api.hiring.scorecards import Card, card_of
from api.hiring.screens import Screens
from api.identity.access import caller_of
from api.identity.rules import RECRUITER
from api.pages.errors import Page
from api.pages.scorecards import NotKept, about, fields_of, marking, who
from api.pages.team import team_page
from api.web.asking import service_of, workspace_of
from api.web.problems import known
from api.web.wire import NO_NUL
from knowledge.errors import BadInput

router = APIRouter(route_class=Page, include_in_schema=False)

KINDS: dict[Why, tuple[str, str]] = {
    "person": (
        "Asked for a person or another way",
        "They wait for your answer. Who is not through the interview yet comes first.",
    ),
    "blind": ("Mark first", "A random share is marked by a person before anyone sees the marks."),
    "critical": ("Critical flag", "The kit calls a person. The flag decides nothing by itself."),
    "contested": ("Contested", "The candidate sees a mark or a question otherwise."),
    "disputed": ("Disputed", "The answer gives a reason against what the kit says."),
    "needs_person": (
        "Another road",
        "The answer may be right in a way that the kit does not list.",
    ),
    "ungraded": ("Ungraded", "An answer could not be marked. It counts for nothing, not for zero."),
    "abstained": ("Left open", "The examiner could not tell whether a point was made."),
    "mixed": ("Mixed examiners", "Two examiners marked it, or an answer waits for the other."),
    "provisional": (
        "Provisional",
        "One instrument alone, or a mix, marked it, and nobody has decided yet.",
    ),
}


@router.get("/reviews")
async def reviews(
    request: Request,
    why: Annotated[Why | None, Query()] = None,
    screen: Annotated[str, Query(max_length=16, pattern=NO_NUL)] = "",
    page: Annotated[int, Query(ge=1, le=1_000)] = 1,
) -> Response:
    """The queue; `why` and `screen` leave only some of it."""
    service, workspace = service_of(request), workspace_of(request)
    database = service.store.database
    await service.results.catch_up()
    kinds = (why,) if why else ()
    recruits = caller_of(request).is_any(RECRUITER.roles)
    found = await queue(database, workspace, why=kinds, screen=screen, page=page, recruits=recruits)
    chosen: dict[str, Any] = {"why": why or "", "screen": screen, "page": page}
    return team_page(
        request,
        "reviews.html",
        found=found,
        kinds=KINDS,
        screens=await Screens(database).of(workspace),
        pages=max(1, -(-found.matching // ON_PAGE)),
        leads=_leads,
        link=lambda **new: _link({**chosen, "page": 1, **new}),
        **chosen,
    )


@router.get("/reviews/{id}")
async def mark(id: str, request: Request) -> Response:
    """The form to mark an interview oneself, without anything of the machine's."""
    return await _form(request, id)


@router.post("/reviews/{id}")
async def keep(id: str, request: Request) -> Response:
    """Fields: `mark-QUESTION-ATOM` and `words-QUESTION-ATOM` for each point, `text`,
    `is_author`, and `by` where nobody has an account."""
    form = await fields_of(request)
    card = await card_of(service_of(request), id)
    try:
        await Reviews(service_of(request).store.database).add(
            caller_of(request),
            id,
            card.to_mark,
            marks_in(card, form),
            by=who(request, form),
            is_author=bool(form.get("is_author")),
            text=form.get("text", ""),
        )
    except BadInput as error:
        return await _form(request, id, NotKept("review", form, error))
    return RedirectResponse(f"/scorecards/{id}#side-by-side", 303)


async def _form(request: Request, interview: str, kept: NotKept | None = None) -> Response:
    card = await card_of(service_of(request), interview, unmarked=True)
    shown: dict[str, Any] = about(card, request) | marking(card) | {"kept": kept}
    status = known(kept.error)[0] if kept else 200
    return team_page(request, "review.html", status, first=card.blind, **shown)


def marks_in(card: Card, form: Mapping[str, str]) -> list[PersonMark]:
    """What was chosen; what was not is left out, and found missing where it is kept."""
    marks = []
    for each in card.to_mark:
        key = f"{each.question}-{each.atom}"
        chosen: Found | None = next((v for v in FOUND if v == form.get(f"mark-{key}")), None)
        if chosen:
            words = form.get(f"words-{key}", "").strip()
            marks.append(PersonMark(each.question, each.atom, chosen, words))
    return marks


def _leads(line: Waiting) -> str:
    """Where it is told what waits."""
    if line.interview is None:
        return f"/screens/{line.screen}/invites/{line.invite}#asked"
    return f"/scorecards/{line.interview}{'' if 'blind' in line.why else '#glance'}"


def _link(chosen: Mapping[str, object]) -> str:
    kept = {name: value for name, value in chosen.items() if value and (name, value) != ("page", 1)}
    return f"/reviews?{urlencode(kept)}" if kept else "/reviews"
