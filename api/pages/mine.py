"""The candidate's own page: before the interview what it will be, after it where it stands."""

import re
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from agent.report.argument import Contest
from api.contests import Contests
from api.hiring.invites import Invites
from api.hiring.screens import Screen
from api.hiring.shut import Shut, shut_link
from api.hiring.sittings import LONGEST_ASKED, Place, Sittings
from api.hiring.workspace_settings import read_settings
from api.identity.access import caller_of
from api.identity.gate import INVITE
from api.moments import DAY
from api.pages.cookies import keep
from api.pages.errors import Page
from api.pages.forms import text_in
from api.pages.kits import IN_CHAT, IN_GENERAL
from api.pages.notice import Invited, Notice, notice
from api.pages.rendering import render
from api.service import Service
from api.settings import language_model
from api.web.asking import service_of
from knowledge.errors import BadInput

ONE_YEAR = 365 * DAY
ASKED_FOR = {
    "time": "More time",
    "pauses": "Longer or more pauses",
    "person": "To talk to a person instead",
    "form": "Another form, such as on paper or by telephone",
    "other": "Something else",
}
"""What can be asked for without a reason; a few words may stand beside it."""

NOT_TICKED = BadInput(
    "The interview has not begun: the box below the notice is not ticked.",
    "Tick it if you agree. If you would rather not, that is fine too: see below.",
)
CHANGED = BadInput(
    "The interview has not begun: the notice has changed since you opened this page.",
    "Read it once more and tick the box if you agree.",
)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,2}")

router = APIRouter(route_class=Page, include_in_schema=False)


@router.get("/invite")
async def arrive() -> Response:
    """Its module takes the token out of the address's fragment, which no server ever sees."""
    return render("invite.html", error=None)


@router.post("/invite")
async def enter(request: Request) -> Response:
    """Swap the link's token for this browser's own cookie."""
    service = service_of(request)
    async with request.form(max_files=0, max_fields=4) as form:
        token = text_in(form, "link").rpartition("#")[2].strip()
    response = RedirectResponse("/mine", 303)
    if await Sittings(service).holds(caller_of(request).invite, token):
        return response  # opened here before
    agent = request.headers.get("user-agent", "")
    entered = await Invites(service.store.database).enter(token, agent)
    if entered is None:
        return _refused(await shut_link(service.store.database, token))
    keep(request, response, INVITE, entered[1], ONE_YEAR)
    return response


@router.get("/mine")
async def mine(request: Request) -> Response:
    """Where the candidate stands."""
    return await _page(request)


@router.post("/mine/begin")
async def begin(request: Request) -> Response:
    """Begin the interview, if the candidate agreed to the notice as it is now."""
    sittings, invite = Sittings(service_of(request)), _invite(request)
    async with request.form(max_files=0, max_fields=6) as form:
        agreed, seen = text_in(form, "consent") == "yes", text_in(form, "notice")
        attempt = text_in(form, "attempt")
    shown = await notice_of(service_of(request), (await sittings.place(invite)).screen)
    if not agreed or seen != shown.digest:
        return await _page(request, CHANGED if agreed else NOT_TICKED)
    consent = {
        "notice": shown.version,
        "text_hash": shown.digest,
        "locale": language_of(request.headers.get("accept-language", "")),
        "text": shown.text,
    }
    try:
        number = int(attempt) if re.fullmatch(r"[0-9]{1,4}", attempt) else 0
        interview = await sittings.begin(invite, number, consent)
    except BadInput as error:
        return await _page(request, error)
    return RedirectResponse(f"/interviews/{interview}", 303)


@router.post("/mine/decline")
async def decline(request: Request) -> Response:
    """Rather not; the page then leads to a person."""
    try:
        await Sittings(service_of(request)).decline(caller_of(request), _invite(request))
    except BadInput as error:
        return await _page(request, error)
    return RedirectResponse("/mine", 303)


@router.post("/mine/return")
async def take_back(request: Request) -> Response:
    """After all."""
    await Sittings(service_of(request)).take_back(caller_of(request), _invite(request))
    return RedirectResponse("/mine", 303)


@router.post("/mine/ask")
async def ask(request: Request) -> Response:
    """Ask the team for time, pauses or another way; fields: `what`, and in words `text`."""
    async with request.form(max_files=0, max_fields=4) as form:
        chose, words = text_in(form, "what"), text_in(form, "text")
    what = ASKED_FOR.get(chose)
    asked = f"{what}: {words}" if what and words else what or words
    try:
        await Sittings(service_of(request)).ask(caller_of(request), _invite(request), asked)
    except BadInput as error:
        return await _page(request, error, wrote=words, chose=chose)
    return RedirectResponse("/mine#asked", 303)


async def about(service: Service, screen: Screen) -> dict[str, Any]:
    """What `mine_about.html` and `mine_notice.html` tell of a screen, whoever looks at it."""
    outline = await service.outline_at(screen.kit, screen.kit_version, screen.level)
    chosen = {subject.casefold() for subject in screen.subjects}
    topics = [t for t in outline.topics if not chosen or t.name.casefold() in chosen]
    return {
        "screen": screen,
        "texts": screen.texts,
        "role": outline.role or outline.title,
        "topics": topics,
        "advice": outline.advice,
        "general": IN_CHAT if outline.advice else IN_GENERAL + IN_CHAT,
        "technologies": outline.technologies,
        "notice": await notice_of(service, screen),
    }


async def notice_of(service: Service, screen: Screen) -> Notice:
    """The notice to everybody invited to a screen."""
    _, kept = await read_settings(service.store.database, screen.workspace_id)
    settings, texts = service.settings, screen.texts
    days = kept.get("retention_days")
    return notice(
        screen.mode,
        "local" if screen.examiner == "local" else "model",
        model=language_model(settings),
        days=settings.expire_days,
        invited=Invited(texts.company, texts.contact, texts.notice, days),
    )


def language_of(header: str) -> str:
    """The first language that a browser asks for; empty where it names none."""
    first = header[:200].partition(",")[0].partition(";")[0].strip()
    return first if _LANGUAGE.fullmatch(first) else ""


async def _page(
    request: Request, error: BadInput | None = None, *, wrote: str = "", chose: str = ""
) -> Response:
    service = service_of(request)
    place = await Sittings(service).place(_invite(request))
    return render(
        "mine.html",
        422 if error else 200,
        place=place,
        contests=await _contests(service, place),
        error=error,
        wrote=wrote,
        chose=chose,
        asked_for=ASKED_FOR,
        longest=LONGEST_ASKED,
        minutes=place.minutes,
        **await about(service, place.screen),
    )


async def _contests(service: Service, place: Place) -> dict[str, tuple[Contest, ...]]:
    """What the candidate saw otherwise, by interview."""
    contests = Contests(service.store)
    over = [each.id for each in place.sittings if each.status == "ended"]
    return {id_: await contests.of(id_, "candidate") for id_ in over}


def _refused(shut: Shut) -> Response:
    return render("invite.html", 403, error=shut)


def _invite(request: Request) -> str:
    invite = caller_of(request).invite
    assert invite is not None  # the table of access says so
    return invite
