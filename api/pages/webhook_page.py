"""The workspace's webhook: its address, its secret when it is new, and what was told last."""

from datetime import UTC, datetime

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api.hiring import webhooks
from api.hiring.webhooks import Delivery
from api.identity.access import caller_of
from api.pages.errors import Page
from api.pages.team import team_page
from api.web.asking import service_of, workspace_of
from knowledge.errors import BadInput

PATH = "/settings/webhook"

router = APIRouter(route_class=Page, include_in_schema=False)


@router.get(PATH)
async def webhook(request: Request) -> Response:
    """What is set, and the newest deliveries."""
    return await _page(request)


@router.post(PATH)
async def save(request: Request) -> Response:
    """Set the address (`url`), with a new secret that is shown this once; empty turns it off."""
    async with request.form(max_files=0, max_fields=4) as form:
        typed = form.get("url")
    url = typed if isinstance(typed, str) else ""
    service = service_of(request)
    try:
        secret = await webhooks.save(
            service.store.database, caller_of(request), url, service.settings
        )
    except BadInput as error:
        return await _page(request, error=error, typed=url)
    return await _page(request, secret=secret) if secret else RedirectResponse(PATH, 303)


@router.post(f"{PATH}/test")
async def try_out(request: Request) -> Response:
    """Send a test."""
    try:
        await webhooks.test(service_of(request).store.database, caller_of(request))
    except BadInput as error:
        return await _page(request, error=error)
    return RedirectResponse(f"{PATH}#told", 303)


async def _page(
    request: Request,
    *,
    secret: str | None = None,
    error: BadInput | None = None,
    typed: str | None = None,
) -> Response:
    service, workspace = service_of(request), workspace_of(request)
    found = await webhooks.read(service.store.database, workspace)
    url = found.url if found else ""
    return team_page(
        request,
        "webhook.html",
        200 if error is None else 400,
        url=url,
        typed=url if typed is None else typed,
        secret=secret,
        error=error,
        hosts=service.settings.webhook_hosts,
        events=webhooks.EVENTS,
        told=[
            (each, _state(each), _when(each.delivered or each.created))
            for each in await webhooks.newest(service.store.database, workspace)
        ],
    )


def _state(delivery: Delivery) -> str:
    if delivery.delivered is not None:
        return "Delivered"
    if delivery.given_up:
        return "Given up"
    return "Waiting" if delivery.attempts == 0 else f"Tried again {_when(delivery.next or 0)}"


def _when(at: float) -> str:
    when = datetime.fromtimestamp(at, UTC)
    return f"{when.day} {when:%b %Y, %H:%M:%S}"
