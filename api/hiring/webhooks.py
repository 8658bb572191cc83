"""What a workspace's own systems are told, signed: written in the transaction of what it tells of.

A body holds ids and the team's own reference; never a name, an address or anything that was said.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from api.hiring import audit
from api.hiring.tables import deliveries, invites, screens, workspaces
from api.hiring.workspace_settings import change_settings, read_settings
from api.identity.caller import Caller
from api.identity.tokens import new_id, new_token
from api.settings import Settings
from api.tables import interviews
from knowledge.database import Database, unix_now
from knowledge.errors import BadInput

Event = Literal[
    "interview.ended",
    "decision.made",
    "contest.opened",
    "contest.decided",
    "candidate.declined",
    "candidate.erased",
    "test",
]
EVENTS: tuple[Event, ...] = get_args(Event)
SETTING = "webhook"
SECRET = "viva_hook_"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
LONGEST_URL = 500


@dataclass(frozen=True)
class Webhook:
    """Where a workspace is told, and what it is signed with."""

    url: str
    secret: str


@dataclass(frozen=True)
class Delivery:
    """One thing told, or to be told; times are Unix seconds."""

    id: str
    event: str
    attempts: int
    created: float
    next: float | None
    delivered: float | None
    error: str | None

    @property
    def given_up(self) -> bool:
        """Nobody tries again."""
        return self.next is None and self.delivered is None


async def read(database: Database, workspace: str) -> Webhook | None:
    """The workspace's webhook, if it has one."""
    _, settings = await read_settings(database, workspace)
    return _webhook(settings)


async def save(database: Database, caller: Caller, url: str, settings: Settings) -> str | None:
    """Set the address and a new secret, which is returned; an empty address turns it off.

    Raises:
        BadInput: nothing may be told to this address.
    """
    url = url.strip()
    if not url:
        await change_settings(database, caller, {SETTING: None})
        return None
    check_url(settings, url)
    secret = new_token(SECRET)
    await change_settings(database, caller, {SETTING: {"url": url, "secret": secret}})
    return secret


async def tell(
    connection: AsyncConnection,
    workspace: str,
    event: Event,
    *,
    interview: str | None = None,
    invite: str | None = None,
    **detail: Any,
) -> None:
    """Put it in the outbox, as part of this transaction; nothing where nobody listens.

    Only screens are told of: practice is the candidate's own. `detail` holds ids and our own
    words, for it leaves the house.
    """
    settings = sa.select(workspaces.c.settings).where(workspaces.c.id == workspace)
    if _webhook(await connection.scalar(settings) or {}) is None:
        return
    about = await _about(connection, workspace, interview, invite)
    if about is not None:
        await _put(connection, workspace, event, about | detail)


async def test(database: Database, caller: Caller) -> str:
    """Put a test in the outbox; the delivery's id.

    Raises:
        BadInput: no webhook is set.
    """
    workspace = caller.workspace or ""
    if await read(database, workspace) is None:
        raise BadInput("No webhook is set.", "Give its address first.")
    async with database.write() as connection:
        id_ = await _put(connection, workspace, "test", {})
        await audit.record(connection, caller, "tested", f"workspace:{workspace}", delivery=id_)
    return id_


async def newest(database: Database, workspace: str, most: int = 20) -> list[Delivery]:
    """What was told last, or is still to be."""
    columns = (deliveries.c[name] for name in Delivery.__dataclass_fields__)
    mine = deliveries.c.workspace_id == workspace
    query = sa.select(*columns).where(mine).order_by(deliveries.c.created.desc(), deliveries.c.id)
    async with database.read() as connection:
        return [Delivery(**row) for row in (await connection.execute(query.limit(most))).mappings()]


