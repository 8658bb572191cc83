"""Finds out who makes a request, from what comes along with it."""

from dataclasses import replace

from starlette.datastructures import Headers
from starlette.requests import cookie_parser

from api.hiring.invites import Invites
from api.identity.caller import NOBODY, OPERATOR, THIS_MACHINE, Caller
from api.identity.keys import Keys, Links
from api.identity.sessions import Sessions
from api.identity.tokens import same
from api.settings import Settings
from knowledge.database import Database

SESSION, INVITE, VIEW = "viva_session", "viva_invite", "viva_view"


class Gate:
    """Whom the requests of one database come from."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings = settings
        self._sessions = Sessions(database)
        self._keys = Keys(database)
        self._links = Links(database)
        self._invites = Invites(database)

    async def caller(self, headers: Headers) -> Caller | None:
        """Who it is, which may be nobody; None where a key was given that is not (any more) one."""
        kind, _, token = headers.get("authorization", "").partition(" ")
        if kind.casefold() == "bearer":
            return await self._machine(token.strip())
        cookies = cookie_parser(headers.get("cookie", ""))
        found = await self._person(cookies)
        invite = cookies.get(cookie_name(self._settings, INVITE))
        held = await self._invites.by_cookie(invite) if invite else None
        if held is None:
            return found
        if found is NOBODY:
            return Caller(
                roles=frozenset({"candidate"}),
                workspace=held.workspace_id,
                name="the candidate",
                id=f"invite:{held.id}",
                invite=held.id,
            )
        # a viewer's link may only read; the invite in the same browser may be answered
        return replace(found, roles=found.roles | {"candidate"}, invite=held.id, writes=True)

    async def _machine(self, token: str) -> Caller | None:
        secret = self._settings.secret
        if secret is not None and same(token, secret.get_secret_value()):
            return OPERATOR
        if secret is None:
            return THIS_MACHINE
        return await self._keys.caller(token)

    async def _person(self, cookies: dict[str, str]) -> Caller:
        if self._settings.secret is None:
            return THIS_MACHINE
        if token := cookies.get(cookie_name(self._settings, SESSION)):
            found = await self._sessions.by_session(token)
            if found is not None:
                return found
        if token := cookies.get(cookie_name(self._settings, VIEW)):
            return await self._links.viewer(token) or NOBODY
        return NOBODY


def cookie_name(settings: Settings, name: str) -> str:
    """Over HTTPS a browser takes `__Host-` only from this host, for all of it, and only secure."""
    return f"__Host-{name}" if is_https(settings) else name


def is_https(settings: Settings) -> bool:
    """Whether browsers reach this server over HTTPS."""
    return (settings.origin or "").startswith("https:")
