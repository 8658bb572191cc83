"""Empties the outbox of webhooks: each delivery is claimed by one process, sent, tried again.

A delivery may come twice, when a process dies between sending it and writing that down: its id
tells. It may come late, and out of order.
"""

import asyncio
import ssl
import time
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from api.hiring.tables import deliveries
from api.hiring.webhooks import Webhook, check_url, read, signature
from api.moments import DAY
from api.settings import Settings
from api.telemetry import log
from knowledge.database import Database, unix_now
from knowledge.errors import VivaError

LOOK_EVERY = 2.0
AT_ONCE = 10
TIMEOUT = 10.0
"""Seconds for one attempt, all in all."""

CLAIMED_FOR = 60.0
"""Seconds that a process has for what it claimed; then another may try."""

REST = (10.0, 60.0, 300.0, 1_800.0, 7_200.0, 21_600.0, 43_200.0, 86_400.0)
"""Seconds between an attempt and the next; after the last of them it is given up."""

KEPT_FOR = 30 * DAY
LONGEST_ERROR = 200


@dataclass(frozen=True)
class Claimed:
    """A delivery that this process sends now; `attempts` counts this one, too."""

    id: str
    workspace: str
    event: str
    body: str
    attempts: int


class Deliveries:
    """The outbox of one database, as one process empties it."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings

    async def run(self) -> None:
        """Send what is due, for as long as the process lives."""
        while True:
            try:
                while await self._is_due() and await self.send_due():
                    pass
            except Exception as error:  # whatever it was, the next look may succeed
                log.warning("webhooks lag", reason=type(error).__name__)
            await asyncio.sleep(LOOK_EVERY)

    async def _is_due(self) -> bool:
        """Asked before anything is claimed: a look costs less than a transaction that writes."""
        due = sa.select(sa.exists().where(deliveries.c.next <= unix_now()))
        async with self._database.read() as connection:
            return bool(await connection.scalar(due))

    async def send_due(self) -> int:
        """Claim and send some of what is due; how many they were."""
        claimed = await self._claim()
        await asyncio.gather(*map(self._send, claimed))
        return len(claimed)

    async def _claim(self) -> list[Claimed]:
        """Push them out of the others' sight; Postgres passes over what another holds."""
        due = (
            sa.select(deliveries.c.id)
            .where(deliveries.c.next <= unix_now())
            .order_by(deliveries.c.next)
            .limit(AT_ONCE)
            .with_for_update(skip_locked=True)
        )
        names = ("id", "workspace_id", "event", "body", "attempts")
        async with self._database.write() as connection:
            over = deliveries.c.next.is_(None)  # taken, or given up
            old = over & (deliveries.c.created < unix_now() - KEPT_FOR)
            await connection.execute(sa.delete(deliveries).where(old))
            ids = list(await connection.scalars(due))
            taken = (
                sa.update(deliveries)
                .where(deliveries.c.id.in_(ids))
                .values(next=unix_now() + CLAIMED_FOR, attempts=deliveries.c.attempts + 1)
                .returning(*(deliveries.c[name] for name in names))
            )
            return [Claimed(*row) for row in await connection.execute(taken)] if ids else []

    async def _send(self, claimed: Claimed) -> None:
        error = await self._attempt(claimed)
        new: dict[str, Any] = {"delivered": unix_now(), "next": None, "error": None}
        if error is not None:
            rest = REST[claimed.attempts - 1] if claimed.attempts <= len(REST) else None
            again = None if rest is None else unix_now() + rest
            new = {"next": again, "error": error[:LONGEST_ERROR]}
            log.info("webhook failed", delivery=claimed.id, tried=claimed.attempts, reason=error)
        mine = (deliveries.c.id == claimed.id) & (deliveries.c.attempts == claimed.attempts)
        async with self._database.write() as connection:
            await connection.execute(sa.update(deliveries).where(mine).values(**new))

    async def _attempt(self, claimed: Claimed) -> str | None:
        """Why it failed; None where it was taken. Where to, is looked up and checked each time."""
        try:
            webhook = await read(self._database, claimed.workspace)
            if webhook is None:
                return "No webhook is set any more."
            check_url(self._settings, webhook.url)
            async with asyncio.timeout(TIMEOUT):
                status = await _post(webhook, claimed)
        except VivaError as error:
            return error.message
        except TimeoutError:
            return f"No answer within {TIMEOUT:g} seconds."
        except (OSError, ssl.SSLError) as error:
            return f"Not reached: {type(error).__name__}."
        return None if 200 <= status < 300 else f"It answered {status}."


async def _post(webhook: Webhook, claimed: Claimed) -> int:
    """The status of the answer, whose body is not read; redirects are answers like any other.

    Raises:
        OSError: it cannot be reached.
    """
    import httpx2

    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Viva",
        "Viva-Event": claimed.event,
        "Viva-Delivery": claimed.id,
        "Viva-Signature": signature(webhook.secret, int(time.time()), claimed.body),
    }
    # No proxy, no .netrc: what is sent where must not hang on this process's environment.
    async with httpx2.AsyncClient(
        follow_redirects=False, trust_env=False, timeout=TIMEOUT
    ) as client:
        try:
            body = claimed.body.encode()
            async with client.stream(
                "POST", webhook.url, content=body, headers=headers
            ) as response:
                return response.status_code
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise OSError(type(error).__name__) from error
