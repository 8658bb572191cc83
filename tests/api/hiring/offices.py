"""One furnished room for a whole module, and browsers at addresses of their own."""

import re
from collections.abc import Iterator
from itertools import count
from typing import Any

import httpx2
import sqlalchemy as sa
from room import PASSWORD, Room

from api.hiring.tables import audit
from api.identity.accounts import Accounts, TeamRole, User

_numbers: Iterator[int] = count(1)
HTML = {"accept": "text/html"}


def browser(room: Room, **cookies: str) -> httpx2.AsyncClient:
    """A browser with these cookies, at an address that has done nothing wrong yet."""
    number = next(_numbers)
    client = (f"10.1.{number // 250}.{number % 250 + 1}", 40_000)
    return httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=room.app, raise_app_exceptions=False, client=client),
        base_url="http://viva.test",
        cookies=cookies,
        headers=HTML,
    )


async def person(
    room: Room, role: TeamRole = "recruiter", workspace: str = "", password: str | None = PASSWORD
) -> User:
    """Somebody new."""
    email = f"person{next(_numbers)}@example.org"
    accounts, place = Accounts(room.database), workspace or room.ours
    id_ = await accounts.add(email, name="Pat", role=role, workspace=place, password=password)
    return await accounts.get(place, id_)


async def signed_in(room: Room, user: User, password: str = PASSWORD) -> httpx2.AsyncClient:
    """Their browser, once they have signed in."""
    client = browser(room)
    answer = await client.post("/sign-in", data={"email": user.email, "password": password})
    assert answer.status_code == 303, answer.text
    return client


async def is_in(client: httpx2.AsyncClient) -> bool:
    """Whether the browser is let in as somebody of the team."""
    return (await client.get("/api/me")).status_code == 200


def secret_in(page: httpx2.Response) -> str:
    """The secret that a page shows once; of a link what stands behind its # sign."""
    [found] = re.findall(r'id="secret" value="([^"]+)"', page.text)
    return str(found).rpartition("#")[2]


async def told_of(room: Room, about: str) -> list[tuple[str, str, dict[str, Any]]]:
    """What the audit log has about something: who, what and with what detail, oldest first."""
    query = sa.select(audit.c.actor, audit.c.action, audit.c.detail).where(audit.c.object == about)
    async with room.database.read() as connection:
        rows = await connection.execute(query.order_by(audit.c.seq))
        return [(actor, action, detail) for actor, action, detail in rows]
