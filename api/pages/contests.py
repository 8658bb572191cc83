"""Forms of the report page: contest a mark, decide a contest; both lead back to the report."""

import hashlib
from itertools import zip_longest

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from agent.contesting import Complaint
from agent.report.model import Audience
from agent.ruling import Found, Ruling
from api.pages.errors import Page
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
            reason=_text(form, "reason"),
            atom=_text(form, "atom") or None,
            words=_text(form, "words") or None,
        )
    try:
        made, _ = await contests_of(request).contest(id, complaint)
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
        ruling, back = _ruling(form, request), _text(form, "back")
    decided = await contests_of(request).decide(id, number, ruling)
    if back == "scorecard":
        return RedirectResponse(f"/scorecards/{id}#contest-{decided.number}", 303)
    return _back(id, "team", decided.number)


def _ruling(form: FormData, request: Request) -> Ruling:
    decision = _text(form, "decision")
    if decision not in {"uphold", "refuse"}:
        raise BadInput("It is not said what is decided.", "Choose to uphold or to refuse it.")
    withdraws, upholds = bool(_text(form, "withdraw")), decision == "uphold"
    said = upholds and not withdraws  # a form comes filled with the candidate's words
    return Ruling(
        upholds=upholds,
        reason=_text(form, "reason"),
        by=decider(request, _text(form, "by")),
        words=(_text(form, "words") or None) if said else None,
        points=_points(form, said=said) if upholds else (),
        withdraws=withdraws,
    )


def _points(form: FormData, *, said: bool) -> tuple[Found, ...]:
    named, words = ([*map(str, form.getlist(field))] for field in ("point", "point_words"))
    pairs = zip_longest(named, words[: len(named)], fillvalue="")
    return tuple(
        Found(atom, (text.strip() or None) if said else None) for atom, text in pairs if atom
    )


def _text(form: FormData, field: str) -> str:
    value = form.get(field)
    text = value if isinstance(value, str) else ""
    text = text.replace("\r\n", "\n")  # a browser counts it as one character
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").strip()


def _number(form: FormData, field: str) -> int:
    text = _text(form, field)
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise BadInput(
            "It is not said which question is meant.", "Go back and send the form again."
        )
    return int(text)


def _made_of(form: FormData) -> str:
    """The same form sent twice is one contest."""
    said = "\0".join(_text(form, field) for field in ("question", "atom", "reason", "words"))
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:32]


def _back(interview: str, audience: Audience, number: int) -> RedirectResponse:
    return RedirectResponse(f"/interviews/{interview}/report?for={audience}#contest-{number}", 303)
