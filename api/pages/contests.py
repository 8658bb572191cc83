"""Forms of the report page: contest a mark, decide a contest; both lead back to the report."""

import hashlib
from itertools import zip_longest

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from agent.contesting import Complaint
from agent.report.model import Audience
from agent.ruling import Found, Ruling
from api.identity.access import caller_of
from api.pages.errors import Page
from api.pages.forms import text_in
from api.pages.report_page import NotSent
from api.pages.reports import report_page
from api.web.contests import contests_of, decider
from knowledge.errors import BadInput

router = APIRouter(route_class=Page, include_in_schema=False)


@router.post("/interviews/{id}/contests")
async def contest(id: str, request: Request) -> Response:
    """Fields: `question`, `reason`, and any of `atom`, `words`.

    What cannot be taken comes back in its form, with the reason.
    """
    async with request.form(max_fields=10, max_files=0) as form:
        complaint = Complaint(
            contest_id=_made_of(form),
            question=_number(form, "question"),
            reason=text_in(form, "reason"),
            atom=text_in(form, "atom") or None,
            words=text_in(form, "words") or None,
        )
    try:
        made, _ = await contests_of(request).contest(id, complaint, by=caller_of(request))
    except BadInput as error:
        said = (complaint.question, complaint.atom, complaint.reason, complaint.words)
        return await report_page(request, id, "candidate", NotSent(*said, error))
    return _back(id, "candidate", made.number)


@router.post("/interviews/{id}/contests/{number}/decision")
async def decide(id: str, number: int, request: Request) -> RedirectResponse:
    """Fields: `decision` (uphold or refuse), `reason`, `by`, and any of `words`, `withdraw`.

    `back` is `scorecard` where it was decided there. For a question as a whole `point` and
    `point_words`, as often as there are points, in order.
    """
    async with request.form(max_fields=100, max_files=0) as form:
        ruling, back = _ruling(form, request), text_in(form, "back")
    decided = await contests_of(request).decide(id, number, ruling, by=caller_of(request))
    if back == "scorecard":
        return RedirectResponse(f"/scorecards/{id}#contest-{decided.number}", 303)
    return _back(id, "team", decided.number)


def _ruling(form: FormData, request: Request) -> Ruling:
    decision = text_in(form, "decision")
    if decision not in {"uphold", "refuse"}:
        raise BadInput("It is not said what is decided.", "Choose to uphold or to refuse it.")
    withdraws, upholds = bool(text_in(form, "withdraw")), decision == "uphold"
    said = upholds and not withdraws  # a form comes filled with the candidate's words
    return Ruling(
        upholds=upholds,
        reason=text_in(form, "reason"),
        by=decider(request, text_in(form, "by")),
        words=(text_in(form, "words") or None) if said else None,
        points=_points(form, said=said) if upholds else (),
        withdraws=withdraws,
    )


def _points(form: FormData, *, said: bool) -> tuple[Found, ...]:
    named, words = ([*map(str, form.getlist(field))] for field in ("point", "point_words"))
    pairs = zip_longest(named, words[: len(named)], fillvalue="")
    return tuple(
        Found(atom, (text.strip() or None) if said else None) for atom, text in pairs if atom
    )


def _number(form: FormData, field: str) -> int:
    text = text_in(form, field)
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise BadInput(
            "It is not said which question is meant.", "Go back and send the form again."
        )
    return int(text)


def _made_of(form: FormData) -> str:
    """The same form sent twice is one contest."""
    said = "\0".join(text_in(form, field) for field in ("question", "atom", "reason", "words"))
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:32]


def _back(interview: str, audience: Audience, number: int) -> RedirectResponse:
    return RedirectResponse(f"/interviews/{interview}/report?for={audience}#contest-{number}", 303)