def check_url(settings: Settings, url: str) -> None:
    """Refuse an address that the operator has not allowed.

    Raises:
        BadInput: webhooks are off, or it is none of the hosts that are allowed.
    """
    if not settings.webhook_hosts:
        raise BadInput(
            "Webhooks are off on this server.",
            "Whoever runs it can allow hosts with VIVA_WEBHOOK_HOSTS.",
        )
    if not _is_address(url):
        raise BadInput(
            f"{url[:80]!r} is no address a webhook can have.",
            "Give one such as https://hooks.example.org/viva, without a name, password or #.",
        )
    parts = urlsplit(url)
    host = parts.hostname or ""
    plain = parts.scheme == "http" and host in LOOPBACK and not _is_public(settings)
    if parts.scheme != "https" and not plain:
        raise BadInput("A webhook goes over HTTPS.", "Give an address that begins with https://.")
    if not _allowed(settings.webhook_hosts, host, parts.port, usual=443 if not plain else 80):
        raise BadInput(
            f"Nothing may be sent to {host[:80]} at this port.",
            "Ask whoever runs this server to allow it with VIVA_WEBHOOK_HOSTS.",
        )


def signature(secret: str, at: int, body: str) -> str:
    """The header `Viva-Signature`: `t=1795300000,v1=...`, HMAC-SHA256 of `t.body`."""
    signed = hmac.new(secret.encode(), f"{at}.{body}".encode(), hashlib.sha256).hexdigest()
    return f"t={at},v1={signed}"


def _webhook(settings: dict[str, Any]) -> Webhook | None:
    found = settings.get(SETTING)
    return Webhook(found["url"], found["secret"]) if found else None


async def _about(
    connection: AsyncConnection, workspace: str, interview: str | None, invite: str | None
) -> dict[str, Any] | None:
    """The ids it is about; None where it is about no screen."""
    if interview is not None:
        columns = (interviews.c.screen_id, interviews.c.invite_id)
        mine = (interviews.c.workspace_id == workspace) & (interviews.c.id == interview)
        row = (await connection.execute(sa.select(*columns).where(mine))).one_or_none()
        screen, invite = row or (None, None)
    else:
        mine = (invites.c.workspace_id == workspace) & (invites.c.id == invite)
        screen = await connection.scalar(sa.select(invites.c.screen_id).where(mine))
    mode = await connection.scalar(sa.select(screens.c.mode).where(screens.c.id == screen))
    if mode != "screen":
        return None
    reference = await connection.scalar(
        sa.select(invites.c.reference).where(invites.c.id == invite)
    )
    told = {"screen": screen, "invite": invite, "reference": reference or None}
    return told | ({"interview": interview} if interview else {})


async def _put(
    connection: AsyncConnection, workspace: str, event: Event, about: dict[str, Any]
) -> str:
    id_ = new_id()
    now = float(await connection.scalar(sa.select(unix_now())) or 0)
    told = {"id": id_, "event": event, "at": round(now, 3), "workspace": workspace, **about}
    row = {"id": id_, "workspace_id": workspace, "event": event, "attempts": 0, "created": now}
    body = json.dumps(told, separators=(",", ":"), ensure_ascii=False)
    await connection.execute(sa.insert(deliveries).values(**row, body=body, next=now))
    return id_


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        held = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
    clean = url.isascii() and url.isprintable() and " " not in url and "\\" not in url
    return held and clean and len(url) <= LONGEST_URL and "@" not in parts.netloc and "#" not in url


def _is_public(settings: Settings) -> bool:
    """Whether anybody but this machine's own users reaches this server by its address."""
    host = urlsplit(settings.origin).hostname if settings.origin else None
    return host is not None and host not in LOOPBACK


def _allowed(hosts: str, host: str, port: int | None, usual: int) -> bool:
    """`hosts` names hosts, for HTTPS's own port, or hosts with a port."""
    named = {each.casefold() for each in hosts.replace(",", " ").split()}
    shown = f"[{host}]" if ":" in host else host
    if f"{shown}:{port or usual}" in named:
        return True
    return shown in named and (port or usual) == 443
