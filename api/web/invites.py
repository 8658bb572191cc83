"""Invites over HTTP, for machines: invite many at once, look, send again, revoke."""

import time
from dataclasses import asdict
from typing import Annotated, Self

from fastapi import APIRouter, Path, Query, Request, status
from pydantic import Field

from api.hiring.invite import LASTS, MOST_DAYS, Invite, NewInvite, Status
from api.hiring.invites import AT_A_TIME, MOST_AT_ONCE, Invites
from api.identity.access import caller_of
from api.pages.addresses import secret_address
from api.web import problems
from api.web.asking import service_of, workspace_of
from api.web.screens import ScreenId
from api.web.wire import NO_NUL, Answered, Body

router = APIRouter(prefix="/api", tags=["screens"])

InviteId = Annotated[
    str, Path(description="The invite's id.", max_length=16, examples=["k3m9x2p4qa"])
]
Days = Annotated[float, Field(gt=0, le=MOST_DAYS, allow_inf_nan=False)]
Name = Annotated[str, Field(max_length=200, pattern=NO_NUL)]


class InviteBody(Body):
    """Whom to invite."""

    name: Name = Field(default="", examples=["Cleo Park"])
    email: str = Field(
        default="", max_length=320, pattern=NO_NUL, examples=["cleo.park@example.org"]
    )
    reference: Name = Field(default="", description="The team's own number.")
    extra_time: float = Field(
        default=1.0, ge=1, le=4, allow_inf_nan=False, description="A factor on the minutes."
    )
    days: Days = Field(default=LASTS, description="How long the link is good.")


class InvitesBody(Body):
    """People to invite: all of them or, where one cannot be, nobody."""

    invites: list[InviteBody] = Field(min_length=1, max_length=MOST_AT_ONCE)


class AgainBody(Body):
    """How long the new link is good."""

    days: Days = LASTS


class InviteLink(Answered):
    """An invite with its link, which is told this once: only a hash of it is kept."""

    id: str = Field(examples=["k3m9x2p4qa"])
    email: str
    reference: str
    link: str = Field(
        description="The secret stands behind the `#`, so that no log and no referrer has it.",
        examples=["https://viva.example.org/invite#TOKEN"],
    )


class InviteView(Answered):
    """An invite as it stands; times are Unix seconds."""

    id: str
    screen_id: str
    name: str
    email: str
    reference: str
    extra_time: float
    status: Status
    devices: int = Field(description="Browsers in which its link was opened.")
    until: float
    created: float
    opened: float | None
    declined: float | None
    revoked: float | None

    @classmethod
    def of(cls, invite: Invite, devices: int) -> Self:
        """The view of an invite."""
        return cls(**asdict(invite), status=invite.status(time.time()), devices=devices)


class InvitePage(Answered):
    """Some of a screen's invites, newest first, and how many there are."""

    invites: list[InviteView]
    many: int


@router.post(
    "/screens/{screen}/invites",
    status_code=status.HTTP_201_CREATED,
    responses=problems.documented(400, 404, 413, 422, 503),
)
async def invite(request: Request, screen: ScreenId, body: InvitesBody) -> list[InviteLink]:
    """Invite people to an open screen, in the order given; nobody twice, all or nobody."""
    wishes = [NewInvite(**each.model_dump()) for each in body.invites]
    kept = Invites(service_of(request).store.database)
    made = await kept.make(caller_of(request), screen, wishes, once=True)
    return [
        InviteLink(
            id=id_,
            email=wish.email.strip(),
            reference=wish.reference.strip(),
            link=secret_address(request, "/invite", token),
        )
        for wish, (id_, token) in zip(wishes, made, strict=True)
    ]


@router.get("/screens/{screen}/invites", responses=problems.documented(404, 422, 503))
async def invites(
    request: Request,
    screen: ScreenId,
    words: Annotated[str, Query(max_length=200, pattern=NO_NUL)] = "",
    skip: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    most: Annotated[int, Query(ge=1, le=1_000)] = AT_A_TIME,
) -> InvitePage:
    """Invites of a screen whose name, address or reference holds these words."""
    kept = Invites(service_of(request).store.database)
    found = await kept.look(workspace_of(request), screen, words, skip=skip, most=most)
    views = [InviteView.of(each, found.devices.get(each.id, 0)) for each in found.invites]
    return InvitePage(invites=views, many=found.many)


@router.get("/invites/{invite}", responses=problems.documented(404, 422, 503))
async def one(request: Request, invite: InviteId) -> InviteView:
    """An invite."""
    return await _view(request, invite)


@router.post("/invites/{invite}/resend", responses=problems.documented(400, 404, 422, 503))
async def resend(request: Request, invite: InviteId, body: AgainBody) -> InviteLink:
    """A new link; the old one, and every browser it was opened in, are let in no more."""
    kept = Invites(service_of(request).store.database)
    token = await kept.resend(caller_of(request), invite, body.days)
    found = await kept.get(workspace_of(request), invite)
    return InviteLink(
        id=found.id,
        email=found.email,
        reference=found.reference,
        link=secret_address(request, "/invite", token),
    )


@router.post("/invites/{invite}/revoke", responses=problems.documented(404, 422, 503))
async def revoke(request: Request, invite: InviteId) -> InviteView:
    """From now on its link, and every browser it was opened in, are let in no more."""
    kept = Invites(service_of(request).store.database)
    await kept.revoke(caller_of(request), invite)
    return await _view(request, invite)


async def _view(request: Request, invite: str) -> InviteView:
    kept = Invites(service_of(request).store.database)
    found = await kept.get(workspace_of(request), invite)
    return InviteView.of(found, len(await kept.devices(invite)))
