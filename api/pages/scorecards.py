"""The scorecard of an interview: read by the team, decided by people."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api.hiring.judging import COMPETENCY, OUTCOMES, PHRASES, VERDICT, Judging, Subject
from api.hiring.reviewing import FOUND, LONGEST, LONGEST_NAME, LONGEST_WORDS, is_person
from api.hiring.scorecards import Card, card_of, neighbours
from api.identity.access import caller_of
from api.identity.rules import OF_TEAM, RECRUITER
from api.pages.errors import Page
from api.pages.forms import text_in
from api.pages.report_page import context
from api.pages.report_view import questions
from api.pages.scorecard_view import (
    FOUND_WORDS,
    at_a_glance,
    conversation,
    moments,
    needs_a_person,
    side_by_side,
)
from api.pages.team import team_page
from api.web.asking import service_of
from api.web.problems import known
from knowledge.errors import BadInput

router = APIRouter(route_class=Page, include_in_schema=False)

OUTCOME_WORDS = {
    "advance": ("Advance", "They go on to the next step."),
    "hold": ("Hold", "It is not settled: more is to be known first."),
    "decline": ("Decline", "They do not go on."),
}


class NotKept(NamedTuple):
    """A form that could not be taken, with what was written in it."""

    form: str
    fields: Mapping[str, str]
    error: BadInput


@router.get("/scorecards/{id}")
async def scorecard(id: str, request: Request) -> Response:
    """The scorecard; the form to mark it first, where a person is to; opening it marks it read."""
    return await _page(request, id)


@router.post("/scorecards/{id}/decisions")
async def decide(id: str, request: Request) -> Response:
    """Fields: `outcome`, `reason`, and `by` where nobody has an account."""
    form = await fields_of(request)
    caller, judging = caller_of(request), _judging(request)
    given = form.get("outcome", ""), form.get("reason", "")
    try:
        await judging.decide(caller, id, *given, by=who(request, form))
    except BadInput as error:
        return await _page(request, id, NotKept("decision", form, error))
    return RedirectResponse(f"/scorecards/{id}#decision", 303)


@router.post("/scorecards/{id}/overrides")
async def override(id: str, request: Request) -> Response:
    """Fields: `subject`, `value`, `reason`, `question` for a mark, and `by` as above."""
    form = await fields_of(request)
    subject = Subject(form.get("subject", ""), _place(form))
    report = await service_of(request).report(id, "team")
    given = form.get("value", ""), form.get("reason", "")
    try:
        by = who(request, form)
        await _judging(request).override(caller_of(request), report, subject, *given, by=by)
    except BadInput as error:
        return await _page(request, id, NotKept(_form(subject), form, error))
    return RedirectResponse(f"/scorecards/{id}#{_form(subject)}", 303)


@router.post("/scorecards/{id}/notes")
async def note(id: str, request: Request) -> Response:
    """Fields: `text`, and `by` as above."""
    form = await fields_of(request)
    try:
        text, by = form.get("text", ""), who(request, form)
        await _judging(request).note(caller_of(request), id, text, by=by)
    except BadInput as error:
        return await _page(request, id, NotKept("note", form, error))
    return RedirectResponse(f"/scorecards/{id}#notes", 303)


@router.post("/scorecards/{id}/unread")
async def unread(id: str, request: Request) -> RedirectResponse:
    """Mark it as not read by oneself, and go back to the screen's candidates."""
    await _judging(request).unread(caller_of(request), id)
    stored = await service_of(request).store.load(id)
    screen = stored.screen_id
    return RedirectResponse(f"/screens/{screen}/candidates" if screen else "/reviews", 303)


async def fields_of(request: Request) -> dict[str, str]:
    """A form's fields as texts; a browser's line break is one character."""
    async with request.form(max_fields=5_000, max_files=0) as form:
        return {name: text_in(form, name) for name in form}


def who(request: Request, form: Mapping[str, str]) -> str:
    """Who judges: who is signed in, or, where nobody has an account, whom they name."""
    caller = caller_of(request)
    return form.get("by", "") if caller.is_local else caller.name


def about(card: Card, request: Request) -> dict[str, Any]:
    """What every page about one interview is told."""
    caller = caller_of(request)
    person = is_person(caller) and caller.writes
    return {
        "card": card,
        "person": card.person,
        "asks_name": caller.is_local,
        "may": {
            "decide": person and caller.is_any(RECRUITER.roles),
            "mark": person and caller.is_any(OF_TEAM.roles),
            "note": caller.writes and caller.is_any(OF_TEAM.roles),
        },
        "found_words": FOUND_WORDS,
        "limits": {"text": LONGEST, "words": LONGEST_WORDS, "name": LONGEST_NAME},
    }


def marking(card: Card) -> dict[str, Any]:
    """What a person marks from; the card is blind, or was made as if it were."""
    asked: dict[int, list[Any]] = {}
    for each in card.to_mark:
        asked.setdefault(each.question, []).append(each)
    return {"questions": questions(card.report), "asked": asked, "verdicts": FOUND}


async def _page(request: Request, interview: str, kept: NotKept | None = None) -> Response:
    service, caller = service_of(request), caller_of(request)
    card = await card_of(service, interview)
    status = known(kept.error)[0] if kept else 200
    shared = about(card, request) | {"kept": kept}
    if card.blind:
        return team_page(request, "review.html", status, **shared, **marking(card), first=True)
    if card.stored.status == "ended":
        await _judging(request).read(caller, interview)
    shown = (
        _shown(card, recruits=shared["may"]["decide"]) | {"live": shared["may"]["decide"]} | shared
    )
    shown["lines"] = conversation(await service.seen(interview))
    shown["beside"] = await neighbours(service.store.database, card)
    return team_page(request, "scorecard.html", status, **shown)


def _shown(card: Card, *, recruits: bool) -> dict[str, Any]:
    page = context(card.report, live=True)
    names = {f"{COMPETENCY}{each.name}": each.name for each in card.report.competencies}
    return page | {
        "moments": moments(card.report, card.ledger),
        "attention": needs_a_person(card, recruits=recruits),
        "glance": at_a_glance(page["competencies"]),
        "people": [side_by_side(card.report, each, card.to_mark) for each in card.reviews],
        "outcomes": {name: OUTCOME_WORDS[name] for name in OUTCOMES},
        "phrases": PHRASES,
        "verdicts": FOUND,
        "points": {q.place: {row.atom: row.text for row in q.rows} for q in page["questions"]},
        "competency_names": names,
        "of_verdict": VERDICT,
    }


def _judging(request: Request) -> Judging:
    return Judging(service_of(request).store.database)


def _form(subject: Subject) -> str:
    """Where the form, and what was said in it, stands on the page."""
    if subject.question is not None:
        return f"marks-{subject.question}"
    return "verdict" if subject.subject == VERDICT else "competencies"


def _place(form: Mapping[str, str]) -> int | None:
    text = form.get("question", "")
    if text and not (text.isascii() and text.isdigit() and len(text) < 6):
        raise BadInput("It is not said which question is meant.", "Load the scorecard again.")
    return int(text) if text else None
